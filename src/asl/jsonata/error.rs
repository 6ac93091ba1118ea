//! What is wrong with a text that should be an expression.

/// Why a text is not an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// What is wrong.
    pub(crate) wrong: Misspelt,
    /// The character at which it is wrong, from 1.
    pub(crate) position: usize,
}

/// What is wrong with a text that should be an expression: a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misspelt {
    #[error("The expression ends too early.")]
    EndsEarly,
    #[error("The expression ends where \"{0}\" is expected.")]
    EndsBefore(&'static str),
    #[error("Expected \"{0}\".")]
    Missing(&'static str),
    #[error("Unexpected \"{0}\".")]
    Unexpected(String),
    #[error("The {0} is not closed.")]
    Unclosed(&'static str),
    #[error("The name is not closed by a backtick.")]
    UnclosedName,
    #[error("\"~\" is not an operator.")]
    Tilde,
    #[error("\"\\u\" needs four hexadecimal digits.")]
    CodePoint,
    #[error("Unknown escape sequence in a string.")]
    Escape,
    #[error("The number is out of range.")]
    Range,
    #[error("The regular expression is empty.")]
    EmptyRegex,
    #[error("Expected a variable, such as \"$name\", before \":=\".")]
    NotAssignable,
    #[error("Expected a variable, such as \"$name\".")]
    NotAVariable,
    #[error("A parameter must be a variable, such as \"$name\".")]
    NotAParameter,
    #[error(
        "\"{0}\" is an operator of JSONata 2.1, and Step Functions has JSONata 2.0.6. Write \"a ? a : b\" or \"$exists(a) ? a : b\"."
    )]
    Newer(&'static str),
    #[error("A literal cannot be a step of a path.")]
    LiteralStep,
    #[error("A predicate cannot follow a grouping expression.")]
    PredicateAfterGroup,
    #[error("A step can have one grouping expression only.")]
    SecondGroup,
}

impl SyntaxError {
    pub(super) fn new(text: &str, offset: usize, wrong: Misspelt) -> Self {
        let position = text.char_indices().take_while(|(at, _)| *at < offset).count() + 1;
        SyntaxError { wrong, position }
    }
}
