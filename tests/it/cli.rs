//! The command line as a person runs it: `integrations` and `explain`.

use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::command::{DEFINITION, PLACE, folder, printed, said as told};

fn run(command: &str, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"))
        .env_clear()
        .arg(command)
        .args(options)
        .output()
        .expect("the program")
}

fn integrations(options: &[&str]) -> Output {
    run("integrations", options)
}

fn text(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn said(options: &[&str]) -> String {
    text(integrations(options))
}

fn json(options: &[&str]) -> Vec<Value> {
    let text = said(&[options, &["--json"]].concat());
    serde_json::from_str(&text).expect("a list in JSON")
}

#[test]
fn the_version_says_of_which_day_the_data_are() {
    let text = text(run("--version", &[]));
    let rest = text.strip_prefix(concat!("terraform-provider-sfniam ", env!("CARGO_PKG_VERSION"), " ("));
    let rest = rest.unwrap_or_else(|| panic!("{text}"));
    assert!(rest.ends_with(&format!("AWS data of {})\n", sfniam::sdk::catalog::date())), "{text}");
}

#[test]
fn a_value_that_an_option_does_not_have_is_refused() {
    let output = run("policy", &["--mode", "lp"]);
    assert_eq!(output.status.code(), Some(2));
}

/// What the command line reads, and not the parser of its options.
#[test]
fn what_is_no_definition_and_no_json_is_told_with_its_remedy() {
    let error = |options: &[&str]| {
        let output = run("policy", options);
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let substitutions = error(&["--definition-substitutions", "A=b"]);
    let remedy = r#"Write JSON, such as '{"name": "value"}', or @ and the name of a file that has it."#;
    assert!(substitutions.contains(remedy), "{substitutions}");
    if cfg!(unix) {
        let folder = error(&[env!("CARGO_MANIFEST_DIR")]);
        assert!(folder.contains("It is a folder. Name its files, or use the command \"check\""), "{folder}");
    }
}

#[test]
fn the_explanation_is_an_output_like_another() {
    let definition = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integrations/sns/publish.dynamic.asl.json");
    let rows: Value =
        serde_json::from_str(&text(run("policy", &["--output", "explanation", definition]))).expect("JSON");
    assert_eq!(rows[0]["integration"], "sns:publish");
}

#[test]
fn services_are_listed() {
    let text = said(&[]);
    assert!(text.contains("  batch: submitJob\n") && text.contains("  sfn states "), "{text}");
}

#[test]
fn a_service_is_shown_with_its_parameters_and_rules() {
    let text = said(&["--service", "SFN"]);
    let of = |name: &str| {
        let lines = text.split(&format!("aws-sdk:sfn:{name}, ")).nth(1).expect("the operation");
        lines.split("\n\n").next().expect("its lines").to_owned()
    };
    let describe = of("describeStateMachine");
    assert!(
        describe.contains("states:DescribeStateMachine (rule \"same name\", confidence high)"),
        "{describe}"
    );
    assert!(describe.contains("on {StateMachineArn}"), "{describe}");
    // The optimized integration of the name makes the same request, but does not wait for a job.
    let start = of("startExecution");
    assert!(start.contains("states:StartExecution (rule \"optimized\", confidence high)"), "{start}");
    assert!(!start.contains("events:PutRule"), "{start}");
}

#[test]
fn optimized_and_sdk_integrations_of_one_name() {
    let names: Vec<Value> =
        json(&["--service", "batch"]).into_iter().map(|row| row["integration"].clone()).collect();
    assert!(names.contains(&"batch:submitJob".into()) && names.contains(&"aws-sdk:batch:submitJob".into()));
}

#[test]
fn a_search_finds_actions() {
    let found = json(&["--search", "s3:listbucket"]);
    let list =
        found.iter().find(|row| row["integration"] == "aws-sdk:s3:listObjectsV2").expect("the operation");
    assert_eq!(list["needs"][0]["actions"][0], "s3:ListBucket");
    assert_eq!(list["needs"][0]["resources"][0], "arn:{partition}:s3:::{Bucket}");
    assert!(
        list["needs"][0]["granted"].as_bool().expect("a Boolean") && list["needs"][0]["rule"].is_string()
    );
}

#[test]
fn everything_as_json() {
    let found = json(&[]);
    assert!(found.len() > 19_000, "{}", found.len());
}

#[test]
fn a_service_that_nobody_knows() {
    let output = integrations(&["--service", "dynamo"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("Did you mean \"dynamodb\""), "{output:?}");
}

#[test]
fn what_holds_because_of_the_input_is_explained() {
    let definition = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integrations/sns/publish.dynamic.asl.json");
    let input = r#"{"topic": "arn:aws:sns:eu-west-1:111122223333:orders"}"#;
    let explained = |format: &str| {
        text(run("explain", &["--mode", "least_privilege", "--format", format, "--input", input, definition]))
    };
    for format in ["text", "markdown"] {
        let said = explained(format);
        assert!(said.contains("orders") && said.contains("because of \"input\""), "{said}");
    }
}

/// Athena has the longest warnings: how many there are does not matter, and `check` has all of them.
#[test]
fn the_warnings_of_a_definition_are_limited() {
    let definition = |count: usize| {
        let state = |number: usize| {
            let state = json!({"Type": "Task", "Resource": "arn:aws:states:::athena:startQueryExecution",
                "Parameters": {"QueryString.$": "$.query"}, "Next": format!("S{}", number + 1)});
            (format!("S{number}"), state)
        };
        let mut states: serde_json::Map<String, Value> = (0..count).map(state).collect();
        states.insert(format!("S{count}"), json!({"Type": "Succeed"}));
        json!({"StartAt": "S0", "States": states}).to_string()
    };
    let (few, many) = (definition(100), definition(400));
    let folder = folder(&[("few.json", &few), ("many.json", &many)]);
    let policy = |file| {
        let arguments = [&["policy"][..], &PLACE, &["--mode", "least_privilege", file]].concat();
        crate::support::command::run(folder.path(), &arguments)
    };
    let ((few, status), (many, _)) = (told(&policy("few.json")), told(&policy("many.json")));
    assert_eq!(status, 0, "{few}");
    let last = |text: &str| text.lines().last().map(str::to_owned).expect("a line");
    let count = few.lines().count();
    assert_eq!((count, many.lines().count()), (21, 21));
    assert!(
        last(&few).starts_with("few.json: ") && last(&few).contains(" more warnings, "),
        "{}",
        last(&few)
    );
    assert!(many.len() < few.len() + 200, "{} bytes after {}", many.len(), few.len());
    let checked = printed(&crate::support::command::check(
        folder.path(),
        &[&PLACE[..], &["--mode", "least_privilege", "many.json"]].concat(),
    ));
    assert!(checked.0.lines().count() > 400, "{}", checked.0.lines().count());
}

#[test]
fn documents_of_several_files_keep_their_order() {
    let folder = folder(&[("one.json", DEFINITION), ("two.json", DEFINITION)]);
    for minified in [&[][..], &["--minified"]] {
        let arguments = [&["policy"][..], &PLACE, minified, &["one.json", "two.json"]].concat();
        let (text, status) = printed(&crate::support::command::run(folder.path(), &arguments));
        assert_eq!(status, 0);
        let places = |word: &str| text.match_indices(word).map(|(at, _)| at).collect::<Vec<_>>();
        let (versions, statements) = (places("\"Version\""), places("\"Statement\""));
        assert_eq!((versions.len(), statements.len()), (2, 2), "{text}");
        assert!(versions.iter().zip(&statements).all(|(version, statement)| version < statement), "{text}");
    }
}

/// A name that would clear a terminal, give a command to GitHub Actions and turn the direction of writing.
const SPEAKING: &str = r"\u001b[2J\u2026\n::add-mask::x\r\u202e";

#[test]
fn no_text_of_a_definition_speaks_to_the_terminal() {
    let machine = |members: &str| {
        format!(
            r#"{{"StartAt": "{SPEAKING}", "States": {{"{SPEAKING}": {{"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::sns:publish", {members}}}}}}}"#
        )
    };
    let valid = machine(r#""Parameters": {"TopicArn.$": "$.t", "Message": "m"}"#);
    let wrong = machine(&format!(r#""{SPEAKING}\u2028\u0085": 1"#));
    let place = folder(&[("valid.asl.json", &valid), ("wrong.asl.json", &wrong)]);
    for (file, succeeds) in [("valid.asl.json", true), ("wrong.asl.json", false)] {
        let path = place.path().join(file);
        let path = path.to_str().expect("UTF-8");
        for options in [
            &["policy", path][..],
            &["policy", "--output", "explanation", "--include-explanation", path],
            &["explain", path],
            &["explain", "--format", "markdown", path],
            &["explain", "--format", "mermaid", path],
            &["explain", "--format", "html", path],
            &["explain", "--format", "json", path],
            &["check", "--format", "json", path],
            &["check", path],
            &["check", "--format", "github", path],
        ] {
            let output = run(options[0], &options[1..]);
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).expect("UTF-8");
            assert!(!said.is_empty(), "{options:?}");
            assert!(succeeds || !output.status.success(), "{options:?}: {said}");
            let hostile = |one: char| {
                one != '\n' && one.is_control()
                    || matches!(one, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}')
            };
            assert!(!said.contains(hostile), "{options:?}: {said:?}");
            assert!(!said.lines().any(|line| line.starts_with("::add-mask")), "{options:?}: {said}");
        }
    }
}
