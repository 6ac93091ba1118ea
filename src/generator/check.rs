//! The check of what is returned: the JSON itself is read again and evaluated against the needed permissions,
//! by code that shares nothing with the generator.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::document::{
    ConditionTest, Effect, NotOnlyAllowed, Operator, Principals, Replay, Row, Rows, Selection, Vocabulary,
    WITH_VARIABLES, grammar, read, read_statement,
};
use crate::finding::{Finding, quoted};
use crate::iam::{Condition, Grant, Pattern, Policy, Trust, Written};
use crate::permissions::Mode;
use crate::work::{Phase, Work};

use super::problem::RequestProblem;

/// What a document must allow, and everything that it may allow.
pub(super) struct Asked {
    vocabulary: Vocabulary,
    rows: Rows,
    /// The rows of statements that have been read, by their texts.
    known: HashMap<Box<str>, Box<[Row]>>,
    /// What documents have allowed that were found right, and by which mode.
    right: Vec<(Rows, Mode)>,
}

impl Asked {
    /// If the caller no longer waits for it, a part is missing.
    pub(super) fn new(grants: &BTreeSet<&Grant>, work: &Work) -> Self {
        let mut vocabulary = Vocabulary::default();
        let mut rows = Vec::new();
        work.begin(Phase::Checking);
        for grant in grants.iter().take_while(|_| work.count(1).is_ok()) {
            let actions: Vec<String> = grant.actions.iter().map(|one| one.to_ascii_lowercase()).collect();
            let resources: Vec<String> = grant.resources.iter().map(Pattern::to_text).collect();
            vocabulary.allow(
                actions.iter().map(String::as_str),
                resources.iter().map(String::as_str),
                grant.conditions.iter().filter_map(test),
                &mut rows,
                work,
            );
        }
        let rows = Vocabulary::in_order(rows, work);
        Asked { vocabulary, rows, known: HashMap::new(), right: Vec::new() }
    }

    /// Whether documents, taken together, allow all of it and nothing else and, with least privilege, contain
    /// nothing redundant.
    ///
    /// # Errors
    /// The first row, in their order, of which that is not true; or why a document cannot be read.
    pub(super) fn check(
        &mut self,
        documents: impl IntoIterator<Item = impl AsRef<str>>,
        mode: Mode,
        work: &Work,
    ) -> Result<(), Vec<Finding>> {
        work.begin(Phase::Checking);
        let mut rows = Vec::new();
        for json in documents {
            let read = self.read(json.as_ref(), &mut rows, work);
            if work.is_cancelled() {
                return Ok(());
            }
            read?;
        }
        let rows = Vocabulary::in_order(rows, work);
        // Nothing is said of a document that was looked at in part.
        if work.is_cancelled() {
            return Ok(());
        }
        // The policy in parts has the same rows as the policy. What holds of rows holds wherever they are.
        let is_right =
            |(known, by): &(Rows, Mode)| (*by == mode || *by == Mode::LeastPrivilege) && *known == rows;
        if !self.right.iter().any(is_right) {
            self.evaluate(&rows, mode, work)?;
            if !work.is_cancelled() {
                self.right.push((rows, mode));
            }
        }
        Ok(())
    }

    /// Adds the rows of a document. The policy and its parts have the same statements: one that has been read
    /// is found by its text.
    fn read(&mut self, json: &str, rows: &mut Vec<Row>, work: &Work) -> Result<(), Vec<Finding>> {
        let frame: Frame<'_> = serde_json::from_str(json).map_err(|error| defect(&error.to_string()))?;
        if frame.version != WITH_VARIABLES {
            return Err(defect("it has another version"));
        }
        if frame.statement.is_empty() {
            return Err(refused(&grammar::GrammarError::NoElements("Statement")));
        }
        for text in frame.statement.iter().take_while(|_| work.count(1).is_ok()) {
            if let Some(known) = self.known.get(text.get()) {
                rows.extend_from_slice(known);
                continue;
            }
            let statement = read_statement(text.get(), &|| work.count(1).is_ok());
            let statement = statement.map_err(|error| defect(&error.to_string()))?;
            grammar::statement(&statement).map_err(|error| refused(&error))?;
            let begin = rows.len();
            let read = self.vocabulary.read_statement(&statement, rows, work);
            read.map_err(|error: NotOnlyAllowed| defect(&error.to_string()))?;
            self.known.insert(text.get().into(), rows.get(begin..).unwrap_or_default().into());
        }
        Ok(())
    }

