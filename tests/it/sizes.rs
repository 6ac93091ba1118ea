//! The size of the results that hosts keep in plan and state: bounded by the number of states, without losing
//! any code or action.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value as Json;
use sfniam::finding::Severity;
use sfniam::generator::{Output, ReasonKind, Request, generate};
use sfniam::permissions::Mode;
use sfniam::provider::{attribute, explanation, warnings};

use crate::support::arguments::json;
use crate::support::{all, case_name, files, request, tests_folder};

/// In bytes: what each state may add, and a constant part.
const FINDINGS: (usize, usize) = (2 << 10, 16 << 10);
const EXPLANATION: (usize, usize) = (4 << 10, 4 << 10);

/// As JSON, which is how state has them.
fn findings(request: &Request, output: &Output) -> String {
    json(&attribute("findings", request, output).expect("an attribute")).to_string()
}

/// The size of the warnings on the terminal.
fn warned(request: &Request, output: &Output) -> usize {
    let warnings = warnings(request, output);
    warnings.iter().map(|one| one.summary.len() + one.detail.len()).sum()
}

fn within((each, once): (usize, usize), states: usize, bytes: usize, what: &str) -> Result<(), String> {
    if bytes <= each * states + once {
        Ok(())
    } else {
        Err(format!("{bytes} bytes of {what}, {states} states"))
    }
}

/// The actions that all findings have.
fn actions(findings: &str) -> BTreeSet<String> {
    let rows: Vec<Json> = serde_json::from_str(findings).expect("JSON");
    let actions = rows.iter().flat_map(|row| row["actions"].as_array().expect("a list"));
    actions.map(|action| action.as_str().expect("a text").to_owned()).collect()
}

fn kept(request: &Request, output: &Output) -> Result<(), String> {
    let text = findings(request, output);
    let weight = text.len() + warned(request, output);
    within(FINDINGS, output.states, weight, "findings and warnings")?;
    let told: BTreeSet<String> =
        output.findings.iter().flat_map(|finding| finding.actions.to_vec()).collect();
    let rows: Vec<Json> = serde_json::from_str(&text).expect("JSON");
    if actions(&text) != told {
        return Err("an action is lost".to_owned());
    }
    for finding in &output.findings {
        let name = finding.code.name();
        if !rows.iter().any(|row| row["code"] == name && row["severity"] == finding.severity.name()) {
            return Err(format!("{name} is lost"));
        }
    }
    Ok(())
}

fn explained(output: &Output) -> Result<(), String> {
    let explained = json(&explanation(output)).to_string().len();
    within(EXPLANATION, output.states, explained, "explanation")
}

#[test]
fn what_is_said_of_each_case_is_bounded_and_whole() {
    let mut tried = 0;
    let mut results = Vec::new();
    for folder in ["integrations", "sdk", "machines"] {
        for file in files(&tests_folder().join(folder), ".asl.json") {
            let text = fs::read_to_string(&file).expect("a case");
            for mode in Mode::ALL {
                let asked = request(&text, mode);
                let Ok(output) = generate(&asked) else { continue };
                tried += 1;
                let own = |error| format!("{} {}: {error}", case_name(&file), mode.name());
                results.push(kept(&asked, &output).and_then(|()| explained(&output)).map_err(own));
                // No case is so large that any of it would be left out.
                let rows: Vec<Json> = serde_json::from_str(&findings(&asked, &output)).expect("JSON");
                if rows.len() != output.findings.len() {
                    results.push(Err(own("a finding is left out".to_owned())));
                }
            }
        }
    }
    assert!(tried > 1_200, "{tried} are too few");
    all(results);
}

/// Each state of a row that is shared has the expression of its own wildcards there.
fn each_has_its_reasons(output: &Output) -> Result<(), String> {
    for row in &output.explanation {
        for (path, pointer) in &row.states {
            let number = path.trim_start_matches("States.Query ");
            let own = format!("$states.input.query{number} ");
            let run = row.wildcards.iter().filter(|one| one.kind == ReasonKind::Run);
            let mut of_state = run.filter(|one| one.pointers.is_empty() || one.pointers.contains(pointer));
            if let Some(other) =
                of_state.find(|one| one.reason.starts_with("{%") && !one.reason.contains(&own))
            {
                return Err(format!("{path} has {other:?}"));
            }
        }
    }
    Ok(())
}

/// Many states with many findings each.
#[test]
fn what_is_said_of_hundreds_of_states_is_bounded_and_no_kind_is_lost() {
    let case = tests_folder().join("integrations/athena/startQueryExecution.sync.dynamic.asl.json");
    let definition: Json = serde_json::from_str(&fs::read_to_string(case).expect("a case")).expect("JSON");
    let state = definition["States"].as_object().expect("states").values().next().expect("a state");
    let mut states = serde_json::Map::new();
    for number in 0..200 {
        let mut state = state.clone();
        if number < 199 {
            state.as_object_mut().expect("an object").remove("End");
            state["Next"] = format!("Query {}", number + 1).into();
        }
        let own = state.to_string().replace("$states.input.query", &format!("$states.input.query{number}"));
        states.insert(format!("Query {number}"), serde_json::from_str(&own).expect("JSON"));
    }
    let mut definition = definition;
    definition["StartAt"] = "Query 0".into();
    definition["States"] = states.into();
    all(Mode::ALL.map(|mode| {
        let asked = request(&definition.to_string(), mode);
        let output = generate(&asked).expect("an answer");
        let rows: Vec<Json> = serde_json::from_str(&findings(&asked, &output)).expect("JSON");
        assert!(rows.len() * 2 > output.findings.len(), "{} of {}", rows.len(), output.findings.len());
        let is_short = |row: &&Json| row["docs"] == "";
        assert!(rows.iter().any(|row| is_short(&row)), "all have room as they are");
        let grave = |severity: Severity| output.findings.iter().any(|finding| finding.severity == severity);
        assert!(grave(Severity::Warning) && grave(Severity::Info));
        kept(&asked, &output).and_then(|()| explained(&output)).and_then(|()| each_has_its_reasons(&output))
    }));
}
