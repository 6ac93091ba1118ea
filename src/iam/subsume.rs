//! Whether one pattern covers another.

use super::{Pattern, Piece};

impl Pattern {
    /// Whether every text that `other` matches is matched by this one too.
    ///
    /// A `*` or `?` of `other` is matched only by a `*`, or a `?` by a `?`.
    #[must_use]
    pub fn covers(&self, other: &Pattern) -> bool {
        // Most pairs differ at the beginning.
        other.beginning().starts_with(self.beginning()) && covers(Place::start(self), Place::start(other))
    }
}

/// A symbol of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Char(char),
    One,
    Any,
}

/// A place between two symbols of a pattern.
#[derive(Clone, Copy)]
struct Place<'p> {
    /// What is left of the piece in which it is.
    rest: &'p str,
    /// Whether that is made of wildcards.
    wild: bool,
    following: &'p [Piece],
}

impl<'p> Place<'p> {
    fn start(pattern: &'p Pattern) -> Self {
        Place { rest: "", wild: false, following: pattern.pieces() }
    }

    /// The symbol at this place, and the place after it.
    fn next(mut self) -> Option<(Symbol, Self)> {
        loop {
            let mut characters = self.rest.chars();
            if let Some(character) = characters.next() {
                let symbol = match (self.wild, character) {
                    (false, character) => Symbol::Char(character),
                    (true, '*') => Symbol::Any,
                    (true, _) => Symbol::One,
                };
                return Some((symbol, Place { rest: characters.as_str(), ..self }));
            }
            let (piece, following) = self.following.split_first()?;
            (self.rest, self.wild) = match piece {
                Piece::Literal(text) => (text.as_str(), false),
                Piece::Wildcard(text, _) => (*text, true),
            };
            self.following = following;
        }
    }

    fn is_end(self) -> bool {
        self.next().is_none()
    }
}

/// Greedy matching with one point of return: linear but for repeated stars. Allocates nothing.
fn covers<'p>(mut wide: Place<'p>, mut narrow: Place<'p>) -> bool {
    // The place after the last star, and the first place that it does not match yet.
    let mut star: Option<(Place<'p>, Place<'p>)> = None;
    loop {
        match (wide.next(), narrow.next()) {
            (Some((Symbol::Any, after)), _) => {
                if after.is_end() {
                    return true;
                }
                star = Some((after, narrow));
                wide = after;
            }
            (None, None) => return true,
            (Some((Symbol::One, after)), Some((Symbol::One | Symbol::Char(_), next))) => {
                (wide, narrow) = (after, next);
            }
            (Some((one, after)), Some((two, next))) if one == two => (wide, narrow) = (after, next),
            _ => {
                let Some((after, taken)) = star else { return false };
                let Some((_, next)) = taken.next() else { return false };
                star = Some((after, next));
                (wide, narrow) = (after, next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::pattern::tests::pattern;

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
