//! `${Token}`s, as AWS SAM and CloudFormation have them in definitions.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::finding::{Argument, Finding};
use crate::iam::Location;

use super::Request;
use super::problem::RequestProblem;

/// The byte order mark that some editors write before a text. It is not part of the text.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

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

/// A definition in which tokens are marked whose values are not known yet.
pub(super) struct Pending<'t> {
    /// The text.
    pub(super) filled: Filled<'t>,
    /// Occurs before and after the name of each such token, and nowhere else; `None` if there is none.
    pub(super) mark: Option<char>,
    /// Findings about tokens and values.
    pub(super) findings: Vec<Finding>,
    /// One of them is outside of strings, where it can be any JSON.
    pub(super) is_unknown: bool,
}

/// Puts values in the place of tokens, as text of JSON strings, and reports tokens without a value, values
/// without a token and constructs that only templates have; if no values are given, reports tokens that stay
/// plain text, which is probably not intended. The values of pseudo parameters such as `${AWS::Region}` come
/// from the settings.
pub(super) fn substitute<'t>(request: &'t Request, pending: &BTreeSet<String>) -> (Filled<'t>, Vec<Finding>) {
    let Pending { filled, findings, .. } = substitute_pending(request, pending);
    (filled, findings)
}

/// The same, with marks in the place of the tokens of these names.
pub(super) fn substitute_pending<'t>(request: &'t Request, pending: &BTreeSet<String>) -> Pending<'t> {
    let definition = request.definition.as_str();
    let values = request.substitutions.as_ref();
    let own = |name: &str| values.and_then(|values| values.get(name).cloned());
    let value = |name: &str| own(name).or_else(|| pseudo_parameter(name, &request.settings.aws));
    let free = if pending.is_empty() { None } else { free_mark(request) };
    let mark = free.unwrap_or(char::REPLACEMENT_CHARACTER);
    let mut text = String::with_capacity(definition.len());
    let mut places = Vec::new();
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut done = 0;
    if definition.starts_with(BYTE_ORDER_MARK) {
        done = BYTE_ORDER_MARK.len_utf8();
        places.push((0..0, 0..done));
    }
    for Token { bytes, name } in tokens(definition) {
        used.insert(name);
        let value = if pending.contains(name) {
            Some(format!("{mark}{name}{mark}"))
        } else {
            value(name).map(|value| escaped(&value))
        };
        let Some(value) = value else {
            missing.insert(name);
            continue;
        };
        text.push_str(definition.get(done..bytes.start).unwrap_or_default());
        let start = text.len();
        text.push_str(&value);
        done = bytes.end;
        places.push((start..text.len(), bytes));
    }
    let text = if places.is_empty() {
        Cow::Borrowed(definition)
    } else {
        text.push_str(definition.get(done..).unwrap_or_default());
        Cow::Owned(text)
    };
    let findings = match values {
        Some(values) => told(definition, values, &used, missing),
        None if missing.is_empty() => Vec::new(),
        None => {
            let names = missing.into_iter().collect();
            vec![Finding::new(&RequestProblem::LeftOverToken { names }, "")]
        }
    };
    let has_mark = pending.iter().any(|name| used.contains(name.as_str()));
    let is_unknown = has_mark && free.is_none_or(|mark| is_outside(&text, mark));
    let mark = has_mark.then_some(mark);
    Pending { filled: Filled { text, values: places }, mark, findings, is_unknown }
}

/// Findings at the values.
fn told(
    definition: &str,
    values: &BTreeMap<String, String>,
    used: &BTreeSet<&str>,
    missing: BTreeSet<&str>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !missing.is_empty() {
        let problem = RequestProblem::MissingSubstitution { names: missing.into_iter().collect() };
        findings.push(Finding::new(&problem, Argument::new(ARGUMENT)));
    }
    for name in values.keys().map(String::as_str).filter(|name| !used.contains(name)) {
        let argument = Argument { key: Some(name.to_owned()), ..Argument::new(ARGUMENT) };
        findings.push(Finding::new(&RequestProblem::UnusedSubstitution { name }, argument));
    }
    if let Some(construct) = construct(definition) {
        findings.push(Finding::new(&RequestProblem::TemplateConstruct { construct }, ""));
    }
    findings
}

const ARGUMENT: &str = "definition_substitutions";

