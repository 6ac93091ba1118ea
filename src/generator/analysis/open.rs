//! What settings and tokens leave open.

use std::collections::BTreeSet;

use crate::asl::{Marked, resource_pointer};
use crate::finding::{Finding, Severity, state_pointer};
use crate::permissions::{self, Requirements, Settings};
use crate::work::Work;

use super::known::Unknown;

/// The state that a finding is about, or the machine itself.
pub(super) fn key(finding: &Finding) -> &str {
    state_pointer(&finding.place.pointer)
}

/// Removes what results from Resources that replace tokens, and marks what settings leave open.
pub(super) fn settle(needed: &mut Requirements, marked: &Marked<'_>, unknown: &Unknown) {
    let stands_in = |pointer: &str| marked.resources.contains(pointer);
    needed.permissions.retain(|permission| !stands_in(&permission.pointer));
    needed.assumed.retain(|(_, permission)| !stands_in(&permission.pointer));
    needed.problems.retain(|problem| {
        let place = problem.place.pointer.as_str();
        !marked.resources.iter().any(|pointer| place == pointer || place == resource_pointer(pointer))
    });
    let assumed = needed.assumed.iter_mut().map(|(_, permission)| permission);
    for permission in needed.permissions.iter_mut().chain(assumed) {
        let is_of_keys = || {
            let mut actions = permission.grant.actions.iter();
            permission.pointer.is_empty() && actions.any(|action| action.starts_with("kms:"))
        };
        let of_keys = unknown.keys && is_of_keys();
        permission.pending.resources |= unknown.place || of_keys;
        // An alias is compared in a condition. Only that which the machine is encrypted with may be one.
        permission.pending.conditions |= unknown.place || of_keys && unknown.own_key;
    }
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

/// What may be called an error already.
pub(super) fn errors(problems: Vec<Finding>, unknown: &Unknown) -> Vec<Finding> {
    let mut problems = problems;
    if unknown.hides_findings() {
        problems.retain(|problem| {
            !(unknown.levels && problem.code.may_be_lowered())
                && problem.place.argument.name == "definition"
                && problem.severity == Severity::Error
        });
    }
    problems
}

/// The pointers of the states of which more may be found when values are known.
pub(super) fn open_states(needed: &Requirements, marked: &Marked<'_>, unknown: &Unknown) -> BTreeSet<String> {
    let assumed = needed.assumed.iter().map(|(_, permission)| permission);
    let permissions = needed.permissions.iter().chain(assumed);
    let pending = permissions.filter(|one| one.pending.any()).map(|one| one.pointer.as_ref());
    let found = needed.open_findings.iter().map(AsRef::as_ref);
    let marks = marked.touched.iter().chain(&marked.resources).map(String::as_str);
    // A Resource that is not known may wait for a worker.
    let workers = !marked.resources.is_empty();
    let told = unknown.destination || unknown.apis || unknown.activities || !unknown.hints.is_empty();
    let machine = (unknown.machine || unknown.keys || needed.open_keys || told || workers).then_some("");
    let pointers = pending.chain(found).chain(marks).chain(machine);
    pointers.map(|pointer| state_pointer(pointer).to_owned()).collect()
}
