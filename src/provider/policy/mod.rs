//! The data source `sfniam_policy`: arguments → question → answer → attributes.

mod arguments;
mod result;
mod schema;

use crate::asl::{Problem, Severity};
use crate::generator::{ArgumentError, OnUnresolved, generate_unless, problems};
use crate::iam::Location;
use crate::permissions::{About, Finding};
use crate::protocol::diagnostic::Diagnostic;
use crate::protocol::value::Value;
use crate::work::Cancel;

use super::config::Config;

pub(super) use arguments::request;
pub use schema::{NAME as DATA_SOURCE, data_source};

/// Checks arguments of which any may be unknown.
pub(super) fn validate(config: &Value, cancel: &Cancel) -> Vec<Diagnostic> {
    let mut request = match request(config, &Config::default()) {
        Ok(request) => request,
        Err(diagnostics) => return diagnostics,
    };
    let known = |name: &&str| config.get(name).is_wholly_known();
    if !["definition", "definition_substitutions", "type"].iter().all(known) {
        return Vec::new();
    }
    // The provider block may have the partition; it is not known here.
    if config.get("partition").as_str().or(config.get("region").as_str()).is_none()
        && let Some(partition) = partition_in(&request.definition)
    {
        partition.clone_into(&mut request.settings.aws.partition);
    }
    diagnostics(problems(&request, cancel))
}

/// The partition of the first ARN of a definition.
fn partition_in(definition: &str) -> Option<&str> {
    let mut partitions = definition.split("\"arn:").skip(1).filter_map(|rest| rest.split(':').next());
    partitions.find(|partition| Location::is_partition(partition))
}

/// Reads arguments that are wholly known.
pub(super) fn read(config: &Value, provider: &Config, cancel: &Cancel) -> (Option<Value>, Vec<Diagnostic>) {
    let request = match request(config, provider) {
        Ok(request) => request,
        Err(diagnostics) => return (None, diagnostics),
    };
    match generate_unless(&request, cancel) {
        Ok(output) => {
            let warnings = warning(&output.findings, request.on_unresolved).into_iter().collect();
            (Some(result::state(config, &output)), warnings)
        }
        Err(faults) => (None, diagnostics(faults)),
    }
}

fn diagnostics(faults: Vec<ArgumentError>) -> Vec<Diagnostic> {
    let diagnostic = |fault: ArgumentError| {
        let (name, position) = fault.argument;
        let made = Diagnostic::error(fault.problem.summary.clone(), detail(&fault.problem)).at(name);
        match position.and_then(|position| u32::try_from(position).ok()) {
            Some(position) => made.index(position),
            None => made,
        }
    };
    faults.into_iter().map(diagnostic).collect()
}

/// What is wrong and what to do, and where.
fn detail(problem: &Problem) -> String {
    let (detail, pointer, state) = (&problem.detail, &problem.pointer, problem.state());
    match (pointer.is_empty(), state.is_empty()) {
        (true, _) => detail.clone(),
        (false, true) => format!("{detail}\n\nPlace in the definition: {pointer}"),
        (false, false) => format!("{detail}\n\nState: {state}\nPlace in the definition: {pointer}"),
    }
}

/// The one warning of a data source: everything that someone should look at.
fn warning(findings: &[Finding], on_unresolved: OnUnresolved) -> Option<Diagnostic> {
    let shown = |about: About| -> Vec<&Problem> {
        let of_it = findings.iter().filter(|finding| finding.about == about);
        of_it
            .map(|finding| &finding.problem)
            .filter(|problem| problem.severity == Severity::Warning)
            .collect()
    };
    let mut lines: Vec<String> = shown(About::Definition).into_iter().map(line).collect();
    for argument in ["account_id", "region", "state_machine_name"] {
        lines.extend(setting(argument, shown(About::Setting(argument)).len()));
    }
    if on_unresolved == OnUnresolved::Warn {
        lines.extend(shown(About::Unresolved).into_iter().map(line));
    }
    let summary = match lines.len() {
        0 => return None,
        1 => "The policy deserves a look".to_owned(),
        count => format!("The policy deserves a look in {count} places"),
    };
    if on_unresolved == OnUnresolved::Warn && !shown(About::Unresolved).is_empty() {
        lines.push(
            "What is not resolved can be narrowed by \"resource_hint\" blocks. \
             Set on_unresolved = \"ignore\" to accept it without this warning."
                .to_owned(),
        );
    }
    Some(Diagnostic::warning(summary, lines.join("\n\n")).at("definition"))
}

