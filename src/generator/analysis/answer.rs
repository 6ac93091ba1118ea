//! The parts of an answer: what of each is known.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::asl::{Kind, Marked, StateMachine};
use crate::finding::{Finding, order, state_pointer};
use crate::iam::{Pattern, Policy, Written};
use crate::permissions::{Mode, Permission, Requirements, assume_role_policy, callback_grants};
use crate::work::Work;

use super::super::document::{Documents, Limits, documents};
use super::super::{Request, callback, check, sizes};
use super::known::{Analysis, Asks, OfState, Parts, Unknown};
use super::open::{judged_already, key, with_open_keys};
use super::resource::advice;
use super::services::{service_of, services};

/// What comes of a definition of which everything is worked out.
pub(super) struct Answer<'r, 'a> {
    pub(super) request: &'r Request,
    pub(super) unknown: &'r Unknown,
    pub(super) machine: &'r StateMachine<'a>,
    pub(super) marked: &'r Marked<'a>,
    pub(super) needed: Requirements,
    /// The pointers of states of which more may be found.
    pub(super) open: BTreeSet<String>,
    pub(super) work: &'r Work,
}

impl Answer<'_, '_> {
    pub(super) fn put_together(self, mut told: Vec<Finding>) -> Result<Analysis, Vec<Finding>> {
        let undecided = !self.marked.resources.is_empty() || self.unknown.machine;
        let services = services(&self.needed.permissions, undecided);
        let mut by_service = services.as_ref().map(|_| BTreeMap::new());
        let decisive = decisive(&self.needed.permissions);
        let is_least = self.request.settings.mode == Mode::LeastPrivilege;
        if let (Some(parts), Some(services)) = (&mut by_service, &services) {
            let counted: &[Permission] = if is_least { &decisive } else { &self.needed.permissions };
            let mut own = parted(counted);
            for service in services.keys() {
                parts.insert(service.clone(), self.part(service, own.remove(service).unwrap_or_default())?);
            }
        }
        let is_known = |all: &[Permission]| !undecided && !all.iter().any(|one| one.pending.any());
        let is_settled = is_known(&self.needed.permissions);
        let certain = self.needed.permissions.iter().map(|one| one.pending).any(|pending| {
            !pending.existence || pending.is_alternative || pending.is_by_type || pending.is_one_of_several
        });
        let (made, of_sizes) = if is_known(&decisive) { Some(self.made(&decisive)?) } else { None }.unzip();
        let is_empty = if certain { Some(false) } else { is_settled.then_some(true) };
        let trust = (!self.unknown.place).then(|| assume_role_policy(self.machine, &self.request.settings));
        let trust = trust.map(Written::trust);
        trust.as_ref().map_or(Ok(()), check::trust)?;
        let is_open = self.unknown.place || !self.marked.resources.is_empty();
        let callback = if is_open || !with_open_keys(self.machine, self.unknown).is_empty() {
            None
        } else {
            Some(callback(callback_grants(self.machine, &self.request.settings), self.work)?)
        };
        let assumed = self.assumed()?;
        let (policy, packed) = made.map(|made| (made.policy, made.packed.unwrap_or_default())).unzip();
        let policy = match policy.filter(|_| is_settled || is_least) {
            Some(policy) if self.unknown.size_limit && self.can_be_smaller(&decisive, &policy)? => None,
            policy => policy,
        };
        let documents = packed.filter(|packed| !self.unknown.document_size_limit || is_indivisible(packed));
        order(&mut told, self.work);
        let mut states: BTreeMap<String, OfState> =
            self.pointers().map(|pointer| (pointer, OfState::default())).collect();
        let mut asked: HashMap<&str, Vec<&Permission>> = HashMap::new();
        for permission in &self.needed.permissions {
            asked.entry(state_pointer(&permission.pointer)).or_default().push(permission);
        }
        let mut found: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in &told {
            found.entry(key(finding)).or_default().push(finding);
        }
        let undecided: HashSet<&str> = self.marked.resources.iter().map(|one| state_pointer(one)).collect();
        for (pointer, state) in &mut states {
            let is_decided = !undecided.contains(pointer.as_str());
            state.asks = self.asks(pointer, is_decided, asked.remove(pointer.as_str()).unwrap_or_default());
            let own = found.remove(pointer.as_str()).unwrap_or_default();
            let kept = own.iter().all(|finding| self.unknown.keeps(finding));
            let known = !self.unknown.place && !self.open.contains(pointer) && kept;
            state.findings = known.then(|| own.into_iter().cloned().collect());
        }
        // A part may come to be too large for a managed policy.
        let of_sizes = of_sizes.filter(|_| is_settled && !self.unknown.place && self.open.is_empty());
        let findings = of_sizes.map(|of_sizes| {
            told.extend(of_sizes);
            order(&mut told, self.work);
            told
        });
        let findings = findings.filter(|findings| findings.iter().all(|finding| self.unknown.keeps(finding)));
        Ok(Analysis {
            states: Some(states),
            findings,
            actions_by_service: services,
            by_service,
            documents,
            policy,
            is_empty,
            assumed,
            trust,
            callback,
            advice: advice(self.request, self.unknown, self.work),
        })
    }

