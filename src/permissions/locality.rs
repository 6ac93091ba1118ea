//! Where the things are that a task names: the partition, the Region and the account must be those of the policy.

use crate::asl::{Integration, Problem, Resource, State, Task};
use crate::iam::Location;

use super::Requirements;

/// The problems of a task's Resource.
pub(super) fn task(state: &State<'_>, task: &Task<'_>, aws: &Location) -> Vec<Problem> {
    resource(&task.resource, &state.pointer, task.credentials.is_some(), aws)
}

/// The problems of a Resource at a state, reader or writer.
pub(super) fn resource(
    resource: &Resource<'_>,
    pointer: &str,
    credentials: bool,
    aws: &Location,
) -> Vec<Problem> {
    let place = || format!("{pointer}/Resource");
    let Resource { arn, partition, region, account, integration } = resource;
    let mut problems = Vec::new();
    if *partition != aws.partition {
        problems.push(Problem::error(
            place(),
            "A Resource in another partition",
            format!(
                "\"{arn}\" is in the partition \"{partition}\", but the policy is for \"{}\". Set \"partition\" to \"{partition}\" if the state machine \
                 runs there, or correct the ARN.",
                aws.partition
            ),
        ));
    }
    if let Some(own) = other(region, aws.region.as_deref()) {
        problems.push(Problem::error(
            place(),
            "A Resource in another Region",
            format!(
                "\"{arn}\" is in \"{region}\", but the policy is for \"{own}\", and tasks do not call across Regions. Set \"region\" to \"{region}\" if the \
                 state machine runs there, or correct the ARN."
            ),
        ));
    }
    // With Credentials the call is made in the other account.
    let own = other(account, aws.account.as_deref()).filter(|_| !credentials);
    match (own, integration) {
        (None, _) => {}
        (Some(_), Integration::Function) => problems.push(Problem::info(
            place(),
            "A function in another account",
            format!("The resource policy of \"{arn}\" must allow the execution role too."),
        )),
        (Some(own), _) => problems.push(Problem::error(
            place(),
            "A Resource in another account",
            format!(
                "\"{arn}\" is in the account \"{account}\", but the policy is for \"{own}\". Set \"account_id\" to \"{account}\" if the state machine is \
                 there, correct the ARN, or give the task the \"Credentials\" of a role in that account."
            ),
        )),
    }
    problems
}

/// ARNs among the arguments are in the policy's partition too, for no call leaves it. Where the Resource is elsewhere, that says enough.
pub(super) fn arguments(requirements: &Requirements, aws: &Location) -> Vec<Problem> {
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    let mut problems = Vec::new();
    for permission in requirements.permissions.iter().chain(assumed) {
        let pointer = permission.pointer.as_ref();
        for resource in &permission.grant.resources {
            let Some(partition) = partition(resource.beginning()).filter(|one| *one != aws.partition) else {
                continue;
            };
            let place = format!("{pointer}/Resource");
            if pointer.is_empty() || requirements.problems.iter().any(|problem| problem.pointer == place) {
                continue;
            }
            problems.push(Problem::error(
                pointer,
                "An ARN in another partition",
                format!(
                    "\"{}\" is in the partition \"{partition}\", but the policy is for \"{}\", and no task reaches across. Set \"partition\" to \
                     \"{partition}\" if the state machine runs there, or correct the ARN.",
                    resource.to_text(),
                    aws.partition
                ),
            ));
        }
    }
    problems
}

/// The partition of an ARN, if it is certain. A token that is not yet replaced is a problem of its own.
pub(super) fn partition(arn: &str) -> Option<&str> {
    let (partition, _) = arn.strip_prefix("arn:")?.split_once(':')?;
    Some(partition).filter(|partition| !partition.contains('$'))
}

/// The policy's own Region or account, if a field of an ARN certainly names another.
fn other<'a>(field: &str, own: Option<&'a str>) -> Option<&'a str> {
    // A token that is not yet replaced is a problem of its own.
    own.filter(|own| !field.is_empty() && !field.contains('$') && *own != field)
}
