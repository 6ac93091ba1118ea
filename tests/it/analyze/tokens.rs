//! Definitions whose literals are tokens, and values for these.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use sfniam::protocol::value::{Members, Value};

/// The members of a state that are payload templates, or hold some.
const TEMPLATES: [&str; 11] = [
    "Arguments",
    "Assign",
    "Credentials",
    "ItemReader",
    "ItemSelector",
    "Output",
    "Parameters",
    "ReaderConfig",
    "Result",
    "ResultSelector",
    "ResultWriter",
];

/// The account of the cases, and another.
const ACCOUNT: &str = "111122223333";
const ANOTHER: &str = "444455556666";

/// A definition in which each literal text of a payload template is a token.
pub(super) struct Tokens {
    pub(super) definition: String,
    /// The path and the text of each.
    found: Vec<(String, String)>,
}

impl Tokens {
    /// `None` for a definition that cannot be read, or has tokens of its own.
    pub(super) fn of(definition: &str, options: &Members) -> Option<Tokens> {
        let given = options.get("definition_substitutions").is_some_and(|given| !given.is_null());
        if given || definition.contains("${") {
            return None;
        }
        let mut json: Json = serde_json::from_str(definition).ok()?;
        let mut found = Vec::new();
        walk(&mut json, "", false, &mut |path, text| {
            found.push((path.to_owned(), text.clone()));
            *text = format!("${{T{}}}", found.len() - 1);
        });
        Some(Tokens { definition: json.to_string(), found })
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn path(&self, at: usize) -> &str {
        &self.found[at].0
    }

    pub(super) fn value(&self, at: usize) -> &str {
        &self.found[at].1
    }

    /// The names within the texts of all tokens.
    pub(super) fn words(&self) -> BTreeSet<String> {
        let is_of_name = |one: char| one.is_alphanumeric() || "_-".contains(one);
        let texts = self.found.iter().map(|(_, text)| text.as_str());
        texts.flat_map(|text| text.split(|one| !is_of_name(one))).map(str::to_owned).collect()
    }

    /// The texts of all tokens that name an account, and those that cases have for a parameter, with another
    /// one.
    pub(super) fn elsewhere(&self, at: usize, by_key: &Alike) -> BTreeSet<String> {
        let alike = by_key.get(key(self.path(at))).into_iter().flatten();
        let texts = self.found.iter().map(|(_, text)| text).chain(alike);
        let named = texts.filter(|text| text.contains(ACCOUNT));
        named.map(|text| text.replace(ACCOUNT, ANOTHER)).collect()
    }

    /// The options with the values of all tokens; some are unknown, or have other values.
    pub(super) fn options(&self, options: &Members, unknown: &[usize], values: Option<&[String]>) -> Members {
        let value = |at: usize| match (unknown.iter().position(|one| *one == at), values) {
            (None, _) => Value::from(self.value(at)),
            (Some(_), None) => Value::Unknown,
            (Some(position), Some(values)) => Value::from(values[position].as_str()),
        };
        let substitutions = (0..self.len()).map(|at| (format!("T{at}"), value(at)));
        let mut options = options.clone();
        options.insert("definition_substitutions".into(), Value::object(substitutions));
        options
    }
}

/// Each literal text of a payload template, with its path.
fn walk(json: &mut Json, path: &str, inside: bool, each: &mut dyn FnMut(&str, &mut String)) {
    match json {
        Json::Object(members) => {
            for (key, value) in members {
                let inside =
                    inside && key != "Resource" && key != "States" || TEMPLATES.contains(&key.as_str());
                let is_computed = key.ends_with(".$") || key == "Resource";
                if !(is_computed && value.is_string()) {
                    walk(value, &format!("{path}/{key}"), inside, each);
                }
            }
        }
        Json::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                walk(element, &format!("{path}/{index}"), inside, each);
            }
        }
        Json::String(text) if inside && !text.starts_with("{%") => each(path, text),
        _ => {}
    }
}

