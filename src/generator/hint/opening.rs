//! The wildcards that a hint is for.

use std::collections::BTreeSet;

use crate::iam::{Pattern, WildcardReason};
use crate::permissions::{Permission, Requirements};

use super::Target;
use super::selector::Whom;

/// A text of what is asked for with a wildcard that a hint is for.
pub(super) struct Opening {
    pub(super) text: Pattern,
    /// The key of the condition that has it; `None` for a resource.
    pub(super) key: Option<String>,
    /// The actions allowed on it.
    pub(super) actions: Vec<String>,
}

/// The wildcards that a hint is for. One that accepts them takes also those that AWS requires.
pub(super) fn openings(
    requirements: &Requirements,
    whom: &Whom<'_>,
    target: &Target,
    accepts: bool,
) -> Vec<Opening> {
    let mut found = Vec::new();
    for permission in selected(requirements, whom) {
        let actions: Vec<String> = match target {
            Target::Parameter(_) => permission.grant.actions.clone(),
            Target::Action(action) => {
                let wanted = |own: &&String| own.eq_ignore_ascii_case(action);
                permission.grant.actions.iter().filter(wanted).cloned().collect()
            }
        };
        if actions.is_empty() {
            continue;
        }
        let resources = permission.grant.resources.iter().map(|resource| (resource, None));
        let conditions = permission.grant.conditions.iter().chain(&permission.open);
        let values = conditions
            .flat_map(|condition| condition.values.iter().map(|value| (value, Some(condition.key.clone()))));
        for (text, key) in resources.chain(values) {
            if text.reasons().any(|why| is_for(why, target, accepts)) {
                found.push(Opening { text: text.clone(), key, actions: actions.clone() });
            }
        }
    }
    found
}

/// Whether a wildcard is one that a hint is for.
pub(super) fn is_for(why: &WildcardReason, target: &Target, accepts: bool) -> bool {
    match (why, target) {
        (WildcardReason::Run { parameter, .. }, Target::Parameter(name)) => {
            parameter.eq_ignore_ascii_case(name)
        }
        (WildcardReason::Run { .. }, Target::Action(_)) => true,
        (WildcardReason::Aws(_), Target::Action(_)) => accepts,
        _ => false,
    }
}

/// The parameter that a wildcard stands for; of one that stands for none, nothing.
pub(super) fn parameter(why: &WildcardReason) -> Option<String> {
    match why {
        WildcardReason::Run { parameter, .. } => Some(parameter.clone()),
        WildcardReason::Aws(_) => Some(String::new()),
        _ => None,
    }
}

/// The parameters that are known only at run time, in ascending order.
pub(super) fn parameters(requirements: &Requirements, whom: &Whom<'_>) -> Vec<String> {
    let reasons = selected(requirements, whom)
        .flat_map(|permission| permission.patterns().flat_map(Pattern::reasons).collect::<Vec<_>>());
    let open: BTreeSet<String> = reasons
        .filter_map(|why| match why {
            WildcardReason::Run { parameter, .. } => Some(parameter.clone()),
            _ => None,
        })
        .collect();
    open.into_iter().collect()
}

fn selected<'r>(requirements: &'r Requirements, whom: &Whom<'_>) -> impl Iterator<Item = &'r Permission> {
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    let all = requirements.permissions.iter().chain(assumed);
    all.filter(move |permission| whom.selects(&permission.pointer, &permission.origin))
}

/// Parts each permission that has the action and others, so that the hint does not change those.
pub(super) fn split(requirements: &mut Requirements, whom: &Whom<'_>, action: &str) {
    let parted = |permission: &mut Permission| {
        if !whom.selects(&permission.pointer, &permission.origin) {
            return None;
        }
        let (own, others): (Vec<String>, Vec<String>) =
            permission.grant.actions.iter().cloned().partition(|one| one.eq_ignore_ascii_case(action));
        if own.is_empty() || others.is_empty() {
            return None;
        }
        let mut rest = permission.clone();
        rest.grant.actions = others;
        permission.grant.actions = own;
        Some(rest)
    };
    let rest: Vec<Permission> = requirements.permissions.iter_mut().filter_map(parted).collect();
    requirements.permissions.extend(rest);
    let rest: Vec<_> = requirements
        .assumed
        .iter_mut()
        .filter_map(|(role, permission)| Some((role.clone(), parted(permission)?)))
        .collect();
    requirements.assumed.extend(rest);
}
