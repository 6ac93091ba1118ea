//! Texts with wildcards, indexed by what they cover. It shares no code with the index of the layer that
//! generates documents.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::Glob;
use crate::work::Work;

/// The separator of the parts of a key. A text that contains it produces equal keys, so that more texts are
/// compared than necessary.
const BETWEEN: &str = "\0";

/// Texts with wildcards.
#[derive(Debug, Default)]
pub(super) struct GlobIndex {
    globs: Vec<Glob>,
    /// By the plain text before the first wildcard, that after the last one, and the longest between two, as
    /// one key.
    places: HashMap<String, Vec<usize>>,
    /// The lengths of these texts, in bytes, as far as they occur.
    lengths: BTreeSet<[usize; 3]>,
}

impl GlobIndex {
    pub(super) fn insert(&mut self, glob: Glob) {
        let runs = glob.runs();
        let inner = runs.get(1..runs.len().saturating_sub(1)).unwrap_or_default();
        let longest = inner.iter().max_by_key(|run| run.len()).map_or("", |run| run);
        let parts = [runs.first().map_or("", |run| run), runs.last().map_or("", |run| run), longest];
        self.lengths.insert(parts.map(str::len));
        self.places.entry(parts.join(BETWEEN)).or_default().push(self.globs.len());
        self.globs.push(glob);
    }

    /// Whether one of them, other than that of the text `own`, covers a text. False if the caller no longer
    /// waits for the answer.
    pub(super) fn covers(&self, narrow: &Glob, own: Option<&str>, work: &Work) -> bool {
        self.any_covering(narrow, work, &mut |number| {
            own.is_none() || self.globs.get(number).map(|glob| glob.as_str()) != own
        })
    }

    /// Whether one of them covers a text and is accepted, each by its number in the order of insertion. False
    /// if the caller no longer waits for the answer.
    pub(super) fn any_covering(
        &self,
        narrow: &Glob,
        work: &Work,
        accepted: &mut dyn FnMut(usize) -> bool,
    ) -> bool {
        if self.globs.is_empty() {
            return false;
        }
        let runs = narrow.runs();
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return false };
        let mut key = String::new();
        self.lengths.iter().any(|&[begun, ended, longest]| {
            let start = first.get(..begun);
            let end = last.len().checked_sub(ended).and_then(|from| last.get(from..));
            let (Some(start), Some(end)) = (start, end) else { return false };
            let mut covered = |middle: &str| {
                key.clear();
                for part in [start, BETWEEN, end, BETWEEN, middle] {
                    key.push_str(part);
                }
                let found = self.places.get(key.as_str()).map_or(&[][..], Vec::as_slice);
                work.count(1 + found.len()).ok()?;
                let covers = |at: &usize| self.globs.get(*at).is_some_and(|glob| glob.covers(narrow));
                Some(found.iter().any(|at| covers(at) && accepted(*at)))
            };
            if longest == 0 {
                return covered("") == Some(true);
            }
            let mut middles: BTreeSet<&str> = BTreeSet::new();
            for run in &runs {
                let windows = (0..=run.len()).map_while(|from| Some((from, from.checked_add(longest)?)));
                let windows = windows.take_while(|(_, to)| *to <= run.len());
                middles.extend(windows.filter_map(|(from, to)| run.get(from..to)));
            }
            // The first answer; `false` also if the caller no longer waits for it.
            let mut answers = middles.into_iter().map(&mut covered);
            answers.find(|covered| *covered != Some(false)) == Some(Some(true))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::glob::short_patterns;

    #[test]
    fn it_finds_what_a_comparison_with_each_finds() {
        let globs = short_patterns();
        for some in globs.chunks(9) {
            let mut index = GlobIndex::default();
            some.iter().for_each(|glob| index.insert(glob.clone()));
            for narrow in &globs {
                let own = Some(narrow.as_str());
                let expected =
                    some.iter().any(|glob| glob.as_str() != narrow.as_str() && glob.covers(narrow));
                assert_eq!(index.covers(narrow, own, &Work::default()), expected, "{narrow} in {some:?}");
            }
        }
    }
}
