//! Work grows as the definition does, whatever is in it: a law without a clock, over doublings of each kind.

use std::rc::Rc;

use sfniam::generator::{Request, generate_within};
use sfniam::permissions::Mode;
use sfniam::work::{Cancel, Limit, Work};

use crate::support::request;

/// A kind of definitions: its name, and the state of a number with the state that follows it.
type KindOf = (&'static str, &'static str);

/// The states of a chain; `%` is the number of the state. All are JSONPath.
const KINDS: &[KindOf] = &[
    (
        "names that are known",
        r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "function-%"}"#,
    ),
    (
        "beginnings that are known",
        r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Parameters": {"Bucket": "bucket-%", "Key.$": "$.key"}"#,
    ),
    (
        "ends that are known",
        r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName.$": "States.Format('{}-name-%', $.stage)"}"#,
    ),
    (
        "middles that are known",
        r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName.$": "States.Format('{}-name-%-{}', $.stage, $.team)"}"#,
    ),
    (
        "names that one wildcard covers",
        r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Parameters": {"Bucket": "bucket-%", "Key.$": "States.Format('%/{}', $.key)"}"#,
    ),
    (
        "conditions",
        r#""Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"Method": "GET", "ApiEndpoint": "https://host-%.example.com/path",
           "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:111122223333:connection/c/0a1b2c3d"}}"#,
    ),
    ("states without tasks", r#""Type": "Pass", "Result": {"a": "%"}, "ResultPath": "$.b""#),
    ("variables", r#""Type": "Pass", "Assign": {"v%": "value-%"}"#),
];

fn definition(kind: &KindOf, states: usize) -> String {
    let state = |number: usize| {
        let members = kind.1.replace('%', &format!("{number:05}"));
        format!(r#""S{number}": {{{members}, "Next": "S{}"}}"#, number + 1)
    };
    let states_text: Vec<String> = (0..states).map(state).collect();
    format!(
        r#"{{"StartAt": "S0", "States": {{{}, "S{states}": {{"Type": "Succeed"}}}}}}"#,
        states_text.join(", ")
    )
}

/// The units that the whole way to the documents takes.
fn units(definition: &str, mode: Mode) -> u64 {
    let work = Rc::new(Work::new(Cancel::default(), Limit::for_definition(definition.len())));
    let asked = Request { size_limit: u64::MAX, ..request(definition, mode) };
    generate_within(&asked, &work).unwrap_or_else(|findings| panic!("{findings:?}"));
    work.units() + work.counted()
}

#[test]
fn twice_the_states_take_about_twice_the_work() {
    for kind in KINDS {
        for mode in Mode::ALL {
            let sizes = [50, 100, 200].map(|states| units(&definition(kind, states), mode));
            for pair in sizes.windows(2) {
                // A square would take four times as much.
                assert!(pair[1] <= pair[0] * 12 / 5, "{}, {mode:?}: {sizes:?}", kind.0);
            }
        }
    }
}

#[test]
fn the_work_that_a_kind_is_about_is_counted() {
    for kind in KINDS {
        let units = units(&definition(kind, 100), Mode::LeastPrivilege);
        assert!(units >= 100, "{}: {units} units for 100 states", kind.0);
    }
    // Each of them is compared with those that may cover it.
    let wide = |kind: usize| units(&definition(&KINDS[kind], 100), Mode::LeastPrivilege);
    assert!(wide(1) > wide(6) + 100, "comparisons are not counted");
}
