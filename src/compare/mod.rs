//! A role's policies beside what its state machines need: what is missing, what is in excess, and what is
//! decided only at run time.
//!
//! It is sound in both directions: nothing that is allowed is reported as missing, and nothing that is needed
//! as excess. Everything else is undecided.

mod actions;
mod context;
mod elsewhere;
mod enough;
mod excess;
mod limits;
mod missing;
mod need;
mod needed;

pub use actions::ActionList;
pub use enough::Enough;
pub use need::Need;

use crate::document::{Document, PolicySet, StatementPlace};
use crate::iam::Condition;
use crate::work::{Exhausted, Work};

/// The policies of a role.
#[derive(Clone, Copy, Debug)]
pub struct Policies<'d> {
    /// The role's own policies, inline and managed.
    pub documents: &'d [Document],
    /// Its permissions boundary, if it has one.
    pub boundary: Option<&'d Document>,
}

/// The same, ready to be asked.
struct Policed<'d> {
    own: PolicySet<'d>,
    boundary: Option<PolicySet<'d>>,
}

impl<'d> Policed<'d> {
    fn new(policies: Policies<'d>, work: &Work) -> Result<Self, Exhausted> {
        let boundary = policies.boundary.map(|document| PolicySet::new([document], work));
        Ok(Policed { own: PolicySet::new(policies.documents, work)?, boundary: boundary.transpose()? })
    }
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What a state needs and the policies never allow.
    pub missing: Vec<Difference>,
    /// What the policies allow and no state needs.
    pub excess: Vec<Difference>,
    /// What depends on the execution, or on a part of the request that is not known before.
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
    /// In ascending order. For an excess: the action as the policy writes it; all that `NotAction` has for
    /// one with [`Reason::NotAction`].
    pub actions: Vec<String>,
    /// In ascending order. For an excess: the resources as the policy writes them; all that `NotResource` has
    /// for one with [`Reason::NotResource`].
    pub resources: Vec<String>,
    /// The conditions under which the state needs it. For an excess: those that are lacking, with
    /// [`Reason::Condition`].
    pub conditions: Vec<ConditionText>,
    /// Why it is listed.
    pub reason: Reason,
    /// The statement that is in excess, or that denies it.
    pub statement: Option<StatementPlace>,
    /// For an excess: the statements that are enough instead of these actions on these resources. Without
    /// one, nothing of it is needed.
    pub enough: Vec<Enough>,
}

/// A condition as a policy writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConditionText {
    /// Such as `StringEquals`.
    pub operator: String,
    /// Such as `iam:PassedToService`.
    pub key: String,
    /// The key must have one of them.
    pub values: Vec<String>,
}

impl ConditionText {
    fn of(condition: &Condition) -> Self {
        ConditionText {
            operator: condition.operator.name().to_owned(),
            key: condition.key.clone(),
            values: condition.texts(),
        }
    }
}

/// Why a row is in a comparison. Of an excess, more severe reasons come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No statement allows it.
    NotAllowed,
    /// A statement denies it.
    Denied,
    /// The permissions boundary does not allow it.
    Boundary,
    /// The policies allow it on some of the resources that the execution may name.
    SomeResources,
    /// The policies allow it on some of the resources, or under some of the conditions, that it may have,
    /// depending on a setting that is not given.
    MissingSetting,
    /// A condition is about something that cannot be known before the execution.
    UnknownCondition,
    /// `Allow` with `NotAction` allows every existing and every future action.
    NotAction,
    /// No state needs the action.
    UnusedAction,
    /// `Allow` with `NotResource` allows every existing and every future resource.
    NotResource,
    /// A state needs the action, but on none of these resources.
    UnusedResource,
    /// A state needs it, but never where the conditions of the statement hold.
    UnusedCondition,
    /// A state needs the action, but not on all of these resources.
    WiderResource,
    /// A state needs it, but only under a condition that the statement does not have.
    Condition,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 13] = [
        Reason::NotAllowed,
        Reason::Denied,
        Reason::Boundary,
        Reason::SomeResources,
        Reason::MissingSetting,
        Reason::UnknownCondition,
        Reason::NotAction,
        Reason::UnusedAction,
        Reason::NotResource,
        Reason::UnusedResource,
        Reason::UnusedCondition,
        Reason::WiderResource,
        Reason::Condition,
    ];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Reason::NotAllowed => "not-allowed",
            Reason::Denied => "denied",
            Reason::Boundary => "boundary",
            Reason::SomeResources => "some-resources",
            Reason::MissingSetting => "missing-setting",
            Reason::UnknownCondition => "unknown-condition",
            Reason::NotAction => "not-action",
            Reason::UnusedAction => "unused-action",
            Reason::NotResource => "not-resource",
            Reason::UnusedResource => "unused-resource",
            Reason::UnusedCondition => "unused-condition",
            Reason::WiderResource => "wider-resource",
            Reason::Condition => "condition",
        }
    }

    /// Whether it is only informational: the policy allows no more actions or resources than it has to.
    #[must_use]
    pub const fn is_info(self) -> bool {
        matches!(self, Reason::Condition)
    }
}

/// Compares. `needs` is the yardstick of what is missing, `granted` that of what is in excess: the same for
/// least privilege, or what the documented templates grant in mode `template`.
///
/// # Errors
/// If the comparisons exceed the limit of work, or the caller no longer waits for the answer.
pub fn compare(
    needs: &[Need<'_>],
    granted: &[Need<'_>],
    policies: Policies<'_>,
    actions: &ActionList,
    work: &Work,
) -> Result<Comparison, Exhausted> {
    let here = Policed::new(policies, work)?;
    let may_be_elsewhere = |need: &Need<'_>| need.grant.resources.iter().any(elsewhere::may_be);
    let without_places = |document, set| elsewhere::without_places(document, set, work);
    let anywhere = match needs.iter().any(may_be_elsewhere) {
        true => {
            let own = policies.documents.iter().map(|document| without_places(document, &here.own));
            let boundary = policies.boundary.zip(here.boundary.as_ref());
            let boundary = boundary.map(|(document, set)| without_places(document, set)).transpose()?;
            Some((own.collect::<Result<Vec<_>, _>>()?, boundary))
        }
        false => None,
    };
    let anywhere = anywhere
        .as_ref()
        .map(|(documents, boundary)| Policed::new(Policies { documents, boundary: boundary.as_ref() }, work))
        .transpose()?;
    let asked = missing::Asked { here: &here, elsewhere: anywhere.as_ref(), actions, work };
    let mut comparison = missing::missing(needs, &asked)?;
    comparison.excess = excess::excess(granted, &here.own, actions, work)?;
    Ok(comparison)
}
