//! Inputs that once put a wildcard into a policy without a finding, and what is reported for each of them if
//! wildcards are errors. Most inputs of this kind are cases in `tests/problems/values`.

use serde_json::{Value, json};
use sfniam::finding::{Code, Level};
use sfniam::generator::{Hint, Remedy, Request, Selector, Target, generate};
use sfniam::permissions::Mode;

use crate::support::{all, request, tests_folder};

fn calling(resource: &str, parameters: &Value) -> String {
    let state = json!({"Type": "Task", "Resource": resource, "Parameters": parameters, "End": true});
    json!({"StartAt": "A", "States": {"A": state}}).to_string()
}

/// The codes of what is rejected.
fn refused(asked: &Request) -> Vec<Code> {
    let mut asked = asked.clone();
    asked.on_finding.set(Code::UnresolvedResource, Level::Error).expect("a level that it may have");
    let mut codes: Vec<Code> = match generate(&asked) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(|finding| finding.code).collect(),
    };
    codes.dedup();
    codes
}

#[test]
fn no_literal_passes_for_every_resource() {
    let run_task = json!({"TaskDefinition": "web:3", "Cluster": "main"});
    let service = json!({"TaskDefinition": "web:3", "Cluster": "main", "ServiceName": "web"});
    let instances = json!({"TaskDefinition": "web:3", "Cluster": "main", "ContainerInstances": ["i"]});
    let unnamed = json!({"TaskDefinition": "web:3", "Cluster": "", "Tags": [{"Key": "k", "Value": "v"}]});
    let selecting = |key: &str| json!({"DocumentName": "d", "Targets": [{"Key": key, "Values": ["a"]}]});
    let foreign = "arn:aws:iam::111122223333:role/r";
    let inputs = [
        ("aws-sdk:sfn:startExecution", json!({"StateMachineArn": "orders"}), Code::ImpossibleValue),
        ("aws-sdk:sfn:startExecution", json!({"StateMachineArn": "${Token}"}), Code::UnresolvedResource),
        ("aws-sdk:sfn:startExecution", json!({"StateMachineArn": ""}), Code::ImpossibleValue),
        (
            "aws-sdk:sfn:startExecution",
            json!({"StateMachineArn": "arn:aws:state:eu-west-1:111122223333:stateMachine:orders"}),
            Code::ImpossibleValue,
        ),
        ("aws-sdk:sfn:startExecution", json!({"StateMachineArn": "*"}), Code::ImpossibleValue),
        ("lambda:invoke", json!({"FunctionName": "*"}), Code::ImpossibleValue),
        ("aws-sdk:glue:createJob", json!({"Name": "j", "Role": "arn:aws:s3:::x"}), Code::ImpossibleValue),
        ("aws-sdk:bedrockruntime:invokeModel", json!({"ModelId": foreign}), Code::ImpossibleValue),
        ("aws-sdk:ecs:runTask", run_task.clone(), Code::DangerousWildcard),
        ("aws-sdk:ecs:startTask", instances, Code::DangerousWildcard),
        ("aws-sdk:ecs:createService", service, Code::DangerousWildcard),
        ("ecs:runTask", run_task, Code::DangerousWildcard),
        ("ecs:runTask", unnamed, Code::ImpossibleValue),
        ("aws-sdk:ssm:sendCommand", selecting("zz"), Code::DangerousWildcard),
        ("aws-sdk:ssm:sendCommand", selecting("*"), Code::DangerousWildcard),
        ("aws-sdk:ssm:sendCommand", selecting("tag:"), Code::DangerousWildcard),
        ("aws-sdk:ssm:sendCommand", selecting(""), Code::ImpossibleValue),
        ("sns:publish", json!({"TopicArn": foreign, "Message": "m"}), Code::ImpossibleValue),
        ("sns:publish", json!({"TopicArn": "arn:aws:sns:*:*:*", "Message": "m"}), Code::ImpossibleValue),
        (
            "sns:publish",
            json!({"TopicArn.$": "States.Format('\u{65e5}{}', $.t)", "Message": "m"}),
            Code::InvalidCharacter,
        ),
        ("aws-sdk:kms:decrypt", json!({"KeyId": "garbage", "CiphertextBlob": "b"}), Code::ImpossibleValue),
        ("aws-sdk:dynamodb:getItem", json!({"TableName": "", "Key": {}}), Code::ImpossibleValue),
    ];
    all(inputs.iter().flat_map(|(api, parameters, code)| {
        Mode::ALL.map(|mode| {
            let definition = calling(&format!("arn:aws:states:::{api}"), parameters);
            match refused(&request(&definition, mode)) {
                codes if codes.contains(code) => Ok(()),
                codes => Err(format!("{api} {parameters} {}: {codes:?}, not {code:?}", mode.name())),
            }
        })
    }));
}

