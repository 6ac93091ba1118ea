//! JSONata as Step Functions has it, evaluated as far as that is possible before any execution.
//!
//! The parser and the evaluator are our own, because messages need the positions of syntax errors and
//! values are only partly known: see "Why our own JSONata" in ARCHITECTURE.md.
//!
//! `lexer` and `parser` turn the text into an `ast`; `evaluate` and its neighbours turn that into an `item`.
//! Everything that is not certain is unknown: functions that are evaluated only at run time, orders that Step
//! Functions does not guarantee, and everything after a budget of work is spent.

mod ast;
mod call;
mod environment;
mod error;
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

pub(crate) use self::environment::Environment;
pub(crate) use self::error::{Misspelt, SyntaxError};

/// An expression, parsed once and evaluated wherever it is needed.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    /// The string as written, for what stays unknown.
    source: &'a str,
    /// The text between `{%` and `%}`.
    text: &'a str,
    /// Absent if it cannot be evaluated: it is too large, or cannot be parsed.
    tree: Option<parser::Parsed<'a>>,
}

impl<'a> Query<'a> {
    /// Reads the text between `{%` and `%}`; `source` is the string as written. If it is certainly not an
    /// expression, there is a reason, and it has no value. Unknown functions and type errors are not
    /// detected.
    pub(crate) fn read(text: &'a str, source: &'a str) -> (Query<'a>, Option<SyntaxError>) {
        #[cfg(test)]
        super::reads::note("expression", text);
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

    /// Whether it is text whatever the values are that it reads: literals and paths, joined. A path that
    /// leads nowhere adds nothing.
    pub(crate) fn is_text_around_values(&self) -> bool {
        self.tree.as_ref().is_some_and(|tree| tree.root.is_text_around_values())
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
