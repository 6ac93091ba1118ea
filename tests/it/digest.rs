//! The digest of every answer: a line for each case and mode with a short hash of each attribute. A commit
//! that means to change no behaviour changes no line of `tests/digest.txt`; one that does shows in its lines
//! which answers it changes, and in which attributes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use sfniam::integrations::SERVICES;
use sfniam::permissions::Mode;
use sfniam::protocol::Provider;
use sfniam::protocol::diagnostic::{Diagnostic, Severity, Step};
use sfniam::protocol::schema::Usage;
use sfniam::protocol::value::Value;
use sfniam::provider::{DATA_SOURCE, Sfniam};
use sfniam::work::Cancel;
use sha2::{Digest, Sha256};

use crate::support::arguments::{arguments, arguments_of, json};
use crate::support::composed::{Composer, tasks};
use crate::support::flowing::flowing;
use crate::support::{bless, case_name, files, tests_folder};

/// What changes with the date of AWS's data.
const LEFT_OUT: &[&str] = &["catalog_date"];

/// How many random machines of each kind, and how many of them share a line.
const MACHINES: u64 = 300;
const MACHINES_A_LINE: u64 = 10;

/// The names of the differences that a failure shows for each attribute.
const SHOWN: usize = 5;

const FILE: &str = "digest.txt";

/// Hashes by column, for each line.
type Lines = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn answers_are_as_committed() {
    let mut lines = Lines::new();
    of_cases(&mut lines);
    of_random_machines(&mut lines);
    of_command_line(&mut lines);
    let path = tests_folder().join(FILE);
    let committed = read(&fs::read_to_string(&path).unwrap_or_default());
    if committed == lines {
        return;
    }
    if bless() {
        fs::write(&path, written(&lines)).expect("the digest is written");
        return;
    }
    panic!("{}", differences(&committed, &lines));
}

/// Every case in both modes.
fn of_cases(lines: &mut Lines) {
    for folder in ["integrations", "machines", "problems", "sdk"] {
        for case in files(&tests_folder().join(folder), ".asl.json") {
            for mode in Mode::ALL {
                lines.insert(
                    format!("{} {}", case_name(&case), mode.name()),
                    answer(&arguments_of(&case, mode)),
                );
            }
        }
    }
}

fn of_random_machines(lines: &mut Lines) {
    let tasks = tasks();
    for mode in Mode::ALL {
        for first in (0..MACHINES).step_by(usize::try_from(MACHINES_A_LINE).expect("a small number")) {
            let seeds = first..first + MACHINES_A_LINE;
            let flowing = seeds.clone().map(|seed| flowing(seed).to_string());
            let composed = seeds.clone().map(|seed| Composer::new(seed, &tasks).machine().to_string());
            let mut line = |kind: &str, definitions: Vec<String>| {
                let answers = definitions.iter().map(|definition| answer(&arguments(definition, mode)));
                let name = format!("random/{kind}/{first}-{} {}", seeds.end - 1, mode.name());
                lines.insert(name, joined(answers));
            };
            line("flowing", flowing.collect());
            line("composed", composed.collect());
        }
    }
}

/// The data source's answer to arguments: the hash of each attribute, and of the messages when they are
/// validated and read.
fn answer(arguments: &Value) -> BTreeMap<String, String> {
    let provider = Sfniam::default();
    let schema = provider.schema();
    let block = &schema.data_source(DATA_SOURCE).expect("the data source").block;
    let checked = provider.validate_data_source(DATA_SOURCE, arguments, &Cancel::default());
    let (state, said) = provider.read_data_source(DATA_SOURCE, arguments, &Cancel::default());
    let mut hashes = BTreeMap::from([
        ("checked".to_owned(), hash(&messages(&checked), checked.is_empty())),
        ("said".to_owned(), hash(&messages(&said), said.is_empty())),
    ]);
    let computed = block.attributes.iter().filter(|attribute| attribute.usage == Usage::Computed);
    for name in computed.map(|attribute| &attribute.name).filter(|name| !LEFT_OUT.contains(&&***name)) {
        let value = state.as_ref().map_or(&Value::Null, |state| state.get(name));
        let empty = match value {
            Value::List(elements) => elements.is_empty(),
            Value::Object(members) => members.is_empty(),
            other => other.is_null(),
        };
        hashes.insert(name.to_string(), hash(&json(value).to_string(), empty));
    }
    hashes
}

/// Severity, place and text of each message.
fn messages(diagnostics: &[Diagnostic]) -> String {
    let message = |one: &Diagnostic| {
        let severity = if one.severity == Severity::Error { "error" } else { "warning" };
        let place = one.attribute.iter().map(|step| match step {
            Step::Attribute(name) | Step::Key(name) => format!(".{name}"),
            Step::Index(position) => format!("[{position}]"),
        });
        format!("{severity} {}\n{}\n{}\n", place.collect::<String>(), one.summary, one.detail)
    };
    diagnostics.iter().map(message).collect()
}

