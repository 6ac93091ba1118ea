//! What a person should know about a call of the AWS SDK, beside its permissions.

use super::catalog::{self, Service};
use super::evaluate::{PASS_ROLE, may_be_needed};
use super::model::{Action, Confidence, Kind, Operation, Rule, Status, Support};
use crate::asl::Problem;
use crate::call::Call;

/// That Step Functions or AWS has given the service up.
#[must_use]
pub fn about_service(service: &Service, place: &str) -> Option<Problem> {
    let (summary, detail) = match service.status {
        Status::Listed | Status::Unlisted => return None,
        Status::Removed(month) => (
            "Service integration removed",
            format!(
                "Step Functions took \"{}\" off its list in {month}; the policy is made as before.",
                service.segment
            ),
        ),
        Status::Retired => (
            "Retired service",
            format!(
                "AWS has closed the service \"{}\"; its actions are allowed without narrowing their resources.",
                service.segment
            ),
        ),
    };
    Some(Problem::warning(place, summary, detail))
}

/// That Step Functions cannot call it, and that its own action is a guess.
#[must_use]
pub fn about_operation(service: &Service, operation: &Operation, place: &str) -> Vec<Problem> {
    let name = name(service, operation);
    let mut problems = Vec::new();
    if operation.support == Support::Unsupported {
        let detail = format!(
            "AWS lists {name} among the APIs that Step Functions cannot call; the policy is made all the same."
        );
        problems.push(Problem::warning(place, "API that Step Functions does not support", detail));
    }
    if operation.rule == Rule::NoPermission {
        let detail = format!("IAM checks nothing when {name} is called.");
        problems.push(Problem::info(place, "No permission is needed", detail));
    }
    let guessed = names(operation, |action| {
        action.kind == Kind::Own && (!action.listed || action.confidence == Confidence::Low)
    });
    if !guessed.is_empty() && operation.rule != Rule::Documentation {
        let detail = format!(
            "AWS's authorization data of {} do not list what {name} is checked under; {guessed} is a guess.",
            catalog::date(),
        );
        problems.push(Problem::warning(place, "Action not known for certain", detail));
    }
    problems
}

/// What a call with these arguments may need and is not granted, and what it is granted on a guess.
#[must_use]
pub fn about_call(
    service: &Service,
    operation: &Operation,
    call: &Call<'_, '_>,
    place: &str,
) -> Vec<Problem> {
    let name = name(service, operation);
    let of = |wanted: fn(&Action) -> bool| {
        names(operation, |action| wanted(action) && may_be_needed(action, call))
    };
    let mut problems = Vec::new();
    let guessed = of(|action| action.kind == Kind::Tag && action.confidence == Confidence::Low);
    if !guessed.is_empty() {
        let detail = format!(
            "{name} gives tags. That it is checked for {guessed} is a guess by the habits of the service; without the action the call might be refused."
        );
        problems.push(Problem::info(place, "Tagging not known for certain", detail));
    }
    if !of(|action| action.kind == Kind::Advice && action.name == PASS_ROLE).is_empty() {
        let detail = format!(
            "{name} can hand a role to a service. The definition does not name the role, and AWS does not document the service, so {PASS_ROLE} is not in the \
             policy. If the call is refused, allow {PASS_ROLE} on the ARN of that role beside this policy."
        );
        problems.push(Problem::warning(place, "A role that the definition does not name", detail));
    }
    let advised = of(|action| action.kind == Kind::Advice && action.name != PASS_ROLE);
    if !advised.is_empty() {
        let detail = format!(
            "AWS's authorization data say that {name} can depend on {advised}, and no parameter tells whether it does. The policy is without; if the call is refused, \
             allow it beside this policy."
        );
        problems.push(Problem::info(place, "Permissions that may be needed", detail));
    }
    let optional = of(|action| action.kind == Kind::Optional);
    if !optional.is_empty() {
        let detail = format!(
            "{name} needs {optional} as well if the data is encrypted with a customer-managed key, which no parameter names. The policy is without; if there is \
             such a key, allow it on the key's ARN beside this policy."
        );
        problems.push(Problem::info(place, "A customer-managed key needs a permission of its own", detail));
    }
    let first = of(|action| action.kind == Kind::ServiceLinkedRole);
    if !first.is_empty() {
        let detail = format!(
            "The first call of {name} in an account creates a service-linked role, for which it needs {first}. The policy is without: create the role beforehand."
        );
        problems.push(Problem::info(place, "The first call creates the service's role", detail));
    }
    problems
}

fn name(service: &Service, operation: &Operation) -> String {
    format!("\"{}:{}\"", service.segment, operation.name)
}

fn names(operation: &Operation, wanted: impl Fn(&Action) -> bool) -> String {
    let names = operation.actions.iter().filter(|action| wanted(action)).map(|action| action.name.as_ref());
    names.collect::<Vec<_>>().join(", ")
}
