//! What is known before any execution about the values that an execution will have.

use std::rc::Rc;

use serde_json::Number;

use super::Json;
use super::expression::Expression;
use super::lattice::common;
use super::limits::MAX_ALTERNATIVES;
use super::text::Str;
use crate::json::Part;

/// A value as far as it can be known without an execution.
///
/// Soundness comes first: a value that an execution can change is never called known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    String(Str<'a>),
    /// A string that is known in part.
    PartialString(PartialString<'a>),
    /// An array whose length is known.
    Array(Rc<[Value<'a>]>),
    /// An object whose keys are known, in ascending byte order.
    Object(Members<'a>),
    /// An object of which some members are known, in ascending byte order; each other member, named by the
    /// expression, is known only at run time.
    Open(Members<'a>, Expression<'a>),
    /// One of these; at least two and at most [`MAX_ALTERNATIVES`], none of them itself `OneOf` or `Unknown`.
    OneOf(Rc<[Value<'a>]>),
    /// Known only at run time; it may also be absent.
    Unknown(Expression<'a>),
}

/// The members of an object.
pub type Members<'a> = Rc<[(Str<'a>, Value<'a>)]>;

/// A string that is known in part: at least one hole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartialString<'a> {
    /// From left to right; no empty literals, no two literals in a row.
    pub segments: Vec<Segment<'a>>,
}

/// A stretch of a partly known string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment<'a> {
    /// Known characters.
    Literal(Str<'a>),
    /// Any characters, none included.
    Hole(Expression<'a>),
}

impl<'a> From<&'a Json<'a>> for Value<'a> {
    /// The value that a literal of the definition has.
    fn from(json: &'a Json<'a>) -> Self {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(number.clone()),
            Json::String(text) => Value::String(text.into()),
            Json::Pending(parts) => PartialString::pending(parts),
            Json::Array(elements) => Value::Array(elements.iter().map(Value::from).collect()),
            Json::Object(object) => {
                Value::Object(object.iter().map(|(key, value)| (key.into(), Value::from(value))).collect())
            }
        }
    }
}

impl<'a> Value<'a> {
    /// The member of an object. Unknown if the object is; absent if the value has no members.
    #[must_use]
    pub fn member(&self, name: &str) -> Value<'a> {
        match self {
            Value::Object(members) => find(members, name).cloned().unwrap_or(Value::Absent),
            Value::Open(members, rest) => {
                find(members, name).cloned().unwrap_or_else(|| Value::Unknown(rest.clone()))
            }
            Value::OneOf(values) => Value::one_of(values.iter().map(|value| value.member(name))),
            Value::Unknown(expression) => Value::Unknown(expression.clone()),
            _ => Value::Absent,
        }
    }

    /// Whether it is known whole, and one value.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        match self {
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
            Value::Array(values) => values.iter().all(Value::is_constant),
            Value::Object(members) => members.iter().all(|(_, value)| value.is_constant()),
            Value::Absent
            | Value::PartialString(_)
            | Value::Open(..)
            | Value::OneOf(_)
            | Value::Unknown(_) => false,
        }
    }

    /// Whether anything in it depends on a token or an argument that is not known yet.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        let any = |members: &Members<'a>| members.iter().any(|(_, value)| value.is_pending());
        match self {
            Value::Unknown(expression) => expression.is_pending(),
            Value::PartialString(text) => {
                let is_open = |one: &Segment<'_>| matches!(one, Segment::Hole(hole) if hole.is_pending());
                text.segments.iter().any(is_open)
            }
            Value::Array(values) | Value::OneOf(values) => values.iter().any(Value::is_pending),
            Value::Object(members) => any(members),
            Value::Open(members, rest) => rest.is_pending() || any(members),
            _ => false,
        }
    }

    /// The value of JSON text that does not live as long as the definition.
    pub(super) fn owned(json: &Json<'_>) -> Value<'a> {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(number.clone()),
            Json::String(text) => Value::String(Str::from(text.to_string())),
            Json::Pending(_) => Value::Unknown(Expression::pending("a token")),
            Json::Array(elements) => Value::Array(elements.iter().map(Value::owned).collect()),
            Json::Object(object) => Value::Object(
                object.iter().map(|(key, value)| (Str::from(key.to_string()), Value::owned(value))).collect(),
            ),
        }
    }

    /// Whether there may be no such value: as a member, it may be left out although its key is known.
    pub(super) fn may_be_absent(&self) -> bool {
        match self {
            Value::Absent | Value::Unknown(_) => true,
            Value::OneOf(values) => values.contains(&Value::Absent),
            _ => false,
        }
    }

    /// One of several values: those that another one describes do not count, sets within are opened. An
    /// unknown one makes all unknown. More than [`MAX_ALTERNATIVES`] become one value that is known in part.
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
                if !distinct.iter().any(|one| one.covers(&single)) {
                    distinct.retain(|one| !single.covers(one));
                    distinct.push(single);
                }
            }
            if distinct.len() > MAX_ALTERNATIVES {
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

    /// Whether this value certainly describes all that the other does.
    #[must_use]
    pub fn covers(&self, other: &Value<'a>) -> bool {
        let all = |here: &Members<'a>| here.iter().all(|(key, value)| value.covers(&other.member(key)));
        self.same(other)
            || match (self, other) {
                (Value::Unknown(_), _) => true,
                (_, Value::OneOf(values)) => values.iter().all(|one| self.covers(one)),
                (Value::OneOf(values), _) => values.iter().any(|one| one.covers(other)),
                (Value::Array(here), Value::Array(there)) => {
                    here.len() == there.len()
                        && here.iter().zip(there.iter()).all(|(one, two)| one.covers(two))
                }
                (Value::Object(here), Value::Object(there)) => same_keys(here, there) && all(here),
                (Value::Open(here, _), Value::Object(_) | Value::Open(..)) => all(here),
                (Value::PartialString(text), Value::String(whole)) => text.covers(whole),
                _ => false,
            }
    }

    /// Whether two values describe the same, whatever the expressions; quick for values that share their
    /// parts.
    #[must_use]
    pub fn same(&self, other: &Value<'a>) -> bool {
        match (self, other) {
            (Value::Object(one), Value::Object(two)) => same_members(one, two),
            (Value::Open(one, _), Value::Open(two, _)) => same_members(one, two),
            (Value::Unknown(_), Value::Unknown(_)) => true,
            (Value::Array(one), Value::Array(two)) | (Value::OneOf(one), Value::OneOf(two)) => {
                Rc::ptr_eq(one, two)
                    || one.len() == two.len() && one.iter().zip(two.iter()).all(|(one, two)| one.same(two))
            }
            _ => self == other,
        }
    }
}

/// Whether all of it holds: certainly, certainly not, or `None` if that is known only at run time.
pub(super) fn all_hold(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => whole = None,
        }
    }
    whole
}

