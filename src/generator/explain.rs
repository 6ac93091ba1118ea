//! Which states need what, and why each wildcard is there.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::finding::{character, state_path};
use crate::iam::{Condition, Grant, MAX_CONDITIONS_WITH_SUBSETS, Pattern, Policy, WildcardReason, subsets};
use crate::permissions::Permission;
use crate::sdk::evidence::Basis;
use crate::work::{Phase, Work};

/// A part of a statement that the same integration needs, for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Explanation {
    /// The statement's position in the document, from 0.
    pub statement: usize,
    /// In ascending order.
    pub actions: Vec<String>,
    /// In ascending order, as in the document.
    pub resources: Vec<String>,
    /// What needs it, such as `batch:submitJob.sync`.
    pub integration: String,
    /// The states that need it: path and JSON pointer. Empty if the state machine itself does.
    pub states: Vec<(String, String)>,
    /// AWS's page about it.
    pub docs: String,
    /// Why it adds to what AWS documents; with a `rule`, the evidence for the rule. Else empty.
    pub note: String,
    /// The rule by which it is known, and how sure that is: `high`, `medium` or `low`. For AWS SDK
    /// integrations; else `None`.
    pub rule: Option<(String, String)>,
    /// Whether it holds only for executions with the input that the user stated.
    pub assumes_input: bool,
    /// Why each wildcard is there.
    pub wildcards: Vec<Reason>,
}

/// Why a resource, or the value of a condition, has a wildcard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// The resource as in the document, or key and value of a condition: `states:HTTPEndpoint:
    /// https://example.com/*`. A condition of which nothing is known has the value `*` here and is left out
    /// of the document.
    pub resource: String,
    /// What kind of reason it is.
    pub kind: ReasonKind,
    /// The parameter that is known only at run time, or the argument that is not set. Empty for `aws`.
    pub parameter: String,
    /// The expression as the definition has it, or AWS's reason.
    pub reason: String,
    /// The JSON pointers of the states whose reason it is. Empty: of all.
    pub pointers: Vec<String>,
}

/// The kinds of reasons for a wildcard. They sort by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// AWS requires it.
    Aws,
    /// Policies cannot contain the character at this position.
    Character,
    /// It comes from a `resource_hint`.
    Hint,
    /// The value is known only at run time.
    Run,
    /// An argument is not given.
    Setting,
}

impl ReasonKind {
    /// The name in the attribute `explanation`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ReasonKind::Aws => "aws",
            ReasonKind::Character => "character",
            ReasonKind::Hint => "hint",
            ReasonKind::Run => "run",
            ReasonKind::Setting => "setting",
        }
    }
}

/// What permissions have in common that the same states need. Patterns compare without the reasons of their
/// wildcards, so these are kept beside them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    statement: usize,
    origin: &'a str,
    docs: &'static str,
    correction: &'static str,
    basis: Option<Basis>,
    assumes_input: bool,
    grant: &'a Grant,
    open: &'a [Condition],
    reasons: Vec<&'a WildcardReason>,
}

/// The actions that a statement allows for a key, and the pointers of the states that need them.
type OfStatement<'a> = (Vec<&'a str>, Vec<&'a str>);

impl<'a> From<Key<'a>> for Shared<'a> {
    fn from(key: Key<'a>) -> Self {
        Shared {
            statement: key.statement,
            origin: key.origin,
            docs: key.docs,
            correction: key.correction,
            basis: key.basis,
            assumes_input: key.assumes_input,
            resources: &key.grant.resources,
            conditions: &key.grant.conditions,
            open: key.open,
            reasons: key.reasons,
        }
    }
}

/// What permissions have in common that share an explanation: all but their actions.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shared<'a> {
    statement: usize,
    origin: &'a str,
    docs: &'static str,
    correction: &'static str,
    basis: Option<Basis>,
    assumes_input: bool,
    resources: &'a [Pattern],
    conditions: &'a [Condition],
    open: &'a [Condition],
    reasons: Vec<&'a WildcardReason>,
}