/// Values that turn a token into more than text, which results given before the value is known do not allow
/// for.
pub(super) fn unsuitable(request: &Request) -> Vec<Finding> {
    let used: BTreeSet<&str> = tokens(&request.definition).map(|token| token.name).collect();
    let values = request.substitutions.iter().flatten().filter(|(name, _)| used.contains(name.as_str()));
    let reason = |value: &str| {
        let text = value.to_ascii_lowercase();
        // The source of a copy has the key behind the name, and an ARN has the name behind the type.
        let name = if text.starts_with("arn:") { Some(&*text) } else { text.split('/').next() };
        if value.starts_with("{%") || value.ends_with("%}") {
            Some("is an expression of JSONata. Write the expression in the definition")
        } else if name.is_some_and(|name| name.contains("--x-s3")) {
            Some("names a directory bucket. Write \"--x-s3\" after the token in the definition")
        } else {
            None
        }
    };
    let unsuitable = values.filter_map(|(name, value)| {
        let argument = Argument { key: Some(name.clone()), ..Argument::new(ARGUMENT) };
        let problem = RequestProblem::UnsuitableSubstitution { name, reason: reason(value)? };
        Some(Finding::new(&problem, argument))
    });
    unsuitable.collect()
}

/// A character that occurs neither in the definition nor in a value. Unicode keeps these for such uses.
fn free_mark(request: &Request) -> Option<char> {
    let values = request.substitutions.iter().flat_map(BTreeMap::values);
    let texts: Vec<&str> = values.map(String::as_str).chain([request.definition.as_str()]).collect();
    // An escape such as `\uFDD0` is the same character.
    let escapes = |text: &&str| text.to_ascii_lowercase().contains("\\ufd");
    if texts.iter().any(escapes) {
        return None;
    }
    ('\u{fdd0}'..='\u{fdef}').find(|mark| !texts.iter().any(|text| text.contains(*mark)))
}

/// Whether a mark is outside of the strings of a JSON text.
fn is_outside(text: &str, mark: char) -> bool {
    let (mut is_string, mut is_escaped) = (false, false);
    for character in text.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_string => is_escaped = true,
            '"' => is_string = !is_string,
            _ if character == mark && !is_string => return true,
            _ => {}
        }
    }
    false
}

/// The values of the pseudo parameters of AWS SAM and CloudFormation, as far as the settings contain them.
fn pseudo_parameter(name: &str, aws: &Location) -> Option<String> {
    match name {
        "AWS::AccountId" => aws.account.clone(),
        "AWS::Partition" => Some(aws.partition.clone()),
        "AWS::Region" => aws.region.clone(),
        "AWS::URLSuffix" => Location::url_suffix(&aws.partition).map(str::to_owned),
        _ => None,
    }
}