/// The value of a key.
pub(super) fn find<'v, 'a>(members: &'v Members<'a>, key: &str) -> Option<&'v Value<'a>> {
    let at = members.binary_search_by(|(name, _)| name.as_ref().cmp(key)).ok()?;
    members.get(at).map(|(_, value)| value)
}

pub(super) fn same_keys(one: &Members<'_>, two: &Members<'_>) -> bool {
    one.len() == two.len() && one.iter().zip(two.iter()).all(|((one, _), (two, _))| one == two)
}

pub(super) fn same_members(one: &Members<'_>, two: &Members<'_>) -> bool {
    Rc::ptr_eq(one, two)
        || one.len() == two.len()
            && one.iter().zip(two.iter()).all(|((key, one), (other, two))| key == other && one.same(two))
}

impl<'a> PartialString<'a> {
    /// A string with tokens whose values are not known yet.
    fn pending(parts: &'a [Part<'a>]) -> Value<'a> {
        PartialString::join(parts.iter().map(|part| match part {
            Part::Text(text) => Segment::Literal(text.into()),
            Part::Token(name) => Segment::Hole(Expression::pending(name.as_ref())),
        }))
    }

    /// The same string, of which the holes may become known before the execution.
    pub(super) fn with_open_holes(&self) -> PartialString<'a> {
        let open = |segment: &Segment<'a>| match segment {
            Segment::Literal(text) => Segment::Literal(text.clone()),
            Segment::Hole(hole) => Segment::Hole(Expression::pending(hole.to_string())),
        };
        PartialString { segments: self.segments.iter().map(open).collect() }
    }

    /// The literals with which it certainly begins and ends; empty where there is a hole.
    pub(super) fn ends(&self) -> (&str, &str) {
        fn literal<'p>(segment: Option<&'p Segment<'_>>) -> &'p str {
            match segment {
                Some(Segment::Literal(text)) => text,
                _ => "",
            }
        }
        (literal(self.segments.first()), literal(self.segments.last()))
    }

    /// Whether the holes can be filled to produce this text.
    pub(super) fn covers(&self, whole: &str) -> bool {
        let mut rest = whole;
        let mut hole = false;
        for (index, segment) in self.segments.iter().enumerate() {
            let Segment::Literal(text) = segment else {
                hole = true;
                continue;
            };
            let last = index + 1 == self.segments.len();
            let found = match (hole, last) {
                (false, _) => rest.strip_prefix(text.as_ref()),
                (true, true) => rest.strip_suffix(text.as_ref()).map(|_| ""),
                (true, false) => rest.split_once(text.as_ref()).map(|(_, rest)| rest),
            };
            let Some(found) = found else { return false };
            (rest, hole) = (found, false);
        }
        hole || rest.is_empty()
    }

    /// Joins segments; the result is `String` if there is no hole in it.
    #[must_use]
    pub fn join(segments: impl IntoIterator<Item = Segment<'a>>) -> Value<'a> {
        let mut joined: Vec<Segment<'a>> = Vec::new();
        // Literals in a row are copied once, and a single one is not copied.
        let mut literals: Vec<Str<'a>> = Vec::new();
        for segment in segments {
            match segment {
                Segment::Literal(text) if text.is_empty() => {}
                Segment::Literal(text) => literals.push(text),
                hole @ Segment::Hole(_) => {
                    joined.extend(in_a_row(&mut literals).map(Segment::Literal));
                    joined.push(hole);
                }
            }
        }
        let last = in_a_row(&mut literals);
        if joined.is_empty() {
            return Value::String(last.unwrap_or_default());
        }
        joined.extend(last.map(Segment::Literal));
        Value::PartialString(PartialString { segments: joined })
    }
}

