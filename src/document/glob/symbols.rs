//! What the positions of a text match, read where they stand: most texts need no list of them.

use std::iter::from_fn;

/// What one position of a text matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) enum Symbol {
    Char(char),
    /// `?`
    One,
    /// `*`
    Any,
    /// `${name}` or `${name, 'default'}`: one text that depends on the request.
    Variable(Box<Variable>),
    /// A variable that has no value in the request: no text equals or matches it.
    Never,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct Variable {
    pub(super) name: String,
    pub(super) default: Option<String>,
}

/// The same on loan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign<'g> {
    Char(char),
    One,
    Any,
    Variable(&'g Variable),
    Never,
}

impl Sign<'_> {
    fn is_wildcard(self) -> bool {
        matches!(self, Sign::One | Sign::Any)
    }

    /// Whether it may match texts of many lengths.
    fn is_many(self) -> bool {
        matches!(self, Sign::Any | Sign::Variable(_))
    }

    fn meets(self, other: Sign<'_>) -> bool {
        match (self, other) {
            (Sign::Char(one), Sign::Char(two)) => one == two,
            _ => true,
        }
    }
}

impl<'g> From<&'g Symbol> for Sign<'g> {
    fn from(symbol: &'g Symbol) -> Self {
        match symbol {
            Symbol::Char(character) => Sign::Char(*character),
            Symbol::One => Sign::One,
            Symbol::Any => Sign::Any,
            Symbol::Variable(variable) => Sign::Variable(variable),
            Symbol::Never => Sign::Never,
        }
    }
}

impl From<Sign<'_>> for Symbol {
    fn from(sign: Sign<'_>) -> Self {
        match sign {
            Sign::Char(character) => Symbol::Char(character),
            Sign::One => Symbol::One,
            Sign::Any => Symbol::Any,
            Sign::Variable(variable) => Symbol::Variable(Box::new(variable.clone())),
            Sign::Never => Symbol::Never,
        }
    }
}

