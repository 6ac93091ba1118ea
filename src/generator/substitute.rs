//! `${Token}`s, as AWS SAM and CloudFormation have them in definitions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::asl::Problem;

use super::ArgumentError;

/// Puts values in the place of tokens, as text of JSON strings.
///
/// # Errors
/// If values are given and a token has none, or a value has no token.
pub(super) fn substitute<'t>(
    definition: &'t str,
    values: Option<&BTreeMap<String, String>>,
) -> Result<Cow<'t, str>, Vec<ArgumentError>> {
    let Some(values) = values else { return Ok(Cow::Borrowed(definition)) };
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
    let unused: Vec<&str> = values.keys().map(String::as_str).filter(|name| !used.contains(name)).collect();
    let mut faults = Vec::new();
    if !missing.is_empty() {
        let detail = format!("The definition has {}. Add a value for each.", listed(missing));
        faults.push(fault("Tokens without a value", detail));
    }
    if !unused.is_empty() {
        let detail =
            format!("The definition does not have {}. Remove them, or correct their names.", listed(unused));
        faults.push(fault("Values without a token", detail));
    }
    if faults.is_empty() { Ok(Cow::Owned(text)) } else { Err(faults) }
}

/// Without substitutions, tokens are plain text to everyone, which is hardly what is meant.
pub(super) fn left_over(text: &str, substituted: bool) -> Option<Problem> {
    if substituted {
        return None;
    }
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_token(rest) {
        names.insert(name);
        rest = after;
    }
    (!names.is_empty()).then(|| {
        Problem::warning(
            "",
            "Tokens that are taken literally",
            format!(
                "The definition has {}. Give their values in \"definition_substitutions\".",
                listed(names)
            ),
        )
    })
}

/// What stands before the next token, its name, and what stands behind it.
fn next_token(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let tail = text.get(from..)?;
        let at = from + tail.find("${")?;
        let inside = text.get(at + 2..)?;
        let (name, after) = inside.split_once('}')?;
        let fits =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':' | '-');
        if !name.is_empty() && name.chars().all(fits) {
            return Some((text.get(..at)?, name, after));
        }
        from = at + 2;
    }
}

fn escaped(value: &str) -> String {
    let json = serde_json::Value::from(value).to_string();
    json.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&json).to_owned()
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("${{{name}}}")).collect();
    names.join(", ")
}

fn fault(summary: &str, detail: String) -> ArgumentError {
    ArgumentError::new("definition_substitutions", Problem::error("", summary, detail))
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
        let text = substitute(r#"{"a": "x${Name}y", "b": ${Count}, "c": "${}"}"#, Some(&given)).unwrap();
        assert_eq!(text, r#"{"a": "xa\"by", "b": 3, "c": "${}"}"#);
    }

    #[test]
    fn every_token_has_a_value_and_every_value_a_token() {
        let faults = substitute("${A} ${B} ${A}", Some(&values(&[("B", ""), ("C", "")]))).unwrap_err();
        let details: Vec<&str> = faults.iter().map(|fault| fault.problem.detail.as_str()).collect();
        assert_eq!(
            details,
            [
                "The definition has ${A}. Add a value for each.",
                "The definition does not have ${C}. Remove them, or correct their names."
            ]
        );
    }

    #[test]
    fn without_values_tokens_are_only_mentioned() {
        assert_eq!(substitute("${A}", None).unwrap(), "${A}");
        assert!(left_over("${A}", false).is_some());
        assert!(left_over("$A {A}", false).is_none());
    }
}
