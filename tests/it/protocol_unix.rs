//! The process on Unix: its socket, its signals, and the end of its host.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::support::identity::Identity;
use crate::support::plugin::{Plugin, answers, binary, command, environment};

#[test]
fn the_handshake_line() {
    let plugin = Plugin::start(&Identity::new(1));
    let fields = plugin.fields();
    assert_eq!(fields.len(), 6);
    assert_eq!(fields[..3], ["1", "6", "unix"]);
    assert_eq!(fields[4], "grpc");
    assert!(fields[5].len() > 50 && !fields[5].ends_with('='));

    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let socket = plugin.socket();
    assert_eq!(mode(&socket), 0o600);
    assert_eq!(mode(socket.parent().unwrap()), 0o700);
    assert_eq!(socket.parent().unwrap().parent(), Some(plugin.temporary_directory()));
}

#[test]
fn a_long_temporary_directory_does_not_matter() {
    let deep = tempfile::tempdir().unwrap();
    let deep = deep.path().join("d".repeat(120));
    fs::create_dir(&deep).unwrap();
    let mut shell = Command::new("sh");
    environment(&mut shell);
    // The directory that the tests set for the plugin is a short one.
    let plugin = Plugin::run(shell.args(["-c", r#"TMPDIR="$1" exec "$0""#, &binary()]).arg(&deep));
    assert!(plugin.socket().starts_with("/tmp"));
}

#[tokio::test]
async fn where_there_is_no_socket_there_is_a_port() {
    let host = Identity::new(1);
    let mut command = command();
    command.env("PLUGIN_CLIENT_CERT", host.pem()).env("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent");
    let plugin = Plugin::run(&mut command);
    assert_eq!(plugin.fields()[2], "tcp");
    let port: u16 = plugin.fields()[3].strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    assert!((10000..=25000).contains(&port));
    assert!(answers(plugin.connect(Some(&host)).await.0).await);
    assert!(!answers(plugin.connect_plain().await).await);
}

#[tokio::test]
async fn an_interrupt_is_the_hosts_business() {
    let host = Identity::new(1);
    let plugin = Plugin::start(&host);
    plugin.signal(Signal::INT);
    plugin.signal(Signal::HUP);
    assert!(answers(plugin.connect(Some(&host)).await.0).await);
}

#[test]
fn a_termination_ends_the_process_and_leaves_nothing() {
    let mut plugin = Plugin::start(&Identity::new(1));
    plugin.signal(Signal::TERM);
    assert_eq!(plugin.ended().code(), Some(0));
    assert_eq!(plugin.left_files(), 0);
}

#[test]
fn when_the_host_is_killed_the_plugin_goes_too() {
    let mut host = Command::new("sh");
    environment(&mut host);
    // A shell would become the command that is its last.
    let mut plugin = Plugin::run(host.args(["-c", r#""$0"; exit"#, &binary()]));
    assert_eq!(plugin.left_files(), 1);
    plugin.signal(Signal::KILL);
    assert_eq!(plugin.rest_of_output(), "");
    assert_eq!(plugin.left_files(), 0);
}

#[test]
fn a_quiet_host_gets_no_log() {
    let output = {
        let mut plugin = Plugin::run(command().stderr(Stdio::piped()));
        plugin.signal(Signal::TERM);
        plugin.ended();
        let mut log = String::new();
        plugin.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    };
    assert_eq!(output, "");
}
