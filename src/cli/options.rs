//! Options from the schema of the data source, and values of its arguments from options.

use std::collections::BTreeMap;
use std::fs;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches};

use crate::protocol::schema::{Attribute, Block, Usage};
use crate::protocol::value::{Members, Number, Type, Value};

use super::json;
use super::problem::{CommandProblem, WrongValue};

/// The argument that is the file.
pub(super) const DEFINITION: &str = "definition";

/// Short for `--tracing-configuration '{"enabled": true}'`.
const TRACING: &str = "tracing";

/// An option for each argument but the definition.
pub(super) fn options(block: &Block) -> Vec<Arg> {
    let mut options: Vec<Arg> = arguments(block).map(option).collect();
    for nested in &block.blocks {
        options.push(
            Arg::new(nested.name.clone())
                .long(kebab(&nested.name))
                .value_name("JSON|@FILE")
                .action(ArgAction::Append)
                .help(first_sentence(&nested.block.description)),
        );
    }
    options.push(
        Arg::new(TRACING)
            .long(TRACING)
            .action(ArgAction::SetTrue)
            .conflicts_with("tracing_configuration")
            .help("The same as --tracing-configuration '{\"enabled\": true}'"),
    );
    options
}

/// The attributes that can be printed.
pub(super) fn outputs(block: &Block) -> Vec<String> {
    let computed = block.attributes.iter().filter(|attribute| attribute.usage == Usage::Computed);
    computed.map(|attribute| attribute.name.to_string()).collect()
}

/// The arguments of a data source block that these options give; the definition comes from a file.
pub(super) fn given(block: &Block, matches: &ArgMatches) -> Result<Members, CommandProblem> {
    let mut members: Members = BTreeMap::new();
    for attribute in arguments(block) {
        if let Some(text) = matches.get_one::<String>(&attribute.name) {
            members.insert(attribute.name.clone(), value(&attribute.name, text, &attribute.value_type())?);
        }
    }
    if matches.get_flag(TRACING) {
        members.insert("tracing_configuration".into(), Value::object([("enabled", Value::Bool(true))]));
    }
    for nested in &block.blocks {
        let texts = matches.get_many::<String>(&nested.name).unwrap_or_default();
        let kind = nested.block.value_type();
        let blocks = texts.map(|text| value(&nested.name, text, &kind)).collect::<Result<Vec<_>, _>>();
        members.insert(nested.name.clone(), Value::List(blocks?));
    }
    Ok(members)
}

fn arguments(block: &Block) -> impl Iterator<Item = &Attribute> {
    block
        .attributes
        .iter()
        .filter(|attribute| attribute.usage != Usage::Computed && attribute.name != DEFINITION)
}

fn option(attribute: &Attribute) -> Arg {
    let mut help = first_sentence(&attribute.description);
    // Not a default of the option: the configuration file applies if the option is not given.
    if !attribute.default.is_empty() {
        help.push_str(&format!(" [default: {}]", attribute.default));
    }
    let option = Arg::new(attribute.name.clone()).long(kebab(&attribute.name)).help(help);
    match attribute.value_type() {
        Type::String if attribute.values.is_empty() => option.value_name("TEXT"),
        Type::String => {
            let values = PossibleValuesParser::new(attribute.values.iter().copied());
            option.value_name("TEXT").value_parser(values)
        }
        Type::Number => option.value_name("NUMBER"),
        Type::Bool => {
            option.value_name("true|false").num_args(0..=1).require_equals(true).default_missing_value("true")
        }
        _ => option.value_name("JSON|@FILE"),
    }
}

fn value(name: &str, text: &str, kind: &Type) -> Result<Value, CommandProblem> {
    read(text, kind).map_err(|wrong| CommandProblem::Option { option: kebab(name), wrong })
}

fn read(text: &str, kind: &Type) -> Result<Value, WrongValue> {
    match kind {
        Type::String => Ok(Value::String(text.to_owned())),
        Type::Number => Number::from_decimal(text)
            .map(Value::Number)
            .ok_or_else(|| WrongValue::NotANumber(text.to_owned())),
        Type::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            other => Err(WrongValue::NotABool(other.to_owned())),
        },
        _ => {
            let text = match text.strip_prefix('@') {
                None => text.to_owned(),
                Some(file) => fs::read_to_string(file).map_err(|error| {
                    let (file, reason) = (file.to_owned(), error.to_string());
                    WrongValue::Unreadable { file, reason }
                })?,
            };
            json::read(&text, kind)
        }
    }
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// Descriptions are Markdown; a terminal shows the beginning of them unchanged.
fn first_sentence(description: &str) -> String {
    description.split(". ").next().unwrap_or_default().trim_end_matches('.').replace('`', "\"")
}
