//! Every message that a definition or a setting can cause: `problems/NAME.asl.json`, settings in `NAME.settings.json`, and in `NAME.txt` what is said: the
//! errors or, if there is none, the findings.

use std::fs;

use sfniam::asl::Problem;
use sfniam::generator::{Request, generate};
use sfniam::permissions::Mode;

use crate::support::settings::settings_of;
use crate::support::{all, beside, compare_or_bless, every_file_has_its_case, files, request, tests_folder};

fn line(about: &str, problem: &Problem) -> String {
    let (state, pointer) = (problem.state(), &problem.pointer);
    let place = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
    let place = if state.is_empty() { place } else { format!("{place} ({state})") };
    format!("{} of {about}{place}\n  {}\n  {}\n", problem.severity.name(), problem.summary, problem.detail)
}

#[test]
fn every_problem_has_its_message() {
    let cases = files(&tests_folder().join("problems"), ".asl.json");
    assert!(!cases.is_empty());
    all(cases.iter().map(|case| {
        let definition = fs::read_to_string(case).expect("the case");
        let mode = Mode::LeastPrivilege;
        let request = Request { settings: settings_of(case, mode), ..request(&definition, mode) };
        let said: String = match generate(&request) {
            Err(faults) => faults.iter().map(|fault| line(fault.argument.0, &fault.problem)).collect(),
            Ok(output) => {
                output.findings.iter().map(|finding| line("definition", &finding.problem)).collect()
            }
        };
        if said.is_empty() {
            return Err(format!("{}: nothing is said", case.display()));
        }
        compare_or_bless(&beside(case, ".txt"), &said)
    }));
}

#[test]
fn nothing_is_left_without_its_case() {
    for ending in [".txt", ".settings.json"] {
        every_file_has_its_case("problems", ending);
    }
}

/// Messages keep to a form: a summary is short and has no full stop, a detail is sentences.
#[test]
fn messages_keep_to_their_form() {
    for file in files(&tests_folder().join("problems"), ".txt") {
        let text = fs::read_to_string(&file).expect("the messages");
        let lines: Vec<&str> = text.lines().collect();
        for message in lines.chunks(3) {
            let [_, summary, detail] = message else { panic!("{} is torn", file.display()) };
            assert!(
                summary.chars().count() <= 90 && !summary.ends_with('.'),
                "{}: {summary}",
                file.display()
            );
            assert!(detail.ends_with(['.', '?']), "{}: {detail}", file.display());
        }
    }
}
