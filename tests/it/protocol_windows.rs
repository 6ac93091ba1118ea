//! The process on Windows: a port of the loopback address, and the end of its host.

use std::process::Command;

use crate::support::identity::Identity;
use crate::support::plugin::{Plugin, binary, environment};

#[test]
fn the_handshake_line() {
    let plugin = Plugin::start(&Identity::new(1));
    let fields = plugin.fields();
    assert_eq!(fields[..3], ["1", "6", "tcp"]);
    let port: u16 = fields[3].strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    assert!((10000..=25000).contains(&port));
    assert_eq!(fields[4], "grpc");
    assert!(fields[5].len() > 50 && !fields[5].ends_with('='));
}

#[test]
fn when_the_host_is_killed_the_plugin_goes_too() {
    let mut host = Command::new("cmd");
    environment(&mut host);
    let mut plugin = Plugin::run(host.args(["/D", "/C", &binary()]));
    plugin.child.kill().unwrap();
    assert_eq!(plugin.rest_of_output(), "");
}
