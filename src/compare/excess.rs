//! What policies allow and no state needs: one row for each action that a statement lists.
//!
//! Nothing that may be needed is reported: an excess has an action that no state needs, or a resource that is
//! not inside what is needed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::enough::Enough;
use super::limits::MAX_COMBINATIONS;
use super::needed::{AllNeeded, NeededAction, NeededActions};
use super::{ActionList, ConditionText, Difference, Need, Reason};
use crate::document::{
    ConditionTest, Context, DocumentStatement, Effect, Glob, PolicySet, Request, Selection, StatementPlace,
};
use crate::work::{Exhausted, Work};

/// The excess of each statement that allows, in the order of the documents.
pub(super) fn excess(
    needs: &[Need<'_>],
    policies: &PolicySet<'_>,
    actions: &ActionList,
    work: &Work,
) -> Result<Vec<Difference>, Exhausted> {
    let (here, elsewhere) = (AllNeeded::here(needs), AllNeeded::elsewhere(needs));
    let unused = RefCell::default();
    let (needed, elsewhere) = (here.indexed(), elsewhere.indexed());
    let comparing = Comparing { needed, elsewhere, policies, actions, unused, work };
    let mut rows = Vec::new();
    for (place, statement) in policies.statements() {
        if statement.effect == Effect::Deny {
            continue;
        }
        match &statement.actions {
            Selection::AllBut(patterns) => rows.push(comparing.of_all_but(place, statement, patterns)?),
            Selection::Any(patterns) => {
                let statement = Written::new(place, statement);
                for pattern in patterns {
                    rows.extend(comparing.of_pattern(&statement, pattern)?);
                }
            }
        }
    }
    Ok(rows)
}

struct Comparing<'c, 'd> {
    needed: NeededActions<'c>,
    /// What may be needed in other accounts and Regions, without its place.
    elsewhere: NeededActions<'c>,
    policies: &'c PolicySet<'d>,
    actions: &'c ActionList,
    /// The actions that each pattern matches and no state needs.
    unused: RefCell<BTreeMap<String, Rc<[&'c Glob]>>>,
    work: &'c Work,
}

/// A statement that allows actions.
struct Written<'d> {
    place: StatementPlace,
    statement: &'d DocumentStatement,
    /// What it allows them on; `*` for all but some.
    resources: Vec<Glob>,
    /// Those that it excludes by `NotResource`.
    excluded: &'d [Glob],
    /// Its tests with one value each, in all combinations.
    tests: Vec<Vec<ConditionTest>>,
}

impl<'d> Written<'d> {
    fn new(place: StatementPlace, statement: &'d DocumentStatement) -> Self {
        let (resources, excluded): (_, &[Glob]) = match &statement.resources {
            Some(Selection::Any(resources)) => (resources.clone(), &[]),
            Some(Selection::AllBut(excluded)) => (vec![Glob::read("*")], excluded),
            None => (vec![Glob::read("*")], &[]),
        };
        let mut tests: Vec<Vec<ConditionTest>> = vec![Vec::new()];
        for test in &statement.conditions {
            let mut alternatives = test.alternatives();
            if tests.len().saturating_mul(alternatives.len()) > MAX_COMBINATIONS {
                alternatives = vec![test.clone()];
            }
            let with = |before: &Vec<ConditionTest>| {
                let with = |one: &ConditionTest| before.iter().chain([one]).cloned().collect::<Vec<_>>();
                alternatives.iter().map(with).collect::<Vec<_>>()
            };
            tests = tests.iter().flat_map(with).collect();
        }
        Written { place, statement, resources, excluded, tests }
    }

    /// Whether it says all resources but some.
    fn is_all_but(&self) -> bool {
        matches!(self.statement.resources, Some(Selection::AllBut(_)))
    }
}

impl<'c> Comparing<'c, '_> {
    /// `NotAction` allows all future actions, so it is always in excess.
    fn of_all_but(
        &self,
        place: StatementPlace,
        statement: &DocumentStatement,
        patterns: &[Glob],
    ) -> Result<Difference, Exhausted> {
        let written = Written::new(place, statement);
        let selected =
            |action: &&NeededAction<'_>| !patterns.iter().any(|pattern| pattern.covers(&action.name));
        let actions: Vec<_> = self.needed.all().filter(selected).collect();
        let enough = self.enough(&actions, &written.resources, written.excluded)?;
        let actions = patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect();
        Ok(row(&written, actions, texts(statement), Reason::NotAction, enough))
    }

    fn of_pattern(&self, written: &Written<'_>, pattern: &Glob) -> Result<Option<Difference>, Exhausted> {
        let needed = self.needed.matched(pattern, self.work)?;
        let unused = self.unused(pattern)?;
        let mut worst = None;
        let mut wide: Vec<Glob> = Vec::new();
        for resource in &written.resources {
            self.work.count(1)?;
            if let Some(reason) = self.reason(written, (&needed, &unused), pattern, resource)? {
                worst = Some(worst.map_or(reason, |one: Reason| one.min(reason)));
                wide.push(resource.clone());
            }
        }
        let Some(mut reason) = worst else { return Ok(None) };
        let mut resources: Vec<String> = wide.iter().map(|resource| resource.as_str().to_owned()).collect();
        if written.is_all_but() {
            resources = texts(written.statement);
            if matches!(reason, Reason::UnusedResource | Reason::WiderResource) {
                reason = Reason::NotResource;
            }
        }
        resources.sort();
        resources.dedup();
        let enough = match reason {
            Reason::UnusedCondition => Vec::new(),
            _ => self.enough(&needed, &wide, written.excluded)?,
        };
        Ok(Some(row(written, vec![pattern.as_str().to_owned()], resources, reason, enough)))
    }

    /// The actions that a pattern matches and no state needs, in lower case.
    fn unused(&self, pattern: &Glob) -> Result<Rc<[&'c Glob]>, Exhausted> {
        let text = pattern.as_str().to_ascii_lowercase();
        if let Some(known) = self.unused.borrow().get(&text) {
            return Ok(Rc::clone(known));
        }
        let matched = self.actions.matched(pattern, self.work)?;
        let names = matched.into_iter().map(|action| &action.name);
        let unused: Rc<[&Glob]> = names.filter(|name| !self.needed.has(name.as_str())).collect();
        self.unused.borrow_mut().insert(text, Rc::clone(&unused));
        Ok(unused)
    }

    /// Why a pattern is in excess on a resource; `None` if all of it is needed, or may be.
    fn reason(
        &self,
        written: &Written<'_>,
        (needed, unused): (&[&NeededAction<'_>], &[&Glob]),
        pattern: &Glob,
        resource: &Glob,
    ) -> Result<Option<Reason>, Exhausted> {
        // An action that is not in the list is a future one, and so is a pattern that matches no existing
        // action.
        if needed.is_empty() && unused.is_empty() && !self.is_denied(pattern, resource)? {
            return Ok(Some(Reason::UnusedAction));
        }
        for action in unused {
            if !self.is_denied(action, resource)? {
                return Ok(Some(Reason::UnusedAction));
            }
        }
        let mut worst = None;
        for action in needed {
            self.work.spend(1)?;
            if self.is_denied(&action.name, resource)? {
                continue;
            }
            if let Some(reason) = self.judge_anywhere(written, action, resource)? {
                worst = Some(worst.map_or(reason, |one: Reason| one.min(reason)));
            }
        }
        Ok(worst)
    }

    /// Why an action that is needed is in excess on a resource, wherever that is.
    fn judge_anywhere(
        &self,
        written: &Written<'_>,
        action: &NeededAction<'_>,
        resource: &Glob,
    ) -> Result<Option<Reason>, Exhausted> {
        let here = self.judge(written, action, resource)?;
        let (Some(_), Some(elsewhere)) = (here, self.elsewhere.get(action.name.as_str())) else {
            return Ok(here);
        };
        let Some(resource) = resource.without_place() else { return Ok(here) };
        let there = self.judge(written, elsewhere, &resource)?;
        // The milder of both: one need is enough.
        Ok(there.map(|there| here.map_or(there, |here| here.max(there))))
    }

    /// Why an action that is needed is in excess on a resource.
    fn judge(
        &self,
        written: &Written<'_>,
        action: &NeededAction<'_>,
        resource: &Glob,
    ) -> Result<Option<Reason>, Exhausted> {
        if action.covers(resource, self.work)? {
            let (mut always, mut never) = (true, true);
            for tests in &written.tests {
                let tests: Vec<&ConditionTest> = tests.iter().collect();
                always = always && action.is_needed_under(resource, &tests, self.work)?;
                never = never && !action.may_be_needed_under(resource, &tests, self.work)?;
            }
            return Ok(match (always, never) {
                (true, _) => None,
                (false, true) => Some(Reason::UnusedCondition),
                (false, false) => Some(Reason::Condition),
            });
        }
        if !action.overlaps(resource, self.work)? {
            return Ok(Some(Reason::UnusedResource));
        }
        // Several needs may cover it together; a text that none of them covers disproves that.
        for example in resource.examples().into_iter().flatten() {
            if !action.covers(&example, self.work)? {
                return Ok(Some(Reason::WiderResource));
            }
        }
        Ok(None)
    }

    /// What is enough of some actions on some resources, without the excluded ones.
    fn enough(
        &self,
        actions: &[&NeededAction<'_>],
        resources: &[Glob],
        excluded: &[Glob],
    ) -> Result<Vec<Enough>, Exhausted> {
        let elsewhere = |action: &NeededAction<'_>| self.elsewhere.get(action.name.as_str());
        let actions: Vec<_> = actions.iter().map(|action| (*action, elsewhere(action))).collect();
        Enough::of(&actions, (resources, excluded), self.work)
    }

    /// Whether a `Deny` takes all of it away again.
    fn is_denied(&self, action: &Glob, resource: &Glob) -> Result<bool, Exhausted> {
        if !self.policies.has_denials() {
            return Ok(false);
        }
        let request =
            Request { action: action.clone(), resource: resource.clone(), context: Context::default() };
        self.policies.denies(&request, self.work)
    }
}

fn texts(statement: &DocumentStatement) -> Vec<String> {
    let patterns = statement.resources.iter().flat_map(Selection::patterns);
    patterns.map(|pattern| pattern.as_str().to_owned()).collect()
}

fn row(
    written: &Written<'_>,
    actions: Vec<String>,
    resources: Vec<String>,
    reason: Reason,
    enough: Vec<Enough>,
) -> Difference {
    let mut conditions: Vec<ConditionText> = Vec::new();
    if reason == Reason::Condition {
        conditions = enough.iter().flat_map(|one| &one.conditions).cloned().collect();
        conditions.sort();
        conditions.dedup();
    }
    Difference {
        machine: None,
        states: Vec::new(),
        actions,
        resources,
        conditions,
        reason,
        statement: Some(written.place),
        enough,
    }
}
