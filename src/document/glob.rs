//! Texts with IAM's wildcards and policy variables.

mod arn;
mod symbols;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub(super) use symbols::Symbols;
use symbols::{Symbol, Variable};

/// A text of a policy as IAM reads it: `*` and `?` are wildcards, `${…}` is a policy variable, and `${*}`,
/// `${?}` and `${$}` are the plain characters. Copies share it.
///
/// Source: "IAM policy elements: variables and tags" of the IAM user guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    text: Arc<str>,
    meaning: Meaning,
}

/// The content of a text. Of one content only the first of these forms that has it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    /// Itself, as most texts do.
    Itself,
    /// Itself, but for its `*` and `?`, which are wildcards.
    Wild,
    /// An action: the same, of its text in lower case.
    Folded(Arc<str>),
    /// These.
    Symbols(Arc<[Symbol]>),
}

/// A character that is rare in texts.
const STRANGE: Symbol = Symbol::Char('\u{1}');

impl Glob {
    /// Reads a text in which `*`, `?` and `${…}` have their meaning.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::with(text, true)
    }

    /// Reads a text for an operator without wildcards, such as `StringEquals`: only `${…}` has a meaning.
    #[must_use]
    pub fn read_exact(text: &str) -> Self {
        Self::with(text, false)
    }

    /// Reads an action, which IAM compares without regard to case.
    #[must_use]
    pub fn read_action(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let glob = Self::read(&lower);
        if lower == text {
            return glob;
        }
        let meaning = match glob.meaning {
            // Without wildcards it means the same.
            Meaning::Itself | Meaning::Wild => Meaning::Folded(glob.text),
            other => other,
        };
        Glob { text: text.into(), meaning }
    }

    /// A text in which every character matches itself.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Glob { text: text.into(), meaning: Meaning::Itself }
    }

    /// A text with these symbols.
    fn of_symbols(text: Arc<str>, symbols: Vec<Symbol>) -> Self {
        let are = |own: Symbols<'_>| own.iter().eq(Symbols::Made(&symbols).iter());
        let meaning = if are(Symbols::Plain(&text)) {
            Meaning::Itself
        } else if are(Symbols::Wild(&text)) {
            Meaning::Wild
        } else {
            Meaning::Symbols(symbols.into())
        };
        Glob { text, meaning }
    }

    pub(super) fn symbols(&self) -> Symbols<'_> {
        match &self.meaning {
            Meaning::Itself => Symbols::Plain(&self.text),
            Meaning::Wild => Symbols::Wild(&self.text),
            Meaning::Folded(text) => Symbols::Wild(text),
            Meaning::Symbols(symbols) => Symbols::Made(symbols),
        }
    }

    /// Reads a text of a document whose version knows no policy variables: only `*` and `?` have a meaning.
    #[must_use]
    pub(super) fn read_without_variables(text: &str) -> Self {
        let glob = Self::read(&without_variables(text));
        if *glob.text == *text { glob } else { Self::of_symbols(text.into(), glob.symbols().to_vec()) }
    }

    fn with(text: &str, wildcards: bool) -> Self {
        // Without a way out of the loop several bytes are looked at at once.
        let (has_wildcards, has_dollar) = text.bytes().fold((false, false), |(wild, dollar), byte| {
            (wild | matches!(byte, b'*' | b'?'), dollar | (byte == b'$'))
        });
        let has_wildcards = wildcards && has_wildcards;
        if !has_dollar {
            let meaning = if has_wildcards { Meaning::Wild } else { Meaning::Itself };
            // In most texts no two wildcards meet.
            if !has_wildcards || !Symbols::Wild(text).have_neighbours() {
                return Glob { text: text.into(), meaning };
            }
        }
        let mut symbols = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?', '$']) {
            let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
            symbols.extend(plain.chars().map(Symbol::Char));
            let variable = special.strip_prefix("${").and_then(|rest| rest.split_once('}'));
            let mut characters = special.chars();
            let symbol = match (variable, characters.next()) {
                (Some((variable, tail)), _) => {
                    characters = tail.chars();
                    variable_symbol(variable)
                }
                (None, Some('*')) if wildcards => Symbol::Any,
                (None, Some('?')) if wildcards => Symbol::One,
                (None, other) => {
                    symbols.extend(other.map(Symbol::Char));
                    rest = characters.as_str();
                    continue;
                }
            };
            symbols.push(symbol);
            rest = characters.as_str();
        }
        symbols.extend(rest.chars().map(Symbol::Char));
        if wildcards {
            normalize(&mut symbols);
        }
        Self::of_symbols(text.into(), symbols)
    }

    /// The text as the policy has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text as the policy has it, shared with those who keep it.
    pub(super) fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The one text that it matches, if it has neither wildcards nor variables.
    #[must_use]
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        let plain = |symbol: &Symbol| match symbol {
            Symbol::Char(character) => Some(*character),
            _ => None,
        };
        match &self.meaning {
            Meaning::Itself => Some(Cow::Borrowed(&self.text)),
            Meaning::Wild => None,
            Meaning::Folded(text) => Some(Cow::Borrowed(&**text)).filter(|text| !text.contains(['*', '?'])),
            Meaning::Symbols(symbols) => {
                symbols.iter().map(plain).collect::<Option<String>>().map(Cow::Owned)
            }
        }
    }

    /// The plain texts before, between and after the wildcards and variables; empty where two of these meet.
    pub(super) fn runs(&self) -> Vec<Cow<'_, str>> {
        let symbols = match &self.meaning {
            Meaning::Itself => return vec![Cow::Borrowed(&self.text)],
            Meaning::Wild => return self.text.split(['*', '?']).map(Cow::Borrowed).collect(),
            Meaning::Folded(text) => return text.split(['*', '?']).map(Cow::Borrowed).collect(),
            Meaning::Symbols(symbols) => symbols,
        };
        let mut runs = vec![String::new()];
        for symbol in symbols.iter() {
            match (symbol, runs.last_mut()) {
                (Symbol::Char(character), Some(last)) => last.push(*character),
                _ => runs.push(String::new()),
            }
        }
        runs.into_iter().map(Cow::Owned).collect()
    }

    /// Two texts that it matches: one with nothing for each `*`, one with a rare character there. `None` if
    /// it has variables, whose text is unknown.
    #[must_use]
    pub fn examples(&self) -> Option<[Glob; 2]> {
        if self.has_variables() {
            return None;
        }
        let example = |any: Option<Symbol>| {
            let symbols = self.symbols().to_vec().into_iter().filter_map(|symbol| match symbol {
                Symbol::Any => any.clone(),
                Symbol::One => Some(STRANGE),
                other => Some(other),
            });
            Self::of_symbols(self.shared_text(), symbols.collect())
        };
        Some([example(None), example(Some(STRANGE))])
    }

    /// The same with its plain characters in lower case.
    pub(super) fn to_lowercase(&self) -> Self {
        let lower = |symbol: Symbol| match symbol {
            Symbol::Char(character) => character.to_lowercase().map(Symbol::Char).collect(),
            other => vec![other],
        };
        let symbols = self.symbols().to_vec().into_iter().flat_map(lower);
        Self::of_symbols(self.shared_text(), symbols.collect())
    }

    /// Whether a part of it depends on the request.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        let is_variable = |symbol: &Symbol| matches!(symbol, Symbol::Variable(_));
        matches!(&self.meaning, Meaning::Symbols(symbols) if symbols.iter().any(is_variable))
    }

    /// The same with each variable replaced by what `value` has for its name, or else by its default. One
    /// whose value is not known stays in place; one that has no value makes the text match nothing.
    #[must_use]
    pub fn resolved(&self, value: impl Fn(&str) -> VariableValue) -> Self {
        let Meaning::Symbols(own) = &self.meaning else { return self.clone() };
        let mut symbols = Vec::with_capacity(own.len());
        for symbol in own.iter() {
            let Symbol::Variable(variable) = symbol else {
                symbols.push(symbol.clone());
                continue;
            };
            match (value(&variable.name), &variable.default) {
                (VariableValue::Known(text), _) => symbols.extend(text.chars().map(Symbol::Char)),
                (VariableValue::Absent, Some(text)) => symbols.extend(text.chars().map(Symbol::Char)),
                (VariableValue::Absent, None) => symbols.push(Symbol::Never),
                _ => symbols.push(symbol.clone()),
            }
        }
        Self::of_symbols(self.shared_text(), symbols)
    }

    /// Whether every text that `narrow` matches is matched. "Yes" is always certain; "no" is certain unless
    /// one of them has a variable.
    #[must_use]
    pub fn covers(&self, narrow: &Glob) -> bool {
        self.symbols().cover(narrow.symbols())
    }

    /// Whether some text is matched by both. A variable counts as any text, so the answer is "perhaps" where
    /// there are variables.
    #[must_use]
    pub fn overlaps(&self, other: &Glob) -> bool {
        self.symbols().overlap(other.symbols())
    }
}

