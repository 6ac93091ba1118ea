//! The real binary over its real socket, called as a host calls it.

use std::io::Read;
use std::process::{Command, Stdio};

use sfniam::protocol::value::Value;
use tokio::task::JoinSet;
use tonic::Code;
use tonic::transport::Channel;

use crate::support::identity::Identity;
use crate::support::plugin::tfplugin6::provider_client::ProviderClient;
use crate::support::plugin::tfplugin6::{self, DynamicValue};
use crate::support::plugin::{
    Argument, Plugin, answers, binary, call_by_name, call_unknown_method, channel, command, config, shut_down,
};
use crate::support::schema_rules;

#[test]
fn started_by_hand_it_explains_itself() {
    for cookie in [None, Some("another")] {
        let output =
            Command::new(binary()).env_clear().envs(cookie.map(|it| ("TF_PLUGIN_MAGIC_COOKIE", it))).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("required_providers") && said.contains("--help"), "{said}");
    }
}

#[test]
fn a_seventh_field_only_when_asked() {
    let plugin = Plugin::run(command().env("PLUGIN_MULTIPLEX_GRPC", "true"));
    assert_eq!(plugin.fields()[4..], ["grpc", "", "false"]);
}

#[test]
fn a_host_of_another_version_is_told_ours() {
    let plugin = Plugin::run(command().env("PLUGIN_PROTOCOL_VERSIONS", "5"));
    assert_eq!(plugin.fields()[1], "6");
}

#[test]
fn a_certificate_that_is_none_ends_the_process() {
    let one = Identity::new(1).pem();
    let broken = one.replace('M', "-");
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    let key = one.replace("CERTIFICATE", "PRIVATE KEY");
    for certificate in ["nonsense".to_owned(), one.clone() + &one, broken, empty, key] {
        let output =
            command().env("PLUGIN_CLIENT_CERT", &certificate).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{certificate}");
        assert_eq!(output.stdout, b"");
        assert!(String::from_utf8(output.stderr).unwrap().contains("PLUGIN_CLIENT_CERT"));
    }
}

#[tokio::test]
async fn only_the_host_is_answered() {
    let (host, other) = (Identity::new(1), Identity::new(2));
    let plugin = Plugin::start(&host);
    assert!(!answers(plugin.connect(None).await.0).await, "no certificate");
    assert!(!answers(plugin.connect(Some(&other)).await.0).await, "another certificate");
    assert!(!answers(plugin.connect(Some(&host.with_key_of(&other))).await.0).await, "another key");
    assert!(
        !answers(plugin.connect(Some(&other.with_key_of(&host))).await.0).await,
        "another certificate of the key"
    );
    assert!(!answers(plugin.connect_plain().await).await, "plain text");

    let (stream, protocol) = plugin.connect(Some(&host)).await;
    assert_eq!(protocol.as_deref(), Some(&b"h2"[..]));
    assert!(answers(stream).await);
}

#[tokio::test]
async fn a_connection_that_says_nothing_holds_up_nobody() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let silent = (plugin.connect_plain().await, plugin.connect_plain().await);
    assert!(answers(plugin.connect(Some(&host)).await.0).await);
    drop(silent);
}

#[tokio::test]
async fn a_connection_that_closes_ends_nothing() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let first = plugin.provider(&host).await;
    let mut second = plugin.provider(&host).await;
    drop(first);
    second.get_metadata(tfplugin6::get_metadata::Request {}).await.unwrap();
    drop(second);
    assert!(answers(plugin.connect(Some(&host)).await.0).await);
}

#[tokio::test]
async fn without_a_certificate_the_host_gets_plain_text() {
    let plugin = Plugin::run(&mut command());
    assert_eq!(plugin.fields()[5], "");
    assert!(answers(plugin.connect_plain().await).await);
}

#[tokio::test]
async fn the_schema_is_one_that_hosts_accept() {
    let host = Identity::new(1);
    let mut schemas = Vec::new();
    for _ in 0..2 {
        let plugin = Plugin::start(&host);
        let request = tfplugin6::get_provider_schema::Request {};
        schemas.push(plugin.provider(&host).await.get_provider_schema(request).await.unwrap().into_inner());
    }
    assert_eq!(schema_rules::violations(&schemas[0], "sfniam"), Vec::<String>::new());
    assert_eq!(schemas[0], schemas[1]);
}

#[tokio::test]
async fn calls_that_other_providers_offer_are_unimplemented() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    for path in [
        "/tfplugin6.Provider/GenerateResourceConfig",
        "/tfplugin5.Provider/GetSchema",
        "/grpc.health.v1.Health/Check",
    ] {
        let answer = call_unknown_method(plugin.channel(&host).await, path).await;
        assert_eq!(answer.unwrap_err().code(), Code::Unimplemented, "{path}");
    }
}

