//! `check` on the command line.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::support::command::{DEFINITION, PLACE, check, folder, printed, said};
use crate::support::{all, compare_or_bless, files, tests_folder};

/// A line and a column of a file, and what is there.
fn marked(text: &str, line: u64, column: u64, end: (u64, u64)) -> String {
    let at = |number: u64| usize::try_from(number).expect("a position");
    let (line, column) = (at(line), at(column));
    let own = text.split('\n').nth(line - 1).unwrap_or_default();
    let end = if at(end.0) == line { at(end.1) } else { own.chars().count() + 1 };
    own.chars().skip(column - 1).take(end - column).collect()
}

/// The findings of `tests/check/places`, each with what is at its place in the file.
#[test]
fn findings_are_at_the_members_that_they_are_about() {
    let folder = tests_folder().join("check/places");
    let inputs =
        files(&folder, "").into_iter().filter(|path| path.extension().is_some_and(|end| end != "txt"));
    all(inputs.map(|path| {
        let name = path.file_name().expect("a name").to_str().expect("UTF-8");
        let text = fs::read_to_string(&path).expect("the file");
        let output = check(&folder, &[&PLACE[..], &["--format", "json", name]].concat());
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let number = |finding: &Value, member: &str| finding[member].as_u64().expect("a number");
        let line = |finding: &Value| {
            let (line, column) = (number(finding, "line"), number(finding, "column"));
            let there =
                marked(&text, line, column, (number(finding, "end_line"), number(finding, "end_column")));
            let [severity, code, message] =
                ["severity", "code", "message"].map(|member| finding[member].as_str().expect("a text"));
            format!("{line}:{column} {severity}[{code}] at `{there}`: {message}\n")
        };
        let lines: String = report["findings"].as_array().expect("findings").iter().map(line).collect();
        compare_or_bless(&path.with_file_name(format!("{name}.txt")), &lines)
    }));
}

