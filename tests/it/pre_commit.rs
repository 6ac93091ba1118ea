//! The hooks for pre-commit, over two files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::command::{DEFINITION, KNOWN, folder, printed, run};

const HOOKS: &str = ".pre-commit-hooks.yaml";

/// A definition that AWS rejects, and where.
const WRONG: &str = "StartAt: A\nStates: {A: {Type: Succed}}\n";
const FOUND: &str = "m/b.asl.yaml:2:14: error[invalid-state] States.A: ";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every hook's entry, as pre-commit runs it, with the names of the files that changed.
#[test]
fn the_entries_check_two_files() {
    let hooks = fs::read_to_string(root().join(HOOKS)).expect("the hooks");
    let hooks = sfniam::source::Source::new(hooks, sfniam::source::Format::Yaml).expect("YAML");
    let hooks: Value = serde_json::from_str(hooks.json()).expect("JSON");
    let changed = folder(&[("m/a.asl.json", DEFINITION), ("m/b.asl.yaml", WRONG)]);
    for hook in hooks.as_array().expect("hooks") {
        let entry: Vec<&str> = hook["entry"].as_str().expect("a command").split(' ').collect();
        assert!(["sfniam", "terraform-provider-sfniam"].contains(&entry[0]));
        assert_eq!(hook["files"], r"\.(asl|states)\.(json|ya?ml)$|\.asl$");
        let (text, status) =
            printed(&run(changed.path(), &[&entry[1..], &["m/a.asl.json", "m/b.asl.yaml"]].concat()));
        assert!(text.contains(&format!("\n{FOUND}")), "{text}");
        assert_eq!(status, 1);
        let (_, status) = printed(&run(changed.path(), &[&entry[1..], &["m/a.asl.json"]].concat()));
        assert_eq!(status, 0);
    }
}

/// pre-commit of the PATH, or of the virtual environment that `.ci/run` makes.
fn pre_commit() -> Option<PathBuf> {
    let built = root().join("dist/venv/bin/pre-commit");
    let there = |program: &Path| Command::new(program).arg("--version").output().is_ok();
    let found = [PathBuf::from("pre-commit"), built].into_iter().find(|program| there(program));
    if found.is_none() {
        // Not captured, so that it is seen where tests pass.
        let _ = std::io::stderr()
            .write_all(b"SKIPPED: the hook in pre-commit, because there is no pre-commit on the PATH.\n");
    }
    found
}

/// Runs a program in a folder, with `sfniam` on the PATH, and nothing of the user's own settings.
fn with_program(program: &Path, folder: &Path, tools: &Path, arguments: &[&str]) -> Output {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([tools.to_owned()].into_iter().chain(std::env::split_paths(&path)));
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("PATH", path.expect("a PATH"))
        .env("HOME", tools)
        .env("PRE_COMMIT_HOME", tools.join("cache"))
        .env("GIT_CONFIG_GLOBAL", tools.join("gitconfig"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// As a user has it: a repository with the hook of a release, and two files that are about to be committed.
#[cfg(unix)]
#[test]
fn pre_commit_runs_the_hook_over_two_files() {
    let Some(pre_commit) = pre_commit() else { return };
    let tools = folder(&[(
        "gitconfig",
        "[user]\nname = t\nemail = t@example.com\n[init]\ndefaultBranch = main\n[protocol \"file\"]\nallow = always\n",
    )]);
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_terraform-provider-sfniam"), tools.path().join("sfniam"))
        .expect("a link");
    let git = |at: &Path, arguments: &[&str]| {
        let output = with_program(Path::new("git"), at, tools.path(), arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    // What pre-commit fetches of the release.
    let release = folder(&[(HOOKS, &fs::read_to_string(root().join(HOOKS)).expect("the hooks"))]);
    git(release.path(), &["init", "--quiet"]);
    git(release.path(), &["add", "--all"]);
    git(release.path(), &["commit", "--quiet", "--message", "The hooks"]);
    git(release.path(), &["tag", "v1"]);
    let config = format!(
        "repos:\n- repo: {}\n  rev: v1\n  hooks:\n  - id: sfniam-check\n    args: [--fail-on, error]\n",
        release.path().display()
    );
    let changed = folder(&[
        (".pre-commit-config.yaml", &config),
        ("m/a.asl.json", KNOWN),
        ("m/b.asl.yaml", WRONG),
        ("m/notes.yaml", "not: a definition\n"),
    ]);
    git(changed.path(), &["init", "--quiet"]);
    git(changed.path(), &["add", "--all"]);
    let commit = || {
        let output = with_program(&pre_commit, changed.path(), tools.path(), &["run", "--color", "never"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said + &String::from_utf8_lossy(&output.stderr))
    };
    let (status, said) = commit();
    assert!(status == Some(1) && said.contains("- exit code: 1") && said.contains(FOUND), "{said}");
    assert!(said.contains("m/a.asl.json:") && !said.contains("notes.yaml"), "{said}");
    // A mended file can be committed.
    fs::write(changed.path().join("m/b.asl.yaml"), WRONG.replace("Succed", "Succeed")).expect("the file");
    git(changed.path(), &["add", "--all"]);
    let (status, said) = commit();
    assert!(status == Some(0) && said.contains("Passed"), "{said}");
}
