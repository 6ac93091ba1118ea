//! Inputs that an execution may come to have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value as Json};
use sfniam::protocol::value::Value;

use crate::support::chance::Chance;

use super::option_hints::narrowed;
use super::tokens::{Alike, HOSTILE};
use super::{Asked, analyze};

/// Inputs that change what none of those made from a case changes: the case, and the input. The members that
/// an input does not have may be anything; null is none.
const INPUTS: &[(&str, &str)] = &[
    ("integrations/bedrockagentcore/invokeHarness.no-parameters ", r#"{"RuntimeUserId": null}"#),
    (
        "integrations/dynamodb/updateItem.one-expression ",
        r#"{"request": {"TableName": "orders", "Key": {"id": {"S": "1"}}}}"#,
    ),
    (
        "integrations/ecs/runTask.no-parameters ",
        r#"{"EnableECSManagedTags": false, "PropagateTags": null, "Tags": null}"#,
    ),
    ("integrations/emr-serverless/startJobRun.sync.no-parameters ", r#"{"Tags": null}"#),
    (
        "integrations/http/invoke.dynamic-endpoint ",
        r#"{"authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:111122223333:connection/shop/1234abcd-12ab-34cd-56ef-1234567890ab"}}"#,
    ),
    ("integrations/mediaconvert/createJob.no-parameters ", r#"{"Tags": null}"#),
    (
        "integrations/sagemaker/createHyperParameterTuningJob.no-parameters ",
        r#"{"TrainingJobDefinition": null, "TrainingJobDefinitions": null}"#,
    ),
    (
        "integrations/sns/publish.no-parameters ",
        r#"{"TopicArn": "arn:aws:sns:eu-west-1:111122223333:orders", "TargetArn": null, "PhoneNumber": null}"#,
    ),
];

/// How many inputs have some value for each member that is taken.
const TOGETHER: usize = 96;

/// The beginnings of expressions that take something from the execution's input.
const BEGINNINGS: [&str; 4] =
    ["$.", "$states.input.", "$$.Execution.Input.", "$states.context.Execution.Input."];

/// Inputs with the members that a definition takes, and with those that AWS takes where the input is the
/// request.
pub(super) fn inputs(asked: &Asked, known: &Value, alike: &Alike) -> Vec<Value> {
    let (paths, texts) = taken(asked, known, alike);
    let others =
        [Json::Null, Json::Bool(true), Json::from(5), Json::Array(Vec::new()), Json::Object(Map::new())];
    let values = texts.into_iter().map(Json::from).chain(others);
    let input = |value: Json| {
        let mut input = Json::Object(Map::new());
        for path in &paths {
            set(&mut input, path, &value);
        }
        Value::from(input.to_string().as_str())
    };
    let own = INPUTS.iter().filter(|(case, _)| asked.name.starts_with(case));
    values.map(input).chain(own.map(|(_, input)| Value::from(*input))).collect()
}

/// The paths of the input that a definition takes, and texts for them.
fn taken(asked: &Asked, known: &Value, alike: &Alike) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut paths: BTreeSet<String> = paths_in(&asked.definition).collect();
    let mut texts: BTreeSet<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    for finding in known.get("findings").as_list().unwrap_or_default() {
        let parameter = finding.get("parameter").as_str().unwrap_or_default();
        paths.insert(parameter.to_owned());
        let last = parameter.rsplit(['.', ']', '/']).next().unwrap_or_default();
        texts.extend(alike.get(last).into_iter().flatten().take(6).cloned());
        let resources = finding.get("resources").as_list().unwrap_or_default();
        texts.extend(resources.iter().filter_map(Value::as_str).flat_map(narrowed));
    }
    paths.retain(|path| !path.is_empty());
    (paths, texts)
}

/// The paths of the input that expressions in a text take.
fn paths_in(text: &str) -> impl Iterator<Item = String> {
    let is_of_path = |one: char| one.is_alphanumeric() || "_-.[]*".contains(one);
    BEGINNINGS.into_iter().flat_map(move |beginning| {
        text.match_indices(beginning).map(move |(at, _)| {
            let rest = &text[at + beginning.len()..];
            rest.split(|one| !is_of_path(one)).next().unwrap_or_default().to_owned()
        })
    })
}

/// Sets what is at a path such as `a.b[0].c`. An index counts as the first.
fn set(json: &mut Json, path: &str, value: &Json) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let (name, has_index) = first.split_once('[').map_or((first, false), |(name, _)| (name, true));
    if !json.is_object() {
        *json = Json::Object(Map::new());
    }
    let mut place = &mut json[name];
    if has_index {
        *place = Json::Array(vec![place.as_array().and_then(|all| all.first()).cloned().unwrap_or_default()]);
        place = &mut place[0];
    }
    if rest.is_empty() {
        *place = value.clone();
    } else {
        set(place, rest, value);
    }
}

/// A text, its fields, and its ends: what an expression may put text around.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices([':', '/']).filter_map(move |(at, _)| text.get(at + 1..));
    [text].into_iter().chain(text.split(':')).chain(ends)
}

