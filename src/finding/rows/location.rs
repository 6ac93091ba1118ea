//! Things in another partition, Region or account than the policy.

use super::{Row, error, info, state};

const ARNS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";
const CROSS_ACCOUNT_ACCESS: &str =
    "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html";

pub(in crate::finding) const WRONG_PARTITION: Row = error(
    "wrong-partition",
    "An ARN in another partition",
    "A task cannot call services of another AWS partition.",
    "Set `partition` or `region` to where the state machine runs, or correct the ARN.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws-cn:sns:cn-north-1:111122223333:orders"}, "End": true}"#,
    )
    .with(r#"{"mode": "least_privilege"}"#),
)
.docs(ARNS);

pub(in crate::finding) const WRONG_REGION: Row = error(
    "wrong-region",
    "A Resource in another Region",
    "The `Resource` of a task is in another Region than the policy, and tasks cannot call across Regions.",
    "Set `region` to where the state machine runs, or correct the ARN.",
)
.example(
    state(r#"{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:f", "End": true}"#)
        .with(r#"{"region": "eu-west-1"}"#),
)
.docs(CROSS_ACCOUNT_ACCESS);

pub(in crate::finding) const WRONG_ACCOUNT: Row = error(
    "wrong-account",
    "A Resource in another account",
    "The `Resource` of a task is in another account than the policy. Only Lambda functions, and tasks with `Credentials`, can be in another account.",
    "Set `account_id` to where the state machine is, correct the ARN, or give the task the `Credentials` of a role in that account.",
)
.example(
    state(r#"{"Type": "Task", "Resource": "arn:aws:states:eu-west-1:444455556666:activity:pack", "End": true}"#)
        .with(r#"{"account_id": "111122223333"}"#),
)
.docs(CROSS_ACCOUNT_ACCESS);

pub(in crate::finding) const CROSS_ACCOUNT: Row = info(
    "cross-account",
    "An ARN of another account",
    "The role's policy is only one side of access to another account: a policy of that account must allow the role too.",
    "Allow the execution role in the policy of the resource, or give the task the `Credentials` of a role in that account.",
)
.example(
    state(r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:444455556666:function:f", "End": true}"#)
        .with(r#"{"account_id": "111122223333"}"#),
)
.docs(CROSS_ACCOUNT_ACCESS);

pub(in crate::finding) const CROSS_REGION: Row = info(
    "cross-region",
    "An ARN in another Region",
    "A task calls the services of the Region in which the state machine runs. Most of them cannot access resources in other Regions, whatever the policy allows.",
    "Correct the ARN, or set `region` to where the state machine runs. No change is needed if the API takes resources in other Regions.",
)
.example(
    state(r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/orders", "MessageBody": "m"}, "End": true}"#)
        .with(r#"{"mode": "least_privilege", "region": "eu-west-1"}"#),
)
.docs(ARNS);
