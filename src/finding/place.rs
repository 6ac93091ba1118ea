//! Where a finding is: in the definition, or in an argument.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// JSON pointer to the very member of the definition (RFC 6901). Empty for the whole, and for what is not
    /// in the definition.
    pub pointer: String,
    /// The argument that it is about.
    pub argument: Argument,
    /// Line and column from 1, in Unicode code points, where the text is not JSON, so that no pointer leads
    /// there.
    pub position: Option<(usize, usize)>,
}

/// An argument of the data source, as far down as a finding is about a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Argument {
    /// Its name, such as `resource_hint`.
    pub name: &'static str,
    /// The position of the block, from 0.
    pub block: Option<usize>,
    /// A member of the block or object.
    pub member: Option<&'static str>,
    /// The position of the element in a list, from 0.
    pub element: Option<usize>,
    /// The key of the element in a map.
    pub key: Option<String>,
}

impl Argument {
    /// A whole argument.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Argument { name, block: None, member: None, element: None, key: None }
    }
}

impl From<&str> for Place {
    fn from(pointer: &str) -> Self {
        Place::from(pointer.to_owned())
    }
}

impl From<String> for Place {
    fn from(pointer: String) -> Self {
        Place { pointer, argument: Argument::new("definition"), position: None }
    }
}

impl From<Argument> for Place {
    fn from(argument: Argument) -> Self {
        Place { pointer: String::new(), argument, position: None }
    }
}

impl Place {
    /// The path of the state that it is in, such as `States.Loop.ItemProcessor.States.Notify`; empty outside
    /// of states.
    #[must_use]
    pub fn state(&self) -> String {
        state_path(&self.pointer)
    }

    /// In the order in which a person reads: arguments by name, states by name with numbers by their value.
    pub(super) fn compare(&self, other: &Place) -> Ordering {
        let by_pointer = || natural(&self.pointer, &other.pointer);
        // Many are at one place.
        let by_pointer = if self.pointer == other.pointer { Ordering::Equal } else { by_pointer() };
        by_pointer
            .then_with(|| self.argument.cmp(&other.argument))
            .then_with(|| self.position.cmp(&other.position))
    }
}

/// The path of the innermost state that a JSON pointer leads into: `/States/A/Parameters` is in `States.A`.
#[must_use]
pub fn state_path(pointer: &str) -> String {
    let mut path = String::with_capacity(pointer.len());
    for (at, segment) in state_pointer(pointer).split('/').skip(1).enumerate() {
        if at > 0 {
            path.push('.');
        }
        path.push_str(&unescape(segment));
    }
    path
}

/// The name of the innermost state that a JSON pointer leads into; `None` outside of states.
#[must_use]
pub fn state_name(pointer: &str) -> Option<Cow<'_, str>> {
    state_pointer(pointer).rsplit_once('/').map(|(_, name)| unescape(name))
}

/// The JSON pointer to the innermost state that a JSON pointer leads into; empty outside of states.
#[must_use]
pub fn state_pointer(pointer: &str) -> &str {
    let mut segments = pointer.split('/').skip(1);
    // Of what is passed, in bytes: as far as the walk is, and as far as the innermost state.
    let (mut passed, mut end) = (0, 0);
    // A state's name follows a `States` that opens a workflow; names may themselves be `States`, so walk in
    // pairs.
    while let Some(segment) = segments.next() {
        passed += 1 + segment.len();
        match segment {
            "States" | "Branches" => {
                let Some(inner) = segments.next() else { break };
                passed += 1 + inner.len();
                if segment == "States" {
                    end = passed;
                }
            }
            "ItemProcessor" | "Iterator" => {}
            _ => break,
        }
    }
    pointer.get(..end).unwrap_or_default()
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

/// Bytes whose order is that in which pointers are read, but for numbers that differ in leading zeros alone.
pub(super) fn sort_key(pointer: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(pointer.len() + 16);
    let mut rest = pointer.as_bytes();
    while let [first, after @ ..] = rest {
        if !first.is_ascii_digit() {
            key.push(*first);
            rest = after;
            continue;
        }
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, after) = rest.split_at_checked(digits).unwrap_or((rest, &[]));
        let zeros = number.iter().take_while(|digit| **digit == b'0').count();
        let number = number.get(zeros..).unwrap_or_default();
        // Any digit shows its order among other characters; the number with more digits is the larger one.
        key.push(b'0');
        key.extend(number.len().to_be_bytes());
        key.extend(number);
        rest = after;
    }
    key
}

/// Texts in ascending order, in which numbers count by their value: `S9` comes before `S10`.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = after_common(one, other);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        match (digits(left), digits(right)) {
            (0, _) | (_, 0) => match (left.chars().next(), right.chars().next()) {
                (Some(first), Some(second)) if first == second => {
                    left = left.get(first.len_utf8()..).unwrap_or_default();
                    right = right.get(second.len_utf8()..).unwrap_or_default();
                }
                // The byte order of the whole decides between texts that differ in leading zeros alone.
                (first, second) => return first.cmp(&second).then_with(|| one.cmp(other)),
            },
            (own, its) => {
                let (number, rest) = left.split_at_checked(own).unwrap_or((left, ""));
                let (value, tail) = right.split_at_checked(its).unwrap_or((right, ""));
                let (number, value) = (number.trim_start_matches('0'), value.trim_start_matches('0'));
                match number.len().cmp(&value.len()).then_with(|| number.cmp(value)) {
                    Ordering::Equal => (left, right) = (rest, tail),
                    different => return different,
                }
            }
        }
    }
}

/// Both texts from the first place on where they can differ: what they begin with alike is left out, but for
/// digits at its end, which may belong to a number.
fn after_common<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    let alike = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let is_inside = |at: usize| {
        !one.is_char_boundary(at) || one.as_bytes().get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_digit)
    };
    let from = (0..=alike).rev().find(|at| !is_inside(*at)).unwrap_or_default();
    (one.get(from..).unwrap_or(one), other.get(from..).unwrap_or(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_state_is_named() {
        for (pointer, path, name, to) in [
            ("", "", None, ""),
            ("/StartAt", "", None, ""),
            ("/States", "", None, ""),
            ("/States/A", "States.A", Some("A"), "/States/A"),
            ("/States/A/Parameters/States/B", "States.A", Some("A"), "/States/A"),
            (
                "/States/States/Branches/0/States/a~1b/Resource",
                "States.States.Branches.0.States.a/b",
                Some("a/b"),
                "/States/States/Branches/0/States/a~1b",
            ),
            (
                "/States/L/ItemProcessor/States/N.x/Next",
                "States.L.ItemProcessor.States.N.x",
                Some("N.x"),
                "/States/L/ItemProcessor/States/N.x",
            ),
            ("/States/L/ItemProcessor/StartAt", "States.L", Some("L"), "/States/L"),
        ] {
            assert_eq!(state_path(pointer), path, "{pointer}");
            assert_eq!(state_name(pointer).as_deref(), name, "{pointer}");
            assert_eq!(state_pointer(pointer), to, "{pointer}");
        }
    }

    #[test]
    fn numbers_count_by_their_value() {
        let long = format!("S{}", "1".repeat(300));
        let sorted =
            ["", "S", "S/", "S01", "S1", "S2", "S2a", "S10", "S010a", "S100", &long, "S:", "Sä", "T"];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(natural(one, other), at.cmp(&other_at), "{one} {other}");
                let by_key = sort_key(one).cmp(&sort_key(other));
                assert_eq!(by_key.then_with(|| one.cmp(other)), at.cmp(&other_at), "{one} {other}");
            }
        }
    }
}
