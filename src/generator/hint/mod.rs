//! Narrowing by hand: resources that the user knows, instead of wildcards for values that are known only at
//! run time; and wildcards that the user accepts for a reason.

mod check;
mod lookup;
mod open;
mod opening;
mod problem;
mod selector;

use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::{HashMap, HashSet};

use crate::asl::StateMachine;
use crate::finding::{Argument, Finding};
use crate::iam::{Condition, Pattern, WildcardReason};
use crate::permissions::{Mode, Permission, Requirements};
use crate::work::Work;

use check::{Fit, check, may_be_elsewhere};
use lookup::{Lookup, Slot};
use open::{Remaining, leave_machine_open, leave_slots_open};
use opening::{Opening, openings, parameters, split};
use problem::HintProblem;
use selector::Known;

/// What the user knows of a state, or of every task of an integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Which states it is for.
    pub selector: Selector,
    /// Which wildcards it is for.
    pub target: Target,
    /// What becomes of them.
    pub remedy: Remedy,
}

/// Which states a hint is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// A state, by its name, its path or its JSON pointer.
    State(String),
    /// An integration, such as `sns:publish` or, with its pattern, `ecs:runTask.sync`.
    Integration(String),
}

/// Which wildcards a hint is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Those of a parameter, such as `TopicArn`. Case does not count.
    Parameter(String),
    /// Those on which an action is allowed, such as `sns:Publish`. Case does not count.
    Action(String),
}

/// What becomes of wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// These ARNs replace them; `*` and `?` in them are wildcards.
    Resources(Vec<String>),
    /// They stay, for a reason.
    Accept(String),
    /// It is not known yet.
    Unknown {
        /// Whether ARNs may replace them.
        names: bool,
        /// Whether they may stay.
        accepts: bool,
    },
}

pub use open::OpenHint;
pub(super) use open::leave_open;

/// What an earlier hint has changed.
struct Taken {
    hint: usize,
    parameters: BTreeSet<String>,
    actions: Vec<String>,
}

/// Applies the hints to the needed permissions. `other` is what the other mode would need: it shows the kind
/// of the resources where this mode has a wildcard for everything, and whether a hint without effect here has
/// one there.
pub(super) fn apply(
    hints: &[Hint],
    machine: &StateMachine<'_>,
    mode: Mode,
    requirements: &mut Requirements,
    other: &Requirements,
    work: &Work,
) -> Vec<Finding> {
    let mut known = None;
    let mut hinting = Hinting {
        lookup: Lookup::new(requirements),
        other: Lookup::new(other),
        taken: HashMap::new(),
        open: HashSet::new(),
        findings: Vec::new(),
    };
    for (index, hint) in hints.iter().enumerate() {
        let one = One { index, hint, mode, work };
        if let Some(without) = one.apply(requirements, other, &mut hinting) {
            let known = known.get_or_insert_with(|| Known::new(machine, requirements));
            let finding = one.without_match(known, requirements, &without, &hinting.taken);
            hinting.findings.push(finding);
        }
    }
    hinting.findings
}

/// What is computed once for all hints.
struct Hinting {
    lookup: Lookup,
    /// The same for the other mode.
    other: Lookup,
    /// By the permission that was changed.
    taken: HashMap<Slot, Vec<Taken>>,
    /// Those that a hint will change whose remedy is not known yet.
    open: HashSet<Slot>,
    findings: Vec<Finding>,
}

/// A hint that has nothing to change.
struct WithoutMatch {
    /// Those that it is for.
    slots: Vec<Slot>,
    /// Whether it would change something in the other mode.
    elsewhere: bool,
}

/// A hint at its position.
struct One<'h> {
    index: usize,
    hint: &'h Hint,
    mode: Mode,
    work: &'h Work,
}

