//! A call has two spellings: the optimized integration `sqs:sendMessage` and the AWS SDK's `aws-sdk:sqs:sendMessage`. Both make the same
//! request, so both need the same permissions. `spellings.txt` lists the cases for which that does not hold yet; it may only shrink.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use sfniam::integrations::{self, SERVICES};
use sfniam::permissions::Mode;
use sfniam::sdk::catalog;

use crate::support::{files, policy, settings, tests_folder};

/// How the AWS SDK spells a Resource of an optimized integration; `None` if that waits for an end, or if the SDK has no such operation.
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

/// Spells every Resource in a definition anew; how many there were.
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

/// The document of a definition in least privilege, or what is wrong.
fn document(definition: &str) -> String {
    match policy(definition, &settings(Mode::LeastPrivilege)) {
        Ok((policy, _)) => policy.to_json(),
        Err(said) => said,
    }
}

#[test]
fn both_spellings_need_the_same() {
    let folder = tests_folder().join("integrations");
    let (mut compared, mut different) = (0, BTreeSet::new());
    for case in files(&folder, ".asl.json") {
        let definition = fs::read_to_string(&case).expect("the case");
        let mut spelt: Value = serde_json::from_str(&definition).expect("JSON");
        if spell_anew(&mut spelt) == 0 {
            continue;
        }
        compared += 1;
        if document(&definition) != document(&spelt.to_string()) {
            let name = case.strip_prefix(&folder).expect("a case").to_string_lossy().replace('\\', "/");
            different.insert(name.trim_end_matches(".asl.json").to_owned());
        }
    }
    let list = fs::read_to_string(tests_folder().join("spellings.txt")).expect("the list");
    let listed: BTreeSet<String> =
        list.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert!(compared > 200, "only {compared} cases were compared");
    let new: Vec<_> = different.difference(&listed).collect();
    let mended: Vec<_> = listed.difference(&different).collect();
    assert!(new.is_empty(), "these cases differ by their spelling: {new:#?}");
    assert!(
        mended.is_empty(),
        "these cases no longer differ; take them off tests/spellings.txt: {mended:#?}"
    );
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
    // Of these the AWS SDK has no operation of the same name; Amazon EMR's have names and parameters of their own.
    assert_eq!(without, ["apigateway", "elasticmapreduce", "http"]);
}
