//! The wildcards of a permission, each with what it allows.

use std::collections::BTreeMap;
use std::rc::Rc;

use hashbrown::HashMap;

use crate::finding::Code;
use crate::iam::{Condition, Grant, Pattern, WildcardReason};
use crate::work::Work;

use super::Permission;
use super::causes::Causes;
use super::danger::{dangers, widens};
use super::position::{Wildcard, wildcards};
use super::resource_name::{every, is_part};

/// The condition keys of HTTP tasks.
pub(super) const HOST_AND_PATH: &str = "states:HTTPEndpoint";
const METHOD: &str = "states:HTTPMethod";

/// Whether the beginning of a URL has the whole host.
pub(super) fn has_host(beginning: &str) -> bool {
    beginning.strip_prefix("https://").is_some_and(|rest| rest.contains(['/', '?']))
}

/// What can be told of a permission wherever it is.
pub(super) struct Facts<'a> {
    pub(super) told: Vec<Told<'a>>,
    /// Whether no value in it is impossible, and no character.
    pub(super) is_plain: bool,
}

/// The wildcards of a permission that have one code and are about one parameter.
pub(super) struct Told<'a> {
    pub(super) code: Code,
    pub(super) parameter: &'a str,
    pub(super) causes: Rc<Causes<'a>>,
}

/// A wildcard that is reported as one, and what it allows.
struct Wild<'a> {
    /// The code of its finding.
    code: Code,
    /// The parameter that the finding is about.
    parameter: &'a str,
    reason: &'a WildcardReason,
    of: Of,
    actions: Vec<&'a str>,
    /// The resource as the policy has it, or key and value of the condition.
    text: Rc<str>,
    /// The same in words.
    words: Rc<str>,
    dangers: Vec<&'static str>,
}

/// Of what it is a wildcard.
#[derive(Clone, Copy)]
enum Of {
    Resource,
    Condition,
}

/// The facts of grants that permissions share, each worked out once.
#[derive(Default)]
pub(super) struct Grants<'a> {
    /// By the grant, whether it follows a job, and whether the machine itself needs it.
    known: HashMap<(*const Grant, bool, bool), Rc<Facts<'a>>>,
}

impl<'a> Grants<'a> {
    /// The facts of a permission. `is_plain` is asked where they are not known yet.
    pub(super) fn facts(
        &mut self,
        permission: &'a Permission,
        work: &Work,
        is_plain: impl FnOnce() -> bool,
    ) -> Rc<Facts<'a>> {
        let work_out = || Rc::new(Facts { told: told(wilds(permission, work)), is_plain: is_plain() });
        // What is open beside the grant is not shared.
        if !permission.open.is_empty() {
            return work_out();
        }
        let key = (Rc::as_ptr(&permission.grant), permission.follows, permission.pointer.is_empty());
        Rc::clone(self.known.entry(key).or_insert_with(work_out))
    }
}

/// The wildcards by code and parameter.
fn told(wilds: Vec<Wild<'_>>) -> Vec<Told<'_>> {
    let mut told: BTreeMap<(Code, &str), Causes<'_>> = BTreeMap::new();
    for wild in wilds {
        let causes = told.entry((wild.code, wild.parameter)).or_default();
        causes.add(wild.reason, &wild.dangers, |named| match wild.of {
            Of::Resource => named.resource(&wild.actions, &wild.text, &wild.words),
            Of::Condition => named.limit(&wild.actions, &wild.text, &wild.words),
        });
    }
    let told = told.into_iter();
    told.map(|((code, parameter), causes)| Told { code, parameter, causes: Rc::new(causes) }).collect()
}

fn wilds<'a>(permission: &'a Permission, work: &Work) -> Vec<Wild<'a>> {
    let Grant { resources, conditions, .. } = &*permission.grant;
    let resources = resources.iter().take_while(|_| work.count(1).is_ok());
    let of_resources = resources.flat_map(|resource| of_resource(permission, resource));
    let of_conditions = conditions.iter().flat_map(|condition| of_condition(permission, condition, false));
    let left_out = permission.open.iter().flat_map(|condition| of_condition(permission, condition, true));
    of_resources.chain(of_conditions).chain(left_out).collect()
}

/// The wildcards of a resource.
fn of_resource<'a>(permission: &'a Permission, resource: &'a Pattern) -> Vec<Wild<'a>> {
    let mut wilds = Vec::new();
    if resource.known().is_some() {
        return wilds;
    }
    let text: Rc<str> = resource.to_text().into();
    let words: Rc<str> = every(&text).unwrap_or_else(|| format!("\"{text}\"")).into();
    let dangers = dangers(permission, resource);
    let actions = permission.grant.actions.iter().map(String::as_str);
    let is_dangerous = |action: &&str| dangers.iter().any(|(dangerous, _)| dangerous == action);
    for one in wildcards(resource, is_part).into_iter().filter(Wildcard::is_wide) {
        let mut add = |code: Code, parameter: &'a str, actions: Vec<&'a str>| {
            let why = dangers.iter().map(|(_, why)| *why).filter(|_| code == Code::DangerousWildcard);
            let dangers = why.collect();
            let (text, words) = (Rc::clone(&text), Rc::clone(&words));
            let reason = one.reason;
            wilds.push(Wild { code, parameter, reason, of: Of::Resource, actions, text, words, dangers });
        };
        let (code, parameter) = one.kind();
        // A missing argument and an accepted hint have their own codes.
        let in_place = !dangers.is_empty() && code != Code::AcceptedWildcard && widens(&one, &text);
        if !in_place {
            add(code, parameter, actions.clone().collect());
            continue;
        }
        let (dangerous, others): (Vec<&str>, Vec<&str>) = actions.clone().partition(is_dangerous);
        add(Code::DangerousWildcard, parameter, dangerous);
        if !others.is_empty() {
            add(code, parameter, others);
        }
    }
    wilds
}

/// The wildcards of a condition, or that it is left out.
fn of_condition<'a>(permission: &'a Permission, condition: &'a Condition, left_out: bool) -> Vec<Wild<'a>> {
    let mut wilds = Vec::new();
    let key = condition.key.as_str();
    let is_part = |before: &str| match key {
        HOST_AND_PATH => has_host(before),
        METHOD => true,
        _ => is_part(before),
    };
    for value in condition.values.iter().filter(|value| value.known().is_none()) {
        for one in wildcards(value, is_part).into_iter().filter(Wildcard::is_wide) {
            let text = value.to_text();
            let words = if left_out { format!("any {key}") } else { format!("{key} \"{text}\"") };
            let (code, parameter) = one.kind();
            wilds.push(Wild {
                code,
                parameter,
                reason: one.reason,
                of: Of::Condition,
                actions: permission.grant.actions.iter().map(String::as_str).collect(),
                text: format!("{key}: {text}").into(),
                words: words.into(),
                dangers: Vec::new(),
            });
        }
    }
    wilds
}