/// The texts as one; none if there are none.
fn in_a_row<'a>(texts: &mut Vec<Str<'a>>) -> Option<Str<'a>> {
    match texts.len() {
        0 | 1 => texts.pop(),
        _ => Some(texts.drain(..).fold(String::new(), |whole, text| whole + &text).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_describes_what_fills_its_holes() {
        let hole = || Segment::Hole("".into());
        let literal = |text: &'static str| Segment::Literal(text.into());
        for (segments, whole, expected) in [
            (vec![literal("a"), hole(), literal("b")], "ab", true),
            (vec![literal("a"), hole(), literal("a")], "a", false),
            (vec![hole(), literal("b"), hole(), literal("c")], "xbbyc", true),
            (vec![hole(), literal("b"), hole(), literal("c")], "xbbyd", false),
            (vec![literal("a"), hole()], "ba", false),
            (vec![hole(), literal("a")], "aba", true),
            (vec![hole()], "", true),
        ] {
            assert_eq!(PartialString { segments }.covers(whole), expected, "{whole}");
        }
    }

    #[test]
    fn what_is_described_already_does_not_count_twice() {
        let text = |text: &'static str| Value::String(text.into());
        let object = |value: Value<'static>| Value::Object([("a".into(), value)].into());
        let both = Value::one_of([text("x"), text("y")]);
        let wide = object(both.clone());
        assert_eq!(Value::one_of([object(text("x")), wide.clone(), object(text("y"))]), wide);
        assert_eq!(Value::one_of([text("x"), both.clone(), text("x")]), both);
        let unknown = object(Value::Unknown("$.a".into()));
        let other = Value::Object([("b".into(), text("x"))].into());
        assert!(!unknown.covers(&other) && unknown.covers(&wide));
        let open = Value::Open([("a".into(), text("x"))].into(), "$".into());
        assert_eq!(Value::one_of([object(text("x")), open.clone()]), open);
    }

    #[test]
    fn large_sets_become_patterns() {
        let set = Value::one_of((0..40).map(|number| Value::String(format!("queue-{number}").into())));
        assert!(matches!(set, Value::OneOf(_) | Value::PartialString(_)), "{set:?}");
        assert!((0..40).all(|number| set.covers(&Value::String(format!("queue-{number}").into()))));
        let objects = Value::one_of((0..40).map(|number: i32| {
            let member = |key: &'static str, value: i32| (key.into(), Value::Number(value.into()));
            Value::Object([member("a", number % 2), member("b", number % 16), member("c", number)].into())
        }));
        assert!(matches!(objects.member("a"), Value::OneOf(values) if values.len() == 2));
        assert!(matches!(objects.member("c"), Value::Unknown(_)));
    }
}
