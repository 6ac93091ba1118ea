//! From our schema to the messages that describe it to a host.

use std::collections::BTreeMap;

use super::proto;
use super::schema::{Attribute, Block, Function, NestedBlock, Parameter, Schema, Shape, Usage};
use super::value::Type;

impl From<&Schema> for proto::get_provider_schema::Response {
    fn from(schema: &Schema) -> Self {
        let data_sources = schema.data_sources.iter();
        Self {
            // A host rejects a provider without this schema, even where it is empty.
            provider: Some(top_level(&schema.provider)),
            data_source_schemas: data_sources.map(|it| (it.name.clone(), top_level(&it.block))).collect(),
            functions: functions(schema),
            server_capabilities: Some(capabilities()),
            diagnostics: Vec::new(),
        }
    }
}

impl From<&Schema> for proto::get_metadata::Response {
    fn from(schema: &Schema) -> Self {
        use proto::get_metadata::{DataSourceMetadata, FunctionMetadata};
        let data_sources =
            schema.data_sources.iter().map(|it| DataSourceMetadata { type_name: it.name.clone() });
        Self {
            server_capabilities: Some(capabilities()),
            data_sources: data_sources.collect(),
            functions: schema.functions.iter().map(|it| FunctionMetadata { name: it.name.clone() }).collect(),
            diagnostics: Vec::new(),
        }
    }
}

/// The functions by name.
pub(super) fn functions(schema: &Schema) -> BTreeMap<String, proto::Function> {
    schema.functions.iter().map(|function| (function.name.clone(), function.into())).collect()
}

fn capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities { get_provider_schema_optional: true }
}

/// Data sources are read again each time, so the versions of their schemas stay at 0.
fn top_level(block: &Block) -> proto::Schema {
    proto::Schema { version: 0, block: Some(block.into()) }
}

impl From<&Block> for proto::schema::Block {
    fn from(block: &Block) -> Self {
        Self {
            attributes: block.attributes.iter().map(Into::into).collect(),
            block_types: block.blocks.iter().map(Into::into).collect(),
            description: block.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
            deprecated: block.deprecated.is_some(),
            deprecation_message: block.deprecated.clone().unwrap_or_default(),
        }
    }
}

impl From<&NestedBlock> for proto::schema::NestedBlock {
    fn from(nested: &NestedBlock) -> Self {
        Self {
            type_name: nested.name.to_string(),
            block: Some((&nested.block).into()),
            nesting: proto::schema::nested_block::NestingMode::List.into(),
            min_items: nested.min_items.into(),
            // 0 means any number.
            max_items: nested.max_items.unwrap_or_default().into(),
        }
    }
}

impl From<&Attribute> for proto::schema::Attribute {
    fn from(attribute: &Attribute) -> Self {
        use proto::schema::object::NestingMode;
        let nested = |members: &[Attribute], nesting: NestingMode| {
            let attributes = members.iter().map(Into::into).collect();
            (Vec::new(), Some(proto::schema::Object { attributes, nesting: nesting.into() }))
        };
        let (plain, nested) = match &attribute.shape {
            Shape::Plain(plain) => (json(plain), None),
            Shape::Object(members) => nested(members, NestingMode::Single),
            Shape::List(members) => nested(members, NestingMode::List),
        };
        Self {
            name: attribute.name.to_string(),
            r#type: plain,
            nested_type: nested,
            description: attribute.full_description(),
            description_kind: proto::StringKind::Markdown.into(),
            required: attribute.usage == Usage::Required,
            optional: matches!(attribute.usage, Usage::Optional | Usage::OptionalComputed),
            computed: matches!(attribute.usage, Usage::Computed | Usage::OptionalComputed),
            sensitive: attribute.sensitive,
            deprecated: attribute.deprecated.is_some(),
            deprecation_message: attribute.deprecated.clone().unwrap_or_default(),
        }
    }
}

