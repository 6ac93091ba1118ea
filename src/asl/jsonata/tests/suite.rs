//! The reference implementation's own suite (tests/jsonata): no value is wrong, and no expression that it
//! accepts is rejected.

use serde_json::Value as Concrete;

use super::super::super::Str;
use super::super::item::Item;
use super::*;

/// How many of the suite's cases have a fully known result, as ARCHITECTURE.md says. What depends on regular
/// expressions, dates, `%`, `@`, `#`, `**` or random numbers stays unknown.
const KNOWN: usize = 788;

/// Cases whose whole input is an array, which the reference then takes for one value. In Step Functions the
/// input of an expression is never an array: it has none.
const ARRAY_AS_INPUT: [&str; 8] = [
    "flattening/array-inputs/1",
    "flattening/array-inputs/2",
    "flattening/array-inputs/3",
    "flattening/array-inputs/4",
    "flattening/case034",
    "sorting/case015",
    "sorting/case017",
    "sorting/case018",
];

/// Syntax errors that are not found: signatures of functions are not read, and what has `%` and `@` inside is
/// given up as a whole.
const NOT_REFUSED: [&str; 10] = [
    "λ($arg)<n<n>>{$arg}(5)",
    "Account.Order[1]@$o.Product",
    "Account.Order^(>OrderID)@$o.Product.{ 'name':`Product Name`, 'orderid':$o.OrderID }",
    "{'hello': 'world'}.% ",
    "%",
    "(%)",
    "$.%",
    "$$.%",
    "library.loans.%.%.%",
    "library.%%%",
];

struct Tally {
    known: usize,
    wrong: Vec<String>,
}

fn suite() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jsonata/suite.json");
    std::fs::read_to_string(path).expect("the suite")
}

/// The value of a case: its data are what `$` is, its bindings are variables.
fn run<'a>(case: &'a Json<'a>, root: Option<&'a Json<'a>>, expression: &'a str) -> Value<'a> {
    let bindings = match member(case, "bindings") {
        Some(Json::Object(members)) => {
            members.iter().map(|(key, value)| (key.into(), Value::from(value))).collect()
        }
        _ => Vec::new(),
    };
    let scope = Scope { variables: bindings.into(), ..Scope::default() };
    let root = root.map_or(Item::ABSENT, |json| Item::Data(Value::from(json)));
    Query::read(expression, "source").0.value_of(&scope, root)
}

#[test]
fn no_value_is_wrong_and_nothing_right_is_refused() {
    let text = suite();
    let suite = &Json::read(&text).expect("JSON");
    let Some(Json::Array(cases)) = member(suite, "cases") else { panic!("cases") };
    let mut tally = Tally { known: 0, wrong: Vec::new() };
    for case in cases {
        let (Some(Json::String(name)), Some(Json::String(expression))) =
            (member(case, "name"), member(case, "expr"))
        else {
            panic!("a name and an expression: {case:?}")
        };
        let root = match member(case, "dataset") {
            Some(Json::String(dataset)) => {
                member(suite, "datasets").and_then(|datasets| member(datasets, dataset))
            }
            _ => member(case, "data"),
        };
        let value = run(case, root, expression);
        if ARRAY_AS_INPUT.contains(&name.as_ref()) {
            assert!(matches!(root, Some(Json::Array(_))), "{name}");
            continue;
        }
        if let Some(why) = judge(case, expression, &value, &mut tally.known) {
            tally.wrong.push(format!("{name}: {expression}: {why}"));
        }
    }
    assert!(tally.wrong.is_empty(), "{} of {}:\n{}", tally.wrong.len(), cases.len(), tally.wrong.join("\n"));
    assert_eq!(tally.known, KNOWN, "of {} cases; say so in ARCHITECTURE.md too", cases.len());
    let page = include_str!("../../../../ARCHITECTURE.md");
    assert!(page.contains(&format!("| {KNOWN} known and equal")), "ARCHITECTURE.md has another number");
}

