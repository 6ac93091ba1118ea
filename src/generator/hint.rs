//! Narrowing by hand: resources that the user knows, in place of wildcards that only the run could resolve.

use std::collections::BTreeSet;

use crate::finding::{Argument, Code, Finding, Problem, quoted, state_path};
use crate::iam::{Condition, Pattern, Piece, WildcardReason};
use crate::permissions::{Permission, Requirements};

/// Resources for what a state, or every task of an integration, takes from the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Whom it is for.
    pub selector: Selector,
    /// The parameter, such as `TopicArn`.
    pub parameter: String,
    /// ARNs, with `*` and `?` as wildcards.
    pub resources: Vec<String>,
}

/// Whom a hint is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// A state, by its name, its path or its JSON pointer.
    State(String),
    /// An integration, such as `sns:publish` or, with its pattern, `ecs:runTask.sync`.
    Integration(String),
}

/// Why a hint cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum HintProblem {
    #[error(
        "No wildcard of the {whom} stands for a value that is known only at run time, or there is no such task. Remove the hint, or correct the name."
    )]
    Nothing { whom: String },
    #[error(
        "The {whom} has no unresolved resource for {}; it has some for {open}. Correct the parameter, or remove the hint.",
        quoted(parameter)
    )]
    OtherParameter { whom: String, parameter: String, open: String },
    #[error(
        "{} is not within any of the resources that {parameter} stands for there. A hint can only narrow: give ARNs of that kind, account and Region.",
        quoted(resource)
    )]
    TooWide { resource: String, parameter: String },
}

impl Problem for HintProblem {
    fn code(&self) -> Code {
        match self {
            HintProblem::Nothing { .. } | HintProblem::OtherParameter { .. } => Code::HintWithoutMatch,
            HintProblem::TooWide { .. } => Code::HintTooWide,
        }
    }
}

/// Replaces unresolved resources by hinted ones. Each hint must replace something, and nothing by something wider.
pub(super) fn apply(hints: &[Hint], requirements: &mut Requirements) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, hint) in hints.iter().enumerate() {
        if let Err(problem) = apply_one(hint, requirements) {
            let argument = Argument { block: Some(index), ..Argument::new("resource_hint") };
            findings.push(Finding::new(&problem, argument));
        }
    }
    findings
}

fn apply_one(hint: &Hint, requirements: &mut Requirements) -> Result<(), HintProblem> {
    let hinted: Vec<Pattern> = hint.resources.iter().map(|resource| read(resource)).collect();
    let mut used = BTreeSet::new();
    let mut replaced = false;
    let assumed = requirements.assumed.iter_mut().map(|(_, permission)| permission);
    for permission in requirements.permissions.iter_mut().chain(assumed) {
        if !selects(&hint.selector, permission) {
            continue;
        }
        let mut resources = Vec::new();
        for resource in permission.grant.resources.drain(..) {
            if !is_of(&resource, &hint.parameter) {
                resources.push(resource);
                continue;
            }
            replaced = true;
            let fitting: Vec<&Pattern> = hinted.iter().filter(|one| resource.covers(one)).collect();
            used.extend(fitting.iter().map(|one| one.to_text()));
            if fitting.is_empty() {
                // Another resource of the same call may be the one that is meant; without any, this one stays as wide as it was.
                resources.push(resource);
            } else {
                resources.extend(fitting.into_iter().cloned());
            }
        }
        resources.sort();
        resources.dedup();
        permission.grant.resources = resources;
        replaced |= bind(permission, hint, &hinted, &mut used);
    }
    if !replaced {
        return Err(nothing(hint, requirements));
    }
    match hinted.iter().find(|one| !used.contains(&one.to_text())) {
        None => Ok(()),
        Some(unused) => {
            Err(HintProblem::TooWide { resource: unused.to_text(), parameter: hint.parameter.clone() })
        }
    }
}

/// Replaces what only the run knows in conditions; a condition of which nothing else is open binds from then on.
fn bind(permission: &mut Permission, hint: &Hint, hinted: &[Pattern], used: &mut BTreeSet<String>) -> bool {
    let mut replaced = false;
    let conditions = permission.grant.conditions.drain(..).chain(permission.open.drain(..));
    let (open, binding) = conditions
        .map(|condition| {
            let mut values = Vec::new();
            for value in &condition.values {
                let fitting: Vec<&Pattern> = hinted.iter().filter(|one| value.covers(one)).collect();
                if fitting.is_empty() || !is_of(value, &hint.parameter) {
                    values.push(value.clone());
                    continue;
                }
                replaced = true;
                used.extend(fitting.iter().map(|one| one.to_text()));
                values.extend(fitting.into_iter().cloned());
            }
            Condition::new(condition.operator, condition.key, &values)
        })
        .partition(Condition::is_open);
    permission.open = open;
    permission.grant.conditions = binding;
    permission.grant.conditions.sort();
    replaced
}

/// A hinted ARN.
fn read(text: &str) -> Pattern {
    let mut pattern = Pattern::default();
    pattern.push_template(text, &WildcardReason::Hint);
    pattern
}

fn selects(selector: &Selector, permission: &Permission) -> bool {
    match selector {
        Selector::State(name) => {
            let path = state_path(&permission.pointer);
            *name == *permission.pointer
                || *name == path
                || format!(".{path}").ends_with(&format!(".States.{name}"))
        }
        Selector::Integration(name) => {
            let origin = permission.origin.as_ref();
            origin == name || origin.split_once('.').is_some_and(|(call, _)| call == name)
        }
    }
}

/// Whether a wildcard of the resource stands for the parameter.
fn is_of(resource: &Pattern, parameter: &str) -> bool {
    resource.pieces().iter().any(|piece| {
        matches!(piece, Piece::Wildcard(_, WildcardReason::Run { parameter: own, .. }) if own.eq_ignore_ascii_case(parameter))
    })
}

fn nothing(hint: &Hint, requirements: &Requirements) -> HintProblem {
    let whom = match &hint.selector {
        Selector::State(name) => format!("state \"{name}\""),
        Selector::Integration(name) => format!("integration \"{name}\""),
    };
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for permission in requirements.permissions.iter().chain(assumed) {
        if selects(&hint.selector, permission) {
            for why in permission.patterns().flat_map(Pattern::reasons) {
                if let WildcardReason::Run { parameter, .. } = why {
                    open.insert(parameter);
                }
            }
        }
    }
    if open.is_empty() {
        return HintProblem::Nothing { whom };
    }
    let open: Vec<&str> = open.into_iter().collect();
    HintProblem::OtherParameter { whom, parameter: hint.parameter.clone(), open: open.join(", ") }
}
