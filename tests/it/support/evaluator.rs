//! A small evaluator of policy documents: does a document allow what is needed, and nothing else?
//!
//! The product checks its documents with an evaluator of its own, which reads their JSON. This one is
//! independent of it.

use std::collections::{BTreeMap, BTreeSet};

use sfniam::iam::{Condition, Grant, Operator, Pattern, Statement, WildcardReason, merge};

/// An action on a resource under conditions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Access {
    /// Such as `sqs:SendMessage`.
    pub(crate) action: String,
    /// As IAM reads it.
    pub(crate) resource: String,
    /// What is true while the role acts.
    pub(crate) conditions: Vec<Condition>,
}

/// The accesses that some permissions need, each once.
pub(crate) fn asked<'a>(permissions: impl IntoIterator<Item = &'a Grant>) -> Vec<Access> {
    let mut accesses = BTreeSet::new();
    for one in permissions {
        for action in &one.actions {
            for resource in &one.resources {
                let (action, resource) = (action.clone(), resource.to_text());
                accesses.insert(Access { action, resource, conditions: one.conditions.clone() });
            }
        }
    }
    accesses.into_iter().collect()
}

/// A document, ready to answer.
#[derive(Debug)]
pub(crate) struct Evaluator {
    /// By action in lower case, because IAM ignores its case.
    actions: BTreeMap<String, Vec<Grants>>,
}

/// What an action is allowed on under the same conditions.
#[derive(Debug)]
struct Grants {
    conditions: Vec<Condition>,
    exact: BTreeSet<String>,
    wide: Vec<(String, Pattern)>,
}

impl Evaluator {
    /// Reads statements that allow.
    pub(crate) fn new(statements: &[Statement]) -> Self {
        let mut actions: BTreeMap<String, Vec<Grants>> = BTreeMap::new();
        for statement in statements {
            for action in &statement.actions {
                let mut grants = Grants {
                    conditions: statement.conditions.clone(),
                    exact: BTreeSet::new(),
                    wide: Vec::new(),
                };
                for resource in &statement.resources {
                    let pattern = read(resource);
                    if pattern.known().is_some() {
                        grants.exact.insert(resource.clone());
                    } else {
                        grants.wide.push((resource.clone(), pattern));
                    }
                }
                actions.entry(action.to_ascii_lowercase()).or_default().push(grants);
            }
        }
        Evaluator { actions }
    }

    /// Whether everything that an access may touch is allowed.
    pub(crate) fn allows(&self, access: &Access) -> bool {
        let pattern = read(&access.resource);
        self.grants(&access.action).iter().any(|grants| {
            grants.conditions.iter().all(|condition| holds(condition, &access.conditions))
                && grants.cover(&access.resource, &pattern, "")
        })
    }

    /// An access of the document that some other access of it covers, so that nothing would break without it.
    pub(crate) fn superfluous(&self) -> Option<Access> {
        for (action, all) in &self.actions {
            for (index, grants) in all.iter().enumerate() {
                let entries = grants.exact.iter().map(|exact| (exact, None));
                for (resource, pattern) in
                    entries.chain(grants.wide.iter().map(|(text, wide)| (text, Some(wide))))
                {
                    let literal = pattern.is_none().then(|| read(resource));
                    let Some(pattern) = pattern.or(literal.as_ref()) else { continue };
                    let covered = all.iter().enumerate().any(|(other, one)| {
                        let own = if other == index { resource.as_str() } else { "" };
                        subset(&one.conditions, &grants.conditions) && one.cover(resource, pattern, own)
                    });
                    if covered {
                        let (action, resource) = (action.clone(), resource.clone());
                        return Some(Access { action, resource, conditions: grants.conditions.clone() });
                    }
                }
            }
        }
        None
    }

