//! The files of the cases: each API has its cases, no file is without its case, messages have their form.
//! `tests/cases` compares each case with the files beside it.

use std::fs;

use sfniam::asl::IntegrationPattern;
use sfniam::integrations::SERVICES;

use crate::support::{every_file_has_its_case, files, tests_folder};

#[test]
fn nothing_is_left_without_its_case() {
    let documents: &[&str] = &[".template.json", ".least_privilege.json"];
    let of_machines: &[&str] =
        &[".findings.txt", ".assumed.json", ".trust.json", ".callback.json", ".settings.json"];
    for (folder, endings) in [
        ("integrations", documents),
        ("machines", documents),
        ("machines", of_machines),
        ("problems", &[".txt", ".settings.json"]),
        ("sdk", &[".policy.json"]),
    ] {
        for ending in endings {
            every_file_has_its_case(folder, ending);
        }
    }
}

#[test]
fn every_api_and_pattern_has_a_static_and_a_dynamic_case() {
    let mut missing = Vec::new();
    for service in SERVICES {
        for api in service.apis {
            for pattern in api.patterns {
                let name = format!("{}{}", api.name, file_suffix(*pattern));
                for variant in ["", ".dynamic"] {
                    let case = format!("integrations/{}/{name}{variant}.asl.json", service.name);
                    if !tests_folder().join(&case).is_file() {
                        missing.push(case);
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "these cases are missing:\n{}", missing.join("\n"));
}

/// Some file systems do not allow colons in names.
fn file_suffix(pattern: IntegrationPattern) -> String {
    pattern.suffix().replace(':', "")
}

/// A summary is short and has no full stop, a detail is sentences.
#[test]
fn messages_keep_to_their_form() {
    for file in files(&tests_folder().join("problems"), ".txt") {
        let text = fs::read_to_string(&file).expect("the messages");
        let lines: Vec<&str> = text.lines().collect();
        for message in lines.chunks(3) {
            let [_, summary, detail] = message else { panic!("{} is torn", file.display()) };
            assert!(
                summary.chars().count() <= 250 && !summary.ends_with('.'),
                "{}: {summary}",
                file.display()
            );
            assert!(
                detail.trim_end_matches(|c: char| c != ' ').trim_end().ends_with(['.', '?'])
                    && detail.ends_with(']'),
                "{}: {detail}",
                file.display()
            );
        }
    }
}
