//! How large a value may be that the analysis follows.

use super::limits::{BYTES_PER_PART, MAX_LEVELS, MAX_PARTS};
use super::value::{Segment, Value};

/// The value, or an unknown one if it is too large to follow. This keeps the analysis linear, and keeps
/// values that share their parts from being expanded.
pub(super) fn bounded(value: Value<'_>) -> Value<'_> {
    fn count(value: &Value<'_>, level: usize, left: &mut usize) -> bool {
        if level == 0 || *left == 0 {
            return false;
        }
        *left -= 1;
        match value {
            Value::Array(values) | Value::OneOf(values) => {
                values.iter().all(|value| count(value, level - 1, left))
            }
            Value::Object(members) | Value::Open(members, _) => {
                members.iter().all(|(_, value)| count(value, level - 1, left))
            }
            Value::String(text) => {
                *left = left.saturating_sub(text.len() / BYTES_PER_PART);
                true
            }
            Value::PartialString(text) => text.segments.iter().all(|segment| {
                let bytes = match segment {
                    Segment::Literal(text) => text.len(),
                    Segment::Hole(_) => 0,
                };
                *left = left.saturating_sub(1 + bytes / BYTES_PER_PART);
                *left > 0
            }),
            _ => true,
        }
    }
    let mut left = MAX_PARTS;
    if count(&value, MAX_LEVELS, &mut left) { value } else { Value::Unknown("a large value".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_has_an_end() {
        let mut value = Value::String("x".into());
        for _ in 0..1000 {
            value = bounded(Value::Array([value.clone(), value].into()));
        }
        assert!(format!("{value:?}").len() < 1_000_000);
    }
}
