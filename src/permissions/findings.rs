//! What a reviewer should know: every wildcard, and why it is there.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use hashbrown::HashSet;

use crate::asl::{Json, member_pointer};
use crate::finding::{Code, Finding, Severity, Shown, order, state_name, state_pointer};
use crate::iam::{Grant, Pattern, WildcardReason};
use crate::work::Work;

use super::causes::Causes;
use super::danger::passes_anywhere;
use super::problem::TaskProblem;
use super::wild::{Grants, HOST_AND_PATH, Told, has_host};
use super::wildcard::WildcardProblem;
use super::{Mode, Permission, Requirements, Settings, characters, impossible, outside};

/// The problems, a finding for each code, state and parameter of the wildcards in the needed permissions, and
/// what is in another account or Region than the state machine; sorted by place, each once. `stops` says
/// whether a dangerous wildcard is an error unless AWS requires it. Of wildcards, those are told whose code
/// `tells` accepts. If the caller no longer waits for them, some are missing.
#[must_use]
pub fn findings(
    requirements: &Requirements,
    document: &Json<'_>,
    settings: &Settings,
    stops: bool,
    tells: &dyn Fn(Code) -> bool,
    work: &Work,
) -> Vec<Finding> {
    let mut findings = requirements.problems.clone();
    findings.extend(outside::elsewhere(requirements, &settings.aws));
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    let permissions = || requirements.permissions.iter().chain(assumed.clone());
    let mut grants = Grants::default();
    let mut groups = Groups::default();
    for permission in permissions() {
        if work.count(1).is_err() {
            return findings;
        }
        findings.extend(open_host(permission, document).filter(|_| tells(Code::OpenHost)));
        findings.extend(passed_anywhere(permission, settings.mode));
        let refused = || refused_in(permission, settings, document, work);
        let mut found = None;
        let facts = grants.facts(permission, work, || found.insert(refused()).is_empty());
        if !facts.is_plain {
            findings.extend(found.unwrap_or_else(refused));
        }
        groups.add(permission, &facts.told, tells);
    }
    // What is known of grants is let go of while it is told.
    drop(grants);
    let groups = groups.0.into_iter().take_while(|_| work.count(1).is_ok());
    findings.extend(groups.map(|(key, group)| group.finding(&key, document, stops)));
    order(&mut findings, work);
    // They stay while the documents are made.
    findings.shrink_to_fit();
    findings
}

/// Values that AWS rejects whatever values the tokens get that are not known yet: a part of [`findings`], for
/// which not everything has to be worked out.
#[must_use]
pub fn refused(
    requirements: &Requirements,
    document: &Json<'_>,
    settings: &Settings,
    work: &Work,
) -> Vec<Finding> {
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    let permissions = requirements.permissions.iter().chain(assumed);
    let mut plain: HashSet<*const Grant> = HashSet::new();
    let mut refused = Vec::new();
    for permission in permissions.filter(|permission| !permission.pending.existence) {
        if work.count(1).is_err() {
            break;
        }
        if permission.pending.any() {
            refused.extend(impossible::in_any_case(permission, document));
            continue;
        }
        let grant = Rc::as_ptr(&permission.grant);
        if permission.open.is_empty() && plain.contains(&grant) {
            continue;
        }
        let found = refused_in(permission, settings, document, work);
        if found.is_empty() {
            plain.insert(grant);
        }
        refused.extend(found);
    }
    order(&mut refused, work);
    refused
}

/// Characters and values that AWS rejects.
fn refused_in(
    permission: &Permission,
    settings: &Settings,
    document: &Json<'_>,
    work: &Work,
) -> Vec<Finding> {
    let characters = characters::about(permission, settings, document).into_iter();
    characters.chain(impossible::about(permission, &settings.aws, document, work)).collect()
}

/// State, code and parameter: what makes a finding of its own.
type Key<'a> = (&'a str, Code, &'a str);

