//! What each code means; `docs/guides/findings.md` is made from these rows.

pub(super) mod argument;
pub(super) mod command_line;
pub(super) mod definition;
pub(super) mod integration;
pub(super) mod location;
pub(super) mod member;
pub(super) mod setting;
pub(super) mod value;
pub(super) mod wildcard;

use super::Severity;

/// What a code means.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The code as configurations, messages and the guide have it: words in lower case with hyphens between
    /// them. It never changes.
    pub name: &'static str,
    /// How severe it is unless `on_finding` says otherwise.
    pub severity: Severity,
    /// Whether `on_finding` may make it less severe.
    pub may_be_lowered: bool,
    /// What is wrong, or worth knowing: short, without a full stop.
    pub title: &'static str,
    /// Why it is reported: sentences in Markdown.
    pub cause: &'static str,
    /// What to do: sentences in Markdown.
    pub cure: &'static str,
    /// The smallest input that produces it. `None` for what no definition can show: a defect of the provider,
    /// an interruption, and what only the command line finds.
    pub example: Option<Example>,
    /// AWS's page about it; empty if there is none.
    pub docs: &'static str,
}

/// An input that produces a finding.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// A definition, or a state of one.
    pub text: &'static str,
    /// Whether the text is a state, the only one of its definition.
    pub is_state: bool,
    /// Further arguments of the data source as a JSON object. Those left out are not given.
    pub arguments: &'static str,
}

impl Example {
    /// The whole definition.
    #[must_use]
    pub fn definition(&self) -> String {
        if self.is_state {
            format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {}}}}}", self.text)
        } else {
            self.text.to_owned()
        }
    }

    /// The same with further arguments.
    const fn with(self, arguments: &'static str) -> Example {
        Example { arguments, ..self }
    }
}

/// A definition that is of one state.
const fn state(text: &'static str) -> Example {
    Example { text, is_state: true, arguments: "{}" }
}

/// A whole definition.
const fn definition(text: &'static str) -> Example {
    Example { text, is_state: false, arguments: "{}" }
}

/// An error that `on_finding` cannot lower.
const fn error(name: &'static str, title: &'static str, cause: &'static str, cure: &'static str) -> Row {
    let severity = Severity::Error;
    Row { name, severity, may_be_lowered: false, title, cause, cure, example: None, docs: "" }
}

/// A warning.
const fn warning(name: &'static str, title: &'static str, cause: &'static str, cure: &'static str) -> Row {
    Row { severity: Severity::Warning, may_be_lowered: true, ..error(name, title, cause, cure) }
}

/// Something worth knowing.
const fn info(name: &'static str, title: &'static str, cause: &'static str, cure: &'static str) -> Row {
    Row { severity: Severity::Info, ..warning(name, title, cause, cure) }
}

impl Row {
    const fn example(self, example: Example) -> Row {
        Row { example: Some(example), ..self }
    }

    const fn docs(self, docs: &'static str) -> Row {
        Row { docs, ..self }
    }

    const fn cannot_be_lowered(self) -> Row {
        Row { may_be_lowered: false, ..self }
    }

    const fn may_be_lowered(self) -> Row {
        Row { may_be_lowered: true, ..self }
    }
}
