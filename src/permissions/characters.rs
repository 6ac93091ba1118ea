//! Characters that a policy cannot contain. IAM accepts tabs, line ends and U+0020 to U+00FF; most services
//! accept only ASCII in names, and there a look-alike letter is a mistake or an attack.

use std::collections::{BTreeMap, BTreeSet};

use crate::asl::{Json, member_pointer};
use crate::finding::{Argument, Code, Finding, Place, Problem, character, listed, quoted};
use crate::iam::{ArnFields, Pattern, Piece, Unresolved, WildcardReason};
use crate::sdk::Rejected;

use super::names::taken;
use super::why::whom;
use super::{Permission, Settings};

/// Condition keys whose values may have any characters.
const UNICODE_KEYS: [&str; 3] = ["Tag/", "EncryptionContext:", "s3:prefix"];

/// The parameter for the name of the state machine.
const MACHINE: &str = "state_machine_name";

/// Characters of one parameter, and the first text with them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum CharacterProblem {
    #[error(
        "{whom} has {} in {parameter}, where AWS does not accept {}: {}. Such a character can look like another one or be invisible. Replace it.",
        listed(characters),
        if characters.len() == 1 { "it" } else { "them" },
        quoted(text)
    )]
    Invalid { whom: String, parameter: String, characters: Vec<String>, text: String },
    #[error(
        "{whom} has {} in {parameter}: {}. IAM does not accept {} in a policy, so the policy has \"?\" in {} place, which matches any one character. If that is \
         too much, use another name.",
        listed(characters),
        quoted(text),
        if characters.len() == 1 { "it" } else { "them" },
        if characters.len() == 1 { "its" } else { "their" }
    )]
    Unwritable { whom: String, parameter: String, characters: Vec<String>, text: String },
}

impl Problem for CharacterProblem {
    fn code(&self) -> Code {
        match self {
            CharacterProblem::Invalid { .. } => Code::InvalidCharacter,
            CharacterProblem::Unwritable { .. } => Code::UnwritableCharacter,
        }
    }
}

/// Whether the characters can be written as `?`, and the parameter that has them, to the characters and the
/// texts.
type Found = BTreeMap<(bool, String), Texts>;

/// What the patterns have, each with the condition key that it is a value of; a resource has none.
fn found<'p>(patterns: impl Iterator<Item = (&'p Pattern, &'p str)>) -> Found {
    let mut found = Found::new();
    for (pattern, key) in patterns {
        for one in of_pattern(pattern, key) {
            let texts = found.entry((one.writable, one.parameter.to_owned())).or_default();
            texts.characters.insert(one.character);
            texts.written.insert(one.text);
            texts.resources.insert(pattern.to_text());
        }
    }
    found
}

/// A character of a pattern that a policy cannot contain.
struct Strange<'p> {
    writable: bool,
    parameter: &'p str,
    character: char,
    text: String,
}

/// What is found for one parameter.
#[derive(Default)]
struct Texts {
    characters: BTreeSet<char>,
    written: BTreeSet<String>,
    /// The resources as the policy has them.
    resources: BTreeSet<String>,
}

/// The characters of a permission that a policy cannot contain: a finding for each parameter.
pub(super) fn about(permission: &Permission, settings: &Settings, document: &Json<'_>) -> Vec<Finding> {
    let resources = permission.grant.resources.iter().map(|resource| (resource, ""));
    let conditions = permission.grant.conditions.iter().chain(&permission.open);
    let values = conditions.flat_map(|one| one.values.iter().map(|value| (value, one.key.as_str())));
    let mut found = found(resources.chain(values));
    // Where another parameter names the resource, no wildcard shows that this one has the character.
    for Rejected { parameter, text, .. } in permission.rejected.iter() {
        let strange = strange(text);
        if !strange.is_empty() {
            let texts = found.entry((false, parameter.clone())).or_default();
            texts.characters.extend(strange);
            texts.written.insert(text.clone());
        }
    }
    let findings = found.into_iter().map(|((writable, parameter), texts)| {
        finding(writable, &parameter, texts, &permission.pointer, settings, document)
    });
    findings.collect()
}

/// The characters of the machine's own name in these patterns, each with the condition key that it is a value
/// of; a resource has none.
pub(super) fn about_machine<'p>(
    patterns: impl Iterator<Item = (&'p Pattern, &'p str)>,
    settings: &Settings,
) -> Vec<Finding> {
    let of_machine = found(patterns).into_iter().filter(|((_, parameter), _)| parameter == MACHINE);
    let finding = |((writable, parameter), texts): ((bool, String), Texts)| {
        finding(writable, &parameter, texts, "", settings, &Json::Null)
    };
    of_machine.map(finding).collect()
}