/// Values that change what a call needs and that no case has for the parameter.
const BESIDE_CASES: [(&str, &str); 3] = [
    ("CopySource", "src/a/b.csv?versionId=1"),
    ("ServiceCode", "dynamodb"),
    ("SnapshotArns", "arn:aws:elasticache:eu-west-1:111122223333:snapshot:hostile"),
];

/// What cases have for a parameter, by the last key of the texts' paths.
pub(super) type Alike = BTreeMap<String, BTreeSet<String>>;

pub(super) fn alike(cases: &[PathBuf]) -> Alike {
    let mut alike = Alike::new();
    for (key, text) in BESIDE_CASES {
        alike.entry(key.to_owned()).or_default().insert(text.to_owned());
    }
    for (key, text) in cases.iter().flat_map(|case| literals_of(case)) {
        alike.entry(key).or_default().insert(text);
    }
    alike
}

/// The texts of a case by the last key of their paths.
fn literals_of(case: &Path) -> Vec<(String, String)> {
    let definition = fs::read_to_string(case).expect("the case");
    let tokens = Tokens::of(&definition, &BTreeMap::new());
    tokens.map_or_else(Vec::new, |tokens| {
        tokens.found.iter().map(|(path, text)| (key(path).to_owned(), text.clone())).collect()
    })
}

fn key(path: &str) -> &str {
    path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default()
}

/// Values that change a result completely.
pub(super) const HOSTILE: [&str; 24] = [
    "",
    "$.hostile",
    "false",
    "name",
    "NAME",
    "alias/aws/hostile",
    "alias/hostile",
    "arn:aws:kms:eu-west-1:444455556666:alias/hostile",
    "arn:aws:kms:eu-west-1:111122223333:key/hostile",
    "arn:aws:lambda:eu-west-1:111122223333:function:hostile:PROD",
    "arn:aws:lambda:us-east-1:444455556666:function:hostile",
    "arn:aws:s3:eu-west-1:111122223333:accesspoint/hostile",
    "arn:aws:states:eu-west-1:111122223333:stateMachine:hostile:1",
    "arn:aws:sns:eu-west-1:111122223333:hostile",
    "arn:aws-cn:sns:cn-north-1:111122223333:hostile",
    "arn:aws:iam::444455556666:role/hostile",
    "arn:aws:sagemaker:eu-west-1:111122223333:cluster/hostile",
    "arn:aws:states:eu-west-1:111122223333:stateMachine:hostile",
    "@connections/hostile",
    "hostile/path",
    "resolve:ssm:/hostile",
    "SELECT * FROM \"hostile\".\"schema\".\"table\"",
    "CREATE TABLE hostile AS SELECT 1",
    "https://hostile.execute-api.eu-west-1.amazonaws.com",
];

/// How many values that other cases have for the same parameter.
pub(super) const ALIKE: usize = 12;

/// What cases have for the parameter of a token, its own text left out.
pub(super) fn others(tokens: &Tokens, at: usize, by_key: &Alike) -> Vec<String> {
    let all = by_key.get(key(tokens.path(at))).into_iter().flatten();
    all.filter(|text| *text != tokens.value(at)).take(ALIKE).cloned().collect()
}

/// Values for a token: its own, those of other tokens, what other cases have there, and hostile ones.
pub(super) fn pool(tokens: &Tokens, at: usize, by_key: &Alike, alike: usize) -> Vec<String> {
    let own = tokens.value(at);
    let mut values: BTreeSet<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    values.extend(by_key.get(key(tokens.path(at))).into_iter().flatten().take(alike).cloned());
    values.extend(tokens.found.iter().map(|(_, text)| text.clone()).take(ALIKE));
    values.extend([
        format!("{own}:PROD"),
        own.replace(ACCOUNT, ANOTHER),
        own.replace("arn:aws:", "arn:aws-cn:"),
        own.to_uppercase(),
        own.to_lowercase(),
        format!("{own}{}", "x".repeat(7000)),
    ]);
    values.remove(own);
    [own.to_owned()].into_iter().chain(values).collect()
}
