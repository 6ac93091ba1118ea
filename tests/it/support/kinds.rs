//! Kinds of definitions of any size: everything that a definition can have many of is large in one of them.

use std::collections::BTreeMap;

use sfniam::asl::ExecutionType;
use sfniam::generator::{Hint, Remedy, Request, Selector, Target};
use sfniam::permissions::Mode;

use super::cases::request;

/// A kind of definitions.
pub(crate) struct Kind {
    /// What the definition has many of.
    pub(crate) name: &'static str,
    make: fn(usize) -> String,
    /// The arguments beside the definition.
    give: fn(&mut Request, usize),
    /// Whether the whole definition is rejected.
    pub(crate) is_refused: bool,
}

impl Kind {
    /// The request with this many of them.
    pub(crate) fn request(&self, count: usize, mode: Mode) -> Request {
        let mut made = request(&(self.make)(count), mode);
        (self.give)(&mut made, count);
        made
    }
}

/// A chain of states whose members are the text, in which `№` is the number of the state.
fn chain(members: &str, count: usize) -> String {
    workflow("", members, count)
}

/// The same in JSONata.
fn jsonata(members: &str, count: usize) -> String {
    workflow(r#""QueryLanguage": "JSONata", "#, members, count)
}

fn workflow(before: &str, members: &str, count: usize) -> String {
    let state = |number: usize| {
        let members = members.replace('№', &format!("{number:05}"));
        format!(r#""S{number:05}": {{{members}, "Next": "S{:05}"}}"#, number + 1)
    };
    let states: Vec<String> = (0..count).map(state).collect();
    let end = format!(r#""S{count:05}": {{"Type": "Succeed"}}"#);
    format!(
        r#"{{{before}"StartAt": "S00000", "States": {{{}}}}}"#,
        states.iter().chain([&end]).cloned().collect::<Vec<_>>().join(", ")
    )
}

/// A definition of one state.
fn alone(before: &str, state: &str) -> String {
    format!(r#"{{{before}"StartAt": "A", "States": {{"A": {{{state}, "End": true}}}}}}"#)
}

/// This many texts, separated by commas; `№` is their number.
fn many(text: &str, count: usize) -> String {
    (0..count).map(|number| text.replace('№', &format!("{number:05}"))).collect::<Vec<_>>().join(", ")
}

/// Nested states: `open` and `close` are around each; `§` is the depth.
fn nested(open: &str, close: &str, count: usize) -> String {
    let inner = r#"{"StartAt": "I№", "States": {"I№": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.t"}, "End": true}}}"#;
    // JSON is parsed to a depth of 128.
    let depth = 12;
    let open: String = (0..depth).map(|level| open.replace('§', &level.to_string())).collect();
    let branch = format!("{open}{inner}{}", close.repeat(depth));
    format!(
        r#"{{"StartAt": "P", "States": {{"P": {{"Type": "Parallel", "End": true, "Branches": [{}]}}}}}}"#,
        many(&branch, count.div_ceil(depth))
    )
}

fn nothing(_: &mut Request, _: usize) {}

const fn plain(name: &'static str, make: fn(usize) -> String) -> Kind {
    Kind { name, make, give: nothing, is_refused: false }
}

const fn given(name: &'static str, make: fn(usize) -> String, give: fn(&mut Request, usize)) -> Kind {
    Kind { give, ..plain(name, make) }
}

const fn refused(name: &'static str, make: fn(usize) -> String) -> Kind {
    Kind { is_refused: true, ..plain(name, make) }
}

const LAMBDA: &str = r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke""#;
const SNS: &str =
    r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.t"}"#;

fn hint(state: usize) -> Hint {
    Hint {
        selector: Selector::State(format!("S{state:05}")),
        target: Target::Parameter("TopicArn".to_owned()),
        remedy: Remedy::Resources(vec![format!("arn:aws:sns:eu-west-1:111122223333:topic-{state}")]),
    }
}

/// The kind of a name.
pub(crate) fn kind(name: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).expect("a kind")
}

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    plain("names that are known", |count| {
        chain(&format!(r#"{LAMBDA}, "Parameters": {{"FunctionName": "function-№"}}"#), count)
    }),
    plain("one name again and again", |count| {
        chain(&format!(r#"{LAMBDA}, "Parameters": {{"FunctionName": "f"}}"#), count)
    }),
    plain("beginnings that are known", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Parameters": {"Bucket": "bucket-№", "Key.$": "$.key"}"#,
            count,
        )
    }),
    plain("ends that are known", |count| {
        chain(
            &format!(
                r#"{LAMBDA}, "Parameters": {{"FunctionName.$": "States.Format('{{}}-name-№', $.stage)"}}"#
            ),
            count,
        )
    }),
    plain("middles that are known", |count| {
        chain(
            &format!(
                r#"{LAMBDA}, "Parameters": {{"FunctionName.$": "States.Format('{{}}-name-№-{{}}', $.stage, $.team)"}}"#
            ),
            count,
        )
    }),
    plain("names that one wildcard covers", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Parameters": {"Bucket": "bucket", "Key.$": "States.Format('№/{}', $.key)"}"#,
            count,
        )
    }),
    plain("names that are known in part in JSONata", |count| {
        jsonata(
            r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "{% 'name-№-' & $states.input.stage %}"}"#,
            count,
        )
    }),
    plain("endpoints", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"Method": "GET", "ApiEndpoint": "https://host-№.example.com/path", "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:111122223333:connection/c/0a1b2c3d"}}"#,
            count,
        )
    }),
    plain("endpoints that are known in part", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"Method.$": "$.method", "ApiEndpoint.$": "States.Format('https://host-№.example.com/{}', $.path)", "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:111122223333:connection/c/0a1b2c3d"}}"#,
            count,
        )
    }),
    plain("holes of one name", |count| {
        let holes = "{}-".repeat(count);
        let values = vec!["$.a"; count].join(", ");
        let arguments = format!(r#""FunctionName.$": "States.Format('{holes}', {values})""#);
        alone("", &format!(r#"{LAMBDA}, "Parameters": {{{arguments}}}"#))
    }),
    plain("characters of one name", |count| {
        let name = "name-".repeat(count);
        alone("", &format!(r#"{LAMBDA}, "Parameters": {{"FunctionName": "{name}"}}"#))
    }),
    given(
        "hints",
        |count| chain(SNS, count),
        |request, count| request.hints = (0..count).map(hint).collect(),
    ),
    given(
        "hints that accept",
        |count| chain(SNS, count),
        |request, count| {
            let accept = |state| Hint { remedy: Remedy::Accept("tenants".to_owned()), ..hint(state) };
            request.hints = (0..count).map(accept).collect();
        },
    ),
    given(
        "resources of a hint",
        |_| chain(SNS, 1),
        |request, count| {
            let resource = |number| format!("arn:aws:sns:eu-west-1:111122223333:topic-{number}");
            request.hints =
                vec![Hint { remedy: Remedy::Resources((0..count).map(resource).collect()), ..hint(0) }];
        },
    ),
    given(
        "tokens",
        |count| chain(r#""Type": "Pass", "Comment": "${Token№}""#, count),
        |request, count| {
            let values = (0..count).map(|number| (format!("Token{number:05}"), "value".to_owned()));
            request.substitutions = Some(values.collect::<BTreeMap<_, _>>());
        },
    ),
    plain("tokens that are left over", |count| chain(r#""Type": "Pass", "Comment": "${Token№}""#, count)),
    plain("beginnings of tokens", |count| {
        alone("", &format!(r#""Type": "Pass", "Comment": "{}""#, "${".repeat(count * 20)))
    }),
    refused("APIs that do not exist", |count| {
        chain(r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ec2:describeInstanzes№""#, count)
    }),
    refused("one API that does not exist", |count| {
        chain(r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ec2:describeInstanzes""#, count)
    }),
    refused("services that do not exist", |count| {
        chain(r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamo№:getItem""#, count)
    }),
    refused("resources in another partition", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws-cn:lambda:cn-north-1:111122223333:function:f-№""#,
            count,
        )
    }),
    refused("members that do not exist", |count| chain(r#""Type": "Pass", "Resultpath": "$.a""#, count)),
    refused("transitions to nowhere", |count| {
        chain(r#""Type": "Choice", "Default": "No№", "Choices": []"#, count)
    }),
    refused("expressions that cannot be read", |count| {
        jsonata(r#""Type": "Pass", "Output": "{% $a№ := ( %}""#, count)
    }),
    plain("states without tasks", |count| {
        chain(r#""Type": "Pass", "Result": {"a": "№"}, "ResultPath": "$.b""#, count)
    }),
    refused("states that nothing leads to", |count| {
        let states = many(r#""U№": {"Type": "Succeed"}"#, count);
        format!(r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Succeed"}}, {states}}}}}"#)
    }),
    plain("variables", |count| chain(r#""Type": "Pass", "Assign": {"v№": "value-№"}"#, count)),
    plain("variables that are used", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Assign": {"v№": "value-№"}, "Parameters": {"FunctionName.$": "$v00000"}"#,
            count,
        )
    }),
    plain("variables of one state", |count| {
        alone("", &format!(r#""Type": "Pass", "Assign": {{{}}}"#, many(r#""v№": "value-№""#, count)))
    }),
    plain("paths into the result", |count| {
        chain(r#""Type": "Pass", "Result": {"a": "№"}, "ResultPath": "$.r№""#, count)
    }),
    plain("paths out of the input", |count| {
        chain(r#""Type": "Pass", "Parameters": {"a.$": "$.a", "b№.$": "$.b№"}, "ResultPath": "$.c""#, count)
    }),
    plain("branches", |count| {
        let branch = format!(r#"{{"StartAt": "I№", "States": {{"I№": {{{SNS}, "End": true}}}}}}"#);
        alone("", &format!(r#""Type": "Parallel", "Branches": [{}]"#, many(&branch, count)))
    }),
    plain("maps", |count| {
        let inner = format!(r#"{{"StartAt": "I№", "States": {{"I№": {{{SNS}, "End": true}}}}}}"#);
        chain(&format!(r#""Type": "Map", "ItemProcessor": {inner}"#), count)
    }),
    plain("distributed maps", |count| {
        let inner = format!(
            r#"{{"ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}, "StartAt": "I№", "States": {{"I№": {{{SNS}, "End": true}}}}}}"#
        );
        chain(
            &format!(
                r#""Type": "Map", "ItemReader": {{"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {{"InputType": "JSON"}}, "Parameters": {{"Bucket": "bucket-№", "Key.$": "$.key"}}}}, "ItemProcessor": {inner}"#
            ),
            count,
        )
    }),
    plain("maps in each other", |count| {
        nested(
            r#"{"StartAt": "M№ §", "States": {"M№ §": {"Type": "Map", "End": true, "ItemProcessor": "#,
            "}}}",
            count,
        )
    }),
    plain("a loop", |count| {
        let state = |number: usize| {
            format!(
                r#""S{number:05}": {{"Type": "Pass", "Result": "{number}", "ResultPath": "$.r", "Next": "S{:05}"}}"#,
                (number + 1) % count
            )
        };
        let states: Vec<String> = (0..count).map(state).collect();
        format!(r#"{{"StartAt": "S00000", "States": {{{}}}}}"#, states.join(", "))
    }),
    plain("loops that count", |count| {
        let state = |number: usize| {
            format!(
                r#""C{number:05}": {{"Type": "Pass", "Parameters": {{"n.$": "States.MathAdd($.n, 1)"}}, "Next": "D{number:05}"}},
                   "D{number:05}": {{"Type": "Choice", "Choices": [{{"Variable": "$.n", "NumericLessThan": 9, "Next": "C{number:05}"}}], "Default": "C{:05}"}}"#,
                number + 1
            )
        };
        let states: Vec<String> = (0..count.div_ceil(2)).map(state).collect();
        format!(
            r#"{{"StartAt": "Z", "States": {{"Z": {{"Type": "Pass", "Result": {{"n": 0}}, "Next": "C00000"}}, {}, "C{:05}": {{"Type": "Succeed"}}}}}}"#,
            states.join(", "),
            count.div_ceil(2)
        )
    }),
    plain("diamonds", |count| {
        let state = |number: usize| {
            format!(
                r#""S{number:05}": {{"Type": "Choice", "Choices": [{{"Variable": "$.a", "IsPresent": true, "Next": "A{number:05}"}}], "Default": "B{number:05}"}},
                   "A{number:05}": {{"Type": "Pass", "Result": "a", "ResultPath": "$.r", "Next": "S{next:05}"}}, "B{number:05}": {{"Type": "Pass", "Result": "b", "ResultPath": "$.r", "Next": "S{next:05}"}}"#,
                next = number + 1
            )
        };
        let states: Vec<String> = (0..count.div_ceil(3)).map(state).collect();
        format!(
            r#"{{"StartAt": "S00000", "States": {{{}, "S{:05}": {{"Type": "Succeed"}}}}}}"#,
            states.join(", "),
            count.div_ceil(3)
        )
    }),
    plain("choices of one state", |count| {
        let rules =
            many(r#"{"Variable": "$.a", "StringEquals": "№", "Assign": {"v": "№"}, "Next": "B"}"#, count);
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Choice", "Default": "B", "Choices": [{rules}]}}, "B": {{{SNS}, "End": true}}}}}}"#
        )
    }),
    plain("rules of one choice", |count| {
        let rules = many(r#"{"Variable": "$.a№", "IsPresent": true}"#, count);
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Choice", "Default": "B", "Choices": [{{"And": [{rules}], "Next": "B"}}]}}, "B": {{"Type": "Succeed"}}}}}}"#
        )
    }),
    plain("rules of rules", |count| {
        let tests = many(r#"{"Variable": "$.a№", "StringEquals": "b"}"#, 16);
        let rules = many(&format!(r#"{{"Or": [{tests}]}}"#), count.div_ceil(16));
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Choice", "Default": "B", "Choices": [{{"And": [{rules}], "Next": "B"}}]}}, "B": {{{SNS}, "End": true}}}}}}"#
        )
    }),
    plain("tables of one call", |count| {
        let tables = many(r#""table-№": {"Keys": []}"#, count);
        alone(
            "",
            &format!(
                r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:batchGetItem", "Parameters": {{"RequestItems": {{{tables}}}}}"#
            ),
        )
    }),
    plain("catchers", |count| {
        chain(
            &format!(
                r#"{SNS}, "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "S00000"}}]"#
            ),
            count,
        )
    }),
    plain("members of a payload", |count| {
        let payload = many(r#""a№.$": "$.a№""#, count);
        alone("", &format!(r#"{LAMBDA}, "Parameters": {{"FunctionName": "f", "Payload": {{{payload}}}}}"#))
    }),
    plain("expressions", |count| {
        jsonata(
            r#""Type": "Pass", "Output": "{% $merge([{'b': $states.input.b}, {'a№': $count([1..20])}]) %}""#,
            count,
        )
    }),
    plain("operators of one expression", |count| {
        let sum = vec!["$states.input.a"; count].join(" & ");
        alone(
            r#""QueryLanguage": "JSONata", "#,
            &format!(
                r#""Type": "Pass", "Output": "{{% {} %}}""#,
                sum.get(..sum.len().min(9_000))
                    .unwrap_or_default()
                    .trim_end_matches(|one: char| !one.is_ascii_lowercase())
            ),
        )
    }),
    plain("jobs that are waited for", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Parameters": {"Cluster": "c-№", "TaskDefinition": "t-№", "Overrides": {"TaskRoleArn": "arn:aws:iam::111122223333:role/r-№"}}"#,
            count,
        )
    }),
    plain("executions of other machines", |count| {
        chain(
            r#""Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:m-№"}"#,
            count,
        )
    }),
    plain("credentials", |count| {
        chain(&format!(r#"{SNS}, "Credentials": {{"RoleArn": "arn:aws:iam::111122223333:role/r-№"}}"#), count)
    }),
    plain("credentials that are known in part", |count| {
        chain(
            &format!(
                r#"{SNS}, "Credentials": {{"RoleArn.$": "States.Format('arn:aws:iam::111122223333:role/r-№-{{}}', $.a)"}}"#
            ),
            count,
        )
    }),
    given(
        "documents of few permissions",
        |count| chain(&format!(r#"{LAMBDA}, "Parameters": {{"FunctionName": "function-№"}}"#), count),
        |request, _| request.document_size_limit = 300,
    ),
    given(
        "documents of one action on one resource",
        |count| {
            chain(
                r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem", "Parameters": {"TableName": "table-№", "Item": {}}"#,
                count,
            )
        },
        |request, _| request.document_size_limit = 240,
    ),
    given(
        "members of the input",
        |count| chain(SNS, count.min(20)),
        |request, count| request.input = Some(format!("{{{}}}", many(r#""a№": "value-№""#, count))),
    ),
    given(
        "activities with keys",
        |count| {
            chain(
                r#""Type": "Task", "Resource": "arn:aws:states:eu-west-1:111122223333:activity:a-№""#,
                count,
            )
        },
        |request, count| {
            let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
            let activity =
                |number: usize| format!("arn:aws:states:eu-west-1:111122223333:activity:a-{number:05}");
            request.settings.activity_kms_keys =
                (0..count).map(|number| (activity(number), key.to_owned())).collect();
        },
    ),
    given(
        "APIs that are allowed although they do not exist",
        |count| chain(r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:frobnicate№""#, count),
        |request, count| {
            request.settings.allow_unknown_apis =
                (0..count).map(|number| format!("sqs:frobnicate{number:05}")).collect();
        },
    ),
    given(
        "tasks of an Express workflow",
        |count| chain(SNS, count),
        |request, _| request.settings.machine_type = ExecutionType::Express,
    ),
];
