//! Terraform's values: how they look in memory, and their two encodings on the wire.

mod convert;
mod decode;
mod encode;
mod json;
mod number;
mod types;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

pub use number::Number;
pub use types::Type;

/// The name of a member, or the key of an element. Those of the schema are part of the program.
pub type Name = Cow<'static, str>;

/// The members of an object by name, or the elements of a map by key.
pub type Members = BTreeMap<Name, Value>;

/// A value of Terraform's language.
///
/// Its type is kept by the schema, not here: a list, a set and a tuple look alike, and so do a map and an
/// object.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`: the argument is absent.
    Null,
    /// Not known before apply. Terraform never sends one to a read.
    Unknown,
    /// A truth value.
    Bool(bool),
    /// A number of any size and precision.
    Number(Number),
    /// A text.
    String(String),
    /// The elements of a list, set or tuple, or the nested blocks of one type.
    List(Vec<Value>),
    /// The elements of a map by key, or the members of an object or block by name.
    Object(Members),
}

/// Why bytes are not a value of the expected type, or a value cannot be sent as that type.
///
/// It never quotes the value itself, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(String);

impl Value {
    /// An object of these members.
    pub fn object<K: Into<Name>>(members: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// A list of these elements.
    pub fn list(elements: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }

    /// The member of an object or the element of a map; null where there is none.
    pub fn get(&self, name: &str) -> &Value {
        match self {
            Self::Object(members) => members.get(name).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }

    /// The text, if this is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if this is a known one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The elements, if this is a known list, set or tuple, or a list of nested blocks.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether this is unknown as a whole.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether nothing in this is unknown, at any depth.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Object(members) => members.values().all(Self::is_wholly_known),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// Whether an object or map has a member of that name, be it null.
    fn has(&self, name: &str) -> bool {
        matches!(self, Self::Object(members) if members.contains_key(name))
    }

    /// What kind of value this is, for messages.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

/// `None` is null.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Mismatch {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    fn expected(expected: &Type, found: &str) -> Self {
        Self(format!("{} was expected, not {found}", expected.name()))
    }

    /// The same reason, with the place where it was found.
    fn inside(self, place: impl fmt::Display) -> Self {
        Self(format!("in {place}: {}", self.0))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}
