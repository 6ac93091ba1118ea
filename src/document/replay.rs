//! Documents compared with what was asked for: they allow all of it, nothing else, and contain nothing
//! redundant.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::index::GlobIndex;
use super::limits::MAX_CONDITIONS_WITH_SUBSETS;
use super::{ConditionTest, Document, DocumentStatement, Effect, Glob, Selection};
use crate::work::Work;

/// An action on a resource under conditions, as a document says it. Rows of one statement share their parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Such as `sqs:sendmessage`: in lower case, without wildcards.
    pub action: Rc<str>,
    /// The text of an element of `Resource`.
    pub resource: Rc<str>,
    /// All must hold.
    pub conditions: Rc<BTreeSet<ConditionTest>>,
}

/// Why documents cannot be replayed: they contain something other than allowed actions on resources.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has a \"Deny\", a \"Not…\" element, or a wildcard in an action")]
pub struct NotOnlyAllowed;

/// Documents with `Allow` statements, indexed. The document that denies everything, for state machines
/// without needs, has no rows.
#[derive(Debug, Default)]
pub struct Replay {
    /// By the action, then by the numbers of the tests that must hold, in ascending order.
    groups: HashMap<Rc<str>, HashMap<Vec<usize>, Group>>,
    numbers: HashMap<ConditionTest, usize>,
    tests: Vec<ConditionTest>,
    rows: HashSet<Row>,
}

/// What an action is allowed on under the same conditions.
#[derive(Debug, Default)]
struct Group {
    exact: HashSet<Rc<str>>,
    wide: GlobIndex,
}

/// What a statement allows: actions on resources under conditions.
struct Allowed<'d> {
    actions: Vec<Rc<str>>,
    resources: &'d [Glob],
    texts: Vec<Rc<str>>,
    conditions: Rc<BTreeSet<ConditionTest>>,
}

impl<'d> Allowed<'d> {
    /// `None` for the statement of the document that denies everything.
    fn of(statement: &'d DocumentStatement) -> Result<Option<Self>, NotOnlyAllowed> {
        let (Selection::Any(actions), Some(Selection::Any(resources)), None) =
            (&statement.actions, &statement.resources, &statement.principals)
        else {
            return Err(NotOnlyAllowed);
        };
        if statement.effect == Effect::Deny {
            let everything = |globs: &[Glob]| matches!(globs, [one] if one.as_str() == "*");
            if everything(actions) && everything(resources) && statement.conditions.is_empty() {
                return Ok(None);
            }
            return Err(NotOnlyAllowed);
        }
        let literal = |action: &Glob| action.literal().map(Rc::from).ok_or(NotOnlyAllowed);
        Ok(Some(Allowed {
            actions: actions.iter().map(literal).collect::<Result<_, _>>()?,
            resources,
            texts: resources.iter().map(|resource| resource.as_str().into()).collect(),
            conditions: Rc::new(statement.conditions.iter().map(sorted).collect()),
        }))
    }
}

/// The rows of documents taken together, as a role has them. If the caller no longer waits for them, some are
/// missing.
///
/// # Errors
/// If a statement does something else than to allow actions on resources.
pub fn rows(documents: &[Document], work: &Work) -> Result<HashSet<Row>, NotOnlyAllowed> {
    let mut rows = HashSet::new();
    for statement in documents.iter().flat_map(|document| &document.statements) {
        let Some(allowed) = Allowed::of(statement)? else { continue };
        for action in &allowed.actions {
            rows.extend(allowed.texts.iter().take_while(|_| work.count(1).is_ok()).map(|text| Row {
                action: Rc::clone(action),
                resource: Rc::clone(text),
                conditions: Rc::clone(&allowed.conditions),
            }));
        }
    }
    Ok(rows)
}

impl Replay {
    /// Indexes documents, taken together. If the caller no longer waits for it, a part is missing.
    ///
    /// # Errors
    /// As [`rows`].
    pub fn new(documents: &[Document], work: &Work) -> Result<Self, NotOnlyAllowed> {
        Replay::of(documents, rows(documents, work)?, work)
    }

    /// Indexes documents of these [`rows`]. If the caller no longer waits for it, a part is missing.
    ///
    /// # Errors
    /// As [`rows`].
    pub fn of(documents: &[Document], rows: HashSet<Row>, work: &Work) -> Result<Self, NotOnlyAllowed> {
        let mut replay = Replay { rows, ..Replay::default() };
        for statement in documents.iter().flat_map(|document| &document.statements) {
            let Some(allowed) = Allowed::of(statement)? else { continue };
            let mut numbers: Vec<usize> = allowed.conditions.iter().map(|test| replay.number(test)).collect();
            numbers.sort_unstable();
            for action in &allowed.actions {
                replay.add(action, &numbers, &allowed, work);
            }
        }
        Ok(replay)
    }

