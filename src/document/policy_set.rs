//! Policies of a role, indexed to decide many requests: the result of [`decide`](super::decide()), without
//! examining each statement.

use std::sync::Arc;

use hashbrown::HashMap;

use super::condition::all_hold;
use super::decide::{selected_actions, selected_resources};
use super::{
    Allowance, ConditionTest, Document, DocumentStatement, Effect, Glob, GlobMap, Request, Selection, TestMap,
};
use crate::work::{Exhausted, Work};

/// The position of a statement: the position of its document and its own in it, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementPlace {
    /// The position of the document.
    pub document: usize,
    /// The position of the statement in its document.
    pub statement: usize,
}

/// The decision of policies on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// How far they allow it.
    pub allowance: Allowance,
    /// How far they would allow it if each undecided condition turned out favourably.
    pub at_best: Allowance,
    /// A statement that certainly denies all of it.
    pub denied_by: Option<StatementPlace>,
}

/// Documents that belong to one role, taken together.
#[derive(Debug)]
pub struct PolicySet<'d> {
    statements: Vec<(StatementPlace, &'d DocumentStatement)>,
    allow: Effects,
    deny: Effects,
}

/// The statements of one effect, by the actions that they name.
#[derive(Debug, Default)]
struct Effects {
    actions: HashMap<String, StatementGroup>,
    services: HashMap<String, StatementGroup>,
    others: StatementGroup,
}

/// Statements by their positions in [`PolicySet::statements`].
#[derive(Debug, Default)]
struct StatementGroup {
    /// The positions of the buckets of each resource.
    resources: GlobMap<usize>,
    numbers: HashMap<Arc<str>, usize>,
    /// The statements on one resource.
    buckets: Vec<TestMap<usize>>,
    /// Those with `NotResource`, or with a resource that cannot be indexed.
    rest: Vec<usize>,
}

impl StatementGroup {
    fn insert(&mut self, resource: &Glob, tests: &[ConditionTest], statement: usize) {
        let next = self.buckets.len();
        let number = *self.numbers.entry(resource.shared_text()).or_insert(next);
        if number == next {
            self.resources.insert(resource, number);
            self.buckets.push(TestMap::default());
        }
        if let Some(bucket) = self.buckets.get_mut(number) {
            bucket.insert(tests, statement);
        }
    }
}

/// How far the statements of one effect reach: with undecided conditions left undecided, as if they held, and
/// as if they did not.
#[derive(Clone, Copy, Debug)]
struct Reached {
    as_is: Allowance,
    if_held: Allowance,
    if_failed: Allowance,
    /// A statement that certainly reaches everything.
    place: Option<StatementPlace>,
}

impl<'d> PolicySet<'d> {
    /// Takes documents together.
    ///
    /// # Errors
    /// If there are more actions and resources than the limit of work allows.
    pub fn new(documents: impl IntoIterator<Item = &'d Document>, work: &Work) -> Result<Self, Exhausted> {
        let mut set =
            PolicySet { statements: Vec::new(), allow: Effects::default(), deny: Effects::default() };
        for (document, one) in documents.into_iter().enumerate() {
            for (position, statement) in one.statements.iter().enumerate() {
                let number = set.statements.len();
                set.statements.push((StatementPlace { document, statement: position }, statement));
                let effects = match statement.effect {
                    Effect::Allow => &mut set.allow,
                    Effect::Deny => &mut set.deny,
                };
                effects.insert(number, statement, work)?;
            }
        }
        Ok(set)
    }

    /// All statements, with their places, in the order of the documents.
    pub fn statements(&self) -> impl Iterator<Item = (StatementPlace, &'d DocumentStatement)> {
        self.statements.iter().copied()
    }

    /// The decision on a request, which has one action; see [`decide`](super::decide()).
    ///
    /// # Errors
    /// If the comparisons exceed the limit of work, or the caller no longer waits for the answer.
    pub fn decide(&self, request: &Request, work: &Work) -> Result<Decision, Exhausted> {
        let allowed = self.reached(&self.allow, request, work)?;
        let denied = self.reached(&self.deny, request, work)?;
        Ok(Decision {
            allowance: allowed.as_is.without(denied.as_is),
            at_best: allowed.if_held.without(denied.if_failed),
            denied_by: denied.place,
        })
    }

    /// Whether statements certainly deny all that a pattern describes, whatever the context is.
    ///
    /// # Errors
    /// As [`PolicySet::decide`].
    pub fn denies(&self, request: &Request, work: &Work) -> Result<bool, Exhausted> {
        Ok(self.reached(&self.deny, request, work)?.if_failed == Allowance::Everything)
    }

    /// Whether there is a statement with `Deny`.
    #[must_use]
    pub fn has_denials(&self) -> bool {
        self.statements.iter().any(|(_, statement)| statement.effect == Effect::Deny)
    }

