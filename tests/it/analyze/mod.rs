//! The law of the function `analyze`: each literal of a case becomes a token, and whatever value the token
//! gets, what was returned as known stays the same. Conversely, what no value changes is known.

mod certain;
mod changes;
mod known;
mod literals;
mod option_changes;
mod option_hints;
mod option_inputs;
mod option_values;
mod options;
mod report;
mod tokens;

use std::path::PathBuf;

use sfniam::permissions::Mode;
use sfniam::protocol::Provider;
use sfniam::protocol::value::{Members, Value};
use sfniam::provider::{DATA_SOURCE, Sfniam};
use sfniam::work::Cancel;

use crate::support::arguments::arguments_of;
use crate::support::{case_name, files, tests_folder};

/// The function's result, or its error.
fn analyze(definition: &str, options: &Members) -> Result<Value, String> {
    let arguments = [Value::from(definition), Value::Object(options.clone())];
    Sfniam::default().call_function("analyze", &arguments, &Cancel::default()).map_err(|error| error.text)
}

/// What `validate` of the data source says.
fn validate(definition: &str, options: &Members) -> Vec<String> {
    let mut arguments = options.clone();
    arguments.insert("definition".into(), definition.into());
    let said =
        Sfniam::default().validate_data_source(DATA_SOURCE, &Value::Object(arguments), &Cancel::default());
    said.into_iter().map(|diagnostic| format!("{}. {}", diagnostic.summary, diagnostic.detail)).collect()
}

/// The definitions of all cases, those that are errors included.
fn all_cases() -> Vec<PathBuf> {
    let folders = ["integrations", "machines", "sdk", "problems"];
    folders.iter().flat_map(|folder| files(&tests_folder().join(folder), ".asl.json")).collect()
}

/// Each case with its definition and its other arguments, in each mode.
struct Asked {
    /// The case and the mode.
    name: String,
    definition: String,
    options: Members,
}

fn all_asked() -> Vec<Asked> {
    let mut asked = Vec::new();
    for case in all_cases() {
        for mode in Mode::ALL {
            let Value::Object(mut options) = arguments_of(&case, mode) else { continue };
            let Some(Value::String(definition)) = options.remove("definition") else { continue };
            let name = format!("{} {}", case_name(&case), mode.name());
            asked.push(Asked { name, definition: definition.to_string(), options });
        }
    }
    asked
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

/// A token may turn out to be the bucket that another state reads, which the role may then list. Where no
/// state lists a bucket, what is found of that state is known.
#[test]
fn a_bucket_that_may_be_listed_leaves_open_what_is_found_of_its_objects() {
    let task = |api: &str, bucket: &str, next: &str| {
        format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:{api}", "Parameters": {{"Bucket": "{bucket}", "Key": "k"}}, {next}}}"#
        )
    };
    let found = |listing: &str| {
        let (read, list) =
            (task("headObject", "orders", r#""Next": "List""#), task(listing, "${Bucket}", r#""End": true"#));
        let definition = format!(r#"{{"StartAt": "Read", "States": {{"Read": {read}, "List": {list}}}}}"#);
        let tokens = Value::object([("Bucket", Value::Unknown)]);
        let options = Members::from([("definition_substitutions".into(), tokens)]);
        analyze(&definition, &options).unwrap().get("findings_by_state").get("/States/Read").clone()
    };
    assert_eq!(found("listObjectsV2"), Value::Unknown);
    let known = found("getObject");
    let codes: Vec<_> = known.as_list().unwrap().iter().map(|one| one.get("code").as_str()).collect();
    assert_eq!(codes, [Some("absent-object")]);
}

/// Whether something makes no difference in a case and one in the edited case, in one of the modes. `is_same`
/// says whether it makes none; `None` if a result is an error. Where nothing is edited, it has to make one.
fn matters_once_edited(
    all: &[Asked],
    case: &str,
    edited: &dyn Fn(&Asked) -> Asked,
    is_same: &dyn Fn(&Asked) -> Option<bool>,
) -> bool {
    Mode::ALL.iter().any(|mode| {
        let name = format!("{case} {}", mode.name());
        let asked = all.iter().find(|asked| asked.name == name).expect("a case");
        let edited = edited(asked);
        let is_edited = edited.definition != asked.definition;
        (!is_edited || is_same(asked) != Some(false)) && is_same(&edited) == Some(false)
    })
}

impl Asked {
    /// The case with other text in its definition.
    fn edited(&self, edits: &[(&str, &str)]) -> Asked {
        let definition = edits.iter().fold(self.definition.clone(), |definition, (from, to)| {
            assert!(definition.contains(from), "{}: {from} is not there", self.name);
            definition.replace(from, to)
        });
        Asked { name: self.name.clone(), definition, options: self.options.clone() }
    }
}

/// A part of a result: the members and the positions of elements that lead to it, with dots between them.
fn part_of(said: Value, part: &str) -> Value {
    part.split('.').fold(said, |said, key| match (said.as_list(), key.parse::<usize>()) {
        (Some(elements), Ok(index)) => elements[index].clone(),
        _ => said.get(key).clone(),
    })
}
