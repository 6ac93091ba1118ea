//! The provider under the real Terraform or OpenTofu, whichever is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::terraform::Workspace;
use crate::support::{all, compare_or_bless};

/// A definition that calls one function.
fn calling(function: &str) -> String {
    format!(
        r#"jsonencode({{
            StartAt = "Call"
            States = {{
              Call = {{
                Type       = "Task"
                Resource   = "arn:aws:states:::lambda:invoke"
                Parameters = {{ FunctionName = {function} }}
                End        = true
              }}
            }}
          }})"#
    )
}

fn data(name: &str, definition: &str, more: &str) -> String {
    format!("data \"sfniam_policy\" \"{name}\" {{\n  definition = {definition}\n  {more}\n}}\n")
}

/// A definition with one task, as HCL text.
fn task(resource: &str, parameters: &str) -> String {
    format!(
        r#"jsonencode({{ StartAt = "Call", States = {{ Call = {{ Type = "Task", Resource = "{resource}", Parameters = {{ {parameters} }}, End = true }} }} }})"#
    )
}

const FUNCTION: &str = r#""arn:aws:lambda:eu-west-1:111122223333:function:reports""#;

#[test]
fn apply_keeps_the_policy_and_a_second_plan_changes_nothing() {
    let policy = data("it", &calling(FUNCTION), "");
    let rest = "resource \"terraform_data\" \"role_policy\" {\n  input = data.sfniam_policy.it.json\n}\n\
                output \"policy\" {\n  value = data.sfniam_policy.it.json\n}\n\
                output \"actions\" {\n  value = join(\",\", flatten(data.sfniam_policy.it.statements[*].actions))\n}\n";
    let Some(workspace) = Workspace::with(&format!("{policy}{rest}")) else { return };
    workspace.run(&["validate"]).expect_success();
    workspace.run(&["apply", "-auto-approve"]).expect_success().expect(&["1 added"]);
    assert_eq!(workspace.output("actions"), "lambda:InvokeFunction");
    assert_eq!(
        workspace.output("policy"),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "lambda:InvokeFunction"
      ],
      "Resource": [
        "arn:aws:lambda:eu-west-1:111122223333:function:reports"
      ]
    }
  ]
}"#
    );
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success().expect(&["No changes"]);
    workspace.run(&["destroy", "-auto-approve"]).expect_success().expect(&["1 destroyed"]);
}

#[test]
fn a_changed_definition_shows_only_what_changed() {
    let role = "resource \"terraform_data\" \"role_policy\" {\n  input = data.sfniam_policy.it.json\n}\n";
    let two = |first: &str, second: &str| {
        let call = |function: &str, rest: &str| {
            format!(
                "{{ Type = \"Task\", Resource = \"arn:aws:states:::lambda:invoke\", Parameters = {{ FunctionName = \"arn:aws:lambda:eu-west-1:111122223333:function:{function}\" }}, {rest} }}"
            )
        };
        let definition = format!(
            "jsonencode({{ StartAt = \"A\", States = {{ A = {}, B = {} }} }})",
            call(first, "Next = \"B\""),
            call(second, "End = true")
        );
        data("it", &definition, "") + role
    };
    let Some(workspace) = Workspace::with(&two("orders", "reports")) else { return };
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    // The order of the states is not the policy's.
    workspace.rewrite(&two("reports", "orders"));
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
    workspace.rewrite(&two("orders", "returns"));
    let plan = workspace.run(&["plan"]).expect_success();
    plan.expect(&["0 to add, 1 to change"]);
    // What terraform_data gives back is unknown before apply; a role policy has no such attribute.
    let input = plan.stdout.split("~ output").next().unwrap();
    let lines: Vec<&str> = input.lines().map(str::trim).collect();
    let of_functions = lines.iter().filter(|line| line.contains(":function:")).copied();
    assert_eq!(
        of_functions.collect::<Vec<_>>(),
        [
            "\"arn:aws:lambda:eu-west-1:111122223333:function:orders\",",
            "~ \"arn:aws:lambda:eu-west-1:111122223333:function:reports\" -> \"arn:aws:lambda:eu-west-1:111122223333:function:returns\",",
        ]
    );
    assert!(!input.contains("Action"), "{input}");
}

