//! The settings of a case: those of all cases, changed by `NAME.settings.json`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sfniam::asl::ExecutionType;
use sfniam::permissions::{Encryption, KeyType, LogLevel, Logging, Mode, Settings};

use super::{beside, settings};

/// The settings of a case.
pub(crate) fn settings_of(case: &Path, mode: Mode) -> Settings {
    match fs::read_to_string(beside(case, ".settings.json")) {
        Ok(text) => changed(&text, mode),
        Err(_) => settings(mode),
    }
}

/// The settings that a file describes, by the names of the data source's arguments.
fn changed(file: &str, mode: Mode) -> Settings {
    let mut settings = settings(mode);
    let Value::Object(members) = serde_json::from_str(file).expect("settings are JSON") else {
        panic!("settings are an object")
    };
    for (name, value) in &members {
        let text = || value.as_str().map(str::to_owned);
        match name.as_str() {
            "partition" => settings.aws.partition = text().expect("a partition"),
            "region" => settings.aws.region = text(),
            "account_id" => settings.aws.account = text(),
            "state_machine_name" => settings.machine_name = text(),
            "type" => {
                assert_eq!(value, "EXPRESS");
                settings.machine_type = ExecutionType::Express;
            }
            "tracing_configuration" => settings.tracing = value["enabled"] == true,
            "logging_configuration" => settings.logging = Some(logging(value)),
            "encryption_configuration" => settings.encryption = Some(encryption(value)),
            "include_redrive" => settings.include_redrive = value == true,
            "kms_key_arns" => settings.kms_key_arns = serde_json::from_value(value.clone()).expect("a list"),
            "activity_kms_keys" => {
                settings.activity_kms_keys = serde_json::from_value(value.clone()).expect("a map");
            }
            other => panic!("there is no setting {other}"),
        }
    }
    settings
}

fn logging(value: &Value) -> Logging {
    Logging {
        level: match value["level"].as_str() {
            Some("ALL") => LogLevel::All,
            Some("ERROR") => LogLevel::Error,
            Some("FATAL") => LogLevel::Fatal,
            Some("OFF") | None => LogLevel::Off,
            Some(other) => panic!("there is no level {other}"),
        },
        include_execution_data: value["include_execution_data"] == true,
        log_destination: value["log_destination"].as_str().map(str::to_owned),
    }
}

fn encryption(value: &Value) -> Encryption {
    Encryption {
        key_type: match value["type"].as_str() {
            Some("CUSTOMER_MANAGED_KMS_KEY") => KeyType::CustomerManaged,
            _ => KeyType::AwsOwned,
        },
        kms_key_id: value["kms_key_id"].as_str().map(str::to_owned),
        kms_data_key_reuse_period_seconds: value["kms_data_key_reuse_period_seconds"].as_u64(),
    }
}