    /// The pointers of all states, and the empty one of the machine itself.
    fn pointers(&self) -> impl Iterator<Item = String> {
        let states = self.machine.states().into_iter().map(|state| state.pointer.clone());
        states.chain([String::new()])
    }

    /// What a state needs, if it is known how much that is.
    fn asks(&self, pointer: &str, is_decided: bool, own: Vec<&Permission>) -> Option<Vec<Asks>> {
        let is_machine = pointer.is_empty() && self.unknown.machine;
        let counted = own.iter().all(|one| !one.pending.is_uncounted());
        (is_decided && !is_machine && counted).then(|| own.into_iter().map(asks).collect())
    }

    /// The document of a service with these permissions, if all of them are known.
    fn part(&self, service: &str, own: Vec<Permission>) -> Result<Option<Written<Policy>>, Vec<Finding>> {
        if own.iter().any(|one| one.pending.any()) {
            return Ok(None);
        }
        let needed = Requirements { permissions: own, ..Requirements::default() };
        let Documents { mut by_service, .. } =
            documents(&needed, self.request.settings.mode, Limits::NONE, self.work)?;
        Ok(by_service.remove(service))
    }

    /// The documents, and the findings about their sizes.
    fn made(&self, permissions: &[Permission]) -> Result<(Documents, Vec<Finding>), Vec<Finding>> {
        let document = (!self.unknown.document_size_limit).then_some(self.request.document_size_limit);
        let policy = if self.unknown.size_limit { u64::MAX } else { self.request.size_limit };
        let limits = Limits { policy, document, parts: true };
        let made = self.within(permissions, Limits { document: document.or(Some(u64::MAX)), ..limits })?;
        let of_sizes = judged_already(self.request, self.unknown, sizes::findings(&made, limits), self.work)?;
        Ok((made, of_sizes))
    }

    /// Whether a limit makes the policy smaller. If it cannot keep to one that is just below its size, it
    /// keeps to none below.
    fn can_be_smaller(&self, permissions: &[Permission], policy: &Policy) -> Result<bool, Vec<Finding>> {
        let limit = policy.size().saturating_sub(1);
        let smaller =
            self.within(permissions, Limits { policy: limit, document: None, parts: false })?.policy;
        Ok(smaller.size() <= limit)
    }

    /// The documents of the execution role within limits.
    fn within(&self, permissions: &[Permission], limits: Limits) -> Result<Documents, Vec<Finding>> {
        let needed = Requirements { permissions: permissions.to_vec(), ..Requirements::default() };
        documents(&needed, self.request.settings.mode, limits, self.work)
    }

