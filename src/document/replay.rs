//! Documents compared with what was asked for: they allow all of it, nothing else, and contain nothing
//! redundant.

use hashbrown::HashMap;

use super::ConditionTest;
use super::index::GlobIndex;
use super::limits::MAX_CONDITIONS_WITH_SUBSETS;
use super::vocabulary::{Row, Rows, Vocabulary};
use crate::work::Work;

/// What documents allow, indexed.
#[derive(Debug)]
pub struct Replay<'v> {
    vocabulary: &'v Vocabulary,
    rows: &'v Rows,
    /// By the action and the set of tests: the resources with wildcards.
    wide: HashMap<(usize, usize), GlobIndex>,
    /// The sets of tests under which an action is allowed.
    sets: HashMap<usize, Vec<usize>>,
}

impl<'v> Replay<'v> {
    /// Indexes the rows of documents. If the caller no longer waits for it, a part is missing.
    #[must_use]
    pub fn new(vocabulary: &'v Vocabulary, rows: &'v Rows, work: &Work) -> Self {
        let mut replay = Replay { vocabulary, rows, wide: HashMap::new(), sets: HashMap::new() };
        for group in rows.groups() {
            let Some(Row { action, conditions, .. }) = group.first() else { continue };
            replay.sets.entry(*action).or_default().push(*conditions);
            let wanted = group.iter().take_while(|_| work.count(1).is_ok());
            let globs = wanted.filter_map(|row| vocabulary.resource(*row));
            for glob in globs.filter(|glob| glob.literal().is_none()) {
                replay.wide.entry((*action, *conditions)).or_default().insert(glob.clone());
            }
        }
        replay
    }

    /// Whether they allow a row: all that its resource matches, whenever its conditions hold.
    #[must_use]
    pub fn allows(&self, row: Row, work: &Work) -> bool {
        self.rows.contains(row) || self.covered(row, &self.weaker(row, work), work) || self.implied(row, work)
    }

    /// A row that is redundant because another one covers it; the first in words. If the caller no longer
    /// waits for it, the result is undefined.
    #[must_use]
    pub fn superfluous(&self, work: &Work) -> Option<Row> {
        let covered = self.rows.groups().flat_map(|group| {
            let mut weaker = group.first().map(|row| self.weaker(*row, work)).unwrap_or_default();
            // Under its own tests only a wildcard covers more than itself, if there is more.
            let is_other = |set: usize, row: &Row| {
                set != row.conditions || group.len() > 1 && self.wide.contains_key(&(row.action, set))
            };
            weaker.retain(|set| group.first().is_some_and(|row| is_other(*set, row)));
            let wanted = group.iter().take_while(|_| work.count(1).is_ok());
            wanted.copied().filter(move |row| self.covered(*row, &weaker, work))
        });
        covered.min_by_key(|row| self.vocabulary.spelled(*row))
    }

    /// The sets of some of a row's tests, or of all of them, under which its action is allowed.
    fn weaker(&self, row: Row, work: &Work) -> Vec<usize> {
        let Some(sets) = self.sets.get(&row.action) else { return Vec::new() };
        let given = self.vocabulary.set_of(row.conditions);
        if given.len() > MAX_CONDITIONS_WITH_SUBSETS {
            let is_weaker = |set: &&usize| {
                let tests = self.vocabulary.set_of(**set);
                work.count(1).is_ok() && tests.iter().all(|test| given.contains(test))
            };
            return sets.iter().filter(is_weaker).copied().collect();
        }
        if let [set] = sets.as_slice()
            && *set == row.conditions
        {
            return vec![*set];
        }
        let mut some = Vec::with_capacity(given.len());
        let subsets = (0..1_u32 << given.len()).filter_map(|chosen| {
            let is_chosen = |at: &usize| chosen & (1 << at) != 0;
            some.clear();
            some.extend(given.iter().enumerate().filter(|(at, _)| is_chosen(at)).map(|(_, number)| *number));
            self.vocabulary.number_of(&some).filter(|set| sets.binary_search(set).is_ok())
        });
        subsets.collect()
    }

    /// Whether another row covers a row, under one of these sets of its tests.
    fn covered(&self, row: Row, weaker: &[usize], work: &Work) -> bool {
        weaker.iter().any(|set| {
            let is_own = *set == row.conditions;
            self.covered_under(row, *set, is_own, work)
        })
    }

