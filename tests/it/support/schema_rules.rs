//! What hosts require of a schema: some of them crash, and others fail, if it does not hold.

use std::collections::BTreeSet;

use super::plugin::tfplugin6::get_provider_schema::Response;
use super::plugin::tfplugin6::schema::{Attribute, Block, nested_block, object};
use super::plugin::tfplugin6::{Function, function};

/// Every rule that the schema of a provider of that name breaks, each with its place.
pub(crate) fn violations(schema: &Response, provider: &str) -> Vec<String> {
    let mut found = Vec::new();
    match schema.provider.as_ref().and_then(|it| it.block.as_ref()) {
        Some(block) => {
            let reserved = ["alias", "version", "count", "depends_on", "for_each", "source"];
            check_block(block, "provider", &reserved, &mut found);
        }
        None => found.push("the provider has no schema".to_owned()),
    }
    for (name, data_source) in &schema.data_source_schemas {
        if name != provider && !name.starts_with(&format!("{provider}_")) {
            found.push(format!("{name}: not one of this provider"));
        }
        if data_source.version != 0 {
            found.push(format!("{name}: has a version"));
        }
        match &data_source.block {
            Some(block) => {
                check_block(block, name, &["count", "for_each", "provider", "depends_on"], &mut found)
            }
            None => found.push(format!("{name}: no block")),
        }
    }
    for (name, function) in &schema.functions {
        check_function(function, name, &mut found);
    }
    if !schema.server_capabilities.as_ref().is_some_and(|it| it.get_provider_schema_optional) {
        found.push("the schema would be asked for in every process".to_owned());
    }
    found
}

fn check_block(block: &Block, place: &str, reserved: &[&str], found: &mut Vec<String>) {
    check_attributes(&block.attributes, place, reserved, found);
    let attributes: BTreeSet<_> = block.attributes.iter().map(|it| &it.name).collect();
    for nested in &block.block_types {
        let place = format!("{place}.{}", nested.type_name);
        let mut check = |holds: bool, rule: &str| {
            if !holds {
                found.push(format!("{place}: {rule}"));
            }
        };
        check(is_name(&nested.type_name), "not a name");
        check(!attributes.contains(&nested.type_name), "an attribute has the same name");
        check(!["lifecycle", "locals", "_"].contains(&nested.type_name.as_str()), "a reserved name");
        check(nested.nesting() == nested_block::NestingMode::List, "not a list");
        check(nested.max_items == 0 || nested.min_items <= nested.max_items, "more required than allowed");
        match &nested.block {
            Some(block) => check_block(block, &place, &[], found),
            None => found.push(format!("{place}: no block")),
        }
    }
}

fn check_attributes(attributes: &[Attribute], place: &str, reserved: &[&str], found: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    for attribute in attributes {
        let place = format!("{place}.{}", attribute.name);
        let mut check = |holds: bool, rule: &str| {
            if !holds {
                found.push(format!("{place}: {rule}"));
            }
        };
        check(is_name(&attribute.name), "not a name");
        check(names.insert(&attribute.name), "occurs twice");
        check(!reserved.contains(&attribute.name.as_str()), "a reserved name");
        check(
            attribute.r#type.is_empty() == attribute.nested_type.is_some(),
            "either a type or nested attributes",
        );
        check(attribute.r#type.is_empty() || is_type(&attribute.r#type), "not a type");
        check(attribute.required || attribute.optional || attribute.computed, "nobody sets it");
        check(
            !attribute.required || !(attribute.optional || attribute.computed),
            "required and something else",
        );
        check(!attribute.description.is_empty(), "no description");
        if let Some(nested) = &attribute.nested_type {
            check(nested.nesting() != object::NestingMode::Invalid, "no nesting");
            check_attributes(&nested.attributes, &place, &[], found);
        }
    }
}

fn check_function(function: &Function, name: &str, found: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    let mut check = |holds: bool, rule: &str| {
        if !holds {
            found.push(format!("{name}(): {rule}"));
        }
    };
    check(is_name(name), "not a name");
    check(function.r#return.as_ref().is_some_and(|it| is_type(&it.r#type)), "no type of a result");
    let parameters: Vec<&function::Parameter> =
        function.parameters.iter().chain(&function.variadic_parameter).collect();
    for parameter in parameters {
        check(is_name(&parameter.name), "a parameter without a name");
        check(names.insert(&parameter.name), "two parameters of one name");
        check(is_type(&parameter.r#type), "a parameter without a type");
    }
}

fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_type(json: &[u8]) -> bool {
    serde_json::from_slice(json).is_ok_and(|json| is_type_value(&json))
}

fn is_type_value(json: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object, String};
    match json {
        String(name) => ["bool", "number", "string", "dynamic"].contains(&name.as_str()),
        Array(parts) => match parts.as_slice() {
            [String(kind), Array(elements)] if kind == "tuple" => elements.iter().all(is_type_value),
            [String(kind), Object(members)] if kind == "object" => members.values().all(is_type_value),
            [String(kind), element] => {
                ["list", "set", "map"].contains(&kind.as_str()) && is_type_value(element)
            }
            _ => false,
        },
        _ => false,
    }
}
