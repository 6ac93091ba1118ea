//! `check` with a configuration and with a baseline.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::chance::Chance;
use crate::support::command::{DEFINITION, KNOWN, PLACE, check, each, findings, folder, printed, said};
use crate::support::{case_name, files, sweeping, tests_folder};

const TOML: &str = r#"
[settings]
region = "eu-west-1"
account_id = "111122223333"
on_finding = { unnamed-key = "ignore", missing-setting = "ignore" }

[[machines]]
paths = ["m/**/*.asl.json"]
[machines.settings]
mode = "least_privilege"
definition_substitutions = { Name = "orders" }
on_finding = { unused-substitution = "ignore" }

[[machines.settings.resource_hint]]
state = "A"
parameter = "TopicArn"
resources = ["arn:aws:sns:eu-west-1:111122223333:orders"]

[[accept]]
codes = ["unresolved-resource"]
paths = ["n/*"]
states = ["A*"]
actions = ["SNS:*"]
reason = "The topic is that of the caller"
"#;

/// Findings that these tests ignore.
const QUIET: &str = r#"{"missing-setting": "ignore"}"#;

const YAML: &str = r#"
settings:
  region: eu-west-1
  account_id: "111122223333"
  on_finding: {unnamed-key: ignore, missing-setting: ignore}
machines:
  - paths: ["m/**/*.asl.json"]
    settings:
      mode: least_privilege
      definition_substitutions: {Name: orders}
      on_finding: {unused-substitution: ignore}
      resource_hint:
        - {state: A, parameter: TopicArn, resources: ["arn:aws:sns:eu-west-1:111122223333:orders"]}
accept:
  - codes: [unresolved-resource]
    paths: ["n/*"]
    states: ["A*"]
    actions: ["SNS:*"]
    reason: The topic is that of the caller
"#;

#[test]
fn a_configuration_has_settings_hints_and_accepted_findings() {
    let folder = folder(&[
        ("sfniam.toml", TOML),
        ("sfniam.yaml", YAML),
        ("m/deep/a.asl.json", DEFINITION),
        ("n/b.asl.json", DEFINITION),
        ("o/c.asl.json", DEFINITION),
    ]);
    for config in ["sfniam.toml", "sfniam.yaml"] {
        let (found, status) =
            findings(folder.path(), &["m", "n", "o", "--config", config, "--fail-on", "warning"]);
        assert_eq!(each(&found, "file"), ["n/b.asl.json", "o/c.asl.json"], "{config} {found:#?}");
        assert_eq!(found[0]["accepted"], "The topic is that of the caller");
        assert_eq!((&found[0]["fails"], &found[1]["fails"]), (&Value::from(false), &Value::from(true)));
        assert_eq!((found[1]["accepted"].is_null(), status), (true, 1));
        let (_, status) = findings(folder.path(), &["m", "n", "--config", config, "--fail-on", "warning"]);
        assert_eq!(status, 0);
    }
    let (text, _) = printed(&check(folder.path(), &["n", "--config", "sfniam.toml"]));
    assert!(text.contains(" (accepted: The topic is that of the caller)\n"), "{text}");
    // The command line takes precedence.
    let (found, _) = findings(
        folder.path(),
        &[
            "o",
            "--config",
            "sfniam.toml",
            "--on-finding",
            r#"{"unnamed-key": "warn", "unresolved-resource": "ignore"}"#,
        ],
    );
    assert_eq!(each(&found, "code"), ["unnamed-key"]);
}

#[test]
fn a_configuration_that_cannot_be_meant_is_refused_at_its_place() {
    for (name, text, message) in [
        ("c.toml", "[settings]\nregion = 'x\n", "c.toml:2:"),
        ("c.toml", "[[machines]]\npath = ['x']\n", "c.toml:2:1: unknown field `path`"),
        ("c.toml", "[[machines]]\npaths = ['[']\n", "c.toml:2:"),
        (
            "c.toml",
            "[settings]\nregoin = 'eu-west-1'\n",
            "There is no argument \"regoin\". Did you mean \"region\"?",
        ),
        ("c.toml", "[settings]\nregion = 'Ireland'\n", "\"Ireland\""),
        ("c.toml", "[[accept]]\ncodes = ['open-part']\nreason = ' '\n", "\"reason\" is empty"),
        ("c.toml", "[[accept]]\ncodes = []\nreason = 'x'\n", "\"codes\" is empty"),
        ("c.toml", "[[accept]]\ncodes = ['open-port']\nreason = 'x'\n", "no code \"open-port\""),
        (
            "c.toml",
            "[[accept]]\ncodes = ['invalid-state']\nreason = 'x'\n",
            "\"invalid-state\" cannot be accepted",
        ),
        (
            "c.toml",
            "[[accept]]\ncodes = ['dangerous-wildcard']\nreason = 'x'\n",
            "\"dangerous-wildcard\" cannot be accepted here. Accept the wildcard itself, with resource_hint",
        ),
        ("c.toml", "[settings]\ndefinition = '{}'\n", "There is no setting \"definition\""),
        (
            "c.toml",
            "[[machines]]\npaths = ['x']\n[machines.settings]\ndefinition = '{}'\n",
            "There is no setting \"definition\"",
        ),
        ("c.yaml", "settings: [1\n", "c.yaml:2:1: "),
        ("c.yaml", "rules: 1\n", "c.yaml: unknown field `rules`"),
        ("c.json", "{\"rules\": 1}", "c.json:1:8: unknown field `rules`"),
        ("none.toml", "", ""),
    ] {
        let folder = folder(&[("a.asl.json", DEFINITION), (name, text)]);
        if name == "none.toml" {
            fs::remove_file(folder.path().join(name)).expect("the file");
        }
        let (told, status) = said(&check(folder.path(), &["a.asl.json", "--config", name]));
        assert!(told.starts_with("Error: ") && told.contains(message), "{text}: {told}");
        assert_eq!(status, 2, "{text}: {told}");
    }
}

