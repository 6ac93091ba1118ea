//! Data that may be encrypted with a customer-managed key which no parameter names.

use std::fmt;

use crate::call::Call;
use crate::finding::{Code, Finding, Problem, listed_whole};
use crate::sdk::catalog;
use crate::sdk::model::{Kind, Operation};

use super::{Requirements, Settings};

/// What `kms_key_arns` grants.
const GRANTED: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];

/// The optimized integrations of services whose data a key can encrypt, with the corresponding services of
/// the AWS SDK and, for what `.sync` calls in addition, its APIs.
const OPTIMIZED: [(&str, &str, &[&str]); 8] = [
    ("athena", "athena", &[]),
    ("bedrock", "bedrockruntime", &[]),
    ("dynamodb", "dynamodb", &[]),
    ("s3", "s3", &[]),
    ("sagemaker", "sagemaker", &[]),
    ("sns", "sns", &[]),
    ("sqs", "sqs", &[]),
    ("states", "sfn", &["describeExecution"]),
];

/// What a call of an operation of the SDK may need.
pub(super) fn of_operation(
    segment: &'static str,
    operation: &Operation,
    call: &Call<'_, '_>,
) -> Requirements {
    let mut requirements = Requirements::default();
    for action in operation.actions.iter().filter(|action| action.kind == Kind::Optional) {
        call.forget();
        let may_be_needed = action.may_be_needed(call);
        if call.depends() {
            requirements.open_keys = true;
        } else if may_be_needed {
            requirements.unnamed_keys.entry(segment).or_default().insert(action.name.clone());
        }
    }
    requirements
}

/// What a call of an optimized integration may need: the same as the API of the SDK.
pub(super) fn of_optimized(service: &str, api: &str, call: &Call<'_, '_>) -> Requirements {
    let Some(&(_, segment, awaited)) = OPTIMIZED.iter().find(|(name, ..)| *name == service) else {
        return Requirements::default();
    };
    let awaited = awaited.iter().filter(|_| call.pattern.suffix().starts_with(".sync"));
    let found = |api: &&str| catalog::service(segment).and_then(|service| service.operation(api));
    let operations = std::iter::once(&api).chain(awaited).filter_map(found);
    operations.map(|operation| of_operation(segment, operation, call)).collect()
}

/// Whether it depends on `kms_key_arns` what is said of data that may be under a customer managed key.
#[must_use]
pub fn may_be_under_data_keys(requirements: &Requirements) -> bool {
    let mut actions = requirements.unnamed_keys.values().flatten();
    actions.any(|action| GRANTED.contains(&action.as_ref()))
}

/// One finding for each service, unless `kms_key_arns` grants all that its data can need.
pub(super) fn findings(requirements: &Requirements, settings: &Settings) -> Vec<Finding> {
    let given = !settings.kms_key_arns.is_empty();
    let mut findings = Vec::new();
    for (service, actions) in &requirements.unnamed_keys {
        let open = actions.iter().map(AsRef::as_ref).filter(|action| !(given && GRANTED.contains(action)));
        let open: Vec<&str> = open.collect();
        if !open.is_empty() {
            let problem = UnnamedKey { service, actions: &open };
            findings.push(Finding::new(&problem, "").about(open, Vec::new()).subject(*service));
        }
    }
    findings
}

/// The data of a service may be under a key that no parameter names.
struct UnnamedKey<'a> {
    service: &'static str,
    /// What is then needed on the key.
    actions: &'a [&'a str],
}

impl Problem for UnnamedKey<'_> {
    fn code(&self) -> Code {
        Code::UnnamedKey
    }

    fn summary(&self) -> String {
        format!("The data of \"{}\" may be encrypted with a customer managed key", self.service)
    }
}

impl fmt::Display for UnnamedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (by_setting, others): (Vec<&str>, Vec<&str>) =
            self.actions.iter().partition(|action| GRANTED.contains(action));
        write!(
            f,
            "The data of \"{}\" may be encrypted with a customer managed key of AWS KMS, which no parameter names. If so, ",
            self.service
        )?;
        if !by_setting.is_empty() {
            write!(f, "name the key in \"kms_key_arns\", which allows {}", listed_whole(&by_setting))?;
        }
        if !others.is_empty() {
            let and = if by_setting.is_empty() { "" } else { ", and " };
            write!(f, "{and}allow {} on the key beside this policy", listed_whole(&others))?;
        }
        f.write_str(".")
    }
}
