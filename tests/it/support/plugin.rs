//! A host's side: starts the real binary, reads its line, and calls it over its socket.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Read};
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

use super::identity::{Identity, client_config};

/// Clients for `proto/tfplugin6.proto`.
#[expect(
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    reason = "generated"
)]
#[allow(dead_code, reason = "the messages that only hold others are never made")]
pub(crate) mod tfplugin6 {
    include!(concat!(env!("OUT_DIR"), "/clients/tfplugin6.rs"));
}

/// Clients for `proto/plugin.proto`.
#[expect(
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    reason = "generated"
)]
#[allow(dead_code, reason = "the messages that only hold others are never made")]
pub(crate) mod controller {
    include!(concat!(env!("OUT_DIR"), "/clients/plugin.rs"));
}

use controller::grpc_controller_client::GrpcControllerClient;
use tfplugin6::DynamicValue;
use tfplugin6::provider_client::ProviderClient;
use tfplugin6::schema::Block;

/// The executable under test: the one that was built with the tests, or that of `SFNIAM_EXECUTABLE`, which
/// may be for another platform and wrapped in what runs it.
pub(crate) fn binary() -> String {
    env::var("SFNIAM_EXECUTABLE")
        .unwrap_or_else(|_| env!("CARGO_BIN_EXE_terraform-provider-sfniam").to_owned())
}

pub(crate) const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A running plugin with a temporary directory of its own.
pub(crate) struct Plugin {
    /// The process that was started: the plugin, or what starts the plugin.
    pub(crate) child: Child,
    /// The handshake line without its end.
    pub(crate) line: String,
    stdout: Option<BufReader<ChildStdout>>,
    directory: TempDir,
}

/// A connection to a plugin.
pub(crate) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

/// The plugin as a host starts it, except that it has no certificate yet.
pub(crate) fn command() -> Command {
    let mut command = Command::new(binary());
    environment(&mut command);
    command
}

/// Sets the variables that a host sets, and no others.
pub(crate) fn environment(command: &mut Command) {
    command
        .env_clear()
        .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    // Without it a program of Windows finds neither sockets nor random numbers.
    if let Some(folder) = env::var_os("SystemRoot") {
        command.env("SystemRoot", folder);
    }
}

impl Plugin {
    /// Starts the plugin for a host with that identity.
    pub(crate) fn start(host: &Identity) -> Self {
        Self::run(command().env("PLUGIN_CLIENT_CERT", host.pem()))
    }

    /// Runs a command and reads the handshake line from it.
    pub(crate) fn run(command: &mut Command) -> Self {
        Self::run_or_end(command).expect("no handshake line")
    }

    /// The same; `None` if the command ends without the line.
    pub(crate) fn run_or_end(command: &mut Command) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut child = command.env("TMPDIR", directory.path()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let line = line.strip_suffix('\n').map(str::to_owned);
        if line.is_none() {
            child.wait().unwrap();
        }
        Some(Self { child, line: line?, stdout: Some(stdout), directory })
    }

    /// The fields of the handshake line.
    pub(crate) fn fields(&self) -> Vec<&str> {
        self.line.split('|').collect()
    }

    /// The path of the socket.
    #[cfg(unix)]
    pub(crate) fn socket(&self) -> PathBuf {
        PathBuf::from(self.fields()[3])
    }

    /// Where the plugin makes the directory for its socket.
    #[cfg(unix)]
    pub(crate) fn temporary_directory(&self) -> &Path {
        self.directory.path()
    }

    /// Connects without TLS.
    pub(crate) async fn connect_plain(&self) -> Box<dyn Bytes> {
        self.try_connect_plain().await.unwrap()
    }

    async fn try_connect_plain(&self) -> std::io::Result<Box<dyn Bytes>> {
        let fields = self.fields();
        match fields[2] {
            #[cfg(unix)]
            "unix" => Ok(Box::new(UnixStream::connect(fields[3]).await?)),
            _ => Ok(Box::new(TcpStream::connect(fields[3]).await?)),
        }
    }

    /// Connects with TLS, and says which protocol was agreed on. In TLS 1.3 a client does not learn here
    /// whether it was accepted, but from its first call.
    pub(crate) async fn connect(&self, identity: Option<&Identity>) -> (Box<dyn Bytes>, Option<Vec<u8>>) {
        let certificate = STANDARD_NO_PAD.decode(self.fields()[5]).unwrap();
        let connector = TlsConnector::from(Arc::new(client_config(&certificate, identity)));
        let name = ServerName::try_from("localhost").unwrap();
        let stream = connector.connect(name, self.connect_plain().await).await.unwrap();
        let protocol = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        (Box::new(stream), protocol)
    }

    /// Connects as that host; fails if the plugin is gone.
    #[cfg(target_os = "linux")]
    pub(crate) async fn try_connect(&self, host: &Identity) -> std::io::Result<Box<dyn Bytes>> {
        let certificate = STANDARD_NO_PAD.decode(self.fields()[5]).unwrap();
        let connector = TlsConnector::from(Arc::new(client_config(&certificate, Some(host))));
        let name = ServerName::try_from("localhost").unwrap();
        let stream = self.try_connect_plain().await?;
        Ok(Box::new(connector.connect(name, stream).await?))
    }

