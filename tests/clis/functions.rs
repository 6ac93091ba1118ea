//! The functions `policy` and `compare`.

use std::fs;
use std::path::Path;

use crate::cli::Cli;
use crate::configuration::calling;
use crate::workspace::Workspace;

/// A configuration whose only output, `policy`, is the function's result for a definition and these further
/// arguments.
fn function(more: &str) -> String {
    let variables = "variable \"options\" {\n  type    = object({ region = string })\n  default = null\n}\n";
    let definition = calling("\"f\"");
    format!("{variables}output \"policy\" {{\n  value = provider::sfniam::policy({definition}{more})\n}}\n")
}

pub(crate) fn the_function_takes_its_options_as_they_come(cli: &Cli) {
    let cases: &[(&str, &str)] = &[
        ("", "arn:aws:lambda:*:*:function:f"),
        (", {}", "arn:aws:lambda:*:*:function:f"),
        // A typed null reaches the provider, in OpenTofu without its type.
        (", var.options", "arn:aws:lambda:*:*:function:f"),
        (", { region = null, resource_hint = [] }", "arn:aws:lambda:*:*:function:f"),
        (
            ", { region = \"eu-west-1\", account_id = 111122223333, size_limit = \"5000\", include_redrive = \"true\" }",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
        ),
        (
            ", { mode = \"least_privilege\", region = \"eu-west-1\", account_id = \"111122223333\" }",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
        ),
    ];
    let workspace = Workspace::with(cli, "");
    for (options, resource) in cases {
        workspace.rewrite(&function(options));
        workspace.run(&["apply", "-auto-approve"]).expect_success();
        let policy = workspace.output("policy");
        assert!(policy.contains(&format!("\"{resource}\"")), "{options}: {policy}");
    }
}

/// Options that are known late, in part, or sensitive: what depends on them is known late too, and marked as
/// sensitive.
pub(crate) fn options_may_be_late_or_sensitive(cli: &Cli) {
    let late = "resource \"terraform_data\" \"account\" {\n  input = \"111122223333\"\n}\n";
    let workspace = Workspace::with(cli, late);
    workspace.rewrite(&format!(
        "{late}{}",
        function(", { region = \"eu-west-1\", account_id = terraform_data.account.output }")
    ));
    workspace.run(&["plan"]).expect_success().expect(&["(known after apply)"]);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let resource = "\"arn:aws:lambda:eu-west-1:111122223333:function:f\"";
    let policy = workspace.output("policy");
    assert!(policy.contains(resource), "{policy}");
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success().expect(&["No changes"]);

    // A sensitive member marks the whole result: an output must be sensitive too, or remove the mark.
    let options = ", { region = \"eu-west-1\", account_id = sensitive(\"111122223333\") }";
    let marked = function(options);
    workspace.rewrite(&marked);
    workspace.run(&["plan"]).expect_failure(&["ensitive"]);
    workspace.rewrite(
        &marked
            .replace("provider::sfniam::policy(", "nonsensitive(provider::sfniam::policy(")
            .replace(&format!("{options})"), &format!("{options}))")),
    );
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let policy = workspace.output("policy");
    assert!(policy.contains(resource), "{policy}");
}

pub(crate) fn an_error_of_the_function_names_the_argument(cli: &Cli) {
    let cases: &[(&str, &[&str])] = &[
        (", { region = \"x\" }", &["\"options\"", "Not a region"]),
        (
            ", { regoin = \"x\" }",
            &["\"options\"", "There is no argument \"regoin\". Did you mean \"region\"?"],
        ),
        (", { size_limit = 10 }", &["\"options\"", "The policy is too large"]),
        (", { mode = \"least_privilege\" }", &["\"options\"", "Missing \"account_id\""]),
        (", { region = \"eu-west-1\" }, { account_id = \"111122223333\" }", &["takes at most one", "merge"]),
    ];
    let workspace = Workspace::with(cli, "");
    for (options, saying) in cases {
        workspace.rewrite(&function(options));
        workspace.run(&["plan"]).expect_failure(saying);
    }
    workspace.rewrite("output \"policy\" {\n  value = provider::sfniam::policy(\"{\", {})\n}\n");
    workspace.run(&["plan"]).expect_failure(&["\"definition\"", "The definition is not JSON"]);
}

