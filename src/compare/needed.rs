//! What states need, indexed by action, to find out which parts of a statement are needed.

use std::collections::BTreeMap;
use std::rc::Rc;

use hashbrown::{HashMap, HashSet};

use super::{Need, elsewhere};
use crate::document::{ConditionTest, Glob, GlobMap, Operator, TestMap};
use crate::iam::{Condition, Pattern};
use crate::work::{Exhausted, Work};

/// What is needed of one action, under one set of conditions.
#[derive(Debug)]
pub(super) struct Needed<'n> {
    pub(super) resource: Glob,
    pub(super) conditions: &'n [Condition],
    /// The same as IAM reads them; what one state needs shares them.
    tests: Rc<[ConditionTest]>,
}

/// What is needed of each action, by its name in lower case.
#[derive(Debug, Default)]
pub(super) struct AllNeeded<'n>(BTreeMap<String, OfAction<'n>>);

#[derive(Debug)]
struct OfAction<'n> {
    /// In AWS's spelling.
    spelling: &'n str,
    needed: Vec<Needed<'n>>,
}

/// The same with an index of its resources.
#[derive(Debug)]
pub(super) struct NeededActions<'c>(BTreeMap<String, NeededAction<'c>>);

/// What is needed of an action.
#[derive(Debug)]
pub(super) struct NeededAction<'c> {
    /// In AWS's spelling.
    pub(super) spelling: &'c str,
    /// In lower case.
    pub(super) name: Glob,
    needed: &'c [Needed<'c>],
    /// The positions of the buckets of each resource, which have positions of needs.
    by_resource: GlobMap<usize>,
    buckets: Vec<TestMap<usize>>,
}

impl<'n> AllNeeded<'n> {
    /// Where the state machines are.
    pub(super) fn here(needs: &[Need<'n>]) -> Self {
        Self::new(needs, &|resource| Some(Glob::read(&resource.to_text())))
    }

    /// What they may need in other accounts and Regions, without its place.
    pub(super) fn elsewhere(needs: &[Need<'n>]) -> Self {
        Self::new(needs, &elsewhere::anywhere)
    }

    fn new(needs: &[Need<'n>], text: &dyn Fn(&Pattern) -> Option<Glob>) -> Self {
        let mut all = AllNeeded::default();
        let mut seen: HashMap<String, HashSet<(&Pattern, &[Condition])>> = HashMap::new();
        for need in needs {
            let conditions = need.grant.conditions.as_slice();
            let resources = need.grant.resources.iter();
            let resources: Vec<(&Pattern, Glob)> =
                resources.filter_map(|resource| Some((resource, text(resource)?))).collect();
            let tests: Rc<[ConditionTest]> = conditions.iter().filter_map(test).collect();
            for action in need.grant.actions.iter().filter(|_| !resources.is_empty()) {
                let lower = action.to_ascii_lowercase();
                let seen = seen.entry(lower.clone()).or_default();
                let of = all.0.entry(lower);
                let of = of.or_insert_with(|| OfAction { spelling: action, needed: Vec::new() });
                for (resource, text) in &resources {
                    if seen.insert((*resource, conditions)) {
                        let (resource, tests) = (text.clone(), Rc::clone(&tests));
                        of.needed.push(Needed { resource, conditions, tests });
                    }
                }
            }
        }
        all
    }

    pub(super) fn indexed(&self) -> NeededActions<'_> {
        let mut actions = BTreeMap::new();
        for (name, of) in &self.0 {
            let mut action = NeededAction {
                spelling: of.spelling,
                name: Glob::plain(name),
                needed: &of.needed,
                by_resource: GlobMap::default(),
                buckets: Vec::new(),
            };
            let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
            for (position, needed) in of.needed.iter().enumerate() {
                let next = action.buckets.len();
                let number = *numbers.entry(needed.resource.as_str()).or_insert(next);
                if number == next {
                    action.by_resource.insert(&needed.resource, number);
                    action.buckets.push(TestMap::default());
                }
                if let Some(bucket) = action.buckets.get_mut(number) {
                    bucket.insert(&needed.tests, position);
                }
            }
            actions.insert(name.clone(), action);
        }
        NeededActions(actions)
    }
}

impl<'c> NeededActions<'c> {
    /// What is needed of an action in lower case.
    pub(super) fn get(&self, action: &str) -> Option<&NeededAction<'c>> {
        self.0.get(action)
    }

    /// Whether an action in lower case is needed.
    pub(super) fn has(&self, action: &str) -> bool {
        self.0.contains_key(action)
    }

    /// All of them, in ascending order.
    pub(super) fn all(&self) -> impl Iterator<Item = &NeededAction<'c>> {
        self.0.values()
    }

