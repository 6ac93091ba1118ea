//! What a state machine needs, and which states need it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::instantiate::granted;
use super::settings::Mode;
use crate::asl::IntegrationPattern;
use crate::call::{Call, Pending};
use crate::finding::Finding;
use crate::iam::{Condition, Grant, Pattern, Unresolved, WildcardReason};
use crate::integrations::Api;
use crate::sdk::Rejected;
use crate::sdk::evidence::Basis;

/// Something that the role must be allowed to do, and the state that needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    /// Actions, resources, conditions; calls that are alike share them.
    pub grant: Rc<Grant>,
    /// Conditions that would apply if more were known before the execution: they are left out of the
    /// document.
    pub open: Vec<Condition>,
    /// JSON pointer to the state, reader or writer that needs it; empty if the machine itself does.
    pub pointer: Rc<str>,
    /// The integration that needs it, such as `batch:submitJob.sync`, or what else needs it, such as
    /// `tracing_configuration`.
    pub origin: Rc<str>,
    /// AWS's page about it.
    pub docs: &'static str,
    /// Why it adds to what AWS documents. Empty if it does not.
    pub correction: &'static str,
    /// By which rule it is known, and how sure that is; for AWS SDK integrations, of which AWS documents no
    /// policy.
    pub basis: Option<Basis>,
    /// Whether it holds only for executions with the input that the user stated.
    pub assumes_input: bool,
    /// Whether it is there to follow what the task has started to its end, and to stop it.
    pub follows: bool,
    /// Which parts of it depend on tokens whose values are not known yet.
    pub pending: Pending,
    /// The literals of the call that name nothing of what its parameters are for.
    pub rejected: Rc<[Rejected]>,
}

impl Permission {
    /// The resources, then the values of conditions, those that are left out of the document included.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let conditions = self.grant.conditions.iter().chain(&self.open);
        self.grant.resources.iter().chain(conditions.flat_map(|condition| &condition.values))
    }
}

/// All that a state machine needs.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// What the execution role needs, in the order of the states.
    pub permissions: Vec<Permission>,
    /// What other roles need, which tasks assume by `Credentials`: the role's ARN and the permission.
    pub assumed: Vec<(Pattern, Permission)>,
    /// The actions of AWS KMS that are needed if a service's data are under a customer-managed key that no
    /// parameter names, by the service's segment in the AWS SDK.
    pub unnamed_keys: BTreeMap<&'static str, BTreeSet<Cow<'static, str>>>,
    /// What is wrong, or worth knowing.
    pub problems: Vec<Finding>,
    /// Pointers to the states, readers and writers of which more may be wrong or worth knowing when the
    /// values of tokens are known; empty for the machine itself.
    pub open_findings: BTreeSet<Rc<str>>,
    /// Whether more of [`Requirements::unnamed_keys`] may be needed when the values of tokens are known.
    pub open_keys: bool,
    /// Whether a role of `Credentials` depends on a token whose value is not known yet.
    pub open_roles: bool,
}

impl Requirements {
    /// Permissions of the execution role, and nothing else.
    pub(super) fn of_permissions(permissions: impl IntoIterator<Item = Permission>) -> Requirements {
        Requirements { permissions: permissions.into_iter().collect(), ..Requirements::default() }
    }

    /// What is wrong, or worth knowing, and nothing else.
    pub(super) fn of_problems(problems: impl IntoIterator<Item = Finding>) -> Requirements {
        Requirements { problems: problems.into_iter().collect(), ..Requirements::default() }
    }

    /// The findings about a call of the state, reader or writer at a pointer. Those that depend on a token
    /// whose value is not known yet are left out until it is known.
    pub(super) fn found(pointer: &str, found: Vec<Finding>, call: &Call<'_, '_>) -> Requirements {
        match call.depends() {
            true => {
                Requirements { open_findings: BTreeSet::from([pointer.into()]), ..Requirements::default() }
            }
            false => Requirements::of_problems(found),
        }
    }

    /// This, then the other.
    pub(super) fn and(mut self, other: Requirements) -> Requirements {
        self.extend([other]);
        self
    }
}

impl Extend<Requirements> for Requirements {
    fn extend<T: IntoIterator<Item = Requirements>>(&mut self, more: T) {
        for more in more {
            let Requirements {
                permissions,
                assumed,
                unnamed_keys,
                problems,
                open_findings,
                open_keys,
                open_roles,
            } = more;
            self.open_keys |= open_keys;
            self.open_roles |= open_roles;
            // Most of it is empty for most states.
            if !open_findings.is_empty() {
                self.open_findings.extend(open_findings);
            }
            if self.permissions.is_empty() {
                self.permissions = permissions;
            } else {
                self.permissions.extend(permissions);
            }
            self.assumed.extend(assumed);
            for (service, actions) in unnamed_keys {
                self.unnamed_keys.entry(service).or_default().extend(actions);
            }
            self.problems.extend(problems);
        }
    }
}

