//! A case for every API and pattern of the catalogue: `integrations/SERVICE/API[.PATTERN][.VARIANT].asl.json`, and beside it the policy in
//! both modes: `….template.json` and `….least_privilege.json`. A case named `….dynamic.asl.json` has its values from the run.

use std::fs;

use sfniam::asl::IntegrationPattern;
use sfniam::integrations::SERVICES;
use sfniam::permissions::Mode;

use crate::support::{
    all, beside, compare_or_bless, every_file_has_its_case, files, policy, settings, tests_folder,
};

#[test]
fn every_case_has_its_policy() {
    let cases = files(&tests_folder().join("integrations"), ".asl.json");
    assert!(!cases.is_empty());
    all(cases.iter().flat_map(|case| {
        let definition = fs::read_to_string(case).expect("the case");
        Mode::ALL.map(|mode| {
            let (policy, _) =
                policy(&definition, &settings(mode)).map_err(|said| format!("{}: {said}", case.display()))?;
            compare_or_bless(&beside(case, &format!(".{}.json", mode.name())), &(policy.to_json() + "\n"))
        })
    }));
}

#[test]
fn no_policy_is_left_without_its_case() {
    for mode in Mode::ALL {
        every_file_has_its_case("integrations", &format!(".{}.json", mode.name()));
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

/// Some file systems know no colons in names.
fn file_suffix(pattern: IntegrationPattern) -> String {
    pattern.suffix().replace(':', "")
}
