//! Characters that a policy cannot contain.

use super::{Pattern, Piece, WildcardReason};

/// Whether IAM accepts a character in a policy.
///
/// Source: the grammar of the IAM JSON policy language.
pub(super) fn is_writable(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}

impl Pattern {
    /// The text as it was written, if only characters that a policy cannot contain are left out of it. Where
    /// `with_holes` is set, `*` replaces what else is not known.
    #[must_use]
    pub fn written(&self, with_holes: bool) -> Option<String> {
        let mut text = String::new();
        for piece in self.pieces() {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Wildcard(_, WildcardReason::Unwritable { character, .. }) => text.push(*character),
                Piece::Wildcard(wildcard, _) if with_holes => text.push_str(wildcard),
                Piece::Wildcard(..) => return None,
            }
        }
        Some(text)
    }

    /// The same, known to be the value of a parameter or of an argument.
    #[must_use]
    pub fn of_parameter(self, name: &str) -> Pattern {
        if !self.has_unwritable() {
            return self;
        }
        self.with_reasons(|why| match why {
            WildcardReason::Unwritable { character, .. } => {
                WildcardReason::Unwritable { character: *character, parameter: name.to_owned() }
            }
            other => other.clone(),
        })
    }

    /// Whether a character is left out of it that a policy cannot contain.
    #[must_use]
    pub fn has_unwritable(&self) -> bool {
        self.reasons().any(|why| matches!(why, WildcardReason::Unwritable { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_known_all_the_same() {
        let pattern = Pattern::literal("Größe-大小!").of_parameter("Key");
        assert_eq!(pattern.to_text(), "Größe-??!");
        assert_eq!(pattern.written(false).as_deref(), Some("Größe-大小!"));
        assert!(pattern.has_unwritable() && !Pattern::literal("Größe").has_unwritable());
        let found = WildcardReason::Unwritable { character: '大', parameter: "Key".to_owned() };
        assert_eq!(pattern.reasons().next(), Some(&found));
        let mut open = pattern;
        open.push_wildcard("*", WildcardReason::Hint);
        assert_eq!((open.written(false), open.written(true).as_deref()), (None, Some("Größe-大小!*")));
    }
}