    /// Whether a row is covered under a set of tests, by another one if `not_own`.
    fn covered_under(&self, row: Row, set: usize, not_own: bool, work: &Work) -> bool {
        if !not_own && self.rows.contains(Row { conditions: set, ..row }) {
            return true;
        }
        let Some(wide) = self.wide.get(&(row.action, set)) else { return false };
        self.vocabulary.resource(row).is_some_and(|resource| {
            let own = not_own.then_some(resource.as_str());
            wide.covers(resource, own, work)
        })
    }

    /// Whether a row is covered under tests that hold where its own do: where a wider operator covers a
    /// narrower one, which is rare.
    fn implied(&self, row: Row, work: &Work) -> bool {
        let Some(sets) = self.sets.get(&row.action) else { return false };
        let given: Vec<&ConditionTest> = self.vocabulary.tests_of(row.conditions).collect();
        sets.iter().take_while(|_| work.count(1).is_ok()).any(|set| {
            self.vocabulary.tests_of(*set).all(|test| test.is_implied_by(&given))
                && self.covered_under(row, *set, false, work)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::NotOnlyAllowed;
    use super::super::{Operator, read};
    use super::*;

    /// What is known, and the rows of statements.
    fn rows(statements: &str) -> (Vocabulary, Result<Rows, NotOnlyAllowed>) {
        let document = read(&format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#));
        let mut vocabulary = Vocabulary::default();
        let rows = vocabulary.rows(&[document.unwrap_or_else(|error| panic!("{error}"))], &Work::default());
        (vocabulary, rows)
    }

    /// Whether statements allow an action on a resource under tests.
    fn allowed(statements: &str, action: &str, resource: &str, tests: &[ConditionTest]) -> bool {
        let (mut vocabulary, rows) = rows(statements);
        let mut asked = Vec::new();
        vocabulary.allow([action], [resource], tests.to_vec(), &mut asked, &Work::default());
        let rows = rows.unwrap();
        Replay::new(&vocabulary, &rows, &Work::default()).allows(asked[0], &Work::default())
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

    #[test]
    fn what_is_covered_is_allowed() {
        let wide = allow(r#"["s3:GetObject"]"#, r#""arn:aws:s3:::b/*""#, "{}");
        let role = allow(
            r#""iam:PassRole""#,
            r#""arn:aws:iam::111122223333:role/r""#,
            r#"{"StringEquals": {"iam:PassedToService": ["x.amazonaws.com"]}}"#,
        );
        let both = format!("{wide}, {role}");
        let conditions = [passed("StringEquals", &["x.amazonaws.com"])];
        for (action, resource, tests, expected) in [
            ("s3:getobject", "arn:aws:s3:::b/k", &[][..], true),
            ("s3:getobject", "arn:aws:s3:::b/a${*}b", &[], true),
            ("s3:getobject", "arn:aws:s3:::b/*", &[], true),
            ("s3:getobject", "arn:aws:s3:::b/*", &conditions, true),
            ("s3:getobject", "arn:aws:s3:::b/k", &conditions, true),
            ("s3:getobject", "arn:aws:s3:::*/k", &[], false),
            ("s3:putobject", "arn:aws:s3:::b/k", &[], false),
            ("iam:passrole", "arn:aws:iam::111122223333:role/r", &conditions, true),
            ("iam:passrole", "arn:aws:iam::111122223333:role/r", &[], false),
        ] {
            assert_eq!(allowed(&both, action, resource, tests), expected, "{action} {resource} {tests:?}");
        }
    }

    #[test]
    fn a_wider_test_holds_where_a_narrower_one_does() {
        let statement =
            allow(r#""iam:PassRole""#, r#""*""#, r#"{"StringLike": {"iam:PassedToService": "ecs*"}}"#);
        let allowed =
            |values: &[&str]| allowed(&statement, "iam:passrole", "*", &[passed("StringEquals", values)]);
        assert!(
            allowed(&["ecs.amazonaws.com"]) && allowed(&["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"])
        );
        assert!(!allowed(&["ecs.amazonaws.com", "lambda.amazonaws.com"]));
    }

    #[test]
    fn what_another_row_covers_is_superfluous() {
        let of = |statements: &str| {
            let (vocabulary, rows) = rows(statements);
            let rows = rows.unwrap();
            let row = Replay::new(&vocabulary, &rows, &Work::default()).superfluous(&Work::default());
            row.map(|row| vocabulary.spelled(row).resource.to_owned())
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
        assert_eq!(rows(everything).1, Ok(Rows::default()));
        for statement in [
            r#"{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "*"}"#,
        ] {
            assert_eq!(rows(statement).1, Err(NotOnlyAllowed), "{statement}");
        }
        let old =
            read(r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#).unwrap();
        assert_eq!(Vocabulary::default().rows(&[old], &Work::default()), Err(NotOnlyAllowed));
    }
}