/// Explains a document by the permissions that it was made from.
#[must_use]
pub fn explain(policy: &Policy, permissions: &[Permission], work: &Work) -> Vec<Explanation> {
    let mut statements_of: HashMap<&str, Statements<'_>> = HashMap::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        for action in &statement.actions {
            let conditions = statement.conditions.iter().collect();
            statements_of.entry(action).or_default().entry(conditions).or_insert(index);
        }
    }
    let mut found: BTreeMap<Key<'_>, OfStatement<'_>> = BTreeMap::new();
    work.begin(Phase::Explaining);
    for permission in permissions.iter().take_while(|_| work.count(1).is_ok()) {
        let grant = &permission.grant;
        let conditions: Vec<&Condition> = grant.conditions.iter().collect();
        let of = |action: &'_ String| {
            let statements = statements_of.get(action.as_str())?;
            statement_of(statements, (&grant.conditions, &conditions), work)
        };
        let mut statements: Vec<(usize, &String)> =
            grant.actions.iter().filter_map(|action| Some((of(action)?, action))).collect();
        statements.sort_by_key(|(statement, _)| *statement);
        for group in statements.chunk_by(|(one, _), (two, _)| one == two) {
            let Some((statement, _)) = group.first() else { continue };
            let (actions, pointers) = found.entry(key(*statement, permission)).or_default();
            if pointers.is_empty() {
                actions.extend(group.iter().map(|(_, action)| action.as_str()));
            }
            pointers.push(&permission.pointer);
        }
    }
    let mut shared: BTreeMap<(Shared<'_>, Vec<&str>), Vec<&str>> = BTreeMap::new();
    for (key, (actions, mut pointers)) in found.into_iter().take_while(|_| work.count(1).is_ok()) {
        pointers.retain(|pointer| !pointer.is_empty());
        pointers.sort_unstable();
        pointers.dedup();
        shared.entry((key.into(), pointers)).or_default().extend(actions);
    }
    let rows = shared
        .into_iter()
        .take_while(|_| work.count(1).is_ok())
        .map(|((key, pointers), actions)| explanation(&key, actions, &pointers));
    joined(rows, work)
}

/// Joins the explanations that differ only by their states and by the expressions of their wildcards, so that
/// many states that are alike have one.
fn joined(rows: impl Iterator<Item = Explanation>, work: &Work) -> Vec<Explanation> {
    let rows: Vec<Explanation> = rows.collect();
    let mut group_of: HashMap<Common<'_>, usize> = HashMap::new();
    let mut numbers = Vec::with_capacity(rows.len());
    for row in &rows {
        let next = group_of.len();
        numbers.push(*group_of.entry(Common::of(row)).or_insert(next));
    }
    let mut groups: Vec<Vec<Explanation>> = vec![Vec::new(); group_of.len()];
    drop(group_of);
    for (row, number) in rows.into_iter().zip(numbers) {
        if let Some(group) = groups.get_mut(number) {
            group.push(row);
        }
    }
    groups.into_iter().take_while(|_| work.count(1).is_ok()).filter_map(|group| join(group, work)).collect()
}

/// What explanations have in common that are joined.
#[derive(PartialEq, Eq, Hash)]
struct Common<'e> {
    statement: usize,
    actions: &'e [String],
    resources: &'e [String],
    integration: &'e str,
    docs: &'e str,
    note: &'e str,
    rule: Option<&'e (String, String)>,
    assumes_input: bool,
    wildcards: Vec<(&'e str, ReasonKind, &'e str)>,
}

impl<'e> Common<'e> {
    fn of(row: &'e Explanation) -> Self {
        let wildcards = row.wildcards.iter();
        Common {
            statement: row.statement,
            actions: &row.actions,
            resources: &row.resources,
            integration: &row.integration,
            docs: &row.docs,
            note: &row.note,
            rule: row.rule.as_ref(),
            assumes_input: row.assumes_input,
            wildcards: wildcards.map(|one| (&*one.resource, one.kind, &*one.parameter)).collect(),
        }
    }
}

/// One explanation of several. An expression that not all states have says which do.
fn join(group: Vec<Explanation>, work: &Work) -> Option<Explanation> {
    let count = group.len();
    let mut rows = group.into_iter();
    let mut all = rows.next()?;
    if count == 1 {
        return Some(all);
    }
    let mut groups_of: BTreeMap<Reason, (usize, Vec<String>)> = BTreeMap::new();
    let mut add = |wildcards: Vec<Reason>, states: &[(String, String)]| {
        for wildcard in wildcards {
            let (count, pointers) = groups_of.entry(wildcard).or_default();
            *count += 1;
            pointers.extend(states.iter().map(|(_, pointer)| pointer.clone()));
        }
    };
    add(std::mem::take(&mut all.wildcards), &all.states);
    for row in rows.take_while(|_| work.count(1).is_ok()) {
        add(row.wildcards, &row.states);
        all.states.extend(row.states);
    }
    work.sort(&mut all.states);
    all.states.dedup();
    let reason = |(reason, (own, mut pointers)): (Reason, (usize, Vec<String>))| {
        work.sort(&mut pointers);
        Reason { pointers: if own == count { Vec::new() } else { pointers }, ..reason }
    };
    all.wildcards = groups_of.into_iter().map(reason).collect();
    Some(all)
}

