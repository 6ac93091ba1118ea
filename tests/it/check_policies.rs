//! `check` against policies of roles: in files, and in plans.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{DEFINITION, KNOWN, PLACE, check, each, findings, folder, printed};
use crate::support::{all, compare_or_bless, files, tests_folder};

pub(crate) const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:orders";

pub(crate) fn policy(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

pub(crate) fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

/// The codes of a run that are about policies of roles.
pub(crate) fn told<'f>(found: &'f [Value], member: &str) -> Vec<&'f str> {
    let about = [
        "missing-permission",
        "excess-permission",
        "undecided-permission",
        "invalid-policy",
        "not-checked",
        "unreadable-file",
    ];
    let found = found.iter().filter(|one| about.contains(&one["code"].as_str().expect("a code")));
    found.map(|one| one[member].as_str().expect("a text")).collect()
}

#[test]
fn a_policy_beside_each_definition() {
    let exact = policy(&json!([allow("sns:Publish", TOPIC)]));
    let wrong = "{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": \"SNS:*\", \"Resource\": \"arn:aws:sns:eu-west-1:111122223333:other\"}]}";
    let folder = folder(&[
        ("m/fits.asl.json", KNOWN),
        ("m/fits.policy.json", &exact),
        ("m/lacks.asl.json", KNOWN),
        ("m/lacks.policy.json", wrong),
        ("m/open.asl.json", DEFINITION),
        ("m/open.policy.json", &exact),
        ("m/none.asl.json", KNOWN),
    ]);
    let arguments = [&["m", "--policy", "{dir}/{name}.policy.json"][..], &PLACE].concat();
    let (found, status) = findings(folder.path(), &arguments);
    assert_eq!(status, 1);
    let places: Vec<String> = found
        .iter()
        .filter(|one| {
            !["unnamed-key", "unresolved-resource", "missing-setting"].iter().any(|code| one["code"] == *code)
        })
        .map(|one| {
            format!(
                "{}:{}:{} {}",
                one["file"].as_str().unwrap_or_default(),
                one["line"],
                one["column"],
                one["code"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "m/lacks.asl.json:1:29 missing-permission",
            "m/lacks.policy.json:2:3 excess-permission",
            "m/none.policy.json:1:1 unreadable-file",
            "m/open.asl.json:1:29 undecided-permission",
        ]
    );
    let missing = found.iter().find(|one| one["code"] == "missing-permission").expect("a finding");
    assert_eq!((&missing["actions"], &missing["resources"]), (&json!(["sns:Publish"]), &json!([TOPIC])));
    // It can be lowered, and accepted.
    let lowered = r#"{"missing-permission": "warn", "excess-permission": "error"}"#;
    let (found, _) = findings(
        folder.path(),
        &[&["m/lacks.asl.json", "--policy", "m/lacks.policy.json", "--on-finding", lowered][..], &PLACE]
            .concat(),
    );
    assert_eq!(told(&found, "severity"), ["warning", "error"]);
}

/// What one state machine of a role does not need, another does.
/// AWS's template of AWS Batch has every resource; least privilege has the queue and the job's definition.
#[test]
fn excess_is_told_by_least_privilege_unless_a_mode_is_given() {
    let definition = json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "End": true,
        "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d:1"},
    }}});
    let role = policy(&json!([allow("batch:SubmitJob", "*")]));
    let folder = folder(&[("f.asl.json", &definition.to_string()), ("f.policy.json", &role)]);
    let said = |mode: &[&str]| {
        let arguments = [&["f.asl.json", "--policy", "f.policy.json"][..], mode, &PLACE].concat();
        let (found, _) = findings(folder.path(), &arguments);
        told(&found, "code").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(said(&[]), ["excess-permission"]);
    assert_eq!(said(&["--mode", "least_privilege"]), ["excess-permission"]);
    assert!(said(&["--mode", "template"]).is_empty());
}

