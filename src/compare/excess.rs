//! What policies allow and no state needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{
    Allowance, Context, Document, DocumentStatement, Effect, Glob, Request, Selection, decide,
};
use crate::iam::Condition;

use super::{ActionList, Difference, Need, Policies, Reason};

/// What is needed of an action.
struct Needed<'n> {
    resource: Glob,
    conditions: &'n [Condition],
}

/// What the states need, by action in lower case, and the spelling of each action.
struct Needs<'n> {
    of: BTreeMap<String, Vec<Needed<'n>>>,
    spelling: BTreeMap<String, &'n str>,
}

/// The excess of each statement, action by action as the policy writes them.
pub(super) fn excess(needs: &[Need<'_>], policies: Policies<'_>, actions: &ActionList) -> Vec<Difference> {
    let needs = collected(needs);
    let mut rows = Vec::new();
    for (index, document) in policies.documents.iter().enumerate() {
        for (position, statement) in document.statements.iter().enumerate() {
            if statement.effect == Effect::Deny {
                continue;
            }
            let place = format!("{index}/Statement/{position}");
            match &statement.actions {
                Selection::AllBut(patterns) => rows.push(row(
                    &place,
                    patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect(),
                    texts(statement),
                    Reason::NotAction,
                    (Vec::new(), Vec::new()),
                )),
                Selection::Any(patterns) => {
                    for pattern in patterns {
                        rows.extend(of_pattern(
                            &place,
                            statement,
                            pattern,
                            &needs,
                            policies.documents,
                            actions,
                        ));
                    }
                }
            }
        }
    }
    rows
}

fn collected<'n>(needs: &[Need<'n>]) -> Needs<'n> {
    let mut collected = Needs { of: BTreeMap::new(), spelling: BTreeMap::new() };
    let mut seen = BTreeSet::new();
    for need in needs {
        for action in &need.grant.actions {
            let lower = action.to_ascii_lowercase();
            collected.spelling.entry(lower.clone()).or_insert(action);
            for resource in &need.grant.resources {
                let text = resource.to_text();
                if seen.insert((lower.clone(), text.clone(), need.grant.conditions.as_slice())) {
                    let needed = Needed { resource: Glob::read(&text), conditions: &need.grant.conditions };
                    collected.of.entry(lower.clone()).or_default().push(needed);
                }
            }
        }
    }
    collected
}

fn of_pattern(
    place: &str,
    statement: &DocumentStatement,
    pattern: &Glob,
    needs: &Needs<'_>,
    documents: &[Document],
    actions: &ActionList,
) -> Option<Difference> {
    let matched = actions.matched(pattern);
    let anything = [Glob::read("*")];
    let (resources, but): (&[Glob], bool) = match &statement.resources {
        Some(Selection::Any(resources)) => (resources, false),
        // Everything but a few is never what a state needs, unless everything is.
        Some(Selection::AllBut(_)) | None => (&anything, true),
    };
    // A pattern that matches no action that exists allows those to come.
    let mut worst = matched.is_empty().then_some(Reason::UnusedAction);
    let mut wide: BTreeSet<&str> = BTreeSet::new();
    let mut enough: (BTreeSet<String>, BTreeSet<String>) = Default::default();
    for action in &matched {
        let lower = action.to_ascii_lowercase();
        let needed = needs.of.get(&lower).map(Vec::as_slice).unwrap_or_default();
        for resource in resources {
            if withdrawn(action, resource, documents) {
                continue;
            }
            let reason = judged(statement, resource, needed);
            let Some(reason) = reason else { continue };
            worst = Some(worst.map_or(reason, |one| graver(one, reason)));
            wide.insert(resource.as_str());
        }
        if let Some(spelling) = needs.spelling.get(&lower) {
            let reached =
                |needed: &&Needed<'_>| resources.iter().any(|resource| resource.overlaps(&needed.resource));
            let reached: Vec<&Needed<'_>> = needed.iter().filter(reached).collect();
            if !reached.is_empty() {
                enough.0.insert((*spelling).to_owned());
                enough.1.extend(reached.iter().map(|needed| needed.resource.as_str().to_owned()));
            }
        }
    }
    let reason = worst?;
    let named = if but { texts(statement) } else { wide.into_iter().map(str::to_owned).collect() };
    let enough = (enough.0.into_iter().collect(), enough.1.into_iter().collect());
    Some(row(place, vec![pattern.as_str().to_owned()], named, reason, enough))
}

/// Why an action of a statement is in excess on one of its resources; `None` if it is needed there.
fn judged(statement: &DocumentStatement, resource: &Glob, needed: &[Needed<'_>]) -> Option<Reason> {
    if needed.is_empty() {
        return Some(Reason::UnusedAction);
    }
    let covering: Vec<&Needed<'_>> = needed.iter().filter(|one| one.resource.covers(resource)).collect();
    if covering.is_empty() {
        let overlap = needed.iter().any(|one| resource.overlaps(&one.resource));
        return Some(if overlap { Reason::WiderResource } else { Reason::UnusedAction });
    }
    let has = |condition: &Condition| {
        let key = condition.key.to_ascii_lowercase();
        statement.conditions.iter().any(|test| test.key == key)
    };
    let bound = |one: &&Needed<'_>| one.conditions.iter().all(has);
    if covering.iter().any(bound) { None } else { Some(Reason::Condition) }
}

/// An unused action weighs more than a resource that is too wide, and that more than a condition.
fn graver(one: Reason, two: Reason) -> Reason {
    one.min(two)
}

/// Whether a `Deny` takes all of it away again.
fn withdrawn(action: &str, resource: &Glob, documents: &[Document]) -> bool {
    let request = Request {
        action: Glob::read_action(action),
        resource: resource.clone(),
        context: Context::default(),
    };
    decide(documents, &request) == Allowance::Nothing
}

fn texts(statement: &DocumentStatement) -> Vec<String> {
    let patterns = statement.resources.iter().flat_map(Selection::patterns);
    patterns.map(|pattern| pattern.as_str().to_owned()).collect()
}

fn row(
    place: &str,
    actions: Vec<String>,
    resources: Vec<String>,
    reason: Reason,
    enough: (Vec<String>, Vec<String>),
) -> Difference {
    Difference {
        machine: None,
        states: Vec::new(),
        actions,
        resources,
        conditions: Vec::new(),
        reason,
        statement: place.to_owned(),
        enough,
    }
}
