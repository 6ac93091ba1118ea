//! What is wrong with the arguments of the provider block, the data source and the functions.

use crate::document::ReadError;
use crate::finding::suggest::did_you_mean;
use crate::finding::{Code, Level, MIN_LIKENESS, Problem, quoted};

use super::region;

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ArgumentProblem<'a> {
    #[error(
        "The provider block's \"{name}\" is known only after apply. Set \"{name}\" here, or give the provider a value that is known when planning."
    )]
    NotConfigured { name: &'static str },
    #[error(
        "The region {} is in the partition \"{of_region}\", but the partition is {}. Remove \"partition\", or correct one of them.",
        quoted(region),
        quoted(partition)
    )]
    OtherPartition { region: &'a str, of_region: &'a str, partition: &'a str },
    #[error(
        "{} is not an AWS partition. Use \"aws\", \"aws-cn\", \"aws-us-gov\", \"aws-eusc\" or an \"aws-iso\" one.",
        quoted(name)
    )]
    NotAPartition { name: &'a str },
    #[error(
        "{} is not the code of a region, such as \"eu-west-1\".{}",
        quoted(name),
        did_you_mean(region::meant(name).as_slice())
    )]
    NotARegion { name: &'a str },
    #[error("{} is not the ID of an AWS account, which has twelve digits. {}", quoted(id), of_account(id))]
    NotAnAccount { id: &'a str },
    #[error("There is no code {}.{}", quoted(name), suggestion(name))]
    UnknownCode { name: &'a str },
    #[error("\"{code}\" must be one of {}, but it is {}.", levels(), quoted(given))]
    UnknownLevel { code: &'static str, given: &'a str },
    #[error(
        "\"{code}\" cannot be \"{given}\": its severity is \"{is}\" and cannot be lowered. Remove it, or raise it."
    )]
    CannotBeLowered { code: &'static str, given: &'static str, is: &'static str },
    #[error("\"{code}\" is always an error, because the configuration itself is wrong. Remove it.")]
    AlwaysAnError { code: &'static str },
    #[error(
        "With \"type\" = \"AWS_OWNED_KEY\", the state machine is not encrypted with \"kms_key_id\". Remove it, or set \"type\" to \
         \"CUSTOMER_MANAGED_KMS_KEY\"."
    )]
    KeyWithoutUse,
    #[error(
        "{} cannot be the name of a state machine: 1 to 80 characters, no white space and none of {forbidden}. Give the name, not the ARN.",
        quoted(name)
    )]
    NotAMachineName { name: &'a str, forbidden: &'static str },
    #[error("\"{name}\" is a whole number of characters, at least 1.")]
    NotASize { name: &'static str },
    /// A hint that says too little or too much.
    #[error("{advice}")]
    Hint { advice: &'static str },
    #[error("The definition is the first argument. Remove \"definition\" from the options.")]
    DefinitionTwice,
    #[error("The first argument is the definition.")]
    NoDefinition,
    #[error("The options are one object. Give an object.")]
    OptionsNotAnObject,
    #[error("The function takes at most one. Combine several with merge(…).")]
    OptionsTwice,
    #[error("The first argument is a list of objects, each with the \"definition\" of a state machine.")]
    NoMachines,
    #[error("machines[{index}] is not an object. Give an object with its \"definition\".")]
    NotAMachine { index: usize },
    #[error(
        "machines[{index}] has no \"definition\". Give the text of its definition, for instance with file(…)."
    )]
    NoMachineDefinition { index: usize },
    #[error("Each state machine has its own definition. Give \"definition\" in the objects of \"machines\".")]
    SharedDefinition,
    #[error("policies[{index}] is null. Leave it out, for instance with compact(…).")]
    NullPolicy { index: usize },
    #[error("policies[{index}]: {error}. Give the JSON of a policy of the role, for instance with file(…).")]
    NotAPolicy { index: usize, error: &'a ReadError },
    #[error("\"permissions_boundary\" is not a string. Give the JSON of the boundary's policy.")]
    BoundaryNotAString,
    #[error(
        "\"permissions_boundary\": {error}. Give the JSON of the boundary's policy, for instance with file(…)."
    )]
    NotABoundary { error: &'a ReadError },
    #[error("Comparing these definitions and policies takes too much work. Compare fewer of them at once.")]
    TooMuchWork,
    #[error("The host cancelled the call before there was a result.")]
    GivenUp,
    #[error(
        "Without it, the policy has \"*\" in its place. A function does not see the provider block: set \"{argument}\" in the options."
    )]
    MissingSetting { argument: &'a str },
    #[error(
        "{} is not an existing resource. Give the values of the definition's tokens in \"definition_substitutions\".",
        quoted(resource)
    )]
    LeftOverToken { resource: &'a str },
}

