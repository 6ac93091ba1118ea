//! `${Token}`s, as AWS SAM and CloudFormation have them in definitions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Argument, Finding};

use super::problem::RequestProblem;

/// Puts values in the place of tokens, as text of JSON strings, and tells of tokens without a value, of
/// values without a token and, where no values are given, of tokens that stay plain text, which is hardly
/// what is meant.
pub(super) fn substitute<'t>(
    definition: &'t str,
    values: Option<&BTreeMap<String, String>>,
) -> (Cow<'t, str>, Vec<Finding>) {
    let Some(values) = values else {
        return (Cow::Borrowed(definition), left_over(definition).into_iter().collect());
    };
    let mut text = String::with_capacity(definition.len());
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut rest = definition;
    while let Some((before, name, after)) = next_token(rest) {
        text.push_str(before);
        match values.get(name) {
            Some(value) => {
                used.insert(name);
                text.push_str(&escaped(value));
            }
            None => {
                missing.insert(name);
            }
        }
        rest = after;
    }
    text.push_str(rest);
    let mut findings = Vec::new();
    if !missing.is_empty() {
        let problem = RequestProblem::MissingSubstitution { names: missing.into_iter().collect() };
        findings.push(Finding::new(&problem, Argument::new(ARGUMENT)));
    }
    for name in values.keys().map(String::as_str).filter(|name| !used.contains(name)) {
        let argument = Argument { key: Some(name.to_owned()), ..Argument::new(ARGUMENT) };
        findings.push(Finding::new(&RequestProblem::UnusedSubstitution { name }, argument));
    }
    (Cow::Owned(text), findings)
}

const ARGUMENT: &str = "definition_substitutions";

fn left_over(text: &str) -> Option<Finding> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_token(rest) {
        names.insert(name);
        rest = after;
    }
    let names: Vec<&str> = names.into_iter().collect();
    (!names.is_empty()).then(|| Finding::new(&RequestProblem::LeftOverToken { names }, ""))
}

/// What stands before the next token, its name, and what stands behind it.
fn next_token(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let tail = text.get(from..)?;
        let at = from + tail.find("${")?;
        let inside = text.get(at + 2..)?;
        let fits =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':' | '-');
        // No further than the name goes: what follows may be long, and there may be many beginnings.
        let end = inside.find(|character| !fits(character))?;
        let (name, after) = inside.split_at_checked(end)?;
        if let (false, Some(after)) = (name.is_empty(), after.strip_prefix('}')) {
            return Some((text.get(..at)?, name, after));
        }
        from = at + 2;
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
        let (text, findings) = substitute(r#"{"a": "x${Name}y", "b": ${Count}, "c": "${}"}"#, Some(&given));
        assert_eq!(findings, []);
        assert_eq!(text, r#"{"a": "xa\"by", "b": 3, "c": "${}"}"#);
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
        let (text, findings) = substitute("${A}", None);
        assert_eq!((text.as_ref(), findings.len()), ("${A}", 1));
        assert_eq!(substitute("$A {A}", None).1, []);
    }
}
