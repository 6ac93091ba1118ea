//! `--config`: what a Terraform configuration contains and a definition file does not.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::cli::file::{shown, text};
use crate::cli::json;
use crate::cli::options::DEFINITION;
use crate::cli::refusal::Refusal;
use crate::protocol::value::{Members, Value};
use crate::source::{Format, Lines, Position, Source};

use super::accept::Acceptance;
use super::glob::PathGlobs;

/// A configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    /// Arguments of the data source, for all files.
    #[serde(default)]
    settings: Map<String, Json>,
    /// The policy to compare with, as `--policy` names it.
    #[serde(default)]
    pub(super) policy: Option<String>,
    /// Settings for some files; later ones take precedence.
    #[serde(default)]
    machines: Vec<Machines>,
    /// Findings that are known and accepted.
    #[serde(default)]
    pub(super) accept: Vec<Acceptance>,
}

/// Settings for some files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Machines {
    paths: PathGlobs,
    #[serde(default)]
    settings: Map<String, Json>,
    #[serde(default)]
    policy: Option<String>,
}

impl Config {
    /// Reads a file in TOML, or in YAML or JSON by its ending.
    pub(super) fn read(path: &Path) -> Result<Config, Refusal> {
        let refused = |at: Option<Position>, message: String| {
            let place = at.map(|Position { line, column }| format!(":{line}:{column}")).unwrap_or_default();
            Refusal::Config { place: format!("{}{place}", shown(path)), message }
        };
        let text = text(path).map_err(|problem| refused(None, problem.to_string()))?;
        let config: Config = match Format::of_name(path) {
            Some(format) => {
                let lines = Lines::new(&text);
                let at = |offset: usize| Some(lines.position(offset));
                let source = Source::new(text.clone(), format)
                    .map_err(|error| refused(at(error.offset), format!("{error}.")))?;
                serde_json::from_str(source.json()).map_err(|error| {
                    // The position refers to text that the user did not write.
                    let message = error.to_string();
                    let message = message.split(" at line ").next().unwrap_or_default();
                    let place = Position { line: error.line(), column: error.column().max(1) };
                    refused((format == Format::Json).then_some(place), format!("{message}."))
                })?
            }
            None => toml::from_str(&text).map_err(|error| {
                let at = error.span().map(|span| Lines::new(&text).position(span.start));
                refused(at, format!("{}.", error.message().trim_end_matches('.')))
            })?,
        };
        let own = config.machines.iter().map(|machines| &machines.settings);
        if [&config.settings].into_iter().chain(own).any(|settings| settings.contains_key(DEFINITION)) {
            let message =
                format!("There is no setting \"{DEFINITION}\": the definition is the content of each file.");
            return Err(refused(None, message));
        }
        for acceptance in &config.accept {
            acceptance.check().map_err(|unusable| refused(None, unusable.to_string()))?;
        }
        Ok(config)
    }

    /// The arguments for a file: from the command line, else for the file, else for all files, else what is
    /// known already. Hints accumulate; maps are merged.
    pub(super) fn arguments(
        &self,
        mut arguments: Members,
        file: &str,
        given: &Members,
    ) -> Result<Members, Refusal> {
        let own = self.machines.iter().filter(|machines| machines.paths.include(file));
        for settings in [&self.settings].into_iter().chain(own.map(|machines| &machines.settings)) {
            for (name, value) in settings {
                let value = json::value(value.clone())
                    .map_err(|wrong| Refusal::Setting { name: name.clone(), wrong })?;
                join(arguments.entry(name.clone().into()).or_insert(Value::Null), value);
            }
        }
        for (name, value) in given {
            join(arguments.entry(name.clone()).or_insert(Value::Null), value.clone());
        }
        Ok(arguments)
    }

    /// The policy to compare a file with, if there is one.
    pub(super) fn policy(&self, file: &str) -> Option<&str> {
        let own = self.machines.iter().rev().filter(|machines| machines.paths.include(file));
        own.filter_map(|machines| machines.policy.as_deref()).next().or(self.policy.as_deref())
    }
}

/// Puts a value in the place of another, or beside it where both are maps or lists of hints.
fn join(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                join(old.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::List(old), Value::List(new))
            if old.iter().chain(&new).all(|element| matches!(element, Value::Object(_))) =>
        {
            old.extend(new);
        }
        (_, Value::Null) => {}
        (old, new) => *old = new,
    }
}