/// The parameters that cases have in the tasks of each `Resource`.
pub(super) type Requests = BTreeMap<String, Vec<Json>>;

pub(super) fn requests(cases: &[PathBuf]) -> Requests {
    let mut requests = Requests::new();
    for case in cases {
        let definition = fs::read_to_string(case).expect("the case");
        let Ok(json) = serde_json::from_str::<Json>(&definition) else { continue };
        each_object(&json, &mut |object| {
            let parameters = ["Parameters", "Arguments"].iter().find_map(|member| object.get(*member));
            if let (Some(resource), Some(Json::Object(parameters))) = (object.get("Resource"), parameters) {
                let known = parameters.iter().filter(|(name, _)| !name.ends_with(".$"));
                let known = known.map(|(name, value)| (name.clone(), value.clone())).collect();
                let resource = resource.as_str().unwrap_or_default();
                requests.entry(call(resource).to_owned()).or_default().push(Json::Object(known));
            }
        });
    }
    requests
}

/// A `Resource` without its pattern.
fn call(resource: &str) -> &str {
    resource.split_once(".sync").or_else(|| resource.split_once(".wait")).map_or(resource, |(call, _)| call)
}

fn each_object<'j>(json: &'j Json, each: &mut dyn FnMut(&'j Map<String, Json>)) {
    match json {
        Json::Object(members) => {
            each(members);
            members.values().for_each(|one| each_object(one, each));
        }
        Json::Array(elements) => elements.iter().for_each(|one| each_object(one, each)),
        _ => {}
    }
}

/// More inputs, for what those of [`inputs`] do not change: each member that a definition takes has each
/// value by itself, and all of them have some value, above all those that cases have for the parameter that
/// takes it. Where the input is the request, it is one of those of other cases.
pub(super) fn more_inputs(asked: &Asked, alike: &Alike, requests: &Requests) -> Vec<Value> {
    let known = analyze(&asked.definition, &asked.options).unwrap_or(Value::Null);
    let Ok(json) = serde_json::from_str::<Json>(&asked.definition) else { return Vec::new() };
    let (paths, texts) = taken(asked, &known, alike);
    let mut takers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut found: Vec<Json> = Vec::new();
    each_object(&json, &mut |object| {
        for (name, value) in object {
            let elements = value.as_array().into_iter().flatten().filter_map(Json::as_str);
            for path in value.as_str().into_iter().chain(elements).flat_map(paths_in) {
                takers.entry(path).or_default().insert(name.trim_end_matches(".$"));
            }
        }
        if !object.contains_key("Parameters") && !object.contains_key("Arguments") {
            let resource = object.get("Resource").and_then(Json::as_str).unwrap_or_default();
            found.extend(requests.get(call(resource)).into_iter().flatten().cloned());
        }
    });
    let mut chance = Chance::of(&asked.name);
    let fitting: Vec<(&String, Vec<Json>)> = paths
        .iter()
        .map(|path| {
            let names = takers.get(path).into_iter().flatten();
            let own: BTreeSet<&String> = names.filter_map(|name| alike.get(*name)).flatten().collect();
            let own: BTreeSet<&str> = own.into_iter().flat_map(|text| parts(text)).collect();
            let own = own.into_iter().map(Json::from);
            (path, own.flat_map(|text| [Json::Array(vec![text.clone()]), text]).collect())
        })
        .collect();
    let texts: Vec<Json> = texts.into_iter().map(Json::from).collect();
    for (path, own) in &fitting {
        for value in own.iter().chain(&texts) {
            let mut input = Json::Object(Map::new());
            set(&mut input, path, value);
            found.push(input);
        }
    }
    for _ in 0..TOGETHER {
        let mut input = Json::Object(Map::new());
        for (path, own) in &fitting {
            let pool = if own.is_empty() || chance.one_in(4) { &texts } else { own };
            set(&mut input, path, &chance.pick(pool));
        }
        found.push(input);
    }
    found.into_iter().map(|input| Value::from(input.to_string().as_str())).collect()
}
