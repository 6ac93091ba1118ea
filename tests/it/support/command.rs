//! `check` as a person or a pipeline runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs `check` in a folder.
pub(crate) fn check(folder: &Path, arguments: &[&str]) -> Output {
    run(folder, &[&["check"], arguments].concat())
}

/// Runs the program in a folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
        .env_clear()
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program")
}

/// What a run prints, and its exit status.
pub(crate) fn printed(output: &Output) -> (String, i32) {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    (text, output.status.code().expect("an exit status"))
}

/// What a run prints on standard error, and its exit status.
pub(crate) fn said(output: &Output) -> (String, i32) {
    let text = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    (text, output.status.code().expect("an exit status"))
}

/// The findings of a run, and its exit status.
pub(crate) fn findings(folder: &Path, arguments: &[&str]) -> (Vec<Value>, i32) {
    let output = check(folder, &[arguments, &["--format", "json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let findings = report["findings"].as_array().expect("findings").clone();
    (findings, output.status.code().expect("an exit status"))
}

/// A member of each finding.
pub(crate) fn each<'f>(findings: &'f [Value], member: &str) -> Vec<&'f str> {
    findings.iter().map(|finding| finding[member].as_str().expect("a text")).collect()
}

/// A folder with files.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(path, text).expect("the file");
    }
    folder
}

/// A machine of one task that publishes to a topic that is known only at run time.
pub(crate) const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
  "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "m"}}}}"#;

/// The same with a topic that is known.
pub(crate) const KNOWN: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
  "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m"}}}}"#;

pub(crate) const PLACE: [&str; 4] = ["--region", "eu-west-1", "--account-id", "111122223333"];
