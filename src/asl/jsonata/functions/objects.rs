//! Functions of objects and of types.

use crate::asl::jsonata::item::{Item, Outcome, Stop};
use crate::asl::{Str, Value};

/// Ends the execution.
pub(super) fn error<'a>() -> Outcome<'a> {
    Err(Stop::Fails)
}

/// Ends the execution if the condition is false.
pub(super) fn assert<'a>(condition: &Item<'a>, source: &'a str) -> Outcome<'a> {
    match condition {
        Item::Data(Value::Bool(true)) => Ok(Item::ABSENT),
        Item::Data(Value::Bool(false)) => Err(Stop::Fails),
        _ => Ok(Item::unknown(source)),
    }
}

pub(super) fn type_of<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    Some(Item::string(match item {
        Item::Data(Value::Null) => "null",
        Item::Data(Value::Bool(_)) => "boolean",
        Item::Data(Value::Number(_)) => "number",
        Item::Data(Value::String(_) | Value::PartialString(_)) => "string",
        Item::Data(Value::Object(_) | Value::Open(..)) => "object",
        Item::Data(Value::Array(_)) | Item::Sequence(_) | Item::Kept(_) | Item::Whole(_) => "array",
        _ => return None,
    }))
}

/// The key of an object that has one: the order of several is not known.
pub(super) fn keys<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Data(Value::Object(members)) => match &members[..] {
            [] => Some(Item::ABSENT),
            [(key, value)] if !value.may_be_absent() => {
                Some(Item::Sequence([Value::String(key.clone())].into()))
            }
            _ => None,
        },
        Item::Data(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::PartialString(_),
        ) => Some(Item::ABSENT),
        _ => None,
    }
}

/// One object of several; the last of equal keys takes precedence. An object known only at run time may set
/// any member.
pub(super) fn merge<'a>(array: &Item<'a>) -> Option<Item<'a>> {
    let elements = match array {
        Item::Open(elements) => elements,
        array => array.elements()?,
    };
    let mut merged: Vec<(Str<'a>, Value<'a>)> = Vec::new();
    let mut rest = None;
    for object in elements.iter() {
        let members = match object {
            Value::Object(members) => members,
            Value::Open(members, expression) => {
                merged.clear();
                rest = Some(expression.clone());
                members
            }
            Value::Unknown(expression) => {
                merged.clear();
                rest = Some(expression.clone());
                continue;
            }
            _ => return None,
        };
        for (key, value) in members.iter() {
            match merged.binary_search_by(|(other, _)| other.cmp(key)) {
                Err(at) => merged.insert(at, (key.clone(), set(rest.clone().map(Value::Unknown), value))),
                Ok(at) => {
                    if let Some((_, old)) = merged.get_mut(at) {
                        *old = set(Some(old.clone()), value);
                    }
                }
            }
        }
    }
    Some(Item::Data(match rest {
        None => Value::Object(merged.into()),
        Some(expression) if merged.is_empty() => Value::Unknown(expression),
        Some(expression) => Value::Open(merged.into(), expression),
    }))
}

/// The value of a member that had a value, or none, when another one is put there that may be absent.
fn set<'a>(old: Option<Value<'a>>, new: &Value<'a>) -> Value<'a> {
    match (old, new) {
        (Some(old), Value::OneOf(members)) if new.may_be_absent() => {
            let there = members.iter().filter(|member| !member.may_be_absent()).cloned();
            Value::one_of(there.chain([old]))
        }
        (_, new) => new.clone(),
    }
}

/// An object with one member for each member.
pub(super) fn spread<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Data(Value::Object(members)) => match &members[..] {
            [] => Some(Item::ABSENT),
            [(_, value)] if !value.may_be_absent() => {
                Some(Item::Sequence([Value::Object(members.clone())].into()))
            }
            _ => None,
        },
        Item::Data(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::PartialString(_),
        ) => Some(item.clone()),
        _ => None,
    }
}
