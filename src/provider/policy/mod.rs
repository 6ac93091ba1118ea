//! The data source `sfniam_policy`: arguments → request → output → attributes.

mod alternatives;
mod arguments;
mod bounded;
mod choices;
mod diagnostics;
mod hints;
mod places;
mod result;
mod schema;
mod unknown;

use crate::finding::{Finding, Severity};
use crate::generator::{Analysis, Output, Partition, Request, analyze, generate_unless, problems, tokens};
use crate::protocol::diagnostic::Diagnostic;
use crate::protocol::value::Value;
use crate::work::Cancel;

use super::config::Config;
use super::diagnostics::errors;

use alternatives::{alternatives, common};

pub(super) use arguments::request;
pub use result::{attribute, explanation};
pub(super) use schema::block;
pub use schema::{NAME as DATA_SOURCE, data_source};

/// Checks arguments of which any may be unknown, and so may the provider block's. What no value can mend is
/// an error here, except sizes, and findings that the user made errors: those stop a plan, and in a `check`
/// they only warn.
pub(super) fn validate(config: &Value, provider: &Config, cancel: &Cancel) -> Vec<Diagnostic> {
    let knows_place = provider.knows_place(config);
    let shared = provider.known(knows_place);
    let request = match request(config, &shared) {
        Ok(request) => request,
        Err(findings) => return errors(&findings),
    };
    // That it is null is told by the check of the schema.
    if matches!(config.get("definition"), Value::Unknown | Value::Null) {
        return Vec::new();
    }
    let mut unknown = unknown::unknown(config);
    unknown.levels |= !provider.knows_levels();
    unknown.only_unresolved &= provider.knows_levels();
    // Hints are checked against all that is worked out.
    if knows_place && !unknown.levels && !request.hints.is_empty() && alternatives(config).len() == 1 {
        let wrong = analysis_of(config, &shared, cancel).err().unwrap_or_default();
        let own = wrong.into_iter().filter(|finding| finding.code.severity() == Severity::Error);
        return errors(&own.collect::<Vec<_>>());
    }
    if !knows_place {
        // The provider block may contain the values of pseudo parameters.
        let given = config.get("definition_substitutions");
        let own =
            tokens(&request.definition).map(|token| token.name).filter(|name| name.starts_with("AWS::"));
        unknown.tokens.extend(own.filter(|name| given.get(name).is_null()).map(str::to_owned));
    }
    // The provider block may set the partition.
    let is_set = ["partition", "region"].iter().any(|name| config.get(name).as_str().is_some());
    let partition = if knows_place || is_set { Partition::OfSettings } else { Partition::OfDefinition };
    errors(&problems(&request, &unknown, partition, cancel))
}

/// Reads arguments that are wholly known.
pub(super) fn read(config: &Value, provider: &Config, cancel: &Cancel) -> (Option<Value>, Vec<Diagnostic>) {
    match ask(config, provider, cancel) {
        Ok((request, output)) => {
            (Some(result::state(config, &request, &output, cancel)), warnings(&request, &output))
        }
        Err(diagnostics) => (None, diagnostics),
    }
}

/// What is known for arguments of which any may be unknown, but not the definition: the value of the
/// function `analyze`. Alternatives that are errors cannot come to be, so they do not count.
///
/// # Errors
/// Everything that is wrong whatever the unknown values are; where all alternatives are errors, those of the
/// first.
pub(in crate::provider) fn analysis(config: &Value, cancel: &Cancel) -> Result<Value, Vec<Diagnostic>> {
    let mut known: Option<Value> = None;
    let mut wrong = None;
    for alternative in alternatives(config) {
        match analysis_of(&alternative, &Config::default(), cancel) {
            Ok(analysis) => {
                let value = result::analyzed(&analysis);
                known = Some(match known {
                    None => value,
                    Some(known) => common(known, &value),
                });
            }
            Err(findings) => wrong = wrong.or(Some(findings)),
        }
    }
    known.ok_or_else(|| errors(&wrong.unwrap_or_default()))
}

fn analysis_of(config: &Value, provider: &Config, cancel: &Cancel) -> Result<Analysis, Vec<Finding>> {
    let unknown = unknown::unknown(config);
    let of = |partition: &str| request(&unknown::with_keys(config, partition), provider);
    provider
        .aws(config)
        .and_then(|aws| of(&aws.partition))
        .and_then(|request| analyze(&request, &unknown, cancel))
}

/// The only way from wholly known arguments to the request and its output. The data source, the function and
/// the command line read its result.
///
/// # Errors
/// Everything that is wrong with the arguments or the definition, as far as it can be found at once.
pub fn ask(
    arguments: &Value,
    provider: &Config,
    cancel: &Cancel,
) -> Result<(Request, Output), Vec<Diagnostic>> {
    ask_for(arguments, provider, |_| {}, cancel)
}

/// The same, of which less is wanted.
///
/// # Errors
/// As [`ask`].
pub(super) fn ask_for(
    arguments: &Value,
    provider: &Config,
    wants: impl FnOnce(&mut Request),
    cancel: &Cancel,
) -> Result<(Request, Output), Vec<Diagnostic>> {
    let made = request(arguments, provider)
        .map(|mut request| {
            wants(&mut request);
            request
        })
        .and_then(|request| generate_unless(&request, cancel).map(|output| (request, output)));
    made.map_err(|findings| errors(&findings))
}

