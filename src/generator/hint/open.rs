//! Hints that are not wholly known yet.

use std::rc::Rc;

use hashbrown::HashMap;

use crate::iam::{Grant, Pattern, WildcardReason};
use crate::permissions::{Mode, Permission, Requirements};

use super::check::may_be_elsewhere;
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

/// Marks what such hints can change. `other` is what the other mode would need, and `None` if it cannot be
/// known what it is: then anything may be found of the hints themselves.
pub(in crate::generator) fn leave_open(
    hints: &[OpenHint],
    mode: Mode,
    requirements: &mut Requirements,
    other: Option<&Requirements>,
) {
    if hints.is_empty() {
        return;
    }
    if other.is_none_or(|other| hints.iter().any(|hint| hint.may_be_told_of(mode, requirements, other))) {
        leave_machine_open(requirements);
    }
    let lookup = Lookup::new(requirements);
    for OpenHint { selector, target } in hints {
        let slots = match selector {
            Some(selector) => lookup.slots(selector),
            None => every_slot(requirements),
        };
        leave_slots_open(requirements, &slots, target.as_ref(), Remaining::ANYTHING);
    }
}

fn every_slot(requirements: &Requirements) -> Vec<Slot> {
    let own = (0..requirements.permissions.len()).map(Slot::Own);
    own.chain((0..requirements.assumed.len()).map(Slot::Assumed)).collect()
}

/// Which wildcards a state has that a hint with some target would be for.
#[derive(Clone, Copy, Debug, Default)]
struct Wildcards {
    /// Some that ARNs can replace.
    named: bool,
    /// Some that can be accepted.
    accepted: bool,
    /// Some that an ARN of another account can replace.
    elsewhere: bool,
}

impl Wildcards {
    fn add(&mut self, other: Wildcards) {
        self.named |= other.named;
        self.accepted |= other.accepted;
        self.elsewhere |= other.elsewhere;
    }
}

/// The wildcards by the pointer of the state and the target, in lower case, which is a parameter or not.
type ByTarget = HashMap<(Rc<str>, bool, String), Wildcards>;

impl OpenHint {
    /// Whether something may be found of the hint itself that is no error: that it names a resource of
    /// another account, or that it is of no effect in this mode. If it is for several states, it is so for
    /// one of them.
    fn may_be_told_of(&self, mode: Mode, own: &Requirements, other: &Requirements) -> bool {
        let (own, theirs) = (self.wildcards(own), self.wildcards(other));
        let of_theirs = |target| theirs.get(target).copied().unwrap_or_default();
        let is_elsewhere = own.iter().any(|(target, own)| {
            let theirs = of_theirs(target);
            let kinds = if mode == Mode::Template && theirs.named { theirs } else { *own };
            own.named && kinds.elsewhere
        });
        let is_without_effect = theirs.iter().any(|(target, theirs)| {
            let own = own.get(target).copied().unwrap_or_default();
            theirs.named && !own.named || theirs.accepted && !own.accepted
        });
        is_elsewhere || is_without_effect
    }

    fn wildcards(&self, requirements: &Requirements) -> ByTarget {
        let mut found = ByTarget::new();
        let slots = match &self.selector {
            Some(selector) => Lookup::new(requirements).slots(selector),
            None => every_slot(requirements),
        };
        let mut note = |pointer: &Rc<str>, is_parameter: bool, name: &str, wildcards: Wildcards| {
            let is_meant = match &self.target {
                None => true,
                Some(Target::Parameter(own)) => is_parameter && own.eq_ignore_ascii_case(name),
                Some(Target::Action(own)) => !is_parameter && own.eq_ignore_ascii_case(name),
            };
            if is_meant && wildcards.accepted {
                let target = (Rc::clone(pointer), is_parameter, name.to_ascii_lowercase());
                found.entry(target).or_default().add(wildcards);
            }
        };
        for permission in slots.iter().filter_map(|slot| slot.of(requirements)) {
            let mut of_actions = Wildcards::default();
            for text in permission.patterns() {
                let elsewhere = may_be_elsewhere(text);
                for why in text.reasons() {
                    let named = matches!(why, WildcardReason::Run { .. });
                    let accepted = named || matches!(why, WildcardReason::Aws(_));
                    let one = Wildcards { named, accepted, elsewhere: named && elsewhere };
                    of_actions.add(one);
                    if let WildcardReason::Run { parameter, .. } = why {
                        note(&permission.pointer, true, parameter, one);
                    }
                }
            }
            for action in &permission.grant.actions {
                note(&permission.pointer, false, action, of_actions);
            }
        }
        found
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