/// The command line as a person runs it: its output, its messages, and its exit status.
fn of_command_line(lines: &mut Lines) {
    let mut run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
            .env_clear()
            .current_dir(tests_folder())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        let hashes = [
            ("printed", hash(&String::from_utf8_lossy(&output.stdout), output.stdout.is_empty())),
            ("said", hash(&said, said.is_empty())),
            ("status", output.status.code().map_or("-".to_owned(), |code| code.to_string())),
        ];
        let hashes = hashes.map(|(column, hash)| (column.to_owned(), hash));
        lines.insert(format!("command-line {}", arguments.join(" ")), hashes.into());
    };
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["policy", "--help"],
        &["explain", "--help"],
        &["check", "--help"],
        &["integrations", "--help"],
        &["integrations"],
        &["integrations", "--json"],
        &["integrations", "--search", "getobject"],
        &["integrations", "--service", "dynamo"],
        &["policy", "--mode", "none"],
        &["policy", "missing.asl.json"],
    ] {
        run(arguments);
    }
    for service in SERVICES.iter().map(|service| service.name).chain(["s3", "dynamodb", "kms", "ec2"]) {
        run(&["integrations", "--service", service]);
    }
    let place = ["--region", "eu-west-1", "--account-id", "111122223333", "--mode", "least_privilege"];
    for folder in ["machines", "problems"] {
        for case in files(&tests_folder().join(folder), ".asl.json") {
            let case = case_name(&case) + ".asl.json";
            run(&[&["policy"][..], &place, &[&case]].concat());
            run(&[&["explain"][..], &place, &[&case]].concat());
        }
    }
    let block = sfniam::provider::data_source().block;
    for attribute in block.attributes.iter().filter(|attribute| attribute.usage == Usage::Computed) {
        if !LEFT_OUT.contains(&&*attribute.name) {
            run(&["policy", "--output", &attribute.name, "machines/machine/everything.asl.json"]);
        }
    }
    for format in ["text", "json"] {
        run(&["check", "--format", format, "machines", "problems", "check"]);
    }
    for format in ["text", "markdown", "json"] {
        run(&["explain", "--format", format, "machines/machine/everything.asl.json"]);
    }
}

/// The first 32 bits of the SHA-256 of a text; `-` for what is empty.
fn hash(text: &str, empty: bool) -> String {
    if empty {
        return "-".to_owned();
    }
    Sha256::digest(text).iter().take(4).fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// One line for several answers.
fn joined(answers: impl Iterator<Item = BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let mut together: BTreeMap<String, String> = BTreeMap::new();
    for (column, hash) in answers.flatten() {
        together.entry(column).or_default().push_str(&hash);
    }
    together.into_iter().map(|(column, hashes)| (column, hash(&hashes, false))).collect()
}

/// A line names its columns where they are not those of the line before.
fn written(lines: &Lines) -> String {
    let mut text = "# A hash of each attribute of every answer. Made by \"make bless\"; CONTRIBUTING.md says what it is for.\n".to_owned();
    let mut before: Vec<&String> = Vec::new();
    for (name, hashes) in lines {
        let columns: Vec<&String> = hashes.keys().collect();
        if columns != before {
            let _ = writeln!(
                text,
                "columns: {}",
                columns.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ")
            );
            before = columns;
        }
        let hashes: Vec<&str> = hashes.values().map(String::as_str).collect();
        let _ = writeln!(text, "{name}: {}", hashes.join(" "));
    }
    text
}

fn read(text: &str) -> Lines {
    let mut lines = Lines::new();
    let mut columns: Vec<&str> = Vec::new();
    for (name, hashes) in
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(": "))
    {
        let hashes = hashes.split(' ');
        if name == "columns" {
            columns = hashes.collect();
            continue;
        }
        let of_columns =
            columns.iter().zip(hashes).map(|(column, hash)| ((*column).to_owned(), hash.to_owned()));
        lines.insert(name.to_owned(), of_columns.collect());
    }
    lines
}

/// What differs, by attribute: how many answers, and the names of the first.
fn differences(committed: &Lines, now: &Lines) -> String {
    let mut by_kind: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, hashes) in now {
        let Some(before) = committed.get(name) else {
            by_kind.entry("a new line".to_owned()).or_default().push(name);
            continue;
        };
        for (column, hash) in hashes.iter().filter(|(column, hash)| before.get(*column) != Some(hash)) {
            let _ = hash;
            by_kind.entry(format!("another \"{column}\"")).or_default().push(name);
        }
        for column in before.keys().filter(|column| !hashes.contains_key(*column)) {
            by_kind.entry(format!("no \"{column}\" any more")).or_default().push(name);
        }
    }
    for name in committed.keys().filter(|name| !now.contains_key(*name)) {
        by_kind.entry("a line without an answer".to_owned()).or_default().push(name);
    }
    let mut text = "answers differ from tests/digest.txt. Were they meant to? Then `make bless`, and say so in the commit:\n".to_owned();
    for (kind, names) in by_kind {
        let (shown, more) = (names.iter().take(SHOWN), names.len().saturating_sub(SHOWN));
        let shown: Vec<String> = shown.map(|name| format!("    {name}\n")).collect();
        let more = if more > 0 { format!("    … and {more} more\n") } else { String::new() };
        let _ = write!(text, "  {kind}: {}\n{}{more}", names.len(), shown.concat());
    }
    text
}

#[test]
fn a_difference_names_the_answer_and_the_attribute() {
    let lines = |text: &str| read(text);
    let before = lines("columns: json size\na template: 1 2\nb template: 3 4\n");
    assert_eq!(
        written(&before).lines().skip(1).collect::<Vec<_>>(),
        ["columns: json size", "a template: 1 2", "b template: 3 4"]
    );
    assert_eq!(read(&written(&before)), before);
    let said = differences(&before, &lines("columns: json size\na template: 1 5\nc template: 3 4\n"));
    for expected in [
        "another \"size\": 1\n    a template",
        "a new line: 1\n    c template",
        "a line without an answer: 1\n    b template",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    assert!(!said.contains("\"json\""), "{said}");
}
