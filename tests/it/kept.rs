//! A read after a validation of the same arguments is answered as one without.

use sfniam::permissions::Mode;
use sfniam::protocol::Provider;
use sfniam::protocol::schema::Block;
use sfniam::protocol::value::Value;
use sfniam::provider::{DATA_SOURCE, Sfniam, data_source};
use tonic::transport::Channel;

use crate::support::arguments::arguments_of;
use crate::support::identity::Identity;
use crate::support::plugin::Plugin;
use crate::support::plugin::tfplugin6::{
    DynamicValue, configure_provider, provider_client, read_data_source, validate_data_resource_config,
};
use crate::support::{case_name, files, sweeping, tests_folder};

/// A plugin, and its host.
struct Process {
    _plugin: Plugin,
    client: provider_client::ProviderClient<Channel>,
}

impl Process {
    async fn start() -> Self {
        let host = Identity::new(1);
        let plugin = Plugin::start(&host);
        let client = plugin.provider(&host).await;
        Self { _plugin: plugin, client }
    }

    async fn configured(members: &[(&'static str, Value)]) -> Self {
        let mut process = Self::start().await;
        process.configure(members).await;
        process
    }

    async fn configure(&mut self, members: &[(&'static str, Value)]) {
        let config = Some(encoded(&Sfniam::default().schema().provider, Value::object(members.to_vec())));
        let request = configure_provider::Request { config, ..Default::default() };
        let answer = self.client.configure_provider(request).await.expect("an answer").into_inner();
        assert_eq!(answer.diagnostics, []);
    }

    async fn validate(&mut self, arguments: &DynamicValue) -> validate_data_resource_config::Response {
        let (type_name, config) = (DATA_SOURCE.to_owned(), Some(arguments.clone()));
        let request = validate_data_resource_config::Request { type_name, config };
        self.client.validate_data_resource_config(request).await.expect("an answer").into_inner()
    }

    async fn read(&mut self, arguments: &DynamicValue) -> read_data_source::Response {
        let (type_name, config) = (DATA_SOURCE.to_owned(), Some(arguments.clone()));
        let request = read_data_source::Request { type_name, config };
        self.client.read_data_source(request).await.expect("an answer").into_inner()
    }
}

/// As hosts send the members of a block: with null for those that are not set.
fn encoded(block: &Block, members: Value) -> DynamicValue {
    let Value::Object(given) = members else { panic!("members are an object") };
    let config = block.config(given).expect("a configuration");
    let msgpack = config.to_msgpack(&block.value_type()).expect("a value of the schema");
    DynamicValue { msgpack, json: Vec::new() }
}

#[tokio::test]
async fn a_read_after_validating_is_that_without() {
    let (step, mut read) = (if sweeping() { 1 } else { 7 }, 0);
    let (mut unconfigured, mut plain) = (Process::start().await, Process::configured(&[]).await);
    let (mut process, block) = (Process::configured(&[]).await, data_source().block);
    for folder in ["integrations", "machines", "problems", "sdk"] {
        for case in files(&tests_folder().join(folder), ".asl.json").iter().step_by(step) {
            for mode in Mode::ALL {
                let (name, arguments) = (case_name(case), encoded(&block, arguments_of(case, mode)));
                let expected = plain.read(&arguments).await;
                let checked = unconfigured.validate(&arguments).await;
                assert_eq!(process.validate(&arguments).await, checked, "{name}");
                for time in ["first", "second"] {
                    assert_eq!(process.read(&arguments).await, expected, "{name}, the {time} time");
                }
                read += usize::from(expected.state.is_some());
            }
        }
    }
    assert!(read > 100, "{read} reads");
}

#[tokio::test]
async fn nothing_is_kept_from_another_configuration_of_the_provider() {
    let mut process = Process::configured(&[("region", "eu-west-1".into())]).await;
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}"#;
    let block = data_source().block;
    let arguments = encoded(&block, Value::object([("definition", Value::from(definition))]));
    assert_eq!(process.validate(&arguments).await.diagnostics, []);
    process.configure(&[("region", "us-east-1".into())]).await;
    let state = process.read(&arguments).await.state.expect("a state");
    let state = Value::from_msgpack(&state.msgpack, &block.value_type()).expect("a state");
    assert!(state.get("json").as_str().is_some_and(|json| json.contains("lambda:us-east-1:")));
}
