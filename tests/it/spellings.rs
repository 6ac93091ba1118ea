//! A call has two spellings: the optimized integration `sqs:sendMessage` and the AWS SDK's
//! `aws-sdk:sqs:sendMessage`. Both make the same request, so both need the same permissions. `spellings.txt`
//! has the exceptions, each with what AWS says; it may only shrink.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use sfniam::integrations::{self, SERVICES};
use sfniam::permissions::Mode;
use sfniam::sdk::catalog;

use crate::support::{files, policy, settings, tests_folder};

/// How the AWS SDK spells a Resource of an optimized integration; `None` if the integration waits for a job,
/// or if the SDK has no such operation.
fn through_the_sdk(resource: &str) -> Option<String> {
    let (service, api) = resource.strip_prefix("arn:aws:states:::")?.split_once(':')?;
    let service = integrations::service(service)?;
    let api = service.api(api)?;
    let mut found = catalog::segments()
        .filter_map(catalog::service)
        .filter(|found| found.segment == service.name || found.prefix == service.name);
    let (segment, operation) =
        found.find_map(|found| Some((found.segment, found.operation(api.name)?.name)))?;
    Some(format!("arn:aws:states:::aws-sdk:{segment}:{operation}"))
}

/// Changes the spelling of every Resource in a definition; returns how many there were.
fn spell_anew(value: &mut Value) -> usize {
    match value {
        Value::Object(members) => {
            let spelt = members.get("Resource").and_then(Value::as_str).and_then(through_the_sdk);
            let here = spelt.map(|spelt| members.insert("Resource".to_owned(), spelt.into())).iter().count();
            here + members.values_mut().map(spell_anew).sum::<usize>()
        }
        Value::Array(elements) => elements.iter_mut().map(spell_anew).sum(),
        _ => 0,
    }
}

/// What a definition's document allows in least privilege: action, resource, conditions.
fn allowed(definition: &str) -> BTreeSet<[String; 3]> {
    let (policy, _) = policy(definition, &settings(Mode::LeastPrivilege))
        .unwrap_or_else(|said| panic!("{definition}\n{said}"));
    let document: Value = serde_json::from_str(&policy.to_json()).expect("JSON");
    let mut allowed = BTreeSet::new();
    for statement in document["Statement"].as_array().expect("statements") {
        let condition = statement.get("Condition").map(Value::to_string).unwrap_or_default();
        for action in texts(&statement["Action"]) {
            for resource in texts(&statement["Resource"]) {
                allowed.insert([action.clone(), resource, condition.clone()]);
            }
        }
    }
    allowed
}

/// A member that is a string or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(elements) => elements.iter().flat_map(texts).collect(),
        other => panic!("neither a string nor a list: {other}"),
    }
}

/// An exception: `service/api | actions | what AWS says | address`.
struct Exception {
    api: String,
    actions: Vec<String>,
}

fn exceptions() -> Vec<Exception> {
    let list = fs::read_to_string(tests_folder().join("spellings.txt")).expect("the list");
    let rows = list.lines().filter(|line| !line.starts_with('#'));
    let exceptions: Vec<Exception> = rows
        .map(|row| {
            let [api, actions, reason, address] = row.split(" | ").collect::<Vec<_>>()[..] else {
                panic!("four cells are needed: {row}")
            };
            assert!(!reason.is_empty() && address.starts_with("https://docs.aws.amazon.com/"), "{row}");
            Exception { api: api.to_owned(), actions: actions.split(", ").map(str::to_owned).collect() }
        })
        .collect();
    assert!(exceptions.len() <= 20, "{} exceptions are too many", exceptions.len());
    exceptions
}

#[test]
fn both_spellings_need_the_same() {
    let folder = tests_folder().join("integrations");
    let exceptions = exceptions();
    let (mut compared, mut used) = (0, BTreeSet::new());
    let mut different = Vec::new();
    for case in files(&folder, ".asl.json") {
        let definition = fs::read_to_string(&case).expect("the case");
        let mut spelt: Value = serde_json::from_str(&definition).expect("JSON");
        if spell_anew(&mut spelt) == 0 {
            continue;
        }
        compared += 1;
        let name = case.strip_prefix(&folder).expect("a case").to_string_lossy().replace('\\', "/");
        let (optimized, sdk) = (allowed(&definition), allowed(&spelt.to_string()));
        for [action, resource, condition] in optimized.symmetric_difference(&sdk) {
            let exception = exceptions
                .iter()
                .find(|one| name.split('.').next() == Some(&one.api) && one.actions.contains(action));
            match exception {
                Some(one) => drop(used.insert((one.api.clone(), action.clone()))),
                None => different.push(format!("{name}: {action} on {resource} {condition}")),
            }
        }
    }
    assert!(compared > 200, "only {compared} cases were compared");
    assert!(different.is_empty(), "these differ by their spelling:\n{}", different.join("\n"));
    for Exception { api, actions } in &exceptions {
        for action in actions {
            let differs = used.contains(&(api.clone(), action.clone()));
            assert!(differs, "{action} of {api} no longer differs; take it off tests/spellings.txt");
        }
    }
}

#[test]
fn every_service_says_what_the_sdk_calls_it() {
    for service in SERVICES {
        for api in service.apis {
            let spelt = through_the_sdk(&format!("arn:aws:states:::{}:{}", service.name, api.name));
            let known = spelt.as_deref().and_then(|spelt| spelt.rsplit_once("aws-sdk:")?.1.split_once(':'));
            let found = known.and_then(|(segment, operation)| integrations::same_request(segment, operation));
            let same = found.map(|(service, api)| (service.name, api.name));
            assert_eq!(
                same,
                spelt.is_some().then_some((service.name, api.name)),
                "{}:{}",
                service.name,
                api.name
            );
        }
    }
}

#[test]
fn every_service_has_cases_that_are_compared_or_no_operations() {
    let without: Vec<&str> = SERVICES
        .iter()
        .filter(|service| {
            !service.apis.iter().any(|api| {
                through_the_sdk(&format!("arn:aws:states:::{}:{}", service.name, api.name)).is_some()
            })
        })
        .map(|service| service.name)
        .collect();
    // For these, the AWS SDK has no operation of the same name; Amazon EMR's have names and parameters of
    // their own.
    assert_eq!(
        without,
        ["apigateway", "elasticmapreduce", "http"],
        "name the AWS SDK's service in `sdk` of its file, or add it here if the AWS SDK has no such operation"
    );
}
