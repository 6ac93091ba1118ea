//! The arguments of the data source for a case, as values of Terraform.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use sfniam::permissions::Mode;
use sfniam::protocol::value::{Name, Number, Value};
use sfniam::provider::data_source;

use super::beside;

/// The arguments that all cases have. The size limit is out of the way.
pub(crate) fn arguments(definition: &str, mode: Mode) -> Value {
    Value::object([
        ("account_id", Value::from("111122223333")),
        ("definition", definition.into()),
        ("include_explanation", true.into()),
        ("mode", mode.name().into()),
        ("region", "eu-west-1".into()),
        ("size_limit", 1_000_000_000.into()),
        ("state_machine_name", "Machine".into()),
    ])
}

/// The arguments of a case: those of all cases, changed by `NAME.settings.json`.
pub(crate) fn arguments_of(case: &Path, mode: Mode) -> Value {
    let definition = fs::read_to_string(case).expect("the case");
    let Value::Object(mut arguments) = arguments(&definition, mode) else {
        panic!("arguments are an object")
    };
    if let Ok(text) = fs::read_to_string(beside(case, ".settings.json")) {
        let block = data_source().block;
        let known: Vec<&Name> = block
            .attributes
            .iter()
            .map(|one| &one.name)
            .chain(block.blocks.iter().map(|nested| &nested.name))
            .collect();
        let settings: serde_json::Map<String, Json> = serde_json::from_str(&text).expect("an object in JSON");
        for (name, setting) in settings {
            let name = Name::from(name);
            assert!(known.contains(&&name), "{}: there is no \"{name}\"", case.display());
            arguments.insert(name, value(&setting));
        }
    }
    Value::Object(arguments)
}

/// JSON as a value.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(Number::from_decimal(&number.to_string()).expect("a number")),
        Json::String(text) => text.as_str().into(),
        Json::Array(elements) => Value::list(elements.iter().map(value)),
        Json::Object(members) => {
            Value::object(members.iter().map(|(name, member)| (name.clone(), value(member))))
        }
    }
}

/// A value as JSON.
pub(crate) fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.to_string().into(),
        Value::String(text) => text.as_str().into(),
        Value::List(elements) => elements.iter().map(json).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), json(member))).collect(),
    }
}
