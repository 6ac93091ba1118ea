//! The same law for options: each of them unknown, alone and all together, beside values that it may come to
//! have.

use std::collections::{BTreeMap, BTreeSet};

use sfniam::finding::Code;
use sfniam::iam::Location;
use sfniam::protocol::schema::Usage;
use sfniam::protocol::value::Value;
use sfniam::provider::data_source;

use crate::support::chance::Chance;
use crate::support::{in_parallel, sweeping};

use super::report::{Report, Reviewed, keeps, needless};
use super::tokens::{ALIKE, Alike, HOSTILE, Tokens, alike, pool};
use super::{Asked, all_asked, all_cases, analyze, validate};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const FOREIGN_KEY: &str = "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const CHINESE_KEY: &str = "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// What stays unknown although no value of the pool changes it: how the option and the case's name begin.
const REVIEWED: &[Reviewed] = &[
    Reviewed {
        begins: "encryption_configuration integrations/athena/startQueryExecution.no-parameters",
        part: "",
        value: "a key, if those of the query's results were known: they cover it",
    },
    Reviewed {
        begins: "input ",
        part: "",
        value: "an input with the member that a parameter takes; it is unknown as a whole",
    },
    Reviewed {
        begins: "activity_kms_keys ",
        part: "",
        value: "a key for the activity; it is unknown as a whole where there is an activity",
    },
    Reviewed { begins: "allow_unknown_apis ", part: ".findings", value: "an API that the catalogue has" },
    Reviewed {
        begins: "definition_substitutions ",
        part: "",
        value: "values of several tokens at once, of which a few choices are tried",
    },
    Reviewed {
        begins: "encryption_configuration ",
        part: ".actions_by_service",
        value: "a customer managed key, where no state needs the actions of AWS KMS",
    },
    Reviewed {
        begins: "encryption_configuration ",
        part: ".findings",
        value: "a key with which a part is just larger than a managed policy",
    },
    Reviewed {
        begins: "kms_key_arns ",
        part: ".findings",
        value: "a key with which a part is just larger than a managed policy",
    },
    Reviewed {
        begins: "document_size_limit ",
        part: ".documents",
        value: "the size of the largest document, less one",
    },
    Reviewed {
        begins: "kms_key_arns ",
        part: ".actions_by_service",
        value: "a key, where neither a state nor the machine needs the actions of AWS KMS",
    },
    Reviewed {
        begins: "resource_hint ",
        part: "",
        value: "ARNs that fit; for some parameters the pool has none",
    },
    Reviewed { begins: "on_finding ", part: ".findings", value: "another level for the code of a finding" },
    Reviewed {
        begins: "size_limit ",
        part: "",
        value: "the size of the policy, less one: then covered entries are left out",
    },
];

/// Arguments without a pool, and why.
const WITHOUT_POOL: &[(&str, &str)] = &[
    ("definition", "as long as it is unknown, so is everything"),
    ("definition_substitutions", "the tokens of each case, below"),
    ("include_explanation", "the result has no explanation"),
    ("resource_hint", "hints for each case, below"),
];

