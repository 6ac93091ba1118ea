//! Members of states that are wrong or hardly meant.

use super::{Row, definition, error, state, warning};

const DATA: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html";
const TRANSITIONS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";

pub(in crate::finding) const INVALID_JSONATA: Row = error(
    "invalid-jsonata",
    "Invalid JSONata expression",
    "A string begins with `{%`, but what follows is not a valid JSONata expression, or it does not end with `%}`.",
    "Correct the expression at the character that the message names.",
)
.example(state(
    r#"{"QueryLanguage": "JSONata", "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "{% $states.input.( %}"}, "End": true}"#,
))
.docs(DATA);

pub(in crate::finding) const INVALID_DYNAMIC_MEMBER: Row = error(
    "invalid-dynamic-member",
    "Neither a path nor an intrinsic function",
    "The key of a member ends in `.$`, so its value must be a path, a variable or a call of an intrinsic function. A member such as `InputPath`, \
     `ResultPath` or `Variable` accepts only a path.",
    "Use such a value. For a literal, remove `.$` from the key.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName.$": "f"}, "End": true}"#,
))
.docs(DATA);

pub(in crate::finding) const DUPLICATE_MEMBER: Row = error(
    "duplicate-member",
    "A member is set twice",
    "An object has a member both as a literal and with `.$` at the end of its key, a parameter in two spellings, or a Map state both `ItemProcessor` \
     and `Iterator`. Only one of them would be used.",
    "Remove one of them.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "FunctionName.$": "$.f"}, "End": true}"#,
))
.docs(DATA);

pub(in crate::finding) const INVALID_TRANSITION: Row = error(
    "invalid-transition",
    "The state needs either Next or End",
    "A Task, Map, Parallel, Pass or Wait state must have either `Next` or `\"End\": true`, and not both; a rule of a Choice state and a catcher must have `Next`; \
     and each `Next` must be the name of a state. AWS will reject the definition.",
    "Add the missing member, or remove the other.",
)
.example(state(r#"{"Type": "Pass"}"#))
.docs(TRANSITIONS);

pub(in crate::finding) const INVALID_RULE: Row = error(
    "invalid-rule",
    "A rule needs exactly one operator",
    "A rule of a Choice state has one operator: a comparison with its `Variable`, `And`, `Or` or `Not`, or with JSONata a `Condition`. If there are several, \
     only one would be used. An element of `Choices`, `And`, `Or`, `Catch` or `Retry` is an object, and a Choice state has at least one rule.",
    "Remove the other operators, or combine rules with `And`.",
)
.example(state(
    r#"{"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "NumericLessThan": 9, "Next": "A"}]}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html");

pub(in crate::finding) const UNKNOWN_MEMBER: Row = error(
    "unknown-member",
    "Unknown member",
    "AWS rejects a definition with a member that it does not document for this place. A misspelled member would have no effect.",
    "Correct the name, or move the member to where it belongs. If AWS has added the member since, lower this error with `on_finding`.",
)
.may_be_lowered()
.example(state(r#"{"Type": "Task", "resource": "arn:aws:states:::lambda:invoke", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}"#))
.docs(TRANSITIONS);

pub(in crate::finding) const INVALID_INTRINSIC: Row = error(
    "invalid-intrinsic",
    "Not an intrinsic function",
    "A value begins with `States.`, but it is not a call of an intrinsic function that Step Functions has. AWS will reject the definition. If the error is lowered, the value is treated as unknown.",
    "Correct the call: strings use single quotes, and brackets must be balanced. If AWS has added a function since, `on_finding` can lower this error.",
)
.may_be_lowered()
.example(state(r#"{"Type": "Pass", "Parameters": {"id.$": "States.Uuid()"}, "End": true}"#))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html");

pub(in crate::finding) const CLOUDFORMATION_FUNCTION: Row = error(
    "cloudformation-function",
    "A function of CloudFormation",
    "A parameter or a member of one is `Ref`, `Fn::GetAtt`, `Fn::Sub` or another function of AWS CloudFormation, which Step Functions does not evaluate.",
    "Write a `${Token}` with its value in `definition_substitutions`, or the value itself.",
)
.may_be_lowered()
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": {"Ref": "Orders"}, "Key": {"id": {"S": "1"}}}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html");

pub(in crate::finding) const LITERAL_EXPRESSION: Row = warning(
    "literal-expression",
    "An expression that is taken literally",
    "A string looks like a path or an expression, but Step Functions takes it as plain text: the key does not end in `.$`, there are no `{%` and `%}`, or there are blanks outside of them.",
    "Add `.$` to the key for a path, or write `{% … %}` around an expression of JSONata, with nothing outside. Leave it if plain text is meant.",
)
.example(state(r#"{"Type": "Pass", "Parameters": {"id": "$.id"}, "End": true}"#))
.docs(DATA);

pub(in crate::finding) const MISSING_STATE: Row = error(
    "missing-state",
    "A state that does not exist",
    "`StartAt`, `Next` or `Default` does not name a state of the same `States`. AWS will reject the definition.",
    "Correct the name; names are case-sensitive.",
)
.example(state(r#"{"Type": "Pass", "Next": "B"}"#))
.docs(TRANSITIONS);

pub(in crate::finding) const DUPLICATE_STATE_NAME: Row = error(
    "duplicate-state-name",
    "Duplicate state name",
    "State names must be unique in the whole definition, including branches and processors. AWS will reject the definition.",
    "Rename one of the states.",
)
.example(state(
    r#"{"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}"#,
))
.docs(TRANSITIONS);

pub(in crate::finding) const UNREACHABLE_STATE: Row = error(
    "unreachable-state",
    "Unreachable state",
    "No `StartAt`, `Next`, `Default`, `Choices` or `Catch` names the state. AWS will reject the definition.",
    "Remove the state, or make it reachable.",
)
.example(definition(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}}"#))
.docs(TRANSITIONS);

pub(in crate::finding) const WRONG_CASE: Row = warning(
    "wrong-case",
    "A name in another case",
    "A parameter, or the service or API of a `Resource`, is written in another case than AWS has it, such as `TopicARN`. Names are case-sensitive, and AWS rejects the definition. In AWS SDK integrations names of parameters are in PascalCase at every level, and their acronyms are words: `DbInstanceIdentifier`, `SnsTopicArn`. The policy is for the name that is meant.",
    "Write the name as the message has it.",
)
.example(state(
    r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicARN": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m"}, "End": true}"#,
))
.docs("https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html");