impl FromIterator<Requirements> for Requirements {
    fn from_iter<T: IntoIterator<Item = Requirements>>(all: T) -> Self {
        let mut joined = Requirements::default();
        joined.extend(all);
        joined
    }
}

/// What needs a permission.
pub(super) struct Origin {
    pub(super) pointer: Rc<str>,
    pub(super) name: Rc<str>,
    docs: &'static str,
}

impl Origin {
    pub(super) fn new(pointer: &str, name: &str, docs: &'static str) -> Origin {
        Origin { pointer: pointer.into(), name: name.into(), docs }
    }

    /// What the rows of an API allow for a call.
    pub(super) fn asks(&self, api: &Api, call: &Call<'_, '_>, mode: Mode) -> Vec<Permission> {
        let rows = match mode {
            Mode::Template => api.documented.unwrap_or(api.least_privilege),
            Mode::LeastPrivilege => api.least_privilege,
        };
        let mut permissions = Vec::new();
        for row in rows {
            for (grant, pending) in granted(row, call).into_iter().filter_map(unless_managed) {
                let permission = self.permission(grant, row.correction);
                let follows = row.follows();
                permissions.push(Permission { follows, pending, ..permission });
            }
        }
        permissions
    }

    /// What the rows of an optimized integration allow for the same request by the AWS SDK, of which AWS
    /// documents no policy.
    pub(super) fn asks_alike(&self, api: &Api, call: &Call<'_, '_>) -> Vec<Permission> {
        let grants = api.least_privilege.iter().flat_map(|row| granted(row, call));
        let grants = grants.filter_map(unless_managed);
        grants
            .map(|(grant, pending)| Permission { pending, ..self.by_rule(grant, Basis::OPTIMIZED) })
            .collect()
    }

    /// What a rule of the AWS SDK catalogue grants.
    pub(super) fn by_rule(&self, grant: Grant, basis: Basis) -> Permission {
        Permission { basis: Some(basis), ..self.permission(grant, "") }
    }

    pub(super) fn permission(&self, mut grant: Grant, correction: &'static str) -> Permission {
        let (open, binding) = grant.conditions.into_iter().partition(Condition::is_open);
        grant.conditions = Condition::joined(binding);
        grant.resources = grant.resources.into_iter().map(Pattern::with_all_fields).collect();
        Permission {
            grant: Rc::new(grant),
            open,
            pointer: Rc::clone(&self.pointer),
            origin: Rc::clone(&self.name),
            docs: self.docs,
            correction,
            basis: None,
            assumes_input: false,
            follows: false,
            pending: Pending::default(),
            rejected: Rc::default(),
        }
    }
}

/// The grant, unless it is for a key that a service manages. The value of a token may turn out to be such a
/// key.
fn unless_managed((grant, mut pending): (Grant, Pending)) -> Option<(Grant, Pending)> {
    let is_about_keys = grant.actions.iter().all(|action| action.starts_with("kms:"));
    if is_about_keys && pending.any() {
        pending.existence = true;
        return Some((grant, pending));
    }
    (!is_about_managed_key(&grant)).then_some((grant, pending))
}

/// Whether a grant is for a key that a service manages: its policy admits everybody in the account who calls
/// through the service.
fn is_about_managed_key(grant: &Grant) -> bool {
    const MANAGED: &str = "alias/aws/";
    let values = grant.conditions.iter().filter(|condition| condition.key == "kms:ResourceAliases");
    let by_alias =
        values.flat_map(|condition| &condition.values).any(|value| value.beginning().starts_with(MANAGED));
    let malformed = |why: &WildcardReason| matches!(why, WildcardReason::Run { cause: Unresolved::Malformed(text), .. } if text.contains(MANAGED));
    let misread = grant.resources.iter().flat_map(Pattern::reasons).any(malformed);
    grant.actions.iter().all(|action| action.starts_with("kms:")) && (by_alias || misread)
}

/// Actions on resources, without conditions.
pub(super) fn grant(actions: &[&str], resources: Vec<Pattern>) -> Grant {
    Grant {
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources,
        conditions: Vec::new(),
    }
}

/// The integration as the Resource names it, such as `batch:submitJob.sync`.
pub(super) fn integration_name(service: &str, api: &str, pattern: IntegrationPattern) -> String {
    format!("{service}:{api}{}", pattern.suffix())
}
