//! What must hold for any bytes, one function for each fuzz target. `fuzz_targets` hands them to libFuzzer; `tests/it/corpus.rs` replays the
//! corpus with them, on a stable toolchain and without libFuzzer.
//!
//! A law is broken by a panic. Bytes that are not UTF-8 are an input of MessagePack only.

use std::str::from_utf8;

use serde_json::Value as Json;
use sfniam::asl::{self, Scope};
use sfniam::document::{self, Replay, Selection, Vocabulary};
use sfniam::finding::{Code, Finding, Level};
use sfniam::generator::{Hint, Output, Remedy, Request, Selector, Target, generate};
use sfniam::iam::Location;
use sfniam::permissions::{Mode, Settings};
use sfniam::protocol::value::{Type, Value};
use sfniam::source::{Format, Source};
use sfniam::work::Work;

/// A target: its name, which is that of its folder in the corpus, and its law.
pub(crate) type TargetLaw = (&'static str, fn(&[u8]));

/// All targets.
pub(crate) const TARGETS: [TargetLaw; 8] = [
    ("definition", definition),
    ("hint", hint),
    ("iam", iam),
    ("intrinsic", intrinsic),
    ("jsonata", jsonata),
    ("msgpack", msgpack),
    ("task", task),
    ("yaml", yaml),
];

fn request(definition: &str, mode: Mode) -> Request {
    let aws = Location {
        partition: "aws".into(),
        region: Some("eu-west-1".into()),
        account: Some("111122223333".into()),
    };
    let settings = Settings { aws, mode, machine_name: Some("Machine".into()), ..Settings::default() };
    Request { size_limit: u64::MAX, ..Request::new(definition, settings) }
}

/// A whole definition: a policy in each mode, or errors that say what is wrong.
pub(crate) fn definition(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    for mode in Mode::ALL {
        let asked = request(text, mode);
        match generate(&asked) {
            Ok(output) => answered(&asked, &output),
            Err(findings) => refused(&findings),
        }
    }
}

/// The parameters of one task, as JSON: the shortest way to the catalogues. The first line is the tail of its `Resource`.
pub(crate) fn task(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Some((resource, parameters)) = text.split_once('\n') else { return };
    let Ok(parameters) = serde_json::from_str::<Json>(parameters) else { return };
    let machine = serde_json::json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "End": true, "Resource": format!("arn:aws:states:::{resource}"), "Parameters": parameters,
    }}});
    definition(machine.to_string().as_bytes());
}

/// The result is a document that IAM accepts, its wildcards are reported, and none of them passes a setting that
/// forbids wildcards.
fn answered(asked: &Request, output: &Output) {
    let document = document::read(&output.policy.to_json()).expect("the policy can be read");
    document::grammar::check(&document).expect("IAM takes the policy");
    let mut vocabulary = Vocabulary::default();
    let rows = vocabulary.rows([&document], &Work::default()).expect("the policy only allows");
    if asked.settings.mode == Mode::LeastPrivilege {
        let replay = Replay::new(&vocabulary, &rows, &Work::default());
        assert_eq!(replay.superfluous(&Work::default()), None);
    }
    output.findings.iter().for_each(told);
    for row in &output.explanation {
        for resource in row.resources.iter().filter(|resource| resource.contains(['*', '?'])) {
            let has_reason = row.wildcards.iter().any(|reason| reason.resource == *resource);
            assert!(has_reason || resource.contains("${"), "{resource} of {} has no reason", row.integration);
        }
    }
    if output.findings.iter().any(|finding| finding.code == Code::UnresolvedResource) {
        let mut strict = asked.clone();
        strict.on_finding.set(Code::UnresolvedResource, Level::Error).expect("it can be raised");
        assert!(generate(&strict).is_err(), "an unresolved resource passes");
    }
}

pub(crate) fn refused(findings: &[Finding]) {
    assert!(!findings.is_empty(), "refused without a reason");
    findings.iter().for_each(told);
}

/// Text for people has its form, and contains no terminal control characters.
fn told(finding: &Finding) {
    let texts = [&finding.summary, &finding.detail];
    assert!(texts.iter().all(|text| !text.is_empty() && !text.chars().any(char::is_control)), "{finding:?}");
    assert!(finding.code != Code::Defect, "{finding:?}");
}

/// One JSONata expression.
pub(crate) fn jsonata(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    evaluate("Arguments", "JSONata", &serde_json::json!({"x": format!("{{%{text}%}}")}));
}

/// One path or intrinsic function of JSONPath.
pub(crate) fn intrinsic(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    evaluate("Parameters", "JSONPath", &serde_json::json!({"x.$": text}));
}