#[test]
fn what_a_value_causes_is_at_its_token() {
    let definition = DEFINITION.replace("sns:publish", "sns:${Api}");
    let folder = folder(&[("a.asl.json", &definition)]);
    let run = |api: &str| {
        let values = format!(r#"{{"Api": "{api}"}}"#);
        printed(&check(folder.path(), &["a.asl.json", "--definition-substitutions", &values]))
    };
    let (text, status) = run("publsh");
    assert!(text.starts_with("a.asl.json:2:37: error[unknown-api] States.A: "), "{text}");
    assert_eq!(status, 1);
    assert_eq!(run("publish").1, 0);
    let (text, _) = printed(&check(folder.path(), &["a.asl.json", "--definition-substitutions", "{}"]));
    assert!(text.starts_with("a.asl.json:2:37: error[missing-substitution] "), "{text}");
}

#[test]
fn a_broken_text_is_at_its_place_although_tokens_are_replaced_before() {
    let folder = folder(&[("a.asl.json", "{\"Comment\": \"${A}${B}\", ${C} 1}")]);
    let values = r#"{"A": "a long value with \"quotes\"", "B": "", "C": "ü"}"#;
    let (text, _) = printed(&check(folder.path(), &["a.asl.json", "--definition-substitutions", values]));
    assert!(text.starts_with("a.asl.json:1:25: error[invalid-json]"), "{text}");
}

#[test]
fn exit_statuses() {
    let folder = folder(&[("a.asl.json", DEFINITION), ("none/readme.md", "x"), ("b.json", "{}")]);
    let status = |arguments: &[&str]| check(folder.path(), arguments).status.code().expect("a status");
    for (fail_on, expected) in [
        ("error", 0),
        ("warning", 1),
        ("info", 1),
        ("unresolved-resource", 1),
        ("left-over-token, unresolved-resource", 1),
        ("left-over-token", 0),
        ("error,left-over-token", 0),
    ] {
        assert_eq!(status(&["a.asl.json", "--fail-on", fail_on]), expected, "{fail_on}");
    }
    assert_eq!(status(&["a.asl.json"]), 0);
    assert_eq!(status(&["b.json"]), 1);
    assert_eq!(status(&["a.asl.json", "--on-finding", r#"{"unresolved-resource": "error"}"#]), 1);
    for wrong in [
        &[][..],
        &["missing.asl.json"],
        &["none"],
        &["a.asl.json", "--fail-on", "everything"],
        &["a.asl.json", "--fail-on", ""],
        &["a.asl.json", "--format", "xml"],
        &["a.asl.json", "--region", "Ireland"],
        &["a.asl.json", "--no-such-option"],
    ] {
        assert_eq!(status(wrong), 2, "{wrong:?}");
    }
    let (text, _) = said(&check(folder.path(), &["a.asl.json", "--fail-on", "unresolved-resourse"]));
    assert!(text.ends_with("Did you mean \"unresolved-resource\"?\n"), "{text}");
}

#[test]
fn folders_have_definitions_by_name() {
    let folder = folder(&[
        ("m/a.asl.json", DEFINITION),
        ("m/deep/b.ASL.yaml", "StartAt: A"),
        ("m/c.states.yml", "StartAt: A"),
        ("m/d.asl", DEFINITION),
        ("m/e.json", "{}"),
        ("m/.terraform/f.asl.json", "{}"),
        ("m/node_modules/g.asl.json", "{}"),
        ("m/package.json", "{}"),
    ]);
    let (text, _) =
        printed(&check(folder.path(), &["m", "m/a.asl.json", "--format", "json", "--fail-on", "info"]));
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["files"], 4);
    let mut names: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|one| one["file"].as_str())
        .collect();
    names.dedup();
    assert_eq!(names, ["m/a.asl.json", "m/c.states.yml", "m/d.asl", "m/deep/b.ASL.yaml"]);
}

/// A pipe, and a path that is printed relative to the working directory however it is given.
#[test]
fn names_of_files_are_those_of_the_repository() {
    let folder = folder(&[("m/a.asl.json", "{}")]);
    let absolute = folder.path().canonicalize().expect("the folder").join("m/a.asl.json");
    for path in ["m/a.asl.json", "./m/a.asl.json", absolute.to_str().expect("UTF-8")] {
        let (text, _) = printed(&check(folder.path(), &[path]));
        assert!(text.starts_with("m/a.asl.json:1:1: error[invalid-workflow]"), "{text}");
    }
}

/// What `check` prints of a path when a text is piped into it, and its exit status.
fn piped(path: &str, text: &str) -> (String, i32) {
    use std::io::Write as _;
    use std::process::Stdio;

    let mut child = Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
        .args(["check", path])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("the pipe");
    printed(&child.wait_with_output().expect("its end"))
}

/// As a shell gives the output of another command: `check <(command)`.
#[cfg(unix)]
#[test]
fn a_pipe_is_read_like_a_file() {
    let (told, status) = piped("/dev/stdin", "{\n \"States\": []}");
    assert!(told.starts_with("/dev/stdin:2:2: error["), "{told}");
    assert_eq!(status, 1);
    let help =
        Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam")).args(["check", "--help"]).output();
    assert!(printed(&help.expect("the program")).0.contains("plans from \"terraform show -json\""));
}

#[test]
fn standard_input_is_json_or_yaml() {
    for (text, place) in [("{\n \"States\": []}", "<stdin>:2:2: "), ("# x\nStates: []\n", "<stdin>:2:1: ")] {
        let (told, status) = piped("-", text);
        assert!(told.starts_with(place), "{told}");
        assert_eq!(status, 1);
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_and_files_that_cannot_be_read() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[("m/a.asl.json", DEFINITION), ("m/deep/b.asl.json", DEFINITION)]);
    let root = folder.path().join("m");
    symlink("..", root.join("deep/up")).expect("a link");
    symlink("self.asl.json", root.join("self.asl.json")).expect("a link");
    symlink("nowhere.asl.json", root.join("gone.asl.json")).expect("a link");
    fs::write(root.join("latin.asl.json"), b"{\"Comment\": \"\xe4\"}").expect("the file");
    let (text, status) = printed(&check(folder.path(), &["m"]));
    assert_eq!(status, 1, "{text}");
    let errors: Vec<&str> = text.lines().filter(|line| line.contains("error[unreadable-file]")).collect();
    assert_eq!(errors.len(), 3, "{text}");
    assert!(errors[0].starts_with("m/gone.asl.json:1:1: "), "{text}");
    assert!(
        errors[1].contains("m/latin.asl.json:1:1: error[unreadable-file] The file is not UTF-8"),
        "{text}"
    );
    assert!(errors[2].starts_with("m/self.asl.json:1:1: "), "{text}");
    assert!(text.contains("\nm/deep/b.asl.json:"), "{text}");
    assert!(!text.contains("/up/"), "{text}");
}

/// `policy` and `explain` report findings as `check` does, and accept several files.
#[test]
fn policies_of_several_files() {
    let folder =
        folder(&[("a.asl.json", DEFINITION), ("b.asl.yaml", "StartAt: A\nStates: {A: {Type: Succeed}}\n")]);
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
            .current_dir(folder.path())
            .args(arguments)
            .output()
            .expect("the program")
    };
    let output = run(&["policy", "a.asl.json", "b.asl.yaml"]);
    let policies: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(policies["a.asl.json"]["Statement"][0]["Action"][0], "sns:Publish");
    assert_eq!(policies["b.asl.yaml"]["Statement"][0]["Effect"], "Deny");
    let (text, status) = said(&output);
    assert!(text.contains("a.asl.json:2:62: warning[unresolved-resource] States.A: "), "{text}");
    assert_eq!(status, 0);
    let alone = run(&["policy", "b.asl.yaml"]);
    assert_eq!(serde_json::from_slice::<Value>(&alone.stdout).expect("JSON"), policies["b.asl.yaml"]);
    let (text, _) = printed(&run(&["explain", "a.asl.json", "b.asl.yaml"]));
    assert!(text.starts_with("a.asl.json\n\nStatement 0: ") && text.contains("\nb.asl.yaml\n\n"), "{text}");
    let (text, _) = printed(&run(&["explain", "--format", "markdown", "a.asl.json", "b.asl.yaml"]));
    assert!(text.starts_with("### a.asl.json\n\n| Statement"), "{text}");
    let output = run(&["explain", "--format", "json", "a.asl.json", "b.asl.yaml"]);
    let rows: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(rows["a.asl.json"][0]["integration"], "sns:publish");
    let (text, status) = said(&run(&["policy", "a.asl.json", "missing.asl.json"]));
    assert!(text.contains("missing.asl.json:1:1: error[unreadable-file] "), "{text}");
    assert_eq!(status, 1);
}
