//! The data source `sfniam_policy` with one argument and one attribute, served by the crate tf-provider.

use std::collections::HashMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sfniam::protocol::Provider as _;
use sfniam::protocol::value::Value;
use sfniam::provider::Sfniam;
use sfniam::work::Cancel;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, Schema};
use tf_provider::value::{ValueEmpty, ValueString};
use tf_provider::{DataSource, Diagnostics, DynamicDataSource, Provider, map, serve};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct State<'a> {
    #[serde(borrow = "'a")]
    definition: ValueString<'a>,
    #[serde(borrow = "'a")]
    json: ValueString<'a>,
}

#[derive(Debug, Default)]
struct Policy;

#[async_trait]
impl DataSource for Policy {
    type State<'a> = State<'a>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let attribute = |text: &'static str, constraint| Attribute {
            attr_type: AttributeType::String,
            description: Description::plain(text),
            constraint,
            ..Default::default()
        };
        Some(Schema {
            version: 1,
            block: Block {
                version: 1,
                description: Description::plain("The policy of a state machine"),
                attributes: map! {
                    "definition" => attribute("The definition", AttributeConstraint::Required),
                    "json" => attribute("The document", AttributeConstraint::Computed),
                },
                ..Default::default()
            },
        })
    }

    async fn read<'a>(
        &self,
        diagnostics: &mut Diagnostics,
        mut state: State<'a>,
        _: ValueEmpty,
    ) -> Option<State<'a>> {
        let ValueString::Value(definition) = &state.definition else { return Some(state) };
        let definition = Value::String(definition.to_string());
        match Sfniam::default().call_function("policy", &[definition], &Cancel::default()) {
            Ok(Value::String(json)) => {
                state.json = ValueString::from(json);
                Some(state)
            }
            _ => {
                diagnostics.root_error_short("the definition has errors");
                None
            }
        }
    }
}

#[derive(Debug, Default)]
struct Peer;

#[async_trait]
impl Provider for Peer {
    type Config<'a> = ValueEmpty;
    type MetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let block = Block { description: Description::plain("The peer"), ..Default::default() };
        Some(Schema { version: 1, block })
    }

    fn get_data_sources(&self, _: &mut Diagnostics) -> Option<HashMap<String, Box<dyn DynamicDataSource>>> {
        Some(map! { "policy" => Policy })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    serve("sfniam", Peer).await
}