#[test]
fn a_role_may_serve_several_state_machines() {
    let queue = KNOWN.replace("sns:publish", "sqs:sendMessage").replace(
        &format!("\"TopicArn\": \"{TOPIC}\", \"Message\""),
        "\"QueueUrl\": \"https://sqs.eu-west-1.amazonaws.com/111122223333/q\", \"MessageBody\"",
    );
    let both = policy(&json!([
        allow("sns:Publish", TOPIC),
        allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q")
    ]));
    let folder = folder(&[
        ("a.asl.json", KNOWN),
        ("b.asl.json", &queue),
        ("role.json", &both),
        ("broken.asl.json", "{}"),
    ]);
    let run = |files: &[&str]| {
        let (found, _) = findings(folder.path(), &[files, &["--policy", "role.json"], &PLACE].concat());
        told(&found, "code").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(run(&["a.asl.json", "b.asl.json"]), [] as [&str; 0]);
    assert_eq!(run(&["a.asl.json"]), ["excess-permission"]);
    // The needs of a broken definition are not known.
    assert_eq!(run(&["a.asl.json", "broken.asl.json"]), [] as [&str; 0]);
}

#[test]
fn policies_that_are_none() {
    let trust = policy(
        &json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}]),
    );
    for (name, text, place) in [
        ("p.json", "{\n \"Statement\": [}", "p.json:2:16: error[invalid-policy] "),
        (
            "p.json",
            "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Permit\"}]}",
            "p.json:2:17: error[invalid-policy] ",
        ),
        ("p.json", &trust, "p.json:1:15: error[invalid-policy] "),
        (
            "p.yaml",
            "Version: '2012-10-17'\nStatement:\n  - Effect: Permit\n",
            "p.yaml:3:5: error[invalid-policy] ",
        ),
        ("p.yaml", "Version: [\n", "error[invalid-yaml] "),
        (
            "p.json",
            "{\"Statement\":\n []}",
            "p.json:1:2: error[invalid-policy] This is not a policy of a role: at \"/Statement\": there is no statement: give at least one.",
        ),
        (
            "p.json",
            "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [],\n \"Resource\": \"*\"}]}",
            "p.json:1:36: error[invalid-policy] This is not a policy of a role: at \"/Statement/0/Action\": the list is empty: give at least one action",
        ),
        (
            "p.json",
            "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sns:Publish\",\n \"Resource\": \"foo\"}}",
            "p.json:2:2: error[invalid-policy] This is not a policy of a role: at \"/Statement/Resource\": \"foo\" is not an ARN",
        ),
    ] {
        let folder = folder(&[("a.asl.json", KNOWN), (name, text)]);
        let (told, status) = printed(&check(folder.path(), &["a.asl.json", "--policy", name]));
        assert!(told.contains(place), "{text}: {told}");
        assert_eq!(status, 1);
    }
    let folder = folder(&[("a.asl.json", KNOWN)]);
    assert_eq!(check(folder.path(), &["a.asl.json", "--policy", "{file}.json"]).status.code(), Some(2));
}

/// The plans that `make e2e` recorded with the AWS provider.
#[test]
fn recorded_plans() {
    let plans = files(&tests_folder().join("plans"), ".json");
    assert!(plans.len() >= 8);
    all(plans.iter().map(|plan| {
        let name = plan.file_name().expect("a name").to_str().expect("UTF-8");
        let (text, _) = printed(&check(&tests_folder().join("plans"), &[name]));
        compare_or_bless(&tests_folder().join("check/plans").join(format!("{name}.txt")), &text)
    }));
}

/// The arguments and blocks of the roles, policies and state machines of a configuration: all that `check`
/// reads of a plan.
fn read_of(configuration: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for resource in configuration.split("\nresource \"").skip(1) {
        let kind = resource.split('"').next().unwrap_or_default();
        if !kind.starts_with("aws_iam_") && !kind.starts_with("aws_sfn_") {
            continue;
        }
        let body = resource.split("\n}").next().unwrap_or_default();
        let lines = body.lines().filter_map(|line| line.strip_prefix("  "));
        let names = lines.filter(|line| line.starts_with(char::is_alphabetic));
        found.extend(names.filter_map(|line| Some(format!("{kind}.{}", line.split(' ').next()?))));
    }
    found
}

