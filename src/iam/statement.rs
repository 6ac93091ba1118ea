//! From allowed triples to statements.

use std::collections::{BTreeMap, BTreeSet};

use super::{Condition, Pattern};
use crate::work::Work;

/// Actions allowed on resources under conditions. The unit that statements are merged from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
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

impl Statement {
    /// Every action on every resource.
    pub(super) fn everything() -> Self {
        let everything = || vec!["*".to_owned()];
        Statement { actions: everything(), resources: everything(), conditions: Vec::new() }
    }
}

/// Merges without changing what is allowed: the set of (action, resource, conditions) is the same before and
/// after.
///
/// Under equal conditions, the actions of one service that are allowed on exactly the same resources share a
/// statement. So an action is in one statement for each set of conditions, services never share one, and the
/// result does not depend on the order of the input.
#[must_use]
pub fn merge<'a>(grants: impl IntoIterator<Item = &'a Grant>) -> Vec<Statement> {
    merge_within(grants, &Work::default())
}

/// The same, which is not to be used if the caller no longer waits for it: a part is missing.
#[must_use]
pub fn merge_within<'a>(grants: impl IntoIterator<Item = &'a Grant>, work: &Work) -> Vec<Statement> {
    let is_wanted = || work.count(1).is_ok();
    let mut resources_of: BTreeMap<(&[Condition], &str), BTreeSet<&Pattern>> = BTreeMap::new();
    for one in grants.into_iter().take_while(|_| is_wanted()) {
        for action in &one.actions {
            resources_of.entry((&one.conditions, action)).or_default().extend(&one.resources);
        }
    }
    let mut actions_of: BTreeMap<Shared<'_>, Vec<&str>> = BTreeMap::new();
    for ((conditions, action), resources) in resources_of.into_iter().take_while(|_| is_wanted()) {
        let service = action.split(':').next().unwrap_or(action);
        actions_of.entry((conditions, service, resources)).or_default().push(action);
    }
    let mut statements: Vec<Statement> = actions_of
        .into_iter()
        .map(|((conditions, _, resources), actions)| Statement {
            actions: actions.into_iter().map(str::to_owned).collect(),
            resources: resources.into_iter().take_while(|_| is_wanted()).map(Pattern::to_text).collect(),
            conditions: conditions.to_vec(),
        })
        .collect();
    work.sort(&mut statements);
    statements
}

/// Joins statements of different services that have the same resources and conditions. What is allowed stays
/// the same; the document gets smaller, and harder to read.
#[must_use]
pub fn share(statements: Vec<Statement>) -> Vec<Statement> {
    let mut actions_of: BTreeMap<(Vec<String>, Vec<Condition>), BTreeSet<String>> = BTreeMap::new();
    for statement in statements {
        actions_of.entry((statement.resources, statement.conditions)).or_default().extend(statement.actions);
    }
    let mut shared: Vec<Statement> = actions_of
        .into_iter()
        .map(|((resources, conditions), actions)| Statement {
            actions: actions.into_iter().collect(),
            resources,
            conditions,
        })
        .collect();
    shared.sort();
    shared
}

/// What the actions of one statement have in common: conditions, service and resources.
type Shared<'a> = (&'a [Condition], &'a str, BTreeSet<&'a Pattern>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::{Operator, WildcardReason};

    fn grant(actions: &[&str], resources: &[&str]) -> Grant {
        Grant {
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            resources: resources.iter().map(|resource| Pattern::literal(*resource)).collect(),
            conditions: Vec::new(),
        }
    }

    fn actions_and_resources(statements: &[Statement]) -> Vec<(Vec<&str>, Vec<&str>)> {
        fn texts(all: &[String]) -> Vec<&str> {
            all.iter().map(String::as_str).collect()
        }
        statements.iter().map(|statement| (texts(&statement.actions), texts(&statement.resources))).collect()
    }

    #[test]
    fn equal_resources_share_a_statement_and_others_do_not() {
        let merged = merge(&[
            grant(&["s3:PutObject"], &["b"]),
            grant(&["s3:GetObject"], &["a"]),
            grant(&["s3:GetObject"], &["b"]),
            grant(&["s3:ListBucket", "s3:PutObject"], &["a"]),
        ]);
        assert_eq!(
            actions_and_resources(&merged),
            [(vec!["s3:GetObject", "s3:PutObject"], vec!["a", "b"]), (vec!["s3:ListBucket"], vec!["a"])]
        );
    }

    #[test]
    fn conditions_and_services_keep_apart() {
        let mut conditional = grant(&["iam:PassRole"], &["r"]);
        conditional.conditions =
            vec![Condition::new(Operator::StringEquals, "k", &[Pattern::anything(WildcardReason::Aws(""))])];
        let merged =
            merge(&[grant(&["iam:PassRole"], &["r"]), conditional, grant(&["sts:AssumeRole"], &["r"])]);
        assert_eq!(merged.len(), 3);
        assert_eq!(share(merged).len(), 2);
    }

    #[test]
    fn merging_again_changes_nothing() {
        let rows = [grant(&["s3:PutObject", "s3:GetObject"], &["b", "a"]), grant(&["s3:GetObject"], &["c"])];
        let doubled: Vec<&Grant> = rows.iter().chain(rows.iter().rev()).collect();
        assert_eq!(merge(&rows), merge(doubled));
    }
}
