//! Values as JSON on the command line.

use serde_json::Value as Json;

use crate::protocol::value::{Number, Type, Value};

use super::problem::WrongValue;

/// Reads JSON as a value of a type, converted as in Terraform's language; members that are left out are null.
pub(super) fn read(text: &str, kind: &Type) -> Result<Value, WrongValue> {
    let json: Json = serde_json::from_str(text).map_err(WrongValue::NotJson)?;
    value(json)?.converted(kind).map_err(|error| WrongValue::WrongType(error.to_string()))
}

/// The value of JSON.
pub(super) fn value(json: Json) -> Result<Value, WrongValue> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::String(text) => Value::String(text),
        Json::Number(number) => {
            let text = number.to_string();
            Value::Number(Number::from_decimal(&text).ok_or(WrongValue::NotANumber(text))?)
        }
        Json::Array(elements) => Value::List(elements.into_iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(members) => {
            let members = members.into_iter().map(|(name, one)| Ok((name, value(one)?)));
            Value::Object(members.collect::<Result<_, WrongValue>>()?)
        }
    })
}

/// The JSON of a value.
pub(super) fn write(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => {
            number.to_string().parse().map_or_else(|_| Json::String(number.to_string()), Json::Number)
        }
        Value::String(text) => Json::String(text.clone()),
        Value::List(elements) => Json::Array(elements.iter().map(write).collect()),
        Value::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), write(value))).collect())
        }
    }
}

/// The same; a text that is a JSON document is that document.
pub(super) fn write_document(value: &Value) -> Json {
    let document = |text: &str| {
        serde_json::from_str(text).ok().filter(|json: &Json| json.is_object() || json.is_array())
    };
    match value {
        Value::String(text) => document(text).unwrap_or_else(|| Json::String(text.clone())),
        Value::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), write_document(value))).collect())
        }
        other => write(other),
    }
}