    fn add(&mut self, action: &Rc<str>, numbers: &[usize], allowed: &Allowed<'_>, work: &Work) {
        let group = self.groups.entry(Rc::clone(action)).or_default().entry(numbers.to_vec()).or_default();
        let resources = allowed.resources.iter().zip(&allowed.texts);
        for (resource, text) in resources.take_while(|_| work.count(1).is_ok()) {
            if resource.literal().is_none() {
                group.wide.insert(resource.clone());
            } else {
                group.exact.insert(Rc::clone(text));
            }
        }
    }

    fn number(&mut self, test: &ConditionTest) -> usize {
        if let Some(number) = self.numbers.get(test) {
            return *number;
        }
        self.numbers.insert(test.clone(), self.tests.len());
        self.tests.push(test.clone());
        self.tests.len() - 1
    }

    /// Their rows, in no particular order.
    #[must_use]
    pub fn rows(&self) -> &HashSet<Row> {
        &self.rows
    }

    /// The same, without the index.
    #[must_use]
    pub fn into_rows(self) -> HashSet<Row> {
        self.rows
    }

    /// Whether they allow a row: all that its resource matches, whenever its conditions hold.
    #[must_use]
    pub fn allows(&self, row: &Row, work: &Work) -> bool {
        if self.rows.contains(row) {
            return true;
        }
        let resource = Glob::read(&row.resource);
        self.covered(row, &|| &resource, None, work)
            || self.groups.get(&row.action).is_some_and(|groups| {
                // Only where a wider operator covers a narrower one, which is rare.
                if work.count(groups.len()).is_err() {
                    return false;
                }
                let given: Vec<&ConditionTest> = row.conditions.iter().collect();
                let is_implied =
                    |number: &usize| self.tests.get(*number).is_some_and(|test| test.is_implied_by(&given));
                let mut implied = groups.iter().filter(|(numbers, _)| numbers.iter().all(is_implied));
                implied.any(|(_, group)| group.covers(&row.resource, &|| &resource, None, work))
            })
    }

    /// A row that is redundant because another one covers it; the first in their order. If the caller no
    /// longer waits for it, the result is undefined.
    #[must_use]
    pub fn superfluous(&self, work: &Work) -> Option<&Row> {
        let covered = |row: &&Row| {
            let resource = LazyCell::new(|| Glob::read(&row.resource));
            self.covered(row, &|| &resource, Some(&row.resource), work)
        };
        self.rows.iter().take_while(|_| work.count(1).is_ok()).filter(covered).min()
    }

    /// Whether a row is covered under its own conditions or some of them. Under all of them, `own` does not
    /// count.
    fn covered<'g>(
        &self,
        row: &Row,
        resource: &dyn Fn() -> &'g Glob,
        own: Option<&str>,
        work: &Work,
    ) -> bool {
        let Some(groups) = self.groups.get(&row.action) else { return false };
        // A test without a number is in no statement.
        let mut given: Vec<usize> =
            row.conditions.iter().filter_map(|test| self.numbers.get(test).copied()).collect();
        given.sort_unstable();
        let covers = |group: &Group, count: usize| {
            group.covers(&row.resource, resource, own.filter(|_| count == row.conditions.len()), work)
        };
        if given.len() > MAX_CONDITIONS_WITH_SUBSETS {
            let mut weaker =
                groups.iter().filter(|(numbers, _)| numbers.iter().all(|number| given.contains(number)));
            return weaker.any(|(numbers, group)| covers(group, numbers.len()));
        }
        let mut some = Vec::with_capacity(given.len());
        (0..1_u32 << given.len()).any(|chosen| {
            let is_chosen = |at: &usize| chosen & (1 << at) != 0;
            some.clear();
            some.extend(given.iter().enumerate().filter(|(at, _)| is_chosen(at)).map(|(_, number)| *number));
            groups.get(some.as_slice()).is_some_and(|group| covers(group, some.len()))
        })
    }
}

impl Group {
    /// `resource` is asked only where there is something that may be wider.
    fn covers<'g>(
        &self,
        text: &str,
        resource: &dyn Fn() -> &'g Glob,
        own: Option<&str>,
        work: &Work,
    ) -> bool {
        (own != Some(text) && self.exact.contains(text))
            || !self.wide.is_empty() && self.wide.covers(resource(), own, work)
    }
}

