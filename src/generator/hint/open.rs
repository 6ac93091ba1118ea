//! Hints that are not wholly known yet.

use std::rc::Rc;

use crate::iam::{Grant, Pattern, WildcardReason};
use crate::permissions::{Permission, Requirements};

use super::lookup::{Lookup, Slot};
use super::opening::is_for;
use super::{Selector, Target};

/// What is known of a hint of which it is not known whom or what it is for. Nothing may be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenHint {
    /// Whom it is for; `None` if that is not known.
    pub selector: Option<Selector>,
    /// Which wildcards it is for; `None` if that is not known.
    pub target: Option<Target>,
}

/// What a hint may come to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remaining {
    /// Replace wildcards by ARNs.
    pub(super) names: bool,
    /// Accept them, those included that AWS requires.
    pub(super) accepts: bool,
}

impl Remaining {
    const ANYTHING: Remaining = Remaining { names: true, accepts: true };
}

/// Marks what such hints can change. They may turn out to be without effect, or for a resource of another
/// account, which is told of the machine.
pub(in crate::generator) fn leave_open(hints: &[OpenHint], requirements: &mut Requirements) {
    if hints.is_empty() {
        return;
    }
    leave_machine_open(requirements);
    let lookup = Lookup::new(requirements);
    for OpenHint { selector, target } in hints {
        let slots = match selector {
            Some(selector) => lookup.slots(selector),
            None => {
                let own = (0..requirements.permissions.len()).map(Slot::Own);
                own.chain((0..requirements.assumed.len()).map(Slot::Assumed)).collect()
            }
        };
        leave_slots_open(requirements, &slots, target.as_ref(), Remaining::ANYTHING);
    }
}

/// Marks that more may be found of the hints themselves.
pub(super) fn leave_machine_open(requirements: &mut Requirements) {
    requirements.open_findings.insert("".into());
}

/// Marks what a hint can change of the permissions that it selects: which resources and conditions there are
/// in place of the wildcards that it is for, what is found of these, and, for one about an action, how many
/// permissions there are.
pub(super) fn leave_slots_open(
    requirements: &mut Requirements,
    slots: &[Slot],
    target: Option<&Target>,
    remaining: Remaining,
) {
    for slot in slots {
        let Some(permission) = slot.of_mut(requirements) else { continue };
        if leaves_open(permission, target, remaining) {
            let pointer = Rc::clone(&permission.pointer);
            requirements.open_findings.insert(pointer);
        }
    }
}

/// Marks what a hint can change of a permission. Whether it can change what is found of it.
fn leaves_open(permission: &mut Permission, target: Option<&Target>, remaining: Remaining) -> bool {
    let Remaining { names, accepts } = remaining;
    let grant = &permission.grant;
    let values = || {
        let all = grant.conditions.iter().chain(&permission.open);
        all.flat_map(|condition| &condition.values)
    };
    // A wildcard that AWS requires can be accepted, which leaves it as it is.
    let resources = names && is_for_any(target, grant, grant.resources.iter(), false);
    let conditions = names && is_for_any(target, grant, values(), false);
    let found = is_for_any(target, grant, grant.resources.iter().chain(values()), accepts);
    let may_part = !matches!(target, Some(Target::Parameter(_))) && grant.actions.len() > 1;
    permission.pending.resources |= resources;
    permission.pending.conditions |= conditions;
    permission.pending.is_parted |= found && may_part;
    found
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
