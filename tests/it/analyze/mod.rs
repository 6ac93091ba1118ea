//! The law of the function `analyze`: each literal of a case becomes a token, and whatever value the token
//! gets, what was returned as known stays the same. Conversely, what no value changes is known.

mod options;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use sfniam::permissions::Mode;
use sfniam::protocol::Provider;
use sfniam::protocol::value::Value;
use sfniam::provider::{DATA_SOURCE, Sfniam};
use sfniam::work::Cancel;

use crate::support::arguments::arguments_of;
use crate::support::chance::Chance;
use crate::support::{case_name, files, sweeping, tests_folder};

use tokens::{ALIKE, Tokens, literals_of, pool};

/// What stays unknown although no value of the pool changes it: the beginning of the cases' names, a part of
/// the result, and the reason; if there is a value that would change it, that value.
const REVIEWED: &[(&str, &str, &str)] = &[
    ("integrations/", ": .findings", "a value so long that a document is larger than a managed policy"),
    ("sdk/", ": .findings", "a value so long that a document is larger than a managed policy"),
    ("machines/", ": .findings", "a value so long that a document is larger than a managed policy"),
    (
        "machines/distributed-map/",
        "documents_by_service.s3",
        "the objects of a key known only at run time cover it",
    ),
    (
        "integrations/events/putEvents.one-dynamic-bus",
        ": .documents",
        "another bus, which is a second resource",
    ),
    ("machines/distributed-map/", ": .json", "the objects of a key known only at run time cover it"),
    ("machines/distributed-map/", ": .size", "the objects of a key known only at run time cover it"),
    ("machines/distributed-map/", ": .statements", "the objects of a key known only at run time cover it"),
    (
        "machines/places/apigateway-china",
        "actions_by_service.execute-api",
        "none: the stage is read together with the path, which decides",
    ),
    ("machines/jsonata/folded", "", "another topic, if the stage is the other one"),
];

/// The function's result, or its error.
fn analyze(definition: &str, options: &BTreeMap<String, Value>) -> Result<Value, String> {
    let arguments = [Value::from(definition), Value::Object(options.clone())];
    Sfniam::default().call_function("analyze", &arguments, &Cancel::default()).map_err(|error| error.text)
}

/// Whether a partly known value agrees with the final one; else the place where it does not.
fn keeps(said: &Value, came: &Value, place: &str) -> Result<(), String> {
    match (said, came) {
        (Value::Unknown, _) => Ok(()),
        (Value::List(one), Value::List(two)) if one.len() == two.len() => {
            one.iter().zip(two).try_for_each(|(one, two)| keeps(one, two, &format!("{place}[]")))
        }
        (Value::Object(one), Value::Object(two)) if one.keys().eq(two.keys()) => one
            .iter()
            .zip(two.values())
            .try_for_each(|((key, one), two)| keeps(one, two, &format!("{place}.{key}"))),
        (one, two) if one == two => Ok(()),
        _ => Err(format!("{place}: said {said:?}, came {came:?}")),
    }
}

/// The parts that are unknown although all answers have the same there.
fn needless(said: &Value, came: &[&Value], place: &str, found: &mut Vec<String>) {
    match said {
        Value::Unknown if came.windows(2).all(|pair| pair[0] == pair[1]) => found.push(place.to_owned()),
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let came: Vec<&Value> = came.iter().filter_map(|value| value.as_list()?.get(index)).collect();
                needless(element, &came, &format!("{place}[{index}]"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let came: Vec<&Value> = came.iter().map(|value| value.get(key)).collect();
                needless(member, &came, &format!("{place}.{key}"), found);
            }
        }
        _ => {}
    }
}

/// Tries tokens of a case that are unknown together with values for them.
fn tried(
    case: &str,
    tokens: &Tokens,
    options: &BTreeMap<String, Value>,
    unknown: &[usize],
    values: &[Vec<String>],
    by_key: &BTreeMap<String, BTreeSet<String>>,
    report: &mut Report,
) {
    let name = format!("{case} {:?}", unknown.iter().map(|at| tokens.path(*at)).collect::<Vec<_>>());
    let said = match analyze(&tokens.definition, &tokens.options(options, unknown, None)) {
        Ok(said) => said,
        Err(error) => {
            report.errors.insert(name, error);
            return;
        }
    };
    let mut came: Vec<Value> = Vec::new();
    for chosen in values {
        let Ok(answer) = analyze(&tokens.definition, &tokens.options(options, unknown, Some(chosen))) else {
            continue;
        };
        report.answers += 1;
        if let Err(place) = keeps(&said, &answer, "") {
            report.broken.push(format!("{name} = {chosen:?}: {place}"));
        }
        came.push(answer);
    }
    if unknown.len() == 1 && came.len() > 1 {
        let mut found = Vec::new();
        needless(&said, &came.iter().collect::<Vec<_>>(), "", &mut found);
        if !found.is_empty() {
            // A value from some other case may change it.
            for value in pool(tokens, unknown[0], by_key, usize::MAX) {
                came.extend(analyze(&tokens.definition, &tokens.options(options, unknown, Some(&[value]))));
            }
            found.clear();
            needless(&said, &came.iter().collect::<Vec<_>>(), "", &mut found);
        }
        for place in found {
            report.needless.push(format!("{name}: {place}"));
        }
    }
}

