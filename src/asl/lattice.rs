//! What several values have in common.

use super::limits::MAX_OBJECTS;
use super::value::{Members, PartialString, Segment, Value, find, same_keys};

/// The words for the part in which values differ.
const DIFFERENT: &str = "one of several values";

/// A value that describes both, and as much as they have in common: the beginning and the end of strings, the
/// members of objects with the values that each can have.
pub(super) fn common<'a>(one: &Value<'a>, two: &Value<'a>) -> Value<'a> {
    if one.same(two) {
        return one.clone();
    }
    match (one, two) {
        (Value::OneOf(values), other) | (other, Value::OneOf(values)) => {
            values.iter().fold(other.clone(), |all, value| common(&all, value))
        }
        (Value::String(_) | Value::PartialString(_), Value::String(_) | Value::PartialString(_)) => {
            common_text(one, two)
        }
        (Value::Object(here) | Value::Open(here, _), Value::Object(there) | Value::Open(there, _)) => {
            let closed = matches!((one, two), (Value::Object(_), Value::Object(_))) && same_keys(here, there);
            let members: Vec<_> = here
                .iter()
                .filter_map(|(key, value)| match (value, find(there, key)?) {
                    (Value::Absent, _) | (_, Value::Absent) => None,
                    (value, other) => Some((key.clone(), Value::one_of([value.clone(), other.clone()]))),
                })
                .collect();
            if closed && members.len() == here.len() {
                Value::Object(members.into())
            } else if members.is_empty() {
                Value::Unknown(DIFFERENT.into())
            } else {
                Value::Open(members.into(), DIFFERENT.into())
            }
        }
        _ => Value::Unknown(DIFFERENT.into()),
    }
}

/// The value, or where it is a set of too many objects what these have in common.
pub(super) fn few_objects(value: Value<'_>) -> Value<'_> {
    let is_object = |value: &Value<'_>| matches!(value, Value::Object(_) | Value::Open(..));
    match &value {
        Value::OneOf(values) if values.len() > MAX_OBJECTS && values.iter().all(is_object) => single(&value),
        _ => value,
    }
}

/// A value that describes both, chosen so that repeating this terminates.
pub(super) fn widen<'a>(old: &Value<'a>, new: &Value<'a>) -> Value<'a> {
    if old.same(new) {
        return old.clone();
    }
    match (single(old), single(new)) {
        (
            old @ (Value::String(_) | Value::PartialString(_)),
            new @ (Value::String(_) | Value::PartialString(_)),
        ) => common(&old, &new),
        (old @ (Value::Object(_) | Value::Open(..)), new @ (Value::Object(_) | Value::Open(..))) => {
            widen_members(&old, &new)
        }
        _ => Value::Unknown(DIFFERENT.into()),
    }
}

/// What the values of a set have in common; the result is not a set.
fn single<'a>(value: &Value<'a>) -> Value<'a> {
    match value {
        Value::OneOf(values) => {
            let all = values.iter().cloned().reduce(|one, two| common(&one, &two));
            all.unwrap_or(Value::Unknown(DIFFERENT.into()))
        }
        single => single.clone(),
    }
}

fn widen_members<'a>(old: &Value<'a>, new: &Value<'a>) -> Value<'a> {
    let (Value::Object(here) | Value::Open(here, _)) = old else { return Value::Unknown(DIFFERENT.into()) };
    let closed = matches!((old, new), (Value::Object(_), Value::Object(there)) if same_keys(here, there));
    let members: Members<'a> = here
        .iter()
        .map(|(key, value)| (key.clone(), widen(value, &new.member(key))))
        .filter(|(_, value)| closed || !matches!(value, Value::Unknown(_)))
        .collect();
    match closed {
        true => Value::Object(members),
        false if members.is_empty() => Value::Unknown(DIFFERENT.into()),
        false => Value::Open(members, DIFFERENT.into()),
    }
}

fn common_text<'a>(one: &Value<'a>, two: &Value<'a>) -> Value<'a> {
    let (one_start, one_end) = ends(one);
    let (two_start, two_end) = ends(two);
    let start: usize = one_start
        .chars()
        .zip(two_start.chars())
        .take_while(|(one, two)| one == two)
        .map(|(one, _)| one.len_utf8())
        .sum();
    // In a string without holes the end must not reach back into the beginning.
    let rest = |value: &Value<'a>, end: &str| match value {
        Value::String(text) => text.len().saturating_sub(start),
        _ => end.len(),
    };
    let most = rest(one, one_end).min(rest(two, two_end));
    let mut end = 0;
    for (here, there) in one_end.chars().rev().zip(two_end.chars().rev()) {
        if here != there || end + here.len_utf8() > most {
            break;
        }
        end += here.len_utf8();
    }
    if start == 0 && end == 0 {
        return Value::Unknown(DIFFERENT.into());
    }
    let start = one_start.get(..start).unwrap_or_default().to_owned();
    let end = one_end.get(one_end.len() - end..).unwrap_or_default().to_owned();
    PartialString::join([
        Segment::Literal(start.into()),
        Segment::Hole(DIFFERENT.into()),
        Segment::Literal(end.into()),
    ])
}

/// The literals with which a string certainly begins and ends.
fn ends<'v>(value: &'v Value<'_>) -> (&'v str, &'v str) {
    match value {
        Value::String(text) => (text, text),
        Value::PartialString(text) => text.ends(),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::String(text.into())
    }

    fn pattern(value: &Value<'_>) -> String {
        match value {
            Value::String(text) => text.to_string(),
            Value::PartialString(text) => text
                .segments
                .iter()
                .map(|segment| match segment {
                    Segment::Literal(text) => text.as_ref(),
                    Segment::Hole(_) => "*",
                })
                .collect(),
            Value::Unknown(_) => "*".to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn strings_share_beginning_and_end() {
        for (one, two, both) in [
            ("arn:a:x", "arn:b:x", "arn:*:x"),
            ("a", "aa", "a*"),
            ("aa", "a", "a*"),
            ("aba", "aa", "a*a"),
            ("x", "y", "*"),
            ("", "y", "*"),
            ("é1", "é2", "é*"),
            ("same", "same", "same"),
        ] {
            assert_eq!(pattern(&common(&text(one), &text(two))), both, "{one} {two}");
        }
        let once = common(&text("arn:a:x"), &text("arn:b:x"));
        assert_eq!(pattern(&common(&once, &text("arn:c:y"))), "arn:*");
    }

    #[test]
    fn objects_share_members() {
        let object = |members: Vec<(&'static str, Value<'static>)>| {
            Value::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
        };
        let one = object(vec![("a", text("x1")), ("b", text("same"))]);
        let two = object(vec![("a", text("x2")), ("b", text("same"))]);
        let three = object(vec![("b", text("same"))]);
        let both = common(&one, &two);
        assert_eq!(both.member("a"), Value::one_of([text("x1"), text("x2")]));
        assert_eq!(both.member("b"), text("same"));
        assert_eq!(both.member("c"), Value::Absent);
        let all = common(&both, &three);
        assert_eq!(all.member("b"), text("same"));
        assert!(matches!(all.member("a"), Value::Unknown(_)), "{all:?}");
    }
}
