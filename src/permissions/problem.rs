//! What is wrong with the tasks of a state machine, or worth knowing about them.

use crate::asl::IntegrationPattern;
use crate::finding::suggest::did_you_mean;
use crate::finding::{Code, Problem, listed, listed_quoted, quoted};

/// What is wrong with a task, a reader or a writer, or worth knowing about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TaskProblem<'a> {
    #[error("There is no optimized integration for the service {}.{}", quoted(service), remedy(sdk, names))]
    UnknownService { service: &'a str, sdk: Option<String>, names: Vec<&'static str> },
    #[error(
        "The optimized integration of {title} has no API {}; it has {}.{}",
        quoted(api),
        apis.join(", "),
        remedy(sdk, names)
    )]
    UnknownApi {
        title: &'static str,
        api: &'a str,
        apis: Vec<&'static str>,
        sdk: Option<String>,
        names: Vec<&'static str>,
    },
    #[error(
        "\"{call}\" has no \"{}\"; there {} {}.",
        pattern.suffix(),
        if patterns.len() == 1 { "is" } else { "are" },
        listed_quoted(patterns)
    )]
    UnknownPattern { call: String, pattern: IntegrationPattern, patterns: Vec<String> },
    #[error(
        "{} is not in the partition \"{own}\", and roles are not assumed across partitions. Set \"partition\", or correct the ARN.",
        quoted(arn)
    )]
    RolePartition { arn: String, own: &'a str },
    #[error(
        "\"RoleArn\" is {}, which is not the ARN of a role. Set the value of the token in \"definition_substitutions\", or replace it beforehand.",
        quoted(text)
    )]
    RoleToken { text: &'a str },
    #[error(
        "\"RoleArn\" is {}, which is not the ARN of a role. Give the ARN of the role that the task assumes, such as \
         \"arn:{partition}:iam::111122223333:role/NAME\".",
        quoted(text)
    )]
    NotARole { text: &'a str, partition: &'a str },
    #[error(
        "{what} has \"Credentials\", which AWS documents for Lambda functions and AWS services only. Try the task before you rely on it."
    )]
    UndocumentedCredentials { what: &'static str },
    #[error("AWS will reject the state {}: {what} in {place}. {instead}, or {standard}.", quoted(state))]
    Express { state: &'a str, what: String, place: String, instead: String, standard: String },
    #[error(
        "{} is in the partition {}, but the policy is for \"{own}\", and tasks cannot access other partitions. Set \"partition\" to {} if the state machine runs \
         there, or correct the ARN.",
        quoted(arn),
        quoted(partition),
        quoted(partition)
    )]
    Partition { arn: &'a str, partition: &'a str, own: &'a str },
    #[error(
        "{} is in {}, but the policy is for \"{own}\", and tasks do not call across Regions. Set \"region\" to {} if the state machine runs there, or \
         correct the ARN.",
        quoted(arn),
        quoted(region),
        quoted(region)
    )]
    Region { arn: &'a str, region: &'a str, own: &'a str },
    #[error(
        "{} is in the account {}, but the policy is for \"{own}\". Set \"account_id\" to {} if the state machine is there, correct the ARN, or give the \
         task the \"Credentials\" of a role in that account.",
        quoted(arn),
        quoted(account),
        quoted(account)
    )]
    Account { arn: &'a str, account: &'a str, own: &'a str },
    #[error("{} is not a Resource of a {title}, which has {}.", quoted(arn), listed_quoted(apis))]
    UnknownTransfer { title: &'static str, arn: &'a str, apis: Vec<String> },
    #[error(
        "\"Bucket\" is an ARN, and the policy allows this ARN. AWS does not document that readers and writers accept ARNs. Test it, or use the name."
    )]
    BucketArn,
    #[error("AWS does not read named versions of Parquet files. Remove \"VersionId\".")]
    ParquetVersion,
    #[error(
        "Task {} takes the host of \"ApiEndpoint\" from a value that is known only at run time. The policy allows other hosts too, so the credentials of \
         the connection can be sent there. Give \"ApiEndpoint\" a literal beginning, up to the slash after the host.",
        quoted(state)
    )]
    OpenHost { state: &'a str },
}

