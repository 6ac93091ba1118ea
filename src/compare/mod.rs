//! A role's policies beside what its state machines need: what is missing, what is in excess, and what only
//! the run decides.
//!
//! Sound both ways: nothing is called missing that is allowed, and nothing in excess that is needed. What
//! cannot be said is undecided.

mod actions;
mod excess;
mod missing;
mod need;

pub use actions::ActionList;
pub use need::{Need, Surroundings};

use crate::document::Document;

/// The policies of a role.
#[derive(Clone, Copy, Debug)]
pub struct Policies<'d> {
    /// The role's own policies, inline and managed.
    pub documents: &'d [Document],
    /// Its permissions boundary, if it has one.
    pub boundary: Option<&'d Document>,
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What a state needs and the policies never allow.
    pub missing: Vec<Difference>,
    /// What the policies allow and no state needs.
    pub excess: Vec<Difference>,
    /// What the run, or a part of the request that nobody knows before, decides.
    pub undecided: Vec<Difference>,
}

/// A row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The state machine that needs it, by its position from 0; `None` for what none needs.
    pub machine: Option<usize>,
    /// JSON pointers of the states that need it, in ascending order; empty for the machine itself, and for
    /// what none needs.
    pub states: Vec<String>,
    /// In ascending order. For an excess: the action as the policy writes it.
    pub actions: Vec<String>,
    /// In ascending order. For an excess: the resources as the policy writes them.
    pub resources: Vec<String>,
    /// The conditions under which the state needs it: operator, key, values.
    pub conditions: Vec<(String, String, Vec<String>)>,
    /// Why it is here.
    pub reason: Reason,
    /// For an excess: the statement, as a JSON pointer behind the position of its policy: `0/Statement/2`.
    /// Else empty.
    pub statement: String,
    /// For an excess: the actions and resources of the statement that are enough in their place. Else empty.
    pub enough: (Vec<String>, Vec<String>),
}

/// Why a row is in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No statement allows it.
    NotAllowed,
    /// A statement denies it.
    Denied,
    /// The permissions boundary does not allow it.
    Boundary,
    /// The policies allow it on some of the resources that the run may name.
    SomeResources,
    /// A condition is about something that cannot be known before the run.
    UnknownCondition,
    /// No state needs the action.
    UnusedAction,
    /// A state needs the action, but not on these resources.
    WiderResource,
    /// A state needs it, but only under a condition that the statement does not have.
    Condition,
    /// `Allow` with `NotAction` allows every action that exists and every one to come.
    NotAction,
}

impl Reason {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Reason::NotAllowed => "not-allowed",
            Reason::Denied => "denied",
            Reason::Boundary => "boundary",
            Reason::SomeResources => "some-resources",
            Reason::UnknownCondition => "unknown-condition",
            Reason::UnusedAction => "unused-action",
            Reason::WiderResource => "wider-resource",
            Reason::Condition => "condition",
            Reason::NotAction => "not-action",
        }
    }
}

/// Compares. `needs` is the yardstick of what is missing, `granted` that of what is in excess: the same for
/// least privilege, or what the documented templates grant where those count.
#[must_use]
pub fn compare(
    needs: &[Need<'_>],
    granted: &[Need<'_>],
    policies: Policies<'_>,
    actions: &ActionList,
) -> Comparison {
    let mut comparison = missing::missing(needs, policies);
    comparison.excess = excess::excess(granted, policies, actions);
    comparison
}
