//! Whole state machines, and what belongs to the workflow rather than to a task: `machines/NAME.asl.json`,
//! settings in `NAME.settings.json` where they are not those of all cases, and beside them the results: the
//! policy in both modes, the findings of least privilege (`NAME.findings.txt`) and, if there are any, the
//! policies of other roles (`NAME.assumed.json`). Cases below `documents` have the trust policy and the
//! policy of workers too.

use std::path::Path;

use serde_json::{Map, Value};
use sfniam::finding::Finding;
use sfniam::generator::{Output, generate};
use sfniam::permissions::Mode;

use crate::request_of;
use crate::support::{beside, compare_or_bless, tests_folder};

pub(crate) fn check(case: &Path) -> Vec<Result<(), String>> {
    let mut outputs = Vec::new();
    for mode in Mode::ALL {
        match generate(&request_of(case, mode)) {
            Ok(output) => outputs.push((mode, output)),
            Err(faults) => return vec![Err(format!("{faults:#?}"))],
        }
    }
    let mut results = Vec::new();
    for (mode, output) in &outputs {
        let document = output.policy.to_json() + "\n";
        results.push(compare_or_bless(&beside(case, &format!(".{}.json", mode.name())), &document));
        if *mode == Mode::LeastPrivilege {
            results.push(compare_or_bless(&beside(case, ".findings.txt"), &findings(&output.findings)));
            results.extend(documents(case, output));
        }
    }
    results.push(assumed(case, &outputs));
    results
}

fn findings(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let place = &finding.place.pointer;
        let pointer = if place.is_empty() { "the machine" } else { place };
        format!("{} at {pointer}\n  {}\n  {}\n", finding.severity.name(), finding.summary, finding.message())
    };
    findings.iter().map(line).collect()
}

/// What other roles need, by mode and role.
fn assumed(case: &Path, outputs: &[(Mode, Output)]) -> Result<(), String> {
    let mut modes = Map::new();
    for (mode, output) in outputs.iter().filter(|(_, output)| !output.assumed.is_empty()) {
        let document = |policy: &str| serde_json::from_str(policy).expect("a document");
        let roles = output.assumed.iter().map(|(role, policy)| (role.clone(), document(&policy.to_json())));
        modes.insert(mode.name().to_owned(), Value::Object(roles.collect()));
    }
    let file = beside(case, ".assumed.json");
    if modes.is_empty() {
        return if file.exists() { Err(format!("{} is of no use", file.display())) } else { Ok(()) };
    }
    compare_or_bless(&file, &(serde_json::to_string_pretty(&modes).expect("JSON") + "\n"))
}

/// The documents beside the policy.
fn documents(case: &Path, output: &Output) -> Vec<Result<(), String>> {
    if !case.starts_with(tests_folder().join("machines/documents")) {
        return Vec::new();
    }
    let (trust, minified) = (output.trust.to_json(), output.trust.to_minified_json());
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    assert_eq!(read(&minified), read(&trust));
    let callback = output.callback.as_ref().map_or("null".to_owned(), |policy| policy.to_json());
    vec![
        compare_or_bless(&beside(case, ".trust.json"), &(trust + "\n")),
        compare_or_bless(&beside(case, ".callback.json"), &(callback + "\n")),
    ]
}
