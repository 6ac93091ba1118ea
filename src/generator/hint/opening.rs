//! The wildcards that a hint is for.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::iam::{Pattern, WildcardReason};
use crate::permissions::{Permission, Requirements};

use super::Target;
use super::lookup::{Lookup, Slot};

/// A text of the needed permissions with a wildcard that a hint selects.
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
    slots: &[Slot],
    target: &Target,
    accepts: bool,
) -> Vec<Opening> {
    let mut found = Vec::new();
    for permission in slots.iter().filter_map(|slot| slot.of(requirements)) {
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

/// The parameter of a wildcard; none for a wildcard without one.
pub(super) fn parameter(why: &WildcardReason) -> Option<String> {
    match why {
        WildcardReason::Run { parameter, .. } => Some(parameter.clone()),
        WildcardReason::Aws(_) => Some(String::new()),
        _ => None,
    }
}

/// The parameters that are known only at run time, in ascending order.
pub(super) fn parameters(requirements: &Requirements, slots: &[Slot]) -> Vec<String> {
    let selected = slots.iter().filter_map(|slot| slot.of(requirements));
    let reasons =
        selected.flat_map(|permission| permission.patterns().flat_map(Pattern::reasons).collect::<Vec<_>>());
    let open: BTreeSet<String> = reasons
        .filter_map(|why| match why {
            WildcardReason::Run { parameter, .. } => Some(parameter.clone()),
            _ => None,
        })
        .collect();
    open.into_iter().collect()
}

/// Parts each permission that has the action and others, so that the hint does not change those.
pub(super) fn split(requirements: &mut Requirements, lookup: &mut Lookup, slots: &[Slot], action: &str) {
    for slot in slots {
        let Some(permission) = slot.of_mut(requirements) else { continue };
        let Some(rest) = parted(permission, action) else { continue };
        let at = match slot {
            Slot::Own(_) => Slot::Own(requirements.permissions.len()),
            Slot::Assumed(_) => Slot::Assumed(requirements.assumed.len()),
        };
        lookup.insert(at, &rest);
        match slot {
            Slot::Own(_) => requirements.permissions.push(rest),
            Slot::Assumed(own) => {
                let role = requirements.assumed.get(*own).map(|(role, _)| role.clone());
                requirements.assumed.extend(role.map(|role| (role, rest)));
            }
        }
    }
}

/// The permission for all other actions, which it no longer has.
fn parted(permission: &mut Permission, action: &str) -> Option<Permission> {
    let (own, others): (Vec<String>, Vec<String>) =
        permission.grant.actions.iter().cloned().partition(|one| one.eq_ignore_ascii_case(action));
    if own.is_empty() || others.is_empty() {
        return None;
    }
    let mut rest = permission.clone();
    Rc::make_mut(&mut rest.grant).actions = others;
    Rc::make_mut(&mut permission.grant).actions = own;
    Some(rest)
}
