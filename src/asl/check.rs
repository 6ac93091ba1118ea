//! What a reader of a definition should be told, beyond what stops the reading.

use std::collections::{BTreeMap, BTreeSet};

use super::template::is_jsonata;
use super::{Json, Object, Problem, QueryLanguage, StateMachine, Workflow, intrinsic, jsonata};
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
    problems: &mut Vec<Problem>,
) {
    let (other, own) = match language {
        QueryLanguage::JsonPath => ("Arguments", "Parameters"),
        QueryLanguage::Jsonata => ("Parameters", "Arguments"),
    };
    if object.get(other).is_some() {
        let name = language_name(language);
        problems.push(Problem::error(
            format!("{pointer}/{other}"),
            format!("\"{other}\" in a {name} state"),
            format!(
                "A {name} state has \"{own}\". Rename \"{other}\", or change the state's \"QueryLanguage\"."
            ),
        ));
    }
    for key in TEMPLATES {
        if let Some(json) = object.get(key) {
            template(json, &Place::Member(&Place::At(pointer), key), language, problems);
        }
    }
}

fn language_name(language: QueryLanguage) -> &'static str {
    match language {
        QueryLanguage::JsonPath => "JSONPath",
        QueryLanguage::Jsonata => "JSONata",
    }
}

fn template(json: &Json<'_>, place: &Place<'_>, language: QueryLanguage, problems: &mut Vec<Problem>) {
    match json {
        Json::Object(object) => {
            for (key, value) in object.iter() {
                let member = Place::Member(place, key);
                match (language, key.strip_suffix(".$")) {
                    (QueryLanguage::JsonPath, Some(name)) => {
                        computed(value, &member, problems);
                        if object.get(name).is_some() {
                            problems.push(Problem::error(
                                member.to_string(),
                                format!("\"{name}\" is given twice"),
                                format!("\"{name}\" and \"{key}\" set the same member. Remove one of them."),
                            ));
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
fn computed(value: &Json<'_>, place: &Place<'_>, problems: &mut Vec<Problem>) {
    let fits = value.as_str().is_some_and(|text| text.starts_with('$') || text.starts_with("States."));
    if let Some(text) = value.as_str().filter(|text| text.starts_with("States.")) {
        problems.extend(call(text, place));
    }
    if !fits {
        problems.push(Problem::error(
            place.to_string(),
            "Neither a path nor an intrinsic function",
            "The key ends in \".$\", so the value must be a string with a path such as \"$.name\", a variable such as \"$name\", \
             or an intrinsic function such as \"States.Format('{}', $.name)\". For a literal, remove \".$\" from the key.",
        ));
    }
}

/// A call of an intrinsic function. Only a warning: there can be functions that are newer than this list.
fn call(text: &str, place: &Place<'_>) -> Option<Problem> {
    let detail = match intrinsic::check(text)? {
        intrinsic::Doubt::Unreadable => format!(
            "\"{text}\" is no call of an intrinsic function, such as \"States.Format('{{}}', $.name)\": strings stand in single quotes, and every bracket \
             is closed. AWS will refuse the definition. Correct the call."
        ),
        intrinsic::Doubt::UnknownFunction(name) => format!(
            "There is no function \"States.{name}\"; there are {}. AWS will refuse the definition. Correct the name.",
            intrinsic::FUNCTIONS.map(|name| format!("States.{name}")).join(", ")
        ),
    };
    Some(Problem::warning(place.to_string(), "Not an intrinsic function", detail))
}

fn literal(text: &str, place: &Place<'_>, language: QueryLanguage, problems: &mut Vec<Problem>) {
    match language {
        QueryLanguage::JsonPath if text.starts_with("$.") || text.starts_with("$$.") => {
            problems.push(Problem::warning(
                place.to_string(),
                "A path that is taken literally",
                format!("\"{text}\" is plain text here, because the key does not end in \".$\". Add \".$\" to the key if a path is meant."),
            ));
        }
        QueryLanguage::Jsonata if is_jsonata(text) => {
            if let Err(error) = jsonata::check(text.get(2..text.len() - 2).unwrap_or_default()) {
                problems.push(Problem::error(
                    place.to_string(),
                    "This JSONata expression cannot be read",
                    format!(
                        "\"{text}\", character {} behind \"{{%\": {} AWS will refuse the definition. Correct the expression.",
                        error.position, error.message
                    ),
                ));
            }
        }
        QueryLanguage::Jsonata => {
            let trimmed = text.trim();
            if trimmed.starts_with("{%") || trimmed.ends_with("%}") {
                problems.push(Problem::error(
                    place.to_string(),
                    "A JSONata expression that is not closed",
                    format!("\"{text}\": an expression begins with \"{{%\" and ends with \"%}}\", with nothing outside, not even blanks."),
                ));
            } else if text.starts_with("$states.") || text.starts_with("$.") {
                problems.push(Problem::warning(
                    place.to_string(),
                    "An expression that is taken literally",
                    format!(
                        "\"{text}\" is plain text here. Write \"{{% {text} %}}\" if an expression is meant."
                    ),
                ));
            }
        }
        _ => {}
    }
}

/// `StartAt` and the successors of each state must exist; states that nothing leads to are worth a look.
pub(super) fn reachability(workflow: &Workflow<'_>, problems: &mut Vec<Problem>) {
    let names: BTreeMap<&str, usize> =
        workflow.states.iter().enumerate().map(|(index, state)| (state.name, index)).collect();
    let mut open = Vec::new();
    match names.get(workflow.start_at) {
        Some(index) => open.push(*index),
        None => {
            let (summary, what) = match workflow.start_at {
                "" => ("\"StartAt\" is missing", String::new()),
                other => (
                    "\"StartAt\" names no state",
                    format!("There is no state \"{other}\"; capital letters count. "),
                ),
            };
            problems.push(Problem::warning(
                format!("{}/StartAt", workflow.pointer),
                summary,
                format!(
                    "{what}AWS will refuse the definition. Set \"StartAt\" to the name of a state in the same \"States\"."
                ),
            ));
        }
    }
    let mut reached: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(index) = open.pop() {
        let Some(state) = workflow.states.get(index) else { continue };
        for (key, position, next) in successors(state.members) {
            match names.get(next) {
                Some(index) => {
                    if reached.insert(*index) {
                        open.push(*index);
                    }
                }
                None => problems.push(Problem::warning(
                    match position {
                        Some(position) => format!("{}/{key}/{position}/Next", state.pointer),
                        None => format!("{}/{key}", state.pointer),
                    },
                    format!("There is no state \"{next}\""),
                    "AWS will refuse the definition. Name a state of the same \"States\".",
                )),
            }
        }
    }
    if names.contains_key(workflow.start_at) {
        for (index, state) in workflow.states.iter().enumerate() {
            if !reached.contains(&index) {
                problems.push(Problem::warning(
                    state.pointer.clone(),
                    "Nothing leads to this state",
                    "Its permissions are in the policy all the same. Remove the state, or lead to it by \"Next\", \"Default\", \"Choices\" or \"Catch\".",
                ));
            }
        }
    }
}

/// The names of the states that a state can go to, each with the member that names it: a key, and for lists the position.
fn successors<'a>(members: &'a Object<'a>) -> Vec<(&'static str, Option<usize>, &'a str)> {
    let mut successors = Vec::new();
    for key in ["Next", "Default"] {
        if let Some(next) = members.get(key).and_then(Json::as_str) {
            successors.push((key, None, next));
        }
    }
    for key in ["Choices", "Catch"] {
        for (index, rule) in members.get(key).and_then(Json::as_array).unwrap_or_default().iter().enumerate()
        {
            if let Some(next) = rule.as_object().and_then(|rule| rule.get("Next")).and_then(Json::as_str) {
                successors.push((key, Some(index), next));
            }
        }
    }
    successors
}

/// Names of states are unique in the whole definition.
pub(super) fn names(machine: &StateMachine<'_>, problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for state in machine.states() {
        if let Some(other) = first.insert(state.name, &state.pointer) {
            problems.push(Problem::warning(
                state.pointer.clone(),
                format!("The name \"{}\" is taken", state.name),
                format!("AWS wants names that are unique in the whole definition, but \"{other}\" has the same. Rename one of them."),
            ));
        }
    }
}