    fn reached(&self, effects: &Effects, request: &Request, work: &Work) -> Result<Reached, Exhausted> {
        let mut reached = Reached {
            as_is: Allowance::Nothing,
            if_held: Allowance::Nothing,
            if_failed: Allowance::Nothing,
            place: None,
        };
        let action = request.action.literal().unwrap_or_default();
        let service = action.split(':').next().unwrap_or_default();
        let named = effects.actions.get(action.as_ref()).map(|group| (group, true));
        let of_service = effects.services.get(service).map(|group| (group, false));
        for (group, is_named) in named.into_iter().chain(of_service).chain([(&effects.others, false)]) {
            for (resource, over_all) in [(Allowance::Everything, true), (Allowance::Part, false)] {
                let mut failure = Ok(());
                let mut in_bucket = |bucket: usize| {
                    let mut add = |number: usize| {
                        let added = self.add(&mut reached, (number, is_named, resource), request, work);
                        added.is_err() || reached.if_failed >= resource
                    };
                    let bucket = group.buckets.get(bucket);
                    let found =
                        bucket.map_or(Ok(false), |bucket| bucket.any_in(&request.context, work, &mut add));
                    failure = found.map(|_| ());
                    found.unwrap_or(true)
                };
                let resources = &group.resources;
                match over_all {
                    true => resources.any_covering(&request.resource, work, &mut in_bucket)?,
                    false => resources.any_overlapping(&request.resource, work, &mut in_bucket)?,
                };
                failure?;
                if reached.if_failed == Allowance::Everything {
                    break;
                }
            }
            for number in &group.rest {
                let Some((_, statement)) = self.statements.get(*number) else { continue };
                let Some(resources) = &statement.resources else { continue };
                work.spend(units(resources.patterns().len()))?;
                let resource = selected_resources(resources, &request.resource, &request.context);
                self.add(&mut reached, (*number, is_named, resource), request, work)?;
            }
        }
        Ok(reached)
    }

    /// Takes a statement into account whose reach over the resource is known.
    fn add(
        &self,
        reached: &mut Reached,
        (number, is_named, resource): (usize, bool, Allowance),
        request: &Request,
        work: &Work,
    ) -> Result<(), Exhausted> {
        let Some((place, statement)) = self.statements.get(number) else { return Ok(()) };
        let actions = statement.actions.patterns().len();
        work.spend(units(if is_named { 1 } else { actions } + statement.conditions.len()))?;
        let action = match is_named {
            true => Allowance::Everything,
            false => selected_actions(&statement.actions, &request.action),
        };
        let base = action.min(resource);
        let (as_is, if_held, if_failed) = match all_hold(&statement.conditions, &request.context) {
            Some(true) => (base, base, base),
            Some(false) => (Allowance::Nothing, Allowance::Nothing, Allowance::Nothing),
            None => (base.min(Allowance::Part), base, Allowance::Nothing),
        };
        reached.as_is = reached.as_is.max(as_is);
        reached.if_held = reached.if_held.max(if_held);
        reached.if_failed = reached.if_failed.max(if_failed);
        if if_failed == Allowance::Everything {
            reached.place.get_or_insert(*place);
        }
        Ok(())
    }
}

impl Effects {
    fn insert(&mut self, number: usize, statement: &DocumentStatement, work: &Work) -> Result<(), Exhausted> {
        let patterns = match &statement.actions {
            Selection::Any(patterns) => patterns.as_slice(),
            Selection::AllBut(_) => &[],
        };
        let mut keys: Vec<ActionKey> = patterns.iter().map(ActionKey::of).collect();
        if patterns.is_empty() {
            keys.push(ActionKey::Other);
        }
        keys.sort();
        keys.dedup();
        for key in keys {
            let group = match key {
                ActionKey::Action(action) => self.actions.entry(action).or_default(),
                ActionKey::Service(service) => self.services.entry(service).or_default(),
                ActionKey::Other => &mut self.others,
            };
            match &statement.resources {
                Some(Selection::Any(resources)) if resources.iter().all(is_plain) => {
                    for one in resources {
                        work.spend(1)?;
                        group.insert(one, &statement.conditions, number);
                    }
                }
                _ => group.rest.push(number),
            }
        }
        Ok(())
    }
}

/// Whether a resource matches the same texts in every request, wherever its wildcards reach.
fn is_plain(resource: &Glob) -> bool {
    !resource.has_variables() && !resource.has_inner_star()
}

/// The actions under which a statement is indexed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum ActionKey {
    Action(String),
    Service(String),
    Other,
}

impl ActionKey {
    fn of(pattern: &Glob) -> ActionKey {
        if let Some(action) = pattern.literal() {
            return ActionKey::Action(action.into_owned());
        }
        let beginning = pattern.runs().into_iter().next().unwrap_or_default();
        match beginning.split_once(':') {
            Some((service, _)) => ActionKey::Service(service.to_owned()),
            None => ActionKey::Other,
        }
    }
}

fn units(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
