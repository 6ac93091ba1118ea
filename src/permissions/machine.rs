//! What the state machine itself needs: traces, logs and keys.

use crate::asl::{Integration, Kind, Problem, State, StateMachine};
use crate::iam::{Condition, Grant, Operator, Pattern, WildcardReason};

use super::express::has_express_children;
use super::kms::of_activity;
use super::{Encryption, KeyType, LogLevel, Origin, Requirements, Settings, grant, locality};
use crate::call::resource::kms::{Key, is_key_arn};

const TRACING_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html";
const LOGGING_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html";
const ENCRYPTION_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html";

/// To encrypt is to ask for a data key, and to read is to have it decrypted.
const USE_KEY: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

/// Settings that cannot be what the user means: the argument, and what is wrong with it.
#[must_use]
pub fn wrong_settings(settings: &Settings) -> Vec<(&'static str, Problem)> {
    let mut wrong = elsewhere(settings);
    if let Some(encryption) = &settings.encryption
        && encryption.key_type == KeyType::CustomerManaged
        && encryption.kms_key_id.as_deref().and_then(|key| Key::of(key, &settings.aws)).is_none()
    {
        let problem = Problem::error(
            "",
            "No key to encrypt with",
            "With \"CUSTOMER_MANAGED_KMS_KEY\", \"kms_key_id\" must be the ARN of a key. Set it, or use \"AWS_OWNED_KEY\".",
        );
        wrong.push(("encryption_configuration", problem));
    }
    let activity_keys = settings.activity_kms_keys.values().map(|key| ("activity_kms_keys", key));
    for (argument, key) in settings.kms_key_arns.iter().map(|key| ("kms_key_arns", key)).chain(activity_keys)
    {
        if !is_key_arn(key) {
            let detail = format!(
                "\"{key}\": a policy names a key by its ARN, such as \"arn:{}:kms:REGION:ACCOUNT:key/ID\", not by its ID or an alias. In Terraform it is \
                 the attribute \"arn\" of aws_kms_key, or \"target_key_arn\" of aws_kms_alias.",
                settings.aws.partition
            );
            wrong.push((argument, Problem::error("", "Not the ARN of a key", detail)));
        }
    }
    wrong
}

/// Keys in another partition, which nothing reaches.
fn elsewhere(settings: &Settings) -> Vec<(&'static str, Problem)> {
    let encryption = customer_key(settings.encryption.as_ref());
    let keys = encryption.into_iter().map(|key| ("encryption_configuration", key));
    let data = settings.kms_key_arns.iter().map(|key| ("kms_key_arns", key.as_str()));
    let activities = settings.activity_kms_keys.values().map(|key| ("activity_kms_keys", key.as_str()));
    let own = settings.aws.partition.as_str();
    let of = |(argument, key): (&'static str, &str)| {
        let partition = locality::partition(key).filter(|partition| *partition != own)?;
        let detail = format!(
            "\"{key}\" is in the partition \"{partition}\", but the policy is for \"{own}\". Set \"partition\" to \"{partition}\" if the state machine \
             runs there, or correct the ARN."
        );
        Some((argument, Problem::error("", "A key in another partition", detail)))
    };
    keys.chain(data).chain(activities).filter_map(of).collect()
}

/// Adds what the machine itself needs.
pub(super) fn machine(machine: &StateMachine<'_>, settings: &Settings, requirements: &mut Requirements) {
    requirements.problems.extend(open_trust(machine, settings));
    tracing(settings, requirements);
    logging(settings, requirements);
    if let Some(key) = customer_key(settings.encryption.as_ref()) {
        encryption(machine, key, settings, requirements);
    }
    data_keys(settings, requirements);
    activities(machine, settings, requirements);
}

/// With EXPRESS children the trust policy has the account as its only condition.
fn open_trust(machine: &StateMachine<'_>, settings: &Settings) -> Option<Problem> {
    let open = settings.aws.account.is_none() && machine.maps().any(has_express_children);
    open.then(|| {
        Problem::warning(
            "",
            "A trust policy without conditions",
            "A Distributed Map with EXPRESS children leaves only the account as a condition in \"assume_role_policy_json\", and \"account_id\" is not \
             given: state machines of any account could use the role. Set \"account_id\".",
        )
    })
}

fn tracing(settings: &Settings, requirements: &mut Requirements) {
    if settings.tracing {
        let actions = [
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
        ];
        let anything =
            Pattern::anything(WildcardReason::Aws("the actions of AWS X-Ray have no resource type"));
        let origin = Origin::new("", "tracing_configuration", TRACING_DOCS);
        requirements.permissions.push(origin.permission(grant(&actions, vec![anything]), ""));
    }
}

fn logs(settings: &Settings) -> bool {
    settings.logging.as_ref().is_some_and(|logging| logging.level != LogLevel::Off)
}

