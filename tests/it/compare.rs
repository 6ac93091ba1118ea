//! A role's policies beside what its state machines need: laws on all cases, and hand-written policies.

use std::fs;

use serde_json::{Value, json};
use sfniam::asl::flow::analyse;
use sfniam::asl::{Json, parse};
use sfniam::compare::{ActionList, Comparison, Need, Policies, Reason, Surroundings, compare};
use sfniam::document::{Document, read};
use sfniam::generator::{assumptions, generate};
use sfniam::permissions::{Mode, Requirements, requirements};

use crate::support::{all, files, request, settings, tests_folder};

fn needed(definition: &str, mode: Mode) -> Requirements {
    let document = Json::read(definition).expect("JSON");
    let (machine, _) = parse(&document);
    let settings = settings(mode);
    let flow = analyse(&machine, &assumptions(&settings, None));
    requirements(&machine, &flow, &settings)
}

fn needs<'p>(requirements: &'p Requirements, surroundings: &'p Surroundings) -> Vec<Need<'p>> {
    let need = |permission: &'p sfniam::permissions::Permission| Need {
        machine: 0,
        pointer: &permission.pointer,
        grant: &permission.grant,
        surroundings,
    };
    requirements.permissions.iter().map(need).collect()
}

fn surroundings() -> Surroundings {
    Surroundings { region: Some("eu-west-1".into()), account: Some("111122223333".into()) }
}

/// Compares what is needed, in least privilege and by the mode, with documents.
fn between(
    least: &Requirements,
    granted: &Requirements,
    documents: &[Document],
    boundary: Option<&Document>,
) -> Comparison {
    let surroundings = surroundings();
    let (least, granted) = (needs(least, &surroundings), needs(granted, &surroundings));
    let actions =
        ActionList::new(["sns:Publish", "sns:Subscribe", "sqs:SendMessage", "iam:PassRole", "s3:GetObject"]);
    compare(&least, &granted, Policies { documents, boundary }, &actions)
}

fn compared(definition: &str, mode: Mode, documents: &[Document], boundary: Option<&Document>) -> Comparison {
    between(&needed(definition, Mode::LeastPrivilege), &needed(definition, mode), documents, boundary)
}

fn cases() -> Vec<(String, String)> {
    let folders = ["integrations", "sdk", "machines"];
    let files = folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json"));
    files.map(|file| (file.display().to_string(), fs::read_to_string(&file).expect("the case"))).collect()
}

fn own_policy(definition: &str, mode: Mode) -> Option<Value> {
    let output = generate(&request(definition, mode)).ok()?;
    let needs_something = output.policy.to_json().contains("\"Allow\"");
    needs_something.then(|| serde_json::from_str(&output.policy.to_json()).expect("JSON"))
}

#[test]
fn a_generated_policy_has_neither_missing_nor_excess() {
    all(cases().iter().flat_map(|(name, definition)| {
        Mode::ALL.map(|mode| {
            let Some(policy) = own_policy(definition, mode) else { return Ok(()) };
            let document = read(&policy.to_string()).map_err(|error| error.to_string())?;
            let found = compared(definition, mode, &[document], None);
            if found == Comparison::default() {
                Ok(())
            } else {
                Err(format!("{name} ({}): {found:#?}", mode.name()))
            }
        })
    }));
}

/// Without the first action of a statement, that action is missing and nothing else.
#[test]
fn what_is_taken_away_is_missing() {
    all(cases().iter().map(|(name, definition)| {
        let Some(policy) = own_policy(definition, Mode::LeastPrivilege) else { return Ok(()) };
        let statements = policy["Statement"].as_array().expect("statements");
        let needed = needed(definition, Mode::LeastPrivilege);
        for (index, statement) in statements.iter().enumerate() {
            let action = &statement["Action"][0];
            let mut less = policy.clone();
            less["Statement"][index]["Action"].as_array_mut().expect("actions").remove(0);
            let document = read(&less.to_string()).map_err(|error| error.to_string())?;
            let found = between(&needed, &needed, &[document], None);
            let rows: Vec<_> = found.missing.iter().chain(&found.undecided).collect();
            let told = rows.iter().all(|row| row.actions.iter().any(|told| *told == *action));
            if rows.is_empty() || !told || !found.excess.is_empty() {
                return Err(format!("{name} without {action} of statement {index}: {found:#?}"));
            }
        }
        Ok(())
    }));
}