/// What should be reviewed although there is a policy.
#[must_use]
pub fn warnings(request: &Request, output: &Output) -> Vec<Diagnostic> {
    diagnostics::warnings(&output.findings, request.settings.machine_name.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:eu-west-1:111122223333:activity:pack"}}}"#;
    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn reading(more: &[(&'static str, Value)]) -> (Option<Value>, Vec<Diagnostic>) {
        let own = [
            ("definition", DEFINITION.into()),
            ("region", "eu-west-1".into()),
            ("account_id", "111122223333".into()),
            ("state_machine_name", "orders".into()),
        ];
        let members = own.into_iter().chain(more.iter().map(|(name, value)| (*name, value.clone())));
        let given = members.map(|(name, value)| (name.into(), value)).collect();
        match data_source().block.config(given) {
            Ok(config) => read(&config, &Config::default(), &Cancel::default()),
            Err(diagnostics) => (None, diagnostics),
        }
    }

    fn json(more: &[(&'static str, Value)], attribute: &str) -> String {
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

    fn validating(definition: &str, more: &[(&'static str, Value)]) -> Vec<String> {
        let own = [("definition", definition.into())];
        let members = own.into_iter().chain(more.iter().map(|(name, value)| (*name, value.clone())));
        let given = members.map(|(name, value)| (name.into(), value)).collect();
        let config = data_source().block.config(given).unwrap();
        validate(&config, &Config::unknown(), &Cancel::default()).into_iter().map(|one| one.summary).collect()
    }

    #[test]
    fn a_definition_that_is_null_is_told_once() {
        let config = Value::object([("definition", Value::Null)]);
        assert!(validate(&config, &Config::unknown(), &Cancel::default()).is_empty());
    }

    #[test]
    fn without_settings_the_partition_is_that_of_the_first_resource() {
        let machine = |comment: &str, first: &str, second: &str| {
            let task = |partition: &str, rest: &str| {
                format!(
                    r#"{{"Type": "Task", "Resource": "arn:{partition}:states:::lambda:invoke", "Parameters": {{"FunctionName": "f"}}, {rest}}}"#
                )
            };
            format!(
                r#"{{"Comment": "{comment}", "StartAt": "A", "States": {{"A": {}, "B": {}}}}}"#,
                task(first, r#""Next": "B""#),
                task(second, r#""End": true"#)
            )
        };
        let comment = "arn:aws:iam::aws:policy/x";
        assert_eq!(validating(&machine(comment, "aws-cn", "aws-cn"), &[]), [""; 0]);
        let other = "An ARN in another partition";
        assert_eq!(validating(&machine(comment, "aws-cn", "aws"), &[]), [other]);
        // Settings come first.
        let china = [("region", "cn-north-1".into())];
        assert_eq!(validating(&machine("", "aws-cn", "aws-cn"), &china), [""; 0]);
        assert_eq!(validating(&machine("", "aws", "aws-cn"), &china), [other]);
        assert_eq!(validating(&machine("", "azure", "azure"), &[]), [other; 2]);
        // If the partition is unknown, no resource is in another one.
        let key = KEY.replace("arn:aws:", "arn:aws-cn:");
        let keys = [("kms_key_arns", Value::list([Value::from(key)]))];
        let plain = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
        assert_eq!(validating(plain, &keys), [""; 0]);
        let in_china = machine("", "aws", "aws");
        assert_eq!(validating(&in_china, &keys), ["A key in another partition"]);
    }

    #[test]
    fn the_explanation_is_there_on_demand() {
        let explanation = |more: &[(&'static str, Value)]| {
            let state = reading(more).0.unwrap();
            assert_eq!(state.get("statements").is_null(), state.get("explanation").is_null());
            state.get("explanation").clone()
        };
        let key = ("kms_key_arns", Value::list([Value::from(KEY)]));
        for asked in [vec![key.clone()], vec![key.clone(), ("include_explanation", false.into())]] {
            assert_eq!(explanation(&asked), Value::Null);
        }
        let rows = explanation(&[key, ("include_explanation", true.into())]);
        assert_eq!(rows.as_list().unwrap()[0].get("integration"), &Value::from("kms_key_arns"));
    }

    #[test]
    fn the_catalogue_has_a_date() {
        assert_eq!(json(&[], "catalog_date"), crate::generator::catalog_date());
    }

    #[test]
    fn the_documents_beside_the_policy() {
        assert!(json(&[], "assume_role_policy_json").contains("stateMachine:orders"));
        assert!(json(&[], "callback_policy_json").contains("states:GetActivityTask"));
        let plain = [("definition", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#.into())];
        assert_eq!(json(&plain, "callback_policy_json"), "null");
    }

    #[test]
    fn a_substitution_that_is_null_counts_only_where_the_definition_has_its_token() {
        let nothing = || Value::object([("Name", Value::Null)]);
        assert!(
            json(&[("definition_substitutions", nothing())], "callback_policy_json").contains("activity")
        );
        let definition = DEFINITION.replace("pack", "${Name}");
        let (_, diagnostics) =
            reading(&[("definition", definition.into()), ("definition_substitutions", nothing())]);
        assert_eq!(diagnostics[0].summary, "Tokens without a value");
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
            ("kms_key_arns", Value::list([Value::Null]), "A null element"),
            ("activity_kms_keys", Value::object([("a", Value::Null)]), "A null element"),
            (
                "encryption_configuration",
                Value::object([("type", "AWS_OWNED_KEY".into()), ("kms_key_id", Value::from(KEY))]),
                "Unused key",
            ),
            (
                "encryption_configuration",
                Value::object([("kms_key_id", Value::from(KEY))]),
                "\"type\" is null",
            ),
            ("logging_configuration", Value::object([("log_destination", "d".into())]), "\"level\" is null"),
            ("tracing_configuration", Value::object([("enabled", Value::Null)]), "\"enabled\" is null"),
        ] {
            let (_, diagnostics) = reading(&[(argument, value)]);
            assert_eq!(diagnostics.first().map(|one| one.summary.as_str()), Some(summary));
        }
    }
}
