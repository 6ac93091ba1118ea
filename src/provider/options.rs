//! What the provider's functions have in common: one object of options after the parameters, and all errors
//! as one text.

use std::collections::BTreeMap;

use crate::finding::{Argument, Finding};
use crate::protocol::diagnostic::{Diagnostic, FunctionError, Step};
use crate::protocol::schema::Parameter;
use crate::protocol::value::{Members, Type, Value};

use super::diagnostics::errors;
use super::policy::block as policy_block;
use super::problem::ArgumentProblem;

/// The name of the argument.
pub(super) const OPTIONS: &str = "options";

/// The name of the first parameter, and of the argument of the data source that it is.
pub(super) const DEFINITION: &str = "definition";

/// The arguments of a function that takes a definition and options.
pub(super) enum Given {
    /// The definition, or all options together, are not known yet.
    Unknown,
    /// The arguments that a data source would have, of which any may be unknown.
    Known {
        /// The arguments.
        config: Value,
        /// The position of the options, from 0.
        position: u32,
    },
}

/// The two parameters: the second is variadic.
pub(super) fn parameters() -> (Parameter, Parameter) {
    let mut definition = Parameter::new(
        DEFINITION,
        Type::String,
        "The definition of the state machine, as in the data source `sfniam_policy`.",
    );
    definition.allow_unknown = true;
    let mut options = Parameter::new(
        OPTIONS,
        Type::Dynamic,
        "An object with any of the other arguments of the data source, such as `{ region = \"eu-west-1\", account_id = \"111122223333\" }`. \
         Values are converted to the argument's type as in a block. `resource_hint` is a list of objects.",
    );
    options.allow_null = true;
    options.allow_unknown = true;
    (definition, options)
}

/// Reads the arguments of a call.
pub(super) fn read(arguments: &[Value]) -> Result<Given, FunctionError> {
    let Some((definition, more)) = arguments.split_first() else {
        return Err(failure(&wrong(&ArgumentProblem::NoDefinition, DEFINITION), 0));
    };
    if let [Value::Unknown] = more {
        return Ok(Given::Unknown);
    }
    let (position, mut given) = options(1, more)?;
    if given.contains_key(DEFINITION) {
        return Err(failure(&wrong(&ArgumentProblem::DefinitionTwice, OPTIONS), position));
    }
    given.insert(DEFINITION.into(), definition.clone());
    let config = policy_block().config(given).map_err(|errors| failure(&errors, position))?;
    Ok(if definition.is_unknown() { Given::Unknown } else { Given::Known { config, position } })
}

/// The options of a call, and the position of their argument; without any, the position is 0. Null counts as
/// left out.
///
/// `first` is the position of the first of these arguments.
pub(super) fn options(first: u32, more: &[Value]) -> Result<(u32, Members), FunctionError> {
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

/// A problem with an argument, as the only error.
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

/// The errors as one, about the argument that the first of them is about.
pub(super) fn failure(errors: &[Diagnostic], options: u32) -> FunctionError {
    let of_options = |error: &Diagnostic| match error.attribute.first() {
        Some(Step::Attribute(name)) => name != DEFINITION,
        _ => false,
    };
    let position = if errors.first().is_some_and(of_options) { options } else { 0 };
    FunctionError::argument(position, text(errors))
}
