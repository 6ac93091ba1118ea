//! What is known, and what is not.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Code, Finding, Severity};
use crate::iam::{Condition, Policy, Trust, Written};

use super::super::hint::OpenHint;

/// Policies by name; `None` for one that is not known.
pub type Parts = BTreeMap<String, Option<Written<Policy>>>;

/// What is known of an answer. `None` is what depends on a value that is not known yet.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// By the pointer of each state, empty for the machine itself; `None` if not even the states are known.
    pub states: Option<BTreeMap<String, OfState>>,
    /// All findings.
    pub findings: Option<Vec<Finding>>,
    /// The actions of the execution role, by IAM's prefix of the service.
    pub actions_by_service: Option<BTreeMap<String, Option<BTreeSet<String>>>>,
    /// The policy in parts, by IAM's prefix of the service.
    pub by_service: Option<Parts>,
    /// The policy in documents within the limit.
    pub documents: Option<Vec<Policy>>,
    /// The policy of the execution role.
    pub policy: Option<Written<Policy>>,
    /// Whether the execution role needs nothing.
    pub is_empty: Option<bool>,
    /// The policies of the roles that tasks assume, by the role's ARN.
    pub assumed: Option<Parts>,
    /// The trust policy of the execution role.
    pub trust: Option<Written<Trust>>,
    /// What the workers need that the state machine waits for.
    pub callback: Option<Option<Written<Policy>>>,
    /// The states whose whole Resource depends on a token, by their pointers, with what to write instead.
    pub advice: Option<BTreeMap<String, String>>,
}

/// What is known of a state.
#[derive(Clone, Debug, Default)]
pub struct OfState {
    /// What it needs: one for each row of the catalogue.
    pub asks: Option<Vec<Asks>>,
    /// What should be known about it. What is found of the sizes of documents is about no state.
    pub findings: Option<Vec<Finding>>,
}

/// What a row of the catalogue grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asks {
    /// In ascending order.
    pub actions: Vec<String>,
    /// As in a policy, in ascending order.
    pub resources: Option<Vec<String>>,
    /// Those that are in the policy, in ascending order.
    pub conditions: Option<Vec<Condition>>,
}

/// Parts of a request whose values are not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// The names of tokens.
    pub tokens: BTreeSet<String>,
    /// Arguments that can change anything, such as `mode`.
    pub anything: bool,
    /// `region`, `account_id` or `state_machine_name`: parts of ARNs.
    pub place: bool,
    /// `input`: whatever is taken from a value of the execution.
    pub input: bool,
    /// Arguments of which the machine itself may need something, or not.
    pub machine: bool,
    /// Those of them of which something may be found: logs, traces, and the key that the machine is encrypted
    /// with.
    pub shape: bool,
    /// `kms_key_arns`.
    pub data_keys: DataKeys,
    /// The key that the machine is encrypted with: what it is, not whether there is one.
    pub own_key: bool,
    /// `size_limit`.
    pub size_limit: bool,
    /// `document_size_limit`.
    pub document_size_limit: bool,
    /// `on_finding`: how severe findings are, and nothing else.
    pub levels: bool,
    /// Of these, `on_unresolved` alone.
    pub only_unresolved: bool,
    /// `definition_substitutions` as a whole.
    pub substitutions: bool,
    /// `allow_unknown_apis`: whether an API that is not known is an error, and what is found of it.
    pub apis: bool,
    /// `activity_kms_keys`: what workers and the role need for activities, and what is found of it.
    pub activity_keys: ActivityKeys,
    /// What is known of hints of which it is not known whom or what they are for.
    pub hints: Vec<OpenHint>,
    /// `log_destination`: what is found of it, and nothing else.
    pub destination: bool,
}

/// What is not known of `kms_key_arns`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataKeys {
    /// Nothing: they are known.
    #[default]
    Known,
    /// What some of them are.
    Elements,
    /// Whether there are any.
    Whole,
}

/// What is not known of `activity_kms_keys`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ActivityKeys {
    /// Nothing: they are known.
    #[default]
    Known,
    /// The keys of these activities.
    Of(BTreeSet<String>),
    /// Which activities have one.
    Whole,
}

impl ActivityKeys {
    /// Whether it is not known which key an activity has, if any.
    pub(super) fn is_open(&self, activity: &str) -> bool {
        match self {
            ActivityKeys::Known => false,
            ActivityKeys::Of(activities) => activities.contains(activity),
            ActivityKeys::Whole => true,
        }
    }
}

impl Unknown {
    /// Whether everything is known.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Unknown::default()
    }

    /// Whether `on_finding` cannot change a finding any more, except that it may make it an error.
    pub(super) fn keeps(&self, finding: &Finding) -> bool {
        !self.levels || !finding.code.may_be_lowered() && finding.severity == Severity::Warning
    }

    /// Whether a level that is not known yet may make what has a code less severe.
    pub(super) fn may_lower(&self, code: Code) -> bool {
        let is_meant = !self.only_unresolved || code == Code::UnresolvedResource;
        self.levels && is_meant && code.may_be_lowered()
    }
}
