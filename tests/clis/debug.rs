//! `--debug`: a provider that waits for hosts, which learn its address from a variable.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::cli::Cli;
use crate::workspace::{Workspace, binary};

/// A provider that was started by hand, and the value that it prints for `TF_REATTACH_PROVIDERS`.
struct Provider {
    child: Child,
    setting: String,
    folder: TempDir,
}

impl Provider {
    fn start(flag: &str) -> Provider {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(binary());
        command.arg(flag).env_clear().env("TMPDIR", folder.path());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("TF_REATTACH_PROVIDERS=")).expect("the setting");
        let setting =
            line.trim().strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
        Provider { child, setting: setting.expect("a setting in quotes").to_owned(), folder }
    }

    /// Ends it as a person does.
    fn interrupt(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        assert!(self.child.wait().unwrap().success());
        assert_eq!(fs::read_dir(self.folder.path()).unwrap().count(), 0, "it leaves its socket");
    }
}

pub(crate) fn hosts_attach_to_a_provider_that_waits_for_them(cli: &Cli) {
    let workspace = Workspace::with(
        cli,
        r#"
data "sfniam_policy" "it" {
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Succeed" } } })
}
output "policy" { value = data.sfniam_policy.it.json }
"#,
    );
    for flag in ["--debug", "-debug"] {
        let provider = Provider::start(flag);
        let setting = provider.setting.clone();
        let run = |arguments: &[&str]| {
            let mut command = workspace.command();
            command.env("TF_REATTACH_PROVIDERS", &setting).args(arguments).arg("-no-color");
            command.output().unwrap()
        };
        for arguments in [&["validate"][..], &["apply", "-auto-approve"], &["plan", "-detailed-exitcode"]] {
            let output = run(arguments);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(workspace.output("policy").contains("Statement"));
        provider.interrupt();
        // This process answered.
        assert!(!run(&["plan"]).status.success());
    }
}
