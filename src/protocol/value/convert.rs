//! Values that come without a type, as those of a function's options or of JSON do, converted as Terraform's
//! language converts them.

use std::collections::BTreeMap;

use super::{Members, Mismatch, Name, Number, Type, Value};

impl Value {
    /// The same value as one of a type: numbers and truth values become text and back where they can, and
    /// members of objects that are left out are null. Null and unknown values are of every type.
    ///
    /// # Errors
    /// If the value cannot be converted, or an object has a member that the type does not have. The reason
    /// says where, and never quotes the value.
    pub fn converted(self, to: &Type) -> Result<Value, Mismatch> {
        match (self, to) {
            (value @ (Value::Null | Value::Unknown), _)
            | (value, Type::Dynamic)
            | (value @ Value::String(_), Type::String)
            | (value @ Value::Bool(_), Type::Bool)
            | (value @ Value::Number(_), Type::Number) => Ok(value),
            (Value::Bool(value), Type::String) => Ok(Value::String(value.to_string())),
            (Value::Number(number), Type::String) => Ok(Value::String(number.to_string())),
            (Value::String(text), Type::Bool) => match text.as_str() {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                _ => {
                    Err(Mismatch::new("a bool was expected, not a string other than \"true\" and \"false\""))
                }
            },
            (Value::String(text), Type::Number) => Number::from_decimal(&text)
                .map(Value::Number)
                .ok_or_else(|| Mismatch::new("a number was expected, not a string that is none")),
            (Value::List(elements), Type::List(element) | Type::Set(element)) => {
                let converted = (0..).zip(elements).map(|(position, one): (usize, Value)| {
                    one.converted(element).map_err(|error| error.inside(format_args!("element {position}")))
                });
                converted.collect::<Result<_, _>>().map(Value::List)
            }
            (Value::List(elements), Type::Tuple(types)) if elements.len() == types.len() => {
                let converted = elements.into_iter().zip(types).map(|(one, to)| one.converted(to));
                converted.collect::<Result<_, _>>().map(Value::List)
            }
            (Value::Object(members), Type::Map(element)) => {
                let converted = members.into_iter().map(|(key, value)| {
                    let value =
                        value.converted(element).map_err(|error| error.inside(format_args!("\"{key}\"")))?;
                    Ok((key, value))
                });
                converted.collect::<Result<_, _>>().map(Value::Object)
            }
            (Value::Object(members), Type::Object(types)) => members_of(members, types),
            (Value::List(_), Type::Object(_)) => Err(Mismatch::new(
                "an object was expected, not a list; from a list of one object, take it with one(…)",
            )),
            (value, to) => Err(Mismatch::new(format!("{} was expected, not {}", wanted(to), value.kind()))),
        }
    }
}

fn members_of(mut given: Members, types: &BTreeMap<Name, Type>) -> Result<Value, Mismatch> {
    let mut members = BTreeMap::new();
    for (name, to) in types {
        let value = given.remove(name).unwrap_or(Value::Null);
        let value = value.converted(to).map_err(|error| error.inside(format_args!("\"{name}\"")))?;
        members.insert(name.clone(), value);
    }
    match given.keys().next() {
        None => Ok(Value::Object(members)),
        Some(unknown) => {
            let names: Vec<String> = types.keys().map(|name| format!("\"{name}\"")).collect();
            Err(Mismatch::new(format!("there is no member \"{unknown}\"; there are {}", names.join(", "))))
        }
    }
}

fn wanted(to: &Type) -> &'static str {
    match to {
        Type::Bool => "a bool",
        Type::Number => "a number",
        Type::String => "a string",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "a list",
        Type::Map(_) => "a map",
        Type::Object(_) => "an object",
        Type::Dynamic => "any value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switch() -> Type {
        Type::object([("enabled", Type::Bool), ("keys", Type::list(Type::String))])
    }

    #[test]
    fn values_are_converted_as_in_terraforms_language() {
        let number = |text: &str| Value::Number(Number::from_decimal(text).unwrap());
        for (given, to, expected) in [
            (number("111122223333"), Type::String, "111122223333".into()),
            (number("0.5"), Type::String, "0.5".into()),
            (true.into(), Type::String, "true".into()),
            ("100".into(), Type::Number, 100.into()),
            ("true".into(), Type::Bool, true.into()),
            ("0".into(), Type::Bool, false.into()),
            (Value::Null, Type::Number, Value::Null),
            (Value::Unknown, switch(), Value::Unknown),
            (Value::list([1]), Type::list(Type::String), Value::list(["1"])),
            (Value::list([1]), Type::Tuple(vec![Type::String]), Value::list(["1"])),
            (Value::object([("a", 1.into())]), Type::map(Type::String), Value::object([("a", "1".into())])),
            (7.into(), Type::Dynamic, 7.into()),
            (
                Value::object([("enabled", "true".into())]),
                switch(),
                Value::object([("enabled", true.into()), ("keys", Value::Null)]),
            ),
        ] {
            assert_eq!(given.clone().converted(&to), Ok(expected), "{given:?}");
        }
    }

    #[test]
    fn what_cannot_be_converted_is_refused_at_its_place() {
        for (given, to, reason) in [
            (1.into(), Type::Bool, "a bool was expected, not a number"),
            (true.into(), Type::Number, "a number was expected, not a bool"),
            ("yes".into(), Type::Bool, "a bool was expected, not a string other than \"true\" and \"false\""),
            ("ten".into(), Type::Number, "a number was expected, not a string that is none"),
            ("a".into(), Type::list(Type::String), "a list was expected, not a string"),
            (Value::list([1]), Type::Tuple(Vec::new()), "a list was expected, not a list"),
            (Value::list(["a"]), Type::map(Type::String), "a map was expected, not a list"),
            (
                Value::list([Value::object([("enabled", true.into())])]),
                switch(),
                "an object was expected, not a list; from a list of one object, take it with one(…)",
            ),
            (
                Value::object([("enable", true.into())]),
                switch(),
                "there is no member \"enable\"; there are \"enabled\", \"keys\"",
            ),
            (
                Value::object([("keys", Value::list([Value::list([1])]))]),
                switch(),
                "in \"keys\": in element 0: a string was expected, not a list",
            ),
            (
                Value::object([("a", Value::list([1]))]),
                Type::map(Type::String),
                "in \"a\": a string was expected, not a list",
            ),
        ] {
            let error = given.clone().converted(&to).unwrap_err();
            assert_eq!(error.to_string(), reason, "{given:?}");
        }
    }
}