/// How to write what is meant as an account ID.
fn of_account(id: &str) -> String {
    let digits: String = id.chars().filter(|one| !matches!(one, '-' | ' ')).collect();
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.len() {
        12 if are_digits => format!("Write it without separators: \"{digits}\"."),
        1..12 if are_digits => {
            "Write it as a string, with its leading zeros: a number loses them.".to_owned()
        }
        _ => "Give the twelve digits as a string.".to_owned(),
    }
}

/// The code that is similar to a name.
fn suggestion(name: &str) -> String {
    let mut rated: Vec<(f64, &str)> =
        Code::ALL.iter().map(|code| (strsim::jaro_winkler(name, code.name()), code.name())).collect();
    rated.sort_by(|(one, name), (other, other_name)| other.total_cmp(one).then(name.cmp(other_name)));
    match rated.first() {
        Some((likeness, code)) if *likeness >= MIN_LIKENESS => format!(" Did you mean \"{code}\"?"),
        _ => " The guide to findings lists them.".to_owned(),
    }
}

fn levels() -> String {
    Level::ALL.map(|level| format!("\"{}\"", level.name())).join(", ")
}

impl Problem for ArgumentProblem<'_> {
    fn code(&self) -> Code {
        use ArgumentProblem as P;
        match self {
            P::Hint { .. } => Code::InvalidHint,
            P::MissingSetting { .. } => Code::MissingSetting,
            P::LeftOverToken { .. } => Code::LeftOverToken,
            _ => Code::InvalidArgument,
        }
    }

    fn summary(&self) -> String {
        use ArgumentProblem as P;
        let summary = match self {
            P::NotConfigured { .. } => "The provider is not configured yet",
            P::OtherPartition { .. } => "Region and partition do not match",
            P::NotAPartition { .. } => "Unknown partition",
            P::NotARegion { .. } => "Not a region",
            P::NotAnAccount { .. } => "Not an account ID",
            P::UnknownCode { .. }
            | P::UnknownLevel { .. }
            | P::CannotBeLowered { .. }
            | P::AlwaysAnError { .. } => "A severity that cannot be set",
            P::KeyWithoutUse => "Unused key",
            P::NotAMachineName { .. } => "Not the name of a state machine",
            P::NotASize { .. } => "Not a size",
            P::Hint { .. } => self.code().row().title,
            P::DefinitionTwice => "The definition is given twice",
            P::NoDefinition => "The definition is missing",
            P::OptionsNotAnObject => "Options that are not an object",
            P::OptionsTwice => "More than one object of options",
            P::NoMachines => "The state machines are missing",
            P::NotAMachine { .. } => "Not a state machine",
            P::NoMachineDefinition { .. } => "No definition",
            P::SharedDefinition => "A definition among the options",
            P::NullPolicy { .. } => "A null element",
            P::NotAPolicy { .. } => "Not a policy of a role",
            P::BoundaryNotAString | P::NotABoundary { .. } => "Not a permissions boundary",
            P::TooMuchWork => "Too much to compare",
            P::GivenUp => "No result",
            P::MissingSetting { argument } => return format!("Missing \"{argument}\""),
            P::LeftOverToken { .. } => "A token without a value in a resource",
        };
        summary.to_owned()
    }
}
