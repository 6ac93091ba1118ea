//! What rows of documents are made of, each thing once and by its number: so rows are small, and comparing
//! them compares no texts.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use hashbrown::HashMap;

use super::{ConditionTest, Document, DocumentStatement, Effect, Glob, Selection};
use crate::work::Work;

/// An action on a resource under conditions, as a document says it: by numbers of a [`Vocabulary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Such as `sqs:sendmessage`: in lower case, without wildcards.
    pub(super) action: usize,
    /// All must hold.
    pub(super) conditions: usize,
    /// The text of an element of `Resource`.
    pub(super) resource: usize,
}

/// A row in words. They sort by the action, then by the resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelled<'v> {
    /// In lower case.
    pub action: &'v str,
    /// As the document has it.
    pub resource: &'v str,
    /// All must hold.
    pub conditions: BTreeSet<&'v ConditionTest>,
}

/// Rows in the order of their numbers, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(Vec<Row>);

impl Rows {
    pub(super) fn contains(&self, row: Row) -> bool {
        self.0.binary_search(&row).is_ok()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Row> {
        self.0.iter().copied()
    }

    /// Those that are not among others.
    pub fn without<'r>(&'r self, others: &'r Rows) -> impl Iterator<Item = Row> + 'r {
        let mut others = others.iter().peekable();
        self.iter().filter(move |row| {
            while others.next_if(|other| other < row).is_some() {}
            others.peek() != Some(row)
        })
    }

    /// Those of one action under the same conditions, for each of these.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[Row]> {
        self.0.chunk_by(|one, two| (one.action, one.conditions) == (two.action, two.conditions))
    }
}

/// Why rows cannot be made of a document: it contains something other than allowed actions on resources.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has a \"Deny\", a \"Not…\" element, a wildcard in an action, or an old version")]
pub struct NotOnlyAllowed;

/// Texts, tests and sets of tests.
#[derive(Debug, Default)]
pub struct Vocabulary {
    texts: Vec<Glob>,
    of_texts: HashMap<Arc<str>, usize>,
    tests: Vec<Rc<ConditionTest>>,
    of_tests: HashMap<Rc<ConditionTest>, usize>,
    /// The numbers of tests, in ascending order.
    sets: Vec<Rc<[usize]>>,
    of_sets: HashMap<Rc<[usize]>, usize>,
}

