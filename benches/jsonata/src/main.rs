//! jsonata-core on the suite of JSONata's reference implementation (tests/jsonata), and on what decides
//! whether it could replace our own JSONata. `cargo test jsonata::tests::suite` runs ours on the same suite.

use std::time::Instant;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use serde_json::Value;

fn main() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/jsonata/suite.json");
    let suite: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("the suite")).expect("JSON");
    let cases = suite["cases"].as_array().expect("cases");
    let (mut equal, mut different, mut failed, mut refused, mut taken) = (0, 0, 0, 0, 0);
    let begin = Instant::now();
    for case in cases {
        let expression = case["expr"].as_str().expect("an expression");
        let data = case["dataset"].as_str().map(|name| &suite["datasets"][name]).or(case.get("data"));
        let parsed = parser::parse(expression);
        let wants_error = case.get("code").is_some() || case.get("error").is_some();
        let Ok(tree) = parsed else {
            if wants_error {
                refused += 1
            } else {
                failed += 1
            }
            continue;
        };
        let mut context = Context::new();
        for (name, value) in case["bindings"].as_object().into_iter().flatten() {
            context.bind(name.clone(), value_of(value));
        }
        let data = data.map_or(JValue::Undefined, value_of);
        // Some cases never end by themselves.
        let options =
            EvaluatorOptions { timeout_ms: Some(1_000), max_stack_depth: Some(500), ..Default::default() };
        let result = Evaluator::with_options(context, options).evaluate(&tree, &data);
        match (result, case.get("result")) {
            (Err(_), None) if wants_error => refused += 1,
            (Ok(_), None) if wants_error => taken += 1,
            (Ok(value), wanted) => {
                let text = value.to_json_string().unwrap_or_default();
                let same = match wanted {
                    Some(wanted) => {
                        serde_json::from_str::<Value>(&text).is_ok_and(|value| near(&value, wanted))
                    }
                    None => matches!(value, JValue::Undefined),
                };
                if same { equal += 1 } else { different += 1 }
            }
            (Err(_), _) => failed += 1,
        }
    }
    println!("{} cases in {:.0?}", cases.len(), begin.elapsed());
    println!("values: {equal} equal, {different} different, {failed} errors in place of a value");
    println!("errors: {refused} found, {taken} missed");
    let number = JValue::from_json_str("12345678901234567890").expect("a number");
    println!("12345678901234567890 is {}", number.to_json_string().unwrap_or_default());
    let error = parser::parse("$a + * 2").err().map(|error| error.to_string());
    println!("the message of a syntax error: {error:?}");
    println!("the node of `$a`: {:?}", parser::parse("$a").ok());
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    println!("10,000 parentheses: {:?}", parser::parse(&deep).err().map(|error| error.to_string()));
}

fn value_of(value: &Value) -> JValue {
    JValue::from_json_str(&value.to_string()).expect("a value")
}

/// Equal, but for the last digits of numbers.
fn near(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => {
            let (one, two) = (one.as_f64().unwrap_or(0.0), two.as_f64().unwrap_or(0.0));
            (one - two).abs() <= one.abs() * 1e-12
        }
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| near(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(key, value)| two.get(key).is_some_and(|other| near(value, other)))
        }
        (one, two) => one == two,
    }
}
