//! The services of a policy, and the actions of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::permissions::Permission;

/// IAM's prefix of the service that an action is of.
pub(super) fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or_default()
}

/// The actions by service; `None` if there may be more services. The actions of one, if there may be more.
pub(super) fn services(
    permissions: &[Permission],
    undecided: bool,
) -> Option<BTreeMap<String, Option<BTreeSet<String>>>> {
    let of = |certain: bool| {
        let is_certain = |one: &&Permission| !one.pending.existence || one.pending.is_by_type;
        let all = permissions.iter().filter(move |one| is_certain(one) == certain);
        all.flat_map(|permission| &permission.grant.actions)
    };
    let mut services: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    let alternatives = alternatives(permissions);
    for action in of(true).chain(&alternatives) {
        let actions = services.entry(service_of(action).to_owned()).or_insert_with(|| Some(BTreeSet::new()));
        if let Some(actions) = actions {
            actions.insert(action.clone());
        }
    }
    for permission in permissions.iter().filter(|one| one.pending.existence && one.pending.is_alternative) {
        for action in &permission.grant.actions {
            services.entry(service_of(action).to_owned()).or_insert(None);
        }
    }
    for action in of(false) {
        let actions = services.get_mut(service_of(action))?;
        if !actions.as_ref().is_some_and(|actions| actions.contains(action)) {
            *actions = None;
        }
    }
    (!undecided).then_some(services)
}

/// The actions that each of the alternatives of a state has, so that it does not matter which of them counts.
fn alternatives(permissions: &[Permission]) -> Vec<String> {
    let mut common: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    for permission in permissions.iter().filter(|one| one.pending.existence && one.pending.is_alternative) {
        let actions: BTreeSet<&String> = permission.grant.actions.iter().collect();
        let of_state = common.entry(&permission.pointer).or_insert_with(|| actions.clone());
        of_state.retain(|action| actions.contains(action));
    }
    common.into_values().flatten().cloned().collect()
}
