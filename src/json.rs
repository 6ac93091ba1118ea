//! JSON as a definition has it: every object sorted by its keys, duplicate keys rejected with their place.

mod limits;

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use limits::MAX_MEMBERS_SEARCHED_IN_TURN;

/// A JSON value that borrows its strings from the text where they have no escapes.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, escapes resolved.
    String(Cow<'a, str>),
    /// A string with tokens whose values are not known yet. Parsing never produces one; substitution does,
    /// where such a string may occur.
    Pending(Vec<Part<'a>>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// A part of a string with tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Characters.
    Text(Cow<'a, str>),
    /// The name of a token whose value is not known yet.
    Token(Cow<'a, str>),
}

/// The members of a JSON object in ascending byte order of their keys, each key once.
///
/// Sorted on reading, so that nothing after it can depend on the order in the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

/// Why a text is not acceptable JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wrong} at line {line}, column {column}")]
pub struct SyntaxError {
    /// What is wrong.
    pub wrong: Malformed,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

impl From<serde_json::Error> for SyntaxError {
    fn from(error: serde_json::Error) -> SyntaxError {
        SyntaxError { wrong: malformed(&error), line: error.line(), column: error.column() }
    }
}

/// What is wrong with a text that should be JSON: the rest of a sentence, without the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The text is cut off, or empty.
    #[error("the text ends {}", match inside.as_deref() {
        Some(what) => format!("inside {what}"),
        None => "where a value is expected".to_owned(),
    })]
    EndsEarly {
        /// What it is inside of, with its article; `None` if a value is expected.
        inside: Option<String>,
    },
    /// Objects and arrays in each other, deeper than 128 levels.
    #[error("it is nested too deeply")]
    TooDeep,
    /// An object has a key twice.
    #[error("the key \"{key}\" occurs more than once in the same object")]
    DuplicateKey {
        /// The key.
        key: String,
        /// JSON pointer of the object.
        pointer: String,
    },
    /// Something else that the grammar does not allow, in the parser's words.
    #[error("{}", plain(.0))]
    Grammar(String),
}

impl<'a> Json<'a> {
    /// Reads a whole text.
    ///
    /// # Errors
    /// If the text is not JSON, is nested deeper than 128 levels, or has an object with the same key twice.
    pub fn read(text: &'a str) -> Result<Json<'a>, SyntaxError> {
        Json::read_while(text, &|| true)
    }

    /// The same for as long as somebody wants the value, who is asked before each value in it.
    ///
    /// # Errors
    /// As [`Json::read`]; and an error that means nothing if nobody wants it.
    pub fn read_while(text: &'a str, wanted: &dyn Fn() -> bool) -> Result<Json<'a>, SyntaxError> {
        let mut duplicate = None;
        let mut reader = serde_json::Deserializer::from_str(text);
        let node = Node { place: &Place::At(""), duplicate: &mut duplicate, wanted };
        node.deserialize(&mut reader).and_then(|json| reader.end().map(|()| json)).map_err(|error| {
            let wrong = duplicate.unwrap_or_else(|| malformed(&error));
            let (line, column) = match wrong {
                // The parser says where the last character is, or where the value begins.
                Malformed::EndsEarly { .. } => behind(text.trim_end()),
                _ => (error.line(), error.column()),
            };
            SyntaxError { wrong, line, column }
        })
    }

    /// The members, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object<'a>> {
        if let Json::Object(object) = self { Some(object) } else { None }
    }

    /// The elements, if it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Json<'a>]> {
        if let Json::Array(elements) = self { Some(elements) } else { None }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Json::String(text) = self { Some(text) } else { None }
    }

    /// The value, if it is a Boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(value) = self { Some(*value) } else { None }
    }

    /// What kind of value it is, with its article: `a string`, `an object`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a Boolean",
            Json::Number(_) => "a number",
            Json::String(_) | Json::Pending(_) => "a string",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        }
    }
}

impl<'a> Object<'a> {
    /// The value of a key. Most objects are small, and most keys that a member is asked for have another
    /// length, so nothing is compared.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        if self.members.len() <= MAX_MEMBERS_SEARCHED_IN_TURN {
            return self.members.iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value);
        }
        let at = self.members.binary_search_by(|(name, _)| name.as_ref().cmp(key)).ok()?;
        self.members.get(at).map(|(_, value)| value)
    }

    /// The object with other values under the same keys.
    #[must_use]
    pub fn map(self, mut make: impl FnMut(&str, Json<'a>) -> Json<'a>) -> Object<'a> {
        let make = |(key, value): (Cow<'a, str>, Json<'a>)| {
            let value = make(&key, value);
            (key, value)
        };
        Object { members: self.members.into_iter().map(make).collect() }
    }

    /// The members in ascending byte order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Cow<'a, str>, &Json<'a>)> {
        self.members.iter().map(|(key, value)| (key, value))
    }
}

/// Line and column behind the last character of a text.
fn behind(text: &str) -> (usize, usize) {
    let begun = text.rfind('\n').map_or(0, |at| at + 1);
    let lines = text.get(..begun).unwrap_or_default().matches('\n').count();
    (lines + 1, text.len() - begun + 1)
}

/// The parser's message, without its position.
fn malformed(error: &serde_json::Error) -> Malformed {
    let (whole, place) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
    let message = whole.strip_suffix(&place).unwrap_or(&whole);
    match message.strip_prefix("EOF while parsing ") {
        Some("a value") => Malformed::EndsEarly { inside: None },
        Some(what) => Malformed::EndsEarly { inside: Some(what.to_owned()) },
        None if message == "recursion limit exceeded" => Malformed::TooDeep,
        None => Malformed::Grammar(message.to_owned()),
    }
}

