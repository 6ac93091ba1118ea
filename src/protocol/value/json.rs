//! From JSON to a value of a given type: the other encoding that the protocol allows. Hosts send MessagePack,
//! so this one is read only.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{Mismatch, Number, Type, Value};
use crate::protocol::limits::MAX_VALUE_DEPTH;

impl Value {
    /// The value of a type that JSON encodes.
    ///
    /// Fails if the bytes are not JSON, or if the value does not conform to the type.
    pub fn from_json(bytes: &[u8], expected: &Type) -> Result<Self, Mismatch> {
        read(serde_json::from_slice(bytes).map_err(|_| not_json())?, expected, 0)
    }
}

/// JSON is read a level at a time, so that each number is still the text that was sent.
fn read(raw: &RawValue, expected: &Type, depth: usize) -> Result<Value, Mismatch> {
    if depth > MAX_VALUE_DEPTH {
        return Err(Mismatch::new(format!("values nest deeper than {MAX_VALUE_DEPTH} levels")));
    }
    let text = raw.get();
    if text == "null" {
        return Ok(Value::Null);
    }
    let mismatch = || Mismatch::expected(expected, kind(text));
    match expected {
        Type::Bool => serde_json::from_str(text).map(Value::Bool).map_err(|_| mismatch()),
        Type::String => serde_json::from_str(text).map(Value::String).map_err(|_| mismatch()),
        Type::Number => {
            let quoted = serde_json::from_str::<String>(text);
            Number::from_decimal(quoted.as_deref().unwrap_or(text)).map(Value::Number).ok_or_else(mismatch)
        }
        Type::List(element) | Type::Set(element) => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| mismatch())?;
            elements
                .into_iter()
                .map(|raw| read(raw, element, depth + 1))
                .collect::<Result<_, _>>()
                .map(Value::List)
        }
        Type::Tuple(types) => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| mismatch())?;
            if elements.len() != types.len() {
                let message = format!("{} elements were expected, not {}", types.len(), elements.len());
                return Err(Mismatch::new(message));
            }
            let elements =
                elements.into_iter().zip(types).map(|(raw, element)| read(raw, element, depth + 1));
            elements.collect::<Result<_, _>>().map(Value::List)
        }
        Type::Map(element) => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|_| mismatch())?;
            let members =
                members.into_iter().map(|(key, raw)| Ok((key.into(), read(raw, element, depth + 1)?)));
            members.collect::<Result<_, _>>().map(Value::Object)
        }
        Type::Object(types) => {
            let mut members: BTreeMap<String, &RawValue> =
                serde_json::from_str(text).map_err(|_| mismatch())?;
            let mut object = BTreeMap::new();
            for (name, member) in types {
                let raw = members
                    .remove(&**name)
                    .ok_or_else(|| Mismatch::new(format!("the attribute \"{name}\" is missing")))?;
                let value =
                    read(raw, member, depth + 1).map_err(|error| error.inside(format_args!("\"{name}\"")))?;
                object.insert(name.clone(), value);
            }
            if members.is_empty() {
                Ok(Value::Object(object))
            } else {
                Err(Mismatch::new("there is an attribute that the schema does not know"))
            }
        }
        Type::Dynamic => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|_| mismatch())?;
            let (Some(own), Some(value)) = (members.get("type"), members.get("value")) else {
                return Err(Mismatch::new("a value of any type is a pair of its type and itself"));
            };
            let own = Type::from_json(own.get().as_bytes())
                .ok_or_else(|| Mismatch::new("the type of a value is not valid"))?;
            read(value, &own, depth + 1)
        }
    }
}

fn kind(text: &str) -> &'static str {
    match serde_json::from_str(text) {
        Ok(Json::Bool(_)) => "a bool",
        Ok(Json::Number(_)) => "a number",
        Ok(Json::String(_)) => "a string",
        Ok(Json::Array(_)) => "a list",
        Ok(Json::Object(_)) => "an object",
        Ok(Json::Null) | Err(_) => "something else",
    }
}

fn not_json() -> Mismatch {
    Mismatch::new("the value is not JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type() {
        let number = |text| Value::Number(Number::from_decimal(text).unwrap());
        let object = Type::object([("a", Type::String), ("b", Type::Number)]);
        let rows: &[(&str, Type, Value)] = &[
            (" null ", Type::Bool, Value::Null),
            ("true", Type::Bool, true.into()),
            (r#""é\n""#, Type::String, "é\n".into()),
            ("7", Type::Number, 7.into()),
            ("0.1", Type::Number, number("0.1")),
            (r#""0.1""#, Type::Number, number("0.1")),
            ("123456789012345678901234567890", Type::Number, number("123456789012345678901234567890")),
            (r#"["a", null]"#, Type::list(Type::String), Value::list([Value::from("a"), Value::Null])),
            (
                "[1, true]",
                Type::Tuple(vec![Type::Number, Type::Bool]),
                Value::List(vec![1.into(), true.into()]),
            ),
            (r#"{"k": 1}"#, Type::map(Type::Number), Value::object([("k", 1.into())])),
            (r#"{"b": 1, "a": null}"#, object, Value::object([("a", Value::Null), ("b", 1.into())])),
            (r#"{"value": [1], "type": ["list", "number"]}"#, Type::Dynamic, Value::list([1])),
        ];
        for (json, expected, value) in rows {
            assert_eq!(Value::from_json(json.as_bytes(), expected).as_ref(), Ok(value), "{json}");
        }
    }

    #[test]
    fn what_does_not_conform_is_refused() {
        let object = Type::object([("a", Type::String)]);
        let deep = "[".repeat(1_000_000);
        let rows: &[(&str, &Type, &str)] = &[
            ("", &Type::Bool, "the value is not JSON"),
            ("true false", &Type::Bool, "the value is not JSON"),
            (&deep, &Type::Dynamic, "the value is not JSON"),
            ("1", &Type::String, "string was expected, not a number"),
            ("{}", &object, "the attribute \"a\" is missing"),
            (r#"{"a": 1}"#, &object, "in \"a\": string was expected, not a number"),
            (r#"{"a": null, "b": 1}"#, &object, "there is an attribute that the schema does not know"),
            ("[]", &Type::Tuple(vec![Type::Bool]), "1 elements were expected, not 0"),
            ("{}", &Type::Dynamic, "a value of any type is a pair of its type and itself"),
            (r#"{"value": 1, "type": "x"}"#, &Type::Dynamic, "the type of a value is not valid"),
        ];
        for (json, expected, message) in rows {
            let error = Value::from_json(json.as_bytes(), expected).unwrap_err();
            assert_eq!(error.to_string(), *message);
        }
    }
}