/// Whoever adds an argument adds values for it: without them, no test notices that something was called known
/// that depends on the argument.
#[test]
fn every_argument_has_values() {
    let block = data_source().block;
    let attributes = block.attributes.iter().filter(|one| one.usage != Usage::Computed);
    let names = attributes.map(|one| one.name.as_str()).chain(block.blocks.iter().map(|one| &*one.name));
    let names: BTreeSet<&str> = names.collect();
    let pools = pools();
    let tried = pools.iter().map(|(name, ..)| *name).chain(WITHOUT_POOL.iter().map(|(name, _)| *name));
    let tried: BTreeSet<&str> = tried.collect();
    let missing: Vec<_> = names.difference(&tried).collect();
    let gone: Vec<_> = tried.difference(&names).collect();
    assert!(missing.is_empty(), "add values for these arguments to `pools`: {missing:?}");
    assert!(gone.is_empty(), "these arguments do not exist: {gone:?}");
}

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
fn pools() -> Vec<Pool> {
    let group = "arn:aws:logs:eu-west-1:111122223333:log-group:g:*";
    let and_null = |mut values: Vec<Value>| {
        values.push(Value::Null);
        values
    };
    let keys = |keys: &[&str]| Value::list(texts(keys));
    let lowered = Code::ALL.iter().filter(|code| code.may_be_lowered());
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
                Value::object(lowered.map(|code| (code.name(), Value::from("ignore")))),
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

/// An option, what of it is not known, and values for it.
type Pool = (&'static str, Value, Vec<Value>);

/// Tries options of which something is not known together with values for them.
fn tried(
    name: &str,
    (definition, options): (&str, &BTreeMap<String, Value>),
    unknown: &[(&str, Value)],
    values: &[Vec<Value>],
    report: &mut Report,
) {
    let with = |values: &mut dyn Iterator<Item = Value>| {
        let mut options = options.clone();
        options.extend(unknown.iter().map(|(option, _)| (*option).to_owned()).zip(values));
        options
    };
    let open = with(&mut unknown.iter().map(|(_, value)| value.clone()));
    let said = analyze(definition, &open);
    let answers: Vec<Result<Value, String>> =
        values.iter().map(|chosen| analyze(definition, &with(&mut chosen.iter().cloned()))).collect();
    report.errors_come_in_time(name, &said, &validate(definition, &open), &answers);
    let came: Vec<Value> = answers.into_iter().filter_map(Result::ok).collect();
    report.answers += came.len();
    let Ok(said) = said else { return };
    for answer in &came {
        if let Err(place) = keeps(&said, answer, "") {
            report.broken.push(format!("{name}: {place}"));
        }
    }
    if unknown.len() == 1 && came.len() > 1 {
        let found = needless(&said, &came);
        report.needless.extend(found.into_iter().map(|place| format!("{name}: {place}")));
    }
}

/// Tries each option alone, those that can be unknown as a whole together, hints, and all tokens at once; or
/// some of these.
fn all_tried(asked: &Asked, pools: &[Pool], alike: &Alike) -> Report {
    let Asked { name, definition, options } = asked;
    let of = (definition.as_str(), options);
    let mut report = Report::default();
    let mut chance = Chance::of(name);
    let name = |option: &str| format!("{option} {name}");
    let skipped = |chance: &mut Chance| !sweeping() && !chance.one_in(400);
    let own = |option: &str, unknown: &Value| options.get(option).filter(|_| unknown.is_unknown()).cloned();
    for (option, unknown, values) in pools {
        if !skipped(&mut chance) {
            let values: Vec<Vec<Value>> =
                values.iter().cloned().chain(own(option, unknown)).map(|value| vec![value]).collect();
            tried(&name(option), of, &[(option, unknown.clone())], &values, &mut report);
        }
    }
    if !skipped(&mut chance) {
        let whole: Vec<&Pool> = pools.iter().filter(|(_, unknown, _)| unknown.is_unknown()).collect();
        let unknown: Vec<(&str, Value)> =
            whole.iter().map(|(option, ..)| (*option, Value::Unknown)).collect();
        let mut chosen = |is_own: bool| -> Vec<Value> {
            let value = |(option, unknown, values): &&Pool| {
                own(option, unknown).filter(|_| is_own).unwrap_or_else(|| chance.pick(values))
            };
            whole.iter().map(value).collect()
        };
        let values: Vec<Vec<Value>> = (0..8).map(|number| chosen(number % 2 == 0)).collect();
        tried(&name("all"), of, &unknown, &values, &mut report);
    }
    if !skipped(&mut chance) {
        for (unknown, values) in hints(definition, options) {
            let values: Vec<Vec<Value>> = values.into_iter().map(|value| vec![value]).collect();
            tried(&name("resource_hint"), of, &[("resource_hint", unknown)], &values, &mut report);
        }
    }
    if let Some(Value::Object(given)) =
        options.get("definition_substitutions").filter(|_| !skipped(&mut chance))
    {
        for token in given.keys() {
            let with = |value: Value| {
                let mut all = given.clone();
                all.insert(token.clone(), value);
                Value::Object(all)
            };
            let hostile = HOSTILE.iter().map(|one| Value::from(*one)).chain(given.get(token).cloned());
            let values: Vec<Vec<Value>> = hostile.map(|value| vec![with(value)]).collect();
            let unknown = [("definition_substitutions", with(Value::Unknown))];
            tried(&name("a token of definition_substitutions"), of, &unknown, &values, &mut report);
        }
    }
    if let Some(tokens) = Tokens::of(definition, options).filter(|_| !skipped(&mut chance)) {
        let unknown = [("definition_substitutions", Value::Unknown)];
        let of = (tokens.definition.as_str(), options);
        let values = substitutions(&tokens, alike, &mut chance);
        tried(&name("definition_substitutions"), of, &unknown, &values, &mut report);
    }
    report
}

/// Values for all tokens of a definition: their own, others, and one that no token takes.
fn substitutions(tokens: &Tokens, alike: &Alike, chance: &mut Chance) -> Vec<Vec<Value>> {
    let mut with = |more: &[(&str, &str)], value: &mut dyn FnMut(&mut Chance, usize) -> String| {
        let own = (0..tokens.len()).map(|at| (format!("T{at}"), Value::from(value(chance, at))));
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        vec![Value::object(own.chain(more).collect::<Vec<_>>())]
    };
    let mut own = |_: &mut Chance, at: usize| tokens.value(at).to_owned();
    let mut all = vec![vec![Value::Null], with(&[], &mut own), with(&[("unused", "x")], &mut own)];
    let pools: Vec<Vec<String>> = (0..tokens.len()).map(|at| pool(tokens, at, alike, ALIKE)).collect();
    // One token at a time has another value, then each has.
    for number in 0..48 {
        let other = number % tokens.len().max(1);
        all.push(with(&[], &mut |chance, at| {
            if at == other || number % 4 == 0 { chance.pick(&pools[at]) } else { tokens.value(at).to_owned() }
        }));
    }
    all
}

#[test]
fn what_is_called_known_stays_whatever_options_come_to_be() {
    let pools = pools();
    let alike = alike(&all_cases());
    let reports = in_parallel(&all_asked(), |asked| all_tried(asked, &pools, &alike).noted());
    Report::of(reports, REVIEWED).judge(200);
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
