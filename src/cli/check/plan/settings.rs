//! What a plan says beside the definition: where the state machine is, and how it is set up.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::cli::json;
use crate::iam::ArnFields;
use crate::protocol::value::Value;

use super::references::References;
use super::resources::Resource;

/// The arguments of the data source, as far as the plan has them.
pub(super) fn arguments(
    plan: &Json,
    references: &References<'_>,
    machine: &Resource<'_>,
    role: Option<&Resource<'_>>,
) -> BTreeMap<String, Value> {
    let mut arguments = BTreeMap::new();
    let mut give = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            arguments.insert(name.to_owned(), value);
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
    let account = part(own.account).or_else(|| part(of_role.account)).or_else(|| caller(plan));
    give("account_id", account.map(Value::String));
    give("state_machine_name", machine.text("name").map(Value::from));
    give("type", machine.text("type").map(Value::from));
    // The decisive members of each must be known.
    for (block, decides) in [
        ("logging_configuration", "level"),
        ("tracing_configuration", "enabled"),
        ("encryption_configuration", "type"),
    ] {
        give(block, nested(machine, block, decides));
    }
    arguments
}

/// A block of which there is at most one, as an object.
fn nested(machine: &Resource<'_>, name: &str, decides: &str) -> Option<Value> {
    let block = machine.known(name)?.as_array()?.first()?;
    let given = |value: &Json| !value.is_null() && value.as_str() != Some("");
    block.get(decides).filter(|value| given(value))?;
    let mut members = BTreeMap::new();
    for (name, value) in block.as_object()? {
        if given(value) && (name != "kms_data_key_reuse_period_seconds" || value.as_u64() != Some(0)) {
            members.insert(name.clone(), json::value(value.clone()).ok()?);
        }
    }
    Some(Value::Object(members))
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
        accounts.extend(identities.filter_map(|one| one.get("values")?.get("account_id")?.as_str()));
    }
    let account = accounts.pop_first()?;
    accounts.is_empty().then(|| account.to_owned())
}

/// The region of the provider that the resource has: a constant, or a variable of the root module.
fn region(plan: &Json, references: &References<'_>, machine: &Resource<'_>) -> Option<String> {
    let resource = references.resource(&machine.modules(), machine);
    let key = resource.and_then(|resource| resource.get("provider_config_key")?.as_str()).unwrap_or("aws");
    let providers = plan.get("configuration")?.get("provider_config")?;
    let region = providers.get(key)?.get("expressions")?.get("region")?;
    if let Some(constant) = region.get("constant_value").and_then(Json::as_str) {
        return Some(constant.to_owned());
    }
    let [reference] = region.get("references")?.as_array()?.as_slice() else { return None };
    let name = reference.as_str()?.strip_prefix("var.")?;
    plan.get("variables")?.get(name)?.get("value")?.as_str().map(str::to_owned)
}
