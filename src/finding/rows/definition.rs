//! Definitions that cannot be read.

use super::{Row, definition, error, state};

const ASL: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";
const TASKS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html";
const MAPS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html";

pub(in crate::finding) const INVALID_JSON: Row = error(
    "invalid-json",
    "The definition is not JSON",
    "The text cannot be read as JSON, is empty, or is nested deeper than 128 levels.",
    r#"Correct the text at the line and column that the message names. Read a file with `file("…")`, and YAML with `jsonencode(yamldecode(file("…")))`."#,
)
.example(definition(r#"{"StartAt": "A", "States": {"#))
.docs(ASL);

pub(in crate::finding) const DUPLICATE_KEY: Row = error(
    "duplicate-key",
    "Duplicate key",
    "An object has the same key more than once. Only one of the values would be used, and JSON parsers differ in which one.",
    "Remove all but one.",
)
.example(definition(
    r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Fail"}}}"#,
))
.docs(ASL);

pub(in crate::finding) const NOT_A_DEFINITION: Row = error(
    "not-a-definition",
    "Something else instead of the definition",
    "`definition` is the name of a file, an ARN, a template of CloudFormation or SAM, the configuration of the Serverless Framework, what `aws stepfunctions describe-state-machine` \
     prints, an IAM policy, a plan, states alone, or any of these around a definition.",
    "Pass the text of the definition. The message says where it is.",
)
.example(definition("orders.asl.json"))
.docs(ASL);

pub(in crate::finding) const INVALID_WORKFLOW: Row = error(
    "invalid-workflow",
    "Not a workflow",
    "A state machine, a branch of a Parallel state or the processor of a Map state is an object with `StartAt` and `States`.",
    "Pass the definition itself, and give each branch and processor its `States`.",
)
.example(definition(r#"{"Comment": "no states"}"#))
.docs(ASL);

pub(in crate::finding) const INVALID_STATE: Row = error(
    "invalid-state",
    "Not a state",
    "A state is an object whose `Type` is `Task`, `Map`, `Parallel`, `Pass`, `Choice`, `Wait`, `Succeed` or `Fail`.",
    "Correct the `Type`; it is case-sensitive.",
)
.example(state(r#"{"Type": "task", "End": true}"#))
.docs(ASL);

pub(in crate::finding) const INVALID_RESOURCE: Row = error(
    "invalid-resource",
    "The Resource is not recognized",
    "The `Resource` of a task, reader or writer is missing, is not a string, or does not have a form that Step Functions supports.",
    "Write the ARN of a service integration such as `arn:aws:states:::lambda:invoke`, of a Lambda function or of an activity.",
)
.example(state(r#"{"Type": "Task", "Resource": "arn:aws:sns:eu-west-1:111122223333:orders", "End": true}"#))
.docs(TASKS);

pub(in crate::finding) const INVALID_CREDENTIALS: Row = error(
    "invalid-credentials",
    "Credentials without the ARN of a role",
    "`Credentials` names the role that a task assumes, but there is no `RoleArn`, or it is not the ARN of a role.",
    "Give the role's ARN, or remove `Credentials`.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Credentials": {}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html");

pub(in crate::finding) const INVALID_MAP: Row = error(
    "invalid-map",
    "A Map state that cannot be read",
    "The processor, its `Mode`, its `ExecutionType` or the `Label` of a Map state is missing or is not valid in Step Functions.",
    "Correct the member that the message names.",
)
.example(state(r#"{"Type": "Map", "End": true}"#))
.docs(MAPS);

pub(in crate::finding) const INVALID_TRANSFER: Row = error(
    "invalid-transfer",
    "A reader or writer that cannot be used",
    "An `ItemReader` or `ResultWriter` belongs to a Map state in `DISTRIBUTED` mode and calls one of the few Amazon S3 APIs that Step Functions supports there.",
    "Correct the `Resource`, or set the mode of the Map state.",
)
.example(state(
    r#"{"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}, "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}"#,
))
.docs(MAPS);

pub(in crate::finding) const INVALID_LANGUAGE: Row = error(
    "invalid-query-language",
    "The query language does not match",
    "`QueryLanguage` is neither `JSONPath` nor `JSONata`, a JSONata state machine has a state with JSONPath, or a state passes its arguments in the member of the other language.",
    "Use `Parameters` with JSONPath and `Arguments` with JSONata. Only a JSONPath state machine can mix the two, state by state.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "f"}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html");
