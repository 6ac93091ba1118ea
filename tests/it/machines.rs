//! Whole state machines, and what belongs to the workflow rather than to a task: `machines/NAME.asl.json`, settings in `NAME.settings.json` where
//! they are not those of all cases, and beside them the results: the policy in both modes, the findings of least privilege (`NAME.findings.txt`) and, where
//! there is something to say, the policies of other roles (`NAME.assumed.json`). Cases below `documents` have the trust policy and the policy of workers
//! too.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sfniam::asl::{Json, parse};
use sfniam::generator::{Output, Request, generate};
use sfniam::permissions::{Mode, assume_role_policy, callback_policy};

use crate::support::settings::settings_of;
use crate::support::{all, beside, compare_or_bless, every_file_has_its_case, files, request, tests_folder};

/// What may stand beside a case.
const RESULTS: [&str; 6] = [
    ".template.json",
    ".least_privilege.json",
    ".findings.txt",
    ".assumed.json",
    ".trust.json",
    ".callback.json",
];

fn cases() -> Vec<PathBuf> {
    let cases = files(&tests_folder().join("machines"), ".asl.json");
    assert!(!cases.is_empty());
    cases
}

fn answered(case: &Path, mode: Mode) -> Result<Output, String> {
    let definition = fs::read_to_string(case).expect("the case");
    let request = Request { settings: settings_of(case, mode), ..request(&definition, mode) };
    generate(&request).map_err(|faults| format!("{}: {faults:#?}", case.display()))
}

#[test]
fn every_case_has_its_policy() {
    all(cases().iter().flat_map(|case| {
        Mode::ALL.map(|mode| {
            let policy = answered(case, mode)?.policy;
            compare_or_bless(&beside(case, &format!(".{}.json", mode.name())), &(policy.to_json() + "\n"))
        })
    }));
}

#[test]
fn every_case_has_its_findings() {
    all(cases().iter().map(|case| {
        let mut text = String::new();
        for finding in answered(case, Mode::LeastPrivilege)?.findings {
            let problem = finding.problem;
            let pointer = if problem.pointer.is_empty() { "the machine" } else { &problem.pointer };
            text.push_str(&format!(
                "{} at {pointer}\n  {}\n  {}\n",
                problem.severity.name(),
                problem.summary,
                problem.detail
            ));
        }
        compare_or_bless(&beside(case, ".findings.txt"), &text)
    }));
}

#[test]
fn what_other_roles_need_is_told_by_role() {
    all(cases().iter().map(|case| {
        let mut modes = Map::new();
        for mode in Mode::ALL {
            let mut roles = Map::new();
            for (role, policy) in answered(case, mode)?.assumed {
                roles.insert(role, serde_json::from_str(&policy.to_json()).expect("a document"));
            }
            if !roles.is_empty() {
                modes.insert(mode.name().to_owned(), Value::Object(roles));
            }
        }
        let file = beside(case, ".assumed.json");
        if modes.is_empty() {
            return if file.exists() { Err(format!("{} is of no use", file.display())) } else { Ok(()) };
        }
        compare_or_bless(&file, &(serde_json::to_string_pretty(&modes).expect("JSON") + "\n"))
    }));
}

#[test]
fn documents_beside_the_policy() {
    let cases = files(&tests_folder().join("machines/documents"), ".asl.json");
    assert!(!cases.is_empty());
    all(cases.iter().flat_map(|case| {
        let definition = fs::read_to_string(case).expect("the case");
        let document = Json::read(&definition).expect("JSON");
        let (machine, _) = parse(&document);
        let settings = settings_of(case, Mode::LeastPrivilege);
        let trust = assume_role_policy(&machine, &settings);
        let minified: Value = serde_json::from_str(&trust.to_minified_json()).expect("JSON");
        assert_eq!(minified, serde_json::from_str::<Value>(&trust.to_json()).expect("JSON"));
        let callback = match callback_policy(&machine, &settings) {
            Some(policy) => policy.to_json(),
            None => "null".to_owned(),
        };
        [
            compare_or_bless(&beside(case, ".trust.json"), &(trust.to_json() + "\n")),
            compare_or_bless(&beside(case, ".callback.json"), &(callback + "\n")),
        ]
    }));
}

#[test]
fn nothing_is_left_without_its_case() {
    for ending in RESULTS.iter().chain(&[".settings.json"]) {
        every_file_has_its_case("machines", ending);
    }
}