/// What to write instead of an unknown name.
fn remedy(sdk: &Option<String>, names: &[&str]) -> String {
    match sdk {
        Some(arn) => format!(" Through the AWS SDK it is \"{arn}\"."),
        None => did_you_mean(names),
    }
}

impl Problem for TaskProblem<'_> {
    fn code(&self) -> Code {
        use TaskProblem as P;
        match self {
            P::UnknownService { .. } => Code::UnknownService,
            P::UnknownApi { .. } => Code::UnknownApi,
            P::UnknownPattern { .. } => Code::UnknownPattern,
            P::RoleToken { .. } | P::NotARole { .. } => Code::InvalidCredentials,
            P::UndocumentedCredentials { .. } => Code::UndocumentedCredentials,
            P::Express { .. } => Code::ExpressUnsupported,
            P::Partition { .. } | P::RolePartition { .. } => Code::WrongPartition,
            P::Region { .. } => Code::WrongRegion,
            P::Account { .. } => Code::WrongAccount,
            P::UnknownTransfer { .. } => Code::InvalidTransfer,
            P::BucketArn => Code::UndocumentedBucketArn,
            P::ParquetVersion => Code::ParquetVersion,
            P::OpenHost { .. } => Code::OpenHost,
        }
    }

    fn summary(&self) -> String {
        use TaskProblem as P;
        match self {
            P::UnknownService { .. } | P::UnknownApi { .. } | P::UnknownPattern { .. } => {
                "Unknown service integration".to_owned()
            }
            P::RolePartition { .. } => "A role in another partition".to_owned(),
            P::RoleToken { .. } | P::NotARole { .. } => "\"RoleArn\" is not the ARN of a role".to_owned(),
            P::UndocumentedCredentials { what } => format!("{what} with \"Credentials\""),
            P::Express { what, place, .. } => {
                let mut summary = format!("{what} in {place}");
                if let Some(first) = summary.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                summary
            }
            P::UnknownTransfer { title, .. } => format!("A {title} that AWS does not know"),
            P::ParquetVersion => "\"VersionId\" with \"PARQUET\"".to_owned(),
            _ => self.code().row().title.to_owned(),
        }
    }
}

/// What is wrong with the settings of the state machine, or worth knowing about them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SettingProblem<'a> {
    #[error(
        "With \"CUSTOMER_MANAGED_KMS_KEY\", \"kms_key_id\" must be the ARN of a key. Set it, or use \"AWS_OWNED_KEY\"."
    )]
    NoKey,
    #[error(
        "{} is not the ARN of a key. A policy names a key by its ARN, such as \"arn:{partition}:kms:REGION:ACCOUNT:key/ID\", not by its ID or an alias. In \
         Terraform it is the attribute \"arn\" of aws_kms_key, or \"target_key_arn\" of aws_kms_alias.",
        quoted(key)
    )]
    NotAKey { key: &'a str, partition: &'a str },
    #[error(
        "{} is in the partition {}, but the policy is for \"{own}\". Set \"partition\" to {} if the state machine runs there, or correct the ARN.",
        quoted(key),
        quoted(partition),
        quoted(partition)
    )]
    KeyPartition { key: &'a str, partition: &'a str, own: &'a str },
    #[error(
        "{} is not an API. Write service and API as in a Resource, such as \"dynamodb:newThing\".",
        quoted(entry)
    )]
    NotAnApi { entry: &'a str },
    #[error(
        "{} cannot be allowed: the AWS SDK integrations have no service {}, so the prefix of its actions in IAM is not known.{}",
        quoted(entry),
        quoted(service),
        did_you_mean(names)
    )]
    ApiOfUnknownService { entry: &'a str, service: &'a str, names: Vec<&'static str> },
    #[error(
        "The catalogue has {}, so the entry has no effect. Remove it, so that the list has only new APIs.",
        quoted(entry)
    )]
    KnownApi { entry: &'a str },
    #[error(
        "A Distributed Map with EXPRESS children allows only a condition on the account in \"assume_role_policy_json\", and \"account_id\" is not set: state \
         machines of any account could use the role. Set \"account_id\"."
    )]
    OpenTrust,
    #[error(
        "\"{argument}\" is not set, so {}. Set \"{argument}\" to narrow it.",
        beside.wide(argument)
    )]
    WideTrust { argument: &'static str, beside: Beside },
    #[error("{} {} {}: {reason}.", beside.names(), if beside.trust && beside.callback { "have" } else { "has" }, quoted(resource))]
    RequiredBeside { resource: &'a str, beside: Beside, reason: &'static str },
    #[error("AWS will reject the log destination {}. Write {}.", quoted(destination), quoted(&format!("{destination}:*")))]
    LogGroupWithoutStar { destination: &'a str },
    #[error(
        "AWS will reject the log destination {}. Give the ARN of a log group with \":*\" at its end, such as \
         \"${{aws_cloudwatch_log_group.NAME.arn}}:*\".",
        quoted(destination)
    )]
    NotALogGroup { destination: &'a str },
    #[error(
        "{} in \"encryption_configuration\" is an alias: every key that has it is allowed, and when the alias moves, executions with the old key fail. Set \
         \"kms_key_id\" to the key's ARN.",
        quoted(alias)
    )]
    KeyAlias { alias: &'a str },
    #[error(
        "\"activity_kms_keys\" names {}, but no task has it as its Resource. Correct the ARN, or remove it.",
        quoted(activity)
    )]
    UnusedActivityKey { activity: &'a str },
}

