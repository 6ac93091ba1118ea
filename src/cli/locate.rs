//! From findings to places in files.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::finding::{Code, Finding};
use crate::generator::tokens;
use crate::source::{Index, Position, Quoted, Source, Span};

/// The values of tokens, by their names.
type Values = BTreeMap<String, String>;

/// Finds the places of findings in one definition.
pub(super) struct Locator<'s> {
    index: Index<'s>,
    values: Option<Values>,
    outer: Option<Outer<'s>>,
}

/// A file in which the definition is a string.
pub(super) struct Outer<'s> {
    pub(super) index: &'s Index<'s>,
    /// The bytes of the string.
    pub(super) bytes: Range<usize>,
    pub(super) quoted: &'s Quoted,
}

impl<'s> Locator<'s> {
    /// Looks at the whole file once.
    pub(super) fn new(source: &'s Source, values: Option<Values>) -> Self {
        let nothing = Values::new();
        let given = values.as_ref().unwrap_or(&nothing);
        Locator { index: source.index(&|key| filled(key, given)), values, outer: None }
    }

    /// The same for a definition that is a string of another file.
    pub(super) fn inside(outer: Outer<'s>, source: &'s Source, values: Option<Values>) -> Self {
        Locator { outer: Some(outer), ..Locator::new(source, values) }
    }

    /// Where a finding is. A finding about an argument, or about the whole definition, is at the beginning.
    pub(super) fn span(&self, finding: &Finding) -> Span {
        let bytes = self.bytes(finding);
        match &self.outer {
            None => bytes.map_or(Position::START.into(), |bytes| self.index.span(&bytes)),
            Some(outer) => {
                let bytes = bytes.unwrap_or_default();
                let origin = |byte| outer.bytes.start + outer.quoted.origin(byte);
                outer.index.span(&(origin(bytes.start)..origin(bytes.end)))
            }
        }
    }

    fn bytes(&self, finding: &Finding) -> Option<Range<usize>> {
        if let Some((line, column)) = finding.place.position {
            let byte = self.index.byte(Position { line, column });
            return Some(byte..byte);
        }
        match finding.code {
            Code::LeftOverToken | Code::MissingSubstitution => self.first_token(),
            _ if finding.place.argument.name != "definition" || finding.place.pointer.is_empty() => None,
            _ => self.place(&finding.place.pointer),
        }
    }

    /// The first token of the text that has no value.
    fn first_token(&self) -> Option<Range<usize>> {
        let has_value = |name: &str| self.values.as_ref().is_some_and(|values| values.contains_key(name));
        self.index.texts().into_iter().find_map(|(bytes, text)| {
            let token = tokens(text).find(|token| !has_value(token.name))?;
            Some(bytes.start + token.bytes.start..bytes.start + token.bytes.end)
        })
    }

    /// The place of a pointer; where a token's value is the cause, the token.
    fn place(&self, pointer: &str) -> Option<Range<usize>> {
        let found = self.index.find(pointer)?;
        if found.is_scalar && self.values.is_some() {
            let start = found.value.start;
            if let Some(token) = tokens(self.index.text(&found.value)).next() {
                return Some(start + token.bytes.start..start + token.bytes.end);
            }
        }
        Some(found.shown())
    }
}

/// A key with values in the place of its tokens.
fn filled(key: String, values: &Values) -> String {
    if values.is_empty() || !key.contains("${") {
        return key;
    }
    let (mut made, mut done) = (String::new(), 0);
    for token in tokens(&key) {
        made.push_str(key.get(done..token.bytes.start).unwrap_or_default());
        made.push_str(values.get(token.name).map(String::as_str).unwrap_or_default());
        done = token.bytes.end;
    }
    made.push_str(key.get(done..).unwrap_or_default());
    made
}
