//! The answer to a message about denied access.

use crate::finding::listed;

/// The answer about one action.
#[derive(Clone, Debug)]
pub(super) struct ActionAnswer {
    pub(super) action: String,
    pub(super) asked_by: Vec<ActionUse>,
    /// How far the policy allows it.
    pub(super) allowed: Allowed,
    /// Whole sentences.
    pub(super) sentences: Vec<String>,
}

/// States that need an action, and its resources.
#[derive(Clone, Debug)]
pub(super) struct ActionUse {
    pub(super) statement: usize,
    pub(super) integration: String,
    pub(super) states: Vec<String>,
    pub(super) resources: Vec<String>,
}

/// How far a policy allows an action on the resource of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    Yes,
    /// Under conditions, or on some of the resources that the message may mean.
    Partly,
    No,
}

impl Allowed {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Allowed::Yes => "yes",
            Allowed::Partly => "partly",
            Allowed::No => "no",
        }
    }
}

impl ActionUse {
    /// The integration and its states.
    pub(super) fn by(&self) -> String {
        let states: Vec<&str> = self.states.iter().map(String::as_str).collect();
        match states.is_empty() {
            true => self.integration.clone(),
            false => format!("{} in {}", self.integration, listed(&states)),
        }
    }
}