impl One<'_> {
    /// Changes what it applies to; if there is nothing, returns why.
    fn apply(
        &self,
        requirements: &mut Requirements,
        other: &Requirements,
        hinting: &mut Hinting,
    ) -> Option<WithoutMatch> {
        let Hinting { lookup, taken, open, findings, .. } = hinting;
        let selector = &self.hint.selector;
        let slots = lookup.slots(selector);
        let of_other = hinting.other.slots(selector);
        // If the caller no longer waits, there is no result.
        self.work.count(1 + slots.len() + of_other.len()).ok()?;
        let target = &self.hint.target;
        let accepts = matches!(self.hint.remedy, Remedy::Accept(_) | Remedy::Unknown { accepts: true, .. });
        if slots.iter().any(|slot| open.contains(slot)) {
            leave_machine_open(requirements);
        }
        let own = openings(requirements, &slots, target, accepts);
        let theirs = openings(other, &of_other, target, accepts);
        if own.is_empty() {
            return Some(WithoutMatch { slots, elsewhere: !theirs.is_empty() });
        }
        let fits = match &self.hint.remedy {
            Remedy::Accept(_) => Vec::new(),
            Remedy::Unknown { names, accepts } => {
                let narrows = |of: &Requirements, slots: &[Slot]| openings(of, slots, target, false);
                let (own, theirs) = (narrows(requirements, &slots), narrows(other, &of_other));
                let kinds = self.kinds(&own, &theirs);
                // ARNs may turn out to be those of another account, or to be without effect in this mode.
                let is_elsewhere = own.is_empty() && !theirs.is_empty();
                if *names && (is_elsewhere || kinds.iter().any(|kind| may_be_elsewhere(&kind.text))) {
                    leave_machine_open(requirements);
                }
                let remaining = Remaining { names: *names, accepts: *accepts };
                leave_slots_open(requirements, &slots, Some(target), remaining);
                open.extend(slots);
                return None;
            }
            Remedy::Resources(texts) => {
                let kinds = self.kinds(&own, &theirs);
                let mut fits = Vec::new();
                for (position, text) in texts.iter().enumerate() {
                    let place = || self.argument("resources", Some(position));
                    match check(text, kinds, target) {
                        Ok(fit) => {
                            findings.extend(fit.note().map(|note| Finding::new(&note, place())));
                            fits.push(fit);
                        }
                        Err(problem) => findings.push(Finding::new(&problem, place())),
                    }
                }
                if fits.len() < texts.len() {
                    return None;
                }
                fits
            }
        };
        if let Target::Action(action) = target {
            split(requirements, lookup, &slots, action);
        }
        for slot in lookup.slots(selector) {
            if let Some(permission) = slot.of_mut(requirements)
                && self.concerns(permission)
            {
                let changed = self.change(permission, &fits);
                taken.entry(slot).or_default().extend(changed);
            }
        }
        None
    }

    /// The wildcards that show what a resource can be: the template has wildcards for everything where least
    /// privilege knows the type.
    fn kinds<'o>(&self, own: &'o [Opening], theirs: &'o [Opening]) -> &'o [Opening] {
        if self.mode == Mode::Template && !theirs.is_empty() { theirs } else { own }
    }

    fn concerns(&self, permission: &Permission) -> bool {
        match &self.hint.target {
            Target::Parameter(_) => true,
            Target::Action(action) => {
                permission.grant.actions.iter().any(|own| own.eq_ignore_ascii_case(action))
            }
        }
    }

    fn change(&self, permission: &mut Permission, fits: &[Fit]) -> Option<Taken> {
        let mut parameters = BTreeSet::new();
        let mut resources = Vec::new();
        let grant = Rc::make_mut(&mut permission.grant);
        for resource in grant.resources.drain(..) {
            resources.extend(self.changed(resource, fits, &mut parameters));
        }
        resources.sort();
        resources.dedup();
        grant.resources = resources;
        let conditions = grant.conditions.drain(..).chain(permission.open.drain(..));
        let (open, binding) = conditions
            .map(|condition| {
                let values = condition.values.iter().cloned();
                let values: Vec<Pattern> =
                    values.flat_map(|value| self.changed(value, fits, &mut parameters)).collect();
                Condition::new(condition.operator, condition.key, &values)
            })
            .partition(Condition::is_open);
        permission.open = open;
        grant.conditions = Condition::joined(binding);
        let actions = &grant.actions;
        (!parameters.is_empty()).then(|| Taken { hint: self.index, parameters, actions: actions.clone() })
    }

    /// What replaces a text. The hint may be meant for another wildcard of the same call, so a wildcard that
    /// no resource fits stays as it is.
    fn changed(&self, text: Pattern, fits: &[Fit], parameters: &mut BTreeSet<String>) -> Vec<Pattern> {
        let accepts = matches!(self.hint.remedy, Remedy::Accept(_));
        let concerned = |why: &WildcardReason| opening::is_for(why, &self.hint.target, accepts);
        if !text.reasons().any(concerned) {
            return vec![text];
        }
        let named: Vec<String> =
            text.reasons().filter(|why| concerned(why)).filter_map(opening::parameter).collect();
        match &self.hint.remedy {
            Remedy::Accept(reason) => {
                parameters.extend(named);
                vec![text.with_reasons(|why| {
                    if concerned(why) { WildcardReason::Accepted(reason.clone()) } else { why.clone() }
                })]
            }
            Remedy::Resources(_) => {
                let fitting: Vec<Pattern> =
                    fits.iter().filter(|fit| fit.narrows(&text)).map(|fit| fit.pattern.clone()).collect();
                if fitting.is_empty() {
                    return vec![text];
                }
                parameters.extend(named);
                fitting
            }
            Remedy::Unknown { .. } => vec![text],
        }
    }

    /// Why a hint has nothing to change.
    fn without_match(
        &self,
        known: &mut Known,
        requirements: &Requirements,
        WithoutMatch { slots, elsewhere }: &WithoutMatch,
        taken: &HashMap<Slot, Vec<Taken>>,
    ) -> Finding {
        let target = &self.hint.target;
        let (whom, what) = (self.hint.selector.to_string(), target.name().to_owned());
        if let Some(there) = known.missing(&self.hint.selector) {
            let (name, is_state) = self.hint.selector.name();
            let problem = if is_state {
                HintProblem::NoState { name: name.to_owned(), there }
            } else {
                HintProblem::NoIntegration { name: name.to_owned(), there }
            };
            return Finding::new(
                &problem,
                self.argument(if is_state { "state" } else { "integration" }, None),
            );
        }
        let place = self.argument(target.member(), None);
        let changed = slots.iter().filter_map(|slot| taken.get(slot)).flatten();
        let earlier = changed.filter(|one| one.is_for(target)).map(|one| one.hint).min();
        if let Some(earlier) = earlier {
            return Finding::new(&HintProblem::Twice { earlier, whom, what }, place);
        }
        if *elsewhere {
            return Finding::new(&HintProblem::WithoutEffect { whom, what, mode: self.mode.name() }, place);
        }
        let open = parameters(requirements, slots);
        let problem = if open.is_empty() {
            HintProblem::AlreadyKnown { whom, what }
        } else {
            HintProblem::OtherParameter { whom, what, open }
        };
        Finding::new(&problem, place)
    }

    fn argument(&self, member: &'static str, element: Option<usize>) -> Argument {
        Argument { block: Some(self.index), member: Some(member), element, ..Argument::new("resource_hint") }
    }
}

impl Taken {
    fn is_for(&self, target: &Target) -> bool {
        match target {
            Target::Parameter(name) => self.parameters.iter().any(|own| own.eq_ignore_ascii_case(name)),
            Target::Action(name) => self.actions.iter().any(|own| own.eq_ignore_ascii_case(name)),
        }
    }
}

impl Target {
    /// The parameter or the action.
    fn name(&self) -> &str {
        match self {
            Target::Parameter(name) | Target::Action(name) => name,
        }
    }

    /// The member of the hint that has it.
    fn member(&self) -> &'static str {
        match self {
            Target::Parameter(_) => "parameter",
            Target::Action(_) => "action",
        }
    }
}

impl Selector {
    /// What it names, and whether that is a state.
    fn name(&self) -> (&str, bool) {
        match self {
            Selector::State(name) => (name, true),
            Selector::Integration(name) => (name, false),
        }
    }
}

/// A hinted ARN.
fn read(text: &str) -> Pattern {
    let mut pattern = Pattern::default();
    pattern.push_template(text, &WildcardReason::Hint);
    pattern
}
