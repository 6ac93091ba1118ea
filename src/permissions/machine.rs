//! What the state machine itself needs: traces, logs and keys.

use std::collections::BTreeMap;

use crate::asl::{Integration, Kind, State, StateMachine};
use crate::finding::{Argument, Finding};
use crate::iam::{Condition, Grant, Operator, Pattern, Unresolved, WildcardReason};

use super::express::has_express_children;
use super::kms::of_activity;
use super::problem::SettingProblem;
use super::{
    Encryption, KeyType, LogLevel, Mode, Origin, Permission, Requirements, Settings, grant, locality, unknown,
};
use crate::call::Pending;
use crate::call::resource::kms::{Key, is_key_arn};

const TRACING_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html";
const LOGGING_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html";
const ENCRYPTION_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html";

/// Encrypting requests a data key, and reading decrypts it.
const USE_KEY: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

/// Settings that cannot be intended, each at its argument.
#[must_use]
pub fn wrong_settings(settings: &Settings) -> Vec<Finding> {
    let own = settings.aws.partition.as_str();
    let mut wrong = unknown::wrong_entries(settings);
    for (argument, key) in keys(settings) {
        if let Some(partition) = locality::partition(key).filter(|partition| *partition != own) {
            wrong.push(Finding::new(&SettingProblem::KeyPartition { key, partition, own }, argument));
        }
    }
    if let Some(encryption) = &settings.encryption
        && encryption.key_type == KeyType::CustomerManaged
        && !encryption.is_pending
        && encryption.kms_key_id.as_deref().and_then(|key| Key::of(key, &settings.aws)).is_none()
    {
        wrong.push(Finding::new(&SettingProblem::NoKey, encryption_key()));
    }
    for (argument, key) in keys(settings).into_iter().filter(|(argument, _)| *argument != encryption_key()) {
        if !is_key_arn(key) {
            wrong.push(Finding::new(&SettingProblem::NotAKey { key, partition: own }, argument));
        }
    }
    wrong
}

fn encryption_key() -> Argument {
    Argument { member: Some("kms_key_id"), ..Argument::new("encryption_configuration") }
}

/// All keys among the settings, each with its argument.
fn keys(settings: &Settings) -> Vec<(Argument, &str)> {
    let machine = customer_key(settings.encryption.as_ref()).map(|key| (encryption_key(), key));
    let data = settings.kms_key_arns.iter().enumerate().map(|(position, key)| {
        (Argument { element: Some(position), ..Argument::new("kms_key_arns") }, key.as_str())
    });
    let activities = settings.activity_kms_keys.iter().map(|(activity, key)| {
        (Argument { key: Some(activity.clone()), ..Argument::new("activity_kms_keys") }, key.as_str())
    });
    machine.into_iter().chain(data).chain(activities).collect()
}

/// What the machine itself needs.
pub(super) fn machine(machine: &StateMachine<'_>, settings: &Settings) -> Requirements {
    let key = own_key(settings);
    Requirements::of_problems(open_trust(machine, settings))
        .and(Requirements::of_permissions(tracing(settings)))
        .and(logging(settings))
        .and(key.map(|key| encryption(machine, &key, settings)).unwrap_or_default())
        .and(Requirements::of_problems(key_alias(settings)))
        .and(Requirements::of_permissions(data_keys(settings)))
        .and(activities(machine, settings))
}

/// With EXPRESS children the trust policy has the account as its only condition.
fn open_trust(machine: &StateMachine<'_>, settings: &Settings) -> Option<Finding> {
    let open = settings.aws.account.is_none() && machine.maps().any(has_express_children);
    open.then(|| {
        Finding::new(&SettingProblem::OpenTrust, Argument::new("account_id")).parameter("account_id")
    })
}

fn tracing(settings: &Settings) -> Option<Permission> {
    let actions = [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ];
    let anything = Pattern::anything(WildcardReason::Aws("the actions of AWS X-Ray have no resource type"));
    let origin = Origin::new("", "tracing_configuration", TRACING_DOCS);
    settings.tracing.then(|| origin.permission(grant(&actions, vec![anything]), ""))
}

fn logs(settings: &Settings) -> bool {
    settings.logging.as_ref().is_some_and(|logging| logging.level != LogLevel::Off)
}