    /// The policies of the roles that tasks assume, if it is known which roles these are.
    fn assumed(&self) -> Result<Option<Parts>, Vec<Finding>> {
        if self.needed.open_roles || self.unknown.place || self.has_stand_in_with_role() {
            return Ok(None);
        }
        // Whether a permission is not known yet, and whether one is certain.
        let mut roles: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        for (role, permission) in &self.needed.assumed {
            let (is_open, is_certain) = roles.entry(role.to_text()).or_default();
            *is_open |= permission.pending.any();
            *is_certain |= !permission.pending.existence;
        }
        if !roles.values().all(|(_, is_certain)| *is_certain) {
            return Ok(None);
        }
        let is_open = |role: &str| roles.get(role).is_none_or(|(is_open, _)| *is_open);
        let known = self.needed.assumed.iter().filter(|(role, _)| !is_open(&role.to_text()));
        let needed = Requirements { assumed: known.cloned().collect(), ..Requirements::default() };
        let mut made = documents(&needed, self.request.settings.mode, Limits::NONE, self.work)?.assumed;
        Ok(Some(
            roles
                .into_keys()
                .map(|role| (made.remove_entry(&role), role))
                .map(|(made, role)| (role, made.map(|(_, policy)| policy)))
                .collect(),
        ))
    }

    /// Whether a task with a role of its own calls what a token names.
    fn has_stand_in_with_role(&self) -> bool {
        self.machine.states().iter().any(|state| {
            matches!(&state.kind, Kind::Task(task) if task.credentials.is_some())
                && self.marked.resources.contains(&state.pointer)
        })
    }
}

/// The permissions without those of which not everything is known and which another one covers in any case:
/// an action that is allowed on everything stays so.
fn decisive(permissions: &[Permission]) -> Cow<'_, [Permission]> {
    let is_open = |one: &Permission| one.pending.any();
    if !permissions.iter().any(is_open) {
        return permissions.into();
    }
    let everywhere = |one: &&Permission| {
        one.grant.conditions.is_empty() && one.grant.resources.iter().any(Pattern::is_unknown)
    };
    let covering = permissions.iter().filter(|one| !is_open(one)).filter(everywhere);
    let covered: HashSet<&String> = covering.flat_map(|one| &one.grant.actions).collect();
    let is_covered = |one: &Permission| one.grant.actions.iter().all(|action| covered.contains(action));
    permissions.iter().filter(|one| !is_open(one) || !is_covered(one)).cloned().collect()
}

/// The permissions by service; of one for actions of several services each has its own.
fn parted(permissions: &[Permission]) -> HashMap<String, Vec<Permission>> {
    let mut parts: HashMap<String, Vec<Permission>> = HashMap::new();
    for permission in permissions {
        let services: BTreeSet<&str> =
            permission.grant.actions.iter().map(|action| service_of(action)).collect();
        for &service in &services {
            let mut own = permission.clone();
            if services.len() > 1 {
                Rc::make_mut(&mut own.grant).actions.retain(|action| service_of(action) == service);
            }
            parts.entry(service.to_owned()).or_default().push(own);
        }
    }
    parts
}

/// Whether documents are the same within each limit that they can keep to: nothing of them can be parted.
fn is_indivisible(documents: &[Policy]) -> bool {
    let statements = || documents.iter().flat_map(|document| &document.statements);
    statements().count() < 2 && statements().all(|one| one.actions.len() < 2 && one.resources.len() < 2)
}

fn asks(permission: &Permission) -> Asks {
    let grant = &permission.grant;
    let mut actions = grant.actions.clone();
    actions.sort_unstable();
    let resources: BTreeSet<String> = grant.resources.iter().map(|resource| resource.to_text()).collect();
    Asks {
        actions,
        resources: (!permission.pending.resources).then(|| resources.into_iter().collect()),
        conditions: (!permission.pending.conditions).then(|| grant.conditions.clone()),
    }
}
