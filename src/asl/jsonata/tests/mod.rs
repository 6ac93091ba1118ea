//! Expressions with what is known of their values.

mod functions;
mod language;
mod limits;
mod suite;

use super::super::show::show;
use super::super::{Json, Scope, Segment};
use super::*;

/// `$states.input`; other members, such as `unknown`, are known only at run time.
const INPUT: &str = r#"{
    "a": {"b": "c"}, "arn": "arn:aws:sns:eu-west-1:111122223333:t", "n": 2, "half": 0.5, "yes": true, "nothing": null,
    "list": [1, 2, 3], "words": ["b", "a", "c"], "one": ["x"], "empty": [], "none": {},
    "nested": [[1, 2], [3]],
    "orders": [{"id": "o1", "price": 5, "tags": ["r", "s"]}, {"id": "o2", "price": 3, "tags": ["t"]}, {"id": "o3", "price": 5}]
}"#;

fn evaluate<'a>(expression: &'a str, source: &'a str, environment: &dyn Environment<'a>) -> Value<'a> {
    Query::read(expression, source).0.value(environment)
}

fn check(expression: &str) -> Result<(), SyntaxError> {
    Query::read(expression, "").1.map_or(Ok(()), Err)
}

fn value(expression: &str) -> String {
    let json = Json::read(INPUT).unwrap();
    let Value::Object(members) = Value::from(&json) else { panic!("an object") };
    let text = |text: &'static str| Value::String(text.into());
    let variables = [
        ("count".into(), text("shadows the function")),
        ("maybe".into(), Value::one_of([text("x"), Value::Absent])),
        ("part".into(), evaluate("'arn:' & $states.input.unknown & ':t'", "", &Scope::default())),
        ("set".into(), Value::one_of([text("x"), text("y")])),
    ];
    let scope = Scope {
        input: Value::Open(members, "$states.input".into()),
        variables: variables.into(),
        ..Scope::default()
    };
    let expression = expression.replace("$in.", "$states.input.");
    show(&evaluate(&expression, "source", &scope))
}

fn check_all(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(expression, expected)| (expression, expected, value(expression)))
        .filter(|(expression, expected, found)| *expected != found || check(expression).is_err())
        .collect();
    assert!(wrong.is_empty(), "(expression, expected, found): {wrong:#?}");
}

#[test]
fn holes_name_their_expressions() {
    let expression = "'a' & $states.input.unknown.b & $join(['x', $nosuch($states.input)])";
    let Value::PartialString(text) = evaluate(expression, "source", &Scope::default()) else {
        panic!("a text")
    };
    let holes: Vec<_> = text
        .segments
        .iter()
        .filter_map(|segment| if let Segment::Hole(hole) = segment { Some(&**hole) } else { None })
        .collect();
    assert_eq!(holes, ["$states.input.unknown.b", "$nosuch($states.input)"]);
    let whole = evaluate("$states.input.unknown", "source", &Scope::default());
    assert_eq!(whole, Value::Unknown("source".into()));
}
