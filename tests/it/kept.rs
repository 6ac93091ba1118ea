//! What validation keeps for a read equals what the read would compute by itself.

use sfniam::permissions::Mode;
use sfniam::protocol::Provider;
use sfniam::protocol::value::Value;
use sfniam::provider::{DATA_SOURCE, Sfniam};
use sfniam::work::Cancel;

use crate::support::arguments::arguments_of;
use crate::support::{case_name, files, sweeping, tests_folder};

/// A provider that has its block.
fn configured(members: &[(&'static str, Value)]) -> Sfniam {
    let provider = Sfniam::default();
    let block = provider.schema().provider;
    let given = members.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    let config = block.config(given).expect("a configuration");
    assert_eq!(provider.configure(&config), []);
    provider
}

#[test]
fn a_read_after_validating_is_that_without() {
    let (step, cancel, mut read) = (if sweeping() { 1 } else { 7 }, Cancel::default(), 0);
    for folder in ["integrations", "machines", "problems", "sdk"] {
        for case in files(&tests_folder().join(folder), ".asl.json").iter().step_by(step) {
            for mode in Mode::ALL {
                let (name, arguments) = (case_name(case), arguments_of(case, mode));
                let plain = configured(&[]).read_data_source(DATA_SOURCE, &arguments, &cancel);
                let checked = Sfniam::default().validate_data_source(DATA_SOURCE, &arguments, &cancel);
                let provider = configured(&[]);
                let validated = provider.validate_data_source(DATA_SOURCE, &arguments, &cancel);
                assert_eq!(validated, checked, "{name}");
                for time in ["first", "second"] {
                    let answer = provider.read_data_source(DATA_SOURCE, &arguments, &cancel);
                    assert_eq!(answer, plain, "{name}, the {time} time");
                }
                read += usize::from(plain.0.is_some());
            }
        }
    }
    assert!(read > 100, "{read} readings");
}

#[test]
fn nothing_is_kept_from_another_configuration_of_the_provider() {
    let (one, cancel) = (configured(&[("region", "eu-west-1".into())]), Cancel::default());
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}"#;
    let block = one.schema().data_sources.remove(0).block;
    let given = [("definition".into(), Value::from(definition))].into();
    let arguments = block.config(given).expect("arguments");
    let json = |provider: &Sfniam| {
        let (state, _) = provider.read_data_source(DATA_SOURCE, &arguments, &cancel);
        state.expect("a state").get("json").as_str().expect("a document").to_owned()
    };
    assert_eq!(one.validate_data_source(DATA_SOURCE, &arguments, &cancel), []);
    let other = one.schema().provider.config([("region".into(), Value::from("us-east-1"))].into());
    assert_eq!(one.configure(&other.expect("a configuration")), []);
    assert!(json(&one).contains("lambda:us-east-1:"));
}
