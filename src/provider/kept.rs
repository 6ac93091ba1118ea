//! The result of a validation, kept for the read that follows: in a configured process, hosts validate a data
//! source and then read it at once with the same arguments.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::protocol::value::Value;

use super::limits::{MAX_KEPT_BYTES, MAX_READINGS};
use super::{Config, Reading};

/// Results, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<VecDeque<Entry>>);

#[derive(Debug)]
struct Entry {
    name: &'static str,
    arguments: Value,
    provider: Arc<Config>,
    reading: Reading,
}

impl Entry {
    fn bytes(&self) -> usize {
        self.arguments.get("definition").as_str().map_or(0, str::len)
    }
}

impl Kept {
    /// Keeps a result. The oldest ones make room for it; one that is too large is not kept.
    pub(super) fn put(&self, name: &'static str, arguments: Value, provider: Arc<Config>, reading: Reading) {
        let entry = Entry { name, arguments, provider, reading };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(entry);
        while kept.len() > MAX_READINGS || kept.iter().map(Entry::bytes).sum::<usize>() > MAX_KEPT_BYTES {
            kept.pop_front();
        }
    }

    /// Takes the result for these arguments and exactly this configuration of the provider, if there is one.
    pub(super) fn take(&self, name: &str, arguments: &Value, provider: &Arc<Config>) -> Option<Reading> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |entry: &Entry| {
            entry.name == name && Arc::ptr_eq(&entry.provider, provider) && entry.arguments == *arguments
        };
        let at = kept.iter().position(is_it)?;
        kept.remove(at).map(|entry| entry.reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(definition: &str) -> Value {
        Value::object([("definition", Value::from(definition))])
    }

    fn reading(text: &str) -> Reading {
        (Some(text.into()), Vec::new())
    }

    #[test]
    fn a_reading_is_taken_once_and_by_its_own_arguments() {
        let (kept, provider) = (Kept::default(), Arc::new(Config::default()));
        kept.put("one", arguments("a"), Arc::clone(&provider), reading("a"));
        kept.put("one", arguments("b"), Arc::clone(&provider), reading("b"));
        assert_eq!(kept.take("two", &arguments("a"), &provider), None);
        assert_eq!(kept.take("one", &arguments("c"), &provider), None);
        assert_eq!(kept.take("one", &arguments("b"), &Arc::new(Config::default())), None);
        assert_eq!(kept.take("one", &arguments("b"), &provider), Some(reading("b")));
        assert_eq!(kept.take("one", &arguments("b"), &provider), None);
        assert_eq!(kept.take("one", &arguments("a"), &provider), Some(reading("a")));
    }

    #[test]
    fn there_are_never_many() {
        let (kept, provider) = (Kept::default(), Arc::new(Config::default()));
        let put = |definition: &str| {
            kept.put("one", arguments(definition), Arc::clone(&provider), reading(definition));
        };
        (0..=MAX_READINGS).for_each(|number| put(&number.to_string()));
        assert_eq!(kept.take("one", &arguments("0"), &provider), None);
        assert_eq!(kept.take("one", &arguments("1"), &provider), Some(reading("1")));
        put(&"x".repeat(MAX_KEPT_BYTES + 1));
        assert!(kept.0.lock().unwrap().is_empty());
    }
}