/// The same test with its values in order, each once.
fn sorted(test: &ConditionTest) -> ConditionTest {
    let values: BTreeSet<&String> = test.values.iter().collect();
    ConditionTest { values: values.into_iter().cloned().collect(), ..test.clone() }
}

#[cfg(test)]
mod tests {
    use super::super::{Operator, read};
    use super::*;

    fn replay(statements: &str) -> Result<Replay, NotOnlyAllowed> {
        let document = read(&format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#));
        Replay::new(&[document.unwrap_or_else(|error| panic!("{error}"))], &Work::default())
    }

    fn allow(actions: &str, resources: &str, conditions: &str) -> String {
        format!(
            r#"{{"Effect": "Allow", "Action": {actions}, "Resource": {resources}, "Condition": {conditions}}}"#
        )
    }

    fn passed(operator: &str, values: &[&str]) -> ConditionTest {
        ConditionTest {
            operator: Operator::read(operator).expect("an operator"),
            key: "iam:passedtoservice".to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    fn row(action: &str, resource: &str, conditions: &[ConditionTest]) -> Row {
        let conditions = conditions.iter().cloned().collect();
        Row { action: action.into(), resource: resource.into(), conditions: Rc::new(conditions) }
    }

    #[test]
    fn what_is_covered_is_allowed() {
        let wide = allow(r#"["s3:GetObject"]"#, r#""arn:aws:s3:::b/*""#, "{}");
        let role = allow(
            r#""iam:PassRole""#,
            r#""arn:aws:iam::111122223333:role/r""#,
            r#"{"StringEquals": {"iam:PassedToService": ["x.amazonaws.com"]}}"#,
        );
        let replay = replay(&format!("{wide}, {role}")).unwrap();
        let conditions = [passed("StringEquals", &["x.amazonaws.com"])];
        for (row, expected) in [
            (row("s3:getobject", "arn:aws:s3:::b/k", &[]), true),
            (row("s3:getobject", "arn:aws:s3:::b/a${*}b", &[]), true),
            (row("s3:getobject", "arn:aws:s3:::b/k", &conditions), true),
            (row("s3:getobject", "arn:aws:s3:::*/k", &[]), false),
            (row("s3:putobject", "arn:aws:s3:::b/k", &[]), false),
            (row("iam:passrole", "arn:aws:iam::111122223333:role/r", &conditions), true),
            (row("iam:passrole", "arn:aws:iam::111122223333:role/r", &[]), false),
        ] {
            assert_eq!(replay.allows(&row, &Work::default()), expected, "{row:?}");
        }
    }

    #[test]
    fn a_wider_test_holds_where_a_narrower_one_does() {
        let statement =
            allow(r#""iam:PassRole""#, r#""*""#, r#"{"StringLike": {"iam:PassedToService": "ecs*"}}"#);
        let replay = replay(&statement).unwrap();
        let allowed = |values: &[&str]| {
            replay.allows(&row("iam:passrole", "*", &[passed("StringEquals", values)]), &Work::default())
        };
        assert!(
            allowed(&["ecs.amazonaws.com"]) && allowed(&["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"])
        );
        assert!(!allowed(&["ecs.amazonaws.com", "lambda.amazonaws.com"]));
    }

    #[test]
    fn what_another_row_covers_is_superfluous() {
        let of = |statements: &str| {
            replay(statements).unwrap().superfluous(&Work::default()).map(|row| row.resource.to_string())
        };
        let topics = allow(r#""sns:Publish""#, r#"["arn:aws:sns:::*", "arn:aws:sns:::t"]"#, "{}");
        assert_eq!(of(&topics).as_deref(), Some("arn:aws:sns:::t"));
        let condition = r#"{"StringEquals": {"iam:PassedToService": "x"}}"#;
        let weaker =
            [allow(r#""iam:PassRole""#, r#""*""#, "{}"), allow(r#""iam:PassRole""#, r#""*""#, condition)];
        assert!(of(&weaker.join(", ")).is_some());
        let tight = allow(r#""sns:Publish""#, r#"["arn:aws:sns:::s", "arn:aws:sns:::t?"]"#, "{}");
        assert_eq!(of(&tight), None);
    }

    #[test]
    fn only_documents_that_allow_can_be_replayed() {
        let everything = r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#;
        assert!(replay(everything).unwrap().rows().is_empty());
        for statement in [
            r#"{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "*"}"#,
        ] {
            assert!(replay(statement).is_err(), "{statement}");
        }
    }
}