/// The symbols of a text, or of a part of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) enum Symbols<'g> {
    /// Each character is itself.
    Plain(&'g str),
    /// So is each but `*` and `?`.
    Wild(&'g str),
    /// As listed.
    Made(&'g [Symbol]),
}

impl<'g> Symbols<'g> {
    /// The first one, and those after it.
    fn next(self) -> Option<(Sign<'g>, Symbols<'g>)> {
        match self {
            Symbols::Plain(text) => {
                let mut characters = text.chars();
                Some((Sign::Char(characters.next()?), Symbols::Plain(characters.as_str())))
            }
            Symbols::Wild(text) => {
                let mut characters = text.chars();
                let sign = match characters.next()? {
                    '*' => Sign::Any,
                    '?' => Sign::One,
                    other => Sign::Char(other),
                };
                Some((sign, Symbols::Wild(characters.as_str())))
            }
            Symbols::Made(symbols) => {
                let (first, rest) = symbols.split_first()?;
                Some((first.into(), Symbols::Made(rest)))
            }
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Sign<'g>> {
        let mut rest = self;
        from_fn(move || {
            let (sign, after) = rest.next()?;
            rest = after;
            Some(sign)
        })
    }

    pub(super) fn to_vec(self) -> Vec<Symbol> {
        self.iter().map(Symbol::from).collect()
    }

    /// Those before and after the first plain `separator`.
    pub(super) fn split_once(self, separator: char) -> Option<(Symbols<'g>, Symbols<'g>)> {
        match self {
            Symbols::Plain(text) => {
                let (before, after) = text.split_once(separator)?;
                Some((Symbols::Plain(before), Symbols::Plain(after)))
            }
            Symbols::Wild(text) => {
                let (before, after) = text.split_once(separator)?;
                Some((Symbols::Wild(before), Symbols::Wild(after)))
            }
            Symbols::Made(symbols) => {
                let at = symbols.iter().position(|symbol| *symbol == Symbol::Char(separator))?;
                Some((Symbols::Made(symbols.get(..at)?), Symbols::Made(symbols.get(at + 1..)?)))
            }
        }
    }

    /// Those between plain `separator`s.
    pub(super) fn split(self, separator: char) -> impl Iterator<Item = Symbols<'g>> {
        let mut rest = Some(self);
        from_fn(move || {
            let all = rest?;
            let halves = all.split_once(separator);
            rest = halves.map(|(_, after)| after);
            Some(halves.map_or(all, |(before, _)| before))
        })
    }

    /// Whether two wildcards follow each other.
    pub(super) fn have_neighbours(self) -> bool {
        let mut last = false;
        if let Symbols::Wild(text) = self {
            let is_wildcard = |byte: &u8| matches!(byte, b'*' | b'?');
            return text.as_bytes().windows(2).any(|two| two.iter().all(is_wildcard));
        }
        self.iter().any(|sign| std::mem::replace(&mut last, sign.is_wildcard()) && sign.is_wildcard())
    }

    /// Whether a `*` has something after it.
    pub(super) fn have_inner_star(self) -> bool {
        let mut last = false;
        self.iter().any(|sign| std::mem::replace(&mut last, sign == Sign::Any))
    }

    /// Whether a `*` comes next, perhaps after `?`.
    fn leads_to_star(self) -> bool {
        self.iter().find(|sign| *sign != Sign::One) == Some(Sign::Any)
    }

    pub(in crate::document) fn have_variables(self) -> bool {
        match self {
            Symbols::Plain(_) | Symbols::Wild(_) => false,
            Symbols::Made(symbols) => symbols.iter().any(|symbol| matches!(symbol, Symbol::Variable(_))),
        }
    }

    /// Whether every text that `narrow` matches is matched, as far as that is certain.
    pub(in crate::document) fn cover(self, narrow: Symbols<'_>) -> bool {
        if let (Symbols::Plain(wide), Symbols::Plain(narrow)) = (self, narrow) {
            return wide == narrow;
        }
        let (mut wide, mut narrow) = (self, narrow);
        // Behind the last star, and from where on it has to match.
        let mut star: Option<(Symbols<'_>, Symbols<'_>)> = None;
        loop {
            match (wide.next(), narrow.next()) {
                (None, None) => return true,
                (Some((Sign::Any, after)), _) => {
                    star = Some((after, narrow));
                    wide = after;
                    continue;
                }
                (Some((Sign::One, after)), Some((Sign::One | Sign::Char(_), rest))) => {
                    (wide, narrow) = (after, rest);
                    continue;
                }
                (Some((one, after)), Some((two, rest))) if one == two => {
                    (wide, narrow) = (after, rest);
                    continue;
                }
                // As many as the other likes: what has to come at least comes out of what is after it.
                (Some((Sign::One, after)), Some((many, rest))) if many.is_many() && after.leads_to_star() => {
                    narrow = rest;
                    continue;
                }
                _ => {}
            }
            // The star takes one more.
            let Some((after, taken)) = star else { return false };
            let Some((_, rest)) = taken.next() else { return false };
            star = Some((after, rest));
            (wide, narrow) = (after, rest);
        }
    }

    /// Whether some text is matched by both, or may be.
    pub(in crate::document) fn overlap(self, other: Symbols<'_>) -> bool {
        let (one, two) = (self, other);
        if one.iter().chain(two.iter()).any(|sign| sign == Sign::Never) {
            return false;
        }
        // Most pairs differ before their first wildcard.
        let plain = |sign: &Sign<'_>| matches!(sign, Sign::Char(_));
        let different = one.iter().zip(two.iter()).take_while(|(one, two)| plain(one) && plain(two));
        if different.into_iter().any(|(one, two)| one != two) {
            return false;
        }
        let two: Vec<Sign<'_>> = two.iter().collect();
        // reached[j]: the symbols of `one` so far and the first j of `two` can match the same text.
        let mut reached = vec![false; two.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        close(&mut reached, &two);
        for sign in one.iter() {
            let mut next = vec![false; two.len() + 1];
            for (j, from) in reached.iter().enumerate() {
                if !from {
                    continue;
                }
                if sign.is_many() {
                    // It matches nothing, or everything up to any later place.
                    for place in next.iter_mut().skip(j) {
                        *place = true;
                    }
                    break;
                }
                match two.get(j) {
                    Some(theirs) if theirs.is_many() => set(&mut next, j),
                    Some(theirs) if sign.meets(*theirs) => set(&mut next, j + 1),
                    _ => {}
                }
            }
            close(&mut next, &two);
            reached = next;
        }
        reached.last().copied().unwrap_or_default()
    }
}

fn set(places: &mut [bool], at: usize) {
    if let Some(place) = places.get_mut(at) {
        *place = true;
    }
}

/// A wildcard for any number of characters may match none.
fn close(places: &mut [bool], two: &[Sign<'_>]) {
    for (j, sign) in two.iter().enumerate() {
        if places.get(j).copied().unwrap_or_default() && sign.is_many() {
            set(places, j + 1);
        }
    }
}
