//! Plans as JSON, a rule in Rego, and linters.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::{block, page, publishing};
use crate::cli::{Cli, Tool};
use crate::workspace::Workspace;

/// A plan in which one data source is read and another is deferred.
fn plan_of_both(cli: &Cli) -> (Workspace, Json) {
    let data = |name: &str, topic: &str| {
        format!(
            "data \"sfniam_policy\" \"{name}\" {{\n  definition = replace(file(\"${{path.module}}/any.asl.json\"), \"$.topic\", {topic})\n  \
             mode = \"least_privilege\"\n  region = \"eu-west-1\"\n  account_id = \"111122223333\"\n  state_machine_name = \"orders\"\n}}\n"
        )
    };
    let configuration = [
        "resource \"terraform_data\" \"late\" {\n  input = \"$.late\"\n}\n",
        &data("now", "\"$.topic\""),
        &data("late", "terraform_data.late.output"),
    ];
    let workspace = Workspace::with(cli, "");
    workspace.write("any.asl.json", &publishing(r#""TopicArn.$": "$.topic""#));
    workspace.rewrite(&configuration.concat());
    let (_, plan) = workspace.plan();
    (workspace, plan)
}

pub(crate) fn plans_have_the_values_where_the_guide_says(cli: &Cli) {
    let (_, plan) = plan_of_both(cli);
    let prior = plan["prior_state"]["values"]["root_module"]["resources"].as_array().unwrap();
    let [read] = &prior[..] else { panic!("{prior:?}") };
    assert_eq!(
        (&read["mode"], &read["type"], &read["name"]),
        (&"data".into(), &"sfniam_policy".into(), &"now".into())
    );
    assert!(read["values"]["json"].is_string() && read["values"]["findings"].is_array(), "{read}");
    let changes = plan["resource_changes"].as_array().unwrap();
    let data: Vec<&Json> = changes.iter().filter(|change| change["type"] == "sfniam_policy").collect();
    let [deferred] = &data[..] else { panic!("{data:?}") };
    assert_eq!(deferred["change"]["actions"], serde_json::json!(["read"]));
    assert_eq!(deferred["action_reason"], "read_because_config_unknown");
    assert_eq!(deferred["change"]["after_unknown"]["json"], true);
    let planned = plan["planned_values"]["root_module"]["resources"].as_array().unwrap();
    let names = planned.iter().filter(|one| one["type"] == "sfniam_policy").map(|one| &one["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["late"]);
}

pub(crate) fn the_rule_in_rego_denies(cli: &Cli, opa: &Tool) {
    let (workspace, plan) = plan_of_both(cli);
    workspace.write("plan.json", &plan.to_string());
    workspace.write("sfniam.rego", &block(&page("policy-as-code.md"), "rego", "package sfniam"));
    let messages = |query: &str| -> Json {
        let output = workspace
            .other(&opa.program)
            .args(["eval", "--format", "raw", "--data", "sfniam.rego", "--input", "plan.json", query])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let denied = messages("data.sfniam.deny");
    let denied: Vec<&str> = denied.as_array().unwrap().iter().filter_map(Json::as_str).collect();
    assert_eq!(denied.len(), 2, "{denied:?}");
    assert!(denied.contains(&"data.sfniam_policy.late is known only after apply"), "{denied:?}");
    assert!(
        denied.iter().any(|message| message.starts_with("data.sfniam_policy.now: Task \"Notify\" takes"))
    );
    let defined = "data.sfniam.deny[_]";
    let fails = workspace
        .other(&opa.program)
        .args(["eval", "--fail-defined", "--data", "sfniam.rego", "--input", "plan.json", defined])
        .status()
        .unwrap();
    assert_eq!(fails.code(), Some(1));
}

pub(crate) fn checkov_reports_what_the_guide_says(cli: &Cli, checkov: &Tool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integrations");
    let policy = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let workspace = Workspace::with(cli, "");
    let resource = |name: &str, policy: String| {
        let values = serde_json::json!({ "name": name, "policy": policy, "role": "r" });
        let common = serde_json::json!({
            "address": format!("aws_iam_role_policy.{name}"), "mode": "managed", "type": "aws_iam_role_policy",
            "name": name, "provider_name": "registry.terraform.io/hashicorp/aws",
        });
        let with = |member: &str, value: Json| {
            let mut whole = common.clone();
            whole[member] = value;
            whole
        };
        let change = serde_json::json!({ "actions": ["create"], "before": null, "after": values.clone(), "after_unknown": {} });
        (with("values", values), with("change", change))
    };
    let (planned, changes): (Vec<Json>, Vec<Json>) = [
        resource("phone", policy("sns/publish.phone.least_privilege.json")),
        resource("topic", policy("sns/publish.least_privilege.json")),
        resource("job", policy("batch/submitJob.sync.least_privilege.json")),
        resource("http", policy("http/invoke.least_privilege.json")),
    ]
    .into_iter()
    .unzip();
    let plan = serde_json::json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "planned_values": { "root_module": { "resources": planned } }, "configuration": { "root_module": {} },
    });
    workspace.write("plan.json", &serde_json::to_string_pretty(&plan).unwrap());
    let output = workspace
        .other(&checkov.program)
        .args(["--framework", "terraform_plan", "--file", "plan.json", "--skip-download", "--output", "json"])
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let failed = report["results"]["failed_checks"].as_array().unwrap();
    let mut failed: Vec<(&str, &str)> = failed
        .iter()
        .map(|check| (check["check_id"].as_str().unwrap(), check["resource"].as_str().unwrap()))
        .collect();
    failed.sort_unstable();
    let phone = "aws_iam_role_policy.phone";
    assert_eq!(failed, [("CKV_AWS_290", phone), ("CKV_AWS_355", phone)]);
    let guide = page("policy-as-code.md");
    assert!(failed.iter().all(|(id, _)| guide.contains(id)));
}
