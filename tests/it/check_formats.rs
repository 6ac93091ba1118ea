//! What `check` prints, in each format, over many files and hostile ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::command::{DEFINITION, PLACE, check, folder, printed, said};
#[cfg(unix)]
use crate::support::command::{each, findings};
use crate::support::{files, tests_folder};

/// YAML in blocks, as people write it.
fn yaml(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                let _ = write!(out, "\n{indent}{}:", Value::from(key.as_str()));
                yaml(value, depth + 1, out);
            }
        }
        Value::Array(elements) if !elements.is_empty() => {
            for element in elements {
                let _ = write!(out, "\n{indent}-");
                yaml(element, depth + 1, out);
            }
        }
        other => {
            let _ = write!(out, " {other}");
        }
    }
}

/// Five hundred definitions of all kinds: half of them in JSON and, the same, in YAML, and those that are
/// broken.
fn tree() -> (tempfile::TempDir, usize) {
    let root = folder(&[]);
    let mut count = 0;
    let mut write = |name: String, text: &str| {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(path, text).expect("the file");
        count += 1;
    };
    for path in files(&tests_folder().join("problems"), ".asl.json") {
        let name = path.strip_prefix(tests_folder()).expect("a case").display().to_string();
        write(name, &fs::read_to_string(&path).expect("the case"));
    }
    let cases = ["machines", "integrations", "sdk"]
        .iter()
        .flat_map(|kind| files(&tests_folder().join(kind), ".asl.json"));
    for path in cases.step_by(4) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        let name = path.strip_prefix(tests_folder()).expect("a case").display().to_string();
        let mut in_yaml = String::new();
        yaml(&value, 0, &mut in_yaml);
        write(format!("json/{name}"), &text);
        write(format!("yaml/{}", name.replace(".asl.json", ".asl.yaml")), &in_yaml);
    }
    (root, count)
}

fn sarif_schema() -> jsonschema::Validator {
    let text = fs::read_to_string(tests_folder().join("check/sarif-schema-2.1.0.json")).expect("the schema");
    // The standard's own pattern of languages has a bracket that nothing opens.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    jsonschema::validator_for(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

fn valid_sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<String> =
        sarif_schema().iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    log
}

#[test]
fn five_hundred_definitions_in_each_format() {
    let (root, count) = tree();
    assert!(count >= 500, "only {count}");
    let arguments = [&["."][..], &PLACE].concat();
    let format =
        |format: &str| printed(&check(root.path(), &[&arguments[..], &["--format", format]].concat()));
    let (text, status) = format("json");
    assert_eq!((status, format("json").0 == text), (1, true), "the same in each run");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["files"], count);
    let found = report["findings"].as_array().expect("findings");
    assert!(found.len() > 500, "only {}", found.len());

    // What is different has another fingerprint.
    let mut told: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    for finding in found {
        let [file, fingerprint] = ["file", "fingerprint"].map(|name| finding[name].as_str().expect("a text"));
        let other = told.insert((file, fingerprint), finding);
        assert!(other.is_none_or(|other| other == finding), "{other:#?} {finding:#?}");
    }

    // The same definition has the same findings, whichever format it is in.
    let of = |kind: &str| -> BTreeSet<(String, String, String)> {
        let own = found.iter().filter_map(|finding| {
            let file = finding["file"].as_str()?.strip_prefix(kind)?.replace(".asl.yaml", ".asl.json");
            Some((file, finding["code"].to_string(), finding["pointer"].to_string()))
        });
        own.collect()
    };
    assert!(of("json/").len() > 300);
    assert_eq!(of("json/"), of("yaml/"));

    let (text, _) = format("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), found.len() + 1);
    for (line, finding) in lines.iter().zip(found) {
        let [file, code, severity] =
            ["file", "code", "severity"].map(|name| finding[name].as_str().expect("a text"));
        let place = format!("{file}:{}:{}: {severity}[{code}] ", finding["line"], finding["column"]);
        assert!(line.starts_with(&place), "{line}\n{place}");
    }

    let log = valid_sarif(&format("sarif").0);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), found.len());
    for (result, finding) in results.iter().zip(found) {
        assert_eq!(result["ruleId"], finding["code"]);
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("a position");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], finding["code"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        for (own, name) in [
            ("startLine", "line"),
            ("startColumn", "column"),
            ("endLine", "end_line"),
            ("endColumn", "end_column"),
        ] {
            assert_eq!(region[own], finding[name]);
        }
    }

    let (text, _) = format("github");
    let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(commands.len(), found.len());

    let (text, _) = format("markdown");
    assert!(
        text.chars().count() < 65_536 && text.contains("\n\nAnd ") || !text.contains("And "),
        "{}",
        text.len()
    );
    assert!(text.lines().filter(|line| line.starts_with("| ")).count() > 50);
}

