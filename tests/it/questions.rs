//! Arguments other than the definition: hints, unresolved values, sizes, tokens, a fixed input, and every
//! message about them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use sfniam::finding::{Code, Finding, Level, OnFinding};
use sfniam::generator::{Hint, Output, Remedy, Request, Selector, Target, generate};
use sfniam::permissions::Mode;

use crate::support::{files, request, tests_folder};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:orders";
const OTHER: &str = "arn:aws:sns:eu-west-1:111122223333:invoices";

/// Two messages to topics known only at run time, and a call of a known function.
fn definition() -> Value {
    let publish = |topic: &str, next: &str| {
        json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": next,
               "Parameters": {"TopicArn.$": topic, "Message": "m"}})
    };
    json!({"StartAt": "First", "States": {
        "First": publish("$.first", "Second"),
        "Second": publish("$.second", "Call"),
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true},
    }})
}

fn ask(change: impl FnOnce(&mut Request)) -> Result<Output, Vec<Finding>> {
    let mut asked = request(&definition().to_string(), Mode::LeastPrivilege);
    change(&mut asked);
    generate(&asked)
}

fn hint(selector: Selector, parameter: &str, resources: &[&str]) -> Hint {
    let resources = resources.iter().map(|resource| (*resource).to_owned()).collect();
    Hint { selector, target: Target::Parameter(parameter.to_owned()), remedy: Remedy::Resources(resources) }
}

fn accepting(selector: Selector, target: Target) -> Hint {
    Hint { selector, target, remedy: Remedy::Accept("Tenants create their own topics.".to_owned()) }
}

fn state(name: &str) -> Selector {
    Selector::State(name.to_owned())
}

fn integration(name: &str) -> Selector {
    Selector::Integration(name.to_owned())
}

/// The resources that an action is allowed on.
fn resources(output: &Output, action: &str) -> Vec<String> {
    let statements = output.policy.statements.iter();
    let of_action = statements.filter(|statement| statement.actions.iter().any(|own| own == action));
    of_action.flat_map(|statement| statement.resources.clone()).collect()
}

/// Argument, summary and detail of the only fault.
fn fault(result: Result<Output, Vec<Finding>>) -> (&'static str, Option<usize>, String, String) {
    let faults = result.expect_err("a fault");
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = &faults[0];
    (
        fault.place.argument.name,
        fault.place.argument.block,
        fault.summary.to_string(),
        fault.detail.to_string(),
    )
}

#[test]
fn a_hint_replaces_what_a_state_or_an_integration_leaves_open() {
    for selector in [state("First"), state("States.First"), state("/States/First")] {
        let output =
            ask(|request| request.hints = vec![hint(selector, "TopicArn", &[TOPIC])]).expect("an answer");
        // The second state is as open as before, and in least privilege its wildcard covers the first.
        assert_eq!(resources(&output, "sns:Publish"), ["arn:aws:sns:eu-west-1:111122223333:*"]);
        let open = output.findings.iter().filter(|finding| finding.code == Code::UnresolvedResource);
        assert_eq!(open.map(|finding| finding.state()).collect::<Vec<_>>(), ["States.Second"]);
    }
    for selector in [integration("sns:publish"), integration("sns:publish")] {
        let hints = vec![hint(selector, "topicarn", &[TOPIC, OTHER])];
        let output = ask(|request| request.hints = hints).expect("an answer");
        assert_eq!(resources(&output, "sns:Publish"), [OTHER, TOPIC]);
        assert!(output.findings.iter().all(|finding| finding.code != Code::UnresolvedResource));
    }
}

#[test]
fn wildcards_of_a_hint_are_the_users_own() {
    let pattern = "arn:aws:sns:eu-west-1:111122223333:order-*";
    let output =
        ask(|request| request.hints = vec![hint(integration("sns:publish"), "TopicArn", &[pattern])]);
    let output = output.expect("an answer");
    assert_eq!(resources(&output, "sns:Publish"), [pattern]);
    let kinds: Vec<&str> =
        output.explanation.iter().flat_map(|row| &row.wildcards).map(|why| why.kind.name()).collect();
    assert_eq!(kinds, ["hint"]);
}

