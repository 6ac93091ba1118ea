//! The real binary when resources are scarce, and when the host does not read: it reports this, and never
//! hangs.

use std::error::Error;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tokio::net::UnixStream;
use tonic::Code;

use crate::support::identity::Identity;
use crate::support::plugin::tfplugin6;
use crate::support::plugin::tfplugin6::provider_client::ProviderClient;
use crate::support::plugin::{Argument, Plugin, answers, binary, channel, command, config, environment};

/// A command that starts the plugin in a shell with low limits.
fn limited(host: &Identity, limit: &str) -> Command {
    let mut shell = Command::new("sh");
    environment(&mut shell);
    shell.env("PLUGIN_CLIENT_CERT", host.pem()).stderr(Stdio::piped());
    // The plugin is a child of the shell, as it is of a host.
    shell.args(["-c", &format!(r#"{limit}; "$0"; exit $?"#), &binary()]);
    shell
}

/// The result of a plugin that cannot start: it must exit by itself.
fn ended(host: &Identity, limit: &str) -> Option<Output> {
    let directory = tempfile::tempdir().unwrap();
    let child = limited(host, limit).env("TMPDIR", directory.path()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    (output.stdout.is_empty()).then_some(output)
}

#[test]
fn without_descriptors_it_says_so_before_the_handshake() {
    let host = Identity::new(1);
    for limit in 4..=14 {
        let output = ended(&host, &format!("ulimit -n {limit}")).expect("no handshake");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{limit}: {said}");
        assert!(said.contains("Too many open files"), "{limit}: {said}");
    }
}

#[tokio::test]
async fn whoever_gets_a_handshake_gets_an_answer() {
    let host = Identity::new(1);
    let mut served = 0;
    for limit in 12..=20 {
        let plugin = tokio::task::spawn_blocking({
            let mut command = limited(&host, &format!("ulimit -n {limit}"));
            move || {
                command.stderr(Stdio::null());
                Plugin::run_or_end(&mut command)
            }
        });
        if let Some(plugin) = plugin.await.unwrap() {
            assert!(answers(plugin.connect(Some(&host)).await.0).await, "{limit} descriptors");
            served += 1;
        }
    }
    assert!(served > 0, "no limit is high enough");
}

#[tokio::test]
async fn without_threads_a_call_is_answered_with_the_systems_error() {
    let host = Identity::new(1);
    let mut without_thread = 0;
    // Root's threads are not limited, but memory is for every user, and at some limit there is too little for
    // the stack of a thread.
    for megabytes in 16..=48 {
        let mut command = limited(&host, &format!("ulimit -v {}", megabytes << 10));
        let Some(plugin) = Plugin::run_or_end(command.stderr(Stdio::null())) else { continue };
        let asked = tokio::time::timeout(Duration::from_secs(10), first_read(&plugin, &host));
        // With even less memory the process ends.
        let Ok((summary, detail)) = asked.await.expect("no call hangs") else { continue };
        if summary == "The provider cannot work" {
            assert!(detail.contains("did not start a thread: "), "{detail}");
            without_thread += 1;
        }
    }
    assert!(without_thread > 0, "there was memory for a thread everywhere");
}

/// The first diagnostic of an empty read, and whether the schema can be returned after it.
async fn first_read(plugin: &Plugin, host: &Identity) -> Result<(String, String), Box<dyn Error>> {
    let stream = plugin.try_connect(host).await?;
    let mut client = ProviderClient::new(channel(stream).await?);
    let type_name = "sfniam_policy".to_owned();
    let request = tfplugin6::read_data_source::Request { type_name, config: None };
    let answer = client.read_data_source(request).await?.into_inner();
    client.get_provider_schema(tfplugin6::get_provider_schema::Request {}).await?;
    Ok((answer.diagnostics[0].summary.clone(), answer.diagnostics[0].detail.clone()))
}

#[tokio::test]
async fn a_log_that_nobody_reads_holds_up_no_call() {
    let host = Identity::new(1);
    let mut command = command();
    command.env("PLUGIN_CLIENT_CERT", host.pem()).env("TF_LOG", "trace").stderr(Stdio::piped());
    let plugin = Plugin::run(&mut command);
    let mut client = plugin.provider(&host).await;
    // A pipe holds 64 KiB, and each call logs a line.
    for _ in 0..2_000 {
        client.get_metadata(tfplugin6::get_metadata::Request {}).await.unwrap();
    }
}

#[tokio::test]
async fn silent_connections_do_not_keep_the_host_out() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(UnixStream::connect(plugin.socket()).await.unwrap());
    }
    // Less than the time that a silent caller has.
    let answered = tokio::time::timeout(Duration::from_secs(5), async {
        answers(plugin.connect(Some(&host)).await.0).await
    });
    assert_eq!(answered.await, Ok(true));
    drop(silent);
}

#[tokio::test]
async fn reads_that_the_host_gives_up_end_and_hold_up_nothing() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    let mut client = plugin.provider(&host).await;
    let schema = client.get_provider_schema(tfplugin6::get_provider_schema::Request {}).await.unwrap();
    let block = schema.into_inner().data_source_schemas["sfniam_policy"].block.clone().unwrap();
    let definition = slow();
    let read = |timeout: Duration| {
        let mut client = client.clone();
        let config = Some(config(&block, &[("definition", Argument::Text(&definition))]));
        let type_name = "sfniam_policy".to_owned();
        let mut request = tonic::Request::new(tfplugin6::read_data_source::Request { type_name, config });
        request.set_timeout(timeout);
        async move { client.read_data_source(request).await }
    };
    // Far more than there are threads: with a deadline, and given up by the host.
    let mut reads = tokio::task::JoinSet::new();
    for number in 0..40 {
        let read = read(Duration::from_millis(if number % 2 == 0 { 50 } else { 600_000 }));
        reads.spawn(read);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    client.get_metadata(tfplugin6::get_metadata::Request {}).await.unwrap();
    let mut late = 0;
    while let Some(Ok(Err(status))) = reads.try_join_next() {
        assert!(matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded), "{status}");
        late += 1;
    }
    assert!(late > 0, "no deadline passed");
    reads.shutdown().await;
    // Abandoned calls are not waited for.
    let state = read_small(&mut client.clone(), &block).await;
    assert!(state.is_some());
}

/// A definition whose policy takes long to generate.
fn slow() -> String {
    let state = |number: usize| {
        format!(
            r#""S{number}": {{"Type": "Pass", "Output": "{{% $map([1..900], function($v) {{ $map([1..40], function($w) {{ $v * $w + {number} }}) }}) %}}", "Next": "S{}"}}"#,
            number + 1
        )
    };
    let states: Vec<String> = (0..2_000).map(state).collect();
    format!(
        r#"{{"QueryLanguage": "JSONata", "StartAt": "S0", "States": {{{}, "S2000": {{"Type": "Succeed"}}}}}}"#,
        states.join(", ")
    )
}

async fn read_small(
    client: &mut ProviderClient<tonic::transport::Channel>,
    block: &tfplugin6::schema::Block,
) -> Option<tfplugin6::DynamicValue> {
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
    let config = Some(config(block, &[("definition", Argument::Text(definition))]));
    let request = tfplugin6::read_data_source::Request { type_name: "sfniam_policy".to_owned(), config };
    let answer = tokio::time::timeout(Duration::from_secs(5), client.read_data_source(request));
    answer.await.expect("in time").unwrap().into_inner().state
}
