//! Keys of AWS KMS among the parameters of AWS SDK integrations: `catalog/keys.txt` lists each with what the
//! caller needs on it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sfniam::iam::Condition;
use sfniam::permissions::Mode;

use crate::support::{all, policy, settings};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// Operations that are optimized integrations too, whose rows name the key in the form that AWS documents for
/// them: for Athena and EKS without a condition on the service, for Bedrock without
/// `kms:GrantIsForAWSResource`.
const DOCUMENTED_OTHERWISE: [&str; 3] =
    ["athena.StartQueryExecution", "bedrock.CreateModelCustomizationJob", "eks.CreateCluster"];

/// A line of the list.
struct Row<'l> {
    operation: &'l str,
    path: &'l str,
    kind: &'l str,
    via: Vec<&'l str>,
    /// Parameters that the row requires, as PARAMETER, or PARAMETER~TEXT: with this text at their end.
    when: Vec<(&'l str, &'l str)>,
    actions: BTreeSet<&'l str>,
}

fn list() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/keys.txt");
    fs::read_to_string(path).expect("catalog/keys.txt")
}

fn rows(list: &str) -> impl Iterator<Item = Row<'_>> {
    list.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut words = line.split(' ');
        let mut word = || words.next().expect("a word");
        let (operation, path, kind) = (word(), word(), word());
        let (settings, actions): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('='));
        let of = |name| settings.iter().filter_map(move |one: &&'_ str| one.strip_prefix(name));
        let via = of("via=").flat_map(|services| services.split(',')).collect();
        let when = of("when=").map(|one| one.split_once('~').unwrap_or((one, ""))).collect();
        Row { operation, path, kind, via, when, actions: actions.into_iter().collect() }
    })
}

/// Arguments with one parameter and nothing else.
fn arguments(path: &str, value: &str) -> String {
    path.rsplit('.').fold(format!("\"{value}\""), |inner, part| {
        let (name, kind) = part.split_at(part.find(['[', '{']).unwrap_or(part.len()));
        let inner = match kind {
            "[]" => format!("[{inner}]"),
            "{}" => format!("{{\"one\": {inner}}}"),
            _ => inner,
        };
        format!("{{\"{name}\": {inner}}}")
    })
}

fn definition(row: &Row<'_>, value: &str) -> String {
    let (service, operation) = row.operation.split_once('.').expect("an operation");
    let mut arguments = arguments(row.path, value);
    for (path, text) in &row.when {
        let required = self::arguments(path, &format!("name--euw1-az1{text}"));
        arguments.insert_str(1, &format!("{}, ", &required[1..required.len() - 1]));
    }
    format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:{service}:{operation}", "Parameters": {arguments}, "End": true}}}}}}"#
    )
}

/// The actions of AWS KMS that the policy allows on keys, with their conditions; and the findings.
fn allowed(row: &Row<'_>, value: &str) -> (Vec<(String, String, Vec<Condition>)>, String) {
    let (policy, said) = policy(&definition(row, value), &settings(Mode::LeastPrivilege)).expect("a policy");
    let mut found = Vec::new();
    for statement in &policy.statements {
        for action in statement.actions.iter().filter(|action| action.starts_with("kms:")) {
            for resource in &statement.resources {
                found.push((action.clone(), resource.clone(), statement.conditions.clone()));
            }
        }
    }
    (found, said)
}

fn values(conditions: &[Condition], key: &str) -> BTreeSet<String> {
    conditions.iter().filter(|one| one.key == key).flat_map(Condition::texts).collect()
}

fn one(row: &Row<'_>) -> Result<(), String> {
    let (granted, said) = allowed(row, KEY);
    let place = format!("{} {}", row.operation, row.path);
    let actions: BTreeSet<&str> = granted.iter().map(|(action, ..)| action.as_str()).collect();
    match row.kind {
        "granted" => {
            if !row.actions.is_subset(&actions) {
                return Err(format!("{place}: {actions:?} instead of {:?}", row.actions));
            }
            if DOCUMENTED_OTHERWISE.contains(&row.operation) {
                let own_key = |(_, resource, _): &(String, String, Vec<Condition>)| resource == KEY;
                return if granted.iter().all(own_key) {
                    Ok(())
                } else {
                    Err(format!("{place}: {granted:?}"))
                };
            }
            let services: BTreeSet<String> =
                row.via.iter().map(|service| format!("{service}.eu-west-1.amazonaws.com")).collect();
            for (action, resource, conditions) in &granted {
                let for_service = values(conditions, "kms:GrantIsForAWSResource");
                if resource != KEY || values(conditions, "kms:ViaService") != services {
                    return Err(format!("{place}: {action} on {resource} under {conditions:?}"));
                }
                if for_service.contains("true") != (action == "kms:CreateGrant") {
                    return Err(format!("{place}: {action} under {conditions:?}"));
                }
            }
            Ok(())
        }
        _ if !granted.is_empty() => Err(format!("{place} is \"{}\" and grants {granted:?}", row.kind)),
        "none" if said.contains("names a key") => Err(format!("{place} needs nothing, and says {said}")),
        "told" if !row.actions.iter().all(|action| said.contains(action)) => {
            Err(format!("{place} is silent about {:?}: {said}", row.actions))
        }
        "none" | "told" => Ok(()),
        other => Err(format!("{place}: there is no kind \"{other}\"")),
    }
}

/// No operation with a key is unclassified: the build of the catalogue fails on one, and each gets what its
/// line says.
#[test]
fn every_key_has_what_its_row_says() {
    let list = list();
    all(rows(&list).map(|row| one(&row)));
    let kinds: BTreeSet<&str> = rows(&list).map(|row| row.kind).collect();
    assert_eq!(kinds, ["granted", "none", "told"].into());
}

/// Keys that services manage admit every caller through the service.
#[test]
fn managed_keys_need_nothing() {
    let list = list();
    // The values under the keys of a map are not examined.
    all(rows(&list).filter(|row| !row.path.contains("{}")).map(|row| {
        let (granted, said) = allowed(&row, "alias/aws/service");
        let silent = granted.is_empty() && !said.contains("names a key");
        silent.then_some(()).ok_or_else(|| format!("{} {}: {granted:?} {said}", row.operation, row.path))
    }));
}

/// Calls of AWS KMS itself are direct, without another service in between.
#[test]
fn direct_calls_have_no_service_between() {
    for operation in ["decrypt", "createGrant", "generateDataKey"] {
        let row = Row {
            operation: &format!("kms.{operation}"),
            path: "KeyId",
            kind: "",
            via: Vec::new(),
            when: Vec::new(),
            actions: BTreeSet::new(),
        };
        let (granted, _) = allowed(&row, KEY);
        assert!(!granted.is_empty(), "{operation}");
        assert!(granted.iter().all(|(.., conditions)| conditions.is_empty()), "{granted:?}");
    }
}
