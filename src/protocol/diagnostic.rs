//! What a call reports about its input: errors and warnings, each with its place.

use super::proto;

/// One error or warning, as Terraform shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the call failed because of it.
    pub severity: Severity,
    /// One short line without a full stop.
    pub summary: String,
    /// Sentences that say what is wrong and what to do; paragraphs are separated by blank lines.
    pub detail: String,
    /// Where in the block; without steps the diagnostic belongs to the whole block.
    pub attribute: Vec<Step>,
}

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The call failed; Terraform ignores its result.
    Error,
    /// The call succeeded, but the user should know.
    Warning,
}

/// One step of the way from a block to the value that a diagnostic is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// An argument, a nested block type or a member of an object. The first step is always one.
    Attribute(String),
    /// The key of an element of a map.
    Key(String),
    /// The position of an element of a list, or of a nested block, counted from 0.
    Index(u32),
}

/// Why a function returned no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong, without a full stop at the end. OpenTofu shows an error without an argument as one
    /// about the first, so the text has to make sense in both places.
    pub text: String,
    /// The argument at fault, counted from 0; variadic arguments continue the numbering.
    pub argument: Option<u32>,
}

impl Diagnostic {
    /// An error about the whole block.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Severity::Error, summary, detail)
    }

    /// A warning about the whole block.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Severity::Warning, summary, detail)
    }

    /// The same diagnostic about an attribute or nested block type of what it was about so far.
    #[must_use]
    pub fn at(self, name: impl Into<String>) -> Self {
        self.step(Step::Attribute(name.into()))
    }

    /// The same diagnostic about the element at a position, counted from 0, of what it was about so far.
    #[must_use]
    pub fn index(self, position: u32) -> Self {
        self.step(Step::Index(position))
    }

    /// The same diagnostic about the element with a key of what it was about so far.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.step(Step::Key(key.into()))
    }

    fn new(severity: Severity, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity, summary: summary.into(), detail: detail.into(), attribute: Vec::new() }
    }

    fn step(mut self, step: Step) -> Self {
        self.attribute.push(step);
        self
    }
}

impl FunctionError {
    /// An error about the call as a whole.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// The same error about one argument, counted from 0.
    #[must_use]
    pub fn about(self, argument: u32) -> Self {
        Self { argument: Some(argument), ..self }
    }

    /// An error about one argument, counted from 0.
    pub fn argument(argument: u32, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(argument) }
    }
}

/// As much of a path as hosts find in the configuration. They look for a member of an object among the
/// arguments of the block, and show the whole block when it is not there; for the argument itself they show
/// the line.
fn shown(mut path: Vec<Step>) -> Vec<Step> {
    let is_member = |pair: &[Step]| matches!(pair, [Step::Attribute(_), Step::Attribute(_)]);
    if let Some(at) = path.windows(2).position(is_member) {
        path.truncate(at + 1);
    }
    path
}

impl From<Diagnostic> for proto::Diagnostic {
    fn from(diagnostic: Diagnostic) -> Self {
        let severity = match diagnostic.severity {
            Severity::Error => proto::diagnostic::Severity::Error,
            Severity::Warning => proto::diagnostic::Severity::Warning,
        };
        // A path that is present but empty would lose even the position of the block.
        let attribute = (!diagnostic.attribute.is_empty()).then(|| proto::AttributePath {
            steps: shown(diagnostic.attribute).into_iter().map(Into::into).collect(),
        });
        Self { severity: severity.into(), summary: diagnostic.summary, detail: diagnostic.detail, attribute }
    }
}

impl From<Step> for proto::attribute_path::Step {
    fn from(step: Step) -> Self {
        use proto::attribute_path::step::Selector;
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name),
            Step::Key(key) => Selector::ElementKeyString(key),
            Step::Index(position) => Selector::ElementKeyInt(position.into()),
        };
        Self { selector: Some(selector) }
    }
}

impl From<FunctionError> for proto::FunctionError {
    fn from(error: FunctionError) -> Self {
        Self { text: error.text, function_argument: error.argument.map(Into::into) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_at_the_argument_whose_value_is_an_object() {
        for (diagnostic, count) in [
            (Diagnostic::error("S", "D.").at("logging").at("level"), 1),
            (Diagnostic::error("S", "D.").at("hint").index(2).at("state"), 3),
            (Diagnostic::error("S", "D.").at("keys").key("a"), 2),
        ] {
            let path = proto::Diagnostic::from(diagnostic).attribute.unwrap();
            assert_eq!(path.steps.len(), count, "{path:?}");
        }
    }

    #[test]
    fn a_path_keeps_the_order_of_its_steps() {
        use proto::attribute_path::step::Selector;
        let diagnostic = Diagnostic::error("Summary", "Detail.").at("hint").index(2).at("tags").key("Name");
        let message = proto::Diagnostic::from(diagnostic);
        let steps: Vec<_> =
            message.attribute.unwrap().steps.into_iter().map(|step| step.selector.unwrap()).collect();
        assert_eq!(
            steps,
            [
                Selector::AttributeName("hint".into()),
                Selector::ElementKeyInt(2),
                Selector::AttributeName("tags".into()),
                Selector::ElementKeyString("Name".into()),
            ]
        );
    }

    #[test]
    fn without_steps_there_is_no_path() {
        let message = proto::Diagnostic::from(Diagnostic::warning("Summary", "Detail."));
        assert_eq!(message.attribute, None);
        assert_eq!(message.severity(), proto::diagnostic::Severity::Warning);
    }

    #[test]
    fn an_error_about_the_first_argument_differs_from_one_about_the_call() {
        assert_eq!(proto::FunctionError::from(FunctionError::argument(0, "x")).function_argument, Some(0));
        assert_eq!(proto::FunctionError::from(FunctionError::new("x")).function_argument, None);
    }
}
