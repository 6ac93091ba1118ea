//! Every folder of `examples/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::{Cli, Feature, Tool};
use crate::support::{all, compare_or_bless};
use crate::workspace::Workspace;

/// Replacements for resources in `aws.tf` to which `main.tf` refers.
const STAND_INS: &[(&str, &str)] = &[(
    "first-plan",
    "locals {\n  values = { orders = \"orders\", readers = \"arn:aws:sns:eu-west-1:111122223333:readers\" }\n}\n",
)];

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
    let mut scenarios = scenarios();
    assert!(!scenarios.is_empty());
    if !cli.can(Feature::Functions) {
        scenarios
            .retain(|folder| !fs::read_to_string(folder.join("main.tf")).unwrap().contains("provider::"));
    }
    all(scenarios.iter().flat_map(|folder| {
        let workspace = Workspace::of_example(cli, folder);
        if let Some((_, text)) = STAND_INS.iter().find(|(name, _)| folder.ends_with(name)) {
            workspace.write("stand_in.tf", text);
        }
        workspace.run(&["validate"]).expect_success();
        let (done, plan) = workspace.plan();
        assert_eq!(done.count("Warning:"), 0, "{}: {}", folder.display(), done.text);
        let outputs = plan["planned_values"]["outputs"].as_object().unwrap().clone();
        assert!(outputs.contains_key("policy"), "{}", folder.display());
        let compare = |(name, output): (String, serde_json::Value)| {
            let value = &output["value"];
            let document = value.as_str().map(str::to_owned);
            let text = document.unwrap_or_else(|| serde_json::to_string_pretty(value).unwrap()) + "\n";
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
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // That of the provider is there already.
    for name in names.filter(|name| name != "versions.tf") {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        // The AWS provider would need the network.
        let own = text.split_once("\nresource \"aws_").map_or(text.as_str(), |(own, _)| own);
        workspace.write(&name, own);
    }
    let nightly = fs::read_to_string(folder.join("nightly.asl.json")).unwrap();
    workspace.write("machines/nightly.asl.json", &nightly);
    let (plan, shown) = workspace.plan();
    assert_eq!(plan.count("Warning:"), 0, "{}", plan.text);
    let read = shown["prior_state"]["values"]["root_module"]["resources"].as_array().unwrap();
    assert!(read.len() > 6, "{read:?}");
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

pub(crate) fn the_examples_pass_the_linter(cli: &Cli, tflint: &Tool) {
    let workspace = Workspace::with(cli, "");
    workspace
        .write(".tflint.hcl", "plugin \"terraform\" {\n  enabled = true\n  preset  = \"recommended\"\n}\n");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let config = workspace.path("work/.tflint.hcl");
    let lint = |folder: &Path| {
        let mut command = Command::new(&tflint.program);
        command.arg("--recursive").arg("--config").arg(&config).arg("--format=compact");
        command.current_dir(folder).output().unwrap()
    };
    let output = lint(&examples);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    // It looks into each folder.
    workspace.write("main.tf", "terraform {\n  required_version = \">= 1.5\"\n}\n");
    assert!(lint(&workspace.path("work")).status.success());
    workspace.write("inner/main.tf", "provider \"aws\" {}\nvariable \"unused\" {}\n");
    assert!(!lint(&workspace.path("work")).status.success(), "it complains of nothing");
}