#[test]
fn a_hint_must_match_and_may_not_widen() {
    let first = || state("First");
    for mode in Mode::ALL {
        for (hint, code, place, said) in [
            (
                hint(state("Frist"), "TopicArn", &[TOPIC]),
                Code::HintWithoutState,
                ("state", None),
                "There is no state \"Frist\"; there are \"First\"",
            ),
            (
                hint(integration("sqs:sendMessage"), "QueueUrl", &[TOPIC]),
                Code::HintWithoutState,
                ("integration", None),
                "No task has the integration \"sqs:sendMessage\"; there are",
            ),
            (
                hint(state("Call"), "FunctionName", &[TOPIC]),
                Code::HintWithoutMatch,
                ("parameter", None),
                "its resources are known already. Remove the hint.",
            ),
            (
                hint(first(), "Topic", &[TOPIC]),
                Code::HintWithoutMatch,
                ("parameter", None),
                "State \"First\" has no wildcard for \"Topic\"; it has one for \"TopicArn\".",
            ),
            (
                hint(first(), "TopicArn", &["x"]),
                Code::InvalidHint,
                ("resources", Some(0)),
                "\"x\" is not an ARN.",
            ),
            (
                hint(first(), "TopicArn", &[""]),
                Code::InvalidHint,
                ("resources", Some(0)),
                "\"\" is not an ARN.",
            ),
            (
                hint(first(), "TopicArn", &[TOPIC, "*"]),
                Code::InvalidHint,
                ("resources", Some(1)),
                "\"*\" is not an ARN.",
            ),
            (
                hint(first(), "TopicArn", &["arn:aws:sns:eu-west-1:111122223333:*"]),
                Code::HintTooWide,
                ("resources", Some(0)),
                "is as wide as what it replaces. Name the resources.",
            ),
            (
                hint(first(), "TopicArn", &["arn:aws:sns:us-east-1:111122223333:orders"]),
                Code::HintTooWide,
                ("resources", Some(0)),
                "is not within \"arn:aws:sns:eu-west-1:111122223333:*\", the resource of \"TopicArn\" without the hint.",
            ),
            (
                hint(first(), "TopicArn", &["arn:aws:iam::111122223333:role/r"]),
                Code::HintTooWide,
                ("resources", Some(0)),
                "name resources of that type and Region.",
            ),
        ] {
            let faults = asked(mode, vec![hint.clone()]).expect_err("a fault");
            let [fault] = faults.as_slice() else { panic!("{faults:?}") };
            let argument = &fault.place.argument;
            assert_eq!(
                (fault.code, argument.name, argument.block),
                (code, "resource_hint", Some(0)),
                "{hint:?}"
            );
            assert_eq!((argument.member.unwrap_or_default(), argument.element), place, "{hint:?}");
            assert!(fault.detail.contains(said), "{}", fault.detail);
        }
    }
}

fn asked(mode: Mode, hints: Vec<Hint>) -> Result<Output, Vec<Finding>> {
    generate(&Request { hints, ..request(&definition().to_string(), mode) })
}

#[test]
fn what_an_earlier_hint_took_is_said() {
    let hints = || {
        vec![
            hint(state("First"), "TopicArn", &[TOPIC]),
            hint(integration("sns:publish"), "TopicArn", &[OTHER]),
        ]
    };
    // The second one still has the second state.
    assert!(asked(Mode::LeastPrivilege, hints()).is_ok());
    let twice = [hints(), vec![hint(state("Second"), "TopicArn", &[TOPIC])]].concat();
    for mode in Mode::ALL {
        let faults = asked(mode, twice.clone()).expect_err("a fault");
        assert_eq!((faults[0].code, faults[0].place.argument.block), (Code::HintTwice, Some(2)));
        assert!(faults[0].detail.contains("resource_hint[1], counted from 0, has replaced it"), "{faults:?}");
    }
}