/// A configuration whose output `result` is the result of `compare` for these arguments.
fn compare(arguments: &str) -> String {
    format!("output \"result\" {{\n  value = jsonencode(provider::sfniam::compare({arguments}))\n}}\n")
}

const PUBLISH: &str = r#"jsonencode({ StartAt = "Tell", States = { Tell = { Type = "Task", Resource = "arn:aws:states:::sns:publish", Parameters = { TopicArn = "arn:aws:sns:eu-west-1:111122223333:orders", Message = "m" }, End = true } } })"#;

/// A policy that allows one action on the topic.
fn policy(action: &str) -> String {
    format!(
        r#"jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "arn:aws:sns:eu-west-1:111122223333:orders" }}] }})"#
    )
}

const PLACE: &str = r#"{ region = "eu-west-1", account_id = 111122223333 }"#;

pub(crate) fn a_comparison_tells_what_differs(cli: &Cli) {
    let machines = format!("[{{ definition = {PUBLISH} }}]");
    let workspace = Workspace::with(cli, "");
    for (arguments, told) in [
        (format!("{machines}, [{}], {PLACE}", policy("sns:Publish")), ["\"missing\":[]", "\"excess\":[]"]),
        (
            format!("{machines}, [{}], {PLACE}", policy("sns:*")),
            ["\"missing\":[]", "\"reason\":\"unused-action\""],
        ),
        (format!("{machines}, [], {PLACE}"), ["\"states\":[\"/States/Tell\"]", "\"excess\":[]"]),
        // Objects of different types, and no options.
        (
            format!(
                "[{{ definition = {PUBLISH} }}, {{ definition = {PUBLISH}, region = \"eu-west-1\" }}], []"
            ),
            ["\"machine\":0", "\"machine\":1"],
        ),
        (
            format!(
                "{machines}, [{}], {{ region = null, permissions_boundary = {} }}",
                policy("sns:Publish"),
                policy("sns:Subscribe")
            ),
            ["\"reason\":\"boundary\"", "\"excess\":[]"],
        ),
    ] {
        workspace.rewrite(&compare(&arguments));
        workspace.run(&["apply", "-auto-approve"]).expect_success();
        let result = workspace.output("result");
        assert!(told.iter().all(|text| result.contains(text)), "{arguments}: {result}");
    }
}

pub(crate) fn a_comparison_of_unknown_values_waits_for_them(cli: &Cli) {
    let stack =
        format!("resource \"terraform_data\" \"policy\" {{\n  input = {}\n}}\n", policy("sns:Subscribe"));
    for arguments in [
        format!("[{{ definition = {PUBLISH} }}], [terraform_data.policy.output], {PLACE}"),
        format!(
            "[{{ definition = {PUBLISH}, input = terraform_data.policy.output }}], [{}], {PLACE}",
            policy("sns:Subscribe")
        ),
    ] {
        let workspace = Workspace::with(cli, &format!("{stack}{}", compare(&arguments)));
        workspace.run(&["plan"]).expect_success().expect(&["(known after apply)"]);
        workspace.run(&["apply", "-auto-approve"]).expect_success();
        let result = workspace.output("result");
        assert!(result.contains("\"not-allowed\"") && result.contains("\"unused-action\""), "{result}");
        workspace.run(&["plan", "-detailed-exitcode"]).expect_success().expect(&["No changes"]);
    }
}