/// Merges the findings about the machine's own name, which several documents contain: one for each code, with
/// the resources of all.
#[must_use]
pub fn once_for_the_machine(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut resources: BTreeMap<Code, BTreeSet<String>> = BTreeMap::new();
    let is_of_machine = |finding: &Finding| {
        let is_about = matches!(finding.code, Code::InvalidCharacter | Code::UnwritableCharacter);
        is_about && finding.parameter == MACHINE
    };
    for finding in findings.iter().filter(|finding| is_of_machine(finding)) {
        resources.entry(finding.code).or_default().extend(finding.resources.iter().cloned());
    }
    findings.retain_mut(|finding| {
        if !is_of_machine(finding) {
            return true;
        }
        let all = resources.remove(&finding.code);
        finding.resources = all.iter().flatten().cloned().collect();
        all.is_some()
    });
    findings
}

fn finding(
    writable: bool,
    parameter: &str,
    texts: Texts,
    pointer: &str,
    settings: &Settings,
    document: &Json<'_>,
) -> Finding {
    let text = texts.written.into_iter().next().unwrap_or_default();
    let (whom, place, text) = match (parameter, &settings.machine_name) {
        // It is the same everywhere, so it is reported once.
        (MACHINE, Some(name)) => (whom(""), Argument::new(MACHINE).into(), name.clone()),
        ("", _) => (whom(pointer), pointer.to_owned().into(), text),
        _ => (whom(pointer), member_pointer(document, pointer, parameter).into(), text),
    };
    let named = if parameter.is_empty() { "a name".to_owned() } else { quoted(parameter).to_string() };
    let characters = texts.characters.iter().map(|one| character(*one)).collect();
    let problem = match writable {
        true => CharacterProblem::Unwritable { whom, parameter: named, characters, text },
        false => CharacterProblem::Invalid { whom, parameter: named, characters, text },
    };
    let place: Place = place;
    Finding::new(&problem, place).parameter(parameter).about(Vec::new(), texts.resources)
}

fn of_pattern<'p>(pattern: &'p Pattern, key: &str) -> Vec<Strange<'p>> {
    let mut found = Vec::new();
    let mut before = String::new();
    for piece in pattern.pieces() {
        let (wildcard, why) = match piece {
            Piece::Literal(literal) => {
                before.push_str(literal);
                continue;
            }
            Piece::Wildcard(wildcard, why) => (wildcard, why),
        };
        let mut add = |writable: bool, parameter: &'p str, character: char, text: String| {
            found.push(Strange { writable, parameter, character, text });
        };
        match why {
            WildcardReason::Unwritable { character, parameter } => {
                let text = pattern.written(true).unwrap_or_default();
                // One character replaces one; a wider wildcard would hide other problems.
                add(*wildcard == "?" && takes_unicode(&before, key), parameter, *character, text);
            }
            WildcardReason::Run { parameter, cause: Unresolved::Unwritable(text) } => {
                strange(text).into_iter().for_each(|one| add(false, parameter, one, text.clone()));
            }
            _ => {}
        }
        before.push_str(wildcard);
    }
    found
}

/// The characters of a text that a policy cannot contain.
fn strange(text: &str) -> BTreeSet<char> {
    text.chars().filter(|one| Pattern::literal(one.to_string()).has_unwritable()).collect()
}

/// Whether the values of a condition key may have any text.
pub(super) fn takes_any_text(key: &str) -> bool {
    UNICODE_KEYS.iter().any(|own| key.contains(own))
}

/// Whether any character may follow this beginning of a resource, or of the value of a condition key.
fn takes_unicode(before: &str, key: &str) -> bool {
    if ArnFields::of(before).service.is_none() {
        return takes_any_text(key);
    }
    taken(before).is_some_and(|taken| taken.unicode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_any_character_may_stand() {
        for (before, key, any) in [
            ("arn:aws:s3:::reports/", "", true),
            ("arn:aws:s3:::reports", "", false),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/a", "", false),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/", "", true),
            ("arn:aws:states:eu-west-1:111122223333:stateMachine:", "aws:SourceArn", true),
            ("arn:aws:states:eu-west-1:11112222", "aws:SourceArn", false),
            ("arn:aws:iam::111122223333:role/", "", false),
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/", "", false),
            ("", "", false),
            ("", "ssm:resourceTag/Stage", true),
            ("https://", "states:HTTPEndpoint", false),
        ] {
            assert_eq!(takes_unicode(before, key), any, "{before} {key}");
        }
    }
}
