//! Values as short text, for tests.

use super::{Segment, Value};

/// The value as text much like JSON: `*` is what is known only at run time, `|` separates the values of a
/// set, `…` for members that are not known.
pub(super) fn show(value: &Value<'_>) -> String {
    match value {
        Value::Unknown(_) => "*".to_owned(),
        Value::PartialString(text) => {
            let segments = text.segments.iter().map(|segment| match segment {
                Segment::Literal(text) => text.as_ref(),
                Segment::Hole(_) => "*",
            });
            format!("{:?}", segments.collect::<String>())
        }
        Value::String(text) => format!("{text:?}"),
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(elements) => format!("[{}]", elements.iter().map(show).collect::<Vec<_>>().join(",")),
        Value::OneOf(values) => values.iter().map(show).collect::<Vec<_>>().join("|"),
        Value::Object(members) | Value::Open(members, _) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{key}:{}", show(value))).collect();
            let open = if matches!(value, Value::Open(..)) { ",…" } else { "" };
            format!("{{{}{open}}}", members.join(","))
        }
        Value::Absent => "absent".to_owned(),
    }
}
