//! Definitions as workflows have them, of any number of states.

use serde_json::{Value, json};

/// A kind of definitions.
pub(crate) struct Definition {
    /// What is in it.
    pub(crate) name: &'static str,
    state: fn(usize) -> Value,
}

/// All of them.
pub(crate) const DEFINITIONS: [Definition; 2] =
    [Definition { name: "optimized", state: mixed }, Definition { name: "sdk", state: sdk }];

impl Definition {
    /// The text with so many states.
    pub(crate) fn text(&self, states: usize) -> String {
        definition(states, self.state).to_string()
    }
}

/// A chain of states; `state` makes one of its number.
fn definition(states: usize, state: fn(usize) -> Value) -> Value {
    let mut members = serde_json::Map::new();
    for number in 0..states {
        let next = if number + 1 == states { json!(null) } else { json!(format!("State {}", number + 1)) };
        let mut state = state(number);
        match next {
            Value::Null => state["End"] = json!(true),
            next => state["Next"] = next,
        }
        members.insert(format!("State {number}"), state);
    }
    json!({"StartAt": "State 0", "States": members})
}

/// States as workflows have them: calls with retries, jobs, messages.
fn mixed(number: usize) -> Value {
    let target = number % 40;
    match number % 6 {
        0 | 3 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": format!("function-{target}"), "Payload": {"order.$": "$.order", "step": number}},
            "Retry": [{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2}],
            "ResultPath": "$.result"
        }),
        1 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:updateItem",
            "Parameters": {
                "TableName": format!("table-{target}"),
                "Key": {"id": {"S.$": "$.id"}},
                "UpdateExpression": "SET done = :done",
                "ExpressionAttributeValues": {":done": {"N.$": "States.Format('{}', $.number)"}}
            },
            "ResultPath": null
        }),
        2 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {
                "TopicArn.$": "States.Format('arn:aws:sns:eu-west-1:111122223333:topic-{}', $.kind)",
                "Message.$": "$.message"
            }
        }),
        4 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": {"JobName": "job", "JobQueue": format!("queue-{target}"), "JobDefinition": format!("definition-{target}:3")}
        }),
        _ => json!({"Type": "Pass", "Parameters": {"id.$": "$.id", "order.$": "$.order"}}),
    }
}

/// Tasks of the AWS SDK, of a few services as workflows have them.
fn sdk(number: usize) -> Value {
    let target = number % 40;
    let (api, parameters) = match number % 6 {
        0 => ("s3:getObject", json!({"Bucket": format!("bucket-{target}"), "Key.$": "$.key"})),
        1 => ("dynamodb:query", json!({"TableName": format!("table-{target}"), "IndexName": "by-date"})),
        2 => ("ec2:describeInstances", json!({"InstanceIds.$": "States.Array($.id)"})),
        3 => ("sfn:startExecution", json!({"StateMachineArn.$": "$.machine", "Input.$": "$.input"})),
        4 => ("secretsmanager:getSecretValue", json!({"SecretId": format!("secret-{target}")})),
        _ => (
            "rds:createDBSnapshot",
            json!({"DbInstanceIdentifier": format!("db-{target}"), "DbSnapshotIdentifier.$": "$.name"}),
        ),
    };
    json!({"Type": "Task", "Resource": format!("arn:aws:states:::aws-sdk:{api}"), "Parameters": parameters, "ResultPath": "$.result"})
}
