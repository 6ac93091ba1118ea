//! What is wrong, or worth knowing: the codes, and the form that every layer gives its problems.
//!
//! Each layer defines its problems as variants of an enum, with code and text ([`Problem`]). With its place
//! and, where it is about the policy, with its parameter, actions and resources a problem becomes a
//! [`Finding`]. All text of a finding is safe to show: user input is escaped here, once.

mod character;
mod code;
mod limits;
#[cfg(test)]
pub(crate) mod made_up;
mod on_finding;
mod order;
mod place;
mod rows;
mod severity;
mod shown;
pub mod suggest;
mod text;

use std::fmt;
use std::sync::Arc;

pub use character::character;
pub use code::Code;
pub use limits::{MAX_NAMED, MAX_SUGGESTIONS, MIN_LIKENESS};
pub use on_finding::OnFinding;
pub use order::order;
pub use place::{Argument, Place, state_name, state_path, state_pointer};
pub use rows::{Example, Row};
pub use severity::{Level, Severity};
pub use shown::Shown;
pub use text::{cut, escaped, escaped_json, listed, listed_quoted, listed_whole, markdown, quoted};

/// A problem of a layer. Its `Display` is the message: sentences that say what is wrong, where, and what to
/// do.
pub trait Problem: fmt::Display {
    /// Its kind.
    fn code(&self) -> Code;

    /// What is wrong: short, without a full stop. By default the title of the code.
    fn summary(&self) -> String {
        self.code().row().title.to_owned()
    }
}

/// Something that is wrong, or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// How severe it is, by its code or by what the user made of it.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// The parameter that is open, such as `TopicArn`, or the argument that is not given. Empty if it is
    /// about neither.
    pub parameter: String,
    /// The actions concerned, in ascending order; at most [`MAX_NAMED`].
    pub actions: Arc<[String]>,
    /// The resources concerned as the policy has them, in ascending order; at most [`MAX_NAMED`].
    pub resources: Arc<[String]>,
    /// What tells it from others of its code at its place that are about the same actions and resources, such
    /// as a service. Empty if nothing has to.
    pub subject: String,
    /// AWS's page about it; empty if there is none.
    pub docs: &'static str,
    /// What is wrong: short, without a full stop.
    pub summary: Shown,
    /// What is wrong, where, and what to do: sentences, without the code.
    pub detail: Shown,
}

impl Finding {
    /// A problem at its place.
    pub fn new(problem: &impl Problem, place: impl Into<Place>) -> Self {
        let code = problem.code();
        Finding {
            code,
            severity: code.severity(),
            place: place.into(),
            parameter: String::new(),
            actions: Arc::default(),
            resources: Arc::default(),
            subject: String::new(),
            docs: code.row().docs,
            summary: problem.summary().into(),
            detail: Shown::written(problem),
        }
    }

    /// The same about a parameter.
    #[must_use]
    pub fn parameter(self, parameter: impl Into<String>) -> Self {
        Finding { parameter: parameter.into(), ..self }
    }

    /// The same about actions on resources, of which more than [`MAX_NAMED`] are left out.
    #[must_use]
    pub fn about<S: Into<String>>(
        self,
        actions: impl IntoIterator<Item = S>,
        resources: impl IntoIterator<Item = S>,
    ) -> Self {
        let actions = actions.into_iter().take(MAX_NAMED).map(Into::into).collect();
        let resources = resources.into_iter().take(MAX_NAMED).map(Into::into).collect();
        Finding { actions, resources, ..self }
    }

    /// The same with what tells it from others of its code.
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Self {
        Finding { subject: subject.into(), ..self }
    }

    /// The same with another page of AWS.
    #[must_use]
    pub fn docs(self, docs: &'static str) -> Self {
        Finding { docs, ..self }
    }

    /// The message with the code at its end, in brackets.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{} [{}]", self.detail, self.code.name())
    }

    /// The path of the state that it is in, such as `States.Loop.ItemProcessor.States.Notify`; empty outside
    /// of states.
    #[must_use]
    pub fn state(&self) -> String {
        self.place.state()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(&'static str);

    impl fmt::Display for Broken {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(formatter, "The state {} is broken.", quoted(self.0))
        }
    }

    impl Problem for Broken {
        fn code(&self) -> Code {
            Code::InvalidState
        }
    }

    #[test]
    fn a_message_is_safe_to_show_and_ends_with_its_code() {
        let finding = Finding::new(&Broken("a\u{1b}[2J\n::add-mask::x\u{202e}"), "/States/A");
        assert_eq!(
            finding.message(),
            "The state \"a\\u001b[2J\\n::add-mask::x\\u202e\" is broken. [invalid-state]"
        );
        assert_eq!((finding.severity, finding.state().as_str()), (Severity::Error, "States.A"));
    }
}