pub(crate) fn an_error_of_a_comparison_names_the_argument(cli: &Cli) {
    let machines = format!("[{{ definition = {PUBLISH} }}]");
    let cases: &[(String, &[&str])] = &[
        (format!("{PUBLISH}, []"), &["\"machines\"", "list of objects"]),
        (
            "[{ region = \"eu-west-1\" }], []".to_owned(),
            &["\"machines\"", "machines[0] has no \"definition\""],
        ),
        (
            "[{ definition = \"{\" }], []".to_owned(),
            &["\"machines\"", "machines[0]: The definition is not JSON"],
        ),
        (format!("{machines}, [\"{{\"]"), &["\"policies\"", "policies[0]", "it is not JSON"]),
        (format!("{machines}, [null]"), &["\"policies\"", "null"]),
        (format!("{machines}, {PUBLISH}"), &["\"policies\"", "list of string"]),
        (format!("{machines}, [], {{ region = \"x\" }}"), &["\"options\"", "Not a region"]),
        (
            format!("{machines}, [], {{ permissions_boundary = \"x\" }}"),
            &["\"options\"", "\"permissions_boundary\""],
        ),
    ];
    let workspace = Workspace::with(cli, "");
    for (arguments, saying) in cases {
        workspace.rewrite(&compare(arguments));
        workspace.run(&["plan"]).expect_failure(saying);
    }
}

/// The guide to existing roles is true: the rows, the output of its check, and what its postcondition stops.
pub(crate) fn the_guide_to_existing_roles_is_true(cli: &Cli) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("docs/guides/existing-roles.md")).unwrap();
    let blocks = |language: &str| -> Vec<String> {
        let beginning = format!("```{language}\n");
        let texts = guide.split(&beginning).skip(1);
        texts.map(|text| text.split_once("```").unwrap().0.to_owned()).collect()
    };
    let [definition, policy] = blocks("json").try_into().unwrap();
    let [comparison, check, postcondition, _] = blocks("terraform").try_into().unwrap();
    let workspace = Workspace::with(cli, "");
    workspace.write("orders.asl.json", &definition);
    workspace.write("orders.policy.json", &policy);

    let rows = r#"output "rows" {
      value = [for list in ["missing", "excess", "undecided"] : [
        for row in local.comparison[list] : "${join(",", row.actions)} ${row.reason} ${join(",", row.states)} ${jsonencode(row.enough)}"
      ]]
    }
    output "text" {
      value = jsonencode(local.comparison)
    }
    "#;
    workspace.rewrite(&format!("{comparison}{check}{rows}"));
    workspace.run(&["apply", "-auto-approve"]).expect_success().expect(&[
        "Warning: Check block assertion failed",
        "sns:Publish on arn:aws:sns:eu-west-1:111122223333:orders is missing (/States/Tell)",
        "statement 0: dynamodb:* is more than needed; enough: [{\"actions\":[\"dynamodb:PutItem\"]",
    ]);
    let text: serde_json::Value = serde_json::from_str(&workspace.output("text")).unwrap();
    for row in guide.lines().filter(|line| {
        line.starts_with("| `missing`") || line.starts_with("| `excess`") || line.starts_with("| `undecided`")
    }) {
        let mut words = row.split('`').skip(1).step_by(2);
        let (list, actions) = (words.next().unwrap(), words.next().unwrap());
        let told = text[list].as_array().unwrap();
        assert_eq!(told.len(), 1, "{list}: {told:?}");
        assert_eq!(told[0]["actions"], serde_json::json!([actions]));
        assert!(words.any(|word| told[0]["reason"] == word), "{row}: {told:?}");
    }

    // Without the AWS provider, another resource has the postcondition.
    let elsewhere = postcondition
        .replace("\"aws_iam_role_policy\"", "\"terraform_data\"")
        .replace("  role   = aws_iam_role.orders.id\n  policy = local.policy\n", "  input = local.policy\n");
    assert!(
        elsewhere.contains("terraform_data") && elsewhere.contains("input = local.policy"),
        "{elsewhere}"
    );
    workspace.rewrite(&format!("{comparison}{elsewhere}"));
    let errors =
        ["Resource postcondition failed", "The role's policy lacks: [{\"actions\":[\"sns:Publish\"]"];
    workspace.run(&["apply", "-auto-approve"]).expect_failure(&errors);
}
