//! Broken and hostile definitions: an answer or an error that helps, never a panic, never a hang.

use std::fs;
use std::panic::catch_unwind;

use serde_json::{Value, json};
use sfniam::finding::{Code, Finding};
use sfniam::generator::generate;
use sfniam::permissions::Mode;

use crate::support::chance::Chance;
use crate::support::{files, request, sweeping, tests_folder};

/// What mutations are made of: ASL's own words, odd values, odd characters.
const WORDS: &[&str] = &[
    "null",
    "true",
    "-0",
    "1e999",
    "[]",
    "{}",
    "\"\"",
    "\"Type\"",
    "\"Task\"",
    "\"Map\"",
    "\"States\"",
    "\"Resource\"",
    "\"Parameters\"",
    "\"Arguments\"",
    "\"QueryLanguage\":\"JSONata\",",
    "\"x.$\":\"$\",",
    "\"{% $x & 'a' %}\"",
    "\"{%\"",
    "\"$.a[?(@.b)]\"",
    "\"States.Format('{}', $.a)\"",
    "\"arn:aws:states:::sns:publish.sync:2\"",
    "\"arn:aws:states:::aws-sdk:s3:getObject\"",
    "\"arn:\"",
    "\u{0}",
    "\u{fffd}",
    "é",
    "𝄞",
    "\\ud800",
    "\u{202e}",
    "*",
    "?",
    "${",
    "${*}",
    "\\",
    "\"",
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
];

fn mutated(text: &str, chance: &mut Chance) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=chance.below(3) {
        let at = chance.below(characters.len());
        match chance.below(5) {
            0 => characters.truncate(at),
            1 => {
                let end = (at + chance.below(40)).min(characters.len());
                characters.drain(at..end);
            }
            2 => {
                let end = (at + chance.below(80)).min(characters.len());
                let copy: Vec<char> = characters[at..end].to_vec();
                let to = chance.below(characters.len());
                characters.splice(to..to, copy);
            }
            _ => {
                let word = WORDS[chance.below(WORDS.len())];
                let end = (at + chance.below(12)).min(characters.len());
                characters.splice(at..end, word.chars());
            }
        }
        if characters.is_empty() {
            break;
        }
    }
    characters.into_iter().collect()
}

/// Answers in both modes; every error must have a text.
fn tried(definition: &str) {
    for mode in Mode::ALL {
        let asked = request(definition, mode);
        let answered = catch_unwind(|| generate(&asked)).unwrap_or_else(|_| panic_for(definition));
        match answered {
            Ok(output) => assert!(output.size > 0),
            Err(faults) => {
                assert!(!faults.is_empty(), "refused without a reason: {definition}");
                faults.iter().for_each(|fault| helps(fault, definition));
            }
        }
    }
}

#[expect(clippy::panic, reason = "this is the failure of the test")]
fn panic_for(definition: &str) -> ! {
    panic!("a panic for {definition}")
}

fn helps(finding: &Finding, definition: &str) {
    let (summary, detail) = (&finding.summary, &finding.detail);
    assert!(!summary.is_empty() && !summary.ends_with('.'), "{finding:?} for {definition}");
    assert!(detail.ends_with(['.', '?']), "{finding:?} for {definition}");
    assert!(!detail.chars().any(char::is_control), "{finding:?} for {definition}");
    assert!(finding.code != Code::Defect, "{finding:?} for {definition}");
}

/// In a sweep, twenty times as many.
fn rounds(usual: usize) -> usize {
    if sweeping() { 20 * usual } else { usual }
}

#[test]
fn mutated_definitions() {
    let folder = tests_folder();
    let cases: Vec<String> =
        files(&folder, ".asl.json").iter().map(|file| fs::read_to_string(file).expect("the case")).collect();
    let mut chance = Chance::new(0x5F1A_A213);
    for round in 0..rounds(4_000) {
        let case = &cases[round % cases.len()];
        tried(&mutated(case, &mut chance));
    }
}

/// What a value of a definition is replaced by: values of other types, and expressions of every kind.
fn odd_value(chance: &mut Chance) -> Value {
    const TEXTS: [&str; 22] = [
        "",
        "$",
        "$$",
        "$.a[0]['b c'].*",
        "$x.y",
        "States.Format('arn:{}:sns:*:{}', $.a, $$.Execution.Id)",
        "States.ArrayGetItem(States.StringSplit($.a, ':'), 5)",
        "States.JsonMerge($.a, $.b, false)",
        "{% $states.input.a & ':' & $x %}",
        "{% $states.input ? 'arn:aws:sns:eu-west-1:111122223333:t' : ['a', {'b': 1}] %}",
        "{% $map([1..3], function($v) { 's3://b/' & $v }) %}",
        "{% {'TableName': $x, 'Bucket': 'b*?${}'} %}",
        "arn:aws:iam::111122223333:role/r",
        "arn:aws:",
        "arn:::::",
        "s3://",
        "s3://b",
        "https://sqs.eu-west-1.amazonaws.com/111122223333/q",
        "https://x.execute-api.eu-west-1.amazonaws.com",
        "a:b:c:d:e:f:g:h",
        "*?${x}",
        "SELECT * FROM \"a\".\"b",
    ];
    match chance.below(8) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1.5e300),
        3 => json!([]),
        4 => json!({}),
        5 => json!([{"Key.$": "$.a", "Value": [null]}]),
        _ => json!(TEXTS[chance.below(TEXTS.len())]),
    }
}

