//! What is certain beside what is not known.

use sfniam::protocol::value::{Members, Value};

use super::{analyze, validate};

fn machine(resource: &str, parameters: &str) -> String {
    format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {{{parameters}}}, "End": true}}}}}}"#
    )
}

fn options(more: &[(&'static str, Value)]) -> Members {
    let place = [
        ("account_id", Value::from("111122223333")),
        ("region", "eu-west-1".into()),
        ("state_machine_name", "orders".into()),
        ("mode", "least_privilege".into()),
    ];
    place.into_iter().chain(more.iter().cloned()).map(|(name, value)| ((*name).into(), value)).collect()
}

fn tokens(name: &'static str) -> (&'static str, Value) {
    ("definition_substitutions", Value::object([(name, Value::Unknown)]))
}

fn hint(target: (&'static str, &str), remedy: &[(&'static str, Value)]) -> Value {
    let known = [("state", Value::from("A")), (target.0, target.1.into())];
    Value::object(known.iter().chain(remedy).cloned())
}

fn codes(findings: &Value) -> Option<Vec<&str>> {
    Some(findings.as_list()?.iter().filter_map(|one| one.get("code").as_str()).collect())
}

/// A parameter that takes a role or something else: with something else, no role is passed.
#[test]
fn a_value_that_may_be_no_role_leaves_open_whether_one_is_passed() {
    let integration = machine(
        "aws-sdk:apigateway:putIntegration",
        r#""RestApiId": "a", "ResourceId": "r", "HttpMethod": "GET", "Type": "AWS", "Credentials": "${Role}""#,
    );
    let said = analyze(&integration, &options(&[tokens("Role")])).unwrap();
    assert_eq!(said.get("actions_by_service"), &Value::Unknown);
    assert_eq!(said.get("is_empty"), &Value::Bool(false));
    let with = |role: &str| {
        let values = ("definition_substitutions", Value::object([("Role", Value::from(role))]));
        let said = analyze(&integration, &options(&[values])).unwrap();
        said.get("actions_by_service").get("iam").clone()
    };
    assert_eq!(with("arn:aws:iam::111122223333:role/r"), Value::list([Value::from("iam:PassRole")]));
    assert_eq!(with("arn:aws:iam::*:user/*"), Value::Null);
}

/// What AWS rejects is an error in time, though another parameter of the call has a token.
#[test]
fn a_value_that_is_rejected_in_any_case_is_rejected_beside_a_token() {
    let group = |name: &str| {
        machine(
            "aws-sdk:eks:describeNodegroup",
            &format!(r#""ClusterName": "${{Cluster}}", "NodegroupName": "{name}""#),
        )
    };
    let wrong = group("arn:aws:eks:eu-west-1:111122223333:cluster/orders");
    let open = options(&[tokens("Cluster")]);
    assert!(analyze(&wrong, &open).unwrap_err().contains("[impossible-value]"));
    assert_eq!(validate(&wrong, &open).len(), 1);
    // Where the token is in a condition alone.
    let task = machine(
        "ecs:runTask",
        r#""Cluster": "${Cluster}", "TaskDefinition": "arn:aws:ecs:eu-west-1:111122223333:task-definition/""#,
    );
    assert!(analyze(&task, &open).unwrap_err().contains("[impossible-value]"));
    assert!(analyze(&group("workers"), &open).is_ok());
    assert_eq!(validate(&group("workers"), &open), Vec::<String>::new());
}

/// What is allowed on everything stays so, whatever else is allowed.
#[test]
fn what_a_wildcard_covers_leaves_the_documents_known() {
    let level = |kind: &str| {
        machine(
            "aws-sdk:iotwireless:getResourceLogLevel",
            &format!(r#""ResourceIdentifier": "${{Id}}", {kind}"#),
        )
    };
    let open = options(&[tokens("Id")]);
    let any = analyze(&level(r#""ResourceType.$": "$.type""#), &open).unwrap();
    assert!(any.get("json").as_str().is_some_and(|json| json.contains("\"*\"")));
    assert!(any.get("documents_by_service").get("iotwireless").as_str().is_some());
    assert_eq!(any.get("findings_by_state").get("/States/A"), &Value::Unknown);
    let one = analyze(&level(r#""ResourceType": "WirelessDevice""#), &open).unwrap();
    assert_eq!(one.get("json"), &Value::Unknown);
}

/// Of a hint whose target is known, what is not known is what becomes of the wildcards that it is for.
#[test]
fn a_hint_for_a_known_wildcard_leaves_the_findings_of_the_machine() {
    let unknown = || ("resources", Value::list([Value::Unknown]));
    let objects = machine("aws-sdk:s3:getObject", r#""Bucket": "orders", "Key.$": "$.key""#);
    let with = |definition: &str, hints: &[Value]| {
        let said = analyze(definition, &options(&[("resource_hint", Value::list(hints.iter().cloned()))]));
        let found = said?.get("findings_by_state").clone();
        Ok::<_, String>((found.get("").clone(), found.get("/States/A").clone()))
    };
    let key = || hint(("parameter", "Key"), &[unknown()]);
    let (machine_found, state_found) = with(&objects, &[key()]).unwrap();
    assert_eq!(codes(&machine_found), Some(vec!["unnamed-key"]));
    assert_eq!(state_found, Value::Unknown);
    // Another hint for the same wildcard may come too late.
    assert_eq!(with(&objects, &[key(), key()]).unwrap().0, Value::Unknown);
    // A resource of another account is told.
    let topic = machine("sns:publish", r#""TopicArn.$": "$.topic", "Message": "m""#);
    let of_topic = hint(("parameter", "TopicArn"), &[unknown()]);
    assert_eq!(with(&topic, &[of_topic]).unwrap().0, Value::Unknown);
    // A hint for nothing is an error already.
    let nothing = hint(("parameter", "FunctionName"), &[unknown()]);
    assert!(with(&topic, &[nothing]).unwrap_err().contains("[hint-without-match]"));
    // A wildcard that AWS requires can only be accepted, which the findings of the state show.
    let instances = machine("aws-sdk:ec2:describeInstances", "");
    let action = ("action", "ec2:DescribeInstances");
    let accepting = hint(action, &[("accept_wildcard", true.into()), ("reason", Value::Unknown)]);
    let (machine_found, state_found) = with(&instances, &[accepting]).unwrap();
    assert_eq!((codes(&machine_found), state_found), (Some(Vec::new()), Value::Unknown));
    assert!(with(&instances, &[hint(action, &[unknown()])]).unwrap_err().contains("[hint-without-match]"));
}
