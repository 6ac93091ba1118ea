//! `check` of plans that are known only in part: settings, the policies of a role, and which role it is.

use serde_json::{Value, json};

use crate::check_policies::{Made, TOPIC, allow, policy, told};
use crate::support::command::{KNOWN, check, findings, folder, said};
use crate::support::tests_folder;

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-1111-1111-111111111111";

const BOUNDARY: &str = "arn:aws:iam::111122223333:policy/b";

/// The policy with what the state needs, and more.
fn with(statements: &[Value]) -> Made {
    let mut made = Made::new();
    let all: Vec<Value> = [allow("sns:Publish", TOPIC)].iter().chain(statements).cloned().collect();
    made.role_policy(&all.into());
    made
}

/// The codes of what is found where a resource changes, by the type of the resource.
fn codes(made: &Made, changes: &Value) -> Vec<String> {
    let (found, _) = made.findings(|plan| plan["resource_changes"] = changes.clone());
    let mut codes: Vec<String> = told(&found, "code").into_iter().map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// The state machine with a block, and what the plan marks in it.
fn block(made: &mut Made, name: &str, value: Value, unknown: Value, sensitive: Value) -> Value {
    made.resources[1]["values"][name] = value;
    made.configuration[1]["expressions"][name] = json!([{}]);
    json!([{"address": "aws_sfn_state_machine.m", "change": {"after_unknown": {name: unknown}, "after_sensitive": {name: sensitive}}}])
}

fn delivery() -> Value {
    json!({"Effect": "Allow", "Resource": "*", "Action": [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery"]})
}

fn tracing() -> Value {
    json!({"Effect": "Allow", "Resource": "*", "Action": [
        "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]})
}

const NOTHING: [&str; 0] = [];

/// In a first plan, the log group is known only after the apply; the level is known.
#[test]
fn the_level_decides_where_the_log_group_is_not_known() {
    const NAME: &str = "logging_configuration";
    let marks = json!([{"log_destination": true}]);
    for (unknown, sensitive) in [(&marks, &json!([{}])), (&json!([{}]), &marks)] {
        for (level, has, wanted) in [
            ("ALL", true, &NOTHING[..]),
            ("ALL", false, &["missing-permission"]),
            ("OFF", true, &["excess-permission"]),
            ("OFF", false, &[]),
        ] {
            let mut made = if has { with(&[delivery()]) } else { with(&[]) };
            let value =
                json!([{"level": level, "include_execution_data": true, "log_destination": "arn:secret"}]);
            let changes = block(&mut made, NAME, value, unknown.clone(), sensitive.clone());
            assert_eq!(codes(&made, &changes), wanted, "{level} {has} {unknown}");
            let (_, text) = made.findings(|plan| plan["resource_changes"] = changes.clone());
            assert!(!text.contains("arn:secret"), "{text}");
        }
    }
}

/// Where it is not known whether the state machine has logs, traces or a key, their actions are neither
/// missing nor in excess; others are.
#[test]
fn blocks_that_are_not_known_decide_nothing() {
    let keys = json!({"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": KEY});
    for (name, statement, value, unknown) in [
        ("logging_configuration", delivery(), Value::Null, json!(true)),
        ("logging_configuration", delivery(), json!([{}]), json!([{"level": true}])),
        ("tracing_configuration", tracing(), Value::Null, json!(true)),
        ("tracing_configuration", tracing(), json!([{}]), json!([{"enabled": true}])),
        ("encryption_configuration", keys.clone(), Value::Null, json!(true)),
        ("encryption_configuration", keys.clone(), json!([{}]), json!([{"type": true, "kms_key_id": true}])),
        (
            "encryption_configuration",
            keys,
            json!([{"type": "CUSTOMER_MANAGED_KMS_KEY"}]),
            json!([{"kms_key_id": true}]),
        ),
    ] {
        let mut made = with(&[statement.clone(), allow("sqs:SendMessage", "*")]);
        let changes = block(&mut made, name, value.clone(), unknown.clone(), json!([{}]));
        let (found, text) = made.findings(|plan| plan["resource_changes"] = changes.clone());
        let removed: Vec<&Value> = found
            .iter()
            .filter(|one| one["code"] == "excess-permission" && one["severity"] == "warning")
            .collect();
        assert_eq!(removed.len(), 1, "{name} {unknown}: {text}");
        assert_eq!(removed[0]["actions"], json!(["sqs:SendMessage"]));
        assert!(!text.contains("missing-permission"), "{text}");
        if name != "encryption_configuration" {
            assert!(!text.contains("undecided-permission"), "{text}");
            let mut made = with(&[]);
            let changes = block(&mut made, name, value, unknown, json!([{}]));
            assert_eq!(codes(&made, &changes), ["undecided-permission"], "{name}");
            let (_, text) = made.findings(|plan| plan["resource_changes"] = changes.clone());
            assert!(
                text.contains(&format!("it depends on {name}, which the plan does not contain")),
                "{text}"
            );
        }
    }
    // What is not configured is what AWS sets by itself.
    let made = with(&[tracing()]);
    let changes = json!([{"address": "aws_sfn_state_machine.m", "change": {"after_unknown": {"tracing_configuration": true}}}]);
    assert_eq!(codes(&made, &changes), ["excess-permission"]);
    // A state machine with a key that is not known needs some key.
    let mut made = with(&[]);
    let value = json!([{"type": "CUSTOMER_MANAGED_KMS_KEY"}]);
    let changes =
        block(&mut made, "encryption_configuration", value, json!([{"kms_key_id": true}]), json!([{}]));
    assert_eq!(codes(&made, &changes), ["missing-permission"]);
}

/// Recorded with the AWS provider: the role has what the blocks need, and no more.
#[test]
fn a_recorded_plan_has_the_settings_of_the_state_machine() {
    let plan = tests_folder().join("plans/encrypted-logs.terraform.second.json");
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(plan).expect("a plan")).expect("JSON");
    let excess = |block: &str| {
        let mut plan = plan.clone();
        let resources = plan["planned_values"]["root_module"]["resources"].as_array_mut().expect("resources");
        let machine = resources.iter_mut().find(|one| one["type"] == "aws_sfn_state_machine").expect("it");
        machine["values"].as_object_mut().expect("values").remove(block);
        let folder = folder(&[("plan.json", &plan.to_string())]);
        let (found, _) = findings(folder.path(), &["plan.json"]);
        assert!(!told(&found, "code").contains(&"missing-permission"), "{block}: {found:?}");
        let excess = found.into_iter().filter(|one| one["code"] == "excess-permission");
        excess.map(|one| one["actions"].to_string()).collect::<String>()
    };
    assert_eq!(excess(""), "");
    for (block, action) in [
        ("logging_configuration", "logs:CreateLogDelivery"),
        ("tracing_configuration", "xray:PutTraceSegments"),
        ("encryption_configuration", "kms:Decrypt"),
    ] {
        let excess = excess(block);
        assert!(excess.contains(action), "{block}: {excess}");
    }
}

#[test]
fn inline_policies_that_are_not_known_are_undecided() {
    for (value, unknown) in [(json!([{"name": "i"}]), json!([{"policy": true}])), (Value::Null, json!(true))]
    {
        let mut made = Made::new();
        made.resources[0]["values"]["inline_policy"] = value;
        made.configuration[0]["expressions"] =
            json!({"inline_policy": [{"policy": {"references": ["local.x"]}}]});
        let changes =
            json!([{"address": "aws_iam_role.r", "change": {"after_unknown": {"inline_policy": unknown}}}]);
        assert_eq!(codes(&made, &changes), ["undecided-permission"]);
    }
}

/// The configuration in a plan has no `dynamic` blocks: values, and what is unknown in them, are all that
/// there is.
#[test]
fn blocks_that_the_configuration_does_not_show_count() {
    let right = policy(&json!([allow("sns:Publish", TOPIC)]));
    let unknown = |marks: Value| json!([{"address": "aws_iam_role.r", "change": {"after_unknown": {"inline_policy": marks}}}]);
    for (value, marks, expected) in [
        (json!([{"name": "i", "policy": right}]), json!([{}]), &[][..]),
        (
            json!([{"name": "i", "policy": policy(&json!([allow("sqs:SendMessage", "*")]))}]),
            json!([{}]),
            &["missing-permission", "excess-permission"],
        ),
        (json!([{"name": "i"}]), json!([{"policy": true}]), &["undecided-permission"]),
        // A role that is not there yet and has no other policy.
        (Value::Null, json!(true), &["undecided-permission"]),
        (json!([]), json!(null), &["missing-permission"]),
    ] {
        let mut made = Made::new();
        made.resources[0]["values"]["inline_policy"] = value;
        let mut found = codes(&made, &unknown(marks));
        found.sort_by_key(|code| *code != "missing-permission");
        assert_eq!(found, expected, "{:?}", made.resources[0]);
    }
    // A role that has a policy of its own resource cannot have such blocks.
    let mut made = Made::new();
    made.role_policy(&json!([allow("sqs:SendMessage", "*")]));
    assert!(codes(&made, &unknown(json!(true))).contains(&"missing-permission".to_owned()));
    // What AWS had of that resource before the plan counts no more.
    made.resources[0]["values"]["inline_policy"] = json!([{"name": "own", "policy": right}]);
    made.resources[2]["values"]["name"] = "own".into();
    assert!(codes(&made, &json!([])).contains(&"missing-permission".to_owned()));
    made.resources[2]["values"]["name"] = "new".into();
    assert!(!codes(&made, &json!([])).contains(&"missing-permission".to_owned()));
    let before = json!([{"address": "aws_iam_role_policy.p", "type": "aws_iam_role_policy", "change": {"before": {"name": "own"}}}]);
    assert!(codes(&made, &before).contains(&"missing-permission".to_owned()));
}

#[test]
fn managed_policies_are_found_by_references() {
    let own = json!({"references": ["aws_iam_policy.x.arn", "aws_iam_policy.x"]});
    for (action, value, unknown, wanted) in [
        ("sns:Publish", json!([null]), json!([true]), &NOTHING[..]),
        ("sns:Publish", Value::Null, json!(true), &[]),
        ("sns:Subscribe", json!([null]), json!([true]), &["excess-permission", "missing-permission"]),
        // Constants beside the reference are not in the plan.
        ("sns:Subscribe", Value::Null, json!(true), &["excess-permission", "undecided-permission"]),
        (
            "sns:Subscribe",
            json!([null, null]),
            json!([true, true]),
            &["excess-permission", "undecided-permission"],
        ),
    ] {
        for of_role in [true, false] {
            let mut made = Made::new();
            made.add(
                "aws_iam_policy",
                "x",
                json!({"policy": policy(&json!([allow(action, TOPIC)]))}),
                json!({}),
            );
            let (address, argument) = if of_role {
                made.resources[0]["values"]["managed_policy_arns"] = value.clone();
                made.configuration[0]["expressions"] = json!({"managed_policy_arns": own});
                ("aws_iam_role.r", "managed_policy_arns")
            } else {
                made.add(
                    "aws_iam_role_policy_attachments_exclusive",
                    "e",
                    json!({"role_name": "r", "policy_arns": value}),
                    json!({"role_name": {}, "policy_arns": own}),
                );
                ("aws_iam_role_policy_attachments_exclusive.e", "policy_arns")
            };
            let changes = json!([{"address": address, "change": {"after_unknown": {argument: unknown}}}]);
            assert_eq!(codes(&made, &changes), wanted, "{action} {unknown} {of_role}");
        }
    }
    let mut made = Made::new();
    made.add(
        "aws_iam_role_policy_attachments_exclusive",
        "e",
        json!({"role_name": "r", "policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}),
        json!({}),
    );
    assert_eq!(codes(&made, &json!([])), ["undecided-permission"]);
    made.resources[2]["values"]["role_name"] = "other".into();
    assert_eq!(codes(&made, &json!([])), ["missing-permission"]);
}

#[test]
fn a_policy_whose_role_is_not_known_may_be_of_any_role() {
    for (references, wanted) in [
        (json!(["local.role"]), &["undecided-permission"][..]),
        (json!(["each.value"]), &["undecided-permission"]),
        (json!(["aws_iam_role.other.name", "aws_iam_role.other"]), &["missing-permission"]),
        (json!(["aws_iam_role.r.name", "aws_iam_role.r"]), &NOTHING),
        // One of two roles has it.
        (
            json!(["aws_iam_role.r.name", "aws_iam_role.r", "aws_iam_role.other.name", "aws_iam_role.other"]),
            &["undecided-permission"],
        ),
    ] {
        let mut made = Made::new();
        made.add("aws_iam_role", "other", json!({}), json!({}));
        let document = json!({"policy": policy(&json!([allow("sns:Publish", TOPIC)]))});
        made.add("aws_iam_role_policy", "p", document, json!({"role": {"references": references}}));
        let changes =
            json!([{"address": "aws_iam_role_policy.p", "change": {"after_unknown": {"role": true}}}]);
        assert_eq!(codes(&made, &changes), wanted, "{references}");
    }
}

/// A role, its policy and the state machine as instances.
fn instances(machine: &str, references: Value) -> Made {
    let mut made = Made::new();
    let instance = |kind: &str, name: &str, key: &str, values: Value| json!({"address": format!("{kind}.{name}{key}"), "mode": "managed", "type": kind, "name": name, "values": values});
    made.role_policy(&json!([]));
    made.resources =
        vec![instance("aws_sfn_state_machine", "m", machine, json!({"name": "m", "definition": KNOWN}))];
    for (key, action) in [("[\"a\"]", "sns:Publish"), ("[\"b\"]", "sns:Subscribe")] {
        made.resources.push(instance("aws_iam_role", "r", key, json!({})));
        let document = json!({"policy": policy(&json!([allow(action, TOPIC)]))});
        made.resources.push(instance("aws_iam_role_policy", "p", key, document));
    }
    made.configuration[1]["expressions"] = json!({"role_arn": {"references": references}});
    made.configuration[2]["expressions"] = json!({"role": {"references": ["aws_iam_role.r", "each.key"]}});
    made
}

#[test]
fn keys_in_references_decide_which_instance_it_is() {
    let (lacks, fits) = (&["excess-permission", "missing-permission"][..], &NOTHING[..]);
    let a = json!(["aws_iam_role.r[\"a\"].arn", "aws_iam_role.r[\"a\"]", "aws_iam_role.r"]);
    let b = json!(["aws_iam_role.r[\"b\"].arn", "aws_iam_role.r[\"b\"]", "aws_iam_role.r"]);
    let same = json!(["aws_iam_role.r", "each.key"]);
    let any = json!(["aws_iam_role.r", "local.key"]);
    for (machine, references, wanted) in [
        ("[\"a\"]", &a, fits),
        ("[\"a\"]", &b, lacks),
        ("", &a, fits),
        ("", &b, lacks),
        ("[\"a\"]", &same, fits),
        ("[\"b\"]", &same, lacks),
        ("[\"c\"]", &same, &["not-checked"]),
        ("[\"a\"]", &any, &["not-checked"]),
    ] {
        let made = instances(machine, references.clone());
        assert_eq!(codes(&made, &json!([])), wanted, "{machine} {references}");
    }
}

/// Either role may be meant, unless the data source has no instance.
#[test]
fn a_role_that_a_data_source_may_have_found_is_not_compared() {
    let references =
        ["aws_iam_role.r.arn", "aws_iam_role.r", "data.aws_iam_role.b.arn", "data.aws_iam_role.b"];
    let mut made = with(&[]);
    made.configuration[1]["expressions"] = json!({"role_arn": {"references": references}});
    assert_eq!(codes(&made, &json!([])), ["not-checked"]);
    made.configuration
        .push(json!({"mode": "data", "type": "aws_iam_role", "name": "b", "count_expression": {}}));
    assert_eq!(codes(&made, &json!([])), NOTHING);
    let read =
        json!([{"address": "data.aws_iam_role.b[0]", "mode": "data", "type": "aws_iam_role", "name": "b"}]);
    assert_eq!(codes(&made, &read), ["not-checked"]);
}

/// The marks of variables are in the configuration.
/// Without an account, what the state needs has a wildcard in its place, and the finding tells that.
#[test]
fn the_account_is_that_of_the_provider() {
    let role = |account: &str| format!("arn:aws:iam::{account}:role/deploy");
    let here = "111122223333";
    for (expressions, is_known) in [
        (json!({}), false),
        (json!({"assume_role": [{"role_arn": {"constant_value": role(here)}}]}), true),
        (
            json!({"assume_role": [{"role_arn": {"constant_value": role("444455556666")}}, {"role_arn": {"references": ["var.role"]}}]}),
            true,
        ),
        (json!({"assume_role": [{"role_arn": {"references": ["local.role"]}}]}), false),
        (json!({"allowed_account_ids": {"constant_value": [here]}}), true),
        (json!({"allowed_account_ids": {"constant_value": [here, "444455556666"]}}), false),
        (json!({"allowed_account_ids": {"references": ["var.accounts"]}}), true),
    ] {
        let made = Made::new();
        let (_, text) = made.findings(|plan| {
            plan["prior_state"] = Value::Null;
            plan["configuration"]["provider_config"]["aws"]["expressions"] = expressions.clone();
            plan["variables"] = json!({"role": {"value": role(here)}, "accounts": {"value": [here]}});
        });
        assert_eq!(!text.contains("\"account_id\" is not set"), is_known, "{expressions}: {text}");
    }
}

#[test]
fn the_region_of_a_sensitive_variable_is_never_printed() {
    for (is_sensitive, shown) in [(false, true), (true, false)] {
        let mut made = Made::new();
        let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "t", "Item": {}}, "End": true}}});
        made.resources[1]["values"]["definition"] = definition.to_string().into();
        let (_, text) = made.findings(|plan| {
            plan["variables"]["region"]["value"] = "eu-south-2".into();
            plan["configuration"]["root_module"]["variables"] =
                json!({"region": {"sensitive": is_sensitive}});
        });
        assert_eq!(text.contains("eu-south-2"), shown, "{text}");
    }
}

/// A name or a type that AWS does not accept is a finding of the state machine; the others are checked.
#[test]
fn wrong_names_and_types_are_findings_of_the_state_machine() {
    for (argument, value) in [("name", "a b"), ("type", "WEIRD")] {
        let mut made = Made::new();
        made.resources[1]["values"][argument] = value.into();
        let (found, text) = made.findings(|_| ());
        let wrong: Vec<&Value> = found.iter().filter(|one| one["code"] == "invalid-argument").collect();
        assert_eq!(wrong.len(), 1, "{text}");
        assert_eq!(wrong[0]["address"], "aws_sfn_state_machine.m");
        assert_eq!(told(&found, "code"), ["missing-permission"], "{text}");
    }
}

#[test]
fn a_syntax_error_in_a_policy_is_at_its_place_in_the_plan() {
    let wrong = "{\n  \"Statement\": [}";
    let mut of_role = Made::new();
    of_role.role_policy(&json!([]));
    of_role.resources[2]["values"]["policy"] = wrong.into();
    let mut of_boundary = Made::new();
    of_boundary.add("aws_iam_policy", "b", json!({"policy": wrong, "arn": BOUNDARY}), json!({}));
    of_boundary.resources[0]["values"]["permissions_boundary"] = BOUNDARY.into();
    for (made, address) in [(of_role, "aws_iam_role_policy.p"), (of_boundary, "aws_iam_policy.b")] {
        let mut plan = String::new();
        let (found, text) = made.findings(|value| plan = value.to_string());
        let wrong = found.iter().find(|one| one["code"] == "invalid-policy").expect("a finding");
        let column = usize::try_from(wrong["column"].as_u64().expect("a number")).expect("a column");
        let rest: String = plan.chars().skip(column - 1).collect();
        assert!(wrong["line"] == 1 && rest.starts_with("}\""), "{column}: {rest}");
        assert_eq!(wrong["address"], address);
        // The lines of the policy are not those of the plan.
        assert!(!text.contains(" at line "), "{text}");
    }
}

/// As PowerShell writes files.
#[test]
fn a_plan_may_begin_with_a_byte_order_mark() {
    let mut made = Made::new();
    made.role_policy(&json!([allow("sns:Publish", TOPIC), allow("sqs:SendMessage", "*")]));
    let mut plan = String::new();
    let (found, _) = made.findings(|value| plan = value.to_string());
    let folder = folder(&[("plan.json", &format!("\u{feff}{plan}"))]);
    let (with_mark, _) = findings(folder.path(), &["plan.json"]);
    assert_eq!(told(&with_mark, "code"), told(&found, "code"));
    assert_eq!(told(&with_mark, "code"), ["excess-permission"]);
}

#[test]
fn a_policy_cannot_be_given_for_a_plan() {
    let mut plan = String::new();
    let _ = Made::new().findings(|value| plan = value.to_string());
    let folder = folder(&[("plan.json", &plan), ("role.json", "{}")]);
    let (text, status) = said(&check(folder.path(), &["plan.json", "--policy", "role.json"]));
    assert!(status == 2 && text.contains("plan.json: --policy does not apply to a plan"), "{text}");
    for (config, is_taken) in [
        ("policy = \"role.json\"", false),
        ("[[machines]]\npaths = [\"*.json\"]\npolicy = \"role.json\"", false),
        ("[[machines]]\npaths = [\"machines/**\"]\npolicy = \"role.json\"", true),
    ] {
        std::fs::write(folder.path().join("sfniam.toml"), config).expect("the configuration");
        let (text, status) = said(&check(folder.path(), &["plan.json", "--config", "sfniam.toml"]));
        let is_refused = status == 2
            && text.contains("plan.json: \"policy\" of the configuration does not apply to a plan");
        assert_eq!(is_refused, !is_taken, "{config}: {text}");
    }
}
