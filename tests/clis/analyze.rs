//! The function `analyze`: plans in which values are not known yet.

use serde_json::Value as Json;

use crate::cli::Cli;
use crate::workspace::Workspace;

/// Three tasks, two of which name resources of the same apply.
const DEFINITION: &str = r#"{"StartAt": "Invoke", "States": {
    "Invoke": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Tell",
      "Parameters": {"FunctionName": "${function}"}},
    "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Keep",
      "Parameters": {"TopicArn": "${topic}", "Message": "x"}},
    "Keep": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true,
      "Parameters": {"TableName": "orders", "Item": {}}}}}"#;

/// Resources whose outputs are known only after apply, and uses of the function's result.
fn configuration(function: &str) -> String {
    let made = |name: &str, value: &str| {
        format!("resource \"terraform_data\" \"{name}\" {{\n  input = \"{value}\"\n}}\n")
    };
    [
        made("function", &format!("arn:aws:lambda:eu-west-1:111122223333:function:{function}")),
        made("topic", "arn:aws:sns:eu-west-1:111122223333:readers"),
        r#"
locals {
  values = { function = terraform_data.function.output, topic = terraform_data.topic.output, unused = "x" }
  policy = provider::sfniam::analyze(file("${path.module}/machine.asl.json"), {
    definition_substitutions = local.values
    mode                     = "least_privilege"
    region                   = "eu-west-1"
    account_id               = "111122223333"
  })
}
resource "terraform_data" "part" {
  for_each = local.policy.documents_by_service
  input    = each.value
}
resource "terraform_data" "whole" {
  count = local.policy.is_empty ? 0 : 1
  input = local.policy.json
}
resource "terraform_data" "state" {
  for_each = local.policy.permissions
  input    = each.value
}
output "permissions" {
  value = local.policy.permissions
}
output "documents" {
  value = local.policy.documents
}
"#
        .to_owned(),
    ]
    .concat()
}

/// The change of a resource in a plan.
fn change<'p>(plan: &'p Json, address: &str) -> &'p Json {
    let changes = plan["resource_changes"].as_array().expect("changes");
    let found = changes.iter().find(|change| change["address"] == address);
    &found.unwrap_or_else(|| panic!("no {address} in {plan}"))["change"]
}

