//! What is handed on: a data source to a module, a state to the other tool, the provider to a lock file.

use std::fs;

use crate::cli::Cli;
use crate::configuration::{FUNCTION, calling, data};
use crate::workspace::{REQUIRED, Workspace};

fn one() -> String {
    data("it", &calling(FUNCTION), "")
}

/// With `-detailed-exitcode`, a plan with changes fails.
#[track_caller]
fn changes_nothing(workspace: &Workspace) {
    workspace.run(&["plan", "-detailed-exitcode"]).expect_success();
}

pub(crate) fn a_data_source_moves_into_a_module(cli: &Cli) {
    let workspace = Workspace::with(cli, &one());
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    workspace.write("module/main.tf", &format!("{REQUIRED}{}", one()));
    let moved = "moved {\n  from = data.sfniam_policy.it\n  to   = module.there.data.sfniam_policy.it\n}\n";
    workspace.rewrite(&format!("module \"there\" {{\n  source = \"./module\"\n}}\n{moved}"));
    workspace.run(&["init", "-input=false"]).expect_success();
    changes_nothing(&workspace);
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let listed = workspace.command().args(["state", "list"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "module.there.data.sfniam_policy.it");
    changes_nothing(&workspace);
}

pub(crate) fn the_lock_file_is_made_from_a_mirror(cli: &Cli) {
    let workspace = Workspace::with(cli, "");
    let lock = || fs::read_to_string(workspace.path("work/.terraform.lock.hcl")).unwrap();
    let made = lock();
    fs::remove_file(workspace.path("work/.terraform.lock.hcl")).unwrap();
    let mirror = format!("-fs-mirror={}", workspace.path("mirror").display());
    workspace.run(&["providers", "lock", &mirror]).expect_success();
    assert!(lock().contains("\"h1:") && made.contains("\"h1:"), "{}", lock());
    workspace.run(&["init", "-input=false", "-lockfile=readonly"]).expect_success();
    // The mirror has the provider for this platform alone.
    workspace
        .run(&["providers", "lock", &mirror, "-platform=plan9_mips"])
        .expect_failure(&["not available for plan9_mips"]);
}

/// Each tool takes the state of the one before, and gives it back to the first.
pub(crate) fn a_state_passes_from_tool_to_tool(tools: &[Cli]) {
    let output = "output \"policy\" {\n  value = data.sfniam_policy.it.json\n}\n";
    let [first, others @ ..] = tools else { return };
    let mut workspace = Workspace::with(first, &format!("{}{output}", one()));
    workspace.run(&["apply", "-auto-approve"]).expect_success();
    let policy = workspace.output("policy");
    for tool in others.iter().chain([first]) {
        workspace.hand_to(tool);
        workspace.run(&["init", "-input=false"]).expect_success();
        changes_nothing(&workspace);
        workspace.run(&["apply", "-auto-approve"]).expect_success();
        // Now the state names the provider in this tool's registry.
        workspace.run(&["show"]).expect_success().expect(&["data.sfniam_policy.it"]);
        assert_eq!(workspace.output("policy"), policy, "{}", tool.label());
        changes_nothing(&workspace);
    }
}
