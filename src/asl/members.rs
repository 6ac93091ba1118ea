//! The members that the Amazon States Language has, and what stands where none of them may stand.
//!
//! AWS refuses a definition with a member that it does not know ("Field is not supported"). Here it is an
//! error too: a misspelt or misplaced member means something that would otherwise be missing without a word.
//!
//! Source: "State machine structure" and the pages of each state in the Step Functions developer guide; the
//! Amazon States Language specification.

use super::problem::DefinitionProblem;
use super::{Json, Object, escape_pointer};
use crate::finding::Finding;
use crate::finding::suggest::alike;

/// The longest name of a state, in characters.
const MAX_NAME: usize = 80;

/// Members that every state may have.
const STATE: &[&str] = &["Comment", "QueryLanguage", "Type"];
const DATA: &[&str] = &["InputPath", "Output", "OutputPath"];
const FLOW: &[&str] = &["Assign", "End", "Next"];
const RESULT: &[&str] = &["Catch", "ResultPath", "ResultSelector", "Retry"];

/// The members of a type of state: lists that together hold all of them.
fn of_type(name: &str) -> Option<[&'static [&'static str]; 5]> {
    Some(match name {
        "Task" => [
            STATE,
            DATA,
            FLOW,
            RESULT,
            &[
                "Arguments",
                "Credentials",
                "HeartbeatSeconds",
                "HeartbeatSecondsPath",
                "Parameters",
                "Resource",
                "TimeoutSeconds",
                "TimeoutSecondsPath",
            ],
        ],
        "Map" => [
            STATE,
            DATA,
            FLOW,
            RESULT,
            &[
                "Arguments",
                "ItemBatcher",
                "ItemProcessor",
                "ItemReader",
                "ItemSelector",
                "Items",
                "ItemsPath",
                "Iterator",
                "Label",
                "MaxConcurrency",
                "MaxConcurrencyPath",
                "Parameters",
                "ResultWriter",
                "ToleratedFailureCount",
                "ToleratedFailureCountPath",
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath",
            ],
        ],
        "Parallel" => [STATE, DATA, FLOW, RESULT, &["Arguments", "Branches", "Parameters"]],
        "Pass" => [STATE, DATA, FLOW, &["Parameters", "Result", "ResultPath"], &["Arguments"]],
        "Wait" => [STATE, DATA, FLOW, &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"], &[]],
        "Choice" => [STATE, DATA, &["Assign"], &["Choices", "Default"], &[]],
        "Succeed" => [STATE, DATA, &[], &[], &[]],
        "Fail" => [STATE, &["Cause", "CausePath", "Error", "ErrorPath"], &[], &[], &[]],
        _ => return None,
    })
}

const WORKFLOW: &[&str] =
    &["Comment", "ProcessorConfig", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"];
const PROCESSOR: &[&str] = &["ExecutionType", "Mode"];
const TRANSFER: &[&str] = &["Arguments", "Comment", "Parameters", "ReaderConfig", "Resource", "WriterConfig"];
const RETRIER: &[&str] = &[
    "BackoffRate",
    "Comment",
    "ErrorEquals",
    "IntervalSeconds",
    "JitterStrategy",
    "MaxAttempts",
    "MaxDelaySeconds",
];
const CATCHER: &[&str] = &["Assign", "Comment", "ErrorEquals", "Next", "Output", "ResultPath"];

/// Checks the members of a workflow and of the configuration of a Map's processor.
pub(super) fn workflow(object: &Object<'_>, pointer: &str, problems: &mut Vec<Finding>) {
    only(object, pointer, &[WORKFLOW], problems);
    if let Some(config) = object.get("ProcessorConfig").and_then(Json::as_object) {
        only(config, &format!("{pointer}/ProcessorConfig"), &[PROCESSOR], problems);
    }
}

/// Checks the members of a state, and that it leads on or ends.
pub(super) fn state(name: &str, object: &Object<'_>, pointer: &str, problems: &mut Vec<Finding>) {
    if name.chars().count() > MAX_NAME {
        problems.push(Finding::new(&DefinitionProblem::LongName { name, limit: MAX_NAME }, pointer));
    }
    let Some(kind) = object.get("Type").and_then(Json::as_str) else { return };
    let Some(known) = of_type(kind) else { return };
    only(object, pointer, &known, problems);
    for (key, known) in [("Retry", RETRIER), ("Catch", CATCHER)] {
        for (index, one) in object.get(key).and_then(Json::as_array).unwrap_or_default().iter().enumerate() {
            if let Some(members) = one.as_object() {
                only(members, &format!("{pointer}/{key}/{index}"), &[known], problems);
            }
        }
    }
    for key in ["ItemReader", "ResultWriter"] {
        if let Some(members) = object.get(key).and_then(Json::as_object) {
            only(members, &format!("{pointer}/{key}"), &[TRANSFER], problems);
        }
    }
    if object.get("ItemProcessor").is_some() && object.get("Iterator").is_some() {
        problems.push(Finding::new(&DefinitionProblem::TwoProcessors, format!("{pointer}/Iterator")));
    }
    if known.contains(&FLOW) {
        let ends = object.get("End").and_then(Json::as_bool) == Some(true);
        let problem = match (object.get("Next").is_some(), ends) {
            (true, true) => Some(DefinitionProblem::NextAndEnd { name }),
            (false, false) => Some(DefinitionProblem::NeitherNextNorEnd { name }),
            _ => None,
        };
        problems.extend(problem.map(|problem| Finding::new(&problem, pointer)));
    }
}

/// Checks that no parameter of a call is given in two spellings: Step Functions takes them without regard to
/// the case of their first letter.
pub(super) fn parameters(object: &Object<'_>, pointer: &str, problems: &mut Vec<Finding>) {
    let plain = |key: &str| key.strip_suffix(".$").unwrap_or(key).to_lowercase();
    let mut seen: Vec<(String, &str)> = object.iter().map(|(key, _)| (plain(key), key.as_ref())).collect();
    seen.sort_unstable();
    for pair in seen.windows(2) {
        let [(one, name), (two, key)] = pair else { continue };
        // The same spelling with and without ".$" is told where templates are checked.
        let same_spelling = name.trim_end_matches(".$") == key.trim_end_matches(".$");
        if one == two && !same_spelling {
            let place = format!("{pointer}/{}", escape_pointer(key));
            problems.push(Finding::new(&DefinitionProblem::GivenTwice { name, key }, place));
        }
    }
}

fn only(object: &Object<'_>, pointer: &str, known: &[&[&'static str]], problems: &mut Vec<Finding>) {
    let documented = || known.iter().copied().flatten().copied();
    for (key, _) in object.iter() {
        if documented().any(|name| name == key.as_ref()) {
            continue;
        }
        let similar = alike(key, documented());
        let problem = DefinitionProblem::UnknownMember { name: key, similar };
        problems.push(Finding::new(&problem, format!("{pointer}/{}", escape_pointer(key))));
    }
}
