//! Arguments that are not known yet: what depends on them.

use crate::generator::{ActivityKeys, DataKeys, Unknown, tokens};
use crate::protocol::value::{Members, Value};

use super::hints;

/// Arguments that can change everything.
const ANYTHING: &[&str] = &["include_redrive", "mode", "partition", "type"];

/// Parts of ARNs.
const PLACE: &[&str] = &["account_id", "region", "state_machine_name"];

const SUBSTITUTIONS: &str = "definition_substitutions";
const ENCRYPTION: &str = "encryption_configuration";
const LOGGING: &str = "logging_configuration";
const KEYS: &str = "kms_key_arns";
const ACTIVITY_KEYS: &str = "activity_kms_keys";

/// Which arguments are not known yet.
pub(super) fn unknown(config: &Value) -> Unknown {
    let is_open = |name: &&str| !config.get(name).is_wholly_known();
    let (encryption, logging, keys) = (config.get(ENCRYPTION), config.get(LOGGING), config.get(KEYS));
    let decides = |value: &Value, member: &str| value.is_unknown() || value.get(member).is_unknown();
    let shape = is_open(&"tracing_configuration") || decides(logging, "level") || decides(encryption, "type");
    let own_key = encryption.get("kms_key_id").is_unknown();
    let substitutions = config.get(SUBSTITUTIONS);
    let tokens = match substitutions {
        Value::Unknown => {
            let definition = config.get("definition").as_str().unwrap_or_default();
            tokens(definition).map(|token| token.name.to_owned()).collect()
        }
        Value::Object(values) => {
            let open = values.iter().filter(|(_, value)| value.is_unknown());
            open.map(|(name, _)| name.to_string()).collect()
        }
        _ => std::collections::BTreeSet::new(),
    };
    Unknown {
        tokens,
        anything: ANYTHING.iter().any(is_open) || config.get("definition").is_unknown(),
        place: PLACE.iter().any(is_open),
        input: is_open(&"input"),
        machine: shape || keys.is_unknown(),
        shape: shape || own_key,
        data_keys: match keys {
            Value::Unknown => DataKeys::Whole,
            keys if keys.is_wholly_known() => DataKeys::Known,
            _ => DataKeys::Elements,
        },
        own_key,
        size_limit: config.get("size_limit").is_unknown(),
        document_size_limit: config.get("document_size_limit").is_unknown(),
        levels: ["on_finding", "on_unresolved"].iter().any(is_open),
        only_unresolved: is_open(&"on_unresolved") && !is_open(&"on_finding"),
        substitutions: substitutions.is_unknown(),
        apis: is_open(&"allow_unknown_apis"),
        activity_keys: match config.get(ACTIVITY_KEYS) {
            Value::Unknown => ActivityKeys::Whole,
            Value::Object(keys) if keys.values().any(Value::is_unknown) => {
                let open = keys.iter().filter(|(_, key)| key.is_unknown());
                ActivityKeys::Of(open.map(|(activity, _)| activity.to_string()).collect())
            }
            _ => ActivityKeys::Known,
        },
        hints: hints::open(config.get(hints::NAME)),
        destination: logging.get("log_destination").is_unknown(),
    }
}

/// The arguments with a placeholder for each unknown key, so that the key counts as present. The placeholder
/// does not reach the result.
pub(super) fn with_keys(config: &Value, partition: &str) -> Value {
    let Value::Object(arguments) = config else { return config.clone() };
    let mut arguments: Members = arguments.clone();
    let key = format!("arn:{partition}:kms:us-east-1:111122223333:key/unknown");
    let known = |keys: &mut dyn Iterator<Item = &mut Value>| {
        for one in keys.filter(|key| key.is_unknown()) {
            *one = key.clone().into();
        }
    };
    if let Some(Value::List(keys)) = arguments.get_mut(KEYS) {
        known(&mut keys.iter_mut());
    }
    if let Some(Value::Object(keys)) = arguments.get_mut(ACTIVITY_KEYS) {
        known(&mut keys.values_mut());
    }
    if let Some(Value::Object(encryption)) = arguments.get_mut(ENCRYPTION)
        && encryption.get("type").and_then(Value::as_str) == Some("CUSTOMER_MANAGED_KMS_KEY")
        && let Some(id) = encryption.get_mut("kms_key_id").filter(|id| id.is_unknown())
    {
        *id = key.into();
    }
    Value::Object(arguments)
}
