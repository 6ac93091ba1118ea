//! Cases of AWS SDK integrations, read against AWS's service authorization reference: `sdk/SERVICE/API[.VARIANT].asl.json`, and beside it the
//! policy, which is the same in both modes.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::fs;

use sfniam::permissions::Mode;

use support::{all, compare_or_bless, files, policy, settings, tests_folder};

#[test]
fn every_case_has_its_policy() {
    let cases = files(&tests_folder().join("sdk"), ".asl.json");
    assert!(!cases.is_empty());
    all(cases.iter().flat_map(|case| {
        let definition = fs::read_to_string(case).expect("the case");
        Mode::ALL.map(|mode| {
            let (policy, _) =
                policy(&definition, &settings(mode)).map_err(|said| format!("{}: {said}", case.display()))?;
            let name = case.to_string_lossy().replace(".asl.json", ".policy.json");
            compare_or_bless(name.as_ref(), &(policy.to_json() + "\n"))
        })
    }));
}

#[test]
fn no_policy_is_left_without_its_case() {
    for file in files(&tests_folder().join("sdk"), ".policy.json") {
        let case = file.to_string_lossy().replace(".policy.json", ".asl.json");
        assert!(fs::exists(&case).expect("the folder"), "{} has no case", file.display());
    }
}
