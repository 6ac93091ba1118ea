//! The commands of Terraform and OpenTofu beside plan and apply, and their messages about blocks that the
//! provider does not have.

use std::io::Write;
use std::process::Stdio;

use crate::cli::{Cli, Feature};
use crate::configuration::{FUNCTION, calling, data};
use crate::workspace::Workspace;

fn one() -> String {
    data("it", &calling(FUNCTION), "")
}

pub(crate) fn every_command_takes_the_data_source(cli: &Cli) {
    let output = "output \"policy\" {\n  value = data.sfniam_policy.it.json\n}\n";
    let workspace = Workspace::with(cli, &format!("{}{output}", one()));
    let does = |arguments: &[&str]| {
        let done = workspace.command().args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
        said
    };
    assert!(does(&["plan", "-json"]).lines().all(|line| line.starts_with('{')));
    assert!(does(&["apply", "-json", "-auto-approve"]).lines().all(|line| line.starts_with('{')));
    assert!(does(&["output", "-json"]).contains("lambda:InvokeFunction"));
    assert!(does(&["graph"]).contains("sfniam_policy"));
    assert!(does(&["show", "-json"]).contains("lambda:InvokeFunction"));
    assert_eq!(does(&["state", "list"]).trim(), "data.sfniam_policy.it");
    assert!(does(&["state", "show", "-no-color", "data.sfniam_policy.it"]).contains("is_empty"));
    for more in ["-refresh-only", "-refresh=false"] {
        does(&["plan", more, "-detailed-exitcode"]);
    }
    does(&["state", "mv", "data.sfniam_policy.it", "data.sfniam_policy.moved"]);
    does(&["state", "rm", "data.sfniam_policy.moved"]);
    does(&["plan", "-detailed-exitcode"]);
    does(&["destroy", "-auto-approve"]);
}

pub(crate) fn the_console_reads_the_data_source(cli: &Cli) {
    let workspace = Workspace::with(cli, &one());
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let mut console = workspace
        .command()
        .arg("console")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    console.stdin.take().unwrap().write_all(b"data.sfniam_policy.it.is_empty\n").unwrap();
    let done = console.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "false", "{done:?}");
}

pub(crate) fn what_the_provider_does_not_have_is_an_error(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let provider = |body: &str| format!("provider \"sfniam\" {{\n  {body}\n}}\n{}", one());
    let mut cases: Vec<(String, &[&str])> = vec![
        (provider("regoin = \"eu-west-1\""), &["Unsupported argument", "Did you mean \"region\"?"]),
        (provider("hint {\n  }"), &["Unsupported block type"]),
        (provider("region = []"), &["region", "string required"]),
        (provider("region = \"eu-wset-1\""), &["Not a region", "Did you mean \"eu-west-1\"?"]),
        (format!("provider \"sfniam\" {{\n}}\n{}", provider("")), &["Duplicate provider configuration"]),
        ("resource \"sfniam_policy\" \"it\" {\n}\n".to_owned(), &["sfniam_policy"]),
        ("data \"sfniam_polcy\" \"it\" {\n}\n".to_owned(), &["sfniam_polcy"]),
    ];
    if cli.can(Feature::Ephemeral) {
        cases.push(("ephemeral \"sfniam_policy\" \"it\" {\n}\n".to_owned(), &["sfniam_policy"]));
    }
    for (configuration, saying) in cases {
        workspace.rewrite(&configuration);
        workspace.run(&["validate"]).expect_failure(saying);
    }
    // There is nothing to import, and the message does not speak of the protocol.
    if cli.can(Feature::ImportBlocks) {
        workspace.rewrite("import {\n  to = sfniam_policy.it\n  id = \"x\"\n}\n");
        let done = workspace.run(&["plan", "-generate-config-out=made.tf"]);
        assert!(!done.success && done.text.contains("sfniam_policy"), "{}", done.text);
        assert_eq!(done.count("not supported by this plugin"), 0, "{}", done.text);
    }
}
