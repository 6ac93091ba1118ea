//! What a plan says beside the definition: where the state machine is, and how it is set up.

use serde_json::Value as Json;

use crate::cli::ask::Answer;
use crate::generator::Request;
use crate::iam::ArnFields;
use crate::permissions::{Encryption, KeyType, LogLevel, Logging};
use crate::protocol::value::{Members, Value};

use super::references::References;
use super::resources::Resource;

const LOGGING: &str = "logging_configuration";
const TRACING: &str = "tracing_configuration";
const ENCRYPTION: &str = "encryption_configuration";

/// The blocks, each with the member that decides whether the state machine needs anything for it.
const BLOCKS: [(&str, &str); 3] = [(LOGGING, "level"), (TRACING, "enabled"), (ENCRYPTION, "type")];

/// The arguments of the data source, as far as the plan has them.
pub(super) fn arguments(
    plan: &Json,
    references: &References<'_>,
    machine: &Resource<'_>,
    role: Option<&Resource<'_>>,
) -> Members {
    let mut arguments = Members::new();
    let mut give = |name: &'static str, value: Option<Value>| {
        if let Some(value) = value {
            arguments.insert(name.into(), value);
        }
    };
    let arn = |text| ArnFields::of(text);
    let part = |field: Option<&str>| field.filter(|part| !part.is_empty()).map(str::to_owned);
    let own = machine.text("arn").map(arn).unwrap_or_default();
    let of_role = machine.text("role_arn").or_else(|| role.and_then(|role| role.text("arn")));
    let of_role = of_role.map(arn).unwrap_or_default();
    let region = part(own.region)
        .or_else(|| machine.text("region").map(str::to_owned))
        .or_else(|| region(plan, references, machine));
    give("region", region.map(Value::String));
    let account = part(own.account)
        .or_else(|| part(of_role.account))
        .or_else(|| account(plan, references, machine))
        .or_else(|| caller(plan));
    give("account_id", account.map(Value::String));
    give("state_machine_name", machine.text("name").map(Value::from));
    give("type", machine.text("type").map(Value::from));
    for (block, decides) in BLOCKS {
        give(block, nested(references, machine, block, decides));
    }
    arguments
}

/// A block of which there is at most one, as an object; unknown where it is not known whether the state
/// machine has it. One that is unknown and not configured is what AWS sets by itself: none.
fn nested(references: &References<'_>, machine: &Resource<'_>, name: &str, decides: &str) -> Option<Value> {
    let block = match machine.partly(name) {
        Value::List(elements) => elements.into_iter().next()?,
        Value::Unknown if machine.has(name) || references.is_configured(machine, name) => Value::Unknown,
        _ => return None,
    };
    let Value::Object(mut members) = block else { return block.is_unknown().then_some(Value::Unknown) };
    let zero = Value::from(0_i64);
    members.retain(|name, value| {
        !value.is_null()
            && value.as_str() != Some("")
            && (name != "kms_data_key_reuse_period_seconds" || *value != zero)
    });
    if name == ENCRYPTION && members.get(decides).and_then(Value::as_str) == Some("AWS_OWNED_KEY") {
        members.retain(|_, value| !value.is_unknown());
    }
    members.contains_key(decides).then_some(Value::Object(members))
}

/// What a state machine needs, as it is compared with the policies of its role.
#[derive(Debug)]
pub(super) struct Needs {
    /// What it needs for certain.
    pub(super) least: Request,
    /// The same with what it may need, as the blocks that are not known may be.
    pub(super) most: Option<Request>,
    /// The names of these blocks.
    pub(super) open: Vec<&'static str>,
}

