//! Documents beside the role's own policy: who may assume the role, and what workers need.

use crate::asl::{Integration, IntegrationPattern, Json, Kind, State, StateMachine, Task, resource_pointer};
use crate::finding::Finding;
use crate::iam::{Condition, Grant, Operator, Pattern, Policy, Trust, merge};
use crate::work::Work;

use super::express::has_express_children;
use super::kms::of_activity;
use super::{Origin, Settings, characters, grant, impossible};

/// The trust policy of the execution role: Step Functions may assume it, on behalf of this account and this
/// state machine only.
///
/// Without an account there is no condition on it, and without a name every state machine of the account and
/// Region may use the role. A Distributed Map with EXPRESS children fails under a condition on the state
/// machine's ARN, so such a machine has only the condition on the account. STANDARD children may name the
/// state machine with the label of their Map.
#[must_use]
pub fn assume_role_policy(machine: &StateMachine<'_>, settings: &Settings) -> Trust {
    let mut conditions = Vec::new();
    if !machine.maps().any(has_express_children) {
        let sources = own_arns(machine, settings);
        conditions.push(Condition::new(Operator::ArnLike, "aws:SourceArn", &sources));
    }
    if let Some(account) = &settings.aws.account {
        let account = Pattern::literal(account);
        conditions.push(Condition::new(Operator::StringEquals, "aws:SourceAccount", &[account]));
    }
    conditions.sort();
    Trust { service: "states.amazonaws.com", conditions }
}

/// What the workers need for which this state machine waits: those that return task tokens, and those that
/// poll an activity.
///
/// `None` if nothing waits for a worker: a document without statements would have to deny everything.
#[must_use]
pub fn callback_policy(workers: &[Grant]) -> Option<Policy> {
    let statements = merge(workers);
    (!statements.is_empty()).then_some(Policy { statements })
}

/// What the workers need.
#[must_use]
pub fn callback_grants(machine: &StateMachine<'_>, settings: &Settings) -> Vec<Grant> {
    let mut needed = Vec::new();
    for state in machine.states() {
        let Kind::Task(task) = &state.kind else { continue };
        match task.resource.integration {
            Integration::Activity => {
                let activity = Pattern::literal(task.resource.arn);
                needed.push(answer(vec![activity.clone()]));
                needed.push(grant(&["states:GetActivityTask"], vec![activity]));
                needed.extend(
                    settings.activity_kms_keys.get(task.resource.arn).map(|key| read(key, task.resource.arn)),
                );
            }
            Integration::Optimized { pattern: IntegrationPattern::Callback, .. }
            | Integration::Sdk { pattern: IntegrationPattern::Callback, .. } => {
                needed.push(answer(own_arns(machine, settings)));
            }
            _ => {}
        }
    }
    needed
}

/// What is wrong, or worth knowing, about the name of the activity that a task has: only the workers' policy
/// contains it.
pub(super) fn activity(state: &State<'_>, task: &Task<'_>, settings: &Settings) -> Vec<Finding> {
    if task.resource.integration != Integration::Activity {
        return Vec::new();
    }
    let named = Pattern::literal(task.resource.arn).of_parameter("Resource");
    let permission = Origin::new(&state.pointer, "", "").permission(answer(vec![named]), "");
    let characters = characters::about(&permission, settings, &Json::Null).into_iter();
    let found =
        characters.chain(impossible::about(&permission, &settings.aws, &Json::Null, &Work::default()));
    found.map(|finding| Finding { place: resource_pointer(&state.pointer).into(), ..finding }).collect()
}

/// The state machine; with a Distributed Map, also with the label of the Map, as a child execution may name
/// it.
fn own_arns(machine: &StateMachine<'_>, settings: &Settings) -> Vec<Pattern> {
    let labelled = machine.maps().any(|map| map.distributed.is_some());
    let labelled = labelled.then(|| settings.labelled_machine_arn());
    std::iter::once(settings.machine_arn()).chain(labelled).collect()
}

/// IAM compares the activity or state machine of the token, though the service authorization reference lists
/// no resource type.
///
/// Source: the experiments reported in <https://github.com/aws/aws-cdk/pull/8486>.
fn answer(resources: Vec<Pattern>) -> Grant {
    let actions = ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"];
    grant(&actions, resources)
}

/// The input of an activity's task is encrypted with the activity's key.
fn read(key: &str, activity: &str) -> Grant {
    Grant { conditions: vec![of_activity(activity)], ..grant(&["kms:Decrypt"], vec![Pattern::literal(key)]) }
}