/// A call that is added to `proto/` alone is seen.
#[tokio::test]
async fn every_call_of_the_service_is_answered_and_what_there_is_not_in_words() {
    let proto = include_str!("../../proto/tfplugin6.proto");
    let names = |part: &str| -> Vec<String> {
        let lines = part.lines().filter_map(|line| line.trim().strip_prefix("rpc "));
        lines.filter_map(|line| Some(line.split_once('(')?.0.to_owned())).collect()
    };
    let (own, others) = proto.split_once("// What this provider does not have").expect("the comment");
    let (own, others) = (names(own), names(others));
    assert!(own.len() >= 10 && others.len() >= 11, "{own:?} {others:?}");
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    for (rpc, is_own) in own.iter().map(|rpc| (rpc, true)).chain(others.iter().map(|rpc| (rpc, false))) {
        let answer = call_by_name(plugin.channel(&host).await, rpc).await;
        let answer = answer.unwrap_or_else(|status| panic!("{rpc}: {status}"));
        assert!(is_own || answer.says("This provider has no "), "{rpc}: {answer:?}");
    }
}

#[tokio::test]
async fn an_import_of_a_data_source_is_answered_in_words() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let request = tfplugin6::import_resource_state::Request { type_name: "sfniam_policy".to_owned() };
    let answer = plugin.provider(&host).await.import_resource_state(request).await.unwrap().into_inner();
    assert!(answer.diagnostics[0].detail.contains("\"sfniam_policy\" is a data source"));
}

#[tokio::test]
async fn large_messages_both_ways() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut client = plugin.provider(&host).await;
    // An error that names something unknown is as long as the name.
    let name = "x".repeat(20 << 20);
    let request = tfplugin6::call_function::Request { name: name.clone(), arguments: Vec::new() };
    let answer = client.call_function(request).await.unwrap().into_inner();
    assert!(answer.error.unwrap().text.contains(&name));
}

#[tokio::test]
async fn calls_at_the_same_time() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let client = plugin.provider(&host).await;
    let mut calls = JoinSet::new();
    for number in 0..50 {
        let mut client = client.clone();
        calls.spawn(async move {
            let type_name = format!("sfniam_{number}");
            let request = tfplugin6::read_data_source::Request { type_name: type_name.clone(), config: None };
            let answer = client.read_data_source(request).await.unwrap().into_inner();
            assert!(answer.diagnostics[0].detail.contains(&type_name));
        });
    }
    assert_eq!(calls.join_all().await.len(), 50);
}

#[tokio::test]
async fn what_does_not_fit_is_an_error_and_no_crash() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut client = plugin.provider(&host).await;
    for msgpack in [&b""[..], b"\xc0", b"\xdf\xff\xff\xff\xff", b"\xc1", b"\x81\xa6region\x01"] {
        let config = Some(DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() });
        let request = tfplugin6::configure_provider::Request { config: config.clone(), ..Default::default() };
        assert_eq!(client.configure_provider(request).await.unwrap().into_inner().diagnostics.len(), 1);
        for type_name in ["sfniam_policy", "sfniam_none"] {
            let type_name = type_name.to_owned();
            let request = tfplugin6::read_data_source::Request { type_name, config: config.clone() };
            let answer = client.read_data_source(request).await.unwrap().into_inner();
            assert_eq!(answer.diagnostics.len(), 1);
            assert_eq!(answer.state, None);
        }
    }
}

#[tokio::test]
async fn a_read_answers_with_the_policy_and_the_arguments_as_they_came() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut client = plugin.provider(&host).await;
    let state = read(&mut client, &definition("f", "")).await;
    assert!(state.get("json").as_str().unwrap().contains("lambda:InvokeFunction"));
    assert_eq!(state.get("definition").as_str(), Some(definition("f", "").as_str()));
    assert!(state.get("region").is_null());
}

#[tokio::test]
async fn a_definition_may_be_larger_than_most_messages() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let comment = "x".repeat(5 << 20);
    let state = read(&mut plugin.provider(&host).await, &definition("f", &comment)).await;
    assert!(state.get("json").as_str().unwrap().contains("lambda:InvokeFunction"));
}

#[tokio::test]
async fn reads_at_the_same_time_do_not_mix() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let client = plugin.provider(&host).await;
    let mut reads = JoinSet::new();
    for number in 0..10 {
        let mut client = client.clone();
        reads.spawn(async move {
            let name = format!("function-{number}");
            let state = read(&mut client, &definition(&name, "")).await;
            assert!(state.get("json").as_str().unwrap().contains(&format!(":function:{name}\"")));
        });
    }
    assert_eq!(reads.join_all().await.len(), 10);
}

#[tokio::test]
async fn validation_knows_what_is_wrong_from_what_is_unknown() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut client = plugin.provider(&host).await;
    let block = data_source_block(&mut client).await;
    let mut validate = async |argument| {
        let type_name = "sfniam_policy".to_owned();
        let config = Some(config(&block, &[("definition", argument)]));
        let request = tfplugin6::validate_data_resource_config::Request { type_name, config };
        client.validate_data_resource_config(request).await.unwrap().into_inner().diagnostics
    };
    assert_eq!(validate(Argument::Unknown).await, []);
    let diagnostics = validate(Argument::Text("{")).await;
    assert_eq!(diagnostics[0].severity(), tfplugin6::diagnostic::Severity::Error);
    let steps = &diagnostics[0].attribute.as_ref().unwrap().steps;
    let definition = tfplugin6::attribute_path::step::Selector::AttributeName("definition".to_owned());
    assert_eq!(steps[0].selector, Some(definition));
}