/// What a state machine with these arguments needs.
pub(super) fn needs(answer: &Answer, arguments: &Members) -> Needs {
    let nothing = Value::Null;
    let block = |name: &str| arguments.get(name).unwrap_or(&nothing);
    let key = block(ENCRYPTION).get("kms_key_id");
    let encryption = Encryption {
        key_type: KeyType::CustomerManaged,
        kms_key_id: key.as_str().map(str::to_owned),
        is_pending: key.as_str().is_none(),
        kms_data_key_reuse_period_seconds: None,
    };
    let mut least = answer.compared();
    if key.is_unknown() && block(ENCRYPTION).get("type").as_str() == Some("CUSTOMER_MANAGED_KMS_KEY") {
        least.settings.encryption = Some(encryption.clone());
    }
    let is_open = |(name, decides): &(&'static str, &str)| {
        (block(name).is_unknown() || block(name).get(decides).is_unknown()).then_some(*name)
    };
    let open: Vec<&'static str> = BLOCKS.iter().filter_map(is_open).collect();
    let mut most = least.clone();
    for name in &open {
        match *name {
            LOGGING => {
                let level = LogLevel::All;
                let logging = Logging { level, include_execution_data: false, log_destination: None };
                most.settings.logging = Some(logging);
            }
            TRACING => most.settings.tracing = true,
            _ => most.settings.encryption = Some(encryption.clone()),
        }
    }
    Needs { least, most: (!open.is_empty()).then_some(most), open }
}

/// The account that the data source `aws_caller_identity` found, if all instances that were read found the
/// same.
fn caller(plan: &Json) -> Option<String> {
    let mut modules: Vec<&Json> =
        plan.get("prior_state")?.get("values")?.get("root_module").into_iter().collect();
    let mut accounts = std::collections::BTreeSet::new();
    while let Some(module) = modules.pop() {
        let list = |name: &str| module.get(name).and_then(Json::as_array).into_iter().flatten();
        modules.extend(list("child_modules"));
        let identities = list("resources")
            .filter(|one| one.get("type").and_then(Json::as_str) == Some("aws_caller_identity"));
        let is_open = |one: &&Json| {
            one.get("sensitive_values").and_then(|marks| marks.get("account_id")?.as_bool()) != Some(true)
        };
        accounts.extend(
            identities.filter(is_open).filter_map(|one| one.get("values")?.get("account_id")?.as_str()),
        );
    }
    let account = accounts.pop_first()?;
    accounts.is_empty().then(|| account.to_owned())
}

/// The provider that the resource has.
fn provider<'p>(plan: &'p Json, references: &References<'_>, machine: &Resource<'_>) -> Option<&'p Json> {
    let resource = references.resource(machine);
    let key = resource.and_then(|resource| resource.get("provider_config_key")?.as_str()).unwrap_or("aws");
    plan.get("configuration")?.get("provider_config")?.get(key)
}

/// The region of the provider that the resource has.
fn region(plan: &Json, references: &References<'_>, machine: &Resource<'_>) -> Option<String> {
    let provider = provider(plan, references, machine)?;
    value(plan, provider, provider.get("expressions")?.get("region")?)?.as_str().map(str::to_owned)
}

/// The account of the provider that the resource has: that of the role which it assumes, or the only one
/// that it allows.
fn account(plan: &Json, references: &References<'_>, machine: &Resource<'_>) -> Option<String> {
    let provider = provider(plan, references, machine)?;
    let expressions = provider.get("expressions")?;
    let of_role = || {
        // Of several roles, each is assumed with the one before.
        let role = expressions.get("assume_role")?.as_array()?.last()?.get("role_arn")?;
        ArnFields::of(value(plan, provider, role)?.as_str()?).account_number().map(str::to_owned)
    };
    let allowed =
        || match value(plan, provider, expressions.get("allowed_account_ids")?)?.as_array()?.as_slice() {
            [only] => only.as_str().map(str::to_owned),
            _ => None,
        };
    of_role().or_else(allowed)
}

/// The value of an expression in the block of a provider: a constant, or a variable of the root module.
fn value<'p>(plan: &'p Json, provider: &Json, expression: &'p Json) -> Option<&'p Json> {
    if let Some(constant) = expression.get("constant_value") {
        return Some(constant);
    }
    let [reference] = expression.get("references")?.as_array()?.as_slice() else { return None };
    let name = reference.as_str()?.strip_prefix("var.")?;
    // The variables of a module are not among those of the plan.
    if provider.get("module_address").is_some() || is_sensitive(plan, name) {
        return None;
    }
    plan.get("variables")?.get(name)?.get("value")
}

/// Whether a variable of the root module is declared as sensitive.
fn is_sensitive(plan: &Json, variable: &str) -> bool {
    let declared =
        || plan.get("configuration")?.get("root_module")?.get("variables")?.get(variable)?.get("sensitive");
    declared().is_some_and(|sensitive| sensitive.as_bool() != Some(false))
}
