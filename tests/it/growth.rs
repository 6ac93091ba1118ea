//! Work grows as the definition does, whatever is in it: a law without a clock, over doublings of each kind.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::json;
use sfniam::generator::{Request, Role, RoleProblem, compare_role_within, generate, generate_within};
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

/// The ways in which a policy is held against a definition.
const POLICIES: [&str; 4] = ["its own", "a statement for each pair", "of another region", "with denials"];

/// The policy of a definition, changed; `None` if it has none.
fn policy(definition: &str, way: &str) -> Option<String> {
    let asked = Request { size_limit: u64::MAX, ..request(definition, Mode::LeastPrivilege) };
    let own = generate(&asked).unwrap_or_else(|findings| panic!("{findings:?}")).policy;
    let statements = own.statements.iter().flat_map(|statement| {
        let actions = statement.actions.iter();
        actions.flat_map(|action| statement.resources.iter().map(move |resource| (action, resource)))
    });
    let pairs = |effect: &str| -> Vec<serde_json::Value> {
        let distinct: BTreeSet<_> = statements.clone().collect();
        let pair = |(action, resource): (&String, &String)| json!({"Effect": effect, "Action": action, "Resource": resource});
        distinct.into_iter().map(pair).collect()
    };
    if own.statements.is_empty() {
        return None;
    }
    let document = |statements: Vec<serde_json::Value>| {
        json!({"Version": "2012-10-17", "Statement": statements}).to_string()
    };
    let elsewhere = |text: String| text.replace("eu-west-1", "us-east-1").replace("bucket-", "basket-");
    Some(match way {
        "its own" => own.to_json(),
        "a statement for each pair" => document(pairs("Allow")),
        "of another region" => elsewhere(document(pairs("Allow"))),
        _ => {
            let denials = pairs("Deny")
                .into_iter()
                .map(|statement| serde_json::from_str(&elsewhere(statement.to_string())).expect("JSON"));
            document(pairs("Allow").into_iter().chain(denials).collect())
        }
    })
}

/// The units that a comparison takes, the reading of the definition included.
fn units_of_comparison(definition: &str, policy: String) -> u64 {
    let limit = Limit::for_definition(definition.len() + policy.len());
    let work = Rc::new(Work::new(Cancel::default(), limit));
    let (machines, policies) = ([request(definition, Mode::LeastPrivilege)], [policy]);
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    compare_role_within(role, &work).unwrap_or_else(|problem| panic!("{problem}"));
    work.units() + work.counted()
}

#[test]
fn twice_the_states_and_statements_take_about_twice_the_work_to_compare() {
    let mut compared = 0;
    for kind in KINDS {
        for way in POLICIES {
            let sizes: Vec<u64> = [50, 100, 200]
                .iter()
                .filter_map(|states| {
                    let definition = definition(kind, *states);
                    Some(units_of_comparison(&definition, policy(&definition, way)?))
                })
                .collect();
            for pair in sizes.windows(2) {
                assert!(pair[1] <= pair[0] * 12 / 5, "{}, {way}: {sizes:?}", kind.0);
                compared += 1;
            }
        }
    }
    assert!(compared >= 40, "{compared} comparisons");
}

/// Comparing each state with each statement is seen.
#[test]
fn a_comparison_counts_what_it_compares() {
    let definition = definition(&KINDS[0], 100);
    let of = |policy: String| units_of_comparison(&definition, policy);
    let none = of(r#"{"Statement": []}"#.to_owned());
    let own = of(policy(&definition, "its own").expect("a policy"));
    assert!(own >= none + 100, "{none} {own}");
    // Patterns that begin alike have to be compared one by one.
    let wide: Vec<String> =
        (0..100).map(|number| format!("\"arn:aws:lambda:*:*:function:*{number}\"")).collect();
    let statement = format!(
        r#"{{"Statement": [{{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [{}]}}]}}"#,
        wide.join(", ")
    );
    assert!(of(statement) > own + 100, "comparisons of patterns are not counted");
}

#[test]
fn a_comparison_ends_at_its_limit() {
    let definition = definition(&KINDS[0], 100);
    let work = Rc::new(Work::new(Cancel::default(), Limit { units: 50, bytes: 0 }));
    let policies = [policy(&definition, "its own").expect("a policy")];
    let machines = [request(&definition, Mode::LeastPrivilege)];
    let role = Role { machines: &machines, policies: &policies, boundary: None };
    assert_eq!(compare_role_within(role, &work), Err(RoleProblem::TooMuchWork));
}
