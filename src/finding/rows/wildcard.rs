//! Wildcards of the policy, by their reasons.

use super::{Row, info, state, warning};

const VALUES: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";

pub(in crate::finding) const OPEN_HOST: Row = warning(
    "open-host",
    "The host of an HTTP task is known only at run time",
    "A wildcard matches slashes too, so the policy allows calls of other hosts, and the credentials of the connection can be sent there.",
    "Give `ApiEndpoint` a literal beginning, up to the slash after the host, or narrow it with a `resource_hint`.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"ApiEndpoint.$": "$.url", "Method": "GET", "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:111122223333:connection/c/1a2b3c4d-0000-1111-2222-333344445555"}}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html");

pub(in crate::finding) const DANGEROUS_WILDCARD: Row = warning(
    "dangerous-wildcard",
    "A dangerous action on more than a named resource",
    "The action manages permissions, passes or assumes a role, reads secrets, decrypts, runs commands on machines or destroys resources, and its resource is wider than a named one; or it reads or overwrites objects of every bucket, calls every function, or passes a role to any service. It is reported whatever the reason for the wildcard is. With `on_unresolved = \"error\"` it is an error, unless AWS requires the wildcard.",
    "Write the ARN or name into the definition, or name the resources in a `resource_hint`. A `resource_hint` with `accept_wildcard = true` and a `reason` accepts the wildcard.",
)
.cannot_be_lowered()
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue", "Parameters": {"SecretId.$": "$.secret"}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html");

pub(in crate::finding) const UNRESOLVED_RESOURCE: Row = warning(
    "unresolved-resource",
    "A resource that is known only at run time",
    "The service, type, account, Region or main name (bucket, table, topic, queue, function, role, key, secret, state machine, cluster, …) of a resource comes from a value that is known only at run time, or that the definition does not contain. The policy has a wildcard in its place, so the role can access every resource that matches.",
    "Write the ARN or name into the definition, or name the resources in a `resource_hint`. A `resource_hint` with `accept_wildcard = true` and a `reason` accepts the wildcard.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}, "End": true}"#,
))
.docs(VALUES);

pub(in crate::finding) const OPEN_PART: Row = info(
    "open-part",
    "A part of a known resource is known only at run time",
    "The main name of a resource is known, but a part of it is not: an object key in a known bucket, an index of a known table, a version of a known function.",
    "No change is needed if the role may use the whole resource. Otherwise write the part, or a literal beginning of it, into the definition, or use a `resource_hint`.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "reports", "Key.$": "$.key"}, "End": true}"#,
    )
    .with(r#"{"mode": "least_privilege"}"#),
)
.docs(VALUES);

pub(in crate::finding) const ACCEPTED_WILDCARD: Row = info(
    "accepted-wildcard",
    "A wildcard that a hint accepts",
    "A `resource_hint` has `accept_wildcard = true` for it. The message has the `reason` that the hint gives.",
    "No change is needed. Remove the hint when the reason no longer holds.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}, "End": true}"#,
    )
    .with(r#"{"resource_hint": [{"state": "A", "parameter": "TopicArn", "accept_wildcard": true, "reason": "Tenants create their own topics."}]}"#),
)
.docs(VALUES);

pub(in crate::finding) const HINTED_WILDCARD: Row = info(
    "hinted-wildcard",
    "A wildcard of a hint",
    "The `resources` of a `resource_hint` have a wildcard.",
    "No change is needed if it is as narrow as it can be.",
)
.example(
    state(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}, "End": true}"#,
    )
    .with(r#"{"region": "eu-west-1", "account_id": "111122223333", "resource_hint": [{"state": "A", "parameter": "TopicArn", "resources": ["arn:aws:sns:eu-west-1:111122223333:orders-*"]}]}"#),
)
.docs(VALUES);

pub(in crate::finding) const AWS_WILDCARD: Row = info(
    "aws-wildcard",
    "A wildcard that AWS requires",
    "The action has no resource type, AWS documents the wildcard, or the ID does not exist before the call.",
    "No change is needed: the policy cannot be narrower.",
)
.example(
    state(r#"{"Type": "Succeed"}"#).with(r#"{"tracing_configuration": {"enabled": true}}"#),
)
.docs("https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html");
