//! What states need and policies do not allow.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Allowance, Effect, Request, decide, reach};
use crate::iam::{Condition, Pattern};

use super::need::is_open;
use super::{Comparison, Difference, Need, Policies, Reason};

/// Rows that share an answer: machine, conditions, reason and resource, with the actions and the states that
/// they hold for.
type Rows<'n> = BTreeMap<(usize, &'n [Condition], Reason, String), (BTreeSet<&'n str>, BTreeSet<&'n str>)>;

/// What is missing, and what is undecided.
pub(super) fn missing(needs: &[Need<'_>], policies: Policies<'_>) -> Comparison {
    let mut missing = Rows::new();
    let mut undecided = Rows::new();
    for need in needs {
        for action in &need.grant.actions {
            for resource in &need.grant.resources {
                let (rows, reason) = match judged(need, action, resource, policies) {
                    Judgement::Allowed => continue,
                    Judgement::Missing(reason) => (&mut missing, reason),
                    Judgement::Undecided(reason) => (&mut undecided, reason),
                };
                let key = (need.machine, need.grant.conditions.as_slice(), reason, resource.to_text());
                let (actions, states) = rows.entry(key).or_default();
                actions.insert(action);
                states.insert(need.pointer);
            }
        }
    }
    Comparison { missing: differences(missing), undecided: differences(undecided), ..Comparison::default() }
}

enum Judgement {
    Allowed,
    Missing(Reason),
    Undecided(Reason),
}

fn judged(need: &Need<'_>, action: &str, resource: &Pattern, policies: Policies<'_>) -> Judgement {
    let requests = need.requests(action, resource);
    let own = |request: &Request| decide(policies.documents, request);
    let with_boundary = |request: &Request| match policies.boundary {
        Some(boundary) => own(request).min(decide([boundary], request)),
        None => own(request),
    };
    let Some(least) = requests.iter().map(&with_boundary).min() else {
        return Judgement::Undecided(Reason::UnknownCondition);
    };
    let most = requests.iter().map(&with_boundary).max().unwrap_or(least);
    match (least, most) {
        (Allowance::Everything, _) => Judgement::Allowed,
        (_, Allowance::Nothing) => {
            let by_boundary = requests.iter().any(|request| own(request) != Allowance::Nothing);
            let denied = requests.iter().any(|request| is_denied(request, policies));
            Judgement::Missing(match (by_boundary, denied) {
                (true, _) => Reason::Boundary,
                (false, true) => Reason::Denied,
                (false, false) => Reason::NotAllowed,
            })
        }
        // A statement on single resources never matches a call that IAM checks on "*".
        _ if resource.is_unknown() && !is_open(resource) && !conditional(&requests, policies) => {
            Judgement::Missing(Reason::NotAllowed)
        }
        _ if resource.known().is_none() && !conditional(&requests, policies) => {
            Judgement::Undecided(Reason::SomeResources)
        }
        _ => Judgement::Undecided(Reason::UnknownCondition),
    }
}

fn is_denied(request: &Request, policies: Policies<'_>) -> bool {
    let statements = policies.documents.iter().flat_map(|document| &document.statements);
    let deny = statements.filter(|statement| statement.effect == Effect::Deny);
    deny.map(|statement| reach(statement, request)).max() == Some(Allowance::Everything)
}

/// Whether a statement with a condition has a part in the answer.
fn conditional(requests: &[Request], policies: Policies<'_>) -> bool {
    let statements =
        policies.documents.iter().chain(policies.boundary).flat_map(|document| &document.statements);
    let mut partly = statements.filter(|statement| !statement.conditions.is_empty()).flat_map(|statement| {
        requests.iter().map(move |request| {
            let without = crate::document::DocumentStatement { conditions: Vec::new(), ..statement.clone() };
            reach(&without, request) > reach(statement, request)
                && reach(statement, request) != Allowance::Nothing
        })
    });
    partly.any(|partly| partly)
}

/// Resources for which the same actions and states have the same answer share a row.
fn differences(rows: Rows<'_>) -> Vec<Difference> {
    type Shared<'n> = (usize, &'n [Condition], Reason, BTreeSet<&'n str>, BTreeSet<&'n str>);
    let mut shared: BTreeMap<Shared<'_>, Vec<String>> = BTreeMap::new();
    for ((machine, conditions, reason, resource), (actions, states)) in rows {
        shared.entry((machine, conditions, reason, actions, states)).or_default().push(resource);
    }
    let difference =
        |((machine, conditions, reason, actions, states), resources): (Shared<'_>, _)| Difference {
            machine: Some(machine),
            states: states.into_iter().filter(|state| !state.is_empty()).map(str::to_owned).collect(),
            actions: actions.into_iter().map(str::to_owned).collect(),
            resources,
            conditions: conditions.iter().map(conditions_of).collect(),
            reason,
            statement: String::new(),
            enough: (Vec::new(), Vec::new()),
        };
    shared.into_iter().map(difference).collect()
}

fn conditions_of(condition: &Condition) -> (String, String, Vec<String>) {
    (condition.operator.name().to_owned(), condition.key.clone(), condition.texts())
}
