//! Whether one pattern covers another.

use super::{Pattern, Piece};

impl Pattern {
    /// Whether every text that `other` matches is matched by this one too.
    ///
    /// A `*` or `?` of `other` is matched only by a `*`, or a `?` by a `?`.
    #[must_use]
    pub fn covers(&self, other: &Pattern) -> bool {
        covers(&self.symbols(), &other.symbols())
    }

    fn symbols(&self) -> Vec<Symbol> {
        let mut symbols = Vec::new();
        for piece in self.pieces() {
            match piece {
                Piece::Literal(text) => symbols.extend(text.chars().map(Symbol::Char)),
                Piece::Wildcard(text, _) => {
                    symbols.extend(text.chars().map(|c| if c == '*' { Symbol::Any } else { Symbol::One }));
                }
            }
        }
        symbols
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Char(char),
    One,
    Any,
}

/// Greedy matching with one point of return: linear but for repeated stars.
fn covers(wide: &[Symbol], narrow: &[Symbol]) -> bool {
    let (mut w, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (wide.get(w), narrow.get(n)) {
            (Some(Symbol::Any), _) => {
                star = Some((w, n));
                w += 1;
            }
            (None, None) => return true,
            (Some(Symbol::One), Some(Symbol::One | Symbol::Char(_))) => {
                w += 1;
                n += 1;
            }
            (Some(a), Some(b)) if a == b => {
                w += 1;
                n += 1;
            }
            (_, narrow_symbol) => match star {
                Some((after, taken)) if narrow_symbol.is_some() => {
                    star = Some((after, taken + 1));
                    w = after + 1;
                    n = taken + 1;
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::WildcardReason;

    fn pattern(text: &str) -> Pattern {
        let mut made = Pattern::default();
        made.push_template(text, &WildcardReason::Aws("test"));
        made
    }

    #[test]
    fn covering() {
        for (wide, narrow) in
            [("*", "a"), ("a*", "a"), ("a*c", "abc"), ("a*", "ab*"), ("*b*", "abc"), ("?", "a"), ("*", "")]
        {
            assert!(pattern(wide).covers(&pattern(narrow)), "{wide} covers {narrow}");
        }
        for (wide, narrow) in [("a", "*"), ("a*", "*a"), ("?", "*"), ("a*c", "ab"), ("", "a"), ("a?", "a")] {
            assert!(!pattern(wide).covers(&pattern(narrow)), "{wide} does not cover {narrow}");
        }
        assert!(!pattern("a").covers(&Pattern::literal("*")));
        assert!(pattern("*").covers(&Pattern::literal("*")));
    }
}
