//! JSONata as Step Functions has it, worked out as far as it can be before any run.
//!
//! The parser and the evaluator are our own, because the JSONata crates keep their syntax trees to
//! themselves, have no notion of a value that is known in part, and stop the process on some inputs.
//!
//! `lexer` and `parser` make an `ast` of the text, `evaluate` and its kin give an `item` for it. Whatever is
//! not certain is unknown: functions that the run answers, orders that Step Functions does not promise, and
//! everything after a budget of work is spent.

mod ast;
mod call;
mod evaluate;
mod functions;
mod item;
mod lexer;
mod operators;
mod parser;
mod path;
mod price;
#[cfg(test)]
mod tests;

use self::evaluate::Evaluator;
use self::item::Item;
use self::parser::Failure;
use super::Value;
use crate::work::Work;

/// What an expression can refer to where it stands.
pub(crate) trait Environment<'a> {
    /// The reserved variable `$states`: an object with `context` and, where they exist, `input`, `result` and
    /// `errorOutput`.
    fn states(&self) -> Value<'a>;

    /// What pays for the evaluation.
    fn work(&self) -> &Work;

    /// A workflow variable; none if only the run knows whether there is one of that name.
    fn variable(&self, name: &str) -> Option<Value<'a>>;
}

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
    #[error("The expression ends where \"{0}\" is missing.")]
    EndsBefore(&'static str),
    #[error("Here \"{0}\" is missing.")]
    Missing(&'static str),
    #[error("\"{0}\" cannot stand here.")]
    Unexpected(String),
    #[error("The {0} is not closed.")]
    Unclosed(&'static str),
    #[error("The name is not closed by a backtick.")]
    UnclosedName,
    #[error("\"~\" is no operator.")]
    Tilde,
    #[error("\"\\u\" needs four hexadecimal digits.")]
    CodePoint,
    #[error("There is no such escape in strings.")]
    Escape,
    #[error("The number is out of range.")]
    Range,
    #[error("The regular expression is empty.")]
    EmptyRegex,
    #[error("Left of \":=\" must stand a variable, such as \"$name\".")]
    NotAssignable,
    #[error("A variable must stand here, such as \"$name\".")]
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
    fn new(text: &str, offset: usize, wrong: Misspelt) -> Self {
        let position = text.char_indices().take_while(|(at, _)| *at < offset).count() + 1;
        SyntaxError { wrong, position }
    }
}

/// An expression, read once and worked out wherever it is asked for.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    /// The string as written, for what stays unknown.
    source: &'a str,
    /// What stands between `{%` and `%}`.
    text: &'a str,
    /// Absent where nothing can be worked out of it: it is too large, or cannot be read.
    tree: Option<parser::Expression<'a>>,
}

impl<'a> Query<'a> {
    /// Reads the text between `{%` and `%}`; `source` is the string as written. If it certainly is not an
    /// expression, it is told why, and nothing can be worked out of it. Functions that do not exist and
    /// mistakes in types are not looked for.
    pub(crate) fn read(text: &'a str, source: &'a str) -> (Query<'a>, Option<SyntaxError>) {
        let (tree, error) = match parser::parse(text) {
            Ok(tree) => (Some(tree).filter(|tree| !tree.is_opaque), None),
            Err(Failure::TooLarge) => (None, None),
            Err(Failure::Syntax(error)) => (None, Some(error)),
        };
        (Query { source, text, tree }, error)
    }

    /// The string as written.
    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// The value of the expression.
    pub(crate) fn value(&self, environment: &dyn Environment<'a>) -> Value<'a> {
        self.value_of(environment, Item::Root)
    }

    fn value_of(&self, environment: &dyn Environment<'a>, root: Item<'a>) -> Value<'a> {
        let unknown = || Value::Unknown(self.source.into());
        let Some(tree) = &self.tree else { return unknown() };
        match Evaluator::new(self.text, &tree.opaque, environment, root).run(&tree.root) {
            Ok(item) => match item.into_value(self.source) {
                Value::Unknown(_) => unknown(),
                value => value,
            },
            Err(_) => unknown(),
        }
    }
}