#[derive(Default)]
struct Report {
    answers: usize,
    /// What was returned as known and turned out differently.
    broken: Vec<String>,
    /// What could have been returned as known.
    needless: Vec<String>,
    /// Tokens that are rejected while their value is not known.
    errors: BTreeMap<String, String>,
}

impl Report {
    /// Fails the test if the law is broken, or too few answers were had. `SFNIAM_LAW_REPORT` names a file for
    /// all of it.
    fn judge(&self, least: usize) {
        let Report { answers, broken, needless, errors } = self;
        let errors: Vec<String> = errors.iter().map(|(name, error)| format!("{name}: {error}")).collect();
        if let Some(path) = std::env::var_os("SFNIAM_LAW_REPORT") {
            let text = format!(
                "BROKEN\n{}\nNEEDLESS\n{}\nERRORS\n{}\nANSWERS {answers}\n",
                broken.join("\n"),
                needless.join("\n"),
                errors.join("\n"),
            );
            std::fs::write(path, text).unwrap();
        }
        for (what, found) in [("broken", broken), ("needless", needless), ("errors", &errors)] {
            let some: Vec<&String> = found.iter().take(40).collect();
            assert!(found.is_empty(), "{} {what}:\n{some:#?}", found.len());
        }
        assert!(*answers > least, "{answers} answers");
    }
}

/// The definitions of all cases.
fn all_cases() -> Vec<PathBuf> {
    let folders = ["integrations", "machines", "sdk"];
    folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json")).collect()
}

#[test]
fn what_is_wholly_known_is_what_the_data_source_has() {
    let cases = all_cases();
    let mut compared = 0;
    for case in cases {
        for mode in Mode::ALL {
            let arguments = arguments_of(&case, mode);
            let (state, _) = Sfniam::default().read_data_source(DATA_SOURCE, &arguments, &Cancel::default());
            let Value::Object(mut options) = arguments else { continue };
            let definition = options.remove("definition").unwrap_or(Value::Null);
            let said = analyze(definition.as_str().unwrap_or_default(), &options);
            let name = case_name(&case);
            assert_eq!(state.is_some(), said.is_ok(), "{name}: {said:?}");
            let (Some(state), Ok(Value::Object(said))) = (state, said) else { continue };
            for (attribute, value) in said.iter().filter(|(attribute, _)| !state.get(attribute).is_null()) {
                assert_eq!(value, state.get(attribute), "{name} {attribute}");
                compared += 1;
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}

#[test]
fn what_is_called_known_stays_and_what_no_value_changes_is_known() {
    let cases = all_cases();
    let mut by_key: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in &cases {
        for (key, text) in literals_of(case) {
            by_key.entry(key).or_default().insert(text);
        }
    }
    let mut chance = Chance::new(13);
    let mut report = Report::default();
    for case in &cases {
        for mode in Mode::ALL {
            let Value::Object(mut options) = arguments_of(case, mode) else { continue };
            let Some(definition) = options.remove("definition") else { continue };
            let Some(tokens) = Tokens::of(definition.as_str().unwrap_or_default(), &options) else {
                continue;
            };
            // A case that is an error in itself shows nothing.
            if tokens.is_empty() || analyze(&tokens.definition, &tokens.options(&options, &[], None)).is_err()
            {
                continue;
            }
            let name = format!("{} {}", case_name(case), mode.name());
            for at in 0..tokens.len() {
                if !sweeping() && !chance.one_in(48) {
                    continue;
                }
                let values = pool(&tokens, at, &by_key, ALIKE)
                    .into_iter()
                    .map(|value| vec![value])
                    .collect::<Vec<_>>();
                tried(&name, &tokens, &options, &[at], &values, &by_key, &mut report);
            }
            let all: Vec<usize> = (0..tokens.len()).collect();
            if sweeping() || chance.one_in(48) {
                let several: Vec<Vec<String>> = (0..4)
                    .map(|_| all.iter().map(|at| chance.pick(&pool(&tokens, *at, &by_key, ALIKE))).collect())
                    .chain([all.iter().map(|at| tokens.value(*at).to_owned()).collect()])
                    .collect();
                tried(&name, &tokens, &options, &all, &several, &by_key, &mut report);
            }
            for one in 0..tokens.len() {
                for other in one + 1..tokens.len() {
                    if !sweeping() && !chance.one_in(600) {
                        continue;
                    }
                    let mut pairs = vec![vec![tokens.value(one).to_owned(), tokens.value(other).to_owned()]];
                    for at in [one, other] {
                        pairs.push(vec![tokens.value(at).to_owned(), tokens.value(at).to_owned()]);
                    }
                    for _ in 0..3 {
                        pairs.push(
                            [one, other]
                                .iter()
                                .map(|at| chance.pick(&pool(&tokens, *at, &by_key, ALIKE)))
                                .collect(),
                        );
                    }
                    tried(&name, &tokens, &options, &[one, other], &pairs, &by_key, &mut report);
                }
            }
        }
    }
    let is_reviewed = |found: &String| {
        REVIEWED.iter().any(|(case, part, _)| found.starts_with(case) && found.contains(part))
    };
    report.needless.retain(|found| !is_reviewed(found));
    report.judge(500);
}