#[test]
fn a_definition_known_only_after_apply_is_read_then() {
    let function = "resource \"terraform_data\" \"function\" {\n  input = \"arn:aws:lambda:eu-west-1:111122223333:function:reports\"\n}\n";
    let output = "output \"policy\" {\n  value = data.sfniam_policy.it.minified_json\n}\n";
    let policy = data("it", &calling("terraform_data.function.output"), "");
    let Some(workspace) = Workspace::with(&format!("{function}{policy}{output}")) else { return };
    workspace.run(&["validate"]).expect_success();
    workspace.run(&["plan"]).expect_success().expect(&["will be read during apply", "known after apply"]);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert!(workspace.output("policy").contains("function:reports"));
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
}

#[test]
fn count_and_for_each() {
    let each = data(
        "each",
        &calling("each.value"),
        "for_each = { a = \"arn:aws:lambda:eu-west-1:111122223333:function:a\", b = \"arn:aws:lambda:eu-west-1:111122223333:function:b\" }",
    );
    let pass = r#"jsonencode({ StartAt = "P", States = { P = { Type = "Pass", End = true } } })"#;
    let counted = data("counted", pass, "count = 2");
    let outputs = "output \"functions\" {\n  value = join(\" \", flatten([for one in data.sfniam_policy.each : one.statements[0].resources]))\n}\n\
                   output \"empty\" {\n  value = data.sfniam_policy.counted[1].is_empty\n}\n";
    let Some(workspace) = Workspace::with(&format!("{each}{counted}{outputs}")) else { return };
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let functions =
        "arn:aws:lambda:eu-west-1:111122223333:function:a arn:aws:lambda:eu-west-1:111122223333:function:b";
    assert_eq!(workspace.output("functions"), functions);
    assert_eq!(workspace.output("empty"), "true");
}

#[test]
fn the_provider_block_serves_all_data_sources_that_say_nothing_else() {
    let provider =
        "provider \"sfniam\" {\n  region     = \"eu-west-1\"\n  account_id = \"111122223333\"\n}\n";
    let job = task("arn:aws:states:::lambda:invoke", "FunctionName = \"report\"");
    let policies = data("here", &job, "") + &data("there", &job, "region = \"us-east-1\"");
    let outputs = "output \"here\" {\n  value = data.sfniam_policy.here.statements[0].resources[0]\n}\n\
                   output \"there\" {\n  value = data.sfniam_policy.there.statements[0].resources[0]\n}\n";
    let Some(workspace) = Workspace::with(&format!("{provider}{policies}{outputs}")) else { return };
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert_eq!(workspace.output("here"), "arn:aws:lambda:eu-west-1:111122223333:function:report");
    assert_eq!(workspace.output("there"), "arn:aws:lambda:us-east-1:111122223333:function:report");
}

