//! Whom a hint is for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::asl::StateMachine;
use crate::finding::{quoted, state_path};
use crate::permissions::Requirements;

use super::Selector;

/// Whom a hint is for, ready to be compared.
pub(super) struct Whom<'h> {
    selector: &'h Selector,
    /// The state in NFC.
    composed: String,
}

impl<'h> Whom<'h> {
    pub(super) fn new(selector: &'h Selector) -> Self {
        Whom { composed: composed(selector.name().0).into_owned(), selector }
    }

    /// Whether it is for what stands at a pointer and asks by the name of an integration.
    pub(super) fn selects(&self, pointer: &str, origin: &str) -> bool {
        match self.selector {
            Selector::State(_) => self.is_state(pointer),
            Selector::Integration(name) => {
                origin == name || origin.split_once('.').is_some_and(|(call, _)| call == name)
            }
        }
    }

    /// A state is found in its own form and, whichever way an editor composed the accents of either, in NFC.
    fn is_state(&self, pointer: &str) -> bool {
        let Selector::State(name) = self.selector else { return false };
        let path = state_path(pointer);
        let is =
            |name: &str, path: &str| name == path || format!(".{path}").ends_with(&format!(".States.{name}"));
        name == pointer || is(name, &path) || is(&self.composed, &composed(&path))
    }

    /// Those that there are, the most alike first, if there is none of the name.
    pub(super) fn missing(
        &self,
        machine: &StateMachine<'_>,
        requirements: &Requirements,
    ) -> Option<Vec<String>> {
        let name = match self.selector {
            Selector::State(name) => {
                let states = machine.states();
                if states.iter().any(|state| self.is_state(&state.pointer)) {
                    return None;
                }
                let names = states.iter().map(|state| state.name.to_owned()).collect();
                return Some(by_likeness(name, names));
            }
            Selector::Integration(name) => name,
        };
        let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
        let all = requirements.permissions.iter().chain(assumed);
        let origins: BTreeSet<String> = all.map(|permission| permission.origin.to_string()).collect();
        if origins.iter().any(|origin| self.selects("", origin)) {
            return None;
        }
        Some(by_likeness(name, origins.into_iter().filter(|origin| origin.contains(':')).collect()))
    }
}

fn by_likeness(name: &str, names: BTreeSet<String>) -> Vec<String> {
    let mut rated: Vec<(f64, String)> =
        names.into_iter().map(|other| (strsim::jaro_winkler(name, &other), other)).collect();
    rated.sort_by(|(one, name), (other, other_name)| other.total_cmp(one).then_with(|| name.cmp(other_name)));
    rated.into_iter().map(|(_, name)| name).collect()
}

fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() }
}

impl fmt::Display for Whom<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.selector {
            Selector::State(name) => write!(formatter, "State {}", quoted(name)),
            Selector::Integration(name) => write!(formatter, "Integration {}", quoted(name)),
        }
    }
}
