//! Patterns with wildcards, indexed by what they cover.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::{Pattern, Piece};
use crate::work::Work;

/// What a pattern certainly contains: its literal beginning, its literal end, and the longest literal between
/// wildcards. A text that it covers contains them too.
type Marks<'p> = (&'p str, &'p str, &'p str);

/// Patterns with wildcards.
#[derive(Default)]
pub(super) struct WideIndex<'p> {
    patterns: HashMap<Marks<'p>, Vec<&'p Pattern>>,
    /// The lengths of the marks that occur. There are few of them, because many different lengths add up to
    /// long patterns.
    lengths: BTreeSet<(usize, usize, usize)>,
}

impl<'p> WideIndex<'p> {
    /// Adds a pattern, if it has wildcards: another one covers only itself.
    pub(super) fn insert(&mut self, pattern: &'p Pattern) {
        if pattern.known().is_some() {
            return;
        }
        let marks = marks(pattern);
        self.lengths.insert((marks.0.len(), marks.1.len(), marks.2.len()));
        self.patterns.entry(marks).or_default().push(pattern);
    }

    /// Whether a pattern other than `own` covers another one. False if the caller no longer waits for the
    /// answer.
    pub(super) fn covers(&self, narrow: &Pattern, own: Option<&Pattern>, work: &Work) -> bool {
        let (beginning, end, _) = marks(narrow);
        self.lengths.iter().any(|&(begun, ended, longest)| {
            let Some(beginning) = beginning.get(..begun) else { return false };
            let Some(end) = end.len().checked_sub(ended).and_then(|from| end.get(from..)) else {
                return false;
            };
            let covered = |middle: &str| {
                let found = self.patterns.get(&(beginning, end, middle)).map_or(&[][..], Vec::as_slice);
                work.count(1 + found.len()).ok()?;
                Some(found.iter().any(|wide| Some(*wide) != own && wide.covers(narrow)))
            };
            if longest == 0 {
                return covered("") == Some(true);
            }
            let windows =
                |literal| (0..str::len(literal)).filter_map(move |from| literal.get(from..from + longest));
            // The first answer; `false` also if the caller no longer waits for it.
            let answer =
                literals(narrow).flat_map(windows).map(covered).find(|covered| *covered != Some(false));
            answer == Some(Some(true))
        })
    }
}

/// The text of a piece, unless it is a wildcard.
fn literal(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Literal(text) => Some(text),
        Piece::Wildcard(..) => None,
    }
}

fn literals(pattern: &Pattern) -> impl Iterator<Item = &str> {
    pattern.pieces().iter().filter_map(literal)
}

fn marks(pattern: &Pattern) -> Marks<'_> {
    let pieces = pattern.pieces();
    let inner = pieces.get(1..pieces.len().saturating_sub(1)).unwrap_or_default();
    let longest = inner.iter().filter_map(literal).max_by_key(|text| text.len()).unwrap_or_default();
    (
        pieces.first().and_then(literal).unwrap_or_default(),
        pieces.last().and_then(literal).unwrap_or_default(),
        longest,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::pattern::tests::pattern;

    /// All texts of these symbols up to a length.
    fn texts(symbols: &[char], length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..length {
            last = last
                .iter()
                .flat_map(|text| symbols.iter().map(move |symbol| format!("{text}{symbol}")))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn it_finds_what_a_comparison_with_each_finds() {
        let patterns: Vec<Pattern> =
            texts(&['a', 'b', '*', '?'], 4).iter().map(|text| pattern(text)).collect();
        for wide in patterns.chunks(7) {
            let mut index = WideIndex::default();
            wide.iter().for_each(|pattern| index.insert(pattern));
            for narrow in &patterns {
                let one_by_one =
                    wide.iter().any(|wide| wide.known().is_none() && wide != narrow && wide.covers(narrow));
                assert_eq!(
                    index.covers(narrow, Some(narrow), &Work::default()),
                    one_by_one,
                    "{} in {wide:?}",
                    narrow.to_text()
                );
            }
        }
    }
}
