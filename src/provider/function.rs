//! The function `policy`: the document of the data source as a value, for plans without needless diffs.
//!
//! A data source is read during apply whenever something that it refers to changes. A function depends only
//! on its arguments, so a plan shows its result as soon as these are known.

use std::collections::BTreeSet;

use crate::finding::{Argument, Code, Finding};
use crate::generator::{Output, Request};
use crate::permissions::Mode;
use crate::protocol::diagnostic::{Diagnostic, FunctionError};
use crate::protocol::schema::Function;
use crate::protocol::value::{Type, Value};
use crate::work::Cancel;

use super::Config;
use super::diagnostics::errors;
use super::options::{DEFINITION, Given, OPTIONS, failure, parameters, read};
use super::policy::{ask_for, validate};
use super::problem::ArgumentProblem;

/// The function's name.
pub(super) const NAME: &str = "policy";

/// How a policy escapes the beginning of a token, so that IAM does not read it as a policy variable.
const TOKEN: &str = "${$}{";

/// The function's signature and reference page.
pub(super) fn function() -> Function {
    let (definition, options) = parameters();
    Function {
        name: NAME.to_owned(),
        summary: "The policy document for a state machine".to_owned(),
        description: DESCRIPTION.to_owned(),
        parameters: vec![definition],
        variadic: Some(options),
        result: Type::String,
        deprecated: None,
    }
}

const DESCRIPTION: &str = "Returns the same document as the attribute `json` of the data source `sfniam_policy`. A plan shows the result of a function as soon as its \
    arguments are known, even where a data source would be read during apply.\n\n\
    Call it as `policy(definition)` or as `policy(definition, options)`, with one object of options. To pass no options, omit the argument: OpenTofu does not pass a literal `null` to a parameter of any type, and the result would stay unknown. A variable that is \
    null counts as omitted.\n\n\
    A function does not see a provider block, not even one with an alias (`provider::sfniam::us::policy` in OpenTofu): partition, region and account come from the \
    options only.\n\n\
    A function cannot issue warnings. What would silently make the policy wider or wrong is therefore an error: with `mode = \"least_privilege\"`, a missing \
    `region`, `account_id` or `state_machine_name` that a resource needs; in either mode, a token without a value, such as `${TableName}`, in a resource. \
    `on_finding` in the options can change this. All other findings are only in `findings` of the data source and in the result of `analyze`.";

/// Calls the function.
pub(super) fn call(arguments: &[Value], cancel: &Cancel) -> Result<Value, FunctionError> {
    let (config, position) = match read(arguments)? {
        Given::Unknown => return Ok(Value::Unknown),
        Given::Known { config, position } => (config, position),
    };
    policy(&config, cancel).map_err(|errors| failure(&errors, position))
}

/// The document; if an argument is unknown, so is the document, unless there is an error already.
fn policy(config: &Value, cancel: &Cancel) -> Result<Value, Vec<Diagnostic>> {
    if !config.is_wholly_known() {
        let errors = validate(config, &Config::default(), cancel);
        return if errors.is_empty() { Ok(Value::Unknown) } else { Err(errors) };
    }
    // Nothing but the document is returned.
    let wants = |request: &mut Request| {
        request.explain = false;
        request.parts = false;
        request.remarks = false;
    };
    let (request, output) = ask_for(config, &Config::default(), wants, cancel)?;
    let unsaid = unsaid(&request, &output);
    if unsaid.is_empty() { Ok(output.policy.json().into()) } else { Err(errors(&unsaid)) }
}

