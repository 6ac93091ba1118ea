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
/// they are for, what is found of these, and, for one about an action, how many permissions there are.
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
            let target = target.as_ref();
            let values = || {
                let all = grant.conditions.iter().chain(&permission.open);
                all.flat_map(|condition| &condition.values)
            };
            // A wildcard that AWS requires can be accepted, which leaves it as it is.
            let resources = is_for_any(target, grant, grant.resources.iter(), false);
            let conditions = is_for_any(target, grant, values(), false);
            let found = is_for_any(target, grant, grant.resources.iter().chain(values()), true);
            let may_part = !matches!(target, Some(Target::Parameter(_))) && grant.actions.len() > 1;
            permission.pending.resources |= resources;
            permission.pending.conditions |= conditions;
            permission.pending.number |= found && may_part;
            if found {
                let pointer = permission.pointer.clone();
                requirements.open_findings.insert(pointer);
            }
        }
    }
}

/// Whether a hint may be for a wildcard in one of the texts of a grant, if it narrows or if it accepts them.
fn is_for_any<'p>(
    target: Option<&Target>,
    grant: &Grant,
    texts: impl Iterator<Item = &'p Pattern>,
    accepts: bool,
) -> bool {
    if let Some(Target::Action(action)) = target
        && !grant.actions.iter().any(|own| own.eq_ignore_ascii_case(action))
    {
        return false;
    }
    let may_be = |why: &WildcardReason| match target {
        Some(target) => is_for(why, target, accepts),
        None => match why {
            WildcardReason::Run { .. } => true,
            WildcardReason::Aws(_) => accepts,
            _ => false,
        },
    };
    texts.flat_map(Pattern::reasons).any(may_be)
}
