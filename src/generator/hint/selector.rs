//! Which states a hint is for, and the names that exist if there are none.

use std::collections::BTreeSet;
use std::fmt;

use hashbrown::HashSet;

use crate::asl::StateMachine;
use crate::finding::quoted;
use crate::generator::limits::MAX_HINTS_WITH_SUGGESTIONS;
use crate::permissions::Requirements;

use super::Selector;
use super::lookup::{composed, names};

/// The names that a hint can have, computed when the first hint matches nothing.
pub(super) struct Known {
    /// All names of all states.
    states: HashSet<String>,
    /// The states as suggestions have them.
    state_names: BTreeSet<String>,
    integrations: BTreeSet<String>,
    suggestions: usize,
}

impl Known {
    pub(super) fn new(machine: &StateMachine<'_>, requirements: &Requirements) -> Self {
        let states = machine.states();
        let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
        let all = requirements.permissions.iter().chain(assumed);
        Known {
            states: states.iter().flat_map(|state| names(&state.pointer)).collect(),
            state_names: states.iter().map(|state| state.name.to_owned()).collect(),
            integrations: all.map(|permission| permission.origin.to_string()).collect(),
            suggestions: MAX_HINTS_WITH_SUGGESTIONS,
        }
    }

    /// The existing ones, the most similar first, if there is none with this name.
    pub(super) fn missing(&mut self, selector: &Selector) -> Option<Vec<String>> {
        let (name, is_there) = match selector {
            Selector::State(name) => {
                (name, self.states.contains(name) || self.states.contains(composed(name).as_ref()))
            }
            Selector::Integration(name) => {
                let is = |origin: &String| {
                    origin == name || origin.split_once('.').is_some_and(|(call, _)| call == name)
                };
                (name, self.integrations.iter().any(is))
            }
        };
        if is_there {
            return None;
        }
        if self.suggestions == 0 {
            return Some(Vec::new());
        }
        self.suggestions -= 1;
        Some(match selector {
            Selector::State(_) => by_likeness(name, self.state_names.iter().collect()),
            Selector::Integration(_) => {
                by_likeness(name, self.integrations.iter().filter(|origin| origin.contains(':')).collect())
            }
        })
    }
}

fn by_likeness(name: &str, names: Vec<&String>) -> Vec<String> {
    let mut rated: Vec<(f64, &String)> =
        names.into_iter().map(|other| (strsim::jaro_winkler(name, other), other)).collect();
    rated.sort_by(|(one, name), (other, other_name)| other.total_cmp(one).then_with(|| name.cmp(other_name)));
    rated.into_iter().map(|(_, name)| name.clone()).collect()
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::State(name) => write!(formatter, "State {}", quoted(name)),
            Selector::Integration(name) => write!(formatter, "Integration {}", quoted(name)),
        }
    }
}