#[test]
fn what_the_reference_cannot_parse_is_refused() {
    let text = suite();
    let suite = &Json::read(&text).expect("JSON");
    let cases = member(suite, "cases").and_then(Json::as_array).expect("cases");
    let passed = cases.iter().filter_map(|case| {
        let code = member(case, "code").and_then(Json::as_str)?;
        let expression = member(case, "expr").and_then(Json::as_str)?;
        (code.starts_with('S') && check(expression).is_ok()).then_some(expression)
    });
    assert_eq!(passed.collect::<Vec<_>>(), NOT_REFUSED);
}

/// What is wrong with the value of a case.
fn judge(case: &Json<'_>, expression: &str, value: &Value<'_>, known: &mut usize) -> Option<String> {
    let fails = member(case, "code").is_some() || member(case, "error").is_some();
    if let (Err(error), false) = (check(expression), fails) {
        return Some(format!("refused: {error:?}"));
    }
    let expected = match (member(case, "result"), member(case, "undefinedResult")) {
        (Some(result), _) => Some(concrete(result)),
        (None, Some(_)) => None,
        // The execution fails, so no value is right, and the result must not be known.
        (None, None) if is_open(value) => return None,
        (None, None) => return Some(format!("fails, but here it is {value:?}")),
    };
    *known += usize::from(!is_open(value));
    (!inside(value, expected.as_ref())).then(|| format!("{value:?} is not {expected:?}"))
}

fn member<'j, 'a>(json: &'j Json<'a>, name: &str) -> Option<&'j Json<'a>> {
    json.as_object().and_then(|members| members.get(name))
}

fn concrete(json: &Json<'_>) -> Concrete {
    match json {
        // Reading never gives a token.
        Json::Null | Json::Pending(_) => Concrete::Null,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => Concrete::Number(number.clone()),
        Json::String(text) => text.to_string().into(),
        Json::Array(elements) => elements.iter().map(concrete).collect(),
        Json::Object(members) => {
            Concrete::Object(members.iter().map(|(key, value)| (key.to_string(), concrete(value))).collect())
        }
    }
}

/// Whether a value is not known in full.
fn is_open(value: &Value<'_>) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(is_open),
        Value::Object(members) => members.iter().any(|(_, value)| is_open(value)),
        Value::Unknown(_) | Value::OneOf(_) | Value::Open(..) | Value::PartialString(_) => true,
        _ => false,
    }
}

/// Whether a result is one of those that a value describes.
fn inside(value: &Value<'_>, result: Option<&Concrete>) -> bool {
    let members = |members: &[(Str<'_>, Value<'_>)], result: &Concrete| {
        result
            .as_object()
            .is_some_and(|result| members.iter().all(|(key, value)| inside(value, result.get(key.as_ref()))))
    };
    match (value, result) {
        (Value::Unknown(_), _) => true,
        (Value::OneOf(values), _) => values.iter().any(|value| inside(value, result)),
        (Value::Absent, result) => result.is_none(),
        (_, None) => false,
        (Value::Null, Some(result)) => result.is_null(),
        (Value::Bool(value), Some(result)) => result.as_bool() == Some(*value),
        (Value::Number(number), Some(result)) => {
            result.as_f64().is_some() && result.as_f64() == number.as_f64()
        }
        (Value::String(text), Some(result)) => result.as_str() == Some(text),
        (Value::PartialString(_), Some(result)) => result.is_string(),
        (Value::Array(elements), Some(result)) => result.as_array().is_some_and(|result| {
            result.len() == elements.len()
                && elements.iter().zip(result).all(|(one, other)| inside(one, Some(other)))
        }),
        (Value::Object(known), Some(result)) => {
            members(known, result) && result.as_object().is_some_and(|result| result.len() == known.len())
        }
        (Value::Open(known, _), Some(result)) => members(known, result),
    }
}
