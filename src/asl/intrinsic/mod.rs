//! Intrinsic functions of JSONPath states: `States.Format('…{}', $.x)` and the rest, evaluated as far as
//! their arguments are known.

mod array;
mod call;
mod text;

use serde_json::Number;

use self::call::{Argument, Call};
use super::hash::hash;
use super::lattice::common;
use super::limits::{BYTES_READ_FACTOR, MAX_ALTERNATIVES, MAX_DISTINCT_ELEMENTS, MAX_STATE_BYTES};
use super::{Scope, Value, path};
use crate::work::BYTES_OF_A_UNIT;

/// The names of all functions, without `States.`, in ascending order.
///
/// Source: the page on intrinsic functions in the Step Functions Developer Guide.
pub(super) const FUNCTIONS: [&str; 18] = [
    "Array",
    "ArrayContains",
    "ArrayGetItem",
    "ArrayLength",
    "ArrayPartition",
    "ArrayRange",
    "ArrayUnique",
    "Base64Decode",
    "Base64Encode",
    "Format",
    "Hash",
    "JsonMerge",
    "JsonToString",
    "MathAdd",
    "MathRandom",
    "StringSplit",
    "StringToJson",
    "UUID",
];

/// Why a text is probably not a call that Step Functions accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt<'a> {
    /// It does not have the form of a call.
    Unreadable,
    /// It calls a function that does not exist; its name without `States.`.
    UnknownFunction(&'a str),
}

/// A text that should be a call, read.
#[derive(Debug)]
pub(super) struct Intrinsic<'a> {
    text: &'a str,
    /// Absent if it does not have the form of a call.
    call: Option<Call<'a>>,
}

impl<'a> Intrinsic<'a> {
    pub(super) fn read(text: &'a str) -> Intrinsic<'a> {
        #[cfg(test)]
        super::reads::note("call", text);
        Intrinsic { text, call: Call::read(text) }
    }

    /// As written.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Whether it is text whatever its arguments are: what does not fit is a hole in it.
    pub(super) fn is_text_around_values(&self) -> bool {
        let first =
            self.call.as_ref().filter(|call| call.name == "Format").and_then(|call| call.arguments.first());
        matches!(first, Some(Argument::Text { .. }))
    }

    /// What is wrong with it; the first thing from the left.
    pub(super) fn doubt(&self) -> Option<Doubt<'a>> {
        match &self.call {
            Some(call) => unknown_function(call).map(Doubt::UnknownFunction),
            // A path can have functions of its own, such as `$.items.length()`, of which this grammar knows
            // nothing.
            None if self.text.contains("()") => None,
            None => Some(Doubt::Unreadable),
        }
    }

    /// The value of the call; unknown if it exists only at run time, or if it is not a call that Step
    /// Functions accepts.
    pub(super) fn value(&self, scope: &Scope<'a>) -> Value<'a> {
        match &self.call {
            Some(call) => call_value(call, scope),
            None => Value::Unknown(self.text.into()),
        }
    }
}

fn unknown_function<'a>(call: &Call<'a>) -> Option<&'a str> {
    if !FUNCTIONS.contains(&call.name) {
        return Some(call.name);
    }
    call.arguments.iter().find_map(|argument| match argument {
        Argument::Call(inner) => unknown_function(inner),
        _ => None,
    })
}

fn call_value<'a>(call: &Call<'a>, scope: &Scope<'a>) -> Value<'a> {
    let arguments: Vec<Value<'a>> =
        call.arguments.iter().map(|argument| argument_value(argument, scope)).collect();
    let result = match call.name {
        "Array" => Some(Value::Array(arguments.into())),
        _ => spread(arguments)
            .iter()
            .map(|arguments| {
                let (units, bytes) = price(call.name, arguments);
                scope.work.spend(units).and_then(|()| scope.work.build(bytes)).ok()?;
                apply(call, arguments)
            })
            .collect::<Option<Vec<_>>>()
            .map(Value::one_of),
    };
    result.unwrap_or(Value::Unknown(call.text.into()))
}

fn argument_value<'a>(argument: &Argument<'a>, scope: &Scope<'a>) -> Value<'a> {
    match argument {
        Argument::Text { text, inside } => {
            text::unescape(inside).map_or(Value::Unknown((*text).into()), |text| Value::String(text.into()))
        }
        Argument::Constant { value, .. } => value.clone(),
        Argument::Path(path) => path::value(path, scope),
        Argument::Call(call) => call_value(call, scope),
    }
}

