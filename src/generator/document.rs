//! The documents: made from the needed permissions, kept small, and checked against them.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashSet;

use crate::finding::Finding;
use crate::iam::{Grant, Policy, Statement, Written, merge_within, minimize, share};
use crate::permissions::{Mode, Permission, Requirements};
use crate::work::{Phase, Work};

use super::check::{self, Asked};
use super::packing::{Unfitting, largest, packed};

/// How many characters documents may have.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// The policy of the execution role.
    pub(super) policy: u64,
    /// Each document of the packed policy; `None` if it is not wanted.
    pub(super) document: Option<u64>,
    /// Whether the policy in parts is wanted, or what is to be said of their sizes. Without it they are made
    /// only where something has to be said of the policy's.
    pub(super) parts: bool,
}

impl Limits {
    /// No limit.
    pub(super) const NONE: Limits = Limits { policy: u64::MAX, document: None, parts: true };
}

/// The documents of an answer.
pub(super) struct Documents {
    /// The policy of the execution role.
    pub(super) policy: Written<Policy>,
    /// The characters of the policy.
    pub(super) size: u64,
    /// The characters of all parts in one document, at most.
    pub(super) unshared: u64,
    /// The policy in parts, by IAM's prefix of the service.
    pub(super) by_service: BTreeMap<String, Written<Policy>>,
    /// The policy packed into documents within the limit, or the permission that does not fit into one.
    pub(super) packed: Result<Vec<Policy>, Unfitting>,
    /// The policies of the roles that tasks assume, by the role's ARN.
    pub(super) assumed: BTreeMap<String, Written<Policy>>,
}

/// Makes the documents. One that fails its own check is never returned.
pub(super) fn documents(
    requirements: &Requirements,
    mode: Mode,
    limits: Limits,
    work: &Work,
) -> Result<Documents, Vec<Finding>> {
    let own = distinct(&requirements.permissions, work);
    let whole = document(&own, mode, work);
    let unshared = whole.size();
    let mut asked = Asked::new(&own, work);
    still_wanted(work)?;
    if !limits.parts && unshared <= limits.policy && fits(&whole, unshared, limits) {
        let policy = written(whole, work);
        asked.check([policy.json()], mode, work)?;
        let (by_service, packed) = (BTreeMap::new(), Ok(Vec::new()));
        let assumed = assumed(requirements, mode, work)?;
        return Ok(Documents { policy, size: unshared, unshared, by_service, packed, assumed });
    }
    let parts = by_service(&whole, work).into_iter();
    let by_service: BTreeMap<_, _> = parts.map(|(service, part)| (service, written(part, work))).collect();
    asked.check(by_service.values().map(Written::json), mode, work)?;
    still_wanted(work)?;
    let (policy, size) = fitting((whole, unshared), &own, limits.policy, work);
    let policy = written(policy, work);
    asked.check([policy.json()], mode, work)?;
    still_wanted(work)?;
    let packed = match limits.document {
        None => Ok(Vec::new()),
        Some(limit) => {
            // If space is short, redundant entries are left out.
            let packed = match mode {
                Mode::Template => packed(self::by_service(&reduced(&own, work), work).values(), limit, work),
                Mode::LeastPrivilege => packed(by_service.values().map(|part| &**part), limit, work),
            };
            let made: Vec<&Policy> = packed.iter().flatten().collect();
            // The same document need not be checked twice.
            if packed.is_ok() && !(mode == Mode::LeastPrivilege && made == [&*policy]) {
                let texts = made.iter().map(|one| one.to_json_while(&|| work.count(1).is_ok()));
                asked.check(texts, Mode::LeastPrivilege, work)?;
            }
            check::sizes(&made, limit)?;
            packed
        }
    };
    let assumed = assumed(requirements, mode, work)?;
    Ok(Documents { policy, size, unshared, by_service, packed, assumed })
}