/// What the parser's words mean, with the remedy where they have one: the rest of a sentence.
fn plain(words: &str) -> &str {
    match words {
        "trailing comma" => "a comma with nothing after it",
        "trailing characters" => "something follows after the end of the JSON",
        "key must be a string" => "a key in double quotes is expected",
        "expected value" => "a value is expected (texts are in double quotes)",
        "expected `:`" => "a colon is expected after the key",
        "expected `,` or `}`" => "a comma or the end of the object is expected",
        "expected `,` or `]`" => "a comma or the end of the list is expected",
        "invalid escape" => "an invalid escape (JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u)",
        "control character (\\u0000-\\u001F) found while parsing a string" => {
            "a control character in a text (a line break is \\n, a tab \\t)"
        }
        other => other,
    }
}

/// The position of the parser; a chain on the stack, written out as a JSON pointer only if something is
/// wrong.
pub(crate) enum Place<'p> {
    /// At a place that is written out already; the empty text is the whole.
    At(&'p str),
    /// At a member of an object.
    Member(&'p Place<'p>, &'p str),
    /// At an element of an array.
    Element(&'p Place<'p>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::At(pointer) => formatter.write_str(pointer),
            Place::Member(parent, key) => write!(formatter, "{parent}/{}", escape_pointer(key)),
            Place::Element(parent, index) => write!(formatter, "{parent}/{index}"),
        }
    }
}

/// A key as a segment of a JSON pointer (RFC 6901).
#[must_use]
pub fn escape_pointer(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1").into() } else { key.into() }
}

/// The key that a segment of a JSON pointer stands for.
#[must_use]
pub fn unescape_pointer(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

struct Node<'p> {
    place: &'p Place<'p>,
    /// The first duplicate key.
    duplicate: &'p mut Option<Malformed>,
    /// Whether somebody wants the value.
    wanted: &'p dyn Fn() -> bool,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        if !(self.wanted)() {
            return Err(D::Error::custom("nobody wants the value"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Json<'de>, A::Error> {
        let mut elements = Vec::new();
        loop {
            let place = Place::Element(self.place, elements.len());
            let node = Node { place: &place, duplicate: &mut *self.duplicate, wanted: self.wanted };
            match array.next_element_seed(node)? {
                Some(element) => elements.push(element),
                None => return Ok(Json::Array(elements)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json<'de>, A::Error> {
        let mut members: Vec<(Cow<'de, str>, Json<'de>)> = Vec::new();
        while let Some(key) = object.next_key_seed(Key)? {
            let place = Place::Member(self.place, &key);
            let node = Node { place: &place, duplicate: &mut *self.duplicate, wanted: self.wanted };
            let value = object.next_value_seed(node)?;
            members.push((key, value));
        }
        members.sort_by(|(one, _), (two, _)| one.cmp(two));
        for pair in members.windows(2) {
            if let [(one, _), (two, _)] = pair
                && one == two
            {
                let (key, pointer) = (one.clone().into_owned(), self.place.to_string());
                let duplicate = Malformed::DuplicateKey { key, pointer };
                let error = A::Error::custom(&duplicate);
                *self.duplicate = Some(duplicate);
                return Err(error);
            }
        }
        Ok(Json::Object(Object { members }))
    }
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_sorted() {
        assert_eq!(
            Json::read(r#"{"b": 1, "a": [true, null]}"#),
            Json::read(r#"{"a": [true, null], "b": 1}"#)
        );
    }

    #[test]
    fn duplicate_keys_are_named_with_their_place() {
        let error = Json::read("{\"a/b\": [0, {\"k\": 1, \"k\": 2}]}").unwrap_err();
        assert_eq!(error.wrong.to_string(), "the key \"k\" occurs more than once in the same object");
        let pointer = "/a~1b/1".to_owned();
        assert_eq!(error.wrong, Malformed::DuplicateKey { key: "k".to_owned(), pointer });
    }

    #[test]
    fn syntax_errors_have_line_and_column() {
        let error = Json::read("{\n  \"a\": }").unwrap_err();
        assert_eq!((error.line, error.column), (2, 8));
        assert!(matches!(error.wrong, Malformed::Grammar(_)));
        for (text, inside) in
            [("", None), ("{\"a\": ", None), ("{", Some("an object")), ("[1", Some("a list"))]
        {
            let wrong = Malformed::EndsEarly { inside: inside.map(str::to_owned) };
            assert_eq!(Json::read(text).unwrap_err().wrong, wrong, "{text}");
        }
        assert!(Json::read("{} x").is_err());
        assert_eq!(Json::read(&"[".repeat(100_000)).unwrap_err().wrong, Malformed::TooDeep);
    }

    #[test]
    fn what_the_parser_says_often_is_said_in_plain_words() {
        for text in [
            "{\"a\": 1,}",
            "{} x",
            "{'a': 1}",
            "{\"a\": x}",
            "{\"a\" 1}",
            "{\"a\": 1 2}",
            "[1 2]",
            r#"["\x"]"#,
            "[\"\n\"]",
        ] {
            let Malformed::Grammar(words) = Json::read(text).unwrap_err().wrong else { panic!("{text}") };
            assert_ne!(plain(&words), words, "{text}");
        }
    }
}
