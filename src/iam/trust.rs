//! The trust policy of a role: who may assume it.

use super::policy::{write_conditions, written};
use super::write::{Sink, Writer};
use super::{Condition, Effect};

/// A trust policy with one statement: a service may assume the role under conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The service principal, such as `states.amazonaws.com`.
    pub service: &'static str,
    /// Sorted; all must hold.
    pub conditions: Vec<Condition>,
}

impl Trust {
    /// The document, indented by two spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        Writer::indented(|document| self.write(document))
    }

    /// The document without white space.
    #[must_use]
    pub fn to_minified_json(&self) -> String {
        Writer::minified(|document| self.write(document))
    }

    fn write<S: Sink>(&self, document: &mut Writer<S>) {
        written(document, |list| {
            list.element();
            list.object(|members| {
                members.member("Effect");
                members.text(Effect::Allow.name());
                members.member("Principal");
                members.object(|principal| {
                    principal.member("Service");
                    principal.texts(&[self.service]);
                });
                members.member("Action");
                members.texts(&["sts:AssumeRole"]);
                write_conditions(&self.conditions, members);
            });
        });
    }
}