/// The right to set up the delivery; the events themselves are written under the log group's own policy.
fn logging(settings: &Settings, requirements: &mut Requirements) {
    let Some(logging) = settings.logging.as_ref().filter(|_| logs(settings)) else { return };
    let actions = [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ];
    let anything =
        Pattern::anything(WildcardReason::Aws("the actions for log delivery have no resource type"));
    let origin = Origin::new("", "logging_configuration", LOGGING_DOCS);
    requirements.permissions.push(origin.permission(grant(&actions, vec![anything]), ""));
    requirements.problems.extend(logging.log_destination.as_deref().and_then(destination));
}

/// A destination that AWS refuses.
fn destination(destination: &str) -> Option<Problem> {
    let is_log_group = destination.starts_with("arn:") && destination.contains(":log-group:");
    let (summary, detail) = match (is_log_group, destination.ends_with(":*")) {
        (true, true) => return None,
        (true, false) => (
            "A log destination without \":*\"",
            format!("AWS will refuse \"{destination}\". Write \"{destination}:*\"."),
        ),
        (false, _) => (
            "A log destination that is no log group",
            format!(
                "AWS will refuse \"{destination}\". Give the ARN of a log group with \":*\" at its end, such as \"${{aws_cloudwatch_log_group.NAME.arn}}:*\"."
            ),
        ),
    };
    Some(Problem::warning("", summary, detail))
}

fn customer_key(encryption: Option<&Encryption>) -> Option<&str> {
    encryption
        .filter(|encryption| encryption.key_type == KeyType::CustomerManaged)
        .and_then(|encryption| encryption.kms_key_id.as_deref())
}

/// The role calls AWS KMS itself, so there is no `kms:ViaService`. The context is the state machine without version or alias.
fn encryption(machine: &StateMachine<'_>, text: &str, settings: &Settings, requirements: &mut Requirements) {
    let Some(key) = Key::of(text, &settings.aws) else { return };
    let origin = Origin::new("", "encryption_configuration", ENCRYPTION_DOCS);
    let mut machines = vec![settings.machine_arn()];
    // It is not documented which of its ARNs a child execution names.
    if machine.maps().any(|map| map.distributed.is_some()) {
        machines.push(settings.labelled_machine_arn());
    }
    let context =
        Condition::new(Operator::StringEquals, "kms:EncryptionContext:aws:states:stateMachineArn", &machines);
    requirements.permissions.push(origin.permission(with_key(&key, USE_KEY, context), ""));
    if logs(settings) {
        let mut source = settings.arn("arn:{partition}:logs:{region}:{account}:", None, "");
        // A star that the context itself has.
        source.push_literal("*");
        let context = Condition::new(Operator::StringEquals, "kms:EncryptionContext:SourceArn", &[source]);
        requirements
            .permissions
            .push(origin.permission(with_key(&key, &["kms:GenerateDataKey"], context), ""));
    }
    if key.condition.is_some() {
        requirements.problems.push(Problem::warning(
            "",
            "An alias in place of a key",
            format!(
                "\"{text}\" in \"encryption_configuration\" is an alias: every key that has it is allowed, and when the alias moves, executions with the old \
                 key fail. Set \"kms_key_id\" to the key's ARN."
            ),
        ));
    }
}

fn with_key(key: &Key, actions: &[&str], context: Condition) -> Grant {
    let mut with = grant(actions, vec![key.arn.clone()]);
    with.conditions.extend(key.condition.clone());
    with.conditions.push(context);
    with.conditions.sort();
    with
}

/// The keys of buckets, queues and the like. Step Functions reaches them in the role's name, by whichever service.
fn data_keys(settings: &Settings, requirements: &mut Requirements) {
    let keys: Vec<Pattern> =
        settings.kms_key_arns.iter().filter(|key| is_key_arn(key)).map(Pattern::literal).collect();
    if !keys.is_empty() {
        let origin = Origin::new("", "kms_key_arns", ENCRYPTION_DOCS);
        requirements.permissions.push(origin.permission(grant(USE_KEY, keys), ""));
    }
}

/// The keys of activities, each as long as it is used for its activity.
fn activities(machine: &StateMachine<'_>, settings: &Settings, requirements: &mut Requirements) {
    let states = machine.states();
    for (activity, key) in settings.activity_kms_keys.iter().filter(|(_, key)| is_key_arn(key)) {
        let mut used = false;
        for state in states.iter().filter(|state| calls(state, activity)) {
            used = true;
            let key = Key { arn: Pattern::literal(key), condition: None };
            let origin = Origin::new(&state.pointer, "activity_kms_keys", ENCRYPTION_DOCS);
            requirements
                .permissions
                .push(origin.permission(with_key(&key, USE_KEY, of_activity(activity)), ""));
        }
        if !used {
            requirements.problems.push(Problem::warning(
                "",
                "A key for an activity that no task uses",
                format!(
                    "\"activity_kms_keys\" names \"{activity}\", but no task has it as its Resource. Correct the ARN, or remove it."
                ),
            ));
        }
    }
}

fn calls(state: &State<'_>, activity: &str) -> bool {
    matches!(&state.kind, Kind::Task(task)
        if task.resource.integration == Integration::Activity && task.resource.arn == activity)
}
