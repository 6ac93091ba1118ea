//! A policy document and its JSON.

use std::collections::BTreeMap;

use super::write::{Count, Sink, Writer};
use super::{Condition, Statement, Written};

/// The version of IAM's policy language; older ones have no policy variables.
pub const VERSION: &str = "2012-10-17";

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

impl Effect {
    /// The name that IAM reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        }
    }
}

/// A policy document: statements that allow, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// In ascending order. None means that nothing is needed.
    pub statements: Vec<Statement>,
}

impl Policy {
    /// The effect, the actions, the resources and the conditions of each statement of the document.
    ///
    /// IAM does not accept a document without statements. When nothing is needed, this is the statement that
    /// AWS documents for such state machines: deny everything.
    #[must_use]
    pub fn rows(&self) -> Vec<(Effect, Statement)> {
        if self.statements.is_empty() {
            return vec![(Effect::Deny, Statement::everything())];
        }
        self.statements.iter().map(|statement| (Effect::Allow, statement.clone())).collect()
    }

    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The document, indented by two spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_while(&|| true)
    }

    /// The same for as long as somebody wants it, who is asked before each statement; else a part of it.
    #[must_use]
    pub fn to_json_while(&self, wanted: &dyn Fn() -> bool) -> String {
        Writer::indented(self.bytes(), |document| self.write(document, wanted))
    }

    /// The characters of the document as IAM counts them: white space is left out.
    ///
    /// White space inside of strings is counted, which keeps a margin.
    #[must_use]
    pub fn size(&self) -> u64 {
        let Count(size) = Writer::minified(0, |document| self.write(document, &|| true));
        size
    }

    /// The document without white space.
    #[must_use]
    pub fn to_minified_json(&self) -> String {
        Writer::minified(self.bytes(), |document| self.write(document, &|| true))
    }

    /// About how many bytes it has, indented: memory to reserve.
    fn bytes(&self) -> usize {
        let texts = self.statements.iter().flat_map(|one| one.actions.iter().chain(&one.resources));
        (1 + self.statements.len()) * Statement::ROOM + texts.map(|text| text.len() + 12).sum::<usize>()
    }

    fn write<S: Sink>(&self, document: &mut Writer<S>, wanted: &dyn Fn() -> bool) {
        written(document, |list| {
            if self.statements.is_empty() {
                list.element();
                Statement::everything().write(Effect::Deny, list);
            }
            for statement in self.statements.iter().take_while(|_| wanted()) {
                list.element();
                statement.write(Effect::Allow, list);
            }
        });
    }
}

impl Written<Policy> {
    /// Writes a policy, indented by two spaces, for as long as somebody wants it, who is asked before each
    /// statement; else a part of it.
    #[must_use]
    pub fn policy(policy: Policy, wanted: &dyn Fn() -> bool) -> Self {
        let json = policy.to_json_while(wanted);
        Written::new(policy, json)
    }
}

/// Writes a document with these statements.
pub(super) fn written<S: Sink>(document: &mut Writer<S>, statements: impl FnOnce(&mut Writer<S>)) {
    document.object(|members| {
        members.key("Version");
        members.text(VERSION);
        members.key("Statement");
        members.list(statements);
    });
}

/// The characters of a document around its statements.
pub const FRAME: u64 = "{\"Version\":\"\",\"Statement\":[]}".len() as u64 + VERSION.len() as u64;

impl Statement {
    /// Bytes to reserve for what an indented statement has beside actions and resources.
    const ROOM: usize = 128;

    /// The characters that the statement takes in a document, without the comma between two.
    #[must_use]
    pub fn size(&self) -> u64 {
        let Count(size) = Writer::minified(0, |writer| self.write(Effect::Allow, writer));
        size
    }

    fn write<S: Sink>(&self, effect: Effect, writer: &mut Writer<S>) {
        writer.object(|members| {
            members.key("Effect");
            members.text(effect.name());
            members.key("Action");
            members.texts(&self.actions);
            members.key("Resource");
            members.texts(&self.resources);
            write_conditions(&self.conditions, members);
        });
    }
}

/// The characters that an action or a resource takes in a statement, without the comma between two.
#[must_use]
pub fn text_size(text: &str) -> u64 {
    let Count(size) = Writer::minified(0, |writer| writer.text(text));
    size
}

/// Writes conditions, if there are any: operator, key, values.
pub(super) fn write_conditions<S: Sink>(conditions: &[Condition], statement: &mut Writer<S>) {
    if conditions.is_empty() {
        return;
    }
    let mut operators: BTreeMap<&'static str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for condition in conditions {
        operators.entry(condition.operator.name()).or_default().insert(&condition.key, condition.texts());
    }
    statement.key("Condition");
    statement.object(|condition| {
        for (operator, keys) in operators {
            condition.key(operator);
            condition.object(|members| {
                for (key, values) in keys {
                    members.free_key(key);
                    members.texts(&values);
                }
            });
        }
    });
}
