//! Values that are known only at run time and may name a resource of another account or Region, beside the
//! policy of a role.

use serde_json::{Value, json};
use sfniam::compare::{Comparison, Difference};
use sfniam::generator::{Role, compare_role};
use sfniam::permissions::Mode;
use sfniam::work::Cancel;

use crate::support::request;

fn compared(definition: &str, policy: &Value) -> Comparison {
    let (machines, policies) = ([request(definition, Mode::LeastPrivilege)], [policy.to_string()]);
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    compare_role(role, &Cancel::default()).expect("a comparison")
}

/// A task of a state machine in JSON.
fn task(integration: &str, parameters: &Value) -> String {
    json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": format!("arn:aws:states:::{integration}"), "Parameters": parameters, "End": true
    }}})
    .to_string()
}

/// A value known only at run time may be the ARN of a resource of another account or region; a name may not.
#[test]
fn a_grant_elsewhere_is_undecided_where_the_value_may_be_an_arn() {
    let entry = json!([{"EventBusName.$": "$.x", "Source": "s", "DetailType": "d", "Detail": "{}"}]);
    for (integration, parameters, action, resource, may_be_elsewhere) in [
        (
            "sns:publish",
            json!({"TopicArn.$": "$.x", "Message": "m"}),
            "sns:Publish",
            "sns:us-east-1:444455556666:x",
            true,
        ),
        (
            "lambda:invoke",
            json!({"FunctionName.$": "$.x"}),
            "lambda:InvokeFunction",
            "lambda:eu-west-1:444455556666:function:x",
            true,
        ),
        (
            "sqs:sendMessage",
            json!({"QueueUrl.$": "$.x", "MessageBody": "m"}),
            "sqs:SendMessage",
            "sqs:us-east-1:444455556666:x",
            true,
        ),
        (
            "dynamodb:putItem",
            json!({"TableName.$": "$.x", "Item": {}}),
            "dynamodb:PutItem",
            "dynamodb:eu-west-1:444455556666:table/x",
            true,
        ),
        (
            "events:putEvents",
            json!({"Entries": entry}),
            "events:PutEvents",
            "events:eu-west-1:444455556666:event-bus/x",
            true,
        ),
        (
            "states:startExecution",
            json!({"StateMachineArn.$": "$.x"}),
            "states:StartExecution",
            "states:eu-west-1:444455556666:stateMachine:x",
            true,
        ),
        // Another type of resource, of the same service and account.
        (
            "states:startExecution",
            json!({"StateMachineArn.$": "$.x"}),
            "states:StartExecution",
            "states:eu-west-1:111122223333:activity:x",
            false,
        ),
        // A name that AWS takes for one of this account, and an ARN of which only the name is open.
        (
            "glue:startJobRun",
            json!({"JobName.$": "$.x"}),
            "glue:StartJobRun",
            "glue:eu-west-1:444455556666:job/x",
            false,
        ),
        (
            "dynamodb:putItem",
            json!({"TableName.$": "States.Format('orders-{}', $.x)", "Item": {}}),
            "dynamodb:PutItem",
            "dynamodb:eu-west-1:444455556666:table/orders-x",
            false,
        ),
        (
            "sns:publish",
            json!({"TopicArn.$": "States.Format('arn:aws:sns:eu-west-1:111122223333:{}', $.x)", "Message": "m"}),
            "sns:Publish",
            "sns:eu-west-1:444455556666:x",
            false,
        ),
        (
            "sns:publish",
            json!({"TopicArn.$": "States.Format('arn:aws:sns:eu-west-1:{}:x', $.x)", "Message": "m"}),
            "sns:Publish",
            "sns:eu-west-1:444455556666:x",
            true,
        ),
    ] {
        let definition = task(integration, &parameters);
        let statement =
            json!({"Effect": "Allow", "Action": action, "Resource": format!("arn:aws:{resource}")});
        let found = compared(&definition, &json!({"Version": "2012-10-17", "Statement": [statement]}));
        let is_of = |row: &Difference| row.actions.iter().any(|one| one == action);
        let told = [&found.missing, &found.undecided, &found.excess].map(|rows| rows.iter().any(is_of));
        let expected = if may_be_elsewhere { [false, true, false] } else { [true, false, true] };
        assert_eq!(told, expected, "{parameters} beside {resource}: {found:#?}");
    }
}

/// A denial of everything there leaves nothing to decide; one of another place, or of another action, does.
#[test]
fn a_grant_elsewhere_that_is_denied_is_missing() {
    let definition = task("sns:publish", &json!({"TopicArn.$": "$.x", "Message": "m"}));
    for (action, resource, is_missing) in [
        ("sns:Publish", "arn:aws:sns:us-east-1:*:*", true),
        ("sns:*", "*", true),
        ("sns:Publish", "arn:aws:sns:*:444455556666:*", true),
        ("sns:Publish", "arn:aws:sns:eu-west-1:*:*", false),
        ("sns:Publish", "arn:aws:sns:us-east-1:444455556666:other", false),
        ("sns:Subscribe", "arn:aws:sns:us-east-1:*:*", false),
    ] {
        let allow = json!({"Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:us-east-1:444455556666:x"});
        let deny = json!({"Effect": "Deny", "Action": action, "Resource": resource});
        let found = compared(&definition, &json!({"Version": "2012-10-17", "Statement": [allow, deny]}));
        let told = [!found.missing.is_empty(), !found.undecided.is_empty()];
        assert_eq!(told, [is_missing, !is_missing], "{action} on {resource}: {found:#?}");
    }
}
