//! Values under tests of conditions, indexed by what is known of the keys.

use std::collections::BTreeMap;

use super::limits::MAX_VALUES_WITHOUT_INDEX;
use super::{ConditionTest, Context, ContextValue, Glob, GlobMap};
use crate::work::{Exhausted, Work};

/// Values under tests, all of which must hold. Each is indexed by one of its tests, the longest, which few
/// others share.
#[derive(Debug)]
pub struct TestMap<T> {
    /// Those without a test by which they can be indexed.
    free: Vec<T>,
    /// The others while there are few of them, each with its test: all of these are offered.
    few: Vec<(String, Vec<Glob>, T)>,
    by_key: BTreeMap<String, OfKey<T>>,
}

#[derive(Debug)]
struct OfKey<T> {
    by_value: GlobMap<T>,
    all: Vec<T>,
}

impl<T> Default for TestMap<T> {
    fn default() -> Self {
        TestMap { free: Vec::new(), few: Vec::new(), by_key: BTreeMap::new() }
    }
}

impl<T: Copy> TestMap<T> {
    /// Adds a value under tests.
    pub fn insert(&mut self, tests: &[ConditionTest], value: T) {
        let found_by = tests.iter().filter_map(|test| Some((test, globs(test)?)));
        let length = |globs: &[Glob]| globs.iter().map(|glob| glob.as_str().len()).min();
        let Some((test, globs)) = found_by.max_by_key(|(_, globs)| length(globs)) else {
            self.free.push(value);
            return;
        };
        if self.by_key.is_empty() && self.few.len() < MAX_VALUES_WITHOUT_INDEX {
            // In the order in which an index has them.
            let at = self.few.partition_point(|(key, ..)| *key <= test.key);
            self.few.insert(at, (test.key.clone(), globs, value));
            return;
        }
        for (key, globs, value) in std::mem::take(&mut self.few) {
            self.index(key, &globs, value);
        }
        self.index(test.key.clone(), &globs, value);
    }

    fn index(&mut self, key: String, globs: &[Glob], value: T) {
        let of_key = self.by_key.entry(key);
        let of_key = of_key.or_insert_with(|| OfKey { by_value: GlobMap::default(), all: Vec::new() });
        of_key.all.push(value);
        globs.iter().for_each(|glob| of_key.by_value.insert(glob, value));
    }

    /// All values.
    pub fn all(&self) -> impl Iterator<Item = T> {
        let of_keys = self.by_key.values().flat_map(|of_key| &of_key.all);
        let few = self.few.iter().map(|(_, _, value)| value);
        self.free.iter().chain(few).chain(of_keys).copied()
    }

    /// Whether a value is accepted whose tests may hold in a context; all of these are offered, and perhaps
    /// others.
    ///
    /// # Errors
    /// If the comparisons exceed the limit of work, or the caller no longer waits for the answer.
    pub fn any_in(
        &self,
        context: &Context,
        work: &Work,
        accepted: &mut dyn FnMut(T) -> bool,
    ) -> Result<bool, Exhausted> {
        self.any(work, accepted, &mut |key| Some(context.get(key)))
    }

    /// Whether a value is accepted whose tests may hold where these hold, which have one value each; all of
    /// these are offered, and perhaps others. Those whose tests certainly hold there suffice if `certainly`.
    ///
    /// # Errors
    /// As [`TestMap::any_in`].
    pub fn any_under(
        &self,
        given: &[&ConditionTest],
        certainly: bool,
        work: &Work,
        accepted: &mut dyn FnMut(T) -> bool,
    ) -> Result<bool, Exhausted> {
        self.any(work, accepted, &mut |key| {
            let mut of_key = given.iter().filter(|test| test.key == key);
            match (of_key.next(), of_key.next()) {
                // What is not known of a key is not certain.
                (None, _) if certainly => None,
                (Some(test), None) => match globs(test).as_deref() {
                    Some([glob]) => Some(ContextValue::Like(glob.clone())),
                    _ => Some(ContextValue::Unknown),
                },
                _ => Some(ContextValue::Unknown),
            }
        })
    }

    fn any(
        &self,
        work: &Work,
        accepted: &mut dyn FnMut(T) -> bool,
        value: &mut dyn FnMut(&str) -> Option<ContextValue>,
    ) -> Result<bool, Exhausted> {
        work.count(self.few.len())?;
        let few = self.few.iter().map(|(_, _, value)| value);
        if self.free.iter().chain(few).any(|value| accepted(*value)) {
            return Ok(true);
        }
        for (key, of_key) in &self.by_key {
            work.count(1)?;
            let found = match value(key) {
                // A test by which a value is indexed fails without its key.
                None | Some(ContextValue::Absent) => false,
                Some(ContextValue::Known(values)) => {
                    let mut found = false;
                    for value in &values {
                        found |= of_key.by_value.any_overlapping(&Glob::plain(value), work, accepted)?;
                    }
                    found
                }
                Some(ContextValue::Like(glob)) if !glob.has_variables() => {
                    of_key.by_value.any_overlapping(&glob, work, accepted)?
                }
                Some(_) => of_key.all.iter().any(|value| accepted(*value)),
            };
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What a test leaves to its key, value by value; `None` if texts alone do not express that.
fn globs(test: &ConditionTest) -> Option<Vec<Glob>> {
    let glob = |value: &String| match test.operator.leaves(value)? {
        ContextValue::Like(glob) | ContextValue::Among(glob) => {
            Some(glob).filter(|glob| !glob.has_variables())
        }
        _ => None,
    };
    test.values.iter().map(glob).collect()
}
