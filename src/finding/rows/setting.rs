//! What the state machine itself needs: account, keys, logs, its own trust policy.

use super::{Row, error, state, warning};

const ENCRYPTION: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html";

pub(in crate::finding) const INVALID_KEY: Row = error(
    "invalid-key",
    "Not the ARN of a key",
    "`encryption_configuration`, `kms_key_arns` or `activity_kms_keys` is not the ARN of a key.",
    "Give the key's ARN: the attribute `arn` of `aws_kms_key`, or `target_key_arn` of `aws_kms_alias`.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(r#"{"kms_key_arns": ["alias/data"]}"#))
.docs(ENCRYPTION);

pub(in crate::finding) const OPEN_TRUST: Row = warning(
    "open-trust",
    "A trust policy without conditions",
    "A Distributed Map with `EXPRESS` children allows only a condition on the account in the trust policy, and `account_id` is not set: state machines of any account could use the role.",
    "Set `account_id`.",
)
.example(state(
    r#"{"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html");

pub(in crate::finding) const KEY_ALIAS: Row = warning(
    "key-alias",
    "An alias instead of a key",
    "A policy cannot name a key by its alias, so every key that has the alias is allowed, and when the alias is moved, executions with the old key fail.",
    "Set `kms_key_id` to the key's ARN.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(
    r#"{"encryption_configuration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kms_key_id": "alias/data"}}"#,
))
.docs(ENCRYPTION);

pub(in crate::finding) const UNUSED_ACTIVITY_KEY: Row = warning(
    "unused-activity-key",
    "A key for an activity that no task uses",
    "`activity_kms_keys` names an activity, but no task has it as its `Resource`.",
    "Correct the ARN of the activity, or remove it.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(
    r#"{"activity_kms_keys": {"arn:aws:states:eu-west-1:111122223333:activity:pack": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}}"#,
))
.docs(ENCRYPTION);

pub(in crate::finding) const INVALID_LOG_DESTINATION: Row = warning(
    "invalid-log-destination",
    "A log destination that AWS rejects",
    "`log_destination` is not the ARN of a log group ending in `:*`.",
    r#"Give the ARN with `:*` at its end, such as `"${aws_cloudwatch_log_group.NAME.arn}:*"`."#,
)
.example(state(r#"{"Type": "Succeed"}"#).with(
    r#"{"logging_configuration": {"level": "ALL", "log_destination": "arn:aws:logs:eu-west-1:111122223333:log-group:orders"}}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html");

pub(in crate::finding) const MISSING_SETTING: Row = warning(
    "missing-setting",
    "A missing argument",
    "An ARN needs the account, the Region or the name of the state machine, which the definition does not contain. The ARN has `*` in its place.",
    "Set `account_id`, `region` or `state_machine_name`; the first two also in the provider block.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}"#,
    )
    .with(r#"{"mode": "least_privilege"}"#),
)
.docs("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html");
