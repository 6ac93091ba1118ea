//! Patterns of ARNs by their six parts.

use super::{Glob, Meaning, Symbol, Symbols};

impl Glob {
    /// Whether one of an ARN's first five parts has a `*` with more of the part after it.
    pub(in crate::document) fn has_inner_star(&self) -> bool {
        if matches!(self.meaning, Meaning::Itself) {
            return false;
        }
        self.symbols().split(':').take(5).any(Symbols::have_inner_star)
    }

    /// Whether each of an ARN's six parts covers that of another.
    pub(in crate::document) fn covers_by_parts(&self, narrow: &Glob) -> bool {
        let (Some(wide), Some(narrow)) = (self.arn_parts(), narrow.arn_parts()) else { return false };
        wide.iter().zip(&narrow).all(|(wide, narrow)| wide.cover(*narrow))
    }

    /// Its six parts, if it is an ARN or a pattern for ARNs: those of which each colon is plain. A wildcard
    /// is within one part.
    pub(in crate::document) fn arn_parts(&self) -> Option<[Symbols<'_>; 6]> {
        let mut rest = self.symbols();
        let mut parts = [rest; 6];
        for part in parts.iter_mut().take(5) {
            (*part, rest) = rest.split_once(':')?;
        }
        if let Some(last) = parts.last_mut() {
            *last = rest;
        }
        Some(parts)
    }

    /// The same ARN with `-` in place of the Region and the account, where it has any: two that differ in
    /// these alone are equal then. `None` if it is not an ARN, or one of its first five parts has a variable.
    #[must_use]
    pub fn without_place(&self) -> Option<Glob> {
        let parts = self.arn_parts()?;
        let (name, fields) = parts.split_last()?;
        if fields.iter().any(|field| field.have_variables()) {
            return None;
        }
        // These have no variables, so their colons are the first of the text.
        let mut colons = self.text.match_indices(':').map(|(at, _)| at);
        let (begun, ended) = (colons.nth(2)?, colons.nth(1)?);
        let place = self.text.get(begun + 1..ended)?.split(':');
        let place: Vec<&str> = place.map(|field| if field.is_empty() { "" } else { "-" }).collect();
        let begun = format!("{}:{}:", self.text.get(..begun)?, place.join(":"));
        let text = format!("{begun}{}", self.text.get(ended + 1..)?);
        let mut symbols = Self::read(&begun).symbols().to_vec();
        symbols.extend(name.to_vec());
        Some(Self::of_symbols(text.into(), symbols))
    }

    /// The same ARN in the place of another one: with its first five parts. `None` if one of both is not an
    /// ARN.
    #[must_use]
    pub fn in_place_of(&self, other: &Glob) -> Option<Glob> {
        let (own, others) = (self.arn_parts()?, other.arn_parts()?);
        let (name, (_, place)) = (own.last()?, others.split_last()?);
        let fifth = |text: &str| text.match_indices(':').map(|(at, _)| at + 1).nth(4);
        let (mut text, mut symbols) = (other.text.get(..fifth(&other.text)?)?.to_owned(), Vec::new());
        text.push_str(self.text.get(fifth(&self.text)?..)?);
        for part in place {
            symbols.extend(part.to_vec());
            symbols.push(Symbol::Char(':'));
        }
        symbols.extend(name.to_vec());
        Some(Self::of_symbols(text.into(), symbols))
    }

    /// How many of an ARN's six parts it lacks.
    pub(in crate::document) fn missing_parts(&self) -> usize {
        let colons = |text: &str| text.bytes().filter(|byte| *byte == b':').count();
        let colons = match &self.meaning {
            Meaning::Itself | Meaning::Wild => colons(&self.text),
            Meaning::Folded(text) => colons(text),
            Meaning::Symbols(symbols) => {
                symbols.iter().filter(|symbol| **symbol == Symbol::Char(':')).count()
            }
        };
        5usize.saturating_sub(colons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_loses_its_place_and_gets_another() {
        let other = Glob::read("arn:aws:sns:us-east-1:444455556666:x");
        for (arn, without, there) in [
            (
                "arn:aws:sns:eu-*:111122223333:a:b",
                "arn:aws:sns:-:-:a:b",
                "arn:aws:sns:us-east-1:444455556666:a:b",
            ),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*", "arn:aws:sns:us-east-1:444455556666:b/*"),
            (
                "arn:aws:iam::111122223333:role/r",
                "arn:aws:iam::-:role/r",
                "arn:aws:sns:us-east-1:444455556666:role/r",
            ),
            (
                "arn:aws:s3:::b/${aws:username}",
                "arn:aws:s3:::b/${aws:username}",
                "arn:aws:sns:us-east-1:444455556666:b/${aws:username}",
            ),
        ] {
            let glob = Glob::read(arn);
            assert_eq!(glob.without_place(), Some(Glob::read(without)), "{arn}");
            assert_eq!(glob.in_place_of(&other), Some(Glob::read(there)), "{arn}");
        }
        for text in ["*", "arn:aws:sns:*", "arn:aws:sns:${aws:RequestedRegion}:111122223333:t"] {
            assert_eq!(Glob::read(text).without_place(), None, "{text}");
        }
        assert_eq!(other.in_place_of(&Glob::read("*")), None);
    }
}
