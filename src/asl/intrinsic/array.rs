//! The functions of arrays and objects.

use super::super::Value;
use super::super::limits::{MAX_DISTINCT_ELEMENTS, MAX_RANGE_ELEMENTS};
use super::super::value::{Members, all_hold};

/// `States.ArrayPartition`
pub(super) fn partition<'a>(elements: &[Value<'a>], size: i32) -> Option<Value<'a>> {
    let size = usize::try_from(size).ok().filter(|size| *size > 0)?;
    Some(Value::Array(elements.chunks(size).map(|chunk| Value::Array(chunk.into())).collect()))
}

/// `States.ArrayContains`
pub(super) fn contains<'a>(elements: &[Value<'a>], value: &Value<'a>) -> Option<Value<'a>> {
    let mut certain = true;
    for element in elements {
        match equal(element, value) {
            Some(true) => return Some(Value::Bool(true)),
            Some(false) => {}
            None => certain = false,
        }
    }
    certain.then_some(Value::Bool(false))
}

/// `States.ArrayUnique`. In which order the elements come is not documented, so that each place can have any
/// of them.
pub(super) fn unique<'a>(elements: &[Value<'a>]) -> Option<Value<'a>> {
    let mut distinct: Vec<Value<'a>> = Vec::new();
    for element in elements {
        // Each element is compared with each other one; a longer array is not worth the work.
        if distinct.len() > MAX_DISTINCT_ELEMENTS {
            return None;
        }
        let mut new = true;
        for other in &distinct {
            new &= !equal(element, other)?;
        }
        if new {
            distinct.push(element.clone());
        }
    }
    let any = Value::one_of(distinct.iter().cloned());
    Some(Value::Array(distinct.iter().map(|_| any.clone()).collect()))
}

/// `States.ArrayRange`, both ends included.
pub(super) fn range<'a>(first: i32, last: i32, step: i32) -> Option<Value<'a>> {
    let step = usize::try_from(step).ok().filter(|step| *step > 0)?;
    let numbers: Vec<_> = (first..=last)
        .step_by(step)
        .take(MAX_RANGE_ELEMENTS + 1)
        .map(|number| Value::Number(number.into()))
        .collect();
    (!numbers.is_empty() && numbers.len() <= MAX_RANGE_ELEMENTS).then(|| Value::Array(numbers.into()))
}

/// `States.JsonMerge`, shallow: the second object's members take precedence.
pub(super) fn merge<'a>(one: &Value<'a>, two: &Value<'a>, expression: &'a str) -> Option<Value<'a>> {
    let (first, first_closed) = members(one)?;
    let (second, second_closed) = members(two)?;
    let mut merged = Vec::with_capacity(first.len() + second.len());
    for (key, value) in second.iter() {
        let value = match value {
            Value::OneOf(values) if values.contains(&Value::Absent) => {
                Value::one_of([one.member(key), value.clone()])
            }
            value => value.clone(),
        };
        merged.push((key.clone(), value));
    }
    if second_closed {
        merged.extend(first.iter().filter(|(key, _)| two.member(key) == Value::Absent).cloned());
    }
    merged.sort_by(|(one, _), (two, _)| one.cmp(two));
    match first_closed && second_closed {
        true => Some(Value::Object(merged.into())),
        false if merged.is_empty() => None,
        false => Some(Value::Open(merged.into(), expression.into())),
    }
}

/// The known members of what must be an object, and whether there are no others.
fn members<'a>(value: &Value<'a>) -> Option<(Members<'a>, bool)> {
    match value {
        Value::Object(members) => Some((members.clone(), true)),
        Value::Open(members, _) => Some((members.clone(), false)),
        Value::Unknown(_) => Some(([].into(), false)),
        _ => None,
    }
}

/// Whether two values are equal in every execution, in none, or that is known only at run time.
fn equal(one: &Value<'_>, two: &Value<'_>) -> Option<bool> {
    match (one, two) {
        (
            Value::Unknown(_) | Value::OneOf(_) | Value::PartialString(_) | Value::Open(..) | Value::Absent,
            _,
        )
        | (
            _,
            Value::Unknown(_) | Value::OneOf(_) | Value::PartialString(_) | Value::Open(..) | Value::Absent,
        ) => None,
        (Value::Number(one), Value::Number(two)) => match (one.as_i64(), two.as_i64()) {
            (Some(one), Some(two)) => Some(one == two),
            // Whether 1 equals 1.0 is not documented.
            _ if one.as_f64() == two.as_f64() => (one == two).then_some(true),
            _ => Some(false),
        },
        (Value::Array(one), Value::Array(two)) => {
            if one.len() != two.len() {
                return Some(false);
            }
            all_hold(one.iter().zip(two.iter()).map(|(one, two)| equal(one, two)))
        }
        (Value::Object(one), Value::Object(two)) => {
            let keys =
                one.len() == two.len() && one.iter().zip(two.iter()).all(|((one, _), (two, _))| one == two);
            if !keys {
                return Some(false);
            }
            all_hold(one.iter().zip(two.iter()).map(|((_, one), (_, two))| equal(one, two)))
        }
        _ => Some(one == two),
    }
}
