//! The process and the ways to install it.

use std::fs;
use std::path::Path;

use crate::cli::Cli;
use crate::configuration::{FUNCTION, calling, data};
use crate::workspace::Workspace;

pub(crate) fn the_host_understands_the_whole_schema(cli: &Cli) {
    let workspace = Workspace::with(cli, &data("it", &calling(FUNCTION), ""));
    let output = workspace.command().args(["providers", "schema", "-json"]).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in ["sfniam_policy", "resource_hint", "findings", "\"markdown\"", "account_id"] {
        assert!(text.contains(expected), "no {expected} in {text}");
    }
}

pub(crate) fn every_process_ends_when_it_is_asked_to(cli: &Cli) {
    let workspace = Workspace::with(cli, &data("it", &calling(FUNCTION), ""));
    let log = workspace.path("log");
    let output =
        workspace.command().arg("plan").env("TF_LOG", "TRACE").env("TF_LOG_PATH", &log).output().unwrap();
    assert!(output.status.success());
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("plugin process exited"), "{log}");
    for bad in ["failed to exit gracefully", "unexpected data", "plugin exited unexpectedly"] {
        let line = log.lines().find(|line| line.contains(bad));
        assert_eq!(line, None);
    }
    #[cfg(target_os = "linux")]
    assert_eq!(workspace.processes(), Vec::<String>::new());
}

pub(crate) fn without_a_mirror_by_dev_overrides(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"));
    let folder = binary.parent().unwrap().display().to_string().replace('\\', "/");
    let settings = format!(
        "provider_installation {{\n  dev_overrides {{\n    \"sfniam/sfniam\" = \"{folder}\"\n  }}\n}}\n"
    );
    fs::write(workspace.path("terraform.rc"), settings).unwrap();
    workspace.rewrite(&data("it", &calling(FUNCTION), ""));
    workspace.run(&["plan"]).expect_success().expect(&["development overrides"]);
}

pub(crate) fn the_lock_file_pins_the_provider(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let lock = fs::read_to_string(workspace.path("work").join(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("version = \"{}\"", env!("CARGO_PKG_VERSION"))), "{lock}");
    assert!(lock.contains("\"h1:"), "{lock}");
    workspace.run(&["init", "-lockfile=readonly"]).expect_success();
    workspace.write(".terraform.lock.hcl", &lock.replace("\"h1:", "\"h1:A"));
    workspace.run(&["init", "-lockfile=readonly"]).expect_failure(&["checksum"]);
}
