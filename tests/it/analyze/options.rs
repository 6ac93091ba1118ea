//! The same law for options: each of them unknown, alone and all together, beside values that it may come to
//! have.

use std::collections::{BTreeMap, BTreeSet};

use sfniam::iam::Location;
use sfniam::permissions::Mode;
use sfniam::protocol::value::Value;

use crate::support::arguments::arguments_of;
use crate::support::chance::Chance;
use crate::support::{case_name, sweeping};

use super::tokens::{HOSTILE, Tokens};
use super::{Report, all_cases, analyze, keeps, needless};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const FOREIGN_KEY: &str = "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const CHINESE_KEY: &str = "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// What stays unknown although no value of the pool changes it: the option, how the names of the cases begin,
/// a part of the result, and the value that would change it.
const REVIEWED: &[(&str, &str, &str, &str)] = &[
    ("input", "", "", "an input with the member that a parameter takes; it is unknown as a whole"),
    (
        "activity_kms_keys",
        "",
        "",
        "a key for the activity; it is unknown as a whole where there is an activity",
    ),
    ("allow_unknown_apis", "", ".findings", "an API that the catalogue has"),
    ("definition_substitutions", "", ".findings", "a value that no token takes"),
    ("definition_substitutions", "", ".unknown_resources", "null: then no token is replaced"),
    (
        "encryption_configuration",
        "",
        ".actions_by_service",
        "a customer managed key, where no state needs the actions of AWS KMS",
    ),
    (
        "encryption_configuration",
        "",
        ".findings",
        "a key with which a part is just larger than a managed policy",
    ),
    ("kms_key_arns", "", ".findings", "a key with which a part is just larger than a managed policy"),
    (
        "definition_substitutions",
        "integrations/athena/",
        ".actions_by_service.athena",
        "a query in one token and the place of its results in another one",
    ),
    ("document_size_limit", "", ".documents", "the size of the largest document, less one"),
    (
        "kms_key_arns",
        "",
        ".actions_by_service",
        "a key, where neither a state nor the machine needs the actions of AWS KMS",
    ),
    ("resource_hint", "", "", "ARNs that fit; for some parameters the pool has none"),
    ("on_finding", "", ".findings", "another level for the code of a finding"),
];

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
}

fn encryption(key: Value) -> Value {
    Value::object([("type", "CUSTOMER_MANAGED_KMS_KEY".into()), ("kms_key_id", key)])
}

fn logging(level: &str, destination: Value) -> Value {
    Value::object([("level", level.into()), ("log_destination", destination)])
}