/// Whether nothing has to be said of the size of a document for each permission of a policy of this size.
fn fits(policy: &Policy, size: u64, limits: Limits) -> bool {
    let alone =
        || policy.statements.iter().map(|statement| largest(statement).size).max().unwrap_or_default();
    limits.document.is_none_or(|limit| size <= limit || alone() <= limit)
}

/// The policies of the roles that tasks assume, by the role's ARN.
fn assumed(
    requirements: &Requirements,
    mode: Mode,
    work: &Work,
) -> Result<BTreeMap<String, Written<Policy>>, Vec<Finding>> {
    let mut roles: BTreeMap<String, BTreeSet<&Grant>> = BTreeMap::new();
    for (role, permission) in &requirements.assumed {
        roles.entry(role.to_text()).or_default().insert(&permission.grant);
    }
    let mut assumed = BTreeMap::new();
    for (role, grants) in roles {
        let policy = written(document(&grants, mode, work), work);
        Asked::new(&grants, work).check([policy.json()], mode, work)?;
        assumed.insert(role, policy);
    }
    Ok(assumed)
}

/// Fails if the caller no longer waits for the documents: there is nothing to report then.
fn still_wanted(work: &Work) -> Result<(), Vec<Finding>> {
    if work.is_cancelled() { Err(Vec::new()) } else { Ok(()) }
}

/// The document with its text, which the check reads and the answer has.
pub(super) fn written(policy: Policy, work: &Work) -> Written<Policy> {
    work.begin(Phase::Checking);
    Written::policy(policy, &|| work.count(1).is_ok())
}

/// The grants, each once. Calls that are alike share theirs, and what is shared is not compared.
fn distinct<'p>(permissions: &'p [Permission], work: &Work) -> BTreeSet<&'p Grant> {
    work.begin(Phase::Merging);
    let mut seen = HashSet::new();
    let grants = permissions.iter().map(|permission| &*permission.grant);
    let mut grants: Vec<&Grant> = grants
        .take_while(|_| work.count(1).is_ok())
        .filter(|grant| seen.insert(std::ptr::from_ref(*grant)))
        .collect();
    work.sort(&mut grants);
    grants.into_iter().collect()
}

/// The document for the needed permissions. Least privilege leaves out an entry that another one covers; the
/// template keeps one entry for each task, as the console does.
fn document(grants: &BTreeSet<&Grant>, mode: Mode, work: &Work) -> Policy {
    work.begin(Phase::Merging);
    match mode {
        Mode::Template => Policy { statements: merge_within(grants.iter().copied(), work) },
        Mode::LeastPrivilege => reduced(grants, work),
    }
}

fn reduced(grants: &BTreeSet<&Grant>, work: &Work) -> Policy {
    work.begin(Phase::Merging);
    Policy { statements: merge_within(&minimize(grants.iter().copied(), work), work) }
}

/// The document and its size, made smaller without changing what it allows if that is what it takes to keep
/// the limit: first without what other entries cover, then with statements that services share.
fn fitting(
    (whole, size): (Policy, u64),
    grants: &BTreeSet<&Grant>,
    limit: u64,
    work: &Work,
) -> (Policy, u64) {
    if size <= limit {
        return (whole, size);
    }
    let sized = |policy: Policy| {
        let size = policy.size();
        (policy, size)
    };
    let (smaller, size) = sized(reduced(grants, work));
    if size <= limit {
        return (smaller, size);
    }
    sized(Policy { statements: share(smaller.statements) })
}

/// One document for each service, so that a change of one leaves the others as they are.
fn by_service(policy: &Policy, work: &Work) -> BTreeMap<String, Policy> {
    let mut services: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
    for statement in policy.statements.iter().take_while(|_| work.count(1).is_ok()) {
        let service =
            statement.actions.first().and_then(|action| action.split(':').next()).unwrap_or_default();
        services.entry(service.to_owned()).or_default().push(statement.clone());
    }
    services.into_iter().map(|(service, statements)| (service, Policy { statements })).collect()
}