pub(crate) fn the_first_plan_shows_what_the_role_may_do(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    workspace.write("machine.asl.json", DEFINITION);
    workspace.rewrite(&configuration("charge"));
    workspace.run(&["validate"]).expect_success();
    let (_, plan) = workspace.plan();
    let permissions = &plan["output_changes"]["permissions"]["after"];
    for (state, action) in
        [("Invoke", "lambda:InvokeFunction"), ("Tell", "sns:Publish"), ("Keep", "dynamodb:PutItem")]
    {
        let asks = &permissions[format!("/States/{state}")][0];
        assert_eq!(asks["actions"], serde_json::json!([action]), "{permissions}");
    }
    let keep = &permissions["/States/Keep"][0]["resources"];
    assert_eq!(*keep, serde_json::json!(["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]));
    let unknown = &plan["output_changes"]["permissions"]["after_unknown"]["/States/Invoke"][0]["resources"];
    assert_eq!(*unknown, true);
    // One document for each service, of which the table's is known; `is_empty` is known too, because the
    // policy is not empty.
    let document = &change(&plan, "terraform_data.part[\"dynamodb\"]")["after"]["input"];
    assert!(document.as_str().is_some_and(|text| text.contains("table/orders")), "{document}");
    for address in
        ["terraform_data.part[\"lambda\"]", "terraform_data.part[\"sns\"]", "terraform_data.whole[0]"]
    {
        assert_eq!(change(&plan, address)["after_unknown"]["input"], true, "{address}");
    }

    // An ARN that is not known may be of any length, so it is not known how the policy is packed.
    assert_eq!(plan["output_changes"]["documents"]["after_unknown"], true);

    workspace.run(&["apply", "-auto-approve"]).expect_success();
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();

    // With another function, everything that does not name it has no diff.
    workspace.rewrite(&configuration("refund"));
    let (_, plan) = workspace.plan();
    for (address, actions) in [
        ("terraform_data.part[\"lambda\"]", "update"),
        ("terraform_data.part[\"sns\"]", "no-op"),
        ("terraform_data.part[\"dynamodb\"]", "no-op"),
        ("terraform_data.state[\"/States/Invoke\"]", "update"),
        ("terraform_data.state[\"/States/Tell\"]", "no-op"),
        ("terraform_data.state[\"/States/Keep\"]", "no-op"),
    ] {
        assert_eq!(change(&plan, address)["actions"], serde_json::json!([actions]), "{address}");
    }
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
}

pub(crate) fn an_error_comes_at_validate_whether_values_are_known_or_not(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    workspace.write("machine.asl.json", &DEFINITION.replace("sns:publish", "sns:publsh"));
    workspace.rewrite(&configuration("charge"));
    workspace.run(&["validate"]).expect_failure(&["Unknown service integration", "publish"]);
    for call in [
        "output \"policy\" {\n  value = provider::sfniam::policy(file(\"${path.module}/machine.asl.json\"), \
         { definition_substitutions = { function = terraform_data.late.output, topic = \"t\" } })\n}\n",
        "data \"sfniam_policy\" \"this\" {\n  definition = file(\"${path.module}/machine.asl.json\")\n  \
         definition_substitutions = { function = terraform_data.late.output, topic = \"t\" }\n}\n",
    ] {
        workspace.rewrite(&format!("resource \"terraform_data\" \"late\" {{\n  input = 1\n}}\n{call}"));
        workspace.run(&["validate"]).expect_failure(&["Unknown service integration", "publish"]);
    }
}

/// A definition that sends a message to a queue.
fn sending(queue: &str, body: &str) -> String {
    let parameters = serde_json::json!({
        "QueueUrl": format!("https://sqs.eu-west-1.amazonaws.com/111122223333/{queue}"),
        "MessageBody": body,
    });
    let resource = "arn:aws:states:::sqs:sendMessage";
    let state =
        serde_json::json!({ "Type": "Task", "Resource": resource, "Parameters": parameters, "End": true });
    serde_json::json!({ "StartAt": "Send", "States": { "Send": state } }).to_string()
}

/// Values of tokens: empty, text that looks like a part of something else, and text in the name of a queue.
const VALUES: [&str; 6] = ["plain", "", "A-b", "x_y", "0", "a--b"];

pub(crate) fn tokens_give_the_text_that_templatefile_gives(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    workspace.write("machine.asl.json", &sending("a-${one}-${two}-${one}", "${two}"));
    let mut outputs = String::new();
    for (number, one) in VALUES.iter().enumerate() {
        let two = VALUES[(number + 1) % VALUES.len()];
        let values = format!("{{ one = {one:?}, two = {two:?} }}");
        outputs.push_str(&format!(
            "output \"same{number}\" {{\n  value = tostring(provider::sfniam::analyze(file(\"${{path.module}}/machine.asl.json\"), \
             {{ definition_substitutions = {values} }}).json == provider::sfniam::policy(templatefile(\"${{path.module}}/machine.asl.json\", {values})))\n}}\n"
        ));
    }
    workspace.rewrite(&outputs);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    for (number, value) in VALUES.iter().enumerate() {
        assert_eq!(workspace.output(&format!("same{number}")), "true", "{value}");
    }
    for construct in [
        "${upper(one)}",
        "${jsonencode(one)}",
        "${ one }",
        "${~ one ~}",
        "$${one}",
        "%{ if true }a%{ endif }",
        "%{~ if true ~}a%{~ endif ~}",
        "%%{one}",
    ] {
        workspace.write("machine.asl.json", &sending("q", construct));
        workspace.rewrite(
            "output \"policy\" {\n  value = provider::sfniam::analyze(file(\"${path.module}/machine.asl.json\"), { definition_substitutions = {} }).json\n}\n",
        );
        let named = construct.split('}').next().unwrap_or_default().to_owned() + "}";
        workspace.run(&["plan"]).expect_failure(&[&named, "templatefile"]);
    }
}

/// Options with a value that is not known.
const LATE_OPTIONS: [(&str, &str); 12] = [
    ("account_id", "VALUE"),
    ("activity_kms_keys", "{ a = VALUE }"),
    ("allow_unknown_apis", "[VALUE]"),
    ("include_redrive", "VALUE == \"x\""),
    ("kms_key_arns", "[VALUE]"),
    ("mode", "VALUE"),
    ("partition", "VALUE"),
    ("region", "VALUE"),
    ("resource_hint", "[{ state = \"Invoke\", parameter = \"FunctionName\", resources = [VALUE] }]"),
    ("size_limit", "VALUE == \"x\" ? 1000 : 2000"),
    ("state_machine_name", "VALUE"),
    ("type", "VALUE"),
];

/// What an option cannot change is known although the option is not.
pub(crate) fn options_that_are_not_known_leave_the_actions_known(cli: &Cli) {
    let late = "resource \"terraform_data\" \"late\" {\n  input = \"x\"\n}\n";
    let mut configuration = late.to_owned();
    for (option, value) in LATE_OPTIONS {
        let value = value.replace("VALUE", "terraform_data.late.output");
        configuration.push_str(&format!(
            "output {option:?} {{\n  value = provider::sfniam::analyze(file(\"${{path.module}}/machine.asl.json\"), \
             {{ definition_substitutions = {{ function = \"f\", topic = \"arn:aws:sns:eu-west-1:111122223333:t\" }}, {option} = {value} }}).permissions\n}}\n"
        ));
    }
    let workspace = Workspace::with(cli, "");
    // The hint is for what is known only at run time.
    let at_run_time = ("\"FunctionName\": \"${function}\"", "\"FunctionName.$\": \"$.function\"");
    workspace.write("machine.asl.json", &DEFINITION.replace(at_run_time.0, at_run_time.1));
    workspace.rewrite(&configuration);
    let (_, plan) = workspace.plan();
    for (option, _) in LATE_OPTIONS {
        let asks = &plan["output_changes"][option]["after"]["/States/Tell"][0];
        assert_eq!(asks["actions"], serde_json::json!(["sns:Publish"]), "{option}: {plan}");
    }
}

/// An error in the definition comes at `validate` whatever is not known; there every variable is unknown.
pub(crate) fn an_error_comes_at_validate_whatever_option_is_not_known(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    workspace.write("machine.asl.json", &DEFINITION.replace("sns:publish", "sns:publsh"));
    let late = "variable \"late\" {\n  type = string\n}\n";
    let file = "file(\"${path.module}/machine.asl.json\")";
    for (option, value) in LATE_OPTIONS.into_iter().chain([("input", "VALUE")]) {
        let argument = format!("{option} = {}", value.replace("VALUE", "var.late"));
        let tokens = "definition_substitutions = { function = var.late, topic = var.late }";
        let call = format!(
            "output \"it\" {{\n  value = provider::sfniam::analyze({file}, {{ {tokens}, {argument} }})\n}}\n"
        );
        let mut both = vec![call];
        if option != "resource_hint" {
            both.push(format!(
                "data \"sfniam_policy\" \"it\" {{\n  definition = {file}\n  {tokens}\n  {argument}\n}}\n"
            ));
        }
        for configuration in both {
            workspace.rewrite(&format!("{late}{configuration}"));
            workspace.run(&["validate"]).expect_failure(&["Unknown service integration", "publish"]);
        }
    }
}

/// A sensitive value marks the whole result, which `for_each` rejects; a map of unmarked values does not.
pub(crate) fn sensitive_values_are_unmarked_one_by_one(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    workspace.write("machine.asl.json", DEFINITION);
    let of = |values: &str| {
        format!(
            r#"
locals {{
  all    = {{ function = sensitive("charge"), topic = "arn:aws:sns:eu-west-1:111122223333:readers" }}
  values = {values}
  policy = provider::sfniam::analyze(file("${{path.module}}/machine.asl.json"), {{
    definition_substitutions = local.values
    mode                     = "least_privilege"
    region                   = "eu-west-1"
    account_id               = "111122223333"
  }})
}}
resource "terraform_data" "part" {{
  for_each = local.policy.documents_by_service
  input    = each.value
}}
output "documents" {{
  value = length(local.policy.documents)
}}
"#
        )
    };
    workspace.rewrite(&of("local.all"));
    workspace.run(&["plan"]).expect_failure(&["ensitive", "for_each"]);
    workspace.rewrite(&of("{ for name, value in local.all : name => nonsensitive(value) }"));
    let (_, plan) = workspace.plan();
    let function = &change(&plan, "terraform_data.part[\"lambda\"]")["after"]["input"];
    assert!(function.as_str().is_some_and(|text| text.contains("function:charge")), "{function}");
    assert_eq!(plan["output_changes"]["documents"]["after"], 1);
}
