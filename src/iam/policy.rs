//! A policy document and its JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Condition, Statement};

/// The version of IAM's policy language; older ones have no policy variables.
pub const VERSION: &str = "2012-10-17";

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

impl Effect {
    /// The name that IAM reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        }
    }
}

/// A policy document: statements that allow, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// In ascending order. None means that nothing is needed.
    pub statements: Vec<Statement>,
}

impl Policy {
    /// The effect, the actions, the resources and the conditions of each statement of the document.
    ///
    /// IAM does not accept a document without statements. When nothing is needed, this is the statement that
    /// AWS documents for such state machines: deny everything.
    #[must_use]
    pub fn rows(&self) -> Vec<(Effect, Statement)> {
        if self.statements.is_empty() {
            return vec![(Effect::Deny, Statement::everything())];
        }
        self.statements.iter().map(|statement| (Effect::Allow, statement.clone())).collect()
    }

    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The document, indented by two spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, lists and maps with string keys: nothing here that serialization could reject.
        self.serialized(|document| serde_json::to_string_pretty(document).unwrap_or_default())
    }

    /// The same for as long as somebody wants it, who is asked before each statement; else a part of it.
    #[must_use]
    pub fn to_json_while(&self, wanted: &dyn Fn() -> bool) -> String {
        if self.statements.is_empty() {
            return self.to_json();
        }
        let statements = self.statements.iter().take_while(|_| wanted());
        serde_json::to_string_pretty(&Document::of(Effect::Allow, statements)).unwrap_or_default()
    }

    /// The characters of the document as IAM counts them: white space is left out.
    ///
    /// White space inside of strings is counted, which keeps a margin.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.serialized(|document| counted(document))
    }

    /// The document without white space.
    #[must_use]
    pub fn to_minified_json(&self) -> String {
        self.serialized(|document| serde_json::to_string(document).unwrap_or_default())
    }

    fn serialized<T>(&self, write: impl FnOnce(&Document<'_>) -> T) -> T {
        if self.statements.is_empty() {
            let everything = Statement::everything();
            return write(&Document::of(Effect::Deny, [&everything]));
        }
        write(&Document::of(Effect::Allow, &self.statements))
    }
}

/// The characters of a document around its statements.
pub const FRAME: u64 = "{\"Version\":\"\",\"Statement\":[]}".len() as u64 + VERSION.len() as u64;

impl Statement {
    /// The characters that the statement takes in a document, without the comma between two.
    #[must_use]
    pub fn size(&self) -> u64 {
        counted(&Row::of(Effect::Allow, self))
    }
}

/// The characters that an action or a resource takes in a statement, without the comma between two.
#[must_use]
pub fn text_size(text: &str) -> u64 {
    counted(text)
}

fn counted(value: &(impl Serialize + ?Sized)) -> u64 {
    let mut counter = Counter(0);
    // Nothing here that serialization or counting could reject.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}

/// Counts the characters of UTF-8 text that is written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Every character has exactly one byte that is not a continuation byte.
        let characters = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.0 += u64::try_from(characters).unwrap_or(u64::MAX);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    version: &'static str,
    statement: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    effect: &'static str,
    action: &'a [String],
    resource: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    condition: BTreeMap<&'static str, BTreeMap<&'a str, Vec<String>>>,
}

impl<'a> Document<'a> {
    fn of(effect: Effect, statements: impl IntoIterator<Item = &'a Statement>) -> Self {
        let row = |statement: &'a Statement| Row::of(effect, statement);
        Document { version: VERSION, statement: statements.into_iter().map(row).collect() }
    }
}

impl<'a> Row<'a> {
    fn of(effect: Effect, statement: &'a Statement) -> Self {
        Row {
            effect: effect.name(),
            action: &statement.actions,
            resource: &statement.resources,
            condition: by_operator(&statement.conditions),
        }
    }
}

/// Conditions as a statement has them: operator, key, values.
pub(super) fn by_operator(conditions: &[Condition]) -> BTreeMap<&'static str, BTreeMap<&str, Vec<String>>> {
    let mut operators: BTreeMap<&'static str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for condition in conditions {
        operators.entry(condition.operator.name()).or_default().insert(&condition.key, condition.texts());
    }
    operators
}
