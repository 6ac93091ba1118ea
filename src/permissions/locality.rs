//! Where the things are that a task names: the partition, the Region and the account must be those of the
//! policy.

use std::rc::Rc;

use hashbrown::HashSet;

use crate::asl::{Integration, Resource, State, Task, resource_pointer};
use crate::finding::{Code, Finding};
use crate::iam::{ArnFields, Grant, Location};

use super::Requirements;
use super::characters::takes_any_text;
use super::problem::TaskProblem;

/// The problems of a task's Resource.
pub(super) fn task(state: &State<'_>, task: &Task<'_>, aws: &Location) -> Vec<Finding> {
    resource(&task.resource, &state.pointer, task.credentials.is_some(), aws)
}

/// The problems of a Resource at a state, reader or writer.
pub(super) fn resource(
    resource: &Resource<'_>,
    pointer: &str,
    credentials: bool,
    aws: &Location,
) -> Vec<Finding> {
    let Resource { arn, partition, region, account, integration } = *resource;
    let mut problems = Vec::new();
    let mut add = |problem: &TaskProblem<'_>| {
        problems.push(Finding::new(problem, resource_pointer(pointer)));
    };
    if partition != aws.partition {
        add(&TaskProblem::Partition { arn, partition, own: &aws.partition });
    }
    if let Some(own) = other(region, aws.region.as_deref()) {
        add(&TaskProblem::Region { arn, region, own });
    }
    // With Credentials the call is made in the other account.
    let own = other(account, aws.account.as_deref()).filter(|_| !credentials);
    // A function can be in another account.
    if let Some(own) = own.filter(|_| integration != Integration::Function) {
        add(&TaskProblem::Account { arn, account, own });
    }
    problems
}

/// ARNs among the arguments are in the policy's partition too, because no call leaves it. If the Resource is
/// elsewhere, one problem is enough.
pub(super) fn arguments(requirements: &Requirements, aws: &Location) -> Vec<Finding> {
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    let mut problems = Vec::new();
    let elsewhere = requirements.problems.iter().filter(|one| one.code == Code::WrongPartition);
    let elsewhere: HashSet<&str> = elsewhere.map(|one| one.place.pointer.as_str()).collect();
    // States whose calls are alike share what was looked at.
    let mut here: HashSet<*const Grant> = HashSet::new();
    for permission in requirements.permissions.iter().chain(assumed) {
        let pointer = permission.pointer.as_ref();
        let grant = Rc::as_ptr(&permission.grant);
        if here.contains(&grant) {
            continue;
        }
        let mut is_here = true;
        // What a token names is checked once its value is known.
        let resources = permission.grant.resources.iter().filter(|_| !permission.pending.resources);
        let conditions = permission.grant.conditions.iter().filter(|one| !takes_any_text(&one.key));
        let values = conditions.flat_map(|one| &one.values).filter(|_| !permission.pending.conditions);
        for resource in resources.chain(values) {
            let Some(partition) = partition(resource.beginning()).filter(|one| *one != aws.partition) else {
                continue;
            };
            is_here = false;
            if pointer.is_empty() || elsewhere.contains(resource_pointer(pointer).as_str()) {
                continue;
            }
            let arn = resource.written(true).unwrap_or_default();
            let problem = TaskProblem::Partition { arn: &arn, partition, own: &aws.partition };
            problems.push(Finding::new(&problem, pointer).subject(resource.to_text()));
        }
        if is_here && !permission.pending.any() {
            here.insert(grant);
        }
    }
    problems
}

/// The partition of an ARN, if it is certain. A token that is not yet replaced is a problem of its own.
pub(super) fn partition(arn: &str) -> Option<&str> {
    ArnFields::of(arn).partition.filter(|partition| !partition.contains('$'))
}

/// The policy's own Region or account, if a field of an ARN certainly names another.
fn other<'a>(field: &str, own: Option<&'a str>) -> Option<&'a str> {
    // A token that is not yet replaced is a problem of its own.
    own.filter(|own| !field.is_empty() && !field.contains('$') && *own != field)
}