#[tokio::test]
async fn shutdown_ends_the_process_and_leaves_nothing() {
    let host = Identity::new(1);
    let mut plugin = Plugin::start(&host);
    // A port leaves nothing behind; a socket is a file.
    assert_eq!(plugin.left_files(), usize::from(plugin.fields()[2] == "unix"));
    shut_down(plugin.channel(&host).await).await;
    assert_eq!(plugin.ended().code(), Some(0));
    assert_eq!(plugin.left_files(), 0);
    assert_eq!(plugin.rest_of_output(), "");
}

#[tokio::test]
async fn stop_provider_is_answered_and_calls_go_on() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut client = plugin.provider(&host).await;
    let answer = client.stop_provider(tfplugin6::stop_provider::Request {}).await.unwrap().into_inner();
    assert_eq!(answer.error, "");
    client.get_metadata(tfplugin6::get_metadata::Request {}).await.unwrap();
}

#[tokio::test]
async fn the_log_is_what_hosts_read_and_holds_no_values() {
    let host = Identity::new(1);
    let mut command = command();
    command.env("PLUGIN_CLIENT_CERT", host.pem()).env("TF_LOG", "trace").stderr(Stdio::piped());
    let mut plugin = Plugin::run(&mut command);
    let mut client = plugin.provider(&host).await;
    let secret = "hunter2";
    let config =
        Some(DynamicValue { msgpack: Vec::new(), json: format!("{{\"{secret}\":\"{secret}\"}}").into() });
    let request = tfplugin6::configure_provider::Request { config, ..Default::default() };
    client.configure_provider(request).await.unwrap();
    answers(plugin.connect_plain().await).await;
    shut_down(plugin.channel(&host).await).await;
    assert!(plugin.ended().success());

    let mut log = String::new();
    plugin.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let records: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for record in &records {
        for member in ["@level", "@message", "@timestamp"] {
            assert!(record[member].is_string(), "{record}");
        }
    }
    assert!(records.iter().any(|record| record["tf_rpc"] == "ConfigureProvider"), "{log}");
    assert!(
        records.iter().any(|record| record["@level"] == "error"),
        "a refused connection is an error: {log}"
    );
    assert!(!log.contains(secret), "{log}");
}

#[tokio::test]
async fn nobody_has_to_read_the_log() {
    let host = Identity::new(1);
    let mut command = command();
    command.env("PLUGIN_CLIENT_CERT", host.pem()).env("TF_LOG", "trace").stderr(Stdio::piped());
    let mut plugin = Plugin::run(&mut command);
    drop(plugin.child.stderr.take());
    let mut client = plugin.provider(&host).await;
    for _ in 0..2 {
        client.get_metadata(tfplugin6::get_metadata::Request {}).await.unwrap();
    }
}

#[tokio::test]
async fn the_services_of_every_plugin() {
    use crate::support::plugin::controller::grpc_broker_client::GrpcBrokerClient;
    use crate::support::plugin::controller::grpc_stdio_client::GrpcStdioClient;

    let host = Identity::new(1);
    let mut plugin = Plugin::start(&host);
    let channel = channel(plugin.connect(Some(&host)).await.0).await.unwrap();
    let output = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap();
    let offers = GrpcBrokerClient::new(channel.clone()).start_stream(tokio_stream::pending()).await.unwrap();
    // Open streams do not delay the end.
    shut_down(channel).await;
    assert_eq!(plugin.ended().code(), Some(0));
    drop((output, offers));
}

/// A state machine that calls one function.
fn definition(function: &str, comment: &str) -> String {
    format!(
        r#"{{"Comment": "{comment}", "StartAt": "A", "States": {{"A": {{"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {{"FunctionName": "{function}"}}}}}}}}"#
    )
}

/// Reads the data source as a host does that has asked for the schema.
async fn read(client: &mut ProviderClient<Channel>, definition: &str) -> Value {
    let block = data_source_block(client).await;
    let config = Some(config(&block, &[("definition", Argument::Text(definition))]));
    let request = tfplugin6::read_data_source::Request { type_name: "sfniam_policy".to_owned(), config };
    let answer = client.read_data_source(request).await.unwrap().into_inner();
    let state = answer.state.unwrap_or_else(|| panic!("{:?}", answer.diagnostics));
    Value::from_msgpack(&state.msgpack, &sfniam::provider::data_source().block.value_type()).unwrap()
}

async fn data_source_block(client: &mut ProviderClient<Channel>) -> tfplugin6::schema::Block {
    let request = tfplugin6::get_provider_schema::Request {};
    let schema = client.get_provider_schema(request).await.unwrap().into_inner();
    schema.data_source_schemas["sfniam_policy"].block.clone().unwrap()
}