/// The arguments of a task can be evaluated, with the same result each time.
fn evaluate(member: &str, language: &str, template: &Json) {
    let text = serde_json::json!({"StartAt": "A", "QueryLanguage": language, "States": {"A": {
        "Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish", member: template,
    }}})
    .to_string();
    let json = asl::Json::read(&text).expect("it was written as JSON");
    let (machine, _) = asl::parse(&json);
    for state in machine.states() {
        if let asl::Kind::Task(task) = &state.kind
            && let Some(arguments) = &task.arguments
        {
            let value = arguments.value(&Scope::default());
            assert_eq!(value, arguments.value(&Scope::default()));
        }
    }
}

/// MessagePack of a host: what can be read is written and read again as the same value.
pub(crate) fn msgpack(data: &[u8]) {
    let members = [
        ("definition", Type::String),
        ("size", Type::Number),
        (
            "hints",
            Type::list(Type::object([("state", Type::String), ("resources", Type::set(Type::String))])),
        ),
        ("map", Type::map(Type::Bool)),
        ("any", Type::Dynamic),
    ];
    let kind = Type::object(members);
    let Ok(value) = Value::from_msgpack(data, &kind) else { return };
    let Ok(written) = value.to_msgpack(&kind) else { return };
    assert_eq!(Value::from_msgpack(&written, &kind).as_ref(), Ok(&value));
}

/// Two ARNs of a hint, a line each: its replacement never allows more than the wildcard did.
pub(crate) fn hint(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn.$": "$.t", "Message": "m"}}}}"#;
    let mut asked = request(definition, Mode::LeastPrivilege);
    asked.hints.push(Hint {
        selector: Selector::State("A".into()),
        target: Target::Parameter("TopicArn".into()),
        remedy: Remedy::Resources(text.lines().map(str::to_owned).collect()),
    });
    match generate(&asked) {
        Err(findings) => refused(&findings),
        Ok(output) => {
            answered(&asked, &output);
            for resource in output.policy.statements.iter().flat_map(|statement| &statement.resources) {
                assert!(
                    resource.starts_with("arn:aws:sns:") && *resource != "arn:aws:sns:*:*:*",
                    "{resource}"
                );
            }
        }
    }
}

/// Any IAM policy: what it allows is allowed by itself, and a pattern that covers another one overlaps it.
pub(crate) fn iam(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Ok(document) = document::read(text) else { return };
    if document::grammar::check(&document).is_err() {
        return;
    }
    let resources = document.statements.iter().filter_map(|statement| statement.resources.as_ref());
    let globs: Vec<_> = resources.flat_map(Selection::patterns).take(12).collect();
    for one in &globs {
        assert!(globs.iter().all(|other| !one.covers(other) || one.overlaps(other)), "{one:?} in {globs:?}");
    }
    let (mut vocabulary, work) = (Vocabulary::default(), Work::default());
    if let Ok(rows) = vocabulary.rows([&document], &work) {
        let replay = Replay::new(&vocabulary, &rows, &work);
        assert!(rows.iter().all(|row| replay.allows(row, &work)));
    }
}

/// The most values of a text that are looked for: aliases can make millions of them.
const MOST_VALUES: usize = 300;

/// A text in YAML: what can be read is JSON, the same every time, and each of its values has a place in the text.
pub(crate) fn yaml(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let read = || Source::new(text.to_owned(), Format::Yaml);
    let source = match read() {
        Ok(source) => source,
        Err(error) => {
            assert!(error.offset <= text.len() && !error.to_string().is_empty(), "{error:?}");
            return;
        }
    };
    assert!(asl::Json::read(source.json()).is_ok(), "{}", source.json());
    assert_eq!(read().expect("it was read before").json(), source.json());
    // Numbers that are too large for this parser are left to ours.
    let Ok(whole) = serde_json::from_str::<Json>(source.json()) else { return };
    let index = source.index(&|key| key);
    let mut left = vec![(String::new(), &whole)];
    let mut seen = 0;
    while let Some((pointer, value)) = left.pop().filter(|_| seen < MOST_VALUES) {
        seen += 1;
        let found = index.find(&pointer).expect("a place");
        assert!(!found.is_around && found.value.end <= text.len(), "{pointer}");
        match value {
            Json::Object(members) => left.extend(members.iter().map(|(key, value)| {
                (format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value)
            })),
            Json::Array(elements) => {
                left.extend(
                    elements.iter().enumerate().map(|(at, value)| (format!("{pointer}/{at}"), value)),
                );
            }
            _ => {}
        }
    }
}
