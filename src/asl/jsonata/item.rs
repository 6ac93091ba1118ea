//! What a piece of an expression can give: values, and the two things that only exist during evaluation,
//! sequences and functions.

use std::rc::Rc;

use serde_json::Number;

use super::ast::Lambda;
use crate::asl::limits::{MAX_EXACT_NUMBER, MAX_WRITTEN_INTEGER};
use crate::asl::value::all_hold;
use crate::asl::{Segment, Str, Value};

/// The result of a piece of an expression. `Value::Absent` is JSONata's "undefined".
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Data(Value<'a>),
    /// An array that results from a query: with one element it is equivalent to that element.
    Sequence(Rc<[Value<'a>]>),
    /// A sequence that stays an array even with one element.
    Kept(Rc<[Value<'a>]>),
    /// An array that no path flattens.
    Whole(Rc<[Value<'a>]>),
    /// An array in which each unknown element represents any number of elements.
    Open(Rc<[Value<'a>]>),
    Function(Rc<Function<'a>>),
    /// What `$` is outside of any path: Step Functions gives expressions no input of their own.
    Root,
}

/// Something that can be called.
#[derive(Clone, Debug)]
pub(super) enum Function<'a> {
    /// The name of a built-in function, without its `$`.
    Builtin(&'static str),
    Lambda {
        lambda: Rc<Lambda<'a>>,
        context: Item<'a>,
        frame: usize,
    },
    /// A function of which some arguments are given.
    Partial {
        function: Rc<Function<'a>>,
        arguments: Vec<Option<Item<'a>>>,
        depth: usize,
    },
    /// First the one, then the other.
    Composed {
        first: Rc<Function<'a>>,
        second: Rc<Function<'a>>,
        depth: usize,
    },
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The execution would fail here, so there is no value.
    Fails,
    /// Too much work.
    GivesUp,
}

pub(super) type Outcome<'a> = Result<Item<'a>, Stop>;

impl<'a> Item<'a> {
    pub(super) const ABSENT: Item<'a> = Item::Data(Value::Absent);

    pub(super) fn unknown(expression: &'a str) -> Self {
        Item::Data(Value::Unknown(expression.into()))
    }

    pub(super) fn string(text: impl Into<Str<'a>>) -> Self {
        Item::Data(Value::String(text.into()))
    }

    pub(super) fn bool(value: bool) -> Self {
        Item::Data(Value::Bool(value))
    }

    /// A number, if every implementation reads and writes it alike.
    pub(super) fn number(number: f64) -> Option<Self> {
        json_number(number).map(|number| Item::Data(Value::Number(number)))
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Item::Data(Value::Absent))
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Item::Data(Value::Unknown(_)) | Item::Root)
    }

    /// The elements of an array whose length is known.
    pub(super) fn elements(&self) -> Option<&Rc<[Value<'a>]>> {
        match self {
            Item::Data(Value::Array(elements))
            | Item::Sequence(elements)
            | Item::Kept(elements)
            | Item::Whole(elements) => Some(elements),
            _ => None,
        }
    }

    /// A known number.
    pub(super) fn as_number(&self) -> Option<f64> {
        if let Item::Data(value) = self { number(value) } else { None }
    }

    /// A string of which every character is known.
    pub(super) fn as_str(&self) -> Option<&str> {
        if let Item::Data(Value::String(text)) = self { Some(text) } else { None }
    }

    /// The members of a set; just itself for anything else.
    pub(super) fn alternatives(&self) -> Vec<Item<'a>> {
        match self {
            Item::Data(Value::OneOf(members)) => members.iter().cloned().map(Item::Data).collect(),
            single => vec![single.clone()],
        }
    }

    /// As a value; functions and arrays of unknown length are not values.
    pub(super) fn into_value(self, expression: &'a str) -> Value<'a> {
        match self {
            Item::Data(value) => value,
            Item::Sequence(elements) | Item::Kept(elements) | Item::Whole(elements) => Value::Array(elements),
            Item::Open(_) | Item::Function(_) | Item::Root => Value::Unknown(expression.into()),
        }
    }

    /// JSONata's effective Boolean value; `None` if it is known only at run time.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            // The name of a built-in function may be that of a variable known only at run time.
            Item::Function(function) => (!matches!(**function, Function::Builtin(_))).then_some(false),
            Item::Open(_) | Item::Root => None,
            Item::Data(value) => truth(value),
            Item::Sequence(elements) | Item::Kept(elements) | Item::Whole(elements) => array_truth(elements),
        }
    }
}

impl Function<'_> {
    /// How many functions are inside one another.
    pub(super) fn depth(&self) -> usize {
        match self {
            Function::Builtin(_) | Function::Lambda { .. } => 0,
            Function::Partial { depth, .. } | Function::Composed { depth, .. } => *depth,
        }
    }
}

fn truth(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Absent | Value::Null => Some(false),
        Value::Bool(value) => Some(*value),
        Value::Number(_) => number(value).map(|number| number != 0.0),
        Value::String(text) => Some(!text.is_empty()),
        Value::PartialString(text) => {
            text.segments.iter().any(|segment| matches!(segment, Segment::Literal(_))).then_some(true)
        }
        Value::Array(elements) => array_truth(elements),
        Value::Object(members) if members.is_empty() => Some(false),
        Value::Object(members) | Value::Open(members, _) => {
            members.iter().any(|(_, value)| !value.may_be_absent()).then_some(true)
        }
        Value::OneOf(members) => {
            let mut truths = members.iter().map(truth);
            let first = truths.next()??;
            truths.all(|truth| truth == Some(first)).then_some(first)
        }
        Value::Unknown(_) => None,
    }
}

fn array_truth(elements: &[Value<'_>]) -> Option<bool> {
    let mut doubt = false;
    for element in elements {
        match truth(element) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => doubt = true,
        }
    }
    (!doubt).then_some(false)
}

/// Whether there certainly is one value, and no array that would be flattened.
pub(super) fn is_single(value: &Value<'_>) -> bool {
    match value {
        Value::Absent | Value::Unknown(_) | Value::Array(_) => false,
        Value::OneOf(members) => members.iter().all(is_single),
        _ => true,
    }
}

/// Whether everything is known before the execution.
pub(super) fn is_known(value: &Value<'_>) -> bool {
    match value {
        Value::PartialString(_) | Value::Open(..) | Value::OneOf(_) | Value::Unknown(_) => false,
        Value::Array(elements) => elements.iter().all(is_known),
        Value::Object(members) => members.iter().all(|(_, value)| is_known(value)),
        Value::Absent | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// A number as JSONata calculates with it. `None` beyond 53 bits, where implementations differ.
pub(super) fn number(value: &Value<'_>) -> Option<f64> {
    let Value::Number(number) = value else { return None };
    let number = number.as_f64()?;
    (number.abs() < MAX_EXACT_NUMBER).then_some(number)
}

/// A calculated number as JSON; `None` if implementations may differ.
pub(super) fn json_number(number: f64) -> Option<Number> {
    if !number.is_finite() || number.abs() >= MAX_EXACT_NUMBER {
        return None;
    }
    match whole(number) {
        Some(whole) => Some(whole.into()),
        None => Number::from_f64(number),
    }
}

/// The integer that a number is.
pub(super) fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the fraction is zero and 9e15 fits")]
    (number.fract() == 0.0 && number.abs() < MAX_EXACT_NUMBER).then_some(number as i64)
}

/// How a number is written; `None` if implementations may differ.
pub(super) fn number_text(number: f64) -> Option<String> {
    if let Some(whole) = whole(number) {
        return (whole.unsigned_abs() < MAX_WRITTEN_INTEGER).then(|| whole.to_string());
    }
    let text = number.to_string();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Other ones are rounded to 13 or 15 digits, or written with an exponent.
    (number.abs() >= 1.0e-4 && digits <= 13).then_some(text)
}

/// JSON text of a value, as `$string` gives it. `None` if it is known only at run time, or if the order of
/// members matters, which is not kept.
pub(super) fn json_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(_) => number_text(number(value)?),
        Value::String(text) => serde_json::to_string(&**text).ok(),
        Value::Array(elements) => {
            let elements: Option<Vec<String>> = elements.iter().map(json_text).collect();
            Some(format!("[{}]", elements?.join(",")))
        }
        Value::Object(members) => match &members[..] {
            [] => Some("{}".to_owned()),
            [(key, value)] => {
                Some(format!("{{{}:{}}}", serde_json::to_string(&**key).ok()?, json_text(value)?))
            }
            _ => None,
        },
        Value::Absent | Value::PartialString(_) | Value::Open(..) | Value::OneOf(_) | Value::Unknown(_) => {
            None
        }
    }
}

/// The text of something that is not a set, as `&` takes it; what is known only at run time is a hole with
/// the expression.
pub(super) fn segments<'a>(item: &Item<'a>, expression: &'a str) -> Vec<Segment<'a>> {
    let hole = || vec![Segment::Hole(expression.into())];
    let known = |text: Option<String>| text.map_or_else(hole, |text| vec![Segment::Literal(Str::from(text))]);
    match item {
        Item::Data(Value::Absent) => Vec::new(),
        Item::Data(Value::String(text)) => vec![Segment::Literal(text.clone())],
        Item::Data(Value::PartialString(text)) => text.segments.clone(),
        Item::Data(Value::Unknown(origin)) => vec![Segment::Hole(origin.clone())],
        Item::Data(value) => known(json_text(value)),
        Item::Sequence(elements) | Item::Kept(elements) | Item::Whole(elements) => {
            known(json_text(&Value::Array(Rc::clone(elements))))
        }
        Item::Open(_) | Item::Function(_) | Item::Root => hole(),
    }
}

/// Whether two values are equal; `None` if that is known only at run time.
pub(super) fn equal(one: &Value<'_>, two: &Value<'_>) -> Option<bool> {
    match (one, two) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::OneOf(members), other) | (other, Value::OneOf(members)) => {
            let mut answers = members.iter().map(|member| equal(member, other));
            let first = answers.next()??;
            answers.all(|answer| answer == Some(first)).then_some(first)
        }
        (Value::PartialString(text), Value::String(known))
        | (Value::String(known), Value::PartialString(text)) => (!text.covers(known)).then_some(false),
        (Value::PartialString(one), Value::PartialString(two)) => {
            let (one, two) = (one.ends(), two.ends());
            let heads = one.0.starts_with(two.0) || two.0.starts_with(one.0);
            let tails = one.1.ends_with(two.1) || two.1.ends_with(one.1);
            (!(heads && tails)).then_some(false)
        }
        (Value::Open(..), Value::Open(..) | Value::Object(_)) | (Value::Object(_), Value::Open(..)) => None,
        (Value::Number(_), Value::Number(_)) => Some(number(one)? == number(two)?),
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            all_hold(one.iter().zip(two.iter()).map(|(one, two)| equal(one, two)))
        }
        (Value::Object(one), Value::Object(two)) => {
            let doubt = one.iter().chain(two.iter()).any(|(_, value)| value.may_be_absent());
            if one.len() != two.len() || one.iter().zip(two.iter()).any(|((one, _), (two, _))| one != two) {
                return (!doubt).then_some(false);
            }
            all_hold(one.iter().zip(two.iter()).map(|((_, one), (_, two))| equal(one, two)))
        }
        _ => Some(one == two),
    }
}

/// A sequence of one element is its element, an empty one is nothing.
pub(super) fn unwrap(item: Item<'_>) -> Item<'_> {
    match &item {
        Item::Sequence(elements) => match &elements[..] {
            [] => Item::ABSENT,
            [single] => Item::Data(single.clone()),
            _ => item,
        },
        Item::Kept(elements) if elements.is_empty() => Item::ABSENT,
        _ => item,
    }
}

/// Whether a value is a number that a predicate takes as an index.
pub(super) fn is_index(value: &Value<'_>) -> bool {
    number(value).is_some()
}
