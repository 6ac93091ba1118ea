//! The trust policy of a role: who may assume it.

use super::policy::{write_conditions, written};
use super::write::{Sink, Writer};
use super::{Condition, Effect, Written};

/// Bytes to reserve: most are not longer.
const TRUST_LENGTH: usize = 640;

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
        Writer::indented(TRUST_LENGTH, |document| self.write(document))
    }

    /// The document without white space.
    #[must_use]
    pub fn to_minified_json(&self) -> String {
        Writer::minified(TRUST_LENGTH, |document| self.write(document))
    }

    fn write<S: Sink>(&self, document: &mut Writer<S>) {
        written(document, |list| {
            list.element();
            list.object(|members| {
                members.key("Effect");
                members.text(Effect::Allow.name());
                members.key("Principal");
                members.object(|principal| {
                    principal.key("Service");
                    principal.texts(&[self.service]);
                });
                members.key("Action");
                members.texts(&["sts:AssumeRole"]);
                write_conditions(&self.conditions, members);
            });
        });
    }
}

impl Written<Trust> {
    /// Writes a trust policy, indented by two spaces.
    #[must_use]
    pub fn trust(trust: Trust) -> Self {
        let json = trust.to_json();
        Written::new(trust, json)
    }
}