    /// Whether these rows allow what they should.
    fn evaluate(&self, rows: &Rows, mode: Mode, work: &Work) -> Result<(), Vec<Finding>> {
        let replay = Replay::new(&self.vocabulary, rows, work);
        let wanted = |_: &Row| work.count(1).is_ok();
        let spelled = |row: &Row| self.vocabulary.spelled(*row);
        let of = |what: &str, row: Row| {
            let row = spelled(&row);
            defect(&format!("it {what} {} on {}", row.action, quoted(row.resource)))
        };
        let missing = self.rows.without(rows).take_while(wanted).filter(|row| !replay.allows(*row, work));
        if let Some(row) = missing.min_by_key(spelled) {
            // IAM completes an ARN with fewer fields by wildcards: the document allows more than was asked.
            grammar::resource(spelled(&row).resource).map_err(|error| refused(&error))?;
            return Err(of("does not allow", row));
        }
        if let Some(row) = rows.without(&self.rows).take_while(wanted).min_by_key(spelled) {
            return Err(of("allows without need", row));
        }
        if mode == Mode::LeastPrivilege
            && let Some(row) = replay.superfluous(work)
        {
            return Err(of("allows twice", row));
        }
        Ok(())
    }
}

/// A document whose statements are not read yet.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Frame<'t> {
    version: &'t str,
    #[serde(borrow)]
    statement: Vec<&'t RawValue>,
}

/// Checks that documents have at most this many characters.
pub(super) fn sizes(documents: &[&Policy], limit: u64) -> Result<(), Vec<Finding>> {
    let counted = |policy: &&Policy| policy.to_minified_json().chars().count();
    let larger =
        documents.iter().map(counted).find(|size| u64::try_from(*size).is_ok_and(|size| size > limit));
    match larger {
        Some(size) => Err(defect(&format!("a document has {size} characters, and the limit is {limit}"))),
        None => Ok(()),
    }
}

/// Checks a trust policy: only a service may assume the role, under all conditions that it should have.
pub(super) fn trust(trust: &Written<Trust>) -> Result<(), Vec<Finding>> {
    let document = read(trust.json()).map_err(|error| defect(&error.to_string()))?;
    grammar::check(&document).map_err(|error| refused(&error))?;
    let [statement] = document.statements.as_slice() else { return Err(defect("it is not one statement")) };
    let service = ("Service".to_owned(), trust.service.to_owned());
    let Selection::Any(actions) = &statement.actions else {
        return Err(defect("it allows all actions but some"));
    };
    let is_assumed = statement.effect == Effect::Allow
        && statement.resources.is_none()
        && statement.principals == Some(Principals::Any(vec![service]))
        && matches!(actions.as_slice(), [action] if action.literal().as_deref() == Some("sts:assumerole"));
    if !is_assumed {
        return Err(defect("it allows something else than that the service assumes the role"));
    }
    let asked: BTreeSet<ConditionTest> = trust.conditions.iter().filter_map(test).collect();
    let said: BTreeSet<ConditionTest> = statement.conditions.iter().cloned().collect();
    if asked == said { Ok(()) } else { Err(defect("its conditions are not those that were asked for")) }
}

fn refused(error: &grammar::GrammarError) -> Vec<Finding> {
    let error = error.to_string();
    vec![Finding::new(&RequestProblem::Refused { error: &error }, "")]
}

/// A condition as the document should have it; `None` for an operator that IAM does not have, which is then
/// missing there.
fn test(condition: &Condition) -> Option<ConditionTest> {
    let values: BTreeSet<String> = condition.texts().into_iter().collect();
    Some(ConditionTest {
        operator: Operator::read(condition.operator.name())?,
        key: condition.key.to_ascii_lowercase(),
        values: values.into_iter().collect(),
    })
}

