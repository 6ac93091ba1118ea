//! What is certain about an action whatever tokens turn out to be whose values are not known yet.

use super::conditions::holds;
use super::limits::MAX_TESTS;
use super::model::{Action, Condition as When, Operation, Path, Test};
use crate::call::resource::dynamodb::VERBS;
use crate::call::{Call, Presence};

/// Whether a condition of an action fails whatever the tokens turn out to be. One that is not decided before
/// the execution fails where all have to be.
pub(super) fn is_ruled_out(action: &Action, call: &Call<'_, '_>) -> bool {
    let fails = |when: &When| {
        call.forget();
        let fails = match holds(when, call) {
            Presence::Never => true,
            Presence::Maybe => action.decided,
            Presence::Always => false,
        };
        fails && !call.depends()
    };
    let is_ruled_out = action.when.iter().any(fails);
    call.forget();
    is_ruled_out
}

/// Whether an operation needs an action whatever values its parameters have: one of the lines for the action
/// applies in any case, such as one for each type and one for all others.
pub(super) fn is_needed_anyway(operation: &Operation, action: &str, call: &Call<'_, '_>) -> bool {
    // Keys that a service manages need no permission.
    if action.starts_with("kms:") {
        return false;
    }
    applies_anyway(operation.actions.iter().filter(|one| one.name == action), call)
}

/// Whether an operation needs one of its actions whatever values its parameters have: each of them may need
/// another one.
pub(super) fn is_any_needed(operation: &Operation, call: &Call<'_, '_>) -> bool {
    applies_anyway(operation.actions.iter().filter(|one| !one.name.starts_with("kms:")), call)
}

/// Whether one of the lines of these actions applies in any case.
fn applies_anyway<'a>(actions: impl Iterator<Item = &'a Action>, call: &Call<'_, '_>) -> bool {
    // What holds whatever the tokens turn out to be is no question.
    let is_open = |when: &&When| {
        call.forget();
        holds(when, call) != Presence::Always || call.depends()
    };
    let granted = actions.filter(|one| one.kind.is_granted() && !one.decided);
    let lines: Vec<Vec<&When>> = granted.map(|one| one.when.iter().filter(is_open).collect()).collect();
    call.forget();
    let mut tests: Vec<(&[Path], Test)> = Vec::new();
    for when in lines.iter().flatten() {
        if !tests.contains(&(&when.paths, when.test)) {
            tests.push((&when.paths, when.test));
        }
    }
    let passes = |outcome: usize, when: &When| {
        let at = tests.iter().position(|test| *test == (when.paths.as_slice(), when.test));
        at.is_some_and(|at| (outcome >> at & 1 == 1) != when.negated)
    };
    let is_possible = |outcome: &usize| {
        let verbs = || tests.iter().enumerate().filter(|(_, (_, test))| matches!(test, Test::Verb(_)));
        let is_without = |paths: &[Path]| {
            let mut own = verbs().filter(|(_, (of, _))| *of == paths);
            own.clone().count() == VERBS.len() && !own.any(|(at, _)| *outcome >> at & 1 == 1)
        };
        // What has none of the verbs is an error.
        !verbs().any(|(_, (paths, _))| is_without(paths))
    };
    tests.len() <= MAX_TESTS
        && (0..1_usize << tests.len())
            .filter(is_possible)
            .all(|outcome| lines.iter().any(|line| line.iter().all(|when| passes(outcome, when))))
}
