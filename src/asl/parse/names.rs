//! Names: of states, and of the parameters of calls.

use super::super::Object;
use super::super::limits::{MAX_KEYS_AT_A_GLANCE, MAX_NAME_CHARACTERS};
use super::super::problem::DefinitionProblem;
use super::template::COMPUTED;
use crate::finding::Finding;
use crate::json::Place;

/// What is wrong with the name of a state.
pub(super) fn name(name: &str, pointer: &str) -> Option<Finding> {
    let is_long = name.len() > MAX_NAME_CHARACTERS && name.chars().count() > MAX_NAME_CHARACTERS;
    is_long.then(|| Finding::new(&DefinitionProblem::LongName { name, limit: MAX_NAME_CHARACTERS }, pointer))
}

/// Checks that no parameter of a call is given in two spellings: Step Functions ignores the case of their
/// first letter.
pub(super) fn parameters(object: &Object<'_>, place: &Place<'_>) -> Vec<Finding> {
    let mut problems = Vec::new();
    if are_distinct(object) {
        return problems;
    }
    let plain = |key: &str| key.strip_suffix(COMPUTED).unwrap_or(key).to_lowercase();
    let mut seen: Vec<(String, &str)> = object.iter().map(|(key, _)| (plain(key), key.as_ref())).collect();
    seen.sort_unstable();
    for pair in seen.windows(2) {
        let [(one, name), (two, key)] = pair else { continue };
        // The same spelling with and without ".$" is reported where templates are checked.
        let same_spelling = name.trim_end_matches(COMPUTED) == key.trim_end_matches(COMPUTED);
        if one == two && !same_spelling {
            let place = Place::Member(place, key).to_string();
            problems.push(Finding::new(&DefinitionProblem::GivenTwice { name, key }, place));
        }
    }
    problems
}

/// Whether few names differ, as far as that is seen at a glance: they are of ASCII, and of different lengths
/// or letters.
fn are_distinct(object: &Object<'_>) -> bool {
    let keys = || object.iter().map(|(name, _)| name.strip_suffix(COMPUTED).unwrap_or(name));
    object.iter().len() <= MAX_KEYS_AT_A_GLANCE
        && keys()
            .enumerate()
            .all(|(at, one)| one.is_ascii() && keys().take(at).all(|other| !one.eq_ignore_ascii_case(other)))
}