#[test]
fn an_exact_resource_of_another_account_is_allowed_and_told() {
    let elsewhere = "arn:aws:sns:eu-west-1:444455556666:orders";
    for mode in Mode::ALL {
        let output =
            asked(mode, vec![hint(integration("sns:publish"), "TopicArn", &[elsewhere])]).expect("a policy");
        assert_eq!(resources(&output, "sns:Publish"), [elsewhere]);
        let told =
            output.findings.iter().find(|finding| finding.code == Code::CrossAccount).expect("a finding");
        assert!(told.detail.contains("\"444455556666\""), "{told:?}");
        let wide = hint(state("First"), "TopicArn", &["arn:aws:sns:eu-west-1:444455556666:*"]);
        assert_eq!(asked(mode, vec![wide]).expect_err("a fault")[0].code, Code::HintTooWide);
    }
}

#[test]
fn a_wildcard_is_accepted_with_a_reason() {
    for target in [Target::Parameter("TopicArn".to_owned()), Target::Action("SNS:publish".to_owned())] {
        for mode in Mode::ALL {
            let mut strict = OnFinding::default();
            strict.set(Code::UnresolvedResource, Level::Error).expect("it may be raised");
            let before = asked(mode, Vec::new()).expect("a policy");
            let hints = vec![accepting(integration("sns:publish"), target.clone())];
            let accepted = Request { hints, on_finding: strict, ..request(&definition().to_string(), mode) };
            let output = generate(&accepted).expect("a policy");
            assert_eq!(output.policy, before.policy);
            // Topics may be encrypted, which is reported whether or not the wildcard is accepted.
            let about_wildcards = output.findings.iter().filter(|finding| finding.code != Code::UnnamedKey);
            let about_wildcards: Vec<_> = about_wildcards.collect();
            let told: Vec<(Code, &str)> =
                about_wildcards.iter().map(|finding| (finding.code, finding.severity.name())).collect();
            assert_eq!(told, [(Code::AcceptedWildcard, "info"); 2]);
            assert!(
                about_wildcards[0].detail.ends_with(": Tenants create their own topics."),
                "{about_wildcards:?}"
            );
        }
    }
}

/// The template grants `sqs:*` of a queue by a wildcard where least privilege names it, or the other way
/// round.
#[test]
fn a_hint_for_the_other_mode_is_no_error() {
    let mut found = 0;
    for case in files(&tests_folder().join("integrations"), ".dynamic.asl.json") {
        let text = fs::read_to_string(&case).expect("the case");
        for (mode, other) in [(Mode::Template, Mode::LeastPrivilege), (Mode::LeastPrivilege, Mode::Template)]
        {
            let open = |mode: Mode| -> Vec<(String, String)> {
                let output = generate(&request(&text, mode)).expect("a policy");
                let open = output.findings.iter().filter(|one| one.code == Code::UnresolvedResource);
                open.map(|one| (one.state(), one.parameter.clone())).collect()
            };
            let own = open(mode);
            for (name, parameter) in
                open(other).iter().filter(|one| !own.iter().any(|(_, own)| *own == one.1))
            {
                let hints = vec![accepting(state(name), Target::Parameter(parameter.clone()))];
                let output = generate(&Request { hints, ..request(&text, mode) });
                let output = output.unwrap_or_else(|faults| panic!("{}: {faults:?}", case.display()));
                let codes: Vec<Code> = output.findings.iter().map(|one| one.code).collect();
                assert!(
                    codes.contains(&Code::HintWithoutEffect) || codes.contains(&Code::AcceptedWildcard),
                    "{}: {codes:?}",
                    case.display()
                );
                found += usize::from(codes.contains(&Code::HintWithoutEffect));
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn states_are_found_whichever_way_their_accents_are_composed() {
    let composed = "Gr\u{f6}\u{df}e";
    let decomposed = "Gro\u{308}\u{df}e";
    for (own, hinted) in [(composed, decomposed), (decomposed, composed), (decomposed, decomposed)] {
        let text = definition().to_string().replace("First", own);
        let hints = vec![hint(state(hinted), "TopicArn", &[TOPIC])];
        let output = generate(&Request { hints, ..request(&text, Mode::LeastPrivilege) }).expect("a policy");
        let open = output.findings.iter().filter(|finding| finding.code == Code::UnresolvedResource);
        assert_eq!(open.map(Finding::state).collect::<Vec<_>>(), ["States.Second"]);
    }
}

#[test]
fn a_hint_narrows_a_condition_too() {
    let call = json!({"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true, "Parameters": {
        "ApiEndpoint.$": "$.url", "Method": "GET",
        "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:111122223333:connection/c/1a2b3c4d-0000-1111-2222-333344445555"}}}}});
    let mut asked = request(&call.to_string(), Mode::LeastPrivilege);
    let open = generate(&asked).expect("an answer").policy.to_json();
    assert!(!open.contains("states:HTTPEndpoint"), "{open}");
    asked.hints = vec![hint(state("Call"), "Endpoint", &["https://api.example.com/*"])];
    let (_, _, _, detail) = fault(generate(&asked));
    assert!(detail.contains("it has one for \"ApiEndpoint\". Correct the name"), "{detail}");
    asked.hints = vec![hint(state("Call"), "ApiEndpoint", &["https://api.example.com/*"])];
    let narrowed = generate(&asked).expect("an answer");
    assert!(narrowed.policy.to_json().contains("https://api.example.com/*"));
    assert!(
        narrowed.findings.iter().all(|finding| finding.code != Code::UnresolvedResource),
        "{:?}",
        narrowed.findings
    );
}