impl From<&Function> for proto::Function {
    fn from(function: &Function) -> Self {
        Self {
            parameters: function.parameters.iter().map(Into::into).collect(),
            variadic_parameter: function.variadic.as_ref().map(Into::into),
            r#return: Some(proto::function::Return { r#type: json(&function.result) }),
            summary: function.summary.clone(),
            description: function.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
            deprecation_message: function.deprecated.clone().unwrap_or_default(),
        }
    }
}

impl From<&Parameter> for proto::function::Parameter {
    fn from(parameter: &Parameter) -> Self {
        Self {
            name: parameter.name.clone(),
            r#type: json(&parameter.kind),
            allow_null_value: parameter.allow_null,
            allow_unknown_values: parameter.allow_unknown,
            description: parameter.description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
        }
    }
}

fn json(kind: &Type) -> Vec<u8> {
    kind.to_json().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::schema::DataSource;

    fn schema() -> Schema {
        let members = vec![Attribute::optional("enabled", Type::Bool, "Whether.")];
        let hint = Block::new("", [Attribute::required("state", Type::String, "")]);
        let block = Block::new(
            "A *policy*.",
            [
                Attribute::required("definition", Type::String, "The definition."),
                Attribute::optional("tracing", Shape::Object(members.clone()), ""),
                Attribute { usage: Usage::OptionalComputed, ..Attribute::computed("id", Type::String, "") },
                Attribute {
                    deprecated: Some("Use b.".into()),
                    sensitive: true,
                    ..Attribute::computed("a", Shape::List(members), "")
                },
            ],
        )
        .with_block(NestedBlock { max_items: Some(2), ..NestedBlock::any("hint", hint) });
        Schema {
            provider: Block::default(),
            data_sources: vec![DataSource { name: "x_policy".into(), block }],
            functions: vec![Function {
                name: "f".into(),
                summary: "F".into(),
                description: String::new(),
                parameters: vec![Parameter::new("p", Type::list(Type::String), "")],
                variadic: Some(Parameter { allow_null: true, ..Parameter::new("more", Type::Dynamic, "") }),
                result: Type::Bool,
                deprecated: None,
            }],
        }
    }

    #[test]
    fn attributes_and_blocks() {
        let response = proto::get_provider_schema::Response::from(&schema());
        assert!(response.provider.unwrap().block.is_some());
        assert!(response.server_capabilities.unwrap().get_provider_schema_optional);
        let block = response.data_source_schemas["x_policy"].block.as_ref().unwrap();
        let [definition, tracing, id, a] = block.attributes.as_slice() else { panic!("four attributes") };
        assert_eq!(definition.r#type, b"\"string\"");
        assert!(definition.required && !definition.optional && !definition.computed);
        assert!(tracing.optional && !tracing.computed && tracing.r#type.is_empty());
        assert_eq!(
            tracing.nested_type.as_ref().unwrap().nesting(),
            proto::schema::object::NestingMode::Single
        );
        assert!(id.optional && id.computed && !id.required);
        assert!(a.computed && !a.optional && a.sensitive && a.deprecated);
        assert_eq!(a.deprecation_message, "Use b.");
        assert_eq!(a.nested_type.as_ref().unwrap().nesting(), proto::schema::object::NestingMode::List);
        let [hint] = block.block_types.as_slice() else { panic!("one block type") };
        assert_eq!((hint.min_items, hint.max_items), (0, 2));
        assert_eq!(hint.block.as_ref().unwrap().attributes.len(), 1);
    }

    #[test]
    fn functions_have_parameters_and_a_result() {
        let functions = functions(&schema());
        let function = &functions["f"];
        assert_eq!(function.parameters[0].r#type, b"[\"list\",\"string\"]");
        assert!(function.variadic_parameter.as_ref().unwrap().allow_null_value);
        assert_eq!(function.r#return.as_ref().unwrap().r#type, b"\"bool\"");
    }

    #[test]
    fn metadata_names_everything() {
        let metadata = proto::get_metadata::Response::from(&schema());
        assert_eq!(metadata.data_sources[0].type_name, "x_policy");
        assert_eq!(metadata.functions[0].name, "f");
    }
}
