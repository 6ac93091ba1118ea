//! What the definition does not contain.

use std::collections::{BTreeMap, BTreeSet};

use crate::asl::template::Arguments;
use crate::asl::{ExecutionType, IntegrationPattern, Resource};
use crate::call::{self, Call};
use crate::iam::{Location, Pattern, WildcardReason};

/// Which of the two sets of grants applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What AWS documents, and the console writes.
    Template,
    /// The least that works.
    LeastPrivilege,
}

impl Mode {
    /// Both modes.
    pub const ALL: [Mode; 2] = [Mode::Template, Mode::LeastPrivilege];

    /// The name in configurations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Template => "template",
            Mode::LeastPrivilege => "least_privilege",
        }
    }
}

/// What the definition does not contain.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the state machine runs.
    pub aws: Location,
    /// Which grants count.
    pub mode: Mode,
    /// The type of the state machine.
    pub machine_type: ExecutionType,
    /// The name of the state machine.
    pub machine_name: Option<String>,
    /// Whether X-Ray tracing is on.
    pub tracing: bool,
    /// The logging of the state machine.
    pub logging: Option<Logging>,
    /// The encryption of the state machine.
    pub encryption: Option<Encryption>,
    /// Whether a redrive of the state machine may redrive the children of its Distributed Maps.
    pub include_redrive: bool,
    /// ARNs of the keys that buckets, queues, topics, connections, child state machines and other resources
    /// are encrypted with. The role may decrypt with them and generate data keys.
    pub kms_key_arns: Vec<String>,
    /// The ARNs of the keys of activities, by the activity's ARN.
    pub activity_kms_keys: BTreeMap<String, String>,
    /// APIs of the AWS SDK, as `dynamodb:newThing`, that are granted by their own name although the catalogue
    /// does not have them.
    pub allow_unknown_apis: ApiNames,
}

/// Names of APIs as the user wrote them, such as `dynamodb:newThing`; found without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiNames {
    given: Vec<String>,
    lowered: BTreeSet<String>,
}

impl ApiNames {
    /// The names in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(String::as_str)
    }

    /// Whether a name is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.lowered.contains(&name.to_ascii_lowercase())
    }
}

impl FromIterator<String> for ApiNames {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        let given: Vec<String> = names.into_iter().collect();
        ApiNames { lowered: given.iter().map(|name| name.to_ascii_lowercase()).collect(), given }
    }
}

/// `logging_configuration`, as `aws_sfn_state_machine` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// What is logged.
    pub level: LogLevel,
    /// Whether input and output are logged. No effect on permissions.
    pub include_execution_data: bool,
    /// The ARN of the log group, `:*` at its end.
    pub log_destination: Option<String>,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// `ALL`.
    All,
    /// `ERROR`.
    Error,
    /// `FATAL`.
    Fatal,
    /// `OFF`.
    Off,
}

/// `encryption_configuration`, as `aws_sfn_state_machine` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// Whose key it is.
    pub key_type: KeyType,
    /// The key's ARN, its ID, or an alias. Needed for a key of the customer.
    pub kms_key_id: Option<String>,
    /// Whether there is a key that is not known yet: it may be any key of the region.
    pub is_pending: bool,
    /// Seconds from 60 to 900. No effect on permissions.
    pub kms_data_key_reuse_period_seconds: Option<u64>,
}

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `AWS_OWNED_KEY`.
    AwsOwned,
    /// `CUSTOMER_MANAGED_KMS_KEY`.
    CustomerManaged,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            aws: Location::default(),
            mode: Mode::Template,
            machine_type: ExecutionType::Standard,
            machine_name: None,
            tracing: false,
            logging: None,
            encryption: None,
            include_redrive: true,
            kms_key_arns: Vec::new(),
            activity_kms_keys: BTreeMap::new(),
            allow_unknown_apis: ApiNames::default(),
        }
    }
}

impl Settings {
    /// An ARN from a template whose holes are `{partition}`, `{region}`, `{account}`, `{machine}` and, if
    /// `value` is given, `{}`. `*` in the template is a wildcard, for the reason given.
    pub(super) fn arn(&self, template: &str, value: Option<&Pattern>, because: &'static str) -> Pattern {
        call::arn(&self.aws, self.machine_name.as_deref(), template, value, because)
    }

    /// A call of a Resource with these arguments.
    pub(super) fn call<'a, 's>(
        &'s self,
        resource: &'s Resource<'a>,
        pattern: IntegrationPattern,
        arguments: Arguments<'a, 's>,
    ) -> Call<'a, 's> {
        Call {
            aws: &self.aws,
            machine: self.machine_name.as_deref(),
            resource,
            pattern,
            arguments,
            config: None,
            pending: std::cell::Cell::default(),
            may_be_empty: std::cell::Cell::default(),
        }
    }

    /// The state machine's own ARN.
    pub(super) fn machine_arn(&self) -> Pattern {
        self.arn("arn:{partition}:states:{region}:{account}:stateMachine:{machine}", None, "")
    }

    /// The state machine's ARN with the label of any of its Distributed Maps.
    pub(super) fn labelled_machine_arn(&self) -> Pattern {
        let mut labelled = self.machine_arn().then("/");
        labelled.push_wildcard("*", WildcardReason::Aws("a child execution may name the label of its Map"));
        labelled
    }
}
