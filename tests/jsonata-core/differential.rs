//! Random expressions, evaluated here and by another implementation: a known result here equals the result
//! there.

use jsonata_core::evaluator::Evaluator;
use jsonata_core::value::JValue;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};

use serde_json::Value as Concrete;
use sfniam::asl::{Json, Kind, Scope, Value, parse};

const DATA: &str = r#"{
    "s": "ab,c d", "t": "", "n": 3, "h": 0.5, "z": 0, "b": true, "f": false, "l": [1, 2, 3], "w": ["b", "a", "c"], "one": ["x"], "e": [],
    "o": {"k": "v", "m": {"n": 7}}, "none": {}, "ll": [[1, 2], [3]],
    "p": [{"id": "o1", "q": 5, "t": ["r", "s"]}, {"id": "o2", "q": 3, "t": ["t"]}, {"id": "o3", "q": 5}]
}"#;

/// Functions of one argument, and of two.
const ONE: &[&str] = &[
    "string",
    "length",
    "uppercase",
    "lowercase",
    "trim",
    "number",
    "boolean",
    "not",
    "exists",
    "count",
    "sum",
    "max",
    "min",
    "average",
    "append",
    "reverse",
    "distinct",
    "keys",
    "merge",
    "type",
    "abs",
    "floor",
    "ceil",
    "sort",
    "zip",
    "spread",
    "base64encode",
    "encodeUrlComponent",
];
const TWO: &[&str] = &[
    "substringBefore",
    "substringAfter",
    "contains",
    "split",
    "join",
    "append",
    "lookup",
    "power",
    "round",
    "pad",
    "substring",
    "zip",
    "formatBase",
];

