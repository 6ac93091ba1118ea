//! Mistakes of users: which command rejects them, and with which message.

use crate::cli::Cli;
use crate::configuration::{FUNCTION, calling, data, task};
use crate::workspace::Workspace;

pub(crate) fn wrong_definitions_are_refused_by_validate(cli: &Cli) {
    let cases: &[(&str, &[&str])] = &[
        (
            r#""{\"StartAt\": \"A\", \"States\": {""#,
            &["The definition is not JSON", "line 1", "Is the file truncated?"],
        ),
        (r#""""#, &["The definition is empty"]),
        (r#"jsonencode({ StartAt = "A" })"#, &["States"]),
        (r#""orders.asl.json""#, &["looks like the name of a file", "file(\"orders.asl.json\")"]),
        (r#""StartAt: A\nStates:\n  A: {Type: Succeed}\n""#, &["The definition is YAML", "yamldecode"]),
        (r#""// first\n{\"StartAt\": \"A\"}""#, &["The definition has a comment", "line 1"]),
        (
            r#"jsonencode({ definition = { StartAt = "A", States = { A = { Type = "Succeed" } } } })"#,
            &["The definition is in a member", ".definition"],
        ),
        (
            r#"jsonencode({ Resources = { T = { Type = "AWS::SNS::Topic" } } })"#,
            &["a template of AWS CloudFormation"],
        ),
        (r#"jsonencode({ startAt = "A", states = { A = { Type = "Succeed" } } })"#, &["there is \"states\""]),
        (
            r#"jsonencode({ StartAt = "A", States = { A = { Type = "Pass", Next = "B" } } })"#,
            &["There is no state \"B\""],
        ),
        (
            r#"jsonencode({ StartAt = "A", States = { A = { Type = "Task", End = true } } })"#,
            &["\"Resource\"", "State: States.A"],
        ),
        (
            r#"jsonencode({ StartAt = "A", States = { A = { Type = "Tusk", End = true } } })"#,
            &["\"Tusk\"", "State: States.A", "/States/A"],
        ),
    ];
    let workspace = Workspace::with(cli, "");
    for (definition, saying) in cases {
        workspace.rewrite(&data("it", definition, ""));
        workspace
            .run(&["validate"])
            .expect_failure(&[&["with data.sfniam_policy.it", "definition ="], *saying].concat());
    }
}

pub(crate) fn a_task_that_is_not_known_is_refused_by_plan(cli: &Cli) {
    let cases: &[(&str, &[&str])] = &[
        ("arn:aws:states:::lambda:invok", &["has no API \"invok\"; it has invoke"]),
        ("arn:aws:states:::lamda:invoke", &["lamda"]),
        ("arn:aws:states:::lambda:invoke.sync", &[".sync"]),
    ];
    let workspace = Workspace::with(cli, "");
    for (resource, saying) in cases {
        workspace.rewrite(&data("it", &task(resource, ""), ""));
        workspace.run(&["plan"]).expect_failure(&[&["States.Call"], *saying].concat());
    }
}

pub(crate) fn wrong_arguments_are_refused_at_their_places(cli: &Cli) {
    let cases: &[(&str, &[&str])] = &[
        ("mode = \"strict\"", &["Unknown value of \"mode\"", "\"template\", \"least_privilege\""]),
        ("region = \"Ireland\"", &["Not a region", "\"eu-west-1\""]),
        ("region = \"eu-wset-1\"", &["Not a region", "Did you mean \"eu-west-1\"?"]),
        ("account_id = \"1111-2222-3333\"", &["Not an account ID", "\"111122223333\""]),
        ("input = \"orders\"", &["The input is not JSON", "input = \"orders\""]),
        ("document_size_limit = 0", &["Not a size", "\"document_size_limit\""]),
        ("region = \"cn-north-1\"", &["An ARN in another partition", "\"aws-cn\""]),
        (
            "region = \"cn-north-1\"\npartition = \"aws\"",
            &["Region and partition do not match", "\"aws-cn\""],
        ),
        ("partition = \"azure\"", &["Unknown partition"]),
        ("account_id = 11112222333", &["Not an account ID", "twelve digits"]),
        ("state_machine_name = \"arn:aws:states:::x\"", &["Not the name of a state machine"]),
        ("type = \"FAST\"", &["Unknown value of \"type\"", "\"STANDARD\", \"EXPRESS\""]),
        ("on_unresolved = \"panic\"", &["Unknown value of \"on_unresolved\""]),
        ("size_limit = 0", &["Not a size"]),
        ("logging_configuration = { level = \"LOUD\" }", &["\"LOUD\"", "\"ALL\""]),
        (
            "resource_hint {\n parameter = \"FunctionName\"\n resources = [\"*\"]\n}",
            &["Invalid hint", "\"state\"", "\"integration\""],
        ),
        ("nonsense = 1", &["Unsupported argument"]),
        ("tracing_configuration = { enable = true }", &["\"enabled\" is required"]),
        (
            "tracing_configuration = { enabled = null }",
            // With the line of the argument.
            &["\"enabled\" is null", ": tracing_configuration = { enabled = null }"],
        ),
        ("logging_configuration = { log_level = \"ALL\" }", &["\"level\" is required"]),
        ("encryption_configuration = { kms_key_id = \"k\" }", &["\"type\" is required"]),
        ("size = 50", &["A read-only attribute is set", "size = 50", "Did you mean \"size_limit\"?"]),
        ("size = var.unknown", &["A read-only attribute is set", "size = var.unknown"]),
        ("kms_key_arns = [null]", &["A null element", "compact"]),
        ("activity_kms_keys = { a = null }", &["A null element", "\"a\""]),
        (
            "encryption_configuration = { type = \"AWS_OWNED_KEY\", kms_key_id = var.unknown }",
            &["Unused key"],
        ),
        (
            "resource_hint {\n state = \"Call\"\n parameter = \"FunctionName\"\n resources = [null]\n}",
            &["A null element", "\"resources\""],
        ),
    ];
    let workspace = Workspace::with(cli, "");
    for (argument, saying) in cases {
        // During validation, no variable has a value.
        let unknown = "variable \"unknown\" {\n  default = 1\n}\n";
        workspace.rewrite(&(data("it", &calling(FUNCTION), argument) + unknown));
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

/// Hosts check the provider block before the data sources, so `validate` knows what it makes of findings.
pub(crate) fn what_the_provider_block_makes_of_findings_counts_at_validate(cli: &Cli) {
    let reference =
        data("it", &task("arn:aws:states:::sns:publish", "TopicArn = { Ref = \"T\" }, Message = \"m\""), "");
    let any_topic =
        data("it", &task("arn:aws:states:::sns:publish", "\"TopicArn.$\" = \"$.t\", Message = \"m\""), "");
    let block = |levels: &str| format!("provider \"sfniam\" {{\n  on_finding = {levels}\n}}\n");
    let level = |code: &str, level: &str| block(&format!("{{ \"{code}\" = \"{level}\" }}"));
    let workspace = Workspace::with(cli, "");
    let validate = |configuration: String| {
        workspace.rewrite(&configuration);
        workspace.run(&["validate"])
    };
    validate(reference.clone()).expect_failure(&["CloudFormation", "\"Ref\""]);
    validate(level("cloudformation-function", "warn") + &reference).expect_success();
    validate(level("open-part", "warn") + &reference).expect_failure(&["CloudFormation"]);
    validate(any_topic.clone()).expect_success();
    // That is no error of the definition, and stops the plan.
    validate(level("unresolved-resource", "error") + &any_topic).expect_success();
    workspace.run(&["plan"]).expect_failure(&["TopicArn", "$.t"]);
    // What is not known may lower it.
    let late = "variable \"levels\" {\n  default = {}\n}\n";
    validate(format!("{late}{}{reference}", block("var.levels"))).expect_success();
    workspace.run(&["plan"]).expect_failure(&["CloudFormation"]);
    validate(
        late.to_owned()
            + &reference.replace(
                "data \"sfniam_policy\" \"it\" {",
                "data \"sfniam_policy\" \"it\" {\n  on_finding = var.levels",
            ),
    )
    .expect_success();
}