/// One line for an argument, however many wildcards it would narrow.
fn setting(argument: &str, wildcards: usize) -> Option<String> {
    let places = match wildcards {
        0 => return None,
        1 => "a resource has \"*\" in its place".to_owned(),
        more => format!("{more} resources have \"*\" in its place"),
    };
    Some(format!(
        "\"{argument}\" is not given, so {places}. Set it to narrow the policy; \"findings\" has the resources."
    ))
}

fn line(problem: &Problem) -> String {
    let state = problem.state();
    let place = if state.is_empty() { String::new() } else { format!("{state}: ") };
    format!("{place}{}. {}", problem.summary, problem.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:eu-west-1:111122223333:activity:pack"}}}"#;
    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn reading(more: &[(&str, Value)]) -> (Option<Value>, Vec<Diagnostic>) {
        let own = [
            ("definition", DEFINITION.into()),
            ("region", "eu-west-1".into()),
            ("account_id", "111122223333".into()),
            ("state_machine_name", "orders".into()),
        ];
        let members = own.into_iter().chain(more.iter().map(|(name, value)| (*name, value.clone())));
        read(&Value::object(members), &Config::default(), &Cancel::default())
    }

    fn json(more: &[(&str, Value)], attribute: &str) -> String {
        let (state, diagnostics) = reading(more);
        let state = state.unwrap_or_else(|| panic!("{diagnostics:?}"));
        state.get(attribute).as_str().unwrap_or("null").to_owned()
    }

    #[test]
    fn the_shapes_of_the_state_machine_are_read() {
        let logging = Value::object([("level", "ALL".into()), ("log_destination", Value::Null)]);
        assert!(json(&[("logging_configuration", logging)], "json").contains("logs:CreateLogDelivery"));
        let off = Value::object([("level", Value::from("OFF"))]);
        assert!(!json(&[("logging_configuration", off)], "json").contains("logs:"));
        let encryption =
            Value::object([("type", "CUSTOMER_MANAGED_KMS_KEY".into()), ("kms_key_id", Value::from(KEY))]);
        let policy = json(&[("encryption_configuration", encryption)], "json");
        assert!(policy.contains(KEY) && policy.contains("stateMachine:orders"), "{policy}");
        let keys = Value::list([Value::from(KEY)]);
        assert!(json(&[("kms_key_arns", keys)], "json").contains(KEY));
        let activity = "arn:aws:states:eu-west-1:111122223333:activity:pack";
        let keys = [("activity_kms_keys", Value::object([(activity, Value::from(KEY))]))];
        assert!(json(&keys, "json").contains("activityArn"));
        assert!(json(&keys, "callback_policy_json").contains(KEY));
    }

    #[test]
    fn the_documents_beside_the_policy() {
        assert!(json(&[], "assume_role_policy_json").contains("stateMachine:orders"));
        assert!(json(&[], "callback_policy_json").contains("states:GetActivityTask"));
        let plain = [("definition", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#.into())];
        assert_eq!(json(&plain, "callback_policy_json"), "null");
    }

    #[test]
    fn wrong_members_are_refused_at_their_argument() {
        for (argument, value, summary) in [
            (
                "logging_configuration",
                Value::object([("level", Value::from("all"))]),
                "Unknown value of \"level\"",
            ),
            (
                "encryption_configuration",
                Value::object([("type", Value::from("KMS"))]),
                "Unknown value of \"type\"",
            ),
            (
                "encryption_configuration",
                Value::object([("type", Value::from("CUSTOMER_MANAGED_KMS_KEY"))]),
                "No key to encrypt with",
            ),
            ("kms_key_arns", Value::list([Value::from("alias/a")]), "Not the ARN of a key"),
        ] {
            let (_, diagnostics) = reading(&[(argument, value)]);
            assert_eq!(diagnostics.first().map(|one| one.summary.as_str()), Some(summary));
        }
    }
}
