//! What a data source does in plan and apply.

use crate::cli::Cli;
use crate::configuration::{FUNCTION, calling, data, task};
use crate::workspace::Workspace;

pub(crate) fn apply_keeps_the_policy_and_a_second_plan_changes_nothing(cli: &Cli) {
    let policy = data("it", &calling(FUNCTION), "");
    let rest = "resource \"terraform_data\" \"role_policy\" {\n  input = data.sfniam_policy.it.json\n}\n\
                output \"policy\" {\n  value = data.sfniam_policy.it.json\n}\n\
                output \"actions\" {\n  value = join(\",\", flatten(jsondecode(data.sfniam_policy.it.json).Statement[*].Action))\n}\n";
    let workspace = Workspace::with(cli, &format!("{policy}{rest}"));
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

pub(crate) fn a_changed_definition_shows_only_what_changed(cli: &Cli) {
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
    let workspace = Workspace::with(cli, &two("orders", "reports"));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    // The order of the states is not the policy's.
    workspace.rewrite(&two("reports", "orders"));
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
    workspace.rewrite(&two("orders", "returns"));
    let (_, plan) = workspace.plan();
    let changes = plan["resource_changes"].as_array().unwrap();
    let change =
        &changes.iter().find(|one| one["address"] == "terraform_data.role_policy").unwrap()["change"];
    assert_eq!(change["actions"], serde_json::json!(["update"]));
    let document = |side: &str| change[side]["input"].as_str().unwrap().to_owned();
    let (before, after) = (document("before"), document("after"));
    assert_eq!(before.lines().count(), after.lines().count());
    let pairs = before.lines().zip(after.lines()).filter(|(one, other)| one != other);
    assert_eq!(
        pairs.map(|(one, other)| (one.trim(), other.trim())).collect::<Vec<_>>(),
        [(
            "\"arn:aws:lambda:eu-west-1:111122223333:function:reports\"",
            "\"arn:aws:lambda:eu-west-1:111122223333:function:returns\"",
        )]
    );
}

pub(crate) fn a_definition_known_only_after_apply_is_read_then(cli: &Cli) {
    let function = "resource \"terraform_data\" \"function\" {\n  input = \"arn:aws:lambda:eu-west-1:111122223333:function:reports\"\n}\n";
    let output = "output \"policy\" {\n  value = data.sfniam_policy.it.json\n}\n";
    let policy = data("it", &calling("terraform_data.function.output"), "");
    let workspace = Workspace::with(cli, &format!("{function}{policy}{output}"));
    workspace.run(&["validate"]).expect_success();
    workspace.run(&["plan"]).expect_success().expect(&["will be read during apply", "known after apply"]);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert!(workspace.output("policy").contains("function:reports"));
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
}

pub(crate) fn the_explanation_is_there_on_demand(cli: &Cli) {
    let output = |value: &str| format!("output \"it\" {{\n  value = {value}\n}}\n");
    let nothing =
        output("data.sfniam_policy.it.explanation == null && data.sfniam_policy.it.statements == null");
    let workspace = Workspace::with(cli, &(data("it", &calling(FUNCTION), "") + &nothing));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert_eq!(workspace.output("it"), "true");
    let row = output("data.sfniam_policy.it.explanation[0].integration");
    workspace.rewrite(&(data("it", &calling(FUNCTION), "include_explanation = true") + &row));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert_eq!(workspace.output("it"), "lambda:invoke");
}

pub(crate) fn count_and_for_each(cli: &Cli) {
    let each = data(
        "each",
        &calling("each.value"),
        "for_each = { a = \"arn:aws:lambda:eu-west-1:111122223333:function:a\", b = \"arn:aws:lambda:eu-west-1:111122223333:function:b\" }",
    );
    let pass = r#"jsonencode({ StartAt = "P", States = { P = { Type = "Pass", End = true } } })"#;
    let counted = data("counted", pass, "count = 2");
    let outputs = "output \"functions\" {\n  value = join(\" \", flatten([for one in data.sfniam_policy.each : jsondecode(one.json).Statement[0].Resource]))\n}\n\
                   output \"empty\" {\n  value = data.sfniam_policy.counted[1].is_empty\n}\n";
    let workspace = Workspace::with(cli, &format!("{each}{counted}{outputs}"));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let functions =
        "arn:aws:lambda:eu-west-1:111122223333:function:a arn:aws:lambda:eu-west-1:111122223333:function:b";
    assert_eq!(workspace.output("functions"), functions);
    assert_eq!(workspace.output("empty"), "true");
}

pub(crate) fn the_provider_block_serves_all_data_sources_that_say_nothing_else(cli: &Cli) {
    let provider =
        "provider \"sfniam\" {\n  region     = \"eu-west-1\"\n  account_id = \"111122223333\"\n}\n";
    let job = task("arn:aws:states:::lambda:invoke", "FunctionName = \"report\"");
    let policies = data("here", &job, "") + &data("there", &job, "region = \"us-east-1\"");
    let outputs = "output \"here\" {\n  value = jsondecode(data.sfniam_policy.here.json).Statement[0].Resource[0]\n}\n\
                   output \"there\" {\n  value = jsondecode(data.sfniam_policy.there.json).Statement[0].Resource[0]\n}\n";
    let workspace = Workspace::with(cli, &format!("{provider}{policies}{outputs}"));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert_eq!(workspace.output("here"), "arn:aws:lambda:eu-west-1:111122223333:function:report");
    assert_eq!(workspace.output("there"), "arn:aws:lambda:us-east-1:111122223333:function:report");
}

pub(crate) fn a_warning_is_said_once_and_can_be_answered(cli: &Cli) {
    const TOPIC: &str = "\"arn:aws:sns:eu-west-1:111122223333:orders\"";

    let dynamic = task("arn:aws:states:::sns:publish", "\"TopicArn.$\" = \"$.topic\", Message = \"m\"");
    let place = "region             = \"eu-west-1\"\n  account_id         = \"111122223333\"\n  state_machine_name = \"m\"";
    let it = |more: &str| data("it", &dynamic, &format!("{place}\n  {more}"));
    let workspace = Workspace::with(cli, &it(""));
    let plan = workspace.run(&["plan"]).expect_success();
    assert_eq!(plan.count("Warning:"), 1, "{}", plan.text);
    plan.expect(&["States.Call", "TopicArn", "$.topic", "resource_hint"]);

    workspace.rewrite(&it("on_unresolved = \"ignore\""));
    assert_eq!(workspace.run(&["plan"]).expect_success().count("Warning:"), 0);

    workspace.rewrite(&it("on_unresolved = \"error\""));
    workspace.run(&["plan"]).expect_failure(&["TopicArn"]);

    let hint = format!(
        "resource_hint {{\n    state     = \"Call\"\n    parameter = \"TopicArn\"\n    resources = [{TOPIC}]\n  }}"
    );
    let output =
        "output \"topic\" {\n  value = jsondecode(data.sfniam_policy.it.json).Statement[0].Resource[0]\n}\n";
    workspace.rewrite(&(it(&hint) + output));
    let applied = workspace.run(&["apply", "-auto-approve"]).expect_success();
    assert_eq!(applied.count("Warning:"), 0, "{}", applied.text);
    assert_eq!(format!("\"{}\"", workspace.output("topic")), TOPIC);
}

/// Hosts show one warning for each distinct summary, so the summary says the finding and the state machine.
pub(crate) fn every_data_source_shows_its_own_warning(cli: &Cli) {
    let place = "region     = \"eu-west-1\"\n  account_id = \"111122223333\"";
    let mut configuration = String::new();
    let different: Vec<String> = (0..38).map(|number| format!("Parameter{number}")).collect();
    for (number, state) in different.iter().enumerate() {
        let definition = format!(
            r#"jsonencode({{ StartAt = "{state}", States = {{ {state} = {{ Type = "Task", Resource = "arn:aws:states:::lambda:invoke", Parameters = {{ "FunctionName.$" = "$.f" }}, End = true }} }} }})"#
        );
        configuration += &data(&format!("different_{number}"), &definition, place);
    }
    let same = task("arn:aws:states:::sns:publish", "\"TopicArn.$\" = \"$.topic\", Message = \"m\"");
    for number in 0..20 {
        let more = format!("{place}\n  state_machine_name = \"machine-{number:02}\"");
        configuration += &data(&format!("same_{number}"), &same, &more);
    }
    let workspace = Workspace::with(cli, &configuration);
    let plan = workspace.run(&["plan"]).expect_success();
    for state in &different {
        assert_eq!(plan.count(&format!("(state \"{state}\")")), 1, "{state}: {}", plan.text);
    }
    for number in 0..20 {
        assert_eq!(plan.count(&format!("machine-{number:02}: ")), 1, "{number}: {}", plan.text);
    }
}
