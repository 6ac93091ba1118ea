//! The function `policy`.

use crate::cli::Cli;
use crate::configuration::calling;
use crate::workspace::Workspace;

/// A configuration whose only output, `policy`, is what the function gives for a definition and these further
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

pub(crate) fn an_error_of_the_function_names_the_argument(cli: &Cli) {
    let cases: &[(&str, &[&str])] = &[
        (", { region = \"x\" }", &["\"options\"", "Not a region"]),
        (
            ", { regoin = \"x\" }",
            &["\"options\"", "There is no argument \"regoin\". Did you mean \"region\"?"],
        ),
        (", { size_limit = 10 }", &["\"options\"", "The policy is too large"]),
        (", { mode = \"least_privilege\" }", &["\"options\"", "No \"account_id\""]),
        (
            ", { region = \"eu-west-1\" }, { account_id = \"111122223333\" }",
            &["only one object of options", "merge"],
        ),
    ];
    let workspace = Workspace::with(cli, "");
    for (options, saying) in cases {
        workspace.rewrite(&function(options));
        workspace.run(&["plan"]).expect_failure(saying);
    }
    workspace.rewrite("output \"policy\" {\n  value = provider::sfniam::policy(\"{\", {})\n}\n");
    workspace.run(&["plan"]).expect_failure(&["\"definition\"", "The definition is not JSON"]);
}
