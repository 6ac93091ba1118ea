//! Values that options may come to have.

use std::collections::BTreeSet;

use sfniam::finding::{Code, Level};
use sfniam::iam::Location;
use sfniam::protocol::value::Value;

use super::option_inputs::inputs;
use super::tokens::Alike;
use super::{Asked, analyze};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const FOREIGN_KEY: &str = "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const CHINESE_KEY: &str = "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

pub(super) fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
}

fn encryption(key: Value) -> Value {
    Value::object([("type", "CUSTOMER_MANAGED_KMS_KEY".into()), ("kms_key_id", key)])
}

fn logging(level: &str, destination: Value) -> Value {
    Value::object([("level", level.into()), ("log_destination", destination)])
}

/// The options, each with what of it is unknown and values for it.
pub(super) fn pools() -> Vec<Pool> {
    let group = "arn:aws:logs:eu-west-1:111122223333:log-group:g:*";
    let and_null = |mut values: Vec<Value>| {
        values.push(Value::Null);
        values
    };
    let keys = |keys: &[&str]| Value::list(texts(keys));
    let many: Vec<String> = (0..90).map(|number| format!("{KEY}{number:02}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let many_in_china: Vec<String> = (0..90).map(|number| format!("{CHINESE_KEY}{number:02}")).collect();
    let many_in_china: Vec<&str> = many_in_china.iter().map(String::as_str).collect();
    let long = format!("{KEY}{}", "a".repeat(7_000));
    let some_keys = vec![
        keys(&[KEY]),
        keys(&[FOREIGN_KEY]),
        keys(&[KEY, FOREIGN_KEY]),
        keys(&[&long]),
        keys(&many),
        keys(&[CHINESE_KEY]),
        keys(&many_in_china),
    ];
    let activity = |key: Value| Value::object([("arn:aws:states:eu-west-1:111122223333:activity:pack", key)]);
    let longer = format!("{KEY}0");
    let activities = [KEY, FOREIGN_KEY, &longer, CHINESE_KEY].map(|key| activity(key.into()));
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
            and_null([keys(&[])].into_iter().chain(some_keys.iter().cloned()).collect()),
        ),
        ("kms_key_arns", Value::list([Value::Unknown]), some_keys),
        (
            "activity_kms_keys",
            Value::Unknown,
            and_null([Value::object::<String>([])].into_iter().chain(activities.iter().cloned()).collect()),
        ),
        ("activity_kms_keys", activity(Value::Unknown), activities.to_vec()),
        (
            "encryption_configuration",
            Value::Unknown,
            and_null(vec![
                encryption(KEY.into()),
                encryption("alias/a".into()),
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
                levels(Level::Ignore),
                levels(Level::Info),
                levels(Level::Warn),
            ]),
        ),
        (
            "allow_unknown_apis",
            Value::Unknown,
            and_null(vec![keys(&[]), keys(&["dynamodb:putItem"]), keys(&["dynamodb:newApi"])]),
        ),
    ]
}

/// A level for all codes that may have it.
fn levels(level: Level) -> Value {
    let may_have = |code: &&Code| code.may_be_lowered() || level <= Level::from(code.severity());
    let codes = Code::ALL.iter().filter(may_have);
    Value::object(codes.map(|code| (code.name(), Value::from(level.name()))))
}

/// Values that an option may have for one case alone.
pub(super) fn values_of(option: &str, asked: &Asked, alike: &Alike) -> Vec<Value> {
    let known = || analyze(&asked.definition, &asked.options).unwrap_or(Value::Null);
    let one_less = |length: usize| vec![Value::from(i64::try_from(length.max(2) - 1).expect("a size"))];
    match option {
        "size_limit" => match known().get("size") {
            Value::Number(size) => one_less(size.to_string().parse().expect("a size")),
            _ => Vec::new(),
        },
        "document_size_limit" => {
            let known = known();
            let documents = known.get("documents").as_list().unwrap_or_default();
            let sizes = documents.iter().filter_map(|one| Some(one.as_str()?.chars().count()));
            sizes.max().map_or_else(Vec::new, one_less)
        }
        "activity_kms_keys" => {
            let named = activities(&asked.definition);
            let unused = "arn:aws:states:eu-west-1:111122223333:activity:unused".to_owned();
            let all =
                named.iter().cloned().chain([unused]).map(|one| Value::object([(one, Value::from(KEY))]));
            let of = |key: &str| Value::object(named.iter().map(|one| (one.clone(), Value::from(key))));
            [KEY, FOREIGN_KEY].into_iter().map(of).chain(all).collect()
        }
        "input" => inputs(asked, &known(), alike),
        _ => Vec::new(),
    }
}

/// The ARNs of activities in a definition.
fn activities(definition: &str) -> BTreeSet<String> {
    let texts = definition.split('"').filter(|text| text.contains(":activity:"));
    texts.map(str::to_owned).collect()
}

/// An option, what of it is not known, and values for it.
pub(super) type Pool = (&'static str, Value, Vec<Value>);
