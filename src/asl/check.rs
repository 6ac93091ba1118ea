//! What a reader of a definition should be told, beyond what stops the reading.

use std::collections::{BTreeMap, BTreeSet};

use super::jsonata::SyntaxError;
use super::problem::DefinitionProblem;
use super::state::Successor;
use super::template::is_jsonata;
use super::{Json, Object, QueryLanguage, StateMachine, Workflow, intrinsic, jsonata};
use crate::finding::Finding;
use crate::json::Place;

/// The payload templates of a state, a reader or a writer.
const TEMPLATES: [&str; 9] = [
    "Arguments",
    "Assign",
    "Credentials",
    "ItemBatcher",
    "ItemSelector",
    "Items",
    "Output",
    "Parameters",
    "ResultSelector",
];

/// Checks the payload templates of an object, and that its arguments are in the member that its language has.
pub(super) fn members(
    object: &Object<'_>,
    pointer: &str,
    language: QueryLanguage,
    problems: &mut Vec<Finding>,
) {
    let (other, own) = match language {
        QueryLanguage::JsonPath => ("Arguments", "Parameters"),
        QueryLanguage::Jsonata => ("Parameters", "Arguments"),
    };
    if object.get(other).is_some() {
        let problem = DefinitionProblem::WrongArguments { language, own, other };
        problems.push(Finding::new(&problem, format!("{pointer}/{other}")));
    }
    for key in TEMPLATES {
        if let Some(json) = object.get(key) {
            template(json, &Place::Member(&Place::At(pointer), key), language, problems);
        }
    }
}

fn template(json: &Json<'_>, place: &Place<'_>, language: QueryLanguage, problems: &mut Vec<Finding>) {
    match json {
        Json::Object(object) => {
            for (key, value) in object.iter() {
                let member = Place::Member(place, key);
                match (language, key.strip_suffix(".$")) {
                    (QueryLanguage::JsonPath, Some(name)) => {
                        computed(value, &member, problems);
                        if object.get(name).is_some() {
                            let problem = DefinitionProblem::GivenTwice { name, key };
                            problems.push(Finding::new(&problem, member.to_string()));
                        }
                    }
                    _ => template(value, &member, language, problems),
                }
            }
        }
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                template(element, &Place::Element(place, index), language, problems);
            }
        }
        Json::String(text) => literal(text, place, language, problems),
        _ => {}
    }
}

/// A member whose key ends in `.$`.
fn computed(value: &Json<'_>, place: &Place<'_>, problems: &mut Vec<Finding>) {
    let fits = value.as_str().is_some_and(|text| text.starts_with('$') || text.starts_with("States."));
    if let Some(text) = value.as_str().filter(|text| text.starts_with("States.")) {
        problems.extend(call(text, place));
    }
    if !fits {
        problems.push(Finding::new(&DefinitionProblem::NotDynamic, place.to_string()));
    }
}

/// A call of an intrinsic function. Only a warning: there can be functions that are newer than this list.
fn call(text: &str, place: &Place<'_>) -> Option<Finding> {
    let problem = match intrinsic::check(text)? {
        intrinsic::Doubt::Unreadable => DefinitionProblem::UnreadableCall { text },
        intrinsic::Doubt::UnknownFunction(name) => DefinitionProblem::UnknownFunction { name },
    };
    Some(Finding::new(&problem, place.to_string()))
}

fn literal(text: &str, place: &Place<'_>, language: QueryLanguage, problems: &mut Vec<Finding>) {
    let problem = match language {
        QueryLanguage::JsonPath if text.starts_with("$.") || text.starts_with("$$.") => {
            DefinitionProblem::LiteralPath { text }
        }
        QueryLanguage::JsonPath => return,
        QueryLanguage::Jsonata if is_jsonata(text) => {
            match jsonata::check(text.get(2..text.len() - 2).unwrap_or_default()) {
                Ok(()) => return,
                Err(SyntaxError { wrong, position }) => {
                    DefinitionProblem::UnreadableJsonata { text, position, wrong }
                }
            }
        }
        QueryLanguage::Jsonata => {
            let trimmed = text.trim();
            if trimmed.starts_with("{%") || trimmed.ends_with("%}") {
                DefinitionProblem::UnclosedJsonata { text }
            } else if text.starts_with("$states.") || text.starts_with("$.") {
                DefinitionProblem::LiteralExpression { text }
            } else {
                return;
            }
        }
    };
    problems.push(Finding::new(&problem, place.to_string()));
}

/// `StartAt` and the successors of each state must exist; states that nothing leads to are worth a look.
pub(super) fn reachability(workflow: &Workflow<'_>, problems: &mut Vec<Finding>) {
    let names: BTreeMap<&str, usize> =
        workflow.states.iter().enumerate().map(|(index, state)| (state.name, index)).collect();
    let mut open = Vec::new();
    match names.get(workflow.start_at) {
        Some(index) => open.push(*index),
        None => {
            let problem = match workflow.start_at {
                "" => DefinitionProblem::StartAtMissing,
                name => DefinitionProblem::StartAtNowhere { name },
            };
            problems.push(Finding::new(&problem, format!("{}/StartAt", workflow.pointer)));
        }
    }
    let mut reached: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(index) = open.pop() {
        let Some(state) = workflow.states.get(index) else { continue };
        for Successor { name, place } in state.successors() {
            match names.get(name) {
                Some(index) => {
                    if reached.insert(*index) {
                        open.push(*index);
                    }
                }
                None => {
                    let pointer = format!("{}{place}", state.pointer);
                    problems.push(Finding::new(&DefinitionProblem::NextNowhere { name }, pointer));
                }
            }
        }
    }
    if names.contains_key(workflow.start_at) {
        for (index, state) in workflow.states.iter().enumerate() {
            if !reached.contains(&index) {
                let problem = DefinitionProblem::Unreachable { name: state.name };
                problems.push(Finding::new(&problem, state.pointer.as_str()));
            }
        }
    }
}

/// Names of states are unique in the whole definition.
pub(super) fn names(machine: &StateMachine<'_>, problems: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for state in machine.states() {
        if let Some(other) = first.insert(state.name, &state.pointer) {
            let problem = DefinitionProblem::NameTaken { name: state.name, other };
            problems.push(Finding::new(&problem, state.pointer.as_str()));
        }
    }
}
