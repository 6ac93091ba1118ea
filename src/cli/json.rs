//! Values as JSON on the command line.

use serde_json::Value as Json;

use crate::protocol::value::{Number, Type, Value};

/// Reads JSON as a value of a type. Members that are left out are null, as in Terraform's language.
pub(super) fn read(text: &str, kind: &Type) -> Result<Value, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))?;
    convert(json, kind)
}

fn convert(json: Json, kind: &Type) -> Result<Value, String> {
    match (json, kind) {
        (Json::Null, _) => Ok(Value::Null),
        (Json::Bool(value), Type::Bool) => Ok(Value::Bool(value)),
        (Json::String(text), Type::String) => Ok(Value::String(text)),
        (Json::Number(number), Type::Number) => Number::from_decimal(&number.to_string())
            .map(Value::Number)
            .ok_or_else(|| format!("{number} is no number")),
        (Json::Array(elements), Type::List(element) | Type::Set(element)) => {
            elements.into_iter().map(|one| convert(one, element)).collect::<Result<_, _>>().map(Value::List)
        }
        (Json::Object(members), Type::Map(element)) => {
            let members = members.into_iter().map(|(key, value)| Ok((key, convert(value, element)?)));
            members.collect::<Result<_, _>>().map(Value::Object)
        }
        (Json::Object(mut given), Type::Object(members)) => {
            let mut object = Vec::new();
            for (name, member) in members {
                let value = given.remove(name).unwrap_or(Json::Null);
                object.push((
                    name.clone(),
                    convert(value, member).map_err(|error| format!("\"{name}\": {error}"))?,
                ));
            }
            match given.keys().next() {
                None => Ok(Value::object(object)),
                Some(unknown) => {
                    let names: Vec<&str> = members.keys().map(String::as_str).collect();
                    Err(format!("there is no member \"{unknown}\"; there are {}", names.join(", ")))
                }
            }
        }
        (_, kind) => Err(format!("{} is needed", kind.name())),
    }
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