    /// A channel for calls as that host.
    pub(crate) async fn channel(&self, host: &Identity) -> Channel {
        channel(self.connect(Some(host)).await.0).await.unwrap()
    }

    /// A client of the provider as that host. It takes answers of any size.
    pub(crate) async fn provider(&self, host: &Identity) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel(host).await).max_decoding_message_size(usize::MAX)
    }

    /// Sends a signal to the process that was started.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until the process that was started has ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the plugin does not end");
            thread::sleep(PAUSE);
        }
    }

    /// Waits until every process that has the plugin's output has ended, and returns what they wrote after
    /// the line.
    pub(crate) fn rest_of_output(&mut self) -> String {
        let mut stdout = self.stdout.take().unwrap();
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut rest = String::new();
            let result = stdout.read_to_string(&mut rest);
            sender.send(result.map(|_| rest))
        });
        receiver.recv_timeout(PATIENCE).expect("the plugin does not end").unwrap()
    }

    /// The plugin's files that still exist.
    pub(crate) fn left_files(&self) -> usize {
        std::fs::read_dir(self.directory.path()).unwrap().count()
    }
}

/// Ends the plugin, so that it removes its socket, and does not rely on that.
impl Drop for Plugin {
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        // The ID of a process that has ended may belong to another one.
        if matches!(self.child.try_wait(), Ok(None)) {
            #[cfg(unix)]
            let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
            #[cfg(not(unix))]
            let _ = self.child.kill();
        }
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(PAUSE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How long a test waits for what should take milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_millis(2);

/// A channel over an existing connection.
pub(crate) async fn channel(stream: Box<dyn Bytes>) -> Result<Channel, tonic::transport::Error> {
    let mut stream = Some(TokioIo::new(stream));
    let connector = tower::service_fn(move |_: tonic::codegen::http::Uri| {
        let stream = stream.take().ok_or_else(|| std::io::Error::other("the connection is used up"));
        async move { stream }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(connector).await
}

/// Whether calls over a connection are answered.
pub(crate) async fn answers(stream: Box<dyn Bytes>) -> bool {
    let Ok(channel) = channel(stream).await else { return false };
    let request = tfplugin6::get_provider_schema::Request {};
    ProviderClient::new(channel).get_provider_schema(request).await.is_ok()
}

/// The configuration of a block as a host sends it: all attributes, null but for those given, and no nested
/// blocks.
pub(crate) fn config(block: &Block, given: &[(&str, Argument<'_>)]) -> DynamicValue {
    let mut members = BTreeMap::new();
    for attribute in &block.attributes {
        members.insert(attribute.name.as_str(), vec![0xc0]);
    }
    for nested in &block.block_types {
        members.insert(nested.type_name.as_str(), vec![0x90]);
    }
    for (name, argument) in given {
        let mut value = Vec::new();
        match argument {
            Argument::Text(text) => rmp::encode::write_str(&mut value, text).unwrap(),
            Argument::Unknown => value.extend([0xc7, 3, 0x0c, 0x81, 1, 0xc2]),
        }
        *members.get_mut(name).expect("the schema has no such attribute") = value;
    }
    let mut msgpack = Vec::new();
    rmp::encode::write_map_len(&mut msgpack, members.len().try_into().unwrap()).unwrap();
    for (name, value) in members {
        rmp::encode::write_str(&mut msgpack, name).unwrap();
        msgpack.extend(value);
    }
    DynamicValue { msgpack, json: Vec::new() }
}

/// The value of an argument.
pub(crate) enum Argument<'a> {
    Text(&'a str),
    /// Not known yet, but known not to be null.
    Unknown,
}

/// Ends the plugin as hosts do: the answer may be lost with the connection.
pub(crate) async fn shut_down(channel: Channel) {
    let answer = GrpcControllerClient::new(channel).shutdown(controller::Empty {}).await;
    assert!(!matches!(answer, Err(ref status) if status.code() == Code::Unimplemented), "{answer:?}");
}

/// The fields that contain the diagnostics of an answer, whatever call it answers.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Answer {
    #[prost(bytes = "vec", repeated, tag = "1")]
    first: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "2")]
    second: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "3")]
    third: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "4")]
    fourth: Vec<Vec<u8>>,
}

impl Answer {
    pub(crate) fn says(&self, text: &str) -> bool {
        let mut fields = [&self.first, &self.second, &self.third, &self.fourth].into_iter().flatten();
        fields.any(|field| String::from_utf8_lossy(field).contains(text))
    }
}

/// Calls a method of the provider by its name, with an empty request.
pub(crate) async fn call_by_name(channel: Channel, rpc: &str) -> Result<Answer, Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<controller::Empty, Answer>::default();
    let path = tonic::codegen::http::uri::PathAndQuery::try_from(format!("/tfplugin6.Provider/{rpc}"));
    let request = tonic::Request::new(controller::Empty {});
    client.unary(request, path.unwrap(), codec).await.map(tonic::Response::into_inner)
}

/// Calls a method that is in no `.proto` of ours.
pub(crate) async fn call_unknown_method(channel: Channel, path: &'static str) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<controller::Empty, controller::Empty>::default();
    let path = tonic::codegen::http::uri::PathAndQuery::from_static(path);
    client.unary(tonic::Request::new(controller::Empty {}), path, codec).await.map(|_| ())
}