fn defect(what: &str) -> Vec<Finding> {
    vec![Finding::new(&RequestProblem::Defect { what }, "")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;
    use crate::iam::{Operator, merge};

    fn grant(resource: &str, conditions: Vec<Condition>) -> Grant {
        Grant {
            actions: vec!["sns:Publish".to_owned()],
            resources: vec![Pattern::literal(resource)],
            conditions,
        }
    }

    fn said(asked: &[Grant], made: &[Grant], mode: Mode) -> String {
        let mut asked = Asked::new(&asked.iter().collect(), &Work::default());
        let policy = Policy { statements: merge(made) };
        asked
            .check([policy.to_json()], mode, &Work::default())
            .map_or_else(|error| error[0].detail.to_string(), |()| String::new())
    }

    /// Such an ARN comes from a definition in which the error about it was lowered.
    #[test]
    fn an_arn_with_fewer_fields_is_refused_and_no_defect() {
        let short = [grant("arn:aws:sns:eu-west-1:orders", vec![])];
        let mut asked = Asked::new(&short.iter().collect(), &Work::default());
        let policy = Policy { statements: merge(&short) };
        let error = asked.check([policy.to_json()], Mode::Template, &Work::default()).unwrap_err();
        assert_eq!(error[0].code, Code::RefusedPolicy);
        assert!(error[0].detail.contains("arn:aws:sns:eu-west-1:orders"), "{}", error[0].detail);
    }

    const ONE: &str = "arn:aws:sns:eu-west-1:111122223333:one";
    const TWO: &str = "arn:aws:sns:eu-west-1:111122223333:two";

    #[test]
    fn a_document_that_is_not_what_was_asked_for_is_never_returned() {
        let (one, two) = (grant(ONE, vec![]), grant(TWO, vec![]));
        let both = [one.clone(), two.clone()];
        assert_eq!(said(&both, &both, Mode::LeastPrivilege), "");
        assert!(
            said(&both, std::slice::from_ref(&one), Mode::Template).contains("does not allow sns:publish")
        );
        assert!(said(std::slice::from_ref(&one), &both, Mode::Template).contains("allows without need"));
        let condition = Condition::new(Operator::StringEquals, "aws:k", &[Pattern::literal("v")]);
        let weaker = [one.clone(), grant(ONE, vec![condition])];
        assert!(said(&weaker, &weaker, Mode::LeastPrivilege).contains("allows twice"));
        assert_eq!(said(&weaker, &weaker, Mode::Template), "");
    }

    /// `covers` of patterns decides what a policy leaves out, and that of documents whether it may: where the
    /// second did not see what the first does, an answer would be refused.
    #[test]
    fn what_a_wider_resource_covers_may_be_left_out() {
        let mut names = vec![String::new()];
        for _ in 0..3 {
            let longer =
                names.iter().flat_map(|name| ["a", "b", "*", "?"].map(|symbol| format!("{name}{symbol}")));
            names.extend(longer.collect::<BTreeSet<_>>());
        }
        let wild = |name: &str| {
            let mut resource = Pattern::default();
            resource.push_template(&format!("{ONE}{name}"), &crate::iam::WildcardReason::Hint);
            Grant { resources: vec![resource], ..grant(ONE, vec![]) }
        };
        let grants: Vec<Grant> = names.iter().map(|name| wild(name)).collect();
        let mut left_out = 0;
        for wide in &grants {
            for narrow in &grants {
                if wide.resources[0].covers(&narrow.resources[0]) {
                    let both = [wide.clone(), narrow.clone()];
                    let said = said(&both, std::slice::from_ref(wide), Mode::Template);
                    assert_eq!(said, "", "{:?} and {:?}", wide.resources, narrow.resources);
                    left_out += 1;
                }
            }
        }
        assert!(left_out > names.len(), "{left_out}");
    }

    #[test]
    fn a_document_is_more_than_its_statements() {
        let one = grant(ONE, vec![]);
        let made = Policy { statements: merge([&one]) }.to_minified_json();
        let mut asked = Asked::new(&[&one].into(), &Work::default());
        let mut read = |json: &str| asked.read(json, &mut Vec::new(), &Work::default());
        // Its statement is known from here on.
        assert_eq!(read(&made), Ok(()));
        for (from, to) in [
            ("2012-10-17", "2008-10-17"),
            ("\"Version\":\"2012-10-17\",", ""),
            ("\"Version\"", "\"Id\":\"x\",\"Version\""),
            ("\"Version\"", "\"Version\":\"2012-10-17\",\"Version\""),
            ("}]}", "}]"),
            ("}]}", "}]} "),
            ("}]}", "}]}]"),
            ("}]}", "},{}]}"),
            ("\"Allow\"", "\"Allow\",\"Effect\":\"Allow\""),
        ] {
            let other = made.replacen(from, to, 1);
            assert_eq!(read(&other).is_ok(), other.trim_end() == made, "{other}");
        }
        assert_eq!(
            read("{\"Version\":\"2012-10-17\",\"Statement\":[]}").unwrap_err()[0].code,
            Code::RefusedPolicy
        );
    }

    #[test]
    fn a_document_that_was_right_excuses_no_other() {
        let (one, two) = (grant(ONE, vec![]), grant(TWO, vec![]));
        let condition = Condition::new(Operator::StringEquals, "aws:k", &[Pattern::literal("v")]);
        let weaker = [one.clone(), grant(ONE, vec![condition])];
        let policy = |grants: &[Grant]| Policy { statements: merge(grants) };
        let check = |asked: &mut Asked, policies: &[&Policy], mode: Mode| {
            asked.check(policies.iter().map(|one| one.to_json()), mode, &Work::default()).is_ok()
        };

        let both = [one.clone(), two.clone()];
        let mut asked = Asked::new(&both.iter().collect(), &Work::default());
        let (whole, first, second) = (policy(&both), policy(&[one]), policy(&[two]));
        assert!(check(&mut asked, &[&whole], Mode::LeastPrivilege));
        assert!(check(&mut asked, &[&first, &second], Mode::LeastPrivilege));
        assert!(!check(&mut asked, &[&first], Mode::LeastPrivilege));
        assert!(!check(&mut asked, &[&whole, &policy(&weaker)], Mode::Template));

        // What the template may allow twice least privilege may not.
        let mut asked = Asked::new(&weaker.iter().collect(), &Work::default());
        assert!(check(&mut asked, &[&policy(&weaker)], Mode::Template));
        assert!(!check(&mut asked, &[&policy(&weaker)], Mode::LeastPrivilege));
    }

    #[test]
    fn conditions_of_one_operator_and_key_do_not_overwrite_each_other() {
        let condition = |values: &[&str]| {
            let values: Vec<Pattern> = values.iter().map(|value| Pattern::literal(*value)).collect();
            Condition::new(Operator::StringEquals, "aws:k", &values)
        };
        let grant = grant(ONE, vec![condition(&["a", "b"]), condition(&["b", "c"])]);
        // The document cannot express both conditions, so it must not contain only one of them.
        let said = said(std::slice::from_ref(&grant), std::slice::from_ref(&grant), Mode::Template);
        assert!(said.contains("does not allow") || said.contains("without need"), "{said}");
    }

    #[test]
    fn what_iam_refuses_is_told_before_iam_does() {
        for resource in ["orders", "arn:aws:*:eu-west-1:111122223333:orders", ""] {
            let mut wild = Pattern::default();
            wild.push_template(resource, &crate::iam::WildcardReason::Hint);
            let grant = Grant { resources: vec![wild], ..grant(ONE, vec![]) };
            let policy = Policy { statements: merge([&grant]) };
            let mut asked = Asked::new(&[&grant].into(), &Work::default());
            let error = asked.check([policy.to_json()], Mode::Template, &Work::default()).unwrap_err();
            assert_eq!(error[0].code, Code::RefusedPolicy, "{resource}");
        }
    }
}
