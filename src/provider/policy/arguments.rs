//! From the arguments of `sfniam_policy` to a request.

use std::collections::BTreeMap;

use crate::asl::{ExecutionType, NOT_IN_NAMES, is_name};
use crate::finding::{Argument, Code, Finding, OnFinding};
use crate::generator::{Hint, MAX_INLINE_CHARACTERS, MAX_MANAGED_CHARACTERS, Request};
use crate::iam::Location;
use crate::permissions::{Encryption, KeyType, Logging, Mode, Settings};
use crate::protocol::value::Value;

use super::super::config::Config;
use super::super::on_finding;
use super::super::problem::ArgumentProblem;
use super::choices::{Choices, KEY_TYPES, LEVELS, MODES, TYPES, UNRESOLVED};
use super::hints;

/// Reads the arguments. An unknown argument counts as absent, so that everything else can be checked before
/// it is known.
pub(in crate::provider) fn request(config: &Value, provider: &Config) -> Result<Request, Vec<Finding>> {
    let mut reader = Reader { config, problems: Vec::new() };
    let aws = provider.aws(config).unwrap_or_else(|problems| {
        reader.problems.extend(problems);
        Location::default()
    });
    let settings = Settings {
        aws,
        mode: reader.choice("mode", Mode::Template, MODES),
        machine_type: reader.choice("type", ExecutionType::Standard, TYPES),
        machine_name: reader.machine_name(),
        tracing: config.get("tracing_configuration").get("enabled").as_bool().unwrap_or(false),
        logging: reader.logging(),
        encryption: reader.encryption(),
        include_redrive: config.get("include_redrive").as_bool().unwrap_or(true),
        kms_key_arns: texts(config.get("kms_key_arns")),
        activity_kms_keys: map(config.get("activity_kms_keys")).unwrap_or_default(),
        allow_unknown_apis: texts(config.get("allow_unknown_apis")).into_iter().collect(),
    };
    let request = Request {
        definition: config.get("definition").as_str().unwrap_or_default().to_owned(),
        substitutions: map(config.get("definition_substitutions")),
        settings,
        hints: reader.hints(),
        on_finding: reader.on_finding(provider),
        size_limit: reader.size("size_limit", MAX_INLINE_CHARACTERS),
        document_size_limit: reader.size("document_size_limit", MAX_MANAGED_CHARACTERS),
        input: config.get("input").as_str().map(str::to_owned),
        explain: config.get("include_explanation").as_bool().unwrap_or(false),
        parts: true,
        remarks: true,
    };
    if reader.problems.is_empty() { Ok(request) } else { Err(reader.problems) }
}

struct Reader<'v> {
    config: &'v Value,
    problems: Vec<Finding>,
}

impl Reader<'_> {
    /// The meaning of a text. Texts without a meaning do not get here: the schema lists the allowed ones.
    fn choice<T: Copy>(&self, name: &str, default: T, choices: &Choices<T>) -> T {
        chosen(self.config.get(name), choices).unwrap_or(default)
    }

    /// The order of precedence: `on_finding` here, `on_unresolved` here, `on_finding` of the provider block.
    fn on_finding(&mut self, provider: &Config) -> OnFinding {
        let (own, problems) = on_finding::read(self.config.get(on_finding::NAME));
        self.problems.extend(problems);
        let mut short = OnFinding::default();
        if let Some(level) = chosen(self.config.get("on_unresolved"), UNRESOLVED) {
            // The code may be lowered.
            let _ = short.set(Code::UnresolvedResource, level);
        }
        own.or(&short).or(provider.on_finding())
    }

    fn logging(&self) -> Option<Logging> {
        let value = self.config.get("logging_configuration");
        Some(Logging {
            level: chosen(value.get("level"), LEVELS)?,
            include_execution_data: value.get("include_execution_data").as_bool().unwrap_or(false),
            log_destination: value.get("log_destination").as_str().map(str::to_owned),
        })
    }

    fn encryption(&mut self) -> Option<Encryption> {
        const NAME: &str = "encryption_configuration";
        let value = self.config.get(NAME);
        let key = value.get("kms_key_id");
        let key_type = chosen(value.get("type"), KEY_TYPES)?;
        if key_type == KeyType::AwsOwned && !key.is_null() {
            let argument = Argument { member: Some("kms_key_id"), ..Argument::new(NAME) };
            self.problems.push(Finding::new(&ArgumentProblem::KeyWithoutUse, argument));
        }
        // A key is checked once it is known.
        if key.is_unknown() {
            return None;
        }
        Some(Encryption {
            key_type,
            kms_key_id: key.as_str().map(str::to_owned),
            is_pending: false,
            kms_data_key_reuse_period_seconds: match value.get("kms_data_key_reuse_period_seconds") {
                Value::Number(number) => number.to_string().parse().ok(),
                _ => None,
            },
        })
    }

    fn machine_name(&mut self) -> Option<String> {
        let name = self.config.get("state_machine_name").as_str()?;
        if is_name(name) {
            return Some(name.to_owned());
        }
        let problem = ArgumentProblem::NotAMachineName { name, forbidden: NOT_IN_NAMES };
        self.problems.push(Finding::new(&problem, Argument::new("state_machine_name")));
        None
    }

    fn size(&mut self, name: &'static str, default: u64) -> u64 {
        let limit = match self.config.get(name) {
            Value::Number(number) => number.to_string().parse::<u64>().ok().filter(|limit| *limit > 0),
            _ => return default,
        };
        limit.unwrap_or_else(|| {
            self.problems.push(Finding::new(&ArgumentProblem::NotASize { name }, Argument::new(name)));
            default
        })
    }

    fn hints(&mut self) -> Vec<Hint> {
        let (hints, problems) = hints::read(self.config.get(hints::NAME));
        self.problems.extend(problems);
        hints
    }
}

/// The meaning of a known text.
fn chosen<T: Copy>(value: &Value, choices: &Choices<T>) -> Option<T> {
    let given = value.as_str()?;
    choices.iter().find(|(name, _)| *name == given).map(|(_, choice)| *choice)
}

/// A map whose values are texts; members that are not known are left out.
fn map(value: &Value) -> Option<BTreeMap<String, String>> {
    let Value::Object(members) = value else { return None };
    let known =
        members.iter().filter_map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())));
    Some(known.collect())
}

/// A list of texts; elements that are not known are left out.
fn texts(value: &Value) -> Vec<String> {
    value.as_list().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