#[test]
fn what_is_not_resolved_can_be_an_error() {
    let mut strict = OnFinding::default();
    strict.set(Code::UnresolvedResource, Level::Error).expect("it may be raised");
    let errors = ask(|request| request.on_finding = strict.clone()).expect_err("two errors");
    let places: Vec<&str> = errors.iter().map(|error| error.place.pointer.as_str()).collect();
    assert_eq!(places, ["/States/First/Parameters/TopicArn.$", "/States/Second/Parameters/TopicArn.$"]);
    assert_eq!(errors[0].summary, "sns:Publish on every topic");
    assert_eq!(
        errors[0].message(),
        "Task \"First\" takes \"TopicArn\" from $.first, known only at run time, so sns:Publish is allowed on every topic. Write the ARN, or add \
         resource_hint { state = \"First\", parameter = \"TopicArn\", resources = […] }. [unresolved-resource]"
    );
    let hints = vec![hint(integration("sns:publish"), "TopicArn", &[TOPIC])];
    assert!(ask(|request| (request.on_finding, request.hints) = (strict, hints)).is_ok());
}

/// Tasks on many resources of two services, some of them covered by a wildcard.
fn large(mode: Mode) -> Request {
    let mut states = serde_json::Map::new();
    let pattern = format!("States.Format('{TOPIC}-{{}}', $.x)");
    let task = |resource: &str, parameters: Value, next: String| json!({"Type": "Task", "Resource": resource, "Parameters": parameters, "Next": next});
    let any = task("arn:aws:states:::sns:publish", json!({"TopicArn.$": pattern}), "Publish 0".to_owned());
    states.insert("Any".to_owned(), any);
    for number in 0..60 {
        let topic = format!("{TOPIC}-{number}");
        states.insert(
            format!("Publish {number}"),
            task("arn:aws:states:::sns:publish", json!({"TopicArn": topic}), format!("Get {number}")),
        );
        let table = format!("table-{number}");
        states.insert(
            format!("Get {number}"),
            task(
                "arn:aws:states:::dynamodb:getItem",
                json!({"TableName": table}),
                format!("Publish {}", number + 1),
            ),
        );
    }
    states.insert("Publish 60".to_owned(), json!({"Type": "Succeed"}));
    request(&json!({"StartAt": "Any", "States": states}).to_string(), mode)
}

