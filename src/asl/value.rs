//! What is known before any run about the values that a run will have.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Number;

use super::Json;

/// A value as far as it can be known without a run.
///
/// Sound above all: a value that a run can change is never called known.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// There certainly is no such value: a member that is left out.
    Absent,
    /// `null`.
    Null,
    /// A Boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string of which every character is known.
    String(Cow<'a, str>),
    /// A string that is known in part.
    Text(Text<'a>),
    /// An array whose length is known.
    Array(Rc<[Value<'a>]>),
    /// An object whose keys are known, in ascending byte order.
    Object(Rc<[(Cow<'a, str>, Value<'a>)]>),
    /// One of these; at least two, none of them itself `OneOf`.
    OneOf(Rc<[Value<'a>]>),
    /// Known only to the run; absence is possible too.
    Unknown(Expression<'a>),
}

/// The expression that only the run can work out, as the definition has it: `$.topic`, `{% $states.input.t %}`; or words in place of
/// one: `the state's input`.
pub type Expression<'a> = Cow<'a, str>;

/// A string that is known in part: at least one hole.
#[derive(Clone, Debug, PartialEq)]
pub struct Text<'a> {
    /// From left to right; no empty literals, no two literals in a row.
    pub pieces: Vec<Piece<'a>>,
}

/// A stretch of a partly known string.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece<'a> {
    /// Known characters.
    Literal(Cow<'a, str>),
    /// Any characters, none included.
    Hole(Expression<'a>),
}

impl<'a> From<&Json<'a>> for Value<'a> {
    /// The value that a literal of the definition has.
    fn from(json: &Json<'a>) -> Self {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(number.clone()),
            Json::String(text) => Value::String(text.clone()),
            Json::Array(elements) => Value::Array(elements.iter().map(Value::from).collect()),
            Json::Object(object) => {
                Value::Object(object.iter().map(|(key, value)| (key.clone(), Value::from(value))).collect())
            }
        }
    }
}

impl<'a> Value<'a> {
    /// The member of an object. Unknown if the object is; absent if the value has no members.
    #[must_use]
    pub fn member(&self, name: &str) -> Value<'a> {
        match self {
            Value::Object(members) => match members.binary_search_by(|(key, _)| key.as_ref().cmp(name)) {
                Ok(at) => members.get(at).map_or(Value::Absent, |(_, value)| value.clone()),
                Err(_) => Value::Absent,
            },
            Value::OneOf(values) => Value::one_of(values.iter().map(|value| value.member(name))),
            Value::Unknown(expression) => Value::Unknown(expression.clone()),
            _ => Value::Absent,
        }
    }

    /// One of several values: equal ones count once, sets within are opened. An unknown one makes all unknown.
    #[must_use]
    pub fn one_of(values: impl IntoIterator<Item = Value<'a>>) -> Value<'a> {
        let mut distinct: Vec<Value<'a>> = Vec::new();
        for value in values {
            let opened: Vec<Value<'a>> = match value {
                Value::Unknown(_) => return value,
                Value::OneOf(inner) => inner.to_vec(),
                single => vec![single],
            };
            for single in opened {
                if !distinct.contains(&single) {
                    distinct.push(single);
                }
            }
        }
        match distinct.len() {
            0 => Value::Absent,
            1 => distinct.swap_remove(0),
            _ => Value::OneOf(distinct.into()),
        }
    }
}

impl<'a> Text<'a> {
    /// Joins pieces; the result is `String` if there is no hole in it.
    #[must_use]
    pub fn join(pieces: impl IntoIterator<Item = Piece<'a>>) -> Value<'a> {
        let mut joined: Vec<Piece<'a>> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (_, Piece::Literal(text)) if text.is_empty() => {}
                (Some(Piece::Literal(last)), Piece::Literal(text)) => last.to_mut().push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        match joined.as_slice() {
            [] => Value::String(Cow::Borrowed("")),
            [Piece::Literal(_)] => match joined.swap_remove(0) {
                Piece::Literal(text) => Value::String(text),
                Piece::Hole(expression) => Value::Unknown(expression),
            },
            _ => Value::Text(Text { pieces: joined }),
        }
    }
}