/// A scenario of `make e2e` whose plans were not recorded is like one whose plans were.
#[test]
fn every_kind_of_scenario_was_recorded() {
    let mut scenarios: Vec<(String, BTreeSet<String>)> = Vec::new();
    let top = tests_folder().parent().expect("the repository").join("examples");
    for path in files(&top, "aws.tf").iter().chain(&files(&tests_folder().join("e2e"), "aws.tf")) {
        let name = path.parent().and_then(Path::file_name).expect("a folder").to_string_lossy();
        scenarios.push((name.into_owned(), read_of(&fs::read_to_string(path).expect("the configuration"))));
    }
    assert!(scenarios.len() > 10 && scenarios.iter().all(|(_, parts)| parts.len() > 5), "{scenarios:?}");
    let recorded = |name: &str| {
        let file = |tool: &str, which: &str| tests_folder().join(format!("plans/{name}.{tool}.{which}.json"));
        ["terraform", "tofu"]
            .iter()
            .all(|tool| ["first", "second"].iter().all(|one| file(tool, one).is_file()))
    };
    let (with, without): (Vec<_>, Vec<_>) = scenarios.iter().partition(|(name, _)| recorded(name));
    for (name, parts) in without {
        assert!(with.iter().any(|(_, others)| others == parts), "tests/e2e/run --record {name}: {parts:?}");
    }
}

/// The role, its policy and the state machine of a plan, as both tools write them.
pub(crate) struct Made {
    pub(crate) resources: Vec<Value>,
    pub(crate) configuration: Vec<Value>,
}

impl Made {
    pub(crate) fn new() -> Made {
        let mut made = Made { resources: Vec::new(), configuration: Vec::new() };
        made.add("aws_iam_role", "r", json!({"name": "r"}), json!({}));
        made.add(
            "aws_sfn_state_machine",
            "m",
            json!({"name": "m", "type": "STANDARD", "definition": KNOWN}),
            json!({"role_arn": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}),
        );
        made
    }

    pub(crate) fn add(&mut self, kind: &str, name: &str, values: Value, expressions: Value) -> &mut Self {
        let address = format!("{kind}.{name}");
        self.resources.push(json!({"address": address, "mode": "managed", "type": kind, "name": name, "values": values, "sensitive_values": {}}));
        self.configuration.push(json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_config_key": "aws", "expressions": expressions}));
        self
    }

    pub(crate) fn role_policy(&mut self, statements: &Value) -> &mut Self {
        let role = json!({"role": {"references": ["aws_iam_role.r.id", "aws_iam_role.r"]}});
        self.add("aws_iam_role_policy", "p", json!({"policy": policy(statements)}), role)
    }

    /// The plan; `edit` may change it.
    pub(crate) fn findings(&self, edit: impl FnOnce(&mut Value)) -> (Vec<Value>, String) {
        let mut plan = json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": self.resources}},
            "configuration": {
                "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}}},
                "root_module": {"resources": self.configuration}
            },
            "prior_state": {"values": {"root_module": {"resources": [
                {"address": "data.aws_caller_identity.me", "mode": "data", "type": "aws_caller_identity", "values": {"account_id": "111122223333"}}
            ]}}},
            "variables": {"region": {"value": "eu-west-1"}}
        });
        edit(&mut plan);
        let folder = folder(&[("plan.json", &plan.to_string())]);
        let (text, _) = printed(&check(folder.path(), &["plan.json"]));
        (findings(folder.path(), &["plan.json"]).0, text)
    }

    fn told(&self) -> Vec<String> {
        told(&self.findings(|_| ()).0, "code").into_iter().map(str::to_owned).collect()
    }
}

