//! The functions that make or read text.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Number;

use super::super::limits::{MAX_BASE64_CHARACTERS, MAX_SEGMENTS, MAX_STRING_BYTES};
use super::super::{Json, PartialString, Segment, Value};
use super::call::{Argument, Call};

/// What a string in quotes means; `None` if it has an escape other than the four that exist.
pub(super) fn unescape(inside: &str) -> Option<Cow<'_, str>> {
    if !inside.contains('\\') {
        return Some(inside.into());
    }
    let mut text = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => characters.next().filter(|next| matches!(next, '\'' | '{' | '}' | '\\'))?,
            plain => plain,
        });
    }
    Some(text.into())
}

/// `States.Format`
pub(super) fn format<'a>(call: &Call<'a>, template: &Value<'a>, values: &[Value<'a>]) -> Option<Value<'a>> {
    let (first, others) = call.arguments.split_first()?;
    let template = match (first, template) {
        (Argument::Text { inside, .. }, _) => *inside,
        // How escapes count in a template that comes from elsewhere is not documented.
        (_, Value::String(text)) if !text.contains('\\') => text.as_ref(),
        _ => return None,
    };
    let mut segments = Vec::new();
    let mut slots = others.iter().zip(values);
    let mut literal = String::new();
    let mut characters = template.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => literal.push(characters.next().filter(|next| matches!(next, '\'' | '{' | '}' | '\\'))?),
            '{' => {
                characters.next().filter(|next| *next == '}')?;
                let (argument, value) = slots.next()?;
                segments.push(Segment::Literal(std::mem::take(&mut literal).into()));
                add(value, argument.text(), &mut segments);
            }
            '}' => return None,
            plain => literal.push(plain),
        }
    }
    segments.push(Segment::Literal(literal.into()));
    if slots.next().is_some() {
        return None;
    }
    joined(segments)
}

/// The text that a value becomes within another.
fn add<'a>(value: &Value<'a>, expression: &'a str, segments: &mut Vec<Segment<'a>>) {
    match value {
        Value::String(text) => segments.push(Segment::Literal(text.clone())),
        Value::PartialString(text) => segments.extend(text.segments.iter().cloned()),
        Value::Null => segments.push(Segment::Literal("null".into())),
        Value::Bool(value) => segments.push(Segment::Literal(value.to_string().into())),
        Value::Number(number) if is_integer(number) => {
            segments.push(Segment::Literal(number.to_string().into()))
        }
        Value::Unknown(expression) => segments.push(Segment::Hole(expression.clone())),
        // The text of fractions, arrays and objects is not documented.
        _ => segments.push(Segment::Hole(expression.into())),
    }
}

fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64()
}

fn joined(segments: Vec<Segment<'_>>) -> Option<Value<'_>> {
    let bytes: usize = segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(text) => text.len(),
            Segment::Hole(_) => 0,
        })
        .sum();
    (bytes <= MAX_STRING_BYTES && segments.len() <= MAX_SEGMENTS).then(|| PartialString::join(segments))
}

/// `States.JsonToString`
pub(super) fn json_to_string<'a>(value: &Value<'a>, expression: &'a str) -> Option<Value<'a>> {
    let mut segments = Vec::new();
    add_json(value, expression, &mut segments)?;
    joined(segments)
}

fn add_json<'a>(value: &Value<'a>, expression: &'a str, segments: &mut Vec<Segment<'a>>) -> Option<()> {
    if segments.len() > MAX_SEGMENTS {
        return None;
    }
    match value {
        Value::String(text) => {
            segments.push(Segment::Literal("\"".into()));
            segments.push(json_text(text, expression));
            segments.push(Segment::Literal("\"".into()));
        }
        Value::PartialString(text) => {
            segments.push(Segment::Literal("\"".into()));
            segments.extend(text.segments.iter().map(|segment| match segment {
                Segment::Literal(text) => json_text(text, expression),
                hole @ Segment::Hole(_) => hole.clone(),
            }));
            segments.push(Segment::Literal("\"".into()));
        }
        Value::Array(elements) => {
            segments.push(Segment::Literal("[".into()));
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    segments.push(Segment::Literal(",".into()));
                }
                add_json(element, expression, segments)?;
            }
            segments.push(Segment::Literal("]".into()));
        }
        Value::Object(members) => {
            segments.push(Segment::Literal("{".into()));
            match members.as_ref() {
                [] => {}
                [(key, value)] if !value.may_be_absent() => {
                    segments.push(Segment::Literal("\"".into()));
                    segments.push(json_text(key, expression));
                    segments.push(Segment::Literal("\":".into()));
                    add_json(value, expression, segments)?;
                }
                // Step Functions keeps the order of members in the input; that order is not known here.
                _ => segments.push(Segment::Hole(expression.into())),
            }
            segments.push(Segment::Literal("}".into()));
        }
        Value::Open(..) => segments.extend([
            Segment::Literal("{".into()),
            Segment::Hole(expression.into()),
            Segment::Literal("}".into()),
        ]),
        other => add(other, expression, segments),
    }
    Some(())
}

/// The text of a string in JSON without its quotes. Which of the rarer characters become escapes is not
/// documented.
fn json_text<'a>(text: &str, expression: &'a str) -> Segment<'a> {
    if text
        .chars()
        .any(|character| !matches!(character, ' '..='~') || matches!(character, '<' | '>' | '&' | '=' | '\''))
    {
        return Segment::Hole(expression.into());
    }
    Segment::Literal(text.replace('\\', "\\\\").replace('"', "\\\"").into())
}

/// `States.StringToJson`; empty text gives null.
pub(super) fn string_to_json<'a>(text: &str) -> Option<Value<'a>> {
    if text.trim().is_empty() {
        return Some(Value::Null);
    }
    Json::read(text).ok().map(|json| Value::owned(&json))
}

/// `States.StringSplit`: each character of the delimiters splits, and empty parts vanish.
pub(super) fn split<'a>(text: &str, delimiters: &str) -> Option<Value<'a>> {
    if text.is_empty() || delimiters.is_empty() {
        return None;
    }
    let parts = text.split(|character| delimiters.contains(character)).filter(|part| !part.is_empty());
    Some(Value::Array(parts.map(|part| Value::String(part.to_owned().into())).collect()))
}

/// `States.Base64Encode`
pub(super) fn base64_encode<'a>(text: &str) -> Option<Value<'a>> {
    short(text)?;
    Some(Value::String(STANDARD.encode(text).into()))
}

/// `States.Base64Decode`
pub(super) fn base64_decode<'a>(text: &str) -> Option<Value<'a>> {
    short(text)?;
    let bytes = STANDARD.decode(text).ok()?;
    Some(Value::String(String::from_utf8(bytes).ok()?.into()))
}

fn short(text: &str) -> Option<()> {
    (text.chars().count() <= MAX_BASE64_CHARACTERS).then_some(())
}
