//! The answer to a read, kept from the validation before it: in a configured process, hosts validate a data
//! source and then read it at once with the same arguments.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::diagnostic::Diagnostic;
use super::limits::{MAX_KEPT, MAX_KEPT_BYTES};
use super::proto::DynamicValue;

/// What a read answers: the state, and the diagnostics.
pub(super) type Answer = (Option<DynamicValue>, Vec<Diagnostic>);

/// Answers, the oldest first.
#[derive(Default)]
pub(super) struct Kept(Mutex<VecDeque<Entry>>);

struct Entry {
    name: String,
    arguments: DynamicValue,
    /// The number of the provider's configuration.
    configuration: usize,
    answer: Answer,
}

impl Kept {
    /// Keeps an answer. The oldest ones make room for it; one to too many arguments is not kept.
    pub(super) fn put(&self, name: &str, arguments: DynamicValue, configuration: usize, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Entry { name: name.to_owned(), arguments, configuration, answer });
        while kept.len() > MAX_KEPT
            || kept.iter().map(|entry| bytes(&entry.arguments)).sum::<usize>() > MAX_KEPT_BYTES
        {
            kept.pop_front();
        }
    }

    /// Takes the answer to exactly these arguments with this configuration of the provider, if there is one.
    pub(super) fn take(&self, name: &str, arguments: &DynamicValue, configuration: usize) -> Option<Answer> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |entry: &Entry| {
            entry.name == name && entry.configuration == configuration && entry.arguments == *arguments
        };
        let at = kept.iter().position(is_it)?;
        kept.remove(at).map(|entry| entry.answer)
    }
}

fn bytes(arguments: &DynamicValue) -> usize {
    arguments.msgpack.len() + arguments.json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> DynamicValue {
        DynamicValue { msgpack: text.into(), json: Vec::new() }
    }

    fn answer(text: &str) -> Answer {
        (Some(value(text)), Vec::new())
    }

    #[test]
    fn an_answer_is_taken_once_and_by_its_own_arguments() {
        let kept = Kept::default();
        kept.put("one", value("a"), 1, answer("a"));
        kept.put("one", value("b"), 1, answer("b"));
        let json = DynamicValue { msgpack: Vec::new(), json: b"b".into() };
        for (name, arguments, configuration) in
            [("two", value("a"), 1), ("one", value("c"), 1), ("one", value("b"), 2), ("one", json, 1)]
        {
            assert_eq!(kept.take(name, &arguments, configuration), None);
        }
        assert_eq!(kept.take("one", &value("b"), 1), Some(answer("b")));
        assert_eq!(kept.take("one", &value("b"), 1), None);
        assert_eq!(kept.take("one", &value("a"), 1), Some(answer("a")));
    }

    #[test]
    fn there_are_never_many() {
        let kept = Kept::default();
        (0..=MAX_KEPT).for_each(|number| kept.put("one", value(&number.to_string()), 1, answer("")));
        assert_eq!(kept.take("one", &value("0"), 1), None);
        assert_eq!(kept.take("one", &value("1"), 1), Some(answer("")));
        kept.put("one", value(&"x".repeat(MAX_KEPT_BYTES + 1)), 1, answer(""));
        assert!(kept.0.lock().unwrap().is_empty());
    }
}