#[test]
fn the_role_of_a_plan_is_found_by_references() {
    assert_eq!(Made::new().told(), ["missing-permission"]);
    assert_eq!(Made::new().role_policy(&json!([allow("sns:Publish", TOPIC)])).told(), [] as [&str; 0]);
    let mut made = Made::new();
    made.role_policy(&json!([allow("sns:Publish", TOPIC), allow("sqs:SendMessage", "*")]));
    let (found, text) = made.findings(|_| ());
    assert_eq!(told(&found, "code"), ["excess-permission"]);
    assert_eq!(told(&found, "address"), ["aws_iam_role_policy.p"]);
    assert!(
        text.contains("plan.json:1:")
            && text.contains(
                "warning[excess-permission] aws_iam_role_policy.p: No state needs sqs:SendMessage on *"
            ),
        "{text}"
    );
    // The place is inside of the string: at the second statement of the policy.
    let column = usize::try_from(
        found.iter().find(|one| one["code"] == "excess-permission").expect("it")["column"]
            .as_u64()
            .expect("a number"),
    )
    .expect("a column");
    let mut plan = String::new();
    let _ = made.findings(|value| plan = value.to_string());
    assert!(
        plan.chars()
            .skip(column - 1)
            .collect::<String>()
            .starts_with("{\\\"Action\\\":\\\"sqs:SendMessage\\\""),
        "{column}"
    );
}