/// The first construct that only `templatefile` works out: an expression, an escape or a directive.
fn construct(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((at, sign)) = rest
        .match_indices(['$', '%'])
        .find(|(at, _)| rest.get(at + 1..).is_some_and(|after| after.starts_with('{')))
    {
        let inside = rest.get(at + 2..).unwrap_or_default();
        let end = inside
            .find(['}', '"', '\n'])
            .filter(|end| inside.get(*end..).is_some_and(|it| it.starts_with('}')));
        let body = end.and_then(|end| inside.get(..end)).unwrap_or_default();
        let is_doubled = rest.get(..at).is_some_and(|before| before.ends_with(sign));
        let is_name = |body: &str| {
            body.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '_' | '.' | ':' | '-'))
        };
        let word = body.trim_start_matches('~').trim_start().split([' ', '~']).next().unwrap_or_default();
        let is_construct = match sign {
            _ if is_doubled => true,
            "%" => ["if", "else", "endif", "for", "endfor"].contains(&word),
            _ => !body.is_empty() && !is_name(body),
        };
        if is_construct {
            let from = if is_doubled { at - sign.len() } else { at };
            return rest.get(from..at + 3 + body.len());
        }
        rest = inside;
    }
    None
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
        let start = from + tail.find('$')?;
        let Some(inside) = text.get(start + 1..)?.strip_prefix('{') else {
            from = start + 1;
            continue;
        };
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

    fn substituted<'r>(
        request: &'r mut Request,
        values: Option<BTreeMap<String, String>>,
    ) -> (Cow<'r, str>, Vec<Finding>) {
        request.substitutions = values;
        let (Filled { text, .. }, findings) = substitute(request, &BTreeSet::new());
        (text, findings)
    }

    fn request(definition: &str) -> Request {
        Request::new(definition, crate::permissions::Settings::default())
    }

    #[test]
    fn tokens_are_replaced_inside_and_outside_of_strings() {
        let mut asked = request(r#"{"a": "x${Name}y", "b": ${Count}, "c": "${}"}"#);
        let (text, findings) = substituted(&mut asked, Some(values(&[("Name", "a\"b"), ("Count", "3")])));
        assert_eq!(findings, []);
        assert_eq!(text, r#"{"a": "xa\"by", "b": 3, "c": "${}"}"#);
    }

    #[test]
    fn every_token_has_a_value_and_every_value_a_token() {
        let mut asked = request("${A} ${B} ${A}");
        let (_, findings) = substituted(&mut asked, Some(values(&[("B", ""), ("C", "")])));
        let details: Vec<&str> = findings.iter().map(|finding| &*finding.detail).collect();
        assert_eq!(
            details,
            [
                "The definition has ${A}. Add a value for each to \"definition_substitutions\".",
                "The definition does not have ${C}. If it should, correct the name in \"definition_substitutions\"."
            ]
        );
        assert_eq!(findings.last().and_then(|finding| finding.place.argument.key.as_deref()), Some("C"));
    }

    #[test]
    fn without_values_tokens_are_only_mentioned() {
        let mut asked = request("${A}");
        let (text, findings) = substituted(&mut asked, None);
        assert_eq!((text.as_ref(), findings.len()), ("${A}", 1));
        assert_eq!(substituted(&mut request("$A {A}"), None).1, []);
    }

    #[test]
    fn what_aws_knows_itself_comes_from_the_settings() {
        let mut asked = request("${AWS::Region} ${AWS::AccountId} ${AWS::Partition} ${AWS::URLSuffix}");
        asked.settings.aws.region = Some("eu-west-1".to_owned());
        asked.settings.aws.account = Some("111122223333".to_owned());
        for given in [None, Some(values(&[]))] {
            let (text, findings) = substituted(&mut asked, given);
            assert_eq!((text.as_ref(), findings), ("eu-west-1 111122223333 aws amazonaws.com", Vec::new()));
        }
        asked.settings.aws.region = None;
        assert_eq!(substituted(&mut asked, Some(values(&[]))).1.len(), 1);
    }

    #[test]
    fn what_only_a_template_works_out_is_named() {
        for (text, expected) in [
            ("a ${jsonencode(x)} b", Some("${jsonencode(x)}")),
            ("a $${x} b", Some("$${x}")),
            ("%{ if x }a%{ endif }", Some("%{ if x }")),
            ("%{~ for a in b ~}", Some("%{~ for a in b ~}")),
            ("${a.b} ${AWS::Region} ${}", None),
            ("{%{\"a\": $x}%}", None),
            ("100%{ of it }", None),
        ] {
            assert_eq!(construct(text), expected, "{text}");
        }
    }

    #[test]
    fn a_token_without_a_value_yet_is_marked() {
        let mut asked = request(r#"{"a": "x${A}\"", "b": ${B}}"#);
        asked.substitutions = Some(values(&[("B", "1")]));
        let pending = |name: &str| BTreeSet::from([name.to_owned()]);
        let inside = substitute_pending(&asked, &pending("A"));
        assert!(!inside.is_unknown && inside.findings.is_empty());
        assert_eq!(inside.filled.text, "{\"a\": \"x\u{fdd0}A\u{fdd0}\\\"\", \"b\": 1}");
        assert!(substitute_pending(&asked, &pending("B")).is_unknown);
    }

    #[test]
    fn what_comes_of_a_value_is_at_its_token() {
        let mut asked = request("a${X}b${Y}${Z}c");
        asked.substitutions = Some(values(&[("X", "123"), ("Y", ""), ("Z", "4")]));
        let (filled, _) = substitute(&asked, &BTreeSet::new());
        assert_eq!(filled.text, "a123b4c");
        let origins: Vec<usize> = (0..=7).map(|byte| filled.origin(byte)).collect();
        assert_eq!(origins, [0, 1, 1, 1, 5, 10, 14, 15]);
    }
}
