//! Tables of texts as one text. A table of `&str`s would have a pointer for each of them, which every process
//! had to set when it starts, whether it needs the table or not.

/// A text of rows, and where in it each row begins, its name ends, and it ends. A row is a name and words,
/// with a space before each word; rows are in ascending order of their names.
pub(super) struct Rows {
    pub(super) text: &'static str,
    pub(super) bounds: &'static [(usize, usize, usize)],
}

impl Rows {
    /// The words of the row with a name.
    pub(super) fn get(&self, name: &str) -> Option<impl Iterator<Item = &'static str> + Clone + use<>> {
        let own = |&(start, end, _): &(usize, usize, usize)| self.text.get(start..end);
        let at = self.bounds.binary_search_by(|bounds| own(bounds).cmp(&Some(name))).ok()?;
        let &(_, start, end) = self.bounds.get(at)?;
        Some(self.text.get(start..end)?.split(' ').skip(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_its_whole_name() {
        let table = Rows { text: "a b cbaca d+ -", bounds: &[(0, 1, 5), (5, 7, 7), (7, 9, 14)] };
        let rows = [("a", Some(vec!["b", "c"])), ("ba", Some(vec![])), ("ca", Some(vec!["d+", "-"]))];
        let others = ["", "a b", "b", "bac", "c", "caa", "d"].map(|name| (name, None));
        for (name, words) in rows.into_iter().chain(others) {
            assert_eq!(table.get(name).map(Iterator::collect), words, "{name}");
        }
    }
}
