//! Values that turn a token into more than text, which results given before the value is known do not allow
//! for: an expression of JSONata, the name of a directory bucket, an ARN of S3 on Outposts or of S3 Object
//! Lambda.
//!
//! What counts is the string that a value is a part of: `${Name}-s3` names such a bucket too.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::finding::{Argument, Finding};
use crate::sdk::{names_bucket_on_outpost, names_directory_bucket, names_object_lambda};

use super::Request;
use super::problem::RequestProblem;
use super::substitute::Pending;

/// The findings at the tokens of the strings that their values make so.
pub(super) fn unsuitable(request: &Request, pending: &Pending<'_>) -> Vec<Finding> {
    let Pending { filled, mark, .. } = pending;
    let text = &*filled.text;
    let is_pending = |value: &Range<usize>| {
        mark.is_some_and(|mark| text.get(value.clone()).is_some_and(|text| text.starts_with(mark)))
    };
    let mut found: BTreeMap<&str, &'static str> = BTreeMap::new();
    let mut values = filled.values.iter().filter(|(value, _)| !value.is_empty()).peekable();
    for string in strings(text) {
        // Most definitions have no tokens, or few.
        if values.peek().is_none() {
            break;
        }
        while values.next_if(|(value, _)| value.end <= string.start).is_some() {}
        let mut own = Vec::new();
        while let Some(one) = values.next_if(|(value, _)| value.end <= string.end) {
            own.push(one);
        }
        if own.iter().all(|(value, _)| is_pending(value)) {
            continue;
        }
        let (mut written, mut whole) = (String::new(), String::new());
        let mut done = string.start;
        for (value, _) in &own {
            let before = text.get(done..value.start).unwrap_or_default();
            let value_text = if is_pending(value) { None } else { text.get(value.clone()) };
            written.extend([before, ANY]);
            whole.extend([before, value_text.unwrap_or(ANY)]);
            done = value.end;
        }
        let rest = text.get(done..string.end).unwrap_or_default();
        let (written, whole) = (unescaped(&(written + rest)), unescaped(&(whole + rest)));
        let Some((is_so, reason)) = KINDS.iter().find(|(is_so, _)| is_so(&whole) && !is_so(&written)) else {
            continue;
        };
        let alone =
            |value: &Range<usize>| text.get(value.clone()).is_some_and(|text| is_so(&unescaped(text)));
        let known = || own.iter().filter(|(value, _)| !is_pending(value));
        let cause = known().find(|(value, _)| alone(value)).or_else(|| known().next());
        let token = cause.and_then(|(_, token)| request.definition.get(token.clone()));
        let name = token.and_then(|token| token.strip_prefix("${")?.strip_suffix('}'));
        found.extend(name.map(|name| (name, *reason)));
    }
    let told = |(name, reason): (&str, &'static str)| {
        let argument = Argument { key: Some(name.to_owned()), ..Argument::new("definition_substitutions") };
        Finding::new(&RequestProblem::UnsuitableSubstitution { name, reason }, argument)
    };
    found.into_iter().map(told).collect()
}

/// Any text that is neither.
const ANY: &str = "\u{fffd}";

type Kind = (fn(&str) -> bool, &'static str);

/// What a string must not come to be, and what to do.
const KINDS: [Kind; 4] = [
    (is_expression, "is an expression of JSONata. Write the expression in the definition"),
    (names_directory_bucket, "names a directory bucket. Write \"--x-s3\" after the token in the definition"),
    (names_bucket_on_outpost, "names a resource of S3 on Outposts. Write its ARN or alias in the definition"),
    (
        names_object_lambda,
        "names an access point of S3 Object Lambda. Write its ARN or alias in the definition",
    ),
];

fn is_expression(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{%") || text.ends_with("%}")
}

/// The bytes inside of the quotes of each string of a JSON text.
fn strings(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + bytes.get(from..)?.iter().position(|byte| *byte == b'"')? + 1;
        let mut end = start;
        loop {
            match bytes.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        from = end + 1;
        Some(start..end)
    })
}

/// The text that a string of JSON stands for.
fn unescaped(text: &str) -> String {
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.to_owned())
}