/// With `./` or without, on the command line and in the configuration.
#[test]
fn paths_of_a_configuration_are_those_of_messages() {
    for (paths, given) in [("./n/*.asl.json", "n"), ("n/*.asl.json", "./n"), (".//./n/b.*", "./n/b.asl.json")]
    {
        let config =
            format!("[[accept]]\ncodes = ['unresolved-resource']\npaths = ['{paths}']\nreason = 'x'\n");
        let folder =
            folder(&[("c.toml", &config), ("n/b.asl.json", DEFINITION), ("m/b.asl.json", DEFINITION)]);
        let (found, _) =
            findings(folder.path(), &[given, "m", "--config", "c.toml", "--fail-on", "unresolved-resource"]);
        let accepted = |file: &str| {
            let own = found.iter().filter(|one| one["file"] == file && one["code"] == "unresolved-resource");
            own.map(|one| one["accepted"] == "x").collect::<Vec<_>>()
        };
        assert_eq!(
            (accepted("n/b.asl.json"), accepted("m/b.asl.json")),
            (vec![true], vec![false]),
            "{paths}"
        );
    }
}

/// Findings of one code that differ in what they are about: a baseline that has one does not hide the other.
#[test]
fn a_baseline_tells_services_apart() {
    let both = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "B",
            "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "MessageBody": "m"}},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
            "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "Message": "m"}}}}"#;
    let folder = folder(&[("a.asl.json", KNOWN)]);
    let run =
        |arguments: &[&str]| findings(folder.path(), &[&["a.asl.json"], &PLACE[..], arguments].concat());
    run(&["--write-baseline", "b.json"]);
    fs::write(folder.path().join("a.asl.json"), both).expect("the file");
    let (found, status) = run(&["--baseline", "b.json", "--fail-on", "unnamed-key"]);
    let keys: Vec<_> = found.iter().filter(|one| one["code"] == "unnamed-key").collect();
    assert_eq!((keys.len(), status), (1, 1), "{found:#?}");
    assert!(keys[0]["summary"].as_str().expect("a text").contains("\"sqs\""), "{keys:#?}");
}

#[test]
fn only_what_is_new_since_the_baseline_counts() {
    let folder = folder(&[("a.asl.json", DEFINITION), ("b.asl.json", DEFINITION)]);
    let run = |more: &[&str]| {
        findings(
            folder.path(),
            &[&["a.asl.json", "b.asl.json", "--fail-on", "warning", "--on-finding", QUIET], more].concat(),
        )
    };
    assert_eq!(run(&[]).1, 1);
    let (found, status) = run(&["--write-baseline", "baseline.json"]);
    assert_eq!((found.len(), status), (4, 0));
    assert_eq!(run(&["--baseline", "baseline.json"]), (Vec::new(), 0));

    // Lines and words are not what a finding is about; another state is.
    let moved = DEFINITION.replace("{\"StartAt\"", "\n\n{\"Comment\": \"moved\", \"StartAt\"");
    fs::write(folder.path().join("a.asl.json"), &moved).expect("the file");
    assert_eq!(run(&["--baseline", "baseline.json"]), (Vec::new(), 0));
    let renamed = moved.replace("\"A\"", "\"B\"");
    fs::write(folder.path().join("a.asl.json"), &renamed).expect("the file");
    let (found, status) = run(&["--baseline", "baseline.json"]);
    assert_eq!((each(&found, "code"), status), (vec!["unresolved-resource"], 1));

    // SARIF distinguishes them.
    let (text, _) = printed(&check(
        folder.path(),
        &["a.asl.json", "--baseline", "baseline.json", "--format", "sarif", "--on-finding", QUIET],
    ));
    let log: Value = serde_json::from_str(&text).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let states: Vec<&str> = results.iter().filter_map(|one| one["baselineState"].as_str()).collect();
    assert_eq!(states, ["new", "unchanged"]);
}

