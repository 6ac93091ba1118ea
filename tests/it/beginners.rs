//! What a new user is told first, word for word as the data source tells it: what is wrong, where, and what
//! to do.

use serde_json::{Value as Json, json};
use sfniam::protocol::Provider;
use sfniam::protocol::value::Value;
use sfniam::provider::{DATA_SOURCE, Sfniam};
use sfniam::work::Cancel;

use crate::support::arguments::value;

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:orders";

/// The summaries and details of everything that is not informational.
fn told(definition: &str, more: &Json) -> Vec<(String, String)> {
    let place = json!({"account_id": "111122223333", "region": "eu-west-1", "state_machine_name": "shop", "mode": "least_privilege"});
    let (Value::Object(mut arguments), Value::Object(more)) = (value(&place), value(more)) else {
        panic!("objects")
    };
    arguments.extend(more);
    arguments.insert("definition".into(), definition.into());
    let (_, diagnostics) =
        Sfniam::default().read_data_source(DATA_SOURCE, &Value::Object(arguments), &Cancel::default());
    diagnostics.into_iter().map(|one| (one.summary, one.detail)).collect()
}

/// A machine of one state.
fn one(state: &str, members: &str) -> String {
    format!(r#"{{"StartAt": "{state}", "States": {{"{state}": {{{members}, "End": true}}}}}}"#)
}

fn publishing(topic: &str) -> String {
    one(
        "B",
        &format!(
            r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{{topic}, "Message": "m"}}"#
        ),
    )
}

fn hint(state: &str, topic: &str) -> Json {
    json!({"resource_hint": [{"state": state, "parameter": "TopicArn", "resources": [topic]}]})
}

fn is_told(definition: &str, more: &Json, summary: &str, detail: &str) {
    let told = told(definition, more);
    assert_eq!(told, [(summary.to_owned(), detail.to_owned())], "{more}");
}

#[test]
fn a_wildcard_is_told_with_its_state_and_a_hint_to_paste() {
    let open = publishing(r#""TopicArn.$": "$.topic""#);
    is_told(
        &open,
        &json!({}),
        "shop: sns:Publish on every topic (state \"B\")",
        "States.B: Task \"B\" takes \"TopicArn\" from $.topic, known only at run time, so sns:Publish is allowed on every topic. Write the ARN, or \
         add resource_hint { state = \"B\", parameter = \"TopicArn\", resources = […] }. [unresolved-resource]",
    );
    let misspelt = publishing(&format!(r#""TopicARN": "{TOPIC}""#));
    is_told(
        &misspelt,
        &json!({}),
        "shop: A parameter in another case (state \"B\")",
        "States.B: \"TopicARN\" is not a parameter of sns:publish: names of parameters are case-sensitive, and AWS rejects others. Did you mean \
         \"TopicArn\"? The policy is for \"TopicArn\". [wrong-case]",
    );
}

#[test]
fn what_is_not_given_or_misspelt_is_named() {
    let known = publishing(&format!(r#""TopicArn": "{TOPIC}""#));
    is_told(
        &known,
        &json!({"account_id": null}),
        "shop: \"account_id\" is not set",
        "\"account_id\" is not set, so \"assume_role_policy_json\" lets state machines of any account use the role. Set \"account_id\" to narrow it. \
         [missing-setting]",
    );
    is_told(
        &known,
        &json!({"account_id": "1111-2222-3333"}),
        "Not an account ID",
        "\"1111-2222-3333\" is not the ID of an AWS account, which has twelve digits. Write it without separators: \"111122223333\". \
         [invalid-argument]",
    );
    is_told(
        &known,
        &json!({"region": "eu-wset-1"}),
        "Not a region",
        "\"eu-wset-1\" is not the code of a region, such as \"eu-west-1\". Did you mean \"eu-west-1\"? [invalid-argument]",
    );
    is_told(
        &known,
        &json!({"input": "{"}),
        "The input is not JSON",
        "\"input\" is not JSON. At line 1, column 2: the text ends inside an object. Give a JSON object with the members that are the same in every \
         execution, for instance by jsonencode. [invalid-input]",
    );
    is_told(
        &known,
        &json!({"size_limit": 100}),
        "The policy is too large",
        "The policy has 139 characters without white space, but the limit is 100. IAM allows 10240 for all inline policies of a role together and \
         6144 for a managed policy. It fits into one document of at most 6144 characters: set \"size_limit\" to 139, and attach each of \"documents\" as a \
         managed policy. Set \"size_limit\" alone if the document goes elsewhere. [policy-too-large]",
    );
}

#[test]
fn what_a_task_calls_is_suggested() {
    let calling = |resource: &str| {
        one("A", &format!(r#""Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {{}}"#))
    };
    is_told(
        &calling("aws-sdk:dynamodb:puItem"),
        &json!({}),
        "Unknown service integration",
        "The service \"dynamodb\" has no API \"puItem\". Did you mean \"putItem\"? If AWS has added it since 2026-10-27, the day of the \
         catalogue, allow it with allow_unknown_apis = [\"dynamodb:puItem\"]. [unknown-api]\n\nState: States.A\nPlace in the definition: /States/A/Resource",
    );
}

#[test]
fn a_hint_that_does_not_fit_is_told_why() {
    let open = publishing(r#""TopicArn.$": "$.topic""#);
    is_told(
        &open,
        &hint("C", TOPIC),
        "A hint for a state or integration that does not exist",
        "There is no state \"C\"; there are \"B\". Correct the name, or remove the hint. [hint-without-state]",
    );
    is_told(
        &publishing(&format!(r#""TopicArn": "{TOPIC}""#)),
        &hint("B", TOPIC),
        "A hint that matches nothing",
        "State \"B\" has no wildcard for \"TopicArn\": nothing of it is known only at run time, so all its resources are known already. Remove the hint. \
         [hint-without-match]",
    );
    is_told(
        &open,
        &hint("B", "arn:aws:sns:eu-west-1:444455556666:*"),
        "A hint that does not narrow",
        "\"arn:aws:sns:eu-west-1:444455556666:*\" is not within \"arn:aws:sns:eu-west-1:111122223333:*\", the resource of \"TopicArn\" without the hint. A hint can \
         only narrow: name resources of that type and Region. One of another account must be an exact ARN. [hint-too-wide]",
    );
    // The exact ARN of another account is no error.
    assert_eq!(told(&open, &hint("B", "arn:aws:sns:eu-west-1:444455556666:orders")), []);
}
