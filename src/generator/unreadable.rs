//! Why a definition is not JSON, in the terms of the format that it is written in.

use crate::asl::{Instead, Json, SyntaxError};
use crate::finding::{Finding, Place};
use crate::json::Malformed;
use crate::source::{Format, Index, Lines, Position, Source, YamlProblem};

use super::problem::RequestProblem;
use super::substitute::Filled;

/// What is wrong, at the place in the definition as it was given.
pub(super) fn unreadable(definition: &str, filled: &Filled<'_>, error: SyntaxError) -> Finding {
    let before: usize = filled.text.split_inclusive('\n').take(error.line - 1).map(str::len).sum();
    let byte = match &error.wrong {
        // The reader says where the object ends.
        Malformed::DuplicateKey { pointer, .. } => {
            Index::of_json(&filled.text).duplicate(pointer).map(|key| key.start)
        }
        _ => None,
    };
    let origin = filled.origin(byte.unwrap_or(before + error.column.saturating_sub(1)));
    let lines = Lines::new(definition);
    let comment = comment(definition).map(|byte| lines.position(byte));
    let at = lines.position(origin);
    let error = &SyntaxError { line: at.line, column: at.column, ..error };
    let (problem, pointer, at) = match &error.wrong {
        _ if filled.text.trim().is_empty() => (RequestProblem::Empty, "", at),
        Malformed::DuplicateKey { pointer, .. } => {
            (RequestProblem::DuplicateKey { error }, pointer.as_str(), at)
        }
        _ => match of_kind(definition, comment) {
            Some((problem, place)) => (problem, "", place.unwrap_or(at)),
            None => {
                let token = definition.get(origin..).and_then(token);
                (RequestProblem::NotJson { error, token }, "", at)
            }
        },
    };
    Finding::new(&problem, Place { position: Some((at.line, at.column)), ..Place::from(pointer) })
}

/// What a text is instead of JSON, and where that shows.
fn of_kind(definition: &str, comment: Option<Position>) -> Option<(RequestProblem<'_>, Option<Position>)> {
    if let Some(instead) = Instead::of_text(definition) {
        return Some((RequestProblem::Instead(instead), None));
    }
    if let Some(at) = comment {
        return Some((RequestProblem::Comment { line: at.line, column: at.column }, Some(at)));
    }
    let problem = of_yaml(definition)?;
    Some((problem, None))
}

/// What a mapping in YAML is, or one with tags such as those of CloudFormation.
fn of_yaml(text: &str) -> Option<RequestProblem<'static>> {
    if Format::of_text(text) != Format::Yaml {
        return None;
    }
    match Source::new(text.to_owned(), Format::Yaml) {
        Ok(source) if !source.json().starts_with('{') => None,
        Ok(source) => {
            let json = Json::read(source.json()).ok();
            let instead = json.as_ref().and_then(Instead::of_json);
            Some(instead.map_or(RequestProblem::Yaml, RequestProblem::Instead))
        }
        Err(error) => match error.problem {
            YamlProblem::Syntax(_) | YamlProblem::Empty => None,
            _ if text.contains("AWS::") => {
                let is_sam = text.contains("AWS::Serverless");
                Some(RequestProblem::Instead(Instead::Template { is_sam, definitions: None }))
            }
            _ => Some(RequestProblem::Yaml),
        },
    }
}

/// The byte at which the first comment begins, in a text that is JSON apart from comments, as editors and
/// other readers take it.
fn comment(text: &str) -> Option<usize> {
    let mut rest = text;
    let at = |rest: &str| text.len() - rest.len();
    // Comments in front of the object.
    let mut first = None;
    loop {
        rest = rest.trim_start_matches('\u{feff}').trim_start();
        let end = match rest {
            _ if rest.starts_with("//") || rest.starts_with('#') => rest.find('\n'),
            _ if rest.starts_with("/*") => rest.find("*/").map(|end| end + 1),
            _ => break,
        };
        first = first.or(Some(at(rest)));
        rest = rest.get(end? + 1..)?;
    }
    if !rest.starts_with('{') {
        return None;
    }
    if first.is_some() {
        return first;
    }
    let (mut is_string, mut is_escaped) = (false, false);
    for (byte, character) in rest.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_string => is_escaped = true,
            '"' => is_string = !is_string,
            '#' if !is_string => return Some(at(rest) + byte),
            '/' if !is_string && rest.get(byte + 1..).is_some_and(|next| next.starts_with(['/', '*'])) => {
                return Some(at(rest) + byte);
            }
            _ => {}
        }
    }
    None
}

/// The token with which a text begins.
fn token(text: &str) -> Option<&str> {
    let end = text.strip_prefix("${")?.find('}')?;
    text.get(..end + 3).filter(|token| token.len() <= 64)
}
