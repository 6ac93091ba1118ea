//! What is known of the context of a request.

use std::collections::BTreeMap;

use super::{Glob, VariableValue};

/// What is known of the request's context, by key in lower case. A key that is not listed is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, ContextValue>,
    /// Whether keys that are not listed are certainly absent.
    complete: bool,
}

/// What the context has for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// The request certainly has no such key.
    Absent,
    /// It certainly has these values: one, or several for a key with sets of values.
    Known(Vec<String>),
    /// It certainly has one value, which this pattern matches.
    Like(Glob),
    /// It certainly has a value that this pattern matches, and perhaps others: a key with sets of values.
    Among(Glob),
    /// Nothing is known.
    Unknown,
}

impl Context {
    /// A context with the keys that are added, and no others.
    #[must_use]
    pub fn complete() -> Self {
        Context { complete: true, ..Context::default() }
    }

    /// Adds what is known of a key.
    #[must_use]
    pub fn with(mut self, key: &str, value: ContextValue) -> Self {
        self.keys.insert(key.to_ascii_lowercase(), value);
        self
    }

    pub(super) fn get(&self, key: &str) -> ContextValue {
        match self.keys.get(key) {
            Some(value) => value.clone(),
            None if self.complete => ContextValue::Absent,
            None => ContextValue::Unknown,
        }
    }

    /// What replaces a policy variable.
    pub(super) fn variable(&self, name: &str) -> VariableValue {
        match self.get(name) {
            ContextValue::Absent => VariableValue::Absent,
            ContextValue::Known(values) => match values.as_slice() {
                [one] => VariableValue::Known(one.clone()),
                _ => VariableValue::Unknown,
            },
            _ => VariableValue::Unknown,
        }
    }
}
