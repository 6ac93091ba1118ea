//! The text of a pattern in stretches.

use std::slice;

use super::Piece;

/// Whether nothing in a literal has to be escaped.
pub(super) fn is_plain(text: &str) -> bool {
    // Without a way out of the loop several bytes are looked at at once.
    text.bytes().fold(true, |plain, byte| plain & !matches!(byte, b'*' | b'?' | b'$'))
}

/// A text as IAM has to read it: stretches of plain text, and escapes between them.
pub(super) struct Chunks<'t> {
    /// The rest of a literal in which something has to be escaped.
    pub(super) escaped: &'t str,
    pub(super) pieces: slice::Iter<'t, Piece>,
    /// Whether `*` and `?` are wildcards where the text goes.
    pub(super) wildcards: bool,
}

impl<'t> Iterator for Chunks<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        while self.escaped.is_empty() {
            match self.pieces.next()? {
                Piece::Literal(literal) if !is_plain(literal) => self.escaped = literal,
                Piece::Literal(literal) => return Some(literal),
                Piece::Wildcard(wildcard, _) => return Some(wildcard),
            }
        }
        self.stretch()
    }
}

impl<'t> Chunks<'t> {
    /// The next stretch of the literal in which something has to be escaped.
    fn stretch(&mut self) -> Option<&'t str> {
        let special = |(at, byte): (usize, &u8)| match byte {
            b'*' | b'?' => self.wildcards,
            b'$' => self.escaped.as_bytes().get(at + 1) == Some(&b'{'),
            _ => false,
        };
        let at = self.escaped.as_bytes().iter().enumerate().position(special).unwrap_or(self.escaped.len());
        // Special characters are of one byte, so both sides are whole.
        let (plain, tail) = self.escaped.split_at_checked(at)?;
        if !plain.is_empty() {
            self.escaped = tail;
            return Some(plain);
        }
        let escape = match tail.as_bytes().first() {
            Some(b'*') => "${*}",
            Some(b'?') => "${?}",
            _ => "${$}",
        };
        self.escaped = tail.get(1..).unwrap_or_default();
        Some(escape)
    }
}
