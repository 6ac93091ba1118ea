//! What is known although an option is not: one case for each option that leaves more than nothing.

use std::collections::BTreeMap;

use sfniam::protocol::Provider;
use sfniam::protocol::value::{Members, Value};
use sfniam::provider::{DATA_SOURCE, Sfniam};
use sfniam::work::Cancel;

use super::{analyze, validate};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:orders";

/// A machine of two tasks: `First`, and `Second` with these members.
fn two(second: &str) -> String {
    let first = format!(
        r#"{{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{"TopicArn": "{TOPIC}", "Message": "m"}}, "Next": "Second"}}"#
    );
    format!(r#"{{"StartAt": "First", "States": {{"First": {first}, "Second": {{{second}, "End": true}}}}}}"#)
}

fn task(resource: &str, parameters: &str) -> String {
    format!(r#""Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {{{parameters}}}"#)
}

fn known(definition: &str, more: &[(&'static str, Value)]) -> Result<Value, String> {
    let place = [
        ("account_id", Value::from("111122223333")),
        ("region", "eu-west-1".into()),
        ("state_machine_name", "orders".into()),
        ("mode", "least_privilege".into()),
    ];
    let options: Members =
        place.into_iter().chain(more.iter().cloned()).map(|(name, value)| ((*name).into(), value)).collect();
    analyze(definition, &options)
}

fn resources(known: &Value, state: &str) -> Value {
    let asks = known.get("permissions").get(state).as_list();
    asks.and_then(|asks| asks.first()).map_or(Value::Null, |ask| ask.get("resources").clone())
}

#[test]
fn an_unknown_input_leaves_what_the_definition_says() {
    let table = task("dynamodb:putItem", r#""TableName.$": "$.table", "Item": {}"#);
    let kept = two(&table).replace(r#""Message": "m"}"#, r#""Message": "m"}, "ResultPath": null"#);
    let said = known(&kept, &[("input", Value::Unknown)]).unwrap();
    assert_eq!(resources(&said, "/States/First"), Value::list([Value::from(TOPIC)]));
    assert_eq!(resources(&said, "/States/Second"), Value::Unknown);
    let services = said.get("documents_by_service");
    assert!(services.get("sns").as_str().is_some_and(|document| document.contains(TOPIC)));
    assert_eq!(services.get("dynamodb"), &Value::Unknown);
    assert_eq!(said.get("findings_by_state").get("/States/Second"), &Value::Unknown);
    // The result of the first task replaces the input.
    let said = known(&two(&table), &[("input", Value::Unknown)]).unwrap();
    assert_eq!(resources(&said, "/States/Second").as_list().map(<[Value]>::len), Some(1));
    // With nothing that is taken from the execution, all is known.
    let said = known(
        &two(r#""Type": "Succeed""#).replace(r#", "End": true}}}"#, "}}}"),
        &[("input", Value::Unknown)],
    );
    assert!(said.unwrap().get("json").as_str().is_some());
}

/// The list may come to be empty, and then the call needs nothing.
#[test]
fn a_list_of_an_unknown_input_may_name_nothing() {
    let reports = task("codebuild:batchGetReports", r#""ReportArns.$": "$.reports""#);
    let definition = two(&reports).replace(r#""Message": "m"}"#, r#""Message": "m"}, "ResultPath": null"#);
    let said = known(&definition, &[("input", Value::Unknown)]).unwrap();
    assert_eq!(said.get("permissions").get("/States/Second"), &Value::Unknown);
    let came = known(&definition, &[("input", r#"{"reports": []}"#.into())]).unwrap();
    assert_eq!(came.get("permissions").get("/States/Second"), &Value::list(Vec::<Value>::new()));
}

#[test]
fn an_unknown_level_leaves_what_it_could_only_make_an_error() {
    let open = task("sqs:sendMessage", r#""QueueUrl.$": "$.queue", "MessageBody": "m""#);
    let levels = [("on_finding", Value::Unknown)];
    let said = known(&two(&open), &levels).unwrap();
    assert_eq!(said.get("findings_by_state").get("/States/First"), &Value::list(Vec::<Value>::new()));
    assert_eq!(said.get("findings_by_state").get("/States/Second"), &Value::Unknown);
    assert_eq!(resources(&said, "/States/Second").as_list().map(<[Value]>::len), Some(1));
    // A warning that may not be lowered.
    let any = task("lambda:invoke", r#""FunctionName.$": "$.f""#);
    let said = known(&two(&any), &levels).unwrap();
    let found = said.get("findings_by_state").get("/States/Second").as_list().expect("it is known");
    assert_eq!(found[0].get("code"), &Value::from("dangerous-wildcard"));
    // An error that may be lowered is none yet.
    let wrong = two(&task(
        "sqs:sendMessage",
        r#""QueueUrl": "arn:aws:iam::111122223333:role/Admin", "MessageBody": "m""#,
    ));
    assert!(known(&wrong, &[]).unwrap_err().contains("[impossible-value]"));
    let said = known(&wrong, &levels).unwrap();
    assert_eq!(said.get("findings_by_state").get("/States/Second"), &Value::Unknown);
}

/// `on_unresolved` is about one code alone.
#[test]
fn an_unknown_on_unresolved_lowers_no_other_error() {
    let wrong = task("sns:publish", r#""TopicArn": "arn:aws:iam::111122223333:role/Admin", "Message": "m""#);
    let options = |argument: &'static str| {
        let place = [("account_id", "111122223333".into()), ("region", "eu-west-1".into())];
        let open = [(argument, Value::Unknown)];
        place.into_iter().chain(open).map(|(name, value)| ((*name).into(), value)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(validate(&two(&wrong), &options("on_unresolved")).len(), 1);
    assert_eq!(validate(&two(&wrong), &options("on_finding")), Vec::<String>::new());
}

/// An unknown map says nothing of states without tokens.
#[test]
fn unknown_substitutions_leave_states_without_tokens() {
    let table = task("dynamodb:putItem", r#""TableName": "${Table}", "Item": {}"#);
    let said = known(&two(&table), &[("definition_substitutions", Value::Unknown)]).unwrap();
    let found = said.get("findings_by_state");
    assert_eq!(found.get("/States/First"), &Value::list(Vec::<Value>::new()));
    assert_eq!((found.get("/States/Second"), found.get("")), (&Value::Unknown, &Value::Unknown));
}

/// One permission cannot be divided, whatever the limit.
#[test]
fn an_unknown_limit_leaves_a_document_that_cannot_be_divided() {
    let limit = [("document_size_limit", Value::Unknown)];
    let succeed = two(r#""Type": "Succeed""#).replace(r#", "End": true}}}"#, "}}}");
    let one = known(&succeed, &limit).unwrap();
    assert_eq!(one.get("documents").as_list().map(<[Value]>::len), Some(1));
    let more = two(&task(
        "sqs:sendMessage",
        r#""QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "MessageBody": "m""#,
    ));
    assert_eq!(known(&more, &limit).unwrap().get("documents"), &Value::Unknown);
}

/// A key may settle what is told of a bucket's data; of a topic's name it says nothing.
#[test]
fn unknown_keys_leave_what_depends_on_no_key() {
    let keys = [("kms_key_arns", Value::Unknown)];
    let lambda = task("lambda:invoke", r#""FunctionName": "f""#);
    let only_lambda = format!(r#"{{"StartAt": "A", "States": {{"A": {{{lambda}, "End": true}}}}}}"#);
    let found = |definition: &str| known(definition, &keys).unwrap().get("findings_by_state").get("").clone();
    assert_eq!(found(&only_lambda), Value::list(Vec::<Value>::new()));
    assert_eq!(found(&two(&lambda)), Value::Unknown);
}

/// An activity may have a key, with which its state needs more. Where only the key is not known, the actions
/// are.
#[test]
fn unknown_keys_of_activities_leave_the_other_states() {
    let activity = "arn:aws:states:eu-west-1:111122223333:activity:pack";
    let definition = two(&format!(r#""Type": "Task", "Resource": "{activity}""#));
    let said = known(&definition, &[("activity_kms_keys", Value::Unknown)]).unwrap();
    assert_eq!(resources(&said, "/States/First"), Value::list([Value::from(TOPIC)]));
    assert_eq!(said.get("permissions").get("/States/Second"), &Value::Unknown);
    assert_eq!(
        (said.get("is_empty"), said.get("actions_by_service")),
        (&Value::Bool(false), &Value::Unknown)
    );
    let one = Value::object([(activity, Value::Unknown)]);
    let said = known(&definition, &[("activity_kms_keys", one)]).unwrap();
    assert_eq!(resources(&said, "/States/Second"), Value::Unknown);
    assert_eq!(said.get("actions_by_service").get("kms").as_list().map(<[Value]>::len), Some(2));
    assert_eq!(said.get("callback_policy_json"), &Value::Unknown);
    let said = known(
        &two(r#""Type": "Succeed""#).replace(r#", "End": true}}}"#, "}}}"),
        &[("activity_kms_keys", Value::Unknown)],
    );
    let found = said.as_ref().unwrap().get("findings_by_state");
    assert_eq!(
        (found.get("/States/First").as_list().map(<[Value]>::len), found.get("")),
        (Some(0), &Value::Unknown)
    );
}

/// Where AWS requires a wildcard, a hint can only accept it.
#[test]
fn an_unknown_hint_leaves_the_wildcards_that_aws_requires() {
    let describe = task("aws-sdk:ec2:describeInstances", "");
    let hints = [("resource_hint", Value::Unknown)];
    let said = known(&two(&describe), &hints).unwrap();
    assert_eq!(resources(&said, "/States/Second"), Value::list([Value::from("*")]));
    assert_eq!(said.get("findings_by_state").get("/States/Second"), &Value::Unknown);
}

/// Of the types that a call may be about, each needs the same action. What depends on another parameter too,
/// which is absent, is not needed.
#[test]
fn an_unknown_type_leaves_the_action_known() {
    let tag =
        task("aws-sdk:ssm:addTagsToResource", r#""ResourceType": "${Type}", "ResourceId": "r", "Tags": []"#);
    let tokens = Value::object([("Type", Value::Unknown)]);
    let said = known(&two(&tag), &[("definition_substitutions", tokens)]).unwrap();
    let actions = said.get("actions_by_service").get("ssm");
    assert_eq!(actions, &Value::list([Value::from("ssm:AddTagsToResource")]));
    assert_eq!(said.get("is_empty"), &Value::Bool(false));
    let rule = task("aws-sdk:eventbridge:putRule", r#""Name": "r", "EventBusName": "${Bus}""#);
    let tokens = Value::object([("Bus", Value::Unknown)]);
    let said = known(&two(&rule), &[("definition_substitutions", tokens)]).unwrap();
    let actions = said.get("actions_by_service").get("events");
    assert_eq!(actions, &Value::list([Value::from("events:PutRule")]));
}

/// A token counts as the name of a general-purpose bucket, and as plain text. What its string comes to be
/// with its value may be neither, however its parts are spread over tokens and text.
#[test]
fn a_string_that_tokens_make_something_else_is_an_error() {
    let definition = |resource: &str, parameters: &str| {
        let members = task(resource, parameters).replace("Parameters", "Arguments");
        format!(
            r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{{members}, "End": true}}}}}}"#
        )
    };
    let said = |resource: &str, parameters: &str, values: &[(&'static str, &str)], is_known: bool| {
        let value = |value: &str| if is_known { Value::from(value) } else { Value::Unknown };
        let values = values.iter().map(|(name, text)| (*name, value(text)));
        known(&definition(resource, parameters), &[("definition_substitutions", Value::object(values))])
    };
    let (get, copy) = ("aws-sdk:s3:getObject", "aws-sdk:s3:copyObject");
    // The data source says the same when it is read.
    let read = |resource: &str, parameters: &str, values: &[(&'static str, &str)]| {
        let values = values.iter().map(|(name, text)| (*name, Value::from(*text)));
        let arguments = Value::object([
            ("definition", definition(resource, parameters).as_str().into()),
            ("definition_substitutions", Value::object(values)),
        ]);
        let (state, told) = Sfniam::default().read_data_source(DATA_SOURCE, &arguments, &Cancel::default());
        assert!(state.is_none(), "{parameters}");
        told.into_iter().map(|one| one.detail).collect::<Vec<_>>()
    };
    let services = |said: Value| match said.get("actions_by_service") {
        Value::Object(services) => services.keys().cloned().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for (resource, parameters, values) in [
        (get, r#""Bucket": "${A}", "Key": "k""#, &[("A", "fast--euw1-az1--x-s3")][..]),
        (get, r#""Bucket": "${A}-s3", "Key": "k""#, &[("A", "fast--euw1-az1--x")]),
        (get, r#""Bucket": "x-${A}", "Key": "k""#, &[("A", "-x-s3")]),
        (get, r#""Bucket": "${A}${B}", "Key": "k""#, &[("A", "fast--euw1-az1--x-"), ("B", "s3")]),
        (copy, r#""Bucket": "b", "Key": "k", "CopySource": "${A}""#, &[("A", "/fast--euw1-az1--x-s3/k")]),
        (
            get,
            r#""Bucket": "${A}", "Key": "k""#,
            &[("A", "arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-1/accesspoint/a")],
        ),
        (
            get,
            r#""Bucket": "${A}", "Key": "k""#,
            &[("A", "arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/a")],
        ),
        (
            copy,
            r#""Bucket": "b", "Key": "k", "CopySource": "${A}""#,
            &[("A", "arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-1/object/k")],
        ),
        (get, r#""Bucket": "${A}${B}", "Key": "k""#, &[("A", "{"), ("B", "% $x %}")]),
        (get, r#""Bucket": "b", "Key": "${A}""#, &[("A", "{% $x %}")]),
    ] {
        let open = said(resource, parameters, values, false).unwrap();
        assert_eq!(services(open), ["s3"], "{parameters}");
        let error = said(resource, parameters, values, true).unwrap_err();
        assert!(error.contains("in the definition"), "{parameters}: {error}");
        let late = read(resource, parameters, values);
        assert!(late.iter().any(|error| error.contains("in the definition")), "{parameters}: {late:?}");
    }
    // An Outpost itself is no bucket.
    for is_known in [false, true] {
        let outpost = [("A", "arn:aws:outposts:eu-west-1:111122223333:outpost/op-1")];
        let subnet = r#""VpcId": "vpc-1", "OutpostArn": "${A}""#;
        assert_eq!(services(said("aws-sdk:ec2:createSubnet", subnet, &outpost, is_known).unwrap()), ["ec2"]);
    }
    // The key behind the name is of no bucket, and an expression that is in the definition may have a token.
    for (parameters, value) in [
        (r#""Bucket": "b", "Key": "k", "CopySource": "plain/${A}""#, "a--x-s3"),
        (r#""Bucket": "b", "Key": "{% '${A}' %}", "CopySource": "plain/a""#, "50%}"),
    ] {
        for is_known in [false, true] {
            let said = said(copy, parameters, &[("A", value)], is_known).unwrap();
            assert_eq!(services(said), ["s3"], "{parameters}");
        }
    }
}
