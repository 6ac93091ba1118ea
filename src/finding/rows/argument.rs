//! Arguments that cannot be used, hints, and sizes.

use super::{Row, error, info, state, warning};

const QUOTAS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

pub(in crate::finding) const DEFECT: Row = error(
    "defect",
    "The policy fails its own check",
    "The generated policy does not allow what the tasks need, or allows more. It is not returned.",
    "This is a bug in the provider. Please report it with the definition, or a part of it that reproduces the error.",
);

pub(in crate::finding) const REFUSED_POLICY: Row = error(
    "refused-policy",
    "IAM would reject the policy",
    "A value of the definition, an argument or a hint leads to a policy that is not valid in IAM's grammar: an ARN that does not name a resource, or one whose service is a wildcard.",
    "Correct the value that the message quotes.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:${Partition}:sns:eu-west-1:111122223333:orders", "Message": "m"}, "End": true}"#,
    )
    .with(r#"{"region": "eu-west-1", "account_id": "111122223333"}"#),
);

pub(in crate::finding) const INTERRUPTED: Row = error(
    "interrupted",
    "Interrupted",
    "Terraform or OpenTofu cancelled the call before there was a result.",
    "Run it again.",
);

pub(in crate::finding) const INVALID_ARGUMENT: Row = error(
    "invalid-argument",
    "Invalid argument",
    "An argument of the data source, the provider block or a function, or an option of the command line, has an invalid value.",
    "Correct the argument that the message names.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(r#"{"region": "Ireland"}"#));

pub(in crate::finding) const MISSING_SUBSTITUTION: Row = error(
    "missing-substitution",
    "Tokens without a value",
    "`definition_substitutions` is set, but lacks the value of a `${Token}` in the definition.",
    "Add a value for each token.",
)
.example(
    state(r#"{"Type": "Pass", "Comment": "${Stage}", "End": true}"#)
        .with(r#"{"definition_substitutions": {}}"#),
);

pub(in crate::finding) const TEMPLATE_CONSTRUCT: Row = error(
    "template-construct",
    "A construct that only templates support",
    "`definition_substitutions` is set, and the definition has a construct that only `templatefile` evaluates: `${jsonencode(x)}`, `$${x}`, `%{ if x }`.",
    "Write a plain `${Token}` and set its value, or pass the result of `templatefile` as `definition`.",
)
.example(
    state(r#"{"Type": "Pass", "Comment": "${upper(x)}", "End": true}"#)
        .with(r#"{"definition_substitutions": {}}"#),
);

pub(in crate::finding) const UNUSED_SUBSTITUTION: Row = info(
    "unused-substitution",
    "Values without a token",
    "`definition_substitutions` has a value for a token that is not in the definition. This is normal for a map that several state machines share.",
    "No change is needed, or correct its name.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(r#"{"definition_substitutions": {"Stage": "test"}}"#));

pub(in crate::finding) const LEFT_OVER_TOKEN: Row = warning(
    "left-over-token",
    "Tokens that are taken literally",
    "The definition has a `${Token}`, but `definition_substitutions` is not set, so the token is plain text.",
    "Set its value in `definition_substitutions`, or replace it with `templatefile`.",
)
.example(state(r#"{"Type": "Pass", "Comment": "${Stage}", "End": true}"#));

pub(in crate::finding) const INVALID_INPUT: Row = error(
    "invalid-input",
    "Invalid input",
    "`input` is not JSON, or not an object.",
    "Pass a JSON object with the members that are the same in every execution, for example with `jsonencode`.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(r#"{"input": "[]"}"#));

const OPEN_TOPIC: &str = r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}, "End": true}"#;

pub(in crate::finding) const INVALID_HINT: Row = error(
    "invalid-hint",
    "Invalid hint",
    "A `resource_hint` lacks a required argument, or one of its `resources` is not an ARN of the service and type that the parameter takes.",
    "Set `state` or `integration`, `parameter` or `action`, and either `resources` or `accept_wildcard = true` with a `reason`.",
)
.example(state(OPEN_TOPIC).with(
    r#"{"resource_hint": [{"state": "A", "parameter": "TopicArn", "resources": ["orders"]}]}"#,
));

pub(in crate::finding) const HINT_WITHOUT_STATE: Row = error(
    "hint-without-state",
    "A hint for a state or integration that does not exist",
    "The definition has no state, or no task with the integration, that a `resource_hint` names.",
    "Correct the name, or remove the hint.",
)
.example(state(OPEN_TOPIC).with(
    r#"{"resource_hint": [{"state": "B", "parameter": "TopicArn", "resources": ["arn:aws:sns:eu-west-1:111122223333:orders"]}]}"#,
));

pub(in crate::finding) const HINT_WITHOUT_MATCH: Row = error(
    "hint-without-match",
    "A hint that matches nothing",
    "The state has no wildcard for the parameter or action that a `resource_hint` names: the value is already known, or another parameter is unresolved.",
    "Remove the hint, or correct the name of the parameter.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}"#,
    )
    .with(r#"{"resource_hint": [{"state": "A", "parameter": "FunctionName", "resources": ["arn:aws:lambda:eu-west-1:111122223333:function:f"]}]}"#),
);

pub(in crate::finding) const HINT_TWICE: Row = error(
    "hint-twice",
    "A hint for what an earlier hint has resolved",
    "An earlier `resource_hint` has already replaced the wildcard.",
    "Put all resources into one hint, or make the earlier one narrower.",
)
.example(state(OPEN_TOPIC).with(
    r#"{"resource_hint": [{"state": "A", "parameter": "TopicArn", "resources": ["arn:aws:sns:eu-west-1:111122223333:orders"]}, {"state": "A", "parameter": "TopicArn", "resources": ["arn:aws:sns:eu-west-1:111122223333:bills"]}]}"#,
));

pub(in crate::finding) const HINT_TOO_WIDE: Row = error(
    "hint-too-wide",
    "A hint that does not narrow",
    "One of the `resources` of a `resource_hint` is as wide as what it replaces, wider, of another type, or in another Region.",
    "Name the resources. To accept the wildcard as it is, set `accept_wildcard = true` with a `reason`.",
)
.example(state(OPEN_TOPIC).with(
    r#"{"mode": "least_privilege", "region": "eu-west-1", "account_id": "111122223333", "resource_hint": [{"state": "A", "parameter": "TopicArn", "resources": ["arn:aws:sns:eu-west-1:111122223333:*"]}]}"#,
));

pub(in crate::finding) const HINT_WITHOUT_EFFECT: Row = info(
    "hint-without-effect",
    "A hint without effect in this mode",
    "A `resource_hint` would narrow the policy of the other `mode`, but this one has no wildcard for it.",
    "No change is needed if the same configuration serves both modes.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": {"JobName": "j", "JobDefinition": "d", "JobQueue.$": "$.queue"}, "End": true}"#)
        .with(r#"{"resource_hint": [{"state": "A", "parameter": "JobQueue", "resources": ["arn:aws:batch:eu-west-1:111122223333:job-queue/orders"]}]}"#));

pub(in crate::finding) const POLICY_TOO_LARGE: Row = error(
    "policy-too-large",
    "The policy is too large",
    "The policy has more characters than `size_limit`, not counting white space.",
    "Set `size_limit` to the size, and attach each of `documents`, which keep to `document_size_limit`, as a managed policy.",
)
.example(state(OPEN_TOPIC).with(r#"{"size_limit": 50}"#))
.docs(QUOTAS);

pub(in crate::finding) const PERMISSION_TOO_LARGE: Row = error(
    "permission-too-large",
    "A permission larger than a document",
    "A document that allows one action on one resource, and nothing else, has more characters than `document_size_limit`, so `documents` cannot be made.",
    "Set `document_size_limit` to the size in the message.",
)
.example(state(OPEN_TOPIC).with(r#"{"document_size_limit": 50}"#))
.docs(QUOTAS);

pub(in crate::finding) const OVERSIZED_PART: Row = info(
    "oversized-part",
    "A part larger than a managed policy",
    "A document in `documents_by_service` has more characters than a managed policy can have.",
    "Use `documents`, in which no document is larger than `document_size_limit`.",
)
.example(state(r#"{"QueryLanguage": "JSONata", "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Arguments": {"Bucket": "reports", "Key": "{% $pad('', 7000, 'x') %}"}, "End": true}"#)
        .with(r#"{"size_limit": 10000, "document_size_limit": 10000}"#))
.docs(QUOTAS);
