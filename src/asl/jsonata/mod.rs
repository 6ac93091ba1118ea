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
use super::{Str, Value};
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
}

impl SyntaxError {
    fn new(text: &str, offset: usize, wrong: Misspelt) -> Self {
        let position = text.char_indices().take_while(|(at, _)| *at < offset).count() + 1;
        SyntaxError { wrong, position }
    }
}

/// Whether a text (between `{%` and `%}`) is an expression.
///
/// # Errors
/// If it certainly is not. Functions that do not exist and mistakes in types are not looked for.
pub(crate) fn check(expression: &str) -> Result<(), SyntaxError> {
    match parser::parse(expression) {
        Err(Failure::Syntax(error)) => Err(error),
        Err(Failure::TooLarge) | Ok(_) => Ok(()),
    }
}

/// The value of an expression (the text between `{%` and `%}`); `source` is the string as written, for what
/// stays unknown.
pub(crate) fn evaluate<'a>(
    expression: &'a str,
    source: &'a str,
    environment: &dyn Environment<'a>,
) -> Value<'a> {
    evaluate_in(expression, source, environment, Item::Root)
}

fn evaluate_in<'a>(
    expression: &'a str,
    source: &'a str,
    environment: &dyn Environment<'a>,
    root: Item<'a>,
) -> Value<'a> {
    let unknown = || Value::Unknown(Str::Borrowed(source));
    let Ok(parsed) = parser::parse(expression) else { return unknown() };
    if parsed.is_opaque {
        return unknown();
    }
    match Evaluator::new(expression, &parsed.opaque, environment, root).run(&parsed.root) {
        Ok(item) => match item.into_value(source) {
            Value::Unknown(_) => unknown(),
            value => value,
        },
        Err(_) => unknown(),
    }
}
