//! A character that no policy can have, in each text of each case and in the arguments: each `?` that comes
//! of it is reported, in whatever document it is. `make test` tries a sample that is always the same, `make
//! sweep` all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use sfniam::finding::{Code, Finding};
use sfniam::generator::{Output, Request, generate};
use sfniam::iam::Policy;
use sfniam::permissions::{Mode, Settings};

use crate::support::chance::Chance;
use crate::support::hostile::sampled;
use crate::support::{case_name, files, in_parallel, request, sweeping, tests_folder};

/// One in so many texts is tried without `make sweep`.
const SAMPLE: usize = 12;

/// The resources and the values of conditions in every document, as the JSON has them.
fn texts(output: &Output) -> BTreeSet<String> {
    let policies = std::iter::once(&output.policy).chain(output.assumed.values()).chain(&output.callback);
    let parts = output.by_service.values().map(|part| &**part).chain(&output.documents);
    let mut documents: Vec<String> =
        policies.map(|one| &**one).chain(parts).map(|one: &Policy| one.to_minified_json()).collect();
    documents.push(output.trust.to_minified_json());
    let mut found = BTreeSet::new();
    for document in documents {
        let document: Value = serde_json::from_str(&document).expect("JSON");
        for statement in document["Statement"].as_array().expect("statements") {
            for member in ["Resource", "Condition"] {
                strings(&statement[member], &mut found);
            }
        }
    }
    found
}

fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend([text.clone()]),
        Value::Array(elements) => elements.iter().for_each(|one| strings(one, found)),
        Value::Object(members) => members.values().for_each(|one| strings(one, found)),
        _ => {}
    }
}

/// The texts with a `?` in any document that the same without the character does not have, and that no
/// finding about characters names; and how many there are altogether.
fn silent(before: &BTreeSet<String>, after: &Output, findings: &[Finding]) -> (usize, Vec<String>) {
    let about = findings.iter().filter(|one| one.code == Code::UnwritableCharacter);
    let told: BTreeSet<&String> = about.flat_map(|one| one.resources.iter()).collect();
    let is_open = |text: &&String| text.replace("${?}", "").contains('?');
    let new: Vec<String> = texts(after).difference(before).filter(is_open).cloned().collect();
    (new.len(), new.into_iter().filter(|text| !told.contains(text)).collect())
}

/// The texts of a definition that are not names of states or members: each with its place.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| {
                places(value, &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            });
        }
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(at, value)| places(value, &format!("{place}/{at}"), found));
        }
        Value::String(text) if !text.is_empty() => found.push(place.to_owned()),
        _ => {}
    }
}

/// The same text with the character in it: within an expression in its first literal.
fn strange(text: &str) -> String {
    let is_expression = text.starts_with("{%") || text.starts_with("States.");
    match text.find('\'').filter(|_| is_expression) {
        Some(at) => format!("{}\u{430}{}", &text[..=at], &text[at + 1..]),
        None => format!("{text}\u{430}"),
    }
}

#[test]
fn a_character_that_no_policy_has_is_reported_in_every_document() {
    let mut definitions = Vec::new();
    for folder in ["integrations", "machines", "sdk"] {
        for file in files(&tests_folder().join(folder), ".asl.json") {
            let text = fs::read_to_string(&file).expect("a case");
            let Ok(definition) = serde_json::from_str::<Value>(&text) else { continue };
            definitions.push((case_name(&file), definition));
        }
    }
    let one_in = if sweeping() { 1 } else { SAMPLE };
    let tried = in_parallel(&definitions, |(name, definition)| {
        let (mut seen, mut wrong) = (0, Vec::new());
        let mut chance = Chance::of(name);
        for mode in Mode::ALL {
            let Ok(known) = generate(&request(&definition.to_string(), mode)) else { continue };
            let known = texts(&known);
            let mut places = Vec::new();
            self::places(definition, "", &mut places);
            for place in places.iter().filter(|_| sampled(&mut chance, one_in)) {
                let mut changed = definition.clone();
                let text = changed.pointer_mut(place).expect("a text");
                *text = json!(strange(text.as_str().expect("a text")));
                let Ok(output) = generate(&request(&changed.to_string(), mode)) else { continue };
                let (count, silent) = silent(&known, &output, &output.findings);
                seen += count;
                wrong.extend(silent.iter().map(|text| format!("{name} {place} {}: {text}", mode.name())));
            }
        }
        (seen, wrong)
    });
    let seen: usize = tried.iter().map(|(seen, _)| seen).sum();
    let wrong: Vec<String> = tried.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(seen > 20, "{seen} are too few");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A machine with everything that a document beside the role's own may contain.
fn everything() -> Value {
    let task = |resource: &str, next: &str| json!({"Type": "Task", "Resource": resource, "Next": next});
    let mut machine = json!({"StartAt": "Work", "States": {
        "Work": task("arn:aws:states:eu-west-1:111122223333:activity:r\u{430}te", "Wait"),
        "Wait": task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Assume"),
        "Assume": task("arn:aws:states:::aws-sdk:s3:getObject", "Map"),
        "Map": {"Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Inner", "States": {"Inner": {"Type": "Succeed"}}
        }}
    }});
    let states = &mut machine["States"];
    states["Wait"]["Parameters"] = json!({"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "MessageBody.$": "$$.Task.Token"});
    states["Assume"]["Parameters"] = json!({"Bucket": "b", "Key": "r\u{430}port"});
    states["Assume"]["Credentials"] = json!({"RoleArn": "arn:aws:iam::444455556666:role/reader"});
    machine
}

/// The answer, and how many texts of it have the character, and which of those no finding names.
fn of_settings(definition: &Value, settings: Settings) -> (Output, usize, Vec<String>) {
    let mode = settings.mode;
    let asked = Request { settings, ..request(&definition.to_string(), mode) };
    let output = generate(&asked).unwrap_or_else(|findings| panic!("{findings:?}"));
    let (count, silent) = silent(&BTreeSet::new(), &output, &output.findings);
    (output, count, silent)
}

#[test]
fn the_documents_beside_the_policy_have_no_such_character_unseen() {
    let activity = "arn:aws:states:eu-west-1:111122223333:activity:r\u{430}te";
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let mut standard = everything();
    standard["States"]["Map"]["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = json!("STANDARD");
    for mode in Mode::ALL {
        let settings = || Settings {
            machine_name: Some("M\u{430}chine".to_owned()),
            activity_kms_keys: BTreeMap::from([(activity.to_owned(), key.to_owned())]),
            ..request("", mode).settings
        };
        for definition in [everything(), standard.clone()] {
            let (output, count, silent) = of_settings(&definition, settings());
            assert_eq!(silent, Vec::<String>::new(), "{mode:?}");
            assert!(count >= 4, "{count}");
            for (document, texts) in [
                ("callback", output.callback.iter().map(|one| one.to_json()).collect::<String>()),
                ("assumed", output.assumed.values().map(|one| one.to_json()).collect()),
            ] {
                assert!(texts.contains('?'), "{document}: {texts}");
            }
            // The law sees findings that are missing.
            for kind in ["arn:aws:s3:::b/", ":activity:", ":stateMachine:"] {
                let mut findings = output.findings.clone();
                findings.retain(|one| !one.resources.iter().any(|resource| resource.contains(kind)));
                let (_, silent) = self::silent(&BTreeSet::new(), &output, &findings);
                assert!(!silent.is_empty(), "{kind}");
            }
        }
        let (output, ..) = of_settings(&standard, settings());
        assert!(output.trust.to_json().contains('?'));
    }
}