/// A text without policy variables that is otherwise equivalent.
pub(super) fn without_variables(text: &str) -> String {
    text.replace("${", "${$}{")
}

/// The value of a policy variable in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableValue {
    /// This text.
    Known(String),
    /// No such key.
    Absent,
    /// It is not known.
    Unknown,
}

fn variable_symbol(variable: &str) -> Symbol {
    match variable {
        "*" => Symbol::Char('*'),
        "?" => Symbol::Char('?'),
        "$" => Symbol::Char('$'),
        _ => {
            let (name, default) = match variable.split_once(',') {
                Some((name, default)) => (name, Some(default.trim().trim_matches('\'').to_owned())),
                None => (variable, None),
            };
            Symbol::Variable(Box::new(Variable { name: name.trim().to_ascii_lowercase(), default }))
        }
    }
}

/// In a run of `*` and `?`, each `?` before one `*`: `*?*` and `?*` match the same texts, and only one of the
/// spellings is left.
fn normalize(symbols: &mut Vec<Symbol>) {
    // Most have no two of them in a row.
    if !Symbols::Made(symbols).have_neighbours() {
        return;
    }
    let mut made = Vec::with_capacity(symbols.len());
    let mut any = false;
    for symbol in symbols.drain(..) {
        match symbol {
            Symbol::Any => any = true,
            Symbol::One => made.push(Symbol::One),
            other => {
                if std::mem::take(&mut any) {
                    made.push(Symbol::Any);
                }
                made.push(other);
            }
        }
    }
    if any {
        made.push(Symbol::Any);
    }
    *symbols = made;
}