#[test]
fn wrong_definitions_are_refused_by_validate() {
    let cases: &[(&str, &[&str])] = &[
        (
            r#""{\"StartAt\": \"A\", \"States\": {""#,
            &["The definition is not JSON", "line 1", "Is the file cut off?"],
        ),
        (r#""""#, &["The definition is empty"]),
        (r#"jsonencode({ StartAt = "A" })"#, &["States"]),
        (
            r#"jsonencode({ StartAt = "A", States = { A = { Type = "Task", End = true } } })"#,
            &["\"Resource\"", "State: States.A"],
        ),
        (
            r#"jsonencode({ StartAt = "A", States = { A = { Type = "Tusk", End = true } } })"#,
            &["\"Tusk\"", "State: States.A", "/States/A"],
        ),
    ];
    let Some(workspace) = Workspace::with("") else { return };
    for (definition, saying) in cases {
        workspace.rewrite(&data("it", definition, ""));
        workspace
            .run(&["validate"])
            .expect_failure(&[&["with data.sfniam_policy.it", "definition ="], *saying].concat());
    }
}

#[test]
fn a_task_that_is_not_known_is_refused_by_plan() {
    let cases: &[(&str, &[&str])] = &[
        ("arn:aws:states:::lambda:invok", &["has no API \"invok\"; it has invoke"]),
        ("arn:aws:states:::lamda:invoke", &["lamda"]),
        ("arn:aws:states:::lambda:invoke.sync", &[".sync"]),
    ];
    let Some(workspace) = Workspace::with("") else { return };
    for (resource, saying) in cases {
        workspace.rewrite(&data("it", &task(resource, ""), ""));
        workspace.run(&["plan"]).expect_failure(&[&["States.Call"], *saying].concat());
    }
}

#[test]
fn wrong_arguments_are_refused_at_their_places() {
    let cases: &[(&str, &[&str])] = &[
        ("mode = \"strict\"", &["Unknown value of \"mode\"", "\"template\", \"least_privilege\""]),
        ("region = \"Ireland\"", &["Not a region", "\"eu-west-1\""]),
        ("region = \"cn-north-1\"", &["A Resource in another partition", "\"aws-cn\""]),
        ("region = \"cn-north-1\"\npartition = \"aws\"", &["Region and partition do not fit", "\"aws-cn\""]),
        ("partition = \"azure\"", &["Unknown partition"]),
        ("account_id = 11112222333", &["Not an account ID", "twelve digits"]),
        ("state_machine_name = \"arn:aws:states:::x\"", &["Not the name of a state machine"]),
        ("type = \"FAST\"", &["Unknown value of \"type\"", "\"STANDARD\", \"EXPRESS\""]),
        ("on_unresolved = \"panic\"", &["Unknown value of \"on_unresolved\""]),
        ("size_limit = 0", &["Not a size"]),
        ("logging_configuration = { level = \"LOUD\" }", &["\"LOUD\"", "\"ALL\""]),
        (
            "resource_hint {\n parameter = \"FunctionName\"\n resources = [\"*\"]\n}",
            &["A hint that cannot be used", "\"state\"", "\"integration\""],
        ),
        ("nonsense = 1", &["Unsupported argument"]),
    ];
    let Some(workspace) = Workspace::with("") else { return };
    for (argument, saying) in cases {
        workspace.rewrite(&data("it", &calling(FUNCTION), argument));
        workspace.run(&["validate"]).expect_failure(saying);
    }
    // A key may be known only when planning.
    for (argument, saying) in [
        ("encryption_configuration = { type = \"CUSTOMER_MANAGED_KMS_KEY\" }", "No key to encrypt with"),
        ("kms_key_arns = [\"alias/orders\"]", "Not the ARN of a key"),
    ] {
        workspace.rewrite(&data("it", &calling(FUNCTION), argument));
        workspace.run(&["plan"]).expect_failure(&[saying]);
    }
    workspace.rewrite("data \"sfniam_policy\" \"it\" {}\n");
    workspace.run(&["validate"]).expect_failure(&["Missing required argument", "\"definition\" is required"]);
}

#[test]
fn a_warning_is_said_once_and_can_be_answered() {
    let dynamic = task("arn:aws:states:::lambda:invoke", "\"FunctionName.$\" = \"$.function\"");
    let Some(workspace) = Workspace::with(&data("it", &dynamic, "")) else { return };
    let plan = workspace.run(&["plan"]).expect_success();
    assert_eq!(plan.count("Warning:"), 1, "{}", plan.text);
    plan.expect(&["States.Call", "FunctionName", "$.function", "resource_hint"]);

    workspace.rewrite(&data("it", &dynamic, "on_unresolved = \"ignore\""));
    assert_eq!(workspace.run(&["plan"]).expect_success().count("Warning:"), 0);

    workspace.rewrite(&data("it", &dynamic, "on_unresolved = \"error\""));
    workspace.run(&["plan"]).expect_failure(&["FunctionName"]);

    let hint = format!(
        "resource_hint {{\n    state     = \"Call\"\n    parameter = \"FunctionName\"\n    resources = [{FUNCTION}]\n  }}"
    );
    let output = "output \"function\" {\n  value = data.sfniam_policy.it.statements[0].resources[0]\n}\n";
    workspace.rewrite(&(data("it", &dynamic, &hint) + output));
    let applied = workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert_eq!(applied.count("Warning:"), 0, "{}", applied.text);
    assert_eq!(format!("\"{}\"", workspace.output("function")), FUNCTION);
}

#[test]
fn the_host_understands_the_whole_schema() {
    let Some(workspace) = Workspace::with(&data("it", &calling(FUNCTION), "")) else { return };
    let output = workspace.command().args(["providers", "schema", "-json"]).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in ["sfniam_policy", "resource_hint", "minified_json", "\"markdown\"", "account_id"] {
        assert!(text.contains(expected), "no {expected} in {text}");
    }
}

#[test]
fn every_process_ends_when_it_is_asked_to() {
    let Some(workspace) = Workspace::with(&data("it", &calling(FUNCTION), "")) else { return };
    let log = workspace.path("log");
    let output =
        workspace.command().arg("plan").env("TF_LOG", "TRACE").env("TF_LOG_PATH", &log).output().unwrap();
    assert!(output.status.success());
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("plugin process exited"), "{log}");
    for bad in ["failed to exit gracefully", "unexpected data", "plugin exited unexpectedly"] {
        let line = log.lines().find(|line| line.contains(bad));
        assert_eq!(line, None);
    }
    #[cfg(target_os = "linux")]
    assert_eq!(workspace.processes(), Vec::<String>::new());
}

#[test]
fn without_a_mirror_by_dev_overrides() {
    let Some(workspace) = Workspace::with("") else { return };
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"));
    let folder = binary.parent().unwrap().display().to_string().replace('\\', "/");
    let settings = format!(
        "provider_installation {{\n  dev_overrides {{\n    \"sfniam/sfniam\" = \"{folder}\"\n  }}\n}}\n"
    );
    fs::write(workspace.path("terraform.rc"), settings).unwrap();
    workspace.rewrite(&data("it", &calling(FUNCTION), ""));
    workspace.run(&["plan"]).expect_success().expect(&["development overrides"]);
}

#[test]
fn the_lock_file_pins_the_provider() {
    let Some(workspace) = Workspace::with("") else { return };
    let lock = fs::read_to_string(workspace.path("work").join(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("version = \"{}\"", env!("CARGO_PKG_VERSION"))), "{lock}");
    assert!(lock.contains("\"h1:"), "{lock}");
    workspace.run(&["init", "-lockfile=readonly"]).expect_success();
    workspace.write(".terraform.lock.hcl", &lock.replace("\"h1:", "\"h1:A"));
    workspace.run(&["init", "-lockfile=readonly"]).expect_failure(&["checksum"]);
}

/// The folders of `examples/` that are whole configurations.
fn scenarios() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("main.tf").is_file());
    folders.sort();
    folders
}

