//! `${Token}`s, as AWS SAM and CloudFormation have them in definitions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::finding::{Argument, Finding};

use super::problem::RequestProblem;

/// A token in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// Where it is, in bytes, with its `${` and `}`.
    pub bytes: Range<usize>,
    /// Its name.
    pub name: &'t str,
}

/// A definition with values in the place of its tokens.
pub(super) struct Filled<'t> {
    pub(super) text: Cow<'t, str>,
    /// The bytes of each value in the text, and of its token in the definition.
    values: Vec<(Range<usize>, Range<usize>)>,
}

impl Filled<'_> {
    /// The byte of the definition that a byte of the text comes from; for one of a value, the beginning of
    /// its token.
    pub(super) fn origin(&self, byte: usize) -> usize {
        let before = self.values.partition_point(|(value, _)| value.start <= byte);
        match before.checked_sub(1).and_then(|at| self.values.get(at)) {
            None => byte,
            Some((value, token)) if byte < value.end => token.start,
            Some((value, token)) => token.end + (byte - value.end),
        }
    }
}

/// Puts values in the place of tokens, as text of JSON strings, and tells of tokens without a value, of
/// values without a token and, where no values are given, of tokens that stay plain text, which is hardly
/// what is meant.
pub(super) fn substitute<'t>(
    definition: &'t str,
    values: Option<&BTreeMap<String, String>>,
) -> (Filled<'t>, Vec<Finding>) {
    let Some(values) = values else {
        let filled = Filled { text: Cow::Borrowed(definition), values: Vec::new() };
        return (filled, left_over(definition).into_iter().collect());
    };
    let mut text = String::with_capacity(definition.len());
    let mut places = Vec::new();
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut done = 0;
    for Token { bytes, name } in tokens(definition) {
        text.push_str(definition.get(done..bytes.start).unwrap_or_default());
        let start = text.len();
        match values.get(name) {
            Some(value) => {
                used.insert(name);
                text.push_str(&escaped(value));
            }
            None => {
                missing.insert(name);
            }
        }
        done = bytes.end;
        places.push((start..text.len(), bytes));
    }
    text.push_str(definition.get(done..).unwrap_or_default());
    let mut findings = Vec::new();
    if !missing.is_empty() {
        let problem = RequestProblem::MissingSubstitution { names: missing.into_iter().collect() };
        findings.push(Finding::new(&problem, Argument::new(ARGUMENT)));
    }
    for name in values.keys().map(String::as_str).filter(|name| !used.contains(name)) {
        let argument = Argument { key: Some(name.to_owned()), ..Argument::new(ARGUMENT) };
        findings.push(Finding::new(&RequestProblem::UnusedSubstitution { name }, argument));
    }
    (Filled { text: Cow::Owned(text), values: places }, findings)
}

const ARGUMENT: &str = "definition_substitutions";

fn left_over(text: &str) -> Option<Finding> {
    let names: BTreeSet<&str> = tokens(text).map(|token| token.name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    (!names.is_empty()).then(|| Finding::new(&RequestProblem::LeftOverToken { names }, ""))
}

/// The tokens of a text, in its order.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let token = next_token(text, done)?;
        done = token.bytes.end;
        Some(token)
    })
}

/// The next token from a byte on.
fn next_token(text: &str, mut from: usize) -> Option<Token<'_>> {
    loop {
        let tail = text.get(from..)?;
        let start = from + tail.find("${")?;
        let inside = text.get(start + 2..)?;
        let fits =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':' | '-');
        // No further than the name goes: what follows may be long, and there may be many beginnings.
        let end = inside.find(|character| !fits(character))?;
        let (name, after) = inside.split_at_checked(end)?;
        if !name.is_empty() && after.starts_with('}') {
            return Some(Token { bytes: start..start + 3 + end, name });
        }
        from = start + 2;
    }
}

fn escaped(value: &str) -> String {
    let json = serde_json::Value::from(value).to_string();
    json.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&json).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn tokens_are_replaced_inside_and_outside_of_strings() {
        let given = values(&[("Name", "a\"b"), ("Count", "3")]);
        let (filled, findings) = substitute(r#"{"a": "x${Name}y", "b": ${Count}, "c": "${}"}"#, Some(&given));
        assert_eq!(findings, []);
        assert_eq!(filled.text, r#"{"a": "xa\"by", "b": 3, "c": "${}"}"#);
    }

    #[test]
    fn every_token_has_a_value_and_every_value_a_token() {
        let (_, findings) = substitute("${A} ${B} ${A}", Some(&values(&[("B", ""), ("C", "")])));
        let details: Vec<&str> = findings.iter().map(|finding| finding.detail.as_str()).collect();
        assert_eq!(
            details,
            [
                "The definition has ${A}. Add a value for each to \"definition_substitutions\".",
                "The definition does not have ${C}. Remove the value from \"definition_substitutions\", or correct its name."
            ]
        );
        assert_eq!(findings.last().and_then(|finding| finding.place.argument.key.as_deref()), Some("C"));
    }

    #[test]
    fn without_values_tokens_are_only_mentioned() {
        let (filled, findings) = substitute("${A}", None);
        assert_eq!((filled.text.as_ref(), findings.len()), ("${A}", 1));
        assert_eq!(substitute("$A {A}", None).1, []);
    }

    #[test]
    fn what_comes_of_a_value_is_at_its_token() {
        let (filled, _) =
            substitute("a${X}b${Y}${Z}c", Some(&values(&[("X", "123"), ("Y", ""), ("Z", "4")])));
        assert_eq!(filled.text, "a123b4c");
        let origins: Vec<usize> = (0..=7).map(|byte| filled.origin(byte)).collect();
        assert_eq!(origins, [0, 1, 1, 1, 5, 10, 14, 15]);
    }
}