/// The lists of arguments that the sets among them represent. If there would be too many, a set is replaced
/// by what its values have in common.
fn spread(arguments: Vec<Value<'_>>) -> Vec<Vec<Value<'_>>> {
    let mut lists = vec![Vec::with_capacity(arguments.len())];
    for argument in arguments {
        let choices = match argument {
            Value::OneOf(values) if values.len() * lists.len() <= MAX_ALTERNATIVES => values,
            Value::OneOf(values) => {
                let shared = values.iter().cloned().reduce(|one, two| common(&one, &two));
                lists.iter_mut().for_each(|list| list.extend(shared.clone()));
                continue;
            }
            // The lists stay as they are, however many arguments there are.
            only => {
                lists.iter_mut().for_each(|list| list.push(only.clone()));
                continue;
            }
        };
        lists = lists
            .iter()
            .flat_map(|list| {
                choices.iter().map(|choice| list.iter().cloned().chain([choice.clone()]).collect())
            })
            .collect();
    }
    lists
}

/// What a call costs: units of work, and the most bytes of text that it makes. Comparing texts of equal
/// length is expensive.
fn price(name: &str, arguments: &[Value<'_>]) -> (u64, usize) {
    let text = |value: &Value<'_>| if let Value::String(text) = value { text.len() } else { 0 };
    let bytes: usize = arguments.iter().map(text).sum();
    let parts = || arguments.iter().map(parts).sum::<usize>();
    let inside = match (name, arguments) {
        ("ArrayUnique", [Value::Array(elements)]) => parts() * elements.len().min(MAX_DISTINCT_ELEMENTS),
        ("ArrayContains" | "ArrayUnique" | "JsonMerge" | "JsonToString", _) => parts(),
        _ => 0,
    };
    let units = 1 + inside + bytes.saturating_mul(BYTES_READ_FACTOR) / BYTES_OF_A_UNIT;
    (u64::try_from(units).unwrap_or(u64::MAX), bytes.saturating_mul(2).min(MAX_STATE_BYTES))
}

/// The values in a value, and its text in units.
fn parts(value: &Value<'_>) -> usize {
    1 + match value {
        Value::Array(values) | Value::OneOf(values) => values.iter().map(parts).sum(),
        Value::Object(members) | Value::Open(members, _) => {
            members.iter().map(|(_, value)| parts(value)).sum()
        }
        Value::String(text) => text.len() / BYTES_OF_A_UNIT,
        _ => 0,
    }
}

/// The result for arguments without sets; `None` if it is known only at run time.
fn apply<'a>(call: &Call<'a>, arguments: &[Value<'a>]) -> Option<Value<'a>> {
    match (call.name, arguments) {
        ("Format", [template, values @ ..]) => text::format(call, template, values),
        ("JsonToString", [value]) => text::json_to_string(value, call.text),
        ("StringToJson", [Value::String(text)]) => text::string_to_json(text),
        ("StringSplit", [Value::String(text), Value::String(delimiters)]) => text::split(text, delimiters),
        ("Base64Encode", [Value::String(text)]) => text::base64_encode(text),
        ("Base64Decode", [Value::String(text)]) => text::base64_decode(text),
        ("Hash", [Value::String(text), Value::String(algorithm)]) => {
            hash(text, algorithm).map(|hash| Value::String(hash.into()))
        }
        ("JsonMerge", [one, two, Value::Bool(false)]) => array::merge(one, two, call.text),
        ("MathAdd", [Value::Number(one), Value::Number(two)]) => {
            let sum = i64::from(rounded(one)?) + i64::from(rounded(two)?);
            i32::try_from(sum).ok().map(|sum| Value::Number(sum.into()))
        }
        ("ArrayLength", [Value::Array(elements)]) => Some(Value::Number(elements.len().into())),
        ("ArrayGetItem", [Value::Array(elements), Value::Number(index)]) => {
            elements.get(usize::try_from(index.as_u64()?).ok()?).cloned()
        }
        ("ArrayPartition", [Value::Array(elements), Value::Number(size)]) => {
            array::partition(elements, rounded(size)?)
        }
        ("ArrayContains", [Value::Array(elements), value]) => array::contains(elements, value),
        ("ArrayUnique", [Value::Array(elements)]) => array::unique(elements),
        ("ArrayRange", [Value::Number(first), Value::Number(last), Value::Number(step)]) => {
            array::range(rounded(first)?, rounded(last)?, rounded(step)?)
        }
        // UUID and MathRandom; and whatever Step Functions would reject.
        _ => None,
    }
}

/// The nearest integer, halves upwards, within the 32 bits that Step Functions accepts.
fn rounded(number: &Number) -> Option<i32> {
    if let Some(integer) = number.as_i64() {
        return i32::try_from(integer).ok();
    }
    let value = number.as_f64().filter(|value| value.abs() < f64::from(i32::MAX))?;
    let floor = value.floor();
    let nearest = if value - floor >= 0.5 { floor + 1.0 } else { floor };
    #[expect(clippy::cast_possible_truncation, reason = "an integer whose size was just looked at")]
    Some(nearest as i32)
}

#[cfg(test)]
mod tests;
