//! Who asked for what, and why it is as wide as it is.

use std::collections::BTreeMap;

use crate::asl::state_path;
use crate::iam::{Condition, Pattern, Policy, Why};
use crate::permissions::Permission;
use crate::permissions::sdk::basis::Basis;

/// A part of a statement that the same integration asked for, for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The statement's position in the document, from 0.
    pub statement: usize,
    /// In ascending order.
    pub actions: Vec<String>,
    /// In ascending order, as in the document.
    pub resources: Vec<String>,
    /// What asks, such as `batch:submitJob.sync`.
    pub integration: String,
    /// The states that ask: path and JSON pointer. Empty if the state machine itself does.
    pub states: Vec<(String, String)>,
    /// AWS's page about it.
    pub docs: String,
    /// Where it adds to what AWS documents: why. By a rule: what that goes by. Else empty.
    pub note: String,
    /// The rule by which it is known, and how sure that is: `high`, `medium` or `low`. For AWS SDK integrations; else `None`.
    pub rule: Option<(String, String)>,
    /// Whether it holds only for executions with the input that the user stated.
    pub assumes_input: bool,
    /// Why each wildcard is there.
    pub wildcards: Vec<Reason>,
}

/// Why a resource, or the value of a condition, has a wildcard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The resource as in the document, or key and value of a condition: `states:HTTPEndpoint: https://example.com/*`. A condition of which nothing is known
    /// has the value `*` here and is left out of the document.
    pub resource: String,
    /// `aws`: AWS asks for it. `run`: only the run knows. `setting`: an argument is not given.
    /// `hint`: a `resource_hint` says so.
    pub kind: &'static str,
    /// The parameter that only the run knows, or the argument that is not given. Empty for `aws`.
    pub parameter: String,
    /// The expression as the definition has it, or AWS's reason.
    pub reason: String,
}

type Key<'a> = (usize, &'a str, &'a str, &'a str, Option<Basis>, bool, Vec<String>);

/// Explains a document by the permissions that it was made from.
#[must_use]
pub fn explain(policy: &Policy, permissions: &[Permission]) -> Vec<Explanation> {
    let mut statements_of: BTreeMap<&str, Vec<(&[Condition], usize)>> = BTreeMap::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        for action in &statement.actions {
            statements_of.entry(action).or_default().push((&statement.conditions, index));
        }
    }
    let mut found: BTreeMap<Key<'_>, Explanation> = BTreeMap::new();
    for permission in permissions {
        let mut actions_of: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for action in &permission.allowed.actions {
            let statements = statements_of.get(action.as_str()).map_or(&[][..], Vec::as_slice);
            if let Some(statement) = statement_of(statements, &permission.allowed.conditions) {
                actions_of.entry(statement).or_default().push(action);
            }
        }
        for (statement, actions) in actions_of {
            add(&mut found, statement, &actions, permission);
        }
    }
    let mut explanations: Vec<Explanation> = found.into_values().collect();
    for explanation in &mut explanations {
        explanation.states.sort();
        explanation.states.dedup();
    }
    explanations
}

/// The statement for an action under conditions: the one with the same, else one with fewer, since what is allowed without a condition need not stand
/// under it again.
fn statement_of(statements: &[(&[Condition], usize)], conditions: &[Condition]) -> Option<usize> {
    let same = statements.iter().find(|(own, _)| *own == conditions);
    let fewer =
        || statements.iter().find(|(own, _)| own.iter().all(|condition| conditions.contains(condition)));
    same.or_else(fewer).map(|(_, index)| *index)
}

fn add<'p>(
    found: &mut BTreeMap<Key<'p>, Explanation>,
    statement: usize,
    actions: &[&str],
    permission: &'p Permission,
) {
    let mut actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    actions.sort();
    let mut resources: Vec<String> = permission.allowed.resources.iter().map(Pattern::to_text).collect();
    resources.sort();
    let of_resources = permission.allowed.resources.iter().map(|resource| (resource, resource.to_text()));
    let conditions = permission.allowed.conditions.iter().chain(&permission.open);
    let of_conditions = conditions.flat_map(|condition| {
        condition.values.iter().map(|value| (value, format!("{}: {}", condition.key, value.to_text())))
    });
    let mut wildcards: Vec<Reason> = of_resources
        .chain(of_conditions)
        .flat_map(|(text, named)| text.whys().map(move |why| reason(named.clone(), why)))
        .collect();
    wildcards.sort();
    wildcards.dedup();
    let mut distinct = actions.clone();
    distinct.extend(resources.iter().cloned());
    distinct.extend(wildcards.iter().map(|wildcard| wildcard.reason.clone()));
    let key: Key<'p> = (
        statement,
        &permission.asker,
        permission.docs,
        permission.correction,
        permission.basis,
        permission.assumes_input,
        distinct,
    );
    let entry = found.entry(key).or_insert_with(|| Explanation {
        statement,
        actions,
        resources,
        integration: permission.asker.to_string(),
        states: Vec::new(),
        docs: permission.docs.to_owned(),
        note: permission.basis.map_or(permission.correction, |basis| basis.note).to_owned(),
        rule: permission.basis.map(|basis| (basis.rule.to_owned(), basis.confidence.name().to_owned())),
        assumes_input: permission.assumes_input,
        wildcards,
    });
    if !permission.pointer.is_empty() {
        entry.states.push((state_path(&permission.pointer), permission.pointer.to_string()));
    }
}

fn reason(resource: String, why: &Why) -> Reason {
    let (kind, parameter, reason) = match why {
        Why::Aws(because) => ("aws", String::new(), (*because).to_owned()),
        Why::Run { parameter, expression } => ("run", parameter.clone(), expression.clone()),
        Why::Hint => ("hint", String::new(), "a resource_hint says so".to_owned()),
        Why::Setting(argument) => ("setting", (*argument).to_owned(), format!("\"{argument}\" is not given")),
    };
    Reason { resource, kind, parameter, reason }
}
