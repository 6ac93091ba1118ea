//! Which states need what, indexed by the names that hints use for them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use hashbrown::HashMap;
use unicode_normalization::UnicodeNormalization;

use crate::finding::state_path;
use crate::permissions::{Permission, Requirements};

use super::Selector;

/// The place of a permission among those that are needed. Sorted as these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot {
    /// Of the execution role.
    Own(usize),
    /// Of a role that a task assumes.
    Assumed(usize),
}

impl Slot {
    pub(super) fn of(self, requirements: &Requirements) -> Option<&Permission> {
        match self {
            Slot::Own(at) => requirements.permissions.get(at),
            Slot::Assumed(at) => requirements.assumed.get(at).map(|(_, permission)| permission),
        }
    }

    pub(super) fn of_mut(self, requirements: &mut Requirements) -> Option<&mut Permission> {
        match self {
            Slot::Own(at) => requirements.permissions.get_mut(at),
            Slot::Assumed(at) => requirements.assumed.get_mut(at).map(|(_, permission)| permission),
        }
    }
}

/// All permissions, by the names of the states that need them.
pub(super) struct Lookup {
    states: HashMap<String, Vec<Slot>>,
    integrations: HashMap<String, Vec<Slot>>,
}

impl Lookup {
    pub(super) fn new(requirements: &Requirements) -> Self {
        let mut lookup = Lookup { states: HashMap::new(), integrations: HashMap::new() };
        for (at, permission) in requirements.permissions.iter().enumerate() {
            lookup.insert(Slot::Own(at), permission);
        }
        for (at, (_, permission)) in requirements.assumed.iter().enumerate() {
            lookup.insert(Slot::Assumed(at), permission);
        }
        lookup
    }

    /// Adds one at the end of its list.
    pub(super) fn insert(&mut self, slot: Slot, permission: &Permission) {
        for name in names(&permission.pointer) {
            self.states.entry(name).or_default().push(slot);
        }
        let origin: &str = &permission.origin;
        let without_pattern = origin.split_once('.').map(|(call, _)| call);
        for name in [Some(origin), without_pattern].into_iter().flatten() {
            self.integrations.entry(name.to_owned()).or_default().push(slot);
        }
    }

    /// Those that a hint is for, in their order.
    pub(super) fn slots(&self, selector: &Selector) -> Vec<Slot> {
        let found = |names: &HashMap<String, Vec<Slot>>, name: &str| -> Vec<Slot> {
            names.get(name).cloned().unwrap_or_default()
        };
        let mut slots = match selector {
            Selector::State(name) => {
                let mut slots = found(&self.states, name);
                if let Cow::Owned(composed) = composed(name) {
                    slots.extend(found(&self.states, &composed));
                }
                slots
            }
            Selector::Integration(name) => found(&self.integrations, name),
        };
        slots.sort_unstable();
        slots.dedup();
        slots
    }
}

/// All names by which a hint can select what is at a pointer: the pointer, the path, and each end of the path
/// behind a `States`; in their own form and, whichever way an editor composed the accents, in NFC.
pub(super) fn names(pointer: &str) -> BTreeSet<String> {
    let path = state_path(pointer);
    let mut names = BTreeSet::from([pointer.to_owned()]);
    let dotted = format!(".{path}");
    // Two in a row share the dot between them.
    let mut from = 0;
    while let Some(at) = dotted.get(from..).and_then(|rest| rest.find(".States.")) {
        from += at + 1;
        names.extend(dotted.get(from + "States.".len()..).map(str::to_owned));
    }
    names.insert(path);
    let in_nfc = names.iter().filter_map(|name| match composed(name) {
        Cow::Owned(composed) => Some(composed),
        Cow::Borrowed(_) => None,
    });
    let in_nfc: Vec<String> = in_nfc.collect();
    names.extend(in_nfc);
    names
}

/// The text in NFC; borrowed where that is certainly the text itself.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_meant_by_its_name_its_path_and_its_pointer() {
        let is_meant = |pointer: &str, name: &str| names(pointer).contains(name);
        let inner = "/States/Loop/ItemProcessor/States/N.x/Parameters";
        for name in ["N.x", "Loop.ItemProcessor.States.N.x", "States.Loop.ItemProcessor.States.N.x", inner] {
            assert!(is_meant(inner, name), "{name}");
        }
        for name in ["Loop", "x", "States.N.x", "N", ""] {
            assert!(!is_meant(inner, name), "{name}");
        }
        assert!(is_meant("/States/States", "States") && is_meant("/States/States", "States.States"));
        assert!(
            is_meant("/States/Gro\u{308}ße", "Größe") && is_meant("/States/Gro\u{308}ße", "Gro\u{308}ße")
        );
        assert!(is_meant("", ""));
    }
}
