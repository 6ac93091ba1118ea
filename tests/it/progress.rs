//! The progress of runs over many files, which only a terminal is shown.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::command::{DEFINITION, folder, run};

/// Both ends of a new terminal: that of the person, and that of the program.
fn terminal() -> (File, File) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&person).expect("it may be opened");
    unlockpt(&person).expect("it can be opened");
    let name = ptsname(&person, Vec::new()).expect("its name").into_string().expect("UTF-8");
    let program = OpenOptions::new().read(true).write(true).open(name).expect("its other end");
    (person.into(), program)
}

/// What the program writes to the terminal that is its standard error.
fn shown(folder: &Path, arguments: &[&str]) -> String {
    let (mut person, program) = terminal();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        let mut bytes = [0; 1024];
        // The system answers with an error, not with an end, when the other end is closed.
        while let Ok(count @ 1..) = person.read(&mut bytes) {
            text.extend(&bytes[..count]);
        }
        String::from_utf8(text).expect("UTF-8")
    });
    Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
        .env_clear()
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::from(program))
        .status()
        .expect("it runs");
    reader.join().expect("it reads")
}

/// Definitions in a folder.
fn definitions(count: usize) -> tempfile::TempDir {
    let names: Vec<String> = (0..count).map(|number| format!("{number}.asl.json")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), DEFINITION)).collect();
    folder(&files)
}

#[test]
fn a_terminal_shows_how_many_files_are_done_and_is_clean_after_that() {
    let many = definitions(40);
    let text = shown(many.path(), &["check", "."]);
    let (progress, rest) = text.rsplit_once("\r\u{1b}[K").expect("the line is erased");
    assert_eq!(rest, "", "{text:?}");
    let done: Vec<usize> = progress
        .split('\r')
        .skip(1)
        .map(|line| line.strip_suffix(" of 40 files").expect("a count").parse().expect("a number"))
        .collect();
    assert!(done.is_sorted() && done.last() == Some(&40), "{done:?}");
}

#[test]
fn few_files_and_what_is_no_terminal_show_no_progress() {
    let few = definitions(19);
    assert_eq!(shown(few.path(), &["check", "."]), "");
    let many = definitions(40);
    let output = run(many.path(), &["check", "."]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