fn key(statement: usize, permission: &Permission) -> Key<'_> {
    Key {
        statement,
        origin: &permission.origin,
        docs: permission.docs,
        correction: permission.correction,
        basis: permission.basis,
        assumes_input: permission.assumes_input,
        grant: &permission.grant,
        open: &permission.open,
        reasons: permission.patterns().flat_map(Pattern::reasons).collect(),
    }
}

/// The statement for an action under conditions: the one with the same, else one with fewer, since what is
/// allowed without a condition need not be repeated under it.
fn statement_of(
    statements: &Statements<'_>,
    (conditions, each): (&[Condition], &[&Condition]),
    work: &Work,
) -> Option<usize> {
    let same = statements.get(each);
    let fewer = || {
        if conditions.len() <= MAX_CONDITIONS_WITH_SUBSETS {
            work.count(1 << conditions.len()).ok()?;
            return subsets(conditions).filter_map(|fewer| statements.get(&fewer).copied()).min();
        }
        work.count(statements.len()).ok()?;
        let is_subset = |own: &&Vec<&Condition>| own.iter().all(|condition| conditions.contains(condition));
        statements.iter().filter(|(own, _)| is_subset(own)).map(|(_, index)| *index).min()
    };
    same.copied().or_else(fewer)
}

/// The statements for an action, by their conditions.
type Statements<'a> = HashMap<Vec<&'a Condition>, usize>;

fn explanation(key: &Shared<'_>, mut actions: Vec<&str>, pointers: &[&str]) -> Explanation {
    actions.sort_unstable();
    actions.dedup();
    let texts: Vec<String> = key.resources.iter().map(Pattern::to_text).collect();
    let wild = key.resources.iter().zip(&texts).filter(|(resource, _)| resource.known().is_none());
    let of_resources = wild.map(|(resource, text)| (resource, text.clone()));
    let of_conditions = key.conditions.iter().chain(key.open).flat_map(|condition| {
        condition.values.iter().map(|value| (value, format!("{}: {}", condition.key, value.to_text())))
    });
    let mut wildcards: Vec<Reason> = of_resources
        .chain(of_conditions)
        .flat_map(|(text, named)| text.reasons().map(move |why| reason(named.clone(), why)))
        .collect();
    wildcards.sort();
    wildcards.dedup();
    let mut resources = texts;
    resources.sort();
    Explanation {
        statement: key.statement,
        actions: actions.into_iter().map(str::to_owned).collect(),
        resources,
        integration: key.origin.to_owned(),
        states: pointers.iter().map(|pointer| (state_path(pointer), (*pointer).to_owned())).collect(),
        docs: key.docs.to_owned(),
        note: key.basis.map_or(key.correction, |basis| basis.note).to_owned(),
        rule: key.basis.map(|basis| (basis.rule.to_owned(), basis.confidence.name().to_owned())),
        assumes_input: key.assumes_input,
        wildcards,
    }
}

fn reason(resource: String, why: &WildcardReason) -> Reason {
    let (kind, parameter, reason) = match why {
        WildcardReason::Aws(because) => (ReasonKind::Aws, String::new(), (*because).to_owned()),
        WildcardReason::Run { parameter, cause } => (ReasonKind::Run, parameter.clone(), cause.to_string()),
        WildcardReason::Accepted(reason) => (ReasonKind::Hint, String::new(), reason.clone()),
        WildcardReason::Hint => (ReasonKind::Hint, String::new(), "a resource_hint says so".to_owned()),
        WildcardReason::Unwritable { character: one, parameter } => {
            let reason = format!("a policy cannot have {}", character(*one));
            (ReasonKind::Character, parameter.clone(), reason)
        }
        WildcardReason::Setting(argument) => {
            (ReasonKind::Setting, (*argument).to_owned(), format!("\"{argument}\" is not set"))
        }
    };
    Reason { resource, kind, parameter, reason, pointers: Vec::new() }
}