/// Replaces, removes or renames something somewhere in a value.
fn change(value: &mut Value, chance: &mut Chance) {
    let inside = match value {
        Value::Object(members) => members.len(),
        Value::Array(elements) => elements.len(),
        _ => 0,
    };
    if inside == 0 || chance.below(6) == 0 {
        *value = odd_value(chance);
        return;
    }
    let at = chance.below(inside);
    match value {
        Value::Array(elements) => change(&mut elements[at], chance),
        Value::Object(members) => {
            let Some(key) = members.keys().nth(at).cloned() else { return };
            match chance.below(10) {
                0 => drop(members.remove(&key)),
                1 => {
                    let moved = members.remove(&key).unwrap_or_default();
                    members.insert(format!("{key}.$"), moved);
                }
                2 => drop(members.insert(format!("{key}.$"), odd_value(chance))),
                3 => drop(members.insert("Credentials".to_owned(), json!({"RoleArn": odd_value(chance)}))),
                4 => drop(members.insert("QueryLanguage".to_owned(), json!("JSONata"))),
                _ => change(&mut members[&key], chance),
            }
        }
        _ => {}
    }
}

#[test]
fn changed_values() {
    let cases: Vec<Value> = files(&tests_folder(), ".asl.json")
        .iter()
        .filter_map(|file| serde_json::from_str(&fs::read_to_string(file).expect("the case")).ok())
        .collect();
    assert!(cases.len() > 500, "{} cases are too few", cases.len());
    let mut chance = Chance::new(0x2C1B_3C6D);
    for round in 0..rounds(6_000) {
        let mut case = cases[round % cases.len()].clone();
        for _ in 0..=chance.below(3) {
            change(&mut case, &mut chance);
        }
        tried(&case.to_string());
    }
}

#[test]
fn cut_off_anywhere() {
    let case = fs::read_to_string(tests_folder().join("integrations/batch/submitJob.sync.asl.json"))
        .expect("the case");
    for (end, _) in case.char_indices() {
        tried(case.get(..end).expect("a boundary"));
    }
}

#[test]
fn nested_deeply() {
    for depth in [10, 30, 60, 100, 10_000] {
        let parallel = r#"{"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":["#;
        let inner = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}"#;
        tried(&format!("{}{inner}{}", parallel.repeat(depth), "]}}}".repeat(depth)));
        tried(&"[".repeat(depth));
        tried(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)));
    }
}

#[test]
fn wrong_types_everywhere() {
    for value in ["null", "true", "1", "\"x\"", "[]", "{}", "[[]]", "{\"RoleArn\":1}"] {
        for member in [
            "StartAt",
            "States",
            "QueryLanguage",
            "Type",
            "Resource",
            "Parameters",
            "Credentials",
            "Branches",
            "ItemProcessor",
            "Iterator",
            "ProcessorConfig",
            "ItemReader",
            "ResultWriter",
            "Label",
            "Choices",
            "Catch",
            "Next",
            "Assign",
            "Result",
            "ItemSelector",
            "Arguments",
            "Output",
            "InputPath",
            "OutputPath",
            "ResultPath",
            "ResultSelector",
            "Items",
            "ItemsPath",
            "ItemBatcher",
            "Retry",
            "Default",
        ] {
            for kind in ["Task", "Map", "Parallel", "Pass", "Choice", "Wait", "Succeed", "Fail"] {
                for language in ["JSONPath", "JSONata"] {
                    tried(&format!(
                        r#"{{"StartAt":"A","States":{{"A":{{"Type":"{kind}","QueryLanguage":"{language}","Resource2":"",
                        "{member}":{value},"End":true}}}}}}"#
                    ));
                }
            }
            tried(&format!(r#"{{"{member}":{value}}}"#));
        }
        tried(value);
    }
}

#[test]
fn ten_mebibytes() {
    let blob = "x".repeat(10 << 20);
    tried(&blob);
    tried(&format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Comment":"{blob}","End":true}}}}}}"#));
    let states: Vec<String> = (0..60_000)
        .map(|number| {
            format!(
                r#""S{number}":{{"Type":"Pass","Comment":"{}","Next":"S{}"}}"#,
                "y".repeat(100),
                number + 1
            )
        })
        .collect();
    tried(&format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(",")));
}