/// A hint accepts nothing that IAM would reject, whatever else the policy contains.
#[test]
fn no_text_passes_for_an_arn_in_a_hint() {
    let state = |end: &str| {
        format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{"TopicArn.$": "$.t", "Message": "m"}}, {end}}}"#
        )
    };
    let (first, second) = (state(r#""Next": "B""#), state(r#""End": true"#));
    let definition = format!(r#"{{"StartAt": "A", "States": {{"A": {first}, "B": {second}}}}}"#);
    let texts =
        ["", "x", "?", "arn", "*", "arn:aws:iam::111122223333:role/*", "arn:aws:sns:*:*:*", "\u{430}rn"];
    all(texts.iter().flat_map(|text| {
        Mode::ALL.map(|mode| {
            let mut asked = request(&definition, mode);
            asked.hints.push(Hint {
                selector: Selector::State("A".into()),
                target: Target::Parameter("TopicArn".into()),
                remedy: Remedy::Resources(vec![(*text).to_owned()]),
            });
            let codes = match generate(&asked) {
                Ok(_) => Vec::new(),
                Err(findings) => findings.iter().map(|finding| finding.code).collect(),
            };
            match codes.as_slice() {
                [Code::InvalidHint | Code::HintTooWide] => Ok(()),
                _ => Err(format!("{text:?} {}: {codes:?}", mode.name())),
            }
        })
    }));
}

/// A look-alike name is reported, in the trust policy too.
#[test]
fn a_character_without_width_in_the_name_of_the_machine_is_told() {
    for mode in Mode::ALL {
        let mut asked = request(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#, mode);
        asked.settings.machine_name = Some("a\u{200b}b".to_owned());
        let output = generate(&asked).expect("an answer");
        let told = |code: Code| output.findings.iter().any(|finding| finding.code == code);
        assert!(told(Code::UnwritableCharacter), "{:?}", output.findings);
    }
}

/// What is not JSON is reported by what it is instead.
#[test]
fn oddities_of_json_are_told() {
    for (text, said) in [
        (r#"{"StartAt": 1e999}"#, "number out of range"),
        (r#"{"StartAt": "\ud800"}"#, "hex escape"),
        ("{\"StartAt\": \"A\"\u{0}}", "At line 1, column 16"),
    ] {
        let findings = generate(&request(text, Mode::Template)).expect_err("a fault");
        assert_eq!(findings[0].code, Code::InvalidJson, "{text:?}");
        assert!(findings[0].detail.contains(said), "{text:?}: {}", findings[0].detail);
    }
}

/// Names are data in `state` and `pointer`, which programs compare, and text in `message`, which a person
/// reads; the page says which is which.
#[test]
fn what_a_person_reads_is_escaped_and_what_programs_compare_is_not() {
    let name = "\u{1b}[2J\u{202e}A";
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.t"}, "End": true
    });
    let definition = json!({"StartAt": name, "States": {name: state}}).to_string();
    let output = generate(&request(&definition, Mode::LeastPrivilege)).expect("an answer");
    let finding = output.findings.iter().find(|one| one.code == Code::UnresolvedResource).expect("a finding");
    assert!(finding.state().ends_with(name) && finding.place.pointer.contains(name));
    assert!(finding.message().contains("\\u001b[2J\\u202eA"), "{}", finding.message());
    for (text, reader) in [(finding.message(), "message"), (finding.summary.to_string(), "summary")] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{reader}: {text:?}");
    }
    let page =
        std::fs::read_to_string(tests_folder().join("../docs/data-sources/policy.md")).expect("the page");
    assert!(page.contains("are escaped only in `message`"));
}
