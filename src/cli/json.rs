//! Values as JSON on the command line.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::protocol::value::{Number, Type, Value};

use super::problem::WrongValue;

/// Reads JSON as a value of a type, converted as in Terraform's language; members that are left out are null.
pub(super) fn read(text: &str, kind: &Type) -> Result<Value, WrongValue> {
    let json: Json = serde_json::from_str(text).map_err(|error| WrongValue::NotJson {
        error: error.into(),
        example: match kind {
            Type::List(_) => r#"["value"]"#,
            _ => r#"{"name": "value"}"#,
        },
    })?;
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
            let members = members.into_iter().map(|(name, one)| Ok((name.into(), value(one)?)));
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
            Json::Object(members.iter().map(|(name, value)| (name.to_string(), write(value))).collect())
        }
    }
}

/// A value among those of several files: a text that is a JSON document is that document, with its members in
/// their order.
pub(super) struct AmongSeveral<'v>(pub(super) &'v Value);

impl Serialize for AmongSeveral<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => match serde_json::from_str::<&RawValue>(text) {
                Ok(json) if json.get().starts_with(['{', '[']) => InOrder(json).serialize(serializer),
                _ => serializer.serialize_str(text),
            },
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, AmongSeveral(value))))
            }
            other => write(other).serialize(serializer),
        }
    }
}

/// JSON with its members in the order of the text.
struct InOrder<'j>(&'j RawValue);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.get();
        if let Ok(Members(members)) = serde_json::from_str(text) {
            return serializer.collect_map(members.into_iter().map(|(name, value)| (name, InOrder(value))));
        }
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(elements) => serializer.collect_seq(elements.into_iter().map(InOrder)),
            Err(_) => self.0.serialize(serializer),
        }
    }
}

/// The members of an object.
struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = object.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_keep_the_order_of_their_members() {
        let text = |text: &str| Value::String(text.to_owned());
        let several = Value::object([
            ("one", text(r#"{"Version": "2012", "Statement": [{"Effect": "Allow", "Action": 1}]}"#)),
            ("two", text("plain")),
            ("three", text("12")),
        ]);
        assert_eq!(
            serde_json::to_string(&AmongSeveral(&several)).expect("JSON"),
            r#"{"one":{"Version":"2012","Statement":[{"Effect":"Allow","Action":1}]},"three":"12","two":"plain"}"#
        );
    }
}