#[test]
fn what_a_plan_marks_as_sensitive_is_never_printed() {
    let mut made = Made::new();
    made.role_policy(&json!([allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:secret")]));
    for (pointer, code) in [
        ("/planned_values/root_module/resources/1/sensitive_values/definition", "not-checked"),
        ("/planned_values/root_module/resources/2/sensitive_values/policy", "undecided-permission"),
    ] {
        let (found, text) = made.findings(|plan| {
            let (parent, key) = pointer.rsplit_once('/').expect("a member");
            plan.pointer_mut(parent).expect("an object")[key] = true.into();
        });
        assert_eq!(told(&found, "code"), [code], "{pointer} {text}");
        if code == "not-checked" {
            assert!(
                !text.contains("orders")
                    && !text.contains("sns")
                    && text.contains("The definition is sensitive"),
                "{text}"
            );
        } else {
            assert!(!text.contains("secret"), "{text}");
        }
    }
    // Only in the changes.
    let (found, text) = made.findings(|plan| {
        plan["resource_changes"] =
            json!([{"address": "aws_sfn_state_machine.m", "change": {"after_sensitive": {"definition": true}, "after_unknown": {}}}]);
    });
    assert_eq!(told(&found, "code"), ["not-checked"]);
    assert!(!text.contains("orders"), "{text}");
}

#[test]
fn policies_that_are_attached() {
    let role = json!({"references": ["aws_iam_role.r.name", "aws_iam_role.r"]});
    let own = json!({"references": ["aws_iam_policy.own.arn", "aws_iam_policy.own"]});
    let mut made = Made::new();
    made.add(
        "aws_iam_policy",
        "own",
        json!({"policy": policy(&json!([allow("sns:Publish", TOPIC)]))}),
        json!({}),
    );
    assert_eq!(made.told(), ["missing-permission"], "nothing is attached");
    made.add("aws_iam_role_policy_attachment", "a", json!({}), json!({"role": role, "policy_arn": own}));
    assert_eq!(made.told(), [] as [&str; 0]);

    let managed = json!({"policy_arn": "arn:aws:iam::aws:policy/AmazonSNSFullAccess", "role": "r"});
    let mut made = Made::new();
    made.add("aws_iam_role_policy_attachment", "a", managed, json!({"role": {"constant_value": "r"}}));
    let (found, text) = made.findings(|_| ());
    assert_eq!(told(&found, "code"), ["undecided-permission"]);
    assert!(text.contains("arn:aws:iam::aws:policy/AmazonSNSFullAccess cannot be read here"), "{text}");

    let mut made = Made::new();
    made.add(
        "aws_iam_policy",
        "b",
        json!({"policy": policy(&json!([allow("sqs:*", "*")])), "arn": "arn:aws:iam::111122223333:policy/b"}),
        json!({}),
    );
    made.role_policy(&json!([allow("sns:Publish", TOPIC)]));
    made.resources[0]["values"]["permissions_boundary"] = "arn:aws:iam::111122223333:policy/b".into();
    assert_eq!(made.told(), ["missing-permission"], "the boundary does not allow it");
    made.resources[0]["values"]["permissions_boundary"] = "arn:aws:iam::111122223333:policy/elsewhere".into();
    assert_eq!(made.told(), ["not-checked"]);
    let mut made = Made::new();
    made.resources[0]["values"]["inline_policy"] =
        json!([{"name": "i", "policy": policy(&json!([allow("sns:Publish", TOPIC)]))}]);
    assert_eq!(made.told(), [] as [&str; 0], "it is in a dynamic block, or was put in place by other means");
    made.configuration[0]["expressions"] = json!({"inline_policy": [{"policy": {}}]});
    assert_eq!(made.told(), [] as [&str; 0]);
}

/// A state machine in a module that gets its role as a variable, twice; the role is in another module.
#[test]
fn references_go_through_modules() {
    let machine = |key: &str| {
        json!({"address": format!("module.flow[\"{key}\"]"), "resources": [{
            "address": format!("module.flow[\"{key}\"].aws_sfn_state_machine.m"), "mode": "managed", "type": "aws_sfn_state_machine", "name": "m",
            "values": {"name": key, "type": "STANDARD", "definition": KNOWN}, "sensitive_values": {}}]})
    };
    let plan = json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [
            machine("a.b"),
            machine("c"),
            {"address": "module.role", "resources": [
                {"address": "module.role.aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "values": {"name": "r"}},
                {"address": "module.role.aws_iam_role_policy.p", "mode": "managed", "type": "aws_iam_role_policy", "name": "p",
                 "values": {"policy": policy(&json!([allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:other")]))}}
            ]}
        ]}},
        "configuration": {
            "provider_config": {"aws": {"expressions": {"region": {"constant_value": "eu-west-1"}}}},
            "root_module": {"module_calls": {
                "flow": {"expressions": {"role": {"references": ["module.role.arn", "module.role"]}}, "module": {"resources": [
                    {"mode": "managed", "type": "aws_sfn_state_machine", "name": "m", "provider_config_key": "aws",
                     "expressions": {"role_arn": {"references": ["var.role"]}}}]}},
                "role": {"module": {
                    "outputs": {"arn": {"expression": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}},
                    "resources": [
                        {"mode": "managed", "type": "aws_iam_role", "name": "r", "expressions": {}},
                        {"mode": "managed", "type": "aws_iam_role_policy", "name": "p",
                         "expressions": {"role": {"references": ["aws_iam_role.r.name", "aws_iam_role.r"]}}}]}}
            }}
        }
    });
    let folder = folder(&[("plan.json", &plan.to_string())]);
    let (found, _) = findings(folder.path(), &["plan.json", "--account-id", "111122223333"]);
    let mut addresses = told(&found, "address");
    addresses.sort_unstable();
    assert_eq!(
        addresses,
        [
            "module.flow[\"a.b\"].aws_sfn_state_machine.m",
            "module.flow[\"c\"].aws_sfn_state_machine.m",
            "module.role.aws_iam_role_policy.p"
        ]
    );
    let mut codes = told(&found, "code");
    codes.sort_unstable();
    assert_eq!(codes, ["excess-permission", "missing-permission", "missing-permission"]);
}

/// What a recorded plan has, with one statement less.
#[test]
fn a_statement_less_in_a_recorded_plan_is_missing() {
    let path = tests_folder().join("plans/order-saga.terraform.second.json");
    let text = fs::read_to_string(path).expect("the plan");
    let mut plan: Value = serde_json::from_str(&text).expect("JSON");
    let resources = plan["planned_values"]["root_module"]["resources"].as_array_mut().expect("resources");
    let own = resources.iter_mut().find(|one| one["type"] == "aws_iam_role_policy").expect("the policy");
    let mut document: Value =
        serde_json::from_str(own["values"]["policy"].as_str().expect("a text")).expect("JSON");
    let gone = document["Statement"].as_array_mut().expect("statements").remove(0);
    own["values"]["policy"] = document.to_string().into();
    let folder = folder(&[("plan.json", &plan.to_string())]);
    let (found, status) = findings(folder.path(), &["plan.json"]);
    assert_eq!(status, 1);
    let missing: Vec<&Value> = found.iter().filter(|one| one["code"] == "missing-permission").collect();
    assert!(
        !missing.is_empty()
            && missing
                .iter()
                .all(|one| one["actions"] == gone["Action"] && one["resources"] == gone["Resource"]),
        "{found:#?}"
    );
    assert!(each(&found, "code").iter().all(|code| *code != "excess-permission"));
}