fn expressions() -> impl Strategy<Value = String> {
    let leaves = prop_oneof![
        4 => proptest::sample::select(vec!["s", "t", "n", "h", "z", "b", "f", "l", "w", "one", "e", "o", "none", "ll", "p", "x"])
            .prop_map(|name| format!("$states.input.{name}")),
        1 => Just("$v".to_owned()),
        2 => proptest::sample::select(vec!["'a'", "''", "','", "0", "1", "-1", "2", "0.1", "true", "false", "null", "[]", "{}"])
            .prop_map(str::to_owned),
    ];
    leaves.prop_recursive(4, 24, 3, |inner| {
        let names = proptest::sample::select(vec!["id", "q", "t", "k", "m", "n", "o", "p"]);
        let infix = proptest::sample::select(vec!["&", "+", "-", "*", "/", "%", "=", "!=", "<", ">=", "and", "or", "in", ".", "~>"]);
        let one = || proptest::sample::select(ONE);
        let two = proptest::sample::select(TWO);
        prop_oneof![
            2 => (inner.clone(), names).prop_map(|(left, name)| format!("{left}.{name}")),
            3 => (inner.clone(), infix, inner.clone()).prop_map(|(left, infix, right)| format!("({left} {infix} {right})")),
            2 => (one(), inner.clone()).prop_map(|(name, argument)| format!("${name}({argument})")),
            2 => (two, inner.clone(), inner.clone()).prop_map(|(name, one, two)| format!("${name}({one}, {two})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(left, filter)| format!("{left}[{filter}]")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(test, yes, no)| format!("({test} ? {yes} : {no})")),
            1 => vec(inner.clone(), 0..3).prop_map(|elements| format!("[{}]", elements.join(", "))),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{{'i': {one}, 'j': {two}}}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(value, rest)| format!("($v := {value}; {rest})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(list, body)| format!("$map({list}, function($v, $i){{ {body} }})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(list, body)| format!("$filter({list}, function($v){{ {body} }})")),
            1 => (inner.clone(), one()).prop_map(|(value, name)| format!("({value} ~> ${name})")),
            1 => (inner.clone(), inner).prop_map(|(list, key)| format!("{list}^({key})")),
        ]
    })
}

/// Where the other implementation is wrong: the reference implementation, jsonata 2.0.6 as Step Functions has
/// it, gives what is given here.
const WRONG_THERE: [(&str, &str); 2] = [
    ("([$states.input.h] != $states.input.e^($states.input.none))", "true"),
    ("[]^($map($states.input.o, function($v, $i){ $states.input.none })).k", "[]"),
];

/// Whether the other implementation is known to be wrong, and the reference gives this.
fn is_wrong_there(expression: &str, said: &Concrete) -> bool {
    WRONG_THERE.iter().any(|(own, reference)| *own == expression && said.to_string() == *reference)
}

/// The result of the other implementation: a value, no value, or an error.
fn other(expression: &str) -> Result<Option<serde_json::Value>, String> {
    let tree = jsonata_core::parser::parse(&format!("($states := {{'input': $}}; {expression})"))
        .map_err(|error| error.to_string())?;
    let data = JValue::from_json_str(DATA).map_err(|error| error.to_string())?;
    let value = Evaluator::new().evaluate(&tree, &data).map_err(|error| error.to_string())?;
    if value.is_undefined() {
        return Ok(None);
    }
    let text = value.to_json_string().map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map(Some).map_err(|error| error.to_string())
}

/// What is known here of the value of an expression in a state whose input is known: `None` if not all of it.
fn here(expression: &str) -> Option<Option<Concrete>> {
    let definition = serde_json::json!({"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": {
        "Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish", "Arguments": {"x": format!("{{% {expression} %}}")},
    }}})
    .to_string();
    let json = Json::read(&definition).expect("it was written as JSON");
    let (machine, _) = parse(&json);
    let states = machine.states();
    let Kind::Task(task) = &states.first()?.kind else { return None };
    let data = Json::read(DATA).expect("JSON");
    let scope = Scope { input: Value::from(&data), ..Scope::default() };
    match task.arguments.as_ref()?.value(&scope).member("x") {
        Value::Absent => Some(None),
        value => concrete(&value).map(Some),
    }
}

/// A value of which all is known.
fn concrete(value: &Value<'_>) -> Option<Concrete> {
    Some(match value {
        Value::Null => Concrete::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => Concrete::Number(number.clone()),
        Value::String(text) => text.to_string().into(),
        Value::Array(elements) => Concrete::Array(elements.iter().map(concrete).collect::<Option<_>>()?),
        Value::Object(members) => {
            let known = members.iter().filter(|(_, value)| *value != Value::Absent);
            let known = known.map(|(key, value)| Some((key.to_string(), concrete(value)?)));
            Concrete::Object(known.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Whether two values are equal; numbers are one kind.
fn same(one: Option<&Concrete>, other: Option<&Concrete>) -> bool {
    match (one, other) {
        (Some(Concrete::Number(one)), Some(Concrete::Number(other))) => one.as_f64() == other.as_f64(),
        (Some(Concrete::Array(one)), Some(Concrete::Array(other))) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(Some(one), Some(other)))
        }
        (Some(Concrete::Object(one)), Some(Concrete::Object(other))) => {
            one.len() == other.len() && one.iter().all(|(key, value)| same(Some(value), other.get(key)))
        }
        (one, other) => one == other,
    }
}

#[test]
fn what_is_known_is_what_another_implementation_says() {
    let config = ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let strategy = expressions();
    let rounds = 2_000;
    let (mut known, mut wrong) = (0, Vec::new());
    for _ in 0..rounds {
        let expression = strategy.new_tree(&mut runner).expect("an expression").current();
        let Some(said) = here(&expression) else { continue };
        known += 1;
        // If the execution fails, no value can be wrong.
        match other(&expression) {
            Ok(result) if same(said.as_ref(), result.as_ref()) => {}
            Err(_) => {}
            Ok(_) if said.as_ref().is_some_and(|said| is_wrong_there(&expression, said)) => {}
            there => wrong.push(format!("{expression}\n  here {said:?}\n  there {there:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {known} known of {rounds}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known * 4 > rounds, "{known} of {rounds} are known");
}