impl Vocabulary {
    /// The rows of documents taken together, as a role has them. The document that denies everything, for
    /// state machines without needs, has none. If the caller no longer waits for them, some are missing.
    ///
    /// # Errors
    /// If a statement does something else than to allow actions on resources.
    pub fn rows<'d>(
        &mut self,
        documents: impl IntoIterator<Item = &'d Document>,
        work: &Work,
    ) -> Result<Rows, NotOnlyAllowed> {
        let mut rows = Vec::new();
        for document in documents {
            self.read(document, &mut rows, work)?;
        }
        Ok(Vocabulary::in_order(rows, work))
    }

    /// Adds the rows of a document.
    ///
    /// # Errors
    /// As [`Vocabulary::rows`].
    pub fn read(
        &mut self,
        document: &Document,
        rows: &mut Vec<Row>,
        work: &Work,
    ) -> Result<(), NotOnlyAllowed> {
        if !document.has_variables() {
            return Err(NotOnlyAllowed);
        }
        document.statements.iter().try_for_each(|statement| self.read_statement(statement, rows, work))
    }

    /// Adds the rows of a statement of a document that has policy variables.
    ///
    /// # Errors
    /// As [`Vocabulary::rows`].
    pub fn read_statement(
        &mut self,
        statement: &DocumentStatement,
        rows: &mut Vec<Row>,
        work: &Work,
    ) -> Result<(), NotOnlyAllowed> {
        let (Selection::Any(actions), Some(Selection::Any(resources)), None) =
            (&statement.actions, &statement.resources, &statement.principals)
        else {
            return Err(NotOnlyAllowed);
        };
        if statement.effect == Effect::Deny {
            let everything = |globs: &[Glob]| matches!(globs, [one] if one.as_str() == "*");
            let denies_all = everything(actions) && everything(resources) && statement.conditions.is_empty();
            return if denies_all { Ok(()) } else { Err(NotOnlyAllowed) };
        }
        let literal = |action: &Glob| action.literal().ok_or(NotOnlyAllowed).map(|one| self.text(&one));
        let actions = actions.iter().map(literal).collect::<Result<Vec<usize>, _>>()?;
        let conditions = self.set(statement.conditions.iter().map(sorted));
        self.multiply(&actions, resources.iter().map(Glob::as_str), conditions, rows, work);
        Ok(())
    }

    /// Adds a row for each of some actions on each of some resources.
    pub fn allow<'t>(
        &mut self,
        actions: impl IntoIterator<Item = &'t str>,
        resources: impl IntoIterator<Item = &'t str>,
        conditions: impl IntoIterator<Item = ConditionTest>,
        rows: &mut Vec<Row>,
        work: &Work,
    ) {
        let actions: Vec<usize> = actions.into_iter().map(|action| self.text(action)).collect();
        let conditions = self.set(conditions);
        self.multiply(&actions, resources, conditions, rows, work);
    }

    fn multiply<'t>(
        &mut self,
        actions: &[usize],
        resources: impl IntoIterator<Item = &'t str>,
        conditions: usize,
        rows: &mut Vec<Row>,
        work: &Work,
    ) {
        for resource in resources {
            let resource = self.text(resource);
            let wanted = actions.iter().take_while(|_| work.count(1).is_ok());
            rows.extend(wanted.map(|action| Row { action: *action, conditions, resource }));
        }
    }

    /// Rows in their order, each once. If the caller no longer waits for them, the order is another one.
    #[must_use]
    pub fn in_order(mut rows: Vec<Row>, work: &Work) -> Rows {
        work.sort(&mut rows);
        rows.dedup();
        rows.shrink_to_fit();
        Rows(rows)
    }

    fn text(&mut self, text: &str) -> usize {
        if let Some(number) = self.of_texts.get(text) {
            return *number;
        }
        let glob = Glob::read(text);
        self.of_texts.insert(glob.shared_text(), self.texts.len());
        self.texts.push(glob);
        self.texts.len() - 1
    }

    fn set(&mut self, tests: impl IntoIterator<Item = ConditionTest>) -> usize {
        let mut set: Vec<usize> = tests.into_iter().map(|test| self.test(test)).collect();
        set.sort_unstable();
        set.dedup();
        if let Some(number) = self.of_sets.get(set.as_slice()) {
            return *number;
        }
        let set: Rc<[usize]> = set.into();
        self.of_sets.insert(Rc::clone(&set), self.sets.len());
        self.sets.push(set);
        self.sets.len() - 1
    }

    fn test(&mut self, test: ConditionTest) -> usize {
        if let Some(number) = self.of_tests.get(&test) {
            return *number;
        }
        let test = Rc::new(test);
        self.of_tests.insert(Rc::clone(&test), self.tests.len());
        self.tests.push(test);
        self.tests.len() - 1
    }

    /// A row in words.
    #[must_use]
    pub fn spelled(&self, row: Row) -> Spelled<'_> {
        let text = |number: usize| self.texts.get(number).map_or("", Glob::as_str);
        Spelled {
            action: text(row.action),
            resource: text(row.resource),
            conditions: self.tests_of(row.conditions).collect(),
        }
    }

    /// What the resource of a row matches.
    pub(super) fn resource(&self, row: Row) -> Option<&Glob> {
        self.texts.get(row.resource)
    }

    pub(super) fn tests_of(&self, set: usize) -> impl Iterator<Item = &ConditionTest> {
        self.set_of(set).iter().filter_map(|test| self.tests.get(*test).map(|test| &**test))
    }

    /// The tests of a set.
    pub(super) fn set_of(&self, set: usize) -> &[usize] {
        self.sets.get(set).map_or(&[], |set| set)
    }

    /// The number of a set of tests, if it occurs.
    pub(super) fn number_of(&self, tests: &[usize]) -> Option<usize> {
        self.of_sets.get(tests).copied()
    }
}

/// The same test with its values in order, each once.
fn sorted(test: &ConditionTest) -> ConditionTest {
    let mut test = test.clone();
    test.values.sort();
    test.values.dedup();
    test
}
