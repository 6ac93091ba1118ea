//! The function `policy`: the document of the data source as a value, for plans that stay quiet.
//!
//! A data source is read during apply whenever something that it refers to changes. A function is worked out from its
//! arguments alone, so a plan shows its result as soon as these are known.

use std::collections::BTreeMap;

use crate::protocol::Provider;
use crate::protocol::diagnostic::{FunctionError, Severity};
use crate::protocol::schema::{Block, Function, Parameter, Usage};
use crate::protocol::value::{Type, Value};
use crate::work::Cancel;

use super::{DATA_SOURCE, Sfniam, data_source};

/// The function's name.
pub(super) const NAME: &str = "policy";

/// The function's signature and reference page.
pub(super) fn function() -> Function {
    let definition = Parameter::new(
        "definition",
        Type::String,
        "The definition of the state machine, as in the data source `sfniam_policy`.",
    );
    let mut options = Parameter::new(
        "options",
        Type::Dynamic,
        "An object with any of the other arguments of the data source, such as `{ region = \"eu-west-1\", account_id = \"111122223333\" }`, or `null`. \
         `resource_hint` is a list of objects. A function does not see the provider block, so partition, region and account come from here.",
    );
    options.allow_null = true;
    Function {
        name: NAME.to_owned(),
        summary: "The policy document for a state machine".to_owned(),
        description: "Returns what the attribute `json` of the data source `sfniam_policy` has. A plan shows the result of a function as soon as its arguments are known, \
                      even where a data source would be read during apply; but a function cannot warn, so what deserves a look is only in the findings of the data source."
            .to_owned(),
        parameters: vec![definition, options],
        variadic: None,
        result: Type::String,
        deprecated: None,
    }
}

/// Calls the function.
pub(super) fn call(arguments: &[Value], cancel: &Cancel) -> Result<Value, FunctionError> {
    let (definition, options) = match arguments {
        [definition, options] => (definition, options),
        _ => return Err(FunctionError::new("two arguments are needed: the definition, and options or null")),
    };
    let block = data_source().block;
    let config = config(&block, definition, options).map_err(|text| FunctionError::argument(1, text))?;
    let (state, diagnostics) = Sfniam::default().read_data_source(DATA_SOURCE, &config, cancel);
    if let Some(state) = state {
        return Ok(state.get("json").clone());
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let texts: Vec<String> = errors.map(|error| format!("{}. {}", error.summary, error.detail)).collect();
    Err(FunctionError::new(texts.join("\n\n").trim_end_matches('.').to_owned()))
}

/// The configuration of the data source with these arguments.
fn config(block: &Block, definition: &Value, options: &Value) -> Result<Value, String> {
    let mut given = match options {
        Value::Null => BTreeMap::new(),
        Value::Object(members) => members.clone(),
        _ => return Err("options must be an object or null".to_owned()),
    };
    let mut members = BTreeMap::new();
    for attribute in &block.attributes {
        let value = match attribute.name.as_str() {
            "definition" => definition.clone(),
            name if attribute.usage == Usage::Computed => {
                members.insert(name.to_owned(), Value::Null);
                continue;
            }
            name => conform(name, given.remove(name), &attribute.value_type())?,
        };
        members.insert(attribute.name.clone(), value);
    }
    for nested in &block.blocks {
        let list = Type::list(nested.block.value_type());
        members.insert(nested.name.clone(), conform(&nested.name, given.remove(&nested.name), &list)?);
    }
    match given.keys().next() {
        None => Ok(Value::Object(members)),
        Some(unknown) => Err(format!(
            "there is no option \"{unknown}\"; the options are the arguments of the data source {DATA_SOURCE}"
        )),
    }
}

/// A value of an option as the data source would have it: members that are left out are null.
fn conform(place: &str, value: Option<Value>, kind: &Type) -> Result<Value, String> {
    let wrong = || Err(format!("\"{place}\" must be {}", kind.name()));
    match (value.unwrap_or(Value::Null), kind) {
        (Value::Null, _) => Ok(Value::Null),
        (value @ Value::String(_), Type::String)
        | (value @ Value::Bool(_), Type::Bool)
        | (value @ Value::Number(_), Type::Number) => Ok(value),
        (Value::List(elements), Type::List(element) | Type::Set(element)) => elements
            .into_iter()
            .map(|one| conform(place, Some(one), element))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Value::Object(members), Type::Map(element)) => {
            let members =
                members.into_iter().map(|(key, value)| Ok((key, conform(place, Some(value), element)?)));
            members.collect::<Result<_, _>>().map(Value::Object)
        }
        (Value::Object(mut given), Type::Object(types)) => {
            let mut members = BTreeMap::new();
            for (name, member) in types {
                members
                    .insert(name.clone(), conform(&format!("{place}.{name}"), given.remove(name), member)?);
            }
            match given.keys().next() {
                None => Ok(Value::Object(members)),
                Some(unknown) => Err(format!("\"{place}\" has no member \"{unknown}\"")),
            }
        }
        _ => wrong(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}"#;

    fn options(members: &[(&str, Value)]) -> Value {
        Value::object(members.iter().map(|(name, value)| (*name, value.clone())))
    }

    #[test]
    fn the_document_of_the_data_source() {
        let options = options(&[("region", "eu-west-1".into()), ("account_id", "111122223333".into())]);
        let json = call(&[DEFINITION.into(), options], &Cancel::default()).unwrap();
        assert!(json.as_str().unwrap().contains("arn:aws:lambda:eu-west-1:111122223333:function:f"));
        assert!(call(&[DEFINITION.into(), Value::Null], &Cancel::default()).is_ok());
    }

    #[test]
    fn wrong_options_are_named() {
        for (given, text) in [
            (Value::Bool(true), "options must be an object or null"),
            (
                options(&[("regoin", Value::Null)]),
                "there is no option \"regoin\"; the options are the arguments of the data source sfniam_policy",
            ),
            (options(&[("region", true.into())]), "\"region\" must be string"),
            (
                options(&[("tracing_configuration", options(&[("on", Value::Null)]))]),
                "\"tracing_configuration\" has no member \"on\"",
            ),
        ] {
            assert_eq!(
                call(&[DEFINITION.into(), given], &Cancel::default()),
                Err(FunctionError::argument(1, text))
            );
        }
    }

    #[test]
    fn a_wrong_definition_is_an_error_without_a_full_stop() {
        let error = call(&["{".into(), Value::Null], &Cancel::default()).unwrap_err();
        assert!(error.text.starts_with("The definition is not JSON. At line 1"), "{}", error.text);
        assert!(!error.text.ends_with('.'));
    }
}
