//! Which states need what, and why each wildcard is there.

use std::collections::{BTreeMap, HashMap};

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

impl<'a> Key<'a> {
    fn shared(&self) -> Shared<'a> {
        Shared {
            statement: self.statement,
            origin: self.origin,
            docs: self.docs,
            correction: self.correction,
            basis: self.basis,
            assumes_input: self.assumes_input,
            resources: &self.grant.resources,
            conditions: &self.grant.conditions,
            open: self.open,
            reasons: self.reasons.clone(),
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
    let statement_of = |action: &str, conditions: &[Condition]| {
        statements_of.get(action).and_then(|statements| statement_of(statements, conditions, work))
    };
    let mut found: BTreeMap<Key<'_>, Vec<&str>> = BTreeMap::new();
    work.begin(Phase::Explaining);
    for permission in permissions.iter().take_while(|_| work.count(1).is_ok()) {
        let grant = &permission.grant;
        let mut statements: Vec<usize> =
            grant.actions.iter().filter_map(|action| statement_of(action, &grant.conditions)).collect();
        statements.sort_unstable();
        statements.dedup();
        for statement in statements {
            found.entry(key(statement, permission)).or_default().push(&permission.pointer);
        }
    }
    let mut shared: BTreeMap<(Shared<'_>, Vec<&str>), Vec<String>> = BTreeMap::new();
    for (key, mut pointers) in found.into_iter().take_while(|_| work.count(1).is_ok()) {
        let of_statement =
            |action: &&String| statement_of(action, &key.grant.conditions) == Some(key.statement);
        let actions = key.grant.actions.iter().filter(of_statement).cloned();
        pointers.retain(|pointer| !pointer.is_empty());
        pointers.sort_unstable();
        pointers.dedup();
        shared.entry((key.shared(), pointers)).or_default().extend(actions);
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
    let mut position_of: HashMap<Explanation, usize> = HashMap::new();
    let mut groups: Vec<Vec<Explanation>> = Vec::new();
    for row in rows {
        let mut common = Explanation { states: Vec::new(), ..row.clone() };
        common.wildcards.iter_mut().for_each(|wildcard| wildcard.reason.clear());
        let position = *position_of.entry(common).or_insert(groups.len());
        match groups.get_mut(position) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.into_iter().take_while(|_| work.count(1).is_ok()).filter_map(|group| join(group, work)).collect()
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
fn statement_of(statements: &Statements<'_>, conditions: &[Condition], work: &Work) -> Option<usize> {
    let same = statements.get(&conditions.iter().collect::<Vec<_>>());
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

fn explanation(key: &Shared<'_>, mut actions: Vec<String>, pointers: &[&str]) -> Explanation {
    actions.sort();
    actions.dedup();
    let mut resources: Vec<String> = key.resources.iter().map(Pattern::to_text).collect();
    resources.sort();
    let of_resources = key.resources.iter().map(|resource| (resource, resource.to_text()));
    let of_conditions = key.conditions.iter().chain(key.open).flat_map(|condition| {
        condition.values.iter().map(|value| (value, format!("{}: {}", condition.key, value.to_text())))
    });
    let mut wildcards: Vec<Reason> = of_resources
        .chain(of_conditions)
        .flat_map(|(text, named)| text.reasons().map(move |why| reason(named.clone(), why)))
        .collect();
    wildcards.sort();
    wildcards.dedup();
    Explanation {
        statement: key.statement,
        actions,
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
