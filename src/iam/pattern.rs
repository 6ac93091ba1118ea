//! Text with wildcards, each with the reason for it.

mod chunks;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use chunks::{Chunks, is_plain};

use super::WildcardReason;
use super::unwritable::is_writable;

/// A stretch of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These characters and no others.
    Literal(String),
    /// A wildcard of IAM: `*` for any characters, each `?` for one.
    Wildcard(&'static str, WildcardReason),
}

/// Bytes to reserve: most ARNs are not longer.
const ARN_LENGTH: usize = 72;

/// Text that may have wildcards: a resource of a policy, the value of a condition, or a value on its way to
/// one.
///
/// Compared, sorted and merged by the text that IAM reads; the reasons of wildcards do not count.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Piece::Literal(text) => text.len(),
            Piece::Wildcard(text, _) => text.len(),
        }
    }
}

impl Pattern {
    /// Text without wildcards; `*` and `?` in it are literal.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() && is_printable(&text) {
            return Pattern { pieces: vec![Piece::Literal(text)] };
        }
        let mut pattern = Pattern::default();
        pattern.push_literal(&text);
        pattern
    }

    /// A lone `*`.
    #[must_use]
    pub fn anything(why: WildcardReason) -> Self {
        let mut pattern = Pattern::default();
        pattern.push_wildcard("*", why);
        pattern
    }

    /// The stretches, neighbouring literals joined.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The reasons of all wildcards, from left to right.
    pub fn reasons(&self) -> impl Iterator<Item = &WildcardReason> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Wildcard(_, why) => Some(why),
        })
    }

    /// The same text with other reasons for its wildcards.
    #[must_use]
    pub fn with_reasons(&self, reason: impl Fn(&WildcardReason) -> WildcardReason) -> Pattern {
        let mut made = Pattern::default();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => made.push_literal(literal),
                Piece::Wildcard(wildcard, why) => made.push_wildcard(wildcard, reason(why)),
            }
        }
        made
    }

    /// Adds literal characters. A character that policies cannot contain is replaced by `?`, which matches
    /// any one character.
    ///
    /// Source of the characters: the grammar of the IAM JSON policy language.
    pub fn push_literal(&mut self, text: &str) {
        if is_printable(text) {
            return self.push_allowed(text);
        }
        let mut rest = text;
        while let Some((at, strange)) = rest.char_indices().find(|(_, character)| !is_writable(*character)) {
            self.push_allowed(rest.get(..at).unwrap_or_default());
            self.push_wildcard(
                "?",
                WildcardReason::Unwritable { character: strange, parameter: String::new() },
            );
            rest = rest.get(at + strange.len_utf8()..).unwrap_or_default();
        }
        self.push_allowed(rest);
    }

    fn push_allowed(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Literal(last)) => last.push_str(text),
            _ => {
                // An ARN is put together from several parts.
                let mut literal = String::with_capacity(text.len().max(ARN_LENGTH));
                literal.push_str(text);
                // Most patterns have one piece.
                if self.pieces.is_empty() {
                    self.pieces.reserve_exact(1);
                }
                self.pieces.push(Piece::Literal(literal));
            }
        }
    }

    /// Adds a wildcard. Two `*` in a row mean the same as one, so the second is left out.
    pub fn push_wildcard(&mut self, text: &'static str, why: WildcardReason) {
        let repeated = text == "*" && matches!(self.pieces.last(), Some(Piece::Wildcard("*", _)));
        if !repeated {
            self.pieces.push(Piece::Wildcard(text, why));
        }
    }

    /// Adds text in which `*` and `?` are wildcards, all for one reason.
    pub fn push_template(&mut self, text: &str, why: &WildcardReason) {
        if !text.bytes().any(|byte| matches!(byte, b'*' | b'?')) {
            return self.push_literal(text);
        }
        for part in text.split_inclusive(['*', '?']) {
            self.push_literal(part.trim_end_matches(['*', '?']));
            match part.chars().last() {
                Some('*') => self.push_wildcard("*", why.clone()),
                Some('?') => self.push_wildcard("?", why.clone()),
                _ => {}
            }
        }
    }

    /// Adds another pattern at the end.
    pub fn push(&mut self, other: &Pattern) {
        for piece in &other.pieces {
            self.push_piece(piece);
        }
    }

    /// Adds a stretch at the end.
    pub fn push_piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Literal(text) => self.push_literal(text),
            Piece::Wildcard(text, why) => self.push_wildcard(text, why.clone()),
        }
    }

    /// This pattern with literal text after it.
    #[must_use]
    pub fn then(mut self, text: &str) -> Self {
        self.push_literal(text);
        self
    }

    /// The same with its literal characters in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Pattern {
        let lower = |piece: &Piece| match piece {
            Piece::Literal(text) => Piece::Literal(text.to_lowercase()),
            wildcard @ Piece::Wildcard(..) => wildcard.clone(),
        };
        Pattern { pieces: self.pieces.iter().map(lower).collect() }
    }

    /// Whether nothing at all is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The text, if there is no wildcard in it.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it is a lone `*`, of which nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.pieces.as_slice(), [Piece::Wildcard("*", _)])
    }

    /// The literal characters before the first wildcard.
    #[must_use]
    pub fn beginning(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// What follows a literal beginning, if it begins so.
    #[must_use]
    pub fn strip_prefix(&self, prefix: &str) -> Option<Pattern> {
        if prefix.is_empty() {
            return Some(self.clone());
        }
        let rest = self.beginning().strip_prefix(prefix)?;
        let mut stripped = Pattern::literal(rest);
        for piece in self.pieces.iter().skip(1) {
            stripped.pieces.push(piece.clone());
        }
        Some(stripped)
    }

    /// Both sides of the first `separator`, if it is certainly the first: no wildcard precedes it.
    #[must_use]
    pub fn split_once(&self, separator: char) -> Option<(Pattern, Pattern)> {
        let (left, _) = self.beginning().split_once(separator)?;
        let right = self.strip_prefix(left)?.strip_prefix(separator.encode_utf8(&mut [0; 4]))?;
        Some((Pattern::literal(left), right))
    }

    /// Both sides of the last `separator`, if it is certainly the last: no wildcard follows it.
    #[must_use]
    pub fn rsplit_once(&self, separator: char) -> Option<(Pattern, Pattern)> {
        let (Piece::Literal(last), before) = self.pieces.split_last()? else { return None };
        let (left, right) = last.rsplit_once(separator)?;
        let head = Pattern { pieces: before.to_vec() }.then(left);
        Some((head, Pattern::literal(right)))
    }

    /// Both sides of the first literal occurrence of `text`. A wildcard before it may match the same text.
    #[must_use]
    pub fn split_at(&self, text: &str) -> Option<(Pattern, Pattern)> {
        let mut left = Pattern::default();
        let mut pieces = self.pieces.iter();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Literal(literal) => match literal.split_once(text) {
                    Some((before, after)) => {
                        let mut right = Pattern::literal(after);
                        right.pieces.extend(pieces.cloned());
                        return Some((left.then(before), right));
                    }
                    None => left.push_literal(literal),
                },
                Piece::Wildcard(wildcard, why) => left.push_wildcard(wildcard, why.clone()),
            }
        }
        None
    }

    /// What follows the first five fields of an ARN, if those are certain: a wildcard among them is a whole
    /// field.
    #[must_use]
    pub fn resource(&self) -> Option<Pattern> {
        super::arn::resource_of(self)
    }

    /// Whether it has the form of an ARN whose partition and service are certain: `arn:`, then two fields
    /// without wildcards.
    #[must_use]
    pub fn is_arn(&self) -> bool {
        let fields = super::ArnFields::of(self.beginning());
        [fields.partition, fields.service].iter().all(|field| field.is_some_and(|text| !text.is_empty()))
    }

    /// The text for `Resource` and for operators that know wildcards: `StringLike`, `ArnLike`.
    ///
    /// Characters that IAM would read as wildcards or as the start of a policy variable are escaped as
    /// `${*}`, `${?}` and `${$}`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.pieces.iter().map(Piece::len).sum());
        self.chunks(true).for_each(|chunk| text.push_str(chunk));
        text
    }

    /// The text for `StringEquals`, which has policy variables but no wildcards. Wildcards cannot be
    /// expressed there: see `known`.
    #[must_use]
    pub fn to_exact_text(&self) -> String {
        if self.known().is_none() {
            return String::new();
        }
        self.chunks(false).collect()
    }

    /// The text in stretches, without making it.
    fn chunks(&self, wildcards: bool) -> Chunks<'_> {
        Chunks { escaped: "", pieces: self.pieces.iter(), wildcards }
    }
}

