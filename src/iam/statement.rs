//! From allowed triples to statements.

use std::collections::{BTreeMap, BTreeSet};

use super::{Condition, Pattern};

/// Actions allowed on resources under conditions. The unit that statements are merged from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Such as `batch:SubmitJob`.
    pub actions: Vec<String>,
    /// Never empty.
    pub resources: Vec<Pattern>,
    /// Sorted; all must hold.
    pub conditions: Vec<Condition>,
}

/// A statement with `"Effect": "Allow"`: every action on every resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// In ascending byte order.
    pub actions: Vec<String>,
    /// In ascending byte order.
    pub resources: Vec<String>,
    /// In ascending order of operator and key.
    pub conditions: Vec<Condition>,
}

/// Merges without changing what is allowed: the set of (action, resource, conditions) is the same before and after.
///
/// Under equal conditions, the actions of one service that are allowed on exactly the same resources share a statement. So an
/// action stands in one statement for each set of conditions, services never share one, and the result does not depend on the order of what
/// comes in.
#[must_use]
pub fn merge<'a>(allowed: impl IntoIterator<Item = &'a Allowed>) -> Vec<Statement> {
    let mut resources_of: BTreeMap<(&[Condition], &str), BTreeSet<&Pattern>> = BTreeMap::new();
    for one in allowed {
        for action in &one.actions {
            resources_of.entry((&one.conditions, action)).or_default().extend(&one.resources);
        }
    }
    let mut actions_of: BTreeMap<Shared<'_>, Vec<&str>> = BTreeMap::new();
    for ((conditions, action), resources) in resources_of {
        let service = action.split(':').next().unwrap_or(action);
        actions_of.entry((conditions, service, resources)).or_default().push(action);
    }
    let mut statements: Vec<Statement> = actions_of
        .into_iter()
        .map(|((conditions, _, resources), actions)| Statement {
            actions: actions.into_iter().map(str::to_owned).collect(),
            resources: resources.into_iter().map(Pattern::to_text).collect(),
            conditions: conditions.to_vec(),
        })
        .collect();
    statements.sort();
    statements
}

/// What the actions of one statement have in common: conditions, service and resources.
type Shared<'a> = (&'a [Condition], &'a str, BTreeSet<&'a Pattern>);
