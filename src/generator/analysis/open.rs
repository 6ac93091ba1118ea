//! What settings and tokens leave open.

use std::collections::BTreeSet;

use crate::asl::flow::{Assumptions, Flow, analyse};
use crate::asl::{Marked, State, StateMachine, resource_pointer};
use crate::finding::{Code, Finding, Level, Severity, state_pointer};
use crate::permissions::{self, Requirements, Settings, activity_of, may_be_under_data_keys};
use crate::work::Work;

use super::super::{Request, judged};
use super::known::{ActivityKeys, DataKeys, Unknown};

/// The values of a state machine, of which some are not known yet. `text` is that of the definition.
pub(super) fn flow<'a>(
    machine: &StateMachine<'a>,
    assumed: &Assumptions<'a>,
    marked: &Marked<'_>,
    unknown: &Unknown,
    text: &str,
) -> Flow<'a> {
    let flow = analyse(machine, assumed);
    if unknown.input {
        flow.with_pending_input(machine, text)
    } else {
        flow.with_pending(machine, &marked.sources)
    }
}

/// The state that a finding is about, or the machine itself.
pub(super) fn key(finding: &Finding) -> &str {
    state_pointer(&finding.place.pointer)
}

/// Removes what results from Resources that replace tokens, and marks what settings leave open.
/// `of_activities` are the pointers of the states whose activities have keys that are not known.
pub(super) fn settle(
    needed: &mut Requirements,
    marked: &Marked<'_>,
    unknown: &Unknown,
    of_activities: &BTreeSet<&str>,
) {
    let stands_in = |pointer: &str| marked.resources.contains(pointer);
    needed.permissions.retain(|permission| !stands_in(&permission.pointer));
    needed.assumed.retain(|(_, permission)| !stands_in(&permission.pointer));
    needed.problems.retain(|problem| {
        let place = problem.place.pointer.as_str();
        !marked.resources.iter().any(|pointer| place == pointer || place == resource_pointer(pointer))
    });
    let assumed = needed.assumed.iter_mut().map(|(_, permission)| permission);
    for permission in needed.permissions.iter_mut().chain(assumed) {
        let is_for = |argument: &str| permission.pointer.is_empty() && permission.origin.as_ref() == argument;
        let own_key = unknown.own_key && is_for("encryption_configuration");
        let data_keys = unknown.data_keys != DataKeys::Known && is_for("kms_key_arns");
        let activity_key = permission.origin.as_ref() == "activity_kms_keys"
            && of_activities.contains(permission.pointer.as_ref());
        permission.pending.resources |= unknown.place || own_key || data_keys || activity_key;
        // An alias is compared in a condition. Only that which the machine is encrypted with may be one.
        permission.pending.conditions |= unknown.place || own_key;
    }
}

/// The pointers of the states that wait for activities of which it is not known which key they have.
pub(super) fn with_open_keys<'m>(machine: &'m StateMachine<'_>, unknown: &Unknown) -> BTreeSet<&'m str> {
    let is_open =
        |state: &&State<'_>| activity_of(state).is_some_and(|one| unknown.activity_keys.is_open(one));
    machine.states().into_iter().filter(is_open).map(|state| state.pointer.as_str()).collect()
}

/// Values that AWS rejects, whatever settings and tokens come to be; before [`settle`].
pub(super) fn refused(
    needed: &Requirements,
    marked: &Marked<'_>,
    settings: &Settings,
    work: &Work,
) -> Vec<Finding> {
    let mut found = permissions::refused(needed, &marked.document, settings, work);
    let stands_in =
        |found: &Finding| marked.resources.iter().any(|pointer| state_pointer(pointer) == key(found));
    found.retain(|found| !stands_in(found));
    found
}

/// The findings as the user wants them. Those stay as they are that an `on_finding` which is not known yet
/// may make less severe.
///
/// # Errors
/// With those that are errors in any case, if there are any.
pub(super) fn judged_already(
    request: &Request,
    unknown: &Unknown,
    findings: Vec<Finding>,
    work: &Work,
) -> Result<Vec<Finding>, Vec<Finding>> {
    let may_change = |finding: &Finding| unknown.may_lower(finding.code);
    let (open, certain) = findings.into_iter().partition(may_change);
    let mut all = judged(&request.on_finding, certain, work)?;
    all.extend::<Vec<Finding>>(open);
    Ok(all)
}

/// What may be called an error already.
pub(super) fn errors(problems: Vec<Finding>, unknown: &Unknown) -> Vec<Finding> {
    let mut problems = problems;
    if unknown.levels || unknown.substitutions || unknown.place {
        problems.retain(|problem| {
            !unknown.may_lower(problem.code)
                && problem.place.argument.name == "definition"
                && problem.severity == Severity::Error
        });
    }
    problems
}

/// The pointers of the states of which more may be found when values are known.
pub(super) fn open_states(
    needed: &Requirements,
    marked: &Marked<'_>,
    unknown: &Unknown,
    request: &Request,
) -> BTreeSet<String> {
    let assumed = needed.assumed.iter().map(|(_, permission)| permission);
    let permissions = needed.permissions.iter().chain(assumed);
    let pending = permissions.filter(|one| one.pending.any()).map(|one| one.pointer.as_ref());
    // Of the keys of the machine's data more is found only as below.
    let pending = pending.filter(|pointer| !pointer.is_empty());
    let found = needed.open_findings.iter().map(AsRef::as_ref);
    let marks = marked.touched.iter().chain(&marked.resources).map(String::as_str);
    // A Resource that is not known may wait for a worker.
    let workers = !marked.resources.is_empty();
    let told = unknown.destination || unknown.apis || unknown.activity_keys == ActivityKeys::Whole;
    let told = told || unknown.substitutions || is_told_of_keys(needed, unknown, request);
    let machine = (unknown.shape || needed.open_keys || told || workers).then_some("");
    let pointers = pending.chain(found).chain(marks).chain(machine);
    pointers.map(|pointer| state_pointer(pointer).to_owned()).collect()
}

/// Whether `kms_key_arns`, of which something is not known, decides what is found of the machine: a key that
/// AWS rejects where that is not an error, and data of which it is told that a key is missing.
fn is_told_of_keys(needed: &Requirements, unknown: &Unknown, request: &Request) -> bool {
    let tells_of_rejected = unknown.levels || request.on_finding.level(Code::ImpossibleValue) != Level::Error;
    match unknown.data_keys {
        DataKeys::Known => false,
        DataKeys::Elements => tells_of_rejected,
        DataKeys::Whole => tells_of_rejected || may_be_under_data_keys(needed),
    }
}
