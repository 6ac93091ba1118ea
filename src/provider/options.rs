//! What the functions of the provider have in common: one object of options behind the parameters, and errors
//! as one text.

use std::collections::BTreeMap;

use crate::finding::{Argument, Finding};
use crate::protocol::diagnostic::{Diagnostic, FunctionError};
use crate::protocol::value::Value;

use super::diagnostics::errors;
use super::problem::ArgumentProblem;

/// The name of the argument.
pub(super) const OPTIONS: &str = "options";

/// The options of a call, and the position of their argument; without any, the position is 0. Null counts as
/// left out.
///
/// `first` is the position of the first of these arguments.
pub(super) fn options(first: u32, more: &[Value]) -> Result<(u32, BTreeMap<String, Value>), FunctionError> {
    let refused = |position, problem: &ArgumentProblem<'_>| {
        Err(FunctionError::argument(position, text(&wrong(problem, OPTIONS))))
    };
    let mut options = (first..).zip(more).filter(|(_, options)| !options.is_null());
    match (options.next(), options.next()) {
        (None, _) => Ok((0, BTreeMap::new())),
        (Some((position, Value::Object(members))), None) => Ok((position, members.clone())),
        (Some((position, _)), None) => refused(position, &ArgumentProblem::OptionsNotAnObject),
        (Some(_), Some((second, _))) => refused(second, &ArgumentProblem::OptionsTwice),
    }
}

/// A problem with an argument, as the one error that there is.
pub(super) fn wrong(problem: &ArgumentProblem<'_>, argument: &'static str) -> Vec<Diagnostic> {
    errors(&[Finding::new(problem, Argument::new(argument))])
}

/// Errors as one text. Hosts add a full stop of their own.
pub(super) fn text(errors: &[Diagnostic]) -> String {
    let texts: Vec<String> =
        errors.iter().map(|error| format!("{}. {}", error.summary, error.detail)).collect();
    let text = texts.join("\n\n");
    text.strip_suffix('.').unwrap_or(&text).to_owned()
}