impl Problem for SettingProblem<'_> {
    fn code(&self) -> Code {
        use SettingProblem as P;
        match self {
            P::NoKey | P::NotAKey { .. } => Code::InvalidKey,
            P::NotAnApi { .. } | P::ApiOfUnknownService { .. } => Code::InvalidArgument,
            P::KnownApi { .. } => Code::NeedlessUnknownApi,
            P::KeyPartition { .. } => Code::WrongPartition,
            P::OpenTrust => Code::OpenTrust,
            P::WideTrust { .. } => Code::MissingSetting,
            P::RequiredBeside { .. } => Code::AwsWildcard,
            P::LogGroupWithoutStar { .. } | P::NotALogGroup { .. } => Code::InvalidLogDestination,
            P::KeyAlias { .. } => Code::KeyAlias,
            P::UnusedActivityKey { .. } => Code::UnusedActivityKey,
        }
    }

    fn summary(&self) -> String {
        use SettingProblem as P;
        match self {
            P::NotAnApi { .. } => "Not the name of an API".to_owned(),
            P::ApiOfUnknownService { .. } => "Unknown service".to_owned(),
            P::NoKey => "No key to encrypt with".to_owned(),
            P::WideTrust { argument, .. } => format!("\"{argument}\" is not set"),
            P::KeyPartition { .. } => "A key in another partition".to_owned(),
            P::LogGroupWithoutStar { .. } => "A log destination without \":*\"".to_owned(),
            P::NotALogGroup { .. } => "A log destination that is not a log group".to_owned(),
            _ => self.code().row().title.to_owned(),
        }
    }
}

/// Which of the documents beside the role's own have a wildcard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    /// `assume_role_policy_json`.
    pub(super) trust: bool,
    /// `callback_policy_json`.
    pub(super) callback: bool,
}

impl Beside {
    /// Their names.
    fn names(self) -> String {
        let names =
            [(self.trust, "\"assume_role_policy_json\""), (self.callback, "\"callback_policy_json\"")];
        let names: Vec<&str> = names.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        listed(&names)
    }

    /// For which state machines they are without an argument: a clause.
    fn wide(self, argument: &str) -> String {
        let any = match argument {
            "state_machine_name" => "of any name",
            "account_id" => "of any account",
            _ => "of any Region",
        };
        let trust = format!("\"assume_role_policy_json\" lets state machines {any} use the role");
        let callback = format!("\"callback_policy_json\" lets workers answer state machines {any}");
        let clauses = [(self.trust, trust), (self.callback, callback)];
        let clauses: Vec<String> =
            clauses.into_iter().filter(|(is, _)| *is).map(|(_, clause)| clause).collect();
        clauses.join(", and ")
    }
}