/// The parts of one finding.
struct Group<'a> {
    permission: &'a Permission,
    causes: Rc<Causes<'a>>,
}

/// The findings about wildcards, while they are collected.
#[derive(Default)]
struct Groups<'a>(BTreeMap<Key<'a>, Group<'a>>);

impl<'a> Groups<'a> {
    /// Adds the wildcards of a permission to those of its state.
    fn add(&mut self, permission: &'a Permission, told: &[Told<'a>], tells: &dyn Fn(Code) -> bool) {
        if told.is_empty() {
            return;
        }
        let state = state_pointer(&permission.pointer);
        for one in told.iter().filter(|one| tells(one.code)) {
            match self.0.entry((state, one.code, one.parameter)) {
                Entry::Vacant(place) => {
                    place.insert(Group { permission, causes: Rc::clone(&one.causes) });
                }
                Entry::Occupied(mut group) => {
                    let causes = &mut group.get_mut().causes;
                    if !Rc::ptr_eq(causes, &one.causes) {
                        Rc::make_mut(causes).join(&one.causes);
                    }
                }
            }
        }
    }
}

/// An HTTP task whose host is known only at run time: a wildcard matches slashes too, so it matches other
/// hosts entirely, whatever follows it.
fn open_host(permission: &Permission, document: &Json<'_>) -> Option<Finding> {
    let conditions = permission.grant.conditions.iter().chain(&permission.open);
    let mut urls = conditions.filter(|condition| condition.key == HOST_AND_PATH).flat_map(|one| &one.values);
    let open = urls.any(|url| {
        let runs = |reason: &WildcardReason| matches!(reason, WildcardReason::Run { .. });
        url.reasons().any(runs) && !has_host(url.beginning())
    });
    open.then(|| {
        let state = state_name(&permission.pointer).unwrap_or_default();
        let place = member_pointer(document, &permission.pointer, "ApiEndpoint");
        Finding::new(&TaskProblem::OpenHost { state: &state }, place)
            .parameter("ApiEndpoint")
            .about(permission.grant.actions.clone(), Vec::new())
    })
}

/// A role that least privilege allows to be passed to any service.
fn passed_anywhere(permission: &Permission, mode: Mode) -> Option<Finding> {
    let roles = || permission.grant.resources.iter().map(Pattern::to_text);
    passes_anywhere(permission, mode).then(|| {
        let problem = WildcardProblem::PassedAnywhere { roles: roles().collect() };
        Finding::new(&problem, permission.pointer.to_string())
            .about(["iam:PassRole".to_owned()], roles())
            .docs(permission.docs)
    })
}

impl Group<'_> {
    fn finding(self, (_, code, parameter): &Key<'_>, document: &Json<'_>, stops: bool) -> Finding {
        let pointer = &self.permission.pointer;
        let place = match code {
            Code::UnresolvedResource | Code::OpenPart => member_pointer(document, pointer, parameter),
            Code::DangerousWildcard if !parameter.is_empty() => member_pointer(document, pointer, parameter),
            _ => pointer.to_string(),
        };
        let causes = &*self.causes;
        let problem = || WildcardProblem::new(*code, pointer, parameter, causes);
        let named = || &causes.allowed().named;
        let mut is_first = false;
        let told = causes.told(|| {
            is_first = true;
            let actions = named().actions.as_slice().iter().map(|action| String::from(*action));
            let resources = named().resources.as_slice().iter().map(|one| String::from(&**one));
            Finding::new(&problem(), "").parameter(*parameter).about(actions, resources)
        });
        // States that are alike share all but the place, and the message where it names the state.
        let mut finding = Finding { place: place.into(), docs: self.permission.docs, ..told.clone() };
        if !is_first && WildcardProblem::names_state(*code) {
            finding.detail = Shown::written(&problem());
        }
        if *code == Code::DangerousWildcard && stops && !self.causes.are_required() {
            return Finding { severity: Severity::Error, ..finding };
        }
        finding
    }
}
