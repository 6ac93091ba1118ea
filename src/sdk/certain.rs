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

/// Whether a condition fails whatever the tokens turn out to be.
fn fails(when: &When, call: &Call<'_, '_>) -> bool {
    call.forget();
    holds(when, call) == Presence::Never && !call.depends()
}

/// Whether one of the lines of these actions applies in any case.
fn applies_anyway<'a>(actions: impl Iterator<Item = &'a Action>, call: &Call<'_, '_>) -> bool {
    // What holds whatever the tokens turn out to be is no question.
    let is_open = |when: &&When| {
        call.forget();
        holds(when, call) != Presence::Always || call.depends()
    };
    let may_apply =
        |one: &&'a Action| one.kind.is_granted() && !one.when.iter().any(|when| fails(when, call));
    let granted = actions.filter(may_apply);
    let lines: Vec<(bool, Vec<&When>)> =
        granted.map(|one| (one.decided, one.when.iter().filter(is_open).collect())).collect();
    call.forget();
    let mut tests: Vec<(&[Path], Test)> = Vec::new();
    for when in lines.iter().flat_map(|(_, line)| line) {
        if !tests.contains(&(&when.paths, when.test)) {
            tests.push((&when.paths, when.test));
        }
    }
    // What a test says of each value: no, yes, or that it is decided at run time, which is enough for what
    // is granted in doubt.
    let answers = if lines.iter().any(|(decided, _)| *decided) { 3_usize } else { 2 };
    let Some(outcomes) = u32::try_from(tests.len()).ok().and_then(|count| answers.checked_pow(count)) else {
        return false;
    };
    let answer = |outcome: usize, at: usize| {
        let rest = (0..at).fold(outcome, |rest, _| rest / answers);
        rest % answers
    };
    let passes = |outcome: usize, decided: bool, when: &When| {
        let at = tests.iter().position(|test| *test == (when.paths.as_slice(), when.test));
        at.is_some_and(|at| match answer(outcome, at) {
            0 => when.negated,
            1 => !when.negated,
            _ => !decided,
        })
    };
    let is_possible = |outcome: &usize| {
        let verbs = || tests.iter().enumerate().filter(|(_, (_, test))| matches!(test, Test::Verb(_)));
        let is_without = |paths: &[Path]| {
            let mut own = verbs().filter(|(_, (of, _))| *of == paths);
            own.clone().count() == VERBS.len() && own.all(|(at, _)| answer(*outcome, at) == 0)
        };
        // What has none of the verbs is an error.
        !verbs().any(|(_, (paths, _))| is_without(paths))
    };
    let is_had = |outcome: usize| {
        lines.iter().any(|(decided, line)| line.iter().all(|when| passes(outcome, *decided, when)))
    };
    outcomes <= 1 << MAX_TESTS && (0..outcomes).filter(is_possible).all(is_had)
}