/// A finding that occurs twice is known only once if the baseline has it once.
#[test]
fn findings_of_a_baseline_are_counted() {
    let folder = folder(&[("a.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\"}}}")]);
    let (found, _) = findings(folder.path(), &["a.asl.json", "--write-baseline", "b.json"]);
    let text = fs::read_to_string(folder.path().join("b.json")).expect("the baseline");
    let mut baseline: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(baseline["findings"].as_array().map(Vec::len), Some(found.len()));
    baseline["findings"].as_array_mut().expect("findings").pop();
    fs::write(folder.path().join("b.json"), baseline.to_string()).expect("the baseline");
    let (found, status) = findings(folder.path(), &["a.asl.json", "--baseline", "b.json"]);
    assert_eq!((found.len(), status), (1, 1));
}

#[test]
fn a_baseline_shows_what_became_of_policies() {
    let folder = folder(&[("a.asl.json", DEFINITION)]);
    let _ = findings(folder.path(), &["a.asl.json", "--write-baseline", "b.json"]);
    let other = DEFINITION.replace("sns:publish", "sqs:sendMessage").replace(
        "\"TopicArn.$\": \"$.topic\", \"Message\": \"m\"",
        "\"QueueUrl.$\": \"$.q\", \"MessageBody\": \"m\"",
    );
    fs::write(folder.path().join("a.asl.json"), other).expect("the file");
    let (found, status) =
        findings(folder.path(), &["a.asl.json", "--baseline", "b.json", "--fail-on", "changed-policy"]);
    let changed = found.iter().find(|one| one["code"] == "changed-policy").expect("the change");
    assert_eq!(status, 1);
    assert_eq!(changed["actions"], serde_json::json!(["sns:Publish", "sqs:SendMessage"]));
    let message = changed["message"].as_str().expect("a text");
    assert!(
        message.contains("It also allows sqs:SendMessage on ")
            && message.contains("It no longer allows sns:Publish on *"),
        "{message}"
    );
}

#[test]
fn what_is_no_baseline_is_refused() {
    for text in ["", "{}", "[]", r#"{"version": 2, "findings": [], "policies": {}}"#] {
        let folder = folder(&[("a.asl.json", DEFINITION), ("b.json", text)]);
        let (told, status) = said(&check(folder.path(), &["a.asl.json", "--baseline", "b.json"]));
        assert!(told.starts_with("Error: b.json: ") && told.contains("--write-baseline"), "{told}");
        assert_eq!(status, 2);
    }
}

/// Cases of every kind, each in a file of its own whose layout is another one.
fn laid_out(cases: &[(String, Value)], layout: impl Fn(&Value) -> String, root: &Path) {
    for (number, (name, definition)) in cases.iter().enumerate() {
        fs::write(root.join(format!("{number}-{name}.asl.json")), layout(definition)).expect("the file");
    }
}

/// Neither lines nor columns nor the order of members make a finding another one; each that the baseline
/// lacks counts.
#[test]
fn layout_changes_no_finding_and_the_baseline_hides_no_other() {
    let folders = ["integrations", "machines", "problems", "sdk"];
    let all = folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json"));
    let mut chance = Chance::new(14);
    let cases: Vec<(String, Value)> = all
        .filter(|_| sweeping() || chance.one_in(3))
        .filter_map(|file| {
            let definition = serde_json::from_str(&fs::read_to_string(&file).ok()?).ok()?;
            Some((case_name(&file).rsplit('/').next()?.to_owned(), definition))
        })
        .collect();
    assert!(cases.len() > 200, "{} cases", cases.len());
    let root = folder(&[]);
    let baseline = root.path().join("baseline.json");
    let run = |option: &str| {
        let path = baseline.to_str().expect("UTF-8");
        let (found, status) = findings(root.path(), &[".", option, path, "--fail-on", "info"]);
        (each(&found, "fingerprint").into_iter().map(str::to_owned).collect::<Vec<_>>(), status)
    };
    laid_out(&cases, Value::to_string, root.path());
    let (before, _) = run("--write-baseline");
    assert!(before.len() > 500, "{} findings", before.len());
    laid_out(&cases, |definition| format!("\n{definition:#}\n"), root.path());
    assert_eq!(run("--baseline"), (Vec::new(), 0));
    // Every third finding is taken out of the baseline, and these are told.
    let mut known: Value =
        serde_json::from_str(&fs::read_to_string(&baseline).expect("the baseline")).expect("JSON");
    let rows = known["findings"].as_array_mut().expect("findings");
    assert_eq!(rows.len(), before.len());
    let mut number = 0;
    rows.retain(|_| {
        number += 1;
        number % 3 != 0
    });
    fs::write(&baseline, known.to_string()).expect("the baseline");
    let (found, status) = run("--baseline");
    assert_eq!((found.len(), status), (before.len() / 3, 1));
    assert!(found.iter().all(|one| before.contains(one)), "another fingerprint");
}
