//! Values that name a resource and cannot.

use super::{Row, error, state, warning};

const GRAMMAR: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";
const ARNS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";

pub(in crate::finding) const INVALID_CHARACTER: Row = error(
    "invalid-character",
    "A character that AWS does not accept",
    "An ARN, or a name that must be ASCII, has another character. It may look like an ASCII character, or be invisible. A policy could only have a wildcard in its place.",
    "Replace the character that the message names by its number.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createModel", "Parameters": {"ModelName": "m", "ExecutionRoleArn": "\u0430rn:aws:iam::111122223333:role/model"}, "End": true}"#,
))
.docs(GRAMMAR);

pub(in crate::finding) const IMPOSSIBLE_VALUE: Row = error(
    "impossible-value",
    "A value that AWS rejects",
    "A parameter names a resource by an ARN of another service or type, without a Region or account that it needs, or with invalid ones, by an empty name, by a name with a character that the service does not accept, such as `*`, or by an invalid key ID. AWS rejects the call, whatever the policy allows.",
    "Correct the value. If AWS does accept it, lower the code in `on_finding`.",
)
.may_be_lowered()
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:iam::111122223333:role/Admin", "Message": "m"}, "End": true}"#,
))
.docs(ARNS);

pub(in crate::finding) const UNWRITABLE_CHARACTER: Row = warning(
    "unwritable-character",
    "A character that policies cannot contain",
    "The name of a resource has a character above U+00FF, which IAM does not accept in a policy. The policy has `?` in its place, which matches any one character.",
    "No change is needed if no other resource has such a name. Otherwise rename the resource.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "reports", "Key": "\u65e5.csv"}, "End": true}"#,
    )
    .with(r#"{"mode": "least_privilege"}"#),
)
.docs(GRAMMAR);

pub(in crate::finding) const LITERAL_WILDCARD: Row = warning(
    "literal-wildcard",
    "A name that looks like a wildcard",
    "A name, such as an object's key, has a `*` or `?`, which is an ordinary character in the call. The policy allows this one name, with the character escaped as `${*}` or `${?}`. In names whose service does not accept these characters it is `impossible-value`.",
    "No change is needed if that is the name. If several are meant, compute the name from a value of the execution, and add a `resource_hint` with the wildcard.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "reports", "Key": "2026/*"}, "End": true}"#,
    )
    .with(r#"{"mode": "least_privilege"}"#),
)
.docs("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html");
