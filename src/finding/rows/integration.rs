//! What a task calls, and what such a call needs.

use super::{Row, error, info, state, warning};

const INTEGRATIONS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html";
const SDK: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html";
const READERS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html";
const ACTIONS: &str = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html";

pub(in crate::finding) const UNKNOWN_SERVICE: Row = error(
    "unknown-service",
    "Unknown service",
    "Neither the optimized integrations nor the AWS SDK integrations have the service that the `Resource` names.",
    "Correct the name; the message suggests similar ones.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::lamda:invoke", "End": true}"#))
.docs(INTEGRATIONS);

pub(in crate::finding) const UNKNOWN_API: Row = error(
    "unknown-api",
    "Unknown API",
    "The service does not have the API that the `Resource` names.",
    "Correct the name; the message suggests similar ones. If the API is newer than the catalogue, name it in `allow_unknown_apis`.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publsh", "End": true}"#))
.docs(INTEGRATIONS);

pub(in crate::finding) const UNKNOWN_PATTERN: Row = error(
    "unknown-pattern",
    "Unknown integration pattern",
    "The optimized integration does not have the pattern, such as `.sync`, at the end of the `Resource`.",
    "Use one of the patterns that the message names.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish.sync", "End": true}"#))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html");

pub(in crate::finding) const EXPRESS_UNSUPPORTED: Row = error(
    "express-unsupported",
    "Not possible in an EXPRESS workflow",
    "Express workflows cannot wait: they have no `.sync`, no `.waitForTaskToken`, no activities and no Distributed Map.",
    "Call the API without its pattern, or make the workflow `STANDARD`.",
)
.example(
    state(r#"{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true}"#)
        .with(r#"{"type": "EXPRESS"}"#),
)
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html");

pub(in crate::finding) const ALLOWED_UNKNOWN_API: Row = warning(
    "allowed-unknown-api",
    "An API newer than the catalogue",
    "The catalogue of AWS SDK integrations does not have the API, so the action with the API's name is allowed on every resource.",
    "Check the action against AWS's service authorization reference.",
)
.example(
    state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:foldTable", "End": true}"#)
        .with(r#"{"allow_unknown_apis": ["dynamodb:foldTable"]}"#),
)
.docs(SDK);

pub(in crate::finding) const NEEDLESS_UNKNOWN_API: Row = warning(
    "needless-unknown-api",
    "The API is already known",
    "`allow_unknown_apis` names an API that is in the catalogue, so the entry has no effect.",
    "Remove the entry.",
)
.example(state(r#"{"Type": "Succeed"}"#).with(r#"{"allow_unknown_apis": ["dynamodb:putItem"]}"#))
.docs(SDK);

pub(in crate::finding) const ASSUMED_ACTION: Row = warning(
    "assumed-action",
    "An action that is not known for certain",
    "AWS's authorization data does not list the action that the API requires. The policy has the one that the name suggests.",
    "Test the task before you rely on it. If AWS denies the call, its message names the action: allow it in another policy.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds:describeServerlessV2PlatformVersions", "Parameters": {}, "End": true}"#))
.docs(ACTIONS);

pub(in crate::finding) const NOT_GRANTED: Row = warning(
    "not-granted",
    "A permission that is needed but not granted",
    "The call depends on a permission for something that no parameter names. Allowing it on every resource would be too wide.",
    "Allow it in another policy, on the resource that the message describes.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds:rebootDBCluster", "End": true}"#))
.docs(ACTIONS);

pub(in crate::finding) const UNSUPPORTED_API: Row = warning(
    "unsupported-api",
    "An API that Step Functions does not support",
    "AWS lists the API among those that Step Functions cannot call. The policy is generated anyway.",
    "Call another API.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sts:assumeRole", "Parameters": {"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "s"}, "End": true}"#))
.docs(SDK);

pub(in crate::finding) const RETIRED_SERVICE: Row = warning(
    "retired-service",
    "A discontinued service",
    "AWS has discontinued the service, or Step Functions no longer lists it. The policy is generated as before.",
    "Use the service that replaces it.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:qldb:listLedgers", "Parameters": {}, "End": true}"#))
.docs(SDK);

pub(in crate::finding) const UNDOCUMENTED_CREDENTIALS: Row = warning(
    "undocumented-credentials",
    "Credentials where AWS does not document them",
    "AWS documents `Credentials` for Lambda functions and AWS services only, not for activities and HTTP tasks.",
    "Test the task before you rely on it.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:eu-west-1:111122223333:activity:pack", "Credentials": {"RoleArn": "arn:aws:iam::111122223333:role/worker"}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html");

pub(in crate::finding) const UNDOCUMENTED_BUCKET_ARN: Row = warning(
    "undocumented-bucket-arn",
    "An ARN instead of a bucket name",
    "The `Bucket` of a reader or writer is an ARN. The policy allows this ARN, but AWS does not document that readers and writers accept ARNs.",
    "Test it, or use the name.",
)
.example(state(
    r#"{"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "arn:aws:s3:::sources", "Key": "items.json"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
))
.docs(READERS);

pub(in crate::finding) const PARQUET_VERSION: Row = warning(
    "parquet-version",
    "A version of a Parquet file",
    "A reader has `VersionId` with the input type `PARQUET`, but AWS does not read named versions of Parquet files.",
    "Remove `VersionId`.",
)
.example(state(
    r#"{"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "PARQUET"}, "Parameters": {"Bucket": "sources", "Key": "items.parquet", "VersionId": "1"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
))
.docs(READERS);

pub(in crate::finding) const ASSUMED_TAGGING: Row = info(
    "assumed-tagging",
    "A tagging action that is not known for certain",
    "The call sets tags. The tagging action is granted on the assumption that this call requires it like other calls of the service.",
    "No change is needed. Without the tagging action, the call might be denied.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:synthetics:createCanary", "Parameters": {"Name": "w", "Tags": {"a": "b"}}, "End": true}"#))
.docs(ACTIONS);

pub(in crate::finding) const UNNAMED_KEY: Row = info(
    "unnamed-key",
    "Data may be encrypted with a customer managed key",
    "The data of the service may be encrypted with a customer managed key, which no parameter names. The policy does not allow its use.",
    "If there is such a key, list it in `kms_key_arns`.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue", "Parameters": {"SecretId": "s"}, "End": true}"#))
.docs("https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html");

pub(in crate::finding) const SERVICE_LINKED_ROLE: Row = info(
    "service-linked-role",
    "The first call creates a service-linked role",
    "The first such call in an account creates the service-linked role of the service. The policy does not allow that.",
    "Create the role beforehand.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:accessanalyzer:createAnalyzer", "Parameters": {"AnalyzerName": "a", "Type": "ACCOUNT"}, "End": true}"#))
.docs("https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html");

pub(in crate::finding) const NO_PERMISSION: Row = info(
    "no-permission",
    "No permission is needed",
    "IAM checks nothing when the API is called.",
    "No change is needed.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sts:getCallerIdentity", "End": true}"#,
))
.docs(ACTIONS);

pub(in crate::finding) const CLUSTER_ACCESS: Row = info(
    "cluster-access",
    "Kubernetes authorizes the call, not IAM",
    "Step Functions calls the Kubernetes API as the execution role. IAM permissions are not checked: the cluster's own access control decides, and denies the call with the error `EKS.401`.",
    "Create an access entry for the execution role (`aws_eks_access_entry`) with the Kubernetes permissions that the call needs, or add the role to the ConfigMap `aws-auth`.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::eks:runJob.sync", "Parameters": {"ClusterName": "c", "CertificateAuthority": "x", "Endpoint": "https://x.eks.amazonaws.com", "Job": {}}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html");

pub(in crate::finding) const ABSENT_OBJECT: Row = info(
    "absent-object",
    "A missing object looks like a denied one",
    "S3 reports that an object does not exist (`404`) only to callers who may list its bucket. Without `s3:ListBucket` the error is `403`, which a `Catch` for the missing object does not match. The call itself does not need that permission.",
    "If the state machine must distinguish the two, allow `s3:ListBucket` on the bucket in another policy.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:headObject", "Parameters": {"Bucket": "inbox", "Key": "a"}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html");

pub(in crate::finding) const CALLBACK_WORKER: Row = info(
    "callback-worker",
    "A worker needs permissions of its own",
    "The task waits until a worker returns its token. The worker does not use the execution role.",
    "Give the worker's role the permissions in `callback_policy_json`.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", "MessageBody.$": "$$.Task.Token"}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html");
