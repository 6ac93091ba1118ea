//! What is known before any run about the values that a run will have.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Number;

use super::Json;
use super::join::common;

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
    Object(Members<'a>),
    /// An object of which some members are known, in ascending byte order; each other member, named by the expression, is known only
    /// to the run.
    Open(Members<'a>, Expression<'a>),
    /// One of these; at least two and at most [`MOST`], none of them itself `OneOf` or `Unknown`.
    OneOf(Rc<[Value<'a>]>),
    /// Known only to the run; absence is possible too.
    Unknown(Expression<'a>),
}

/// The members of an object.
pub type Members<'a> = Rc<[(Cow<'a, str>, Value<'a>)]>;

/// How many values a set of possible values can have. What exceeds it is described by what the values have in common.
pub const MOST: usize = 16;

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
        let find = |members: &Members<'a>| {
            let at = members.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok()?;
            members.get(at).map(|(_, value)| value.clone())
        };
        match self {
            Value::Object(members) => find(members).unwrap_or(Value::Absent),
            Value::Open(members, rest) => find(members).unwrap_or_else(|| Value::Unknown(rest.clone())),
            Value::OneOf(values) => Value::one_of(values.iter().map(|value| value.member(name))),
            Value::Unknown(expression) => Value::Unknown(expression.clone()),
            _ => Value::Absent,
        }
    }

    /// One of several values: equal ones count once, sets within are opened. An unknown one makes all unknown. More than [`MOST`]
    /// become one value that is known in part.
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
                if !distinct.iter().any(|one| one.same(&single)) {
                    distinct.push(single);
                }
            }
            if distinct.len() > MOST {
                let common = distinct.into_iter().reduce(|one, two| common(&one, &two));
                distinct = common.into_iter().collect();
                if let [Value::Unknown(_)] = distinct.as_slice() {
                    break;
                }
            }
        }
        match distinct.len() {
            0 => Value::Absent,
            1 => distinct.swap_remove(0),
            _ => Value::OneOf(distinct.into()),
        }
    }

    /// Whether two values are equal; quick for those that share their parts.
    #[must_use]
    pub fn same(&self, other: &Value<'a>) -> bool {
        match (self, other) {
            (Value::Object(one), Value::Object(two)) => same_members(one, two),
            (Value::Open(one, here), Value::Open(two, there)) => same_members(one, two) && here == there,
            (Value::Array(one), Value::Array(two)) | (Value::OneOf(one), Value::OneOf(two)) => {
                Rc::ptr_eq(one, two)
                    || one.len() == two.len() && one.iter().zip(two.iter()).all(|(one, two)| one.same(two))
            }
            _ => self == other,
        }
    }
}

fn same_members(one: &Members<'_>, two: &Members<'_>) -> bool {
    Rc::ptr_eq(one, two)
        || one.len() == two.len()
            && one.iter().zip(two.iter()).all(|((key, one), (other, two))| key == other && one.same(two))
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