/// The permissions to set up log delivery.
const DELIVERY: [&str; 8] = [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

/// The permission to set up log delivery. The events themselves are written under the log group's own policy,
/// though AWS's page allows the role to write them too.
fn logging(settings: &Settings) -> Requirements {
    let Some(logging) = settings.logging.as_ref().filter(|_| logs(settings)) else {
        return Requirements::default();
    };
    let anything = |because| vec![Pattern::anything(WildcardReason::Aws(because))];
    let origin = Origin::new("", "logging_configuration", LOGGING_DOCS);
    let deliver = grant(&DELIVERY, anything("the actions for log delivery have no resource type"));
    let mut permissions = vec![origin.permission(deliver, "")];
    if settings.mode == Mode::Template {
        let write = grant(&["logs:CreateLogStream", "logs:PutLogEvents"], anything("AWS documents \"*\""));
        permissions.push(origin.permission(write, ""));
    }
    let destination = logging.log_destination.as_deref().and_then(destination);
    Requirements::of_permissions(permissions).and(Requirements::of_problems(destination))
}

/// A destination that AWS rejects.
fn destination(destination: &str) -> Option<Finding> {
    let is_log_group = destination.starts_with("arn:") && destination.contains(":log-group:");
    let problem = match (is_log_group, destination.ends_with(":*")) {
        (true, true) => return None,
        (true, false) => SettingProblem::LogGroupWithoutStar { destination },
        (false, _) => SettingProblem::NotALogGroup { destination },
    };
    let argument = Argument { member: Some("log_destination"), ..Argument::new("logging_configuration") };
    Some(Finding::new(&problem, argument))
}

fn customer_key(encryption: Option<&Encryption>) -> Option<&str> {
    encryption
        .filter(|encryption| encryption.key_type == KeyType::CustomerManaged)
        .and_then(|encryption| encryption.kms_key_id.as_deref())
}

/// The key of the state machine itself.
fn own_key(settings: &Settings) -> Option<Key> {
    if settings.encryption.as_ref().is_some_and(|encryption| encryption.is_pending) {
        let any = Pattern::anything(WildcardReason::Run {
            parameter: "encryption_configuration.kms_key_id".to_owned(),
            cause: Unresolved::NotInDefinition,
        });
        let arn = settings.arn("arn:{partition}:kms:{region}:{}", Some(&any), "");
        return Some(Key { arn, condition: None });
    }
    Key::of(customer_key(settings.encryption.as_ref())?, &settings.aws)
}

fn key_alias(settings: &Settings) -> Option<Finding> {
    let alias = customer_key(settings.encryption.as_ref())?;
    let key = Key::of(alias, &settings.aws)?;
    key.condition.map(|_| Finding::new(&SettingProblem::KeyAlias { alias }, encryption_key()))
}

/// The role calls AWS KMS itself, so there is no `kms:ViaService`. The context is the state machine without
/// version or alias.
fn encryption(machine: &StateMachine<'_>, key: &Key, settings: &Settings) -> Requirements {
    let origin = Origin::new("", "encryption_configuration", ENCRYPTION_DOCS);
    let mut machines = vec![settings.machine_arn()];
    // It is not documented which of its ARNs a child execution uses.
    if machine.maps().any(|map| map.distributed.is_some()) {
        machines.push(settings.labelled_machine_arn());
    }
    let context =
        Condition::new(Operator::StringEquals, "kms:EncryptionContext:aws:states:stateMachineArn", &machines);
    let mut permissions = vec![origin.permission(with_key(key, USE_KEY, context), "")];
    if logs(settings) {
        let mut source = settings.arn("arn:{partition}:logs:{region}:{account}:", None, "");
        // A star that the context itself has.
        source.push_literal("*");
        let context = Condition::new(Operator::StringEquals, "kms:EncryptionContext:SourceArn", &[source]);
        permissions.push(origin.permission(with_key(key, &["kms:GenerateDataKey"], context), ""));
    }
    Requirements::of_permissions(permissions)
}

fn with_key(key: &Key, actions: &[&str], context: Condition) -> Grant {
    let mut with = grant(actions, vec![key.arn.clone()]);
    with.conditions.extend(key.condition.clone());
    with.conditions.push(context);
    with.conditions.sort();
    with
}

/// The keys of buckets, queues and other resources. Step Functions uses them with the role's permissions,
/// through whichever service.
fn data_keys(settings: &Settings) -> Option<Permission> {
    let keys: Vec<Pattern> =
        settings.kms_key_arns.iter().filter(|key| is_key_arn(key)).map(Pattern::literal).collect();
    let origin = Origin::new("", "kms_key_arns", ENCRYPTION_DOCS);
    (!keys.is_empty()).then(|| origin.permission(grant(USE_KEY, keys), ""))
}

/// The keys of activities, each as long as it is used for its activity.
fn activities(machine: &StateMachine<'_>, settings: &Settings) -> Requirements {
    let mut requirements = Requirements::default();
    let states = machine.states();
    let mut callers: BTreeMap<&str, Vec<&State<'_>>> = BTreeMap::new();
    for state in &states {
        if let Some(activity) = activity_of(state) {
            callers.entry(activity).or_default().push(state);
        }
    }
    for (activity, key) in settings.activity_kms_keys.iter().filter(|(_, key)| is_key_arn(key)) {
        let callers = callers.get(activity.as_str()).map_or(&[][..], Vec::as_slice);
        for state in callers {
            let key = Key { arn: Pattern::literal(key), condition: None };
            let origin = Origin::new(&state.pointer, "activity_kms_keys", ENCRYPTION_DOCS);
            requirements
                .permissions
                .push(origin.permission(with_key(&key, USE_KEY, of_activity(activity)), ""));
        }
        if callers.is_empty() {
            let argument = Argument { key: Some(activity.clone()), ..Argument::new("activity_kms_keys") };
            requirements
                .problems
                .push(Finding::new(&SettingProblem::UnusedActivityKey { activity }, argument));
        }
    }
    requirements
}

/// What the role may need for the activities of a machine, if it comes to be known that they have keys.
#[must_use]
pub fn keys_of_activities(machine: &StateMachine<'_>) -> Vec<Permission> {
    let any = Pattern::anything(WildcardReason::Run {
        parameter: "activity_kms_keys".to_owned(),
        cause: Unresolved::NotInDefinition,
    });
    let key = Key { arn: any, condition: None };
    let states = machine.states().into_iter();
    let asked = states.filter_map(|state| {
        let needed = with_key(&key, USE_KEY, of_activity(activity_of(state)?));
        let origin = Origin::new(&state.pointer, "activity_kms_keys", ENCRYPTION_DOCS);
        Some(Permission { pending: Pending::ALL, ..origin.permission(needed, "") })
    });
    asked.collect()
}

/// The activity that a state waits for.
#[must_use]
pub fn activity_of<'a>(state: &State<'a>) -> Option<&'a str> {
    match &state.kind {
        Kind::Task(task) if task.resource.integration == Integration::Activity => Some(task.resource.arn),
        _ => None,
    }
}