#[test]
fn a_document_is_made_smaller_before_it_is_refused() {
    let whole = generate(&large(Mode::Template)).expect("an answer");
    let covered =
        generate(&Request { size_limit: whole.size - 1, ..large(Mode::Template) }).expect("a smaller answer");
    assert!(covered.size < whole.size);
    assert_eq!(resources(&whole, "sns:Publish").len(), 61);
    assert_eq!(resources(&covered, "sns:Publish"), [format!("{TOPIC}-*")]);
    // The parts do not change with the limit.
    assert_eq!(covered.by_service, whole.by_service);

    let (argument, _, summary, detail) =
        fault(generate(&Request { size_limit: 500, ..large(Mode::Template) }));
    assert_eq!((argument, summary.as_str()), ("size_limit", "The policy is too large"));
    let size =
        detail.strip_prefix("The policy has ").and_then(|rest| rest.split(' ').next()).expect("a size");
    assert!(size.parse::<u64>().expect("a number") > 500);
    assert!(
        detail.contains("but the limit is 500.") && detail.contains("attach each of \"documents\""),
        "{detail}"
    );
}

#[test]
fn a_part_stays_as_it_is_when_another_service_changes() {
    let before = ask(|_| {}).expect("an answer").by_service;
    let mut changed = definition();
    changed["States"]["Call"]["Parameters"]["FunctionName"] = json!("g");
    let after = generate(&request(&changed.to_string(), Mode::LeastPrivilege)).expect("an answer").by_service;
    assert_eq!(before.keys().collect::<Vec<_>>(), ["lambda", "sns"]);
    assert_eq!(before["sns"], after["sns"]);
    assert_ne!(before["lambda"], after["lambda"]);
}

#[test]
fn tokens_get_their_values() {
    let text = definition().to_string().replace("$.first", "$.given").replace("\"f\"", "\"${Name}\"");
    let given = |pairs: &[(&str, &str)]| -> Option<BTreeMap<String, String>> {
        Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    };
    let asked = |substitutions| generate(&Request { substitutions, ..request(&text, Mode::LeastPrivilege) });
    let answered = asked(given(&[("Name", "price")])).expect("an answer");
    assert_eq!(
        resources(&answered, "lambda:InvokeFunction"),
        ["arn:aws:lambda:eu-west-1:111122223333:function:price"]
    );

    let (argument, _, summary, detail) = fault(asked(given(&[])));
    assert_eq!((argument, summary.as_str()), ("definition_substitutions", "Tokens without a value"));
    assert_eq!(detail, "The definition has ${Name}. Add a value for each to \"definition_substitutions\".");
    // Several state machines may share a map, so an unused value is not an error.
    let shared = asked(given(&[("Name", "price"), ("Nome", "x")])).expect("an answer");
    let unused: Vec<_> = shared.findings.iter().filter(|it| it.code == Code::UnusedSubstitution).collect();
    let [unused] = unused.as_slice() else { panic!("{:?}", shared.findings) };
    assert!(unused.detail.contains("\"Nome\"") || unused.detail.contains("${Nome}"), "{}", unused.detail);
    let left = asked(None).expect("an answer").findings;
    assert!(left.iter().any(|finding| finding.code == Code::LeftOverToken), "{left:?}");
}

#[test]
fn a_fixed_input_is_followed_and_marked() {
    let input = json!({"first": TOPIC}).to_string();
    let answered = ask(|request| request.input = Some(input)).expect("an answer");
    let rows: Vec<(&str, bool)> = answered
        .explanation
        .iter()
        .flat_map(|row| row.states.iter().map(|(path, _)| (path.as_str(), row.assumes_input)))
        .collect();
    assert_eq!(rows, [("States.Call", false), ("States.Second", false), ("States.First", true)]);
    let open = answered.findings.iter().filter(|finding| finding.code == Code::UnresolvedResource);
    assert_eq!(open.map(|finding| finding.state()).collect::<Vec<_>>(), ["States.Second"]);

    let (argument, _, summary, detail) = fault(ask(|request| request.input = Some("{".to_owned())));
    assert_eq!((argument, summary.as_str()), ("input", "The input is not JSON"));
    assert!(
        detail.starts_with("\"input\" is not JSON. At line 1, column 2: ")
            && detail.ends_with("for instance by jsonencode."),
        "{detail}"
    );

    let (_, _, summary, detail) = fault(ask(|request| request.input = Some("[]".to_owned())));
    assert_eq!(summary, "The input is not an object");
    assert!(detail.starts_with("\"input\" is an array. Give a JSON object "), "{detail}");
}