/// What a data source would only warn about although the policy is wider than intended, or allows nothing
/// that exists. The user's `on_finding` takes precedence.
fn unsaid(request: &Request, output: &Output) -> Vec<Finding> {
    let mut found = Vec::new();
    let counts = |code: Code| request.on_finding.said(code).is_none();
    if request.settings.mode == Mode::LeastPrivilege && counts(Code::MissingSetting) {
        // The function returns only the policy, not the other documents.
        let settings = output.findings.iter().filter(|finding| {
            finding.code == Code::MissingSetting && finding.place.argument.name == DEFINITION
        });
        for argument in settings.map(|finding| finding.parameter.as_str()).collect::<BTreeSet<_>>() {
            found.push(Finding::new(&ArgumentProblem::MissingSetting { argument }, Argument::new(OPTIONS)));
        }
    }
    let mut resources = output.policy.statements.iter().flat_map(|statement| &statement.resources);
    let with_token = resources.find(|resource| resource.contains(TOKEN));
    if let Some(resource) = with_token.filter(|_| counts(Code::LeftOverToken)) {
        let resource = resource.replace(TOKEN, "${");
        let problem = ArgumentProblem::LeftOverToken { resource: &resource };
        found.push(Finding::new(&problem, Argument::new("definition_substitutions")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}"#;

    fn options(members: &[(&'static str, Value)]) -> Value {
        Value::object(members.iter().map(|(name, value)| (*name, value.clone())))
    }

    fn call_with(arguments: &[Value]) -> Result<Value, FunctionError> {
        call(arguments, &Cancel::default())
    }

    fn called(more: &[Value]) -> Result<Value, FunctionError> {
        call_with(&[&[Value::from(DEFINITION)], more].concat())
    }

    #[test]
    fn the_document_of_the_data_source() {
        let options = options(&[("region", "eu-west-1".into()), ("account_id", "111122223333".into())]);
        let json = called(&[options]).unwrap();
        assert!(json.as_str().unwrap().contains("arn:aws:lambda:eu-west-1:111122223333:function:f"));
    }

    #[test]
    fn null_counts_as_left_out() {
        let plain = called(&[]).unwrap();
        assert!(plain.as_str().unwrap().contains("arn:aws:lambda:*:*:function:f"));
        let nothing = options(&[("region", Value::Null), ("resource_hint", Value::Null)]);
        for more in [vec![Value::Null], vec![options(&[])], vec![Value::Null, options(&[])], vec![nothing]] {
            assert_eq!(called(&more).as_ref(), Ok(&plain), "{more:?}");
        }
    }

    #[test]
    fn options_are_converted_as_in_a_block() {
        let given = options(&[
            ("account_id", 111_122_223_333_i64.into()),
            ("region", "eu-west-1".into()),
            ("size_limit", "5000".into()),
            ("include_redrive", "true".into()),
        ]);
        let json = called(&[given]).unwrap();
        assert!(json.as_str().unwrap().contains(":111122223333:function:f"));
        let limit = options(&[("size_limit", "10".into())]);
        assert!(called(&[limit]).unwrap_err().text.starts_with("The policy is too large"));
    }

    #[test]
    fn errors_are_about_the_argument_that_is_wrong() {
        for (given, text) in [
            (
                Value::Bool(true),
                "Options that are not an object. The options are one object. Give an object. [invalid-argument]",
            ),
            (
                options(&[("regoin", Value::Null)]),
                "Unknown argument. There is no argument \"regoin\". Did you mean \"region\"? [unknown-argument]",
            ),
            (
                options(&[("region", Value::list(["x"]))]),
                "Wrong type of an argument. In \"region\", a string was expected, not a list. [wrong-type]",
            ),
            (
                options(&[("region", "Ireland".into())]),
                "Not a region. \"Ireland\" is not the code of a region, such as \"eu-west-1\". [invalid-argument]",
            ),
            (
                options(&[("definition", "{}".into())]),
                "The definition is given twice. The definition is the first argument. Remove \"definition\" from the options. [invalid-argument]",
            ),
        ] {
            assert_eq!(called(&[given]), Err(FunctionError::argument(1, text)));
        }
        let two = called(&[options(&[]), Value::Null, options(&[])]).unwrap_err();
        assert_eq!((two.argument, two.text.contains("merge")), (Some(3), true));
    }

    #[test]
    fn what_a_data_source_would_warn_of_is_an_error() {
        let lean = ("mode", "least_privilege".into());
        let error = called(&[options(&[lean.clone(), ("region", "eu-west-1".into())])]).unwrap_err();
        assert_eq!(error.argument, Some(1));
        assert!(error.text.starts_with("Missing \"account_id\""), "{}", error.text);
        let given = options(&[lean, ("region", "eu-west-1".into()), ("account_id", "111122223333".into())]);
        assert!(called(&[given]).is_ok());

        for level in ["ignore", "warn"] {
            let given = options(&[
                ("mode", "least_privilege".into()),
                ("on_finding", options(&[("missing-setting", level.into())])),
            ]);
            assert!(called(&[given]).is_ok(), "{level}");
        }

        let token = Value::from(DEFINITION.replace("\"f\"", "\"${Function}\""));
        let error = call_with(std::slice::from_ref(&token)).unwrap_err();
        assert!(
            error.text.starts_with(
                "A token without a value in a resource. \"arn:aws:lambda:*:*:function:${Function}\""
            ),
            "{}",
            error.text
        );
        let values = options(&[("definition_substitutions", options(&[("Function", "f".into())]))]);
        assert_eq!(call_with(&[token.clone(), values]), called(&[]));
        let ignored = options(&[("on_finding", options(&[("left-over-token", "ignore".into())]))]);
        assert!(call_with(&[token, ignored]).is_ok());
    }

    #[test]
    fn a_wrong_definition_is_an_error_without_a_full_stop() {
        let error = call_with(&["{".into(), options(&[("region", "eu-west-1".into())])]).unwrap_err();
        assert_eq!(error.argument, Some(0));
        assert!(error.text.starts_with("The definition is not JSON. At line 1"), "{}", error.text);
        assert!(!error.text.ends_with('.'));
    }
}