/// With one action more, that action is in excess and nothing else.
#[test]
fn what_is_added_is_in_excess() {
    all(cases().iter().map(|(name, definition)| {
        let Some(mut policy) = own_policy(definition, Mode::LeastPrivilege) else { return Ok(()) };
        let more = json!({"Effect": "Allow", "Action": "foo:Bar", "Resource": "*"});
        policy["Statement"].as_array_mut().expect("statements").push(more);
        let document = read(&policy.to_string()).map_err(|error| error.to_string())?;
        let found = compared(definition, Mode::LeastPrivilege, &[document], None);
        let [row] = found.excess.as_slice() else { return Err(format!("{name}: {found:#?}")) };
        let right = row.actions == ["foo:Bar"] && row.reason == Reason::UnusedAction;
        if right && found.missing.is_empty() && found.undecided.is_empty() {
            Ok(())
        } else {
            Err(format!("{name}: {found:#?}"))
        }
    }));
}

const PUBLISH: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish",
    "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m"}}}}"#;
const PUBLISH_ANY: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish",
    "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}}}}"#;

/// Reasons in the order missing, excess, undecided, each with its first action.
fn told(definition: &str, statements: &str, boundary: Option<&str>) -> Vec<String> {
    let document = |text: &str| read(&format!(r#"{{"Statement": [{text}]}}"#)).expect("a document");
    let boundary = boundary.map(document);
    let found = compared(definition, Mode::LeastPrivilege, &[document(statements)], boundary.as_ref());
    let kinds = [("missing", found.missing), ("excess", found.excess), ("undecided", found.undecided)];
    let rows = kinds.iter().flat_map(|(kind, rows)| {
        rows.iter().map(move |row| format!("{kind} {} {}", row.actions.join(","), row.reason.name()))
    });
    rows.collect()
}

#[test]
fn policies_written_by_hand() {
    let allow = |action: &str, resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#)
    };
    let topic = "arn:aws:sns:eu-west-1:111122223333:orders";
    let deny =
        |resource: &str| format!(r#"{{"Effect": "Deny", "Action": "sns:*", "Resource": "{resource}"}}"#);
    let tls = |effect: &str, value: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": "sns:Publish", "Resource": "*", "Condition": {{"Bool": {{"aws:SecureTransport": "{value}"}}}}}}"#
        )
    };
    for (definition, statements, boundary, expected) in [
        (PUBLISH, allow("sns:Publish", topic), None, vec![]),
        (PUBLISH, allow("SNS:publish", topic), None, vec![]),
        (PUBLISH, allow("sns:Publish", "*"), None, vec!["excess sns:Publish wider-resource"]),
        (PUBLISH, allow("sns:*", topic), None, vec!["excess sns:* unused-action"]),
        (PUBLISH, allow("sns:Pub*", topic), None, vec![]),
        (PUBLISH, allow("*", "*"), None, vec!["excess * unused-action"]),
        (
            PUBLISH,
            allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:other"),
            None,
            vec!["missing sns:Publish not-allowed", "excess sns:Publish unused-action"],
        ),
        (
            PUBLISH,
            format!("{},{}", allow("sns:Publish", topic), deny("*")),
            None,
            vec!["missing sns:Publish denied"],
        ),
        (PUBLISH, format!("{},{}", allow("sns:Publish", topic), deny("arn:aws:sns:*:*:other")), None, vec![]),
        (PUBLISH, format!("{},{}", allow("sns:Publish", topic), tls("Deny", "false")), None, vec![]),
        (
            PUBLISH,
            allow("sns:Publish", topic),
            Some(allow("sqs:*", "*")),
            vec!["missing sns:Publish boundary"],
        ),
        (PUBLISH, allow("sns:Publish", topic), Some(allow("sns:*", "*")), vec![]),
        (PUBLISH_ANY, allow("sns:Publish", topic), None, vec!["undecided sns:Publish some-resources"]),
        (PUBLISH_ANY, allow("sns:Publish", "*"), None, vec!["excess sns:Publish wider-resource"]),
        (PUBLISH_ANY, allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:*"), None, vec![]),
        (
            PUBLISH_ANY,
            allow("sqs:SendMessage", "*"),
            None,
            vec!["missing sns:Publish not-allowed", "excess sqs:SendMessage unused-action"],
        ),
        (
            PUBLISH,
            r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#.to_owned(),
            None,
            vec!["excess iam:* not-action"],
        ),
        (
            PUBLISH,
            format!(
                r#"{{"Effect": "Allow", "Action": "sns:Publish", "Resource": "{topic}", "Condition": {{"StringEquals": {{"aws:PrincipalTag/team": "red"}}}}}}"#
            ),
            None,
            vec!["undecided sns:Publish unknown-condition"],
        ),
        (
            PUBLISH,
            format!(
                r#"{{"Effect": "Allow", "Action": "sns:Publish", "Resource": "{topic}", "Condition": {{"StringEquals": {{"aws:RequestedRegion": "us-east-1"}}}}}}"#
            ),
            None,
            vec!["missing sns:Publish not-allowed"],
        ),
    ] {
        assert_eq!(told(definition, &statements, boundary.as_deref()), expected, "{statements}");
    }
}
