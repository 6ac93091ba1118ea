//! Each path, call of an intrinsic function and expression of a definition is parsed once on the whole way
//! from the request to the output.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::asl::reads::{Read, again, during};

fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            definitions(&path, found);
        } else if path.to_string_lossy().ends_with(".asl.json") {
            found.push(path);
        }
    }
}

/// The texts by the parser that read them.
fn by_kind(reads: &[Read]) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for read in reads {
        found.entry(read.kind).or_default().push(&read.text);
    }
    found
}

#[test]
fn no_text_of_a_definition_is_parsed_twice() {
    let mut paths = Vec::new();
    for folder in ["tests/machines", "tests/problems", "tests/integrations"] {
        definitions(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    }
    let mut counts = BTreeMap::new();
    for path in paths {
        let request = Request::new(fs::read_to_string(&path).unwrap(), Settings::default());
        let (_, reads) = during(|| generate(&request));
        for (kind, texts) in by_kind(&reads) {
            *counts.entry(kind.to_owned()).or_insert(0) += texts.len();
        }
        let twice = again(reads);
        assert!(twice.is_empty(), "{}: {twice:?}", path.display());
    }
    for kind in ["path", "call", "expression"] {
        assert!(counts.get(kind).is_some_and(|count| *count > 20), "{counts:?}");
    }
}

/// Every place of a text that is parsed: each is read, and once.
#[test]
fn every_text_of_a_definition_is_parsed() {
    let definition = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "InputPath": "$.in",
            "Parameters": {"TopicArn.$": "$.topic", "Message.$": "States.Format('{}', $.name)"},
            "ResultSelector": {"r.$": "$.selected"}, "ResultPath": "$.result", "OutputPath": "$.out",
            "TimeoutSecondsPath": "$.timeout", "HeartbeatSecondsPath": "$.heartbeat",
            "Assign": {"v.$": "$.assigned"},
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": "C"}],
            "Next": "B"},
        "B": {"Type": "Choice", "Choices": [
            {"And": [{"Variable": "$.one", "StringEqualsPath": "$.two"},
                {"Not": {"Variable": "$.three", "IsPresent": true}}], "Next": "C"}], "Default": "C"},
        "C": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::sns:publish",
            "Arguments": {"TopicArn": "{% $states.input.arn %}"}, "Output": "{% $states.result %}",
            "Assign": {"w": "{% $states.input.w %}"}, "TimeoutSeconds": "{% $states.input.t %}",
            "Next": "D"},
        "D": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "E"},
        "E": {"Type": "Fail", "CausePath": "$.cause", "ErrorPath": "States.Format('{}', $.error)"}}}"#;
    let (result, reads) = during(|| generate(&Request::new(definition, Settings::default())));
    assert!(result.is_ok(), "{result:?}");
    let mut found = by_kind(&reads);
    found.values_mut().for_each(|texts| texts.sort_unstable());
    let paths = [
        "$.assigned",
        "$.caught",
        "$.cause",
        "$.error",
        "$.heartbeat",
        "$.in",
        "$.name",
        "$.one",
        "$.out",
        "$.result",
        "$.seconds",
        "$.selected",
        "$.three",
        "$.timeout",
        "$.topic",
        "$.two",
    ];
    let expressions = ["$states.input.arn", "$states.input.t", "$states.input.w", "$states.result"];
    let calls = ["States.Format('{}', $.error)", "States.Format('{}', $.name)"];
    assert_eq!(found["path"], paths);
    assert_eq!(found["call"], calls);
    let trimmed: Vec<&str> = found["expression"].iter().map(|text| text.trim()).collect();
    assert_eq!(trimmed, expressions);
    assert_eq!(again(reads), []);
}

#[test]
fn a_text_that_is_parsed_twice_is_seen() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "$.a", "b.$": "$.a"}, "End": true}}}"#;
    let document = Json::read(text).unwrap();
    let (_, reads) = during(|| asl::parse(&document));
    assert_eq!((reads.len(), again(reads).len()), (2, 0));
    let (_, reads) = during(|| (asl::parse(&document), asl::parse(&document)));
    assert_eq!((reads.len(), again(reads).len()), (4, 2));
}
