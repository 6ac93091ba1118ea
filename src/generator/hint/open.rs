//! Hints that are not wholly known yet.

use crate::iam::{Grant, Pattern, WildcardReason};
use crate::permissions::Requirements;

use super::lookup::{Lookup, Slot};
use super::opening::is_for;
use super::{Selector, Target};

/// What is known of a hint of which a member is not. Nothing may be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenHint {
    /// Whom it is for; `None` if that is not known.
    pub selector: Option<Selector>,
    /// Which wildcards it is for; `None` if that is not known.
    pub target: Option<Target>,
}

/// Marks what such hints can change: which resources and conditions there are in place of the wildcards that
/// they are for, and, for one about an action, how many permissions there are.
pub(in crate::generator) fn leave_open(hints: &[OpenHint], requirements: &mut Requirements) {
    if hints.is_empty() {
        return;
    }
    let lookup = Lookup::new(requirements);
    for OpenHint { selector, target } in hints {
        let slots = match selector {
            Some(selector) => lookup.slots(selector),
            None => {
                let own = (0..requirements.permissions.len()).map(Slot::Own);
                own.chain((0..requirements.assumed.len()).map(Slot::Assumed)).collect()
            }
        };
        for slot in slots {
            let Some(permission) = slot.of_mut(requirements) else { continue };
            let grant = &permission.grant;
            let own = |texts: &mut dyn Iterator<Item = &Pattern>| is_for_any(target.as_ref(), grant, texts);
            let resources = own(&mut grant.resources.iter());
            let all = grant.conditions.iter().chain(&permission.open);
            let conditions = own(&mut all.flat_map(|condition| &condition.values));
            let may_part = !matches!(target, Some(Target::Parameter(_))) && grant.actions.len() > 1;
            permission.pending.resources |= resources;
            permission.pending.conditions |= conditions;
            permission.pending.number |= (resources || conditions) && may_part;
        }
    }
}

/// Whether a hint may be for a wildcard in one of the texts of a grant.
fn is_for_any(target: Option<&Target>, grant: &Grant, texts: &mut dyn Iterator<Item = &Pattern>) -> bool {
    if let Some(Target::Action(action)) = target
        && !grant.actions.iter().any(|own| own.eq_ignore_ascii_case(action))
    {
        return false;
    }
    let may_be = |why: &WildcardReason| match target {
        Some(target) => is_for(why, target, true),
        None => matches!(why, WildcardReason::Run { .. } | WildcardReason::Aws(_)),
    };
    texts.flat_map(Pattern::reasons).any(may_be)
}