    /// Those that a pattern matches.
    ///
    /// # Errors
    /// If the comparisons exceed the limit of work.
    pub(super) fn matched(&self, pattern: &Glob, work: &Work) -> Result<Vec<&NeededAction<'c>>, Exhausted> {
        if let Some(action) = pattern.literal() {
            return Ok(self.0.get(action.as_ref()).into_iter().collect());
        }
        let lower = pattern.as_str().to_ascii_lowercase();
        let beginning = lower.split(['*', '?']).next().unwrap_or_default();
        let mut matched = Vec::new();
        for (_, action) in
            self.0.range(beginning.to_owned()..).take_while(|(name, _)| name.starts_with(beginning))
        {
            work.spend(1)?;
            if pattern.covers(&action.name) {
                matched.push(action);
            }
        }
        Ok(matched)
    }
}

impl NeededAction<'_> {
    /// Whether it is needed on all of a resource wherever tests hold, which have one value each.
    ///
    /// # Errors
    /// If the comparisons exceed the limit of work, or the caller no longer waits for the answer.
    pub(super) fn is_needed_under(
        &self,
        resource: &Glob,
        tests: &[&ConditionTest],
        work: &Work,
    ) -> Result<bool, Exhausted> {
        self.any_covering(resource, (tests, true), work, &|needed| needed.is_under(tests))
    }

    /// Whether it may be needed on all of a resource in some case in which tests hold, which have one value
    /// each.
    ///
    /// # Errors
    /// As above.
    pub(super) fn may_be_needed_under(
        &self,
        resource: &Glob,
        tests: &[&ConditionTest],
        work: &Work,
    ) -> Result<bool, Exhausted> {
        self.any_covering(resource, (tests, false), work, &|needed| !needed.is_never_under(tests))
    }

    fn any_covering(
        &self,
        resource: &Glob,
        (tests, certainly): (&[&ConditionTest], bool),
        work: &Work,
        is_right: &dyn Fn(&Needed<'_>) -> bool,
    ) -> Result<bool, Exhausted> {
        let mut failure = Ok(());
        let mut judge = |position: usize| {
            failure = work.spend(1);
            failure.is_err() || self.needed.get(position).is_some_and(is_right)
        };
        let mut failed_inside = Ok(());
        let found = self.by_resource.any_covering(resource, work, &mut |bucket| {
            let Some(bucket) = self.buckets.get(bucket) else { return false };
            let found = bucket.any_under(tests, certainly, work, &mut judge);
            failed_inside = found.map(|_| ());
            found.unwrap_or(true)
        })?;
        failed_inside.and(failure).map(|()| found)
    }

    /// Whether a text is inside what is needed.
    ///
    /// # Errors
    /// As above.
    pub(super) fn covers(&self, text: &Glob, work: &Work) -> Result<bool, Exhausted> {
        self.by_resource.any_covering(text, work, &mut |_| true)
    }

    /// The needs whose resource may have something in common with a pattern.
    ///
    /// # Errors
    /// If the comparisons exceed the limit of work, or the caller no longer waits for the answer.
    pub(super) fn overlapping(&self, resource: &Glob, work: &Work) -> Result<Vec<&Needed<'_>>, Exhausted> {
        let mut found = Vec::new();
        self.by_resource.any_overlapping(resource, work, &mut |bucket| {
            let positions = self.buckets.get(bucket).into_iter().flat_map(TestMap::all);
            found.extend(positions.filter_map(|position| self.needed.get(position)));
            false
        })?;
        work.spend(u64::try_from(found.len()).unwrap_or(u64::MAX))?;
        Ok(found)
    }

    /// Whether it is needed on something that a pattern matches.
    ///
    /// # Errors
    /// As above.
    pub(super) fn overlaps(&self, resource: &Glob, work: &Work) -> Result<bool, Exhausted> {
        self.by_resource.any_overlapping(resource, work, &mut |_| true)
    }
}

impl Needed<'_> {
    /// Whether it is needed wherever these tests hold.
    pub(super) fn is_under(&self, tests: &[&ConditionTest]) -> bool {
        self.tests.iter().all(|test| test.is_implied_by(tests))
    }

    /// Whether it is never needed where these tests hold.
    pub(super) fn is_never_under(&self, tests: &[&ConditionTest]) -> bool {
        self.tests.iter().any(|test| test.is_excluded_by(tests))
    }
}

/// A condition as IAM reads it.
fn test(condition: &Condition) -> Option<ConditionTest> {
    Some(ConditionTest {
        operator: Operator::read(condition.operator.name())?,
        key: condition.key.to_ascii_lowercase(),
        values: condition.texts(),
    })
}