/// The options, each with what of it is unknown and values for it.
fn pools() -> Vec<(&'static str, Value, Vec<Value>)> {
    let group = "arn:aws:logs:eu-west-1:111122223333:log-group:g:*";
    let and_null = |mut values: Vec<Value>| {
        values.push(Value::Null);
        values
    };
    let keys = |keys: &[&str]| Value::list(texts(keys));
    let long = format!("{KEY}{}", "a".repeat(7_000));
    let activities =
        [Value::object([("arn:aws:states:eu-west-1:111122223333:activity:pack", Value::from(KEY))])];
    let partitions: Vec<&str> = Location::partitions().collect();
    vec![
        ("mode", Value::Unknown, and_null(texts(&["template", "least_privilege"]))),
        ("type", Value::Unknown, and_null(texts(&["STANDARD", "EXPRESS"]))),
        ("include_redrive", Value::Unknown, and_null(vec![true.into(), false.into()])),
        ("partition", Value::Unknown, and_null(texts(&partitions))),
        (
            "region",
            Value::Unknown,
            and_null(texts(&["eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"])),
        ),
        ("account_id", Value::Unknown, and_null(texts(&["111122223333", "444455556666"]))),
        ("state_machine_name", Value::Unknown, and_null(texts(&["Machine", "Other"]))),
        ("input", Value::Unknown, and_null(texts(&["{}", r#"{"topic": "t", "name": "n", "bucket": "b"}"#]))),
        ("size_limit", Value::Unknown, and_null(vec![400.into(), 1_000_000_000.into()])),
        ("document_size_limit", Value::Unknown, and_null(vec![500.into(), 6_144.into()])),
        (
            "kms_key_arns",
            Value::Unknown,
            and_null(vec![
                keys(&[]),
                keys(&[KEY]),
                keys(&[FOREIGN_KEY]),
                keys(&[KEY, FOREIGN_KEY]),
                keys(&[&long]),
                keys(&[CHINESE_KEY]),
            ]),
        ),
        (
            "kms_key_arns",
            Value::list([Value::Unknown]),
            vec![
                keys(&[KEY]),
                keys(&[FOREIGN_KEY]),
                keys(&[KEY, FOREIGN_KEY]),
                keys(&[&long]),
                keys(&[CHINESE_KEY]),
            ],
        ),
        (
            "activity_kms_keys",
            Value::Unknown,
            and_null([Value::object::<String>([])].into_iter().chain(activities).collect()),
        ),
        (
            "encryption_configuration",
            Value::Unknown,
            and_null(vec![
                encryption(KEY.into()),
                encryption(long.as_str().into()),
                Value::object([("type", Value::from("AWS_OWNED_KEY"))]),
            ]),
        ),
        (
            "encryption_configuration",
            encryption(Value::Unknown),
            vec![encryption(KEY.into()), encryption("alias/a".into()), encryption(long.as_str().into())],
        ),
        (
            "logging_configuration",
            Value::Unknown,
            and_null(vec![logging("ALL", group.into()), logging("OFF", Value::Null)]),
        ),
        (
            "logging_configuration",
            logging("ALL", Value::Unknown),
            vec![logging("ALL", group.into()), logging("ALL", "x".into())],
        ),
        (
            "tracing_configuration",
            Value::Unknown,
            and_null(vec![
                Value::object([("enabled", Value::Bool(true))]),
                Value::object([("enabled", Value::Bool(false))]),
            ]),
        ),
        ("on_unresolved", Value::Unknown, and_null(texts(&["ignore", "warn", "error"]))),
        (
            "on_finding",
            Value::Unknown,
            and_null(vec![
                Value::object([("open-part", Value::from("ignore"))]),
                Value::object([("missing-setting", Value::from("error"))]),
            ]),
        ),
        (
            "allow_unknown_apis",
            Value::Unknown,
            and_null(vec![keys(&[]), keys(&["dynamodb:putItem"]), keys(&["dynamodb:newApi"])]),
        ),
    ]
}

/// Hints for what is known only at run time, each wholly known and in part, and with other resources.
fn hints(definition: &str, options: &BTreeMap<String, Value>) -> Vec<(Value, Vec<Value>)> {
    let Ok(known) = analyze(definition, options) else { return Vec::new() };
    let mut found = Vec::new();
    for finding in known.get("findings").as_list().unwrap_or_default() {
        let text = |name: &str| finding.get(name).as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let (Some(state), Some(parameter)) = (text("state"), text("parameter")) else { continue };
        let resources = finding.get("resources").as_list().unwrap_or_default();
        let named: BTreeSet<String> = resources
            .iter()
            .filter_map(|one| Some(one.as_str()?.replace('*', "hinted")))
            .filter(|one| one != "hinted")
            .collect();
        let hint = |target: (&str, Value), rest: (&str, Value)| {
            let mut members = BTreeMap::from([("state".to_owned(), Value::from(state.as_str()))]);
            members.extend([target, rest].map(|(name, value)| (name.to_owned(), value)));
            if members.contains_key("accept_wildcard") {
                members.insert("reason".to_owned(), "any".into());
            }
            Value::list([Value::Object(members)])
        };
        let by_parameter = || ("parameter", Value::from(parameter.as_str()));
        let mut values: Vec<Value> = named
            .iter()
            .map(|one| hint(by_parameter(), ("resources", Value::list([Value::from(one.as_str())]))))
            .collect();
        values.push(hint(by_parameter(), ("accept_wildcard", true.into())));
        found.push((hint(by_parameter(), ("resources", Value::list([Value::Unknown]))), values.clone()));
        found.push((hint(by_parameter(), ("resources", Value::Unknown)), values.clone()));
        for action in finding.get("actions").as_list().unwrap_or_default() {
            let by_action = || ("action", action.clone());
            values.extend(
                named
                    .iter()
                    .map(|one| hint(by_action(), ("resources", Value::list([Value::from(one.as_str())])))),
            );
            let own: Vec<Value> = values
                .iter()
                .filter(|one| one.as_list().is_some_and(|all| all[0].get("action") == action))
                .cloned()
                .collect();
            found.push((hint(by_action(), ("resources", Value::Unknown)), own));
        }
        values.extend([Value::Null, Value::list(Vec::<Value>::new())]);
        found.push((Value::Unknown, values));
    }
    found
}

fn tried(
    name: &str,
    definition: &str,
    options: &BTreeMap<String, Value>,
    unknown: &[(&str, Value)],
    values: &[Vec<Value>],
    report: &mut Report,
) {
    let with = |values: &mut dyn Iterator<Item = Value>| {
        let mut options = options.clone();
        options.extend(unknown.iter().map(|(option, _)| (*option).to_owned()).zip(values));
        options
    };
    let said = analyze(definition, &with(&mut unknown.iter().map(|(_, value)| value.clone())));
    let came: Vec<Value> = values
        .iter()
        .filter_map(|chosen| analyze(definition, &with(&mut chosen.iter().cloned())).ok())
        .collect();
    report.answers += came.len();
    match said {
        // Nothing mends it.
        Err(_) if came.is_empty() => {}
        Err(error) => drop(report.errors.insert(name.to_owned(), error)),
        Ok(said) => {
            for answer in &came {
                if let Err(place) = keeps(&said, answer, "") {
                    report.broken.push(format!("{name}: {place}"));
                }
            }
            if unknown.len() == 1 && came.len() > 1 {
                let mut found = Vec::new();
                needless(&said, &came.iter().collect::<Vec<_>>(), "", &mut found);
                report.needless.extend(found.into_iter().map(|place| format!("{name}: {place}")));
            }
        }
    }
}

#[test]
fn what_is_called_known_stays_whatever_options_come_to_be() {
    let mut chance = Chance::new(31);
    let mut report = Report::default();
    let pools = pools();
    for case in all_cases() {
        for mode in Mode::ALL {
            let Value::Object(mut options) = arguments_of(&case, mode) else { continue };
            let Some(definition) = options.remove("definition") else { continue };
            let definition = definition.as_str().unwrap_or_default();
            let name = |option: &str| format!("{option} {} {}", case_name(&case), mode.name());
            let skipped = |chance: &mut Chance| !sweeping() && !chance.one_in(400);
            for (option, unknown, values) in &pools {
                if skipped(&mut chance) {
                    continue;
                }
                let own = options.get(*option).cloned().filter(|_| unknown.is_unknown());
                let values: Vec<Vec<Value>> =
                    values.iter().cloned().chain(own).map(|value| vec![value]).collect();
                tried(
                    &name(option),
                    definition,
                    &options,
                    &[(option, unknown.clone())],
                    &values,
                    &mut report,
                );
            }
            if !skipped(&mut chance) {
                let of = |chance: &mut Chance| {
                    pools
                        .iter()
                        .map(|(option, unknown, values)| {
                            let own = options.get(*option).cloned().filter(|_| unknown.is_unknown());
                            (*option, unknown.clone(), own.unwrap_or_else(|| chance.pick(values)))
                        })
                        .filter(|(_, unknown, _)| unknown.is_unknown())
                        .collect::<Vec<_>>()
                };
                let unknown: Vec<(&str, Value)> =
                    of(&mut chance).into_iter().map(|(option, unknown, _)| (option, unknown)).collect();
                let values: Vec<Vec<Value>> = (0..8)
                    .map(|_| of(&mut chance).into_iter().map(|(_, _, value)| value).collect())
                    .collect();
                tried(&name("all"), definition, &options, &unknown, &values, &mut report);
            }
            if !skipped(&mut chance) {
                for (unknown, values) in hints(definition, &options) {
                    let values: Vec<Vec<Value>> = values.into_iter().map(|value| vec![value]).collect();
                    tried(
                        &name("resource_hint"),
                        definition,
                        &options,
                        &[("resource_hint", unknown)],
                        &values,
                        &mut report,
                    );
                }
            }
            if let Some(tokens) = Tokens::of(definition, &options).filter(|_| !skipped(&mut chance)) {
                let values = |other: Option<(usize, &str)>| {
                    let values = (0..tokens.len()).map(|at| {
                        let other = other.filter(|(other, _)| *other == at).map(|(_, value)| value);
                        (format!("T{at}"), Value::from(other.unwrap_or_else(|| tokens.value(at))))
                    });
                    vec![Value::object(values)]
                };
                let mut all = vec![vec![Value::Null], values(None)];
                for at in 0..tokens.len() {
                    all.extend(HOSTILE.iter().map(|one| values(Some((at, one)))));
                }
                all.extend(HOSTILE.iter().map(|one| {
                    vec![Value::object((0..tokens.len()).map(|at| (format!("T{at}"), Value::from(*one))))]
                }));
                let unknown = [("definition_substitutions", Value::Unknown)];
                tried(
                    &name("definition_substitutions"),
                    &tokens.definition,
                    &options,
                    &unknown,
                    &all,
                    &mut report,
                );
            }
        }
    }
    let is_reviewed = |found: &String| {
        let after = |option: &str| found.strip_prefix(option).and_then(|rest| rest.strip_prefix(' '));
        REVIEWED.iter().any(|(option, case, part, _)| {
            after(option).is_some_and(|rest| rest.starts_with(case) && rest.contains(part))
        })
    };
    report.needless.retain(|found| !is_reviewed(found));
    report.judge(200);
}

/// An API that the catalogue does not have may come to be allowed; an integration that does not exist may
/// not.
#[test]
fn an_api_that_may_come_to_be_allowed_is_no_error_yet() {
    let calling = |resource: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "End": true}}}}}}"#
        )
    };
    let said = |resource: &str, names: Value| {
        let options = BTreeMap::from([("allow_unknown_apis".to_owned(), names)]);
        analyze(&calling(resource), &options)
    };
    let late = || Value::list([Value::Unknown]);
    let own = "aws-sdk:dynamodb:newApi";
    assert!(said(own, Value::list(Vec::<Value>::new())).is_err());
    assert_eq!(said(own, late()).expect("it may be allowed").get("permissions"), &Value::Unknown);
    let allowed = said(own, Value::list(texts(&["dynamodb:newApi"]))).expect("it is allowed");
    assert_eq!(allowed.get("actions_by_service").get("dynamodb").as_list().map(<[Value]>::len), Some(1));
    assert!(said("sns:publsh", late()).expect_err("nothing allows it").contains("publish"));
    // Where every API is known, the names can only be without use.
    let known = said("aws-sdk:dynamodb:putItem", late()).expect("an answer");
    assert_eq!(known.get("permissions").get("/States/A").as_list().map(<[Value]>::len), Some(1));
    assert_eq!(known.get("findings_by_state").get(""), &Value::Unknown);
}