#[test]
fn every_scenario_plans_and_gives_the_policies_that_stand_beside_it() {
    let scenarios = scenarios();
    assert!(!scenarios.is_empty());
    all(scenarios.iter().flat_map(|folder| {
        let Some(workspace) = Workspace::of_example(folder) else { return Vec::new() };
        workspace.run(&["validate"]).expect_success();
        let plan = workspace.run(&["plan", "-out=plan"]).expect_success();
        assert_eq!(plan.count("Warning:"), 0, "{}: {}", folder.display(), plan.text);
        let shown = workspace.command().args(["show", "-json", "plan"]).output().unwrap();
        let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
        let outputs = shown["planned_values"]["outputs"].as_object().unwrap().clone();
        assert!(outputs.contains_key("policy"), "{}", folder.display());
        let compare = |(name, output): (String, serde_json::Value)| {
            let text = output["value"].as_str().expect("a document").to_owned() + "\n";
            compare_or_bless(&folder.join(format!("{name}.json")), &text)
        };
        outputs.into_iter().map(compare).collect()
    }));
}

#[test]
fn the_aws_halves_of_the_scenarios_use_the_policy_before_the_state_machine() {
    for folder in scenarios() {
        let text = fs::read_to_string(folder.join("aws.tf")).unwrap();
        for part in [
            "= data.sfniam_policy.this.json",
            "definition = local.definition",
            "depends_on = [aws_iam_role_policy.this]",
        ] {
            assert!(text.contains(part), "{}: no {part}", folder.display());
        }
    }
}

#[test]
fn the_smaller_examples_are_valid() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let Some(workspace) = Workspace::of_example(&examples.join("provider")) else { return };
    workspace.run(&["validate"]).expect_success();
    let folder = examples.join("data-sources/sfniam_policy");
    let text = fs::read_to_string(folder.join("data-source.tf")).unwrap();
    let (policy, _) = text.split_once("\nresource \"aws_").unwrap();
    workspace.write("data-source.tf", policy);
    workspace.write("nightly.asl.json", &fs::read_to_string(folder.join("nightly.asl.json")).unwrap());
    let plan = workspace.run(&["plan"]).expect_success();
    assert_eq!(plan.count("Warning:"), 0, "{}", plan.text);

    let function = fs::read_to_string(examples.join("functions/policy/function.tf")).unwrap();
    workspace.write("function.tf", &function);
    workspace.run(&["plan"]).expect_success().expect(&["+ policy = jsonencode(", "\"sns:Publish\""]);
}

#[test]
fn examples_are_formatted() {
    let Some(workspace) = Workspace::with("") else { return };
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    workspace.run(&["fmt", "-check", "-recursive", examples.to_str().unwrap()]).expect_success();
}
