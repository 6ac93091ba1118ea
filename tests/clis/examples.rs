//! Every folder of `examples/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::Cli;
use crate::support::{all, compare_or_bless};
use crate::workspace::Workspace;

/// The folders of `examples/` that are whole configurations.
fn scenarios() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("main.tf").is_file());
    folders.sort();
    folders
}

pub(crate) fn every_scenario_plans_and_gives_the_policies_that_stand_beside_it(cli: &Cli) {
    let scenarios = scenarios();
    assert!(!scenarios.is_empty());
    all(scenarios.iter().flat_map(|folder| {
        let workspace = Workspace::of_example(cli, folder);
        workspace.run(&["validate"]).expect_success();
        let (done, plan) = workspace.plan();
        assert_eq!(done.count("Warning:"), 0, "{}: {}", folder.display(), done.text);
        let outputs = plan["planned_values"]["outputs"].as_object().unwrap().clone();
        assert!(outputs.contains_key("policy"), "{}", folder.display());
        let compare = |(name, output): (String, serde_json::Value)| {
            let text = output["value"].as_str().expect("a document").to_owned() + "\n";
            compare_or_bless(&folder.join(format!("{name}.json")), &text)
        };
        outputs.into_iter().map(compare).collect::<Vec<_>>()
    }));
}

pub(crate) fn the_smaller_examples_are_valid(cli: &Cli) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let workspace = Workspace::of_example(cli, &examples.join("provider"));
    workspace.run(&["validate"]).expect_success();
    let folder = examples.join("data-sources/sfniam_policy");
    let text = fs::read_to_string(folder.join("data-source.tf")).unwrap();
    let (policy, _) = text.split_once("\nresource \"aws_").unwrap();
    workspace.write("data-source.tf", policy);
    workspace.write("nightly.asl.json", &fs::read_to_string(folder.join("nightly.asl.json")).unwrap());
    let plan = workspace.run(&["plan"]).expect_success();
    assert_eq!(plan.count("Warning:"), 0, "{}", plan.text);
}

pub(crate) fn the_function_gives_the_document(cli: &Cli) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let workspace = Workspace::of_example(cli, &examples.join("provider"));
    let definition =
        fs::read_to_string(examples.join("data-sources/sfniam_policy/nightly.asl.json")).unwrap();
    workspace.write("nightly.asl.json", &definition);
    let function = fs::read_to_string(examples.join("functions/policy/function.tf")).unwrap();
    workspace.write("function.tf", &function);
    workspace.run(&["plan"]).expect_success().expect(&["+ policy = jsonencode(", "\"sns:Publish\""]);
}

pub(crate) fn the_comparison_of_the_example_is_true(cli: &Cli) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let workspace = Workspace::of_example(cli, &examples.join("provider"));
    for file in ["function.tf", "orders.asl.json", "orders.policy.json"] {
        let text = fs::read_to_string(examples.join("functions/compare").join(file)).unwrap();
        workspace.write(file, &text);
    }
    workspace.run(&["plan"]).expect_success().expect(&[
        "\"sns:Publish on arn:aws:sns:eu-west-1:111122223333:orders\"",
        "\"dynamodb:*\" = [",
        "\"dynamodb:PutItem\"",
    ]);
}

pub(crate) fn the_examples_are_formatted(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    workspace.run(&["fmt", "-check", "-recursive", examples.to_str().unwrap()]).expect_success();
}