    fn grants(&self, action: &str) -> &[Grants] {
        self.actions.get(&action.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }
}

impl Grants {
    /// Whether an entry other than `own` covers the resource.
    fn cover(&self, text: &str, pattern: &Pattern, own: &str) -> bool {
        (text != own && self.exact.contains(text))
            || self.wide.iter().any(|(wide_text, wide)| wide_text != own && wide.covers(pattern))
    }
}

/// Whether each condition of `fewer` is among `more`: then `fewer` allows all that `more` does.
fn subset(fewer: &[Condition], more: &[Condition]) -> bool {
    fewer.iter().all(|condition| more.contains(condition))
}

/// Whether a condition certainly holds when others do: it is among them, or it is a `StringLike` for all
/// values of a `StringEquals` among them.
fn holds(condition: &Condition, given: &[Condition]) -> bool {
    let matches = |value: &Pattern| condition.texts().iter().any(|wide| read(wide).covers(value));
    let narrower = |one: &Condition| {
        condition.operator == Operator::StringLike
            && one.operator == Operator::StringEquals
            && one.key == condition.key
            && one.values.iter().all(matches)
    };
    given.contains(condition) || given.iter().any(narrower)
}

/// The text of a `Resource`, read as IAM does: `*` and `?` are wildcards, `${*}`, `${?}` and `${$}` the
/// characters.
fn read(text: &str) -> Pattern {
    let mut pattern = Pattern::default();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let escaped = [("${*}", "*"), ("${?}", "?"), ("${$}", "$")]
            .into_iter()
            .find_map(|(escape, plain)| rest.strip_prefix(escape).map(|tail| (plain, tail)));
        match (escaped, character) {
            (Some((plain, tail)), _) => {
                pattern.push_literal(plain);
                rest = tail;
                continue;
            }
            (None, '*') => pattern.push_wildcard("*", WildcardReason::Aws("")),
            (None, '?') => pattern.push_wildcard("?", WildcardReason::Aws("")),
            (None, other) => pattern.push_literal(other.encode_utf8(&mut [0; 4])),
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    pattern
}

fn statement(actions: &[&str], resources: &[&str], conditions: Vec<Condition>) -> Statement {
    let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Statement { actions: own(actions), resources: own(resources), conditions }
}

fn access(action: &str, resource: &str, conditions: Vec<Condition>) -> Access {
    Access { action: action.to_owned(), resource: resource.to_owned(), conditions }
}

fn passed() -> Condition {
    Condition::new(Operator::StringEquals, "iam:PassedToService", &[Pattern::literal("x.amazonaws.com")])
}

#[test]
fn what_is_covered_is_allowed() {
    let evaluator = Evaluator::new(&[
        statement(&["s3:GetObject"], &["arn:aws:s3:::b/*"], vec![]),
        statement(&["iam:PassRole"], &["arn:aws:iam::1:role/r"], vec![passed()]),
    ]);
    assert!(evaluator.allows(&access("S3:getobject", "arn:aws:s3:::b/k", vec![])));
    assert!(evaluator.allows(&access("s3:GetObject", "arn:aws:s3:::b/a${*}b", vec![])));
    assert!(!evaluator.allows(&access("s3:GetObject", "arn:aws:s3:::*/k", vec![])));
    assert!(!evaluator.allows(&access("s3:PutObject", "arn:aws:s3:::b/k", vec![])));
    assert!(evaluator.allows(&access("iam:PassRole", "arn:aws:iam::1:role/r", vec![passed()])));
    assert!(!evaluator.allows(&access("iam:PassRole", "arn:aws:iam::1:role/r", vec![])));
}

#[test]
fn what_another_entry_covers_is_superfluous() {
    let wide = [statement(&["sns:Publish"], &["arn:aws:sns:::*", "arn:aws:sns:::t"], vec![])];
    let found = Evaluator::new(&wide).superfluous();
    assert_eq!(found.map(|access| access.resource).as_deref(), Some("arn:aws:sns:::t"));
    let conditional =
        [statement(&["iam:PassRole"], &["r"], vec![passed()]), statement(&["iam:PassRole"], &["r"], vec![])];
    assert!(Evaluator::new(&conditional).superfluous().is_some());
    let tight = [statement(&["sns:Publish"], &["arn:aws:sns:::s", "arn:aws:sns:::t?"], vec![])];
    assert_eq!(Evaluator::new(&tight).superfluous(), None);
}

#[test]
fn merging_allows_what_was_asked() {
    let grant = Grant {
        actions: vec!["a:B".into(), "a:C".into()],
        resources: vec![Pattern::literal("x*"), Pattern::anything(WildcardReason::Aws(""))],
        conditions: vec![passed()],
    };
    let evaluator = Evaluator::new(&merge([&grant]));
    for access in asked([&grant]) {
        assert!(evaluator.allows(&access), "{access:?}");
    }
}
