//! Every code of a finding: its example produces it, and `on_finding` raises, lowers and ignores it.

use serde_json::Value as Json;
use sfniam::finding::{Code, Level, Severity};
use sfniam::protocol::Provider;
use sfniam::protocol::diagnostic::{self, Diagnostic};
use sfniam::protocol::problem;
use sfniam::protocol::value::Value;
use sfniam::provider::{DATA_SOURCE, Sfniam, data_source, examples};
use sfniam::work::Cancel;

use crate::support::arguments::value;

/// The product's result for a code's example.
struct Said {
    /// Code and severity of each finding.
    findings: Vec<(String, String)>,
    diagnostics: Vec<Diagnostic>,
}

impl Said {
    fn severity(&self, code: Code) -> Option<&str> {
        self.findings.iter().find(|(own, _)| own == code.name()).map(|(_, severity)| severity.as_str())
    }

    /// Whether a diagnostic has the code in brackets at the end of a line.
    fn shows(&self, severity: diagnostic::Severity, code: Code) -> bool {
        let ending = format!("[{}]", code.name());
        let of_it = self.diagnostics.iter().filter(|one| one.severity == severity);
        of_it.flat_map(|one| one.detail.lines()).any(|line| line.ends_with(&ending))
    }
}

/// Hands the example of a code to the product, with a level for the code.
fn said(code: Code, level: Option<Level>) -> Said {
    let example = code.row().example.expect("an example");
    let more: Json = serde_json::from_str(example.arguments).expect("arguments are JSON");
    let Value::Object(mut arguments) = value(&more) else { panic!("{}: no object", code.name()) };
    arguments.insert("definition".into(), example.definition().into());
    if let Some(level) = level {
        arguments.insert("on_finding".into(), Value::object([(code.name(), Value::from(level.name()))]));
    }
    let (state, diagnostics) =
        Sfniam::default().read_data_source(DATA_SOURCE, &Value::Object(arguments), &Cancel::default());
    let findings = state.map(|state| state.get("findings").as_list().expect("a list").to_vec());
    let text = |finding: &Value, name: &str| finding.get(name).as_str().expect("a string").to_owned();
    let findings = findings.unwrap_or_default();
    let findings =
        findings.iter().map(|finding| (text(finding, "code"), text(finding, "severity"))).collect();
    Said { findings, diagnostics }
}

/// Codes that no definition can produce; `tests/it/check.rs` has those that only the command line reports.
const WITHOUT_EXAMPLE: &[Code] = &[
    Code::Defect,
    Code::Interrupted,
    Code::UnreadableFile,
    Code::InvalidYaml,
    Code::InvalidPolicy,
    Code::MissingPermission,
    Code::ExcessPermission,
    Code::NotChecked,
    Code::UndecidedPermission,
    Code::ChangedPolicy,
];

fn with_example() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| !WITHOUT_EXAMPLE.contains(code))
}

#[test]
fn every_code_has_an_example_that_gives_it() {
    for code in WITHOUT_EXAMPLE {
        assert!(code.row().example.is_none(), "{}", code.name());
    }
    for code in with_example() {
        let said = said(code, None);
        let shown = match code.severity() {
            Severity::Error => said.shows(diagnostic::Severity::Error, code),
            severity => said.severity(code) == Some(severity.name()),
        };
        assert!(shown, "{}: {:?} {:?}", code.name(), said.findings, said.diagnostics);
        let warns = said.shows(diagnostic::Severity::Warning, code);
        assert_eq!(warns, code.severity() == Severity::Warning, "{}: {:?}", code.name(), said.diagnostics);
    }
}

#[test]
fn every_code_is_raised_lowered_and_ignored() {
    for code in with_example() {
        for level in Level::ALL {
            let said = said(code, Some(level));
            let shown = |severity| said.shows(severity, code);
            let told =
                format!("{} = {}: {:?} {:?}", code.name(), level.name(), said.findings, said.diagnostics);
            if !code.may_be_lowered() && level > Level::from(code.severity()) {
                // The argument itself is rejected.
                assert!(said.shows(diagnostic::Severity::Error, Code::InvalidArgument), "{told}");
                continue;
            }
            assert_eq!(shown(diagnostic::Severity::Error), level == Level::Error, "{told}");
            assert_eq!(shown(diagnostic::Severity::Warning), level == Level::Warn, "{told}");
            let severity = level.severity().filter(|severity| *severity != Severity::Error);
            assert_eq!(said.severity(code), severity.map(Severity::name), "{told}");
        }
    }
}

#[test]
fn the_guide_has_every_code() {
    let guide = std::fs::read_to_string("docs/guides/findings.md").expect("the guide");
    let names = Code::ALL.iter().map(|code| code.name());
    let names: Vec<&str> = names.chain(problem::Code::ALL.iter().map(|code| code.name())).collect();
    let mut described: Vec<&str> = guide.lines().filter_map(|line| line.strip_prefix("### `")).collect();
    described.iter_mut().for_each(|heading| *heading = heading.trim_end_matches('`'));
    assert_eq!(described.len(), names.len(), "run `make docs`");
    for name in names {
        assert!(described.contains(&name), "{name}: run `make docs`");
    }
}

/// The problems of a configuration, as they are reported to a host or on the command line.
fn refused(arguments: &str) -> Vec<Diagnostic> {
    let given: Json = serde_json::from_str(arguments).expect("arguments are JSON");
    let Value::Object(given) = value(&given) else { panic!("not an object: {arguments}") };
    let block = data_source().block;
    // For values from hosts, only the check is ours; other values are converted here.
    let mut problems = block.check(&Value::Object(given.clone()));
    problems.extend(block.config(given).err().unwrap_or_default());
    problems
}

#[test]
fn every_code_of_a_configuration_has_an_example_that_gives_it() {
    let ending = |code: &problem::Code| format!(" [{}]", code.name());
    let with_example = problem::Code::ALL.iter().filter_map(|code| Some((code, examples::of(*code)?)));
    let mut count = 0;
    for (code, example) in with_example {
        let problems = refused(example.arguments);
        assert!(
            problems.iter().any(|problem| problem.detail.ends_with(&ending(code))),
            "{}: {problems:?}",
            code.name()
        );
        count += 1;
    }
    assert_eq!(count, 6);
    assert_eq!(refused(r#"{"mode": "template", "definition": "{}"}"#), []);
}