/// Whatever the names of files and states, each finding is one command, one row, one result.
#[cfg(unix)]
#[test]
fn hostile_names_and_definitions() {
    let state = "x\\n::error::y|z`<b>@everyone\\u001b[31m%0A,:";
    let definition = DEFINITION.replace("\"A\"", &format!("\"{state}\""));
    let names = [
        "a%0A,b:c.asl.json",
        "d|e`f<i>.asl.json",
        "g\nh::error::.asl.json",
        "i\u{1b}[31m.asl.json",
        "..::stop-commands::.asl.json",
        "größe 大 #?.asl.json",
        "*_[x](y)_*.asl.json",
    ];
    let folder = folder(&names.map(|name| (name, definition.as_str())));
    let (found, status) = findings(folder.path(), &["."]);
    assert_eq!(status, 0);
    let files: BTreeSet<&str> = each(&found, "file").into_iter().collect();
    assert_eq!(files.len(), names.len());
    let format = |format: &str| printed(&check(folder.path(), &[".", "--format", format])).0;

    let text = format("text");
    assert_eq!(text.lines().count(), found.len() + 1);
    assert!(text.chars().all(|one| one == '\n' || !one.is_control()), "{text}");

    let text = format("github");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), found.len() + 1);
    for (line, finding) in lines.iter().zip(&found) {
        let rest = line.strip_prefix("::").expect("a command");
        let (head, _) = rest.split_once("::").expect("a message");
        let (_, properties) = head.split_once(' ').expect("properties");
        let file = properties.split(',').next().and_then(|file| file.strip_prefix("file=")).expect("a file");
        let file = file.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r");
        let named = finding["file"].as_str().expect("a text").replace('\u{1b}', "\\u001b");
        assert_eq!(file.replace("%25", "%"), named, "{line}");
        assert!(properties.split(',').all(|property| property.contains('=')), "{line}");
    }

    let text = format("markdown");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert_eq!(rows.len(), found.len(), "{text}");
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 4, "{row}");
        assert!(!row.replace("\\<", "").contains('<') && !row.replace("\\@", "").contains('@'), "{row}");
    }

    let log = valid_sarif(&format("sarif"));
    let results = log["runs"][0]["results"].as_array().expect("results");
    for (result, finding) in results.iter().zip(&found) {
        let uri =
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a text");
        assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
        assert_eq!(unescaped(uri), finding["file"].as_str().expect("a text"));
    }
}

/// Whatever a user can name or write, no format prints a character that acts on a terminal or a log, or on
/// the order of what is read.
#[test]
fn no_format_prints_control_characters() {
    const HOSTILE: &str = "x\u{1b}[31m\u{7f}\u{9b}1m\u{202e}\u{2066}\u{2028}y";
    let text = Value::from(HOSTILE).to_string();
    let definition = DEFINITION.replace("\"A\"", &text).replace("$.topic", "$.topic\u{202e}");
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:X", "sns:Publish"],
        "Resource": "arn:aws:sns:eu-west-1:111122223333:NAME"}]}"#;
    let config = serde_json::json!({
        "machines": [{"paths": ["x*"], "settings": {"resource_hint": [
            {"state": HOSTILE, "parameter": "TopicArn", "accept_wildcard": true, "reason": HOSTILE},
        ]}}],
        "accept": [{"codes": ["unnamed-key", "missing-setting", "unresolved-resource"], "reason": HOSTILE}],
        "policy": format!("{HOSTILE}.json"),
    });
    let folder = folder(&[
        (&format!("{HOSTILE}.asl.json"), definition.as_str()),
        ("hidden.asl.json", &DEFINITION.replace("Message", HOSTILE)),
        ("broken.asl.json", &format!("{{\"{HOSTILE}\"")),
        ("broken.asl.yaml", &format!("a: 1\n\"{HOSTILE}\": 1\n\"{HOSTILE}\": 2\n")),
        (&format!("{HOSTILE}.json"), &policy.replace("NAME", text.trim_matches('"'))),
        ("c.json", &config.to_string()),
        ("d.json", &serde_json::json!({ HOSTILE: 1 }).to_string()),
        ("d.toml", &format!("{text} = 1\n")),
    ]);
    let acts = |character: char| {
        character != '\n' && character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let is_plain = |told: &str| assert!(!told.chars().any(acts), "{told:?}");
    for format in ["text", "json", "sarif", "github", "markdown"] {
        let output = check(folder.path(), &[".", "--config", "c.json", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let told = printed(&output).0;
        is_plain(&told);
        assert!(told.contains("31m"), "{format}: {told}");
    }
    let (found, _) = findings(folder.path(), &[".", "--config", "c.json"]);
    assert!(
        found.iter().any(|one| one["accepted"] == HOSTILE),
        "the reason is the same after reading: {found:#?}"
    );
    for arguments in [
        &["x", "--config", "d.json"][..],
        &["x", "--config", "d.toml"],
        &[HOSTILE],
        &[".", "--fail-on", HOSTILE],
        &[".", "--policy", "{\u{1b}[31m}"],
    ] {
        let output = check(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        is_plain(&said(&output).0);
    }
}

/// Percent-encoding undone.
#[cfg(unix)]
fn unescaped(uri: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), uri.as_bytes());
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let digits = String::from_utf8(vec![*high, *low]).expect("ASCII");
                bytes.push(u8::from_str_radix(&digits, 16).expect("digits"));
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