/// Whether a text has only printable characters of ASCII, as most have.
fn is_printable(text: &str) -> bool {
    // Without a way out of the loop several bytes are looked at at once.
    text.bytes().fold(true, |printable, byte| printable & matches!(byte, b' '..=b'~'))
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Consistent with the comparison: by the text that IAM reads, however it is divided.
        match self.pieces() {
            [Piece::Literal(text)] if is_plain(text) => state.write(text.as_bytes()),
            _ => state.write(self.to_text().as_bytes()),
        }
        state.write_u8(0xff);
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        if let ([Piece::Literal(one)], [Piece::Literal(two)]) = (self.pieces(), other.pieces())
            && is_plain(one)
            && is_plain(two)
        {
            return one.cmp(two);
        }
        let (mut ours, mut theirs) = (self.chunks(true), other.chunks(true));
        let (mut one, mut two): (&[u8], &[u8]) = (&[], &[]);
        loop {
            if one.is_empty() {
                one = ours.next().unwrap_or_default().as_bytes();
            }
            if two.is_empty() {
                two = theirs.next().unwrap_or_default().as_bytes();
            }
            let common = one.len().min(two.len());
            if common == 0 {
                // At least one of them has ended.
                return one.len().cmp(&two.len());
            }
            let ((left, rest_of_one), (right, rest_of_two)) = (one.split_at(common), two.split_at(common));
            match left.cmp(right) {
                Ordering::Equal => (one, two) = (rest_of_one, rest_of_two),
                different => return different,
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A text in which each `*` and `?` is a wildcard.
    pub(in crate::iam) fn pattern(text: &str) -> Pattern {
        let mut made = Pattern::default();
        made.push_template(text, &WildcardReason::Aws("test"));
        made
    }

    #[test]
    fn literal_wildcards_are_escaped() {
        assert_eq!(Pattern::literal("a*b?c$d${e}").to_text(), "a${*}b${?}c$d${$}{e}");
        assert_eq!(Pattern::literal("a*b${e}").to_exact_text(), "a*b${$}{e}");
    }

    #[test]
    fn characters_that_no_policy_may_have_become_question_marks() {
        assert_eq!(Pattern::literal("Größe-大小\u{7}!").to_text(), "Größe-???!");
        assert_eq!(Pattern::literal("大").reasons().count(), 1);
    }

    #[test]
    fn patterns_compare_as_their_texts_do() {
        let patterns = [
            "",
            "*",
            "a",
            "a*",
            "a*b",
            "ab",
            "a?",
            "a${",
            "arn:aws:s3:::b/*",
            "arn:aws:s3:::b/k",
            "arn:aws:s3:::b*",
        ];
        let patterns: Vec<Pattern> =
            patterns.iter().flat_map(|text| [pattern(text), Pattern::literal(*text)]).collect();
        for one in &patterns {
            for two in &patterns {
                assert_eq!(one.cmp(two), one.to_text().cmp(&two.to_text()), "{one:?} {two:?}");
            }
        }
    }

    #[test]
    fn two_stars_in_a_row_are_one() {
        assert_eq!(pattern("a**b").to_text(), "a*b");
    }

    #[test]
    fn splitting_stops_at_wildcards() {
        let (left, right) = pattern("a:b:*").split_once(':').unwrap();
        assert_eq!((left.to_text(), right.to_text()), ("a".into(), "b:*".into()));
        assert!(pattern("*:b").split_once(':').is_none());
        let (left, right) = pattern("*/x/y").rsplit_once('/').unwrap();
        assert_eq!((left.to_text(), right.to_text()), ("*/x".into(), "y".into()));
        assert!(pattern("a/*").rsplit_once('/').is_none());
    }

    #[test]
    fn a_prefix_is_taken_off_and_nothing_else() {
        for (text, prefix, rest) in
            [("a/*", "a", Some("/*")), ("a*", "a", Some("*")), ("*a", "", Some("*a")), ("*a", "a", None)]
        {
            assert_eq!(
                pattern(text).strip_prefix(prefix).map(|rest| rest.to_text()).as_deref(),
                rest,
                "{text}"
            );
        }
    }

    #[test]
    fn splitting_at_text_goes_past_wildcards() {
        let (left, right) = pattern("a:*:x:b*:x:c").split_at(":x:").unwrap();
        assert_eq!((left.to_text(), right.to_text()), ("a:*".into(), "b*:x:c".into()));
        assert!(pattern("a:*x").split_at(":x").is_none());
    }

    #[test]
    fn an_arn_has_a_certain_service() {
        assert!(pattern("arn:aws:sns:*").is_arn());
        assert!(!pattern("arn:aws:*").is_arn());
        assert!(!pattern("arn:aws").is_arn());
        assert!(!pattern("name").is_arn());
    }
}