impl fmt::Display for Glob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// All patterns of up to four of these symbols, for tests that compare an index with a linear search.
#[cfg(test)]
pub(super) fn short_patterns() -> Vec<Glob> {
    let symbols = ["a", "b", "*", "?"];
    let mut texts = std::collections::BTreeSet::from([String::new()]);
    for _ in 0..4 {
        let longer: Vec<_> =
            texts.iter().flat_map(|text| symbols.map(|symbol| format!("{text}{symbol}"))).collect();
        texts.extend(longer);
    }
    texts.iter().map(|text| Glob::read(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All texts over these characters, up to a length.
    fn texts(characters: &[char], length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..length {
            last = last
                .iter()
                .flat_map(|text| characters.iter().map(move |character| format!("{text}{character}")))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    /// Against the languages themselves. Two letters that occur in patterns and one that does not represent
    /// the alphabet; texts of up to seven characters distinguish patterns of up to four.
    #[test]
    fn covering_and_overlapping_are_exact() {
        let patterns: Vec<Glob> =
            texts(&['a', 'b', '*', '?'], 4).iter().map(|text| Glob::read(text)).collect();
        let texts: Vec<Glob> = texts(&['a', 'b', 'x'], 7).iter().map(|text| Glob::plain(text)).collect();
        let languages: Vec<Vec<bool>> =
            patterns.iter().map(|pattern| texts.iter().map(|text| pattern.covers(text)).collect()).collect();
        for (one, ours) in patterns.iter().zip(&languages) {
            for (two, theirs) in patterns.iter().zip(&languages) {
                let subset = ours.iter().zip(theirs).all(|(ours, theirs)| *ours || !theirs);
                assert!(!one.covers(two) || subset, "{one} does not cover {two}");
                assert!(one.covers(two) || !subset, "{one} covers {two}");
                let common = ours.iter().zip(theirs).any(|(ours, theirs)| *ours && *theirs);
                assert_eq!(one.overlaps(two), common, "{one} overlaps {two}");
            }
        }
    }

    #[test]
    fn escapes_stand_for_themselves() {
        assert_eq!(Glob::read("a${*}b${?}${$}{x}").literal().as_deref(), Some("a*b?${x}"));
        assert!(!Glob::read("a${*}").covers(&Glob::plain("ab")));
        assert_eq!(Glob::read_exact("a*").literal().as_deref(), Some("a*"));
    }

    #[test]
    fn variables_are_left_to_the_request() {
        let home = Glob::read("arn:aws:s3:::home/${aws:username}/*");
        assert!(home.has_variables());
        assert!(!home.covers(&Glob::plain("arn:aws:s3:::home/ann/x")));
        assert!(home.overlaps(&Glob::plain("arn:aws:s3:::home/ann/x")));
        assert!(!home.overlaps(&Glob::plain("arn:aws:s3:::away/ann/x")));
        let known = home.resolved(|name| match name {
            "aws:username" => VariableValue::Known("ann".to_owned()),
            _ => VariableValue::Unknown,
        });
        assert!(known.covers(&Glob::plain("arn:aws:s3:::home/ann/x")));
        let nobody = home.resolved(|_| VariableValue::Absent);
        assert!(!nobody.overlaps(&Glob::read("*")) && !Glob::read("*").overlaps(&nobody));
        let by_default = Glob::read("${aws:username, 'all'}").resolved(|_| VariableValue::Absent);
        assert_eq!(by_default.literal().as_deref(), Some("all"));
    }
}
