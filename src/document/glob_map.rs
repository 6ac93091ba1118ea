//! Texts with and without wildcards, indexed by what they have in common with other texts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::Glob;
use super::glob::Symbols;
use super::index::GlobIndex;
use crate::work::{Exhausted, Work};

/// Values by texts that may have wildcards.
#[derive(Debug)]
pub struct GlobMap<T> {
    /// Those without wildcards, by their text.
    exact: BTreeMap<Arc<str>, Vec<T>>,
    /// Those with wildcards, for what covers a text.
    index: GlobIndex,
    wide: Vec<(Glob, T)>,
    /// The positions of these by their plain beginnings, and the lengths of the beginnings.
    beginnings: BTreeMap<String, Vec<usize>>,
    lengths: BTreeSet<usize>,
}

impl<T> Default for GlobMap<T> {
    fn default() -> Self {
        GlobMap {
            exact: BTreeMap::new(),
            index: GlobIndex::default(),
            wide: Vec::new(),
            beginnings: BTreeMap::new(),
            lengths: BTreeSet::new(),
        }
    }
}

impl<T: Copy> GlobMap<T> {
    /// Adds a value. The text has no variables: what one matches cannot be found.
    pub fn insert(&mut self, glob: &Glob, value: T) {
        if let Some(text) = glob.literal() {
            let text = if *text == *glob.as_str() { glob.shared_text() } else { text.into() };
            self.exact.entry(text).or_default().push(value);
        } else {
            let beginning = glob.runs().into_iter().next().unwrap_or_default().into_owned();
            self.lengths.insert(beginning.len());
            self.beginnings.entry(beginning).or_default().push(self.wide.len());
            self.index.insert(glob.clone());
            self.wide.push((glob.clone(), value));
        }
    }

    /// Whether a value is accepted whose text covers another wholly. Each is offered at most once.
    ///
    /// # Errors
    /// If the caller no longer waits for the answer.
    pub fn any_covering(
        &self,
        narrow: &Glob,
        work: &Work,
        accepted: &mut dyn FnMut(T) -> bool,
    ) -> Result<bool, Exhausted> {
        work.count(1)?;
        let exact = narrow.literal().and_then(|text| self.exact.get(text.as_ref()));
        if exact.into_iter().flatten().any(|value| accepted(*value)) {
            return Ok(true);
        }
        let wide = &mut |number: usize| self.wide.get(number).is_some_and(|(_, value)| accepted(*value));
        let found = self.index.any_covering(narrow, work, wide);
        work.count(0).map(|()| found)
    }

    /// Whether a value is accepted whose text may have something in common with another. Each is offered at
    /// most once.
    ///
    /// # Errors
    /// If the comparisons exceed the limit of work, or the caller no longer waits for the answer.
    pub fn any_overlapping(
        &self,
        other: &Glob,
        work: &Work,
        accepted: &mut dyn FnMut(T) -> bool,
    ) -> Result<bool, Exhausted> {
        if other.literal().is_some() {
            return self.any_covering(other, work, accepted);
        }
        let beginning = other.runs().into_iter().next().unwrap_or_default();
        let from = (Bound::Included(&*beginning), Bound::Unbounded);
        let longer = self.exact.range::<str, _>(from);
        for (text, values) in longer.take_while(|(text, _)| text.starts_with(&*beginning)) {
            work.spend(1)?;
            let overlaps = other.symbols().overlap(Symbols::Plain(text));
            if overlaps && values.iter().any(|value| accepted(*value)) {
                return Ok(true);
            }
        }
        let longer = self.beginnings.range::<str, _>(from);
        let longer = longer.take_while(|(text, _)| text.starts_with(&*beginning));
        let shorter = self.lengths.range(..beginning.len());
        let shorter = shorter.filter_map(|length| self.beginnings.get(beginning.get(..*length)?));
        for number in longer.map(|(_, numbers)| numbers).chain(shorter).flatten() {
            work.spend(1)?;
            let Some((glob, value)) = self.wide.get(*number) else { continue };
            if glob.overlaps(other) && accepted(*value) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::glob::short_patterns;

    #[test]
    fn it_finds_what_a_comparison_with_each_finds() {
        let globs = short_patterns();
        let work = Work::default();
        for some in globs.chunks(13) {
            let mut map = GlobMap::default();
            some.iter().enumerate().for_each(|(number, glob)| map.insert(glob, number));
            for other in globs.iter().step_by(3) {
                let among = |holds: &dyn Fn(&Glob) -> bool| -> Vec<usize> {
                    let all = some.iter().enumerate().filter(|(_, glob)| holds(glob));
                    all.map(|(number, _)| number).collect()
                };
                let mut found = Vec::new();
                let mut note = |number| {
                    found.push(number);
                    false
                };
                assert_eq!(map.any_overlapping(other, &work, &mut note), Ok(false));
                found.sort_unstable();
                assert_eq!(found, among(&|glob| glob.overlaps(other)), "{other} among {some:?}");
                found.clear();
                let mut note = |number| {
                    found.push(number);
                    false
                };
                assert_eq!(map.any_covering(other, &work, &mut note), Ok(false));
                found.sort_unstable();
                let covering = among(&|glob| glob.covers(other));
                assert_eq!(found, covering, "{other} in {some:?}");
            }
        }
    }
}
