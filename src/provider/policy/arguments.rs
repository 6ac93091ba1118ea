//! From the arguments of `sfniam_policy` to a question.

use std::collections::BTreeMap;

use crate::asl::ExecutionType;
use crate::finding::{Code, Level, OnFinding};
use crate::generator::{Hint, INLINE_LIMIT, Request};
use crate::iam::Location;
use crate::permissions::{Encryption, KeyType, LogLevel, Logging, Mode, Settings};
use crate::protocol::diagnostic::Diagnostic;
use crate::protocol::value::Value;

use super::super::coded::coded;
use super::super::config::Config;
use super::super::on_finding;
use super::hints;

/// Reads the arguments. What is unknown counts as absent, so that everything else can be checked before it is known.
pub(in crate::provider) fn request(config: &Value, provider: &Config) -> Result<Request, Vec<Diagnostic>> {
    let mut reader = Reader { config, problems: Vec::new() };
    let aws = provider.aws(config).unwrap_or_else(|problems| {
        reader.problems.extend(problems);
        Location::default()
    });
    let settings = Settings {
        aws,
        mode: reader.choice("mode", Mode::Template, &Mode::ALL.map(|mode| (mode.name(), mode))),
        machine_type: reader.choice(
            "type",
            ExecutionType::Standard,
            &[("STANDARD", ExecutionType::Standard), ("EXPRESS", ExecutionType::Express)],
        ),
        machine_name: reader.machine_name(),
        tracing: config.get("tracing_configuration").get("enabled").as_bool().unwrap_or(false),
        logging: reader.logging(),
        encryption: reader.encryption(),
        include_redrive: config.get("include_redrive").as_bool().unwrap_or(true),
        kms_key_arns: texts(config.get("kms_key_arns")),
        activity_kms_keys: map(config.get("activity_kms_keys")).unwrap_or_default(),
    };
    let request = Request {
        definition: config.get("definition").as_str().unwrap_or_default().to_owned(),
        substitutions: map(config.get("definition_substitutions")),
        settings,
        hints: reader.hints(),
        on_finding: reader.on_finding(provider),
        size_limit: reader.size_limit(),
        input: config.get("input").as_str().map(str::to_owned),
    };
    if reader.problems.is_empty() { Ok(request) } else { Err(coded(reader.problems)) }
}

struct Reader<'v> {
    config: &'v Value,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn choice<T: Copy>(&mut self, name: &'static str, default: T, choices: &[(&str, T)]) -> T {
        self.choice_of(self.config.get(name), name, name, default, choices)
    }

    /// The choice that a member of an argument makes.
    fn choice_of<T: Copy>(
        &mut self,
        value: &Value,
        argument: &str,
        member: &str,
        default: T,
        choices: &[(&str, T)],
    ) -> T {
        let Some(given) = value.as_str() else { return default };
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == given) {
            return *choice;
        }
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let detail = format!("\"{given}\" is none of {}.", names.join(", "));
        self.problems.push(Diagnostic::error(format!("Unknown value of \"{member}\""), detail).at(argument));
        default
    }

    /// What is said nearest counts: `on_finding` here, `on_unresolved` here, `on_finding` of the provider block.
    fn on_finding(&mut self, provider: &Config) -> OnFinding {
        let (own, problems) = on_finding::read(self.config.get(on_finding::NAME));
        self.problems.extend(problems);
        let mut short = OnFinding::default();
        let levels = [Level::Error, Level::Warn, Level::Ignore].map(|level| (level.name(), Some(level)));
        if let Some(level) = self.choice("on_unresolved", None, &levels) {
            // The code may be lowered.
            let _ = short.set(Code::UnresolvedResource, level);
        }
        own.or(&short).or(provider.on_finding())
    }

    fn logging(&mut self) -> Option<Logging> {
        const NAME: &str = "logging_configuration";
        let value = self.config.get(NAME);
        let Value::Object(_) = value else { return None };
        let levels = [
            ("ALL", LogLevel::All),
            ("ERROR", LogLevel::Error),
            ("FATAL", LogLevel::Fatal),
            ("OFF", LogLevel::Off),
        ];
        Some(Logging {
            level: self.choice_of(value.get("level"), NAME, "level", LogLevel::Off, &levels),
            include_execution_data: value.get("include_execution_data").as_bool().unwrap_or(false),
            log_destination: value.get("log_destination").as_str().map(str::to_owned),
        })
    }

    fn encryption(&mut self) -> Option<Encryption> {
        const NAME: &str = "encryption_configuration";
        let value = self.config.get(NAME);
        let Value::Object(_) = value else { return None };
        let types =
            [("AWS_OWNED_KEY", KeyType::AwsOwned), ("CUSTOMER_MANAGED_KMS_KEY", KeyType::CustomerManaged)];
        let key = value.get("kms_key_id");
        // Whoever names a key means it.
        let default = if key.is_null() { KeyType::AwsOwned } else { KeyType::CustomerManaged };
        let key_type = self.choice_of(value.get("type"), NAME, "type", default, &types);
        // What is wrong with a key can be said when it is known.
        if key.is_unknown() {
            return None;
        }
        Some(Encryption {
            key_type,
            kms_key_id: key.as_str().map(str::to_owned),
            kms_data_key_reuse_period_seconds: match value.get("kms_data_key_reuse_period_seconds") {
                Value::Number(number) => number.to_string().parse().ok(),
                _ => None,
            },
        })
    }

    /// The characters that AWS forbids in names of state machines.
    ///
    /// Source: the `CreateStateMachine` page of the Step Functions API reference.
    fn machine_name(&mut self) -> Option<String> {
        const FORBIDDEN: &str = "?*<>{}[]\"#%\\^|~`$&,;:/";
        let name = self.config.get("state_machine_name").as_str()?;
        let length = name.chars().count();
        let fits = |character: char| {
            !character.is_whitespace() && !character.is_control() && !FORBIDDEN.contains(character)
        };
        if (1..=80).contains(&length) && name.chars().all(fits) {
            return Some(name.to_owned());
        }
        let detail = format!(
            "\"{name}\" cannot be the name of a state machine: 1 to 80 characters, no white space and none of {FORBIDDEN}. Give the name, not the ARN."
        );
        self.problems
            .push(Diagnostic::error("Not the name of a state machine", detail).at("state_machine_name"));
        None
    }

    fn size_limit(&mut self) -> u64 {
        let value = self.config.get("size_limit");
        let limit = match value {
            Value::Number(number) => number.to_string().parse::<u64>().ok().filter(|limit| *limit > 0),
            _ => return INLINE_LIMIT,
        };
        limit.unwrap_or_else(|| {
            let detail = "\"size_limit\" is a whole number of characters, at least 1.";
            self.problems.push(Diagnostic::error("Not a size", detail).at("size_limit"));
            INLINE_LIMIT
        })
    }

    fn hints(&mut self) -> Vec<Hint> {
        let (hints, problems) = hints::read(self.config.get(hints::NAME));
        self.problems.extend(problems);
        hints
    }
}

/// A map whose values are texts; members that are not known are left out.
fn map(value: &Value) -> Option<BTreeMap<String, String>> {
    let Value::Object(members) = value else { return None };
    let known = members.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    Some(known.collect())
}

/// A list of texts; elements that are not known are left out.
fn texts(value: &Value) -> Vec<String> {
    value.as_list().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
