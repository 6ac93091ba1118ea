//! A task that calls an API of the AWS SDK.

use super::catalog::{self, Service};
use super::entry::{Confidence, Kind, Operation, Rule, Status, Support};
use super::evaluate::granted;
use crate::asl::Problem;
use crate::iam::{Allowed, Pattern as Text, Why};
use crate::integrations::Call;
use crate::permissions::{Asker, Needed};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html";

/// Adds what the state at a pointer needs for the API that its Resource names.
pub(in crate::permissions) fn task(
    service: &str,
    api: &str,
    call: &Call<'_, '_>,
    pointer: &str,
    needed: &mut Needed,
) {
    let place = format!("{pointer}/Resource");
    let Some(found) = catalog::service(service) else {
        let detail = format!(
            "The AWS SDK integrations have no service \"{service}\".{}",
            did_you_mean(&catalog::nearest(service))
        );
        needed.problems.push(Problem::error(place, "Unknown service integration", detail));
        return;
    };
    let asker = Asker::new(pointer, &name(found, api, call), DOCS);
    needed.problems.extend(about_service(found, &place));
    match found.operation(api) {
        Some(operation) => {
            needed.problems.extend(about_operation(found, &operation, &place));
            for one in granted(found, &operation, call) {
                needed.permissions.push(asker.permission(one.allowed, one.note));
            }
        }
        None => match mistyped(found, api) {
            Some(names) => {
                let detail = format!(
                    "The service \"{}\" has no API \"{api}\".{}",
                    found.segment,
                    did_you_mean(&names)
                );
                needed.problems.push(Problem::error(place, "Unknown service integration", detail));
            }
            None => {
                let allowed = by_own_name(found, api);
                let detail = format!(
                    "The catalogue of {} does not know \"{}:{api}\". Its name may be new: {} is allowed on every resource. Check it against \
                     AWS's service authorization reference.",
                    catalog::date(),
                    found.segment,
                    allowed.actions.join(", ")
                );
                needed.problems.push(Problem::warning(place, "API newer than the catalogue", detail));
                needed.permissions.push(asker.permission(allowed, UNKNOWN));
            }
        },
    }
}

/// The integration as hints and explanations name it: `aws-sdk:sfn:startExecution`.
fn name(service: &Service, api: &str, call: &Call<'_, '_>) -> String {
    let known = service.operations().find(|name| name.eq_ignore_ascii_case(api)).unwrap_or(api);
    let mut name = known.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    format!("aws-sdk:{}:{name}{}", service.segment, call.pattern.suffix())
}

const UNKNOWN: &str = "the operation is not in the catalogue; its own name is a guess";

/// The action of the API's own name on every resource.
fn by_own_name(service: &Service, api: &str) -> Allowed {
    let mut name = api.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Allowed {
        actions: vec![format!("{}:{name}", service.prefix)],
        resources: vec![Text::anything(Why::Aws("the catalogue does not know the operation"))],
        conditions: Vec::new(),
    }
}

/// The names that are so near that this one is a slip. A version at the end makes another API, and so does a strange character.
fn mistyped(service: &Service, api: &str) -> Option<Vec<&'static str>> {
    const SLIP: usize = 2;

    let names = service.nearest(api);
    if !api.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(names);
    }
    let api = api.to_ascii_lowercase();
    let slip = |name: &&str| {
        let name = name.to_ascii_lowercase();
        !versions_of_one(&api, &name) && strsim::damerau_levenshtein(&api, &name) <= SLIP
    };
    names.iter().any(slip).then_some(names)
}

/// Whether two names differ by a version alone: `listObjects` and `listObjectsV2`.
fn versions_of_one(one: &str, other: &str) -> bool {
    let base =
        |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('v').to_owned();
    one != other && base(one) == base(other)
}

fn did_you_mean(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => format!(" Did you mean \"{name}\"?"),
        [names @ .., last] => format!(" Did you mean \"{}\" or \"{last}\"?", names.join("\", \"")),
    }
}

fn about_service(service: &Service, place: &str) -> Option<Problem> {
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

fn about_operation(service: &Service, operation: &Operation, place: &str) -> Vec<Problem> {
    let name = format!("{}:{}", service.segment, operation.name);
    let mut problems = Vec::new();
    if operation.support == Support::Unsupported {
        let detail = format!(
            "AWS lists \"{name}\" among the APIs that Step Functions cannot call; the policy is made all the same."
        );
        problems.push(Problem::warning(place, "API that Step Functions does not support", detail));
    }
    let guessed: Vec<&str> = operation
        .actions
        .iter()
        .filter(|action| action.kind == Kind::Own && (!action.listed || action.confidence == Confidence::Low))
        .map(|action| action.name.as_ref())
        .collect();
    if !guessed.is_empty() && operation.rule != Rule::Documentation {
        let detail = format!(
            "AWS's authorization data of {} do not list what \"{name}\" is checked under; {} is a guess.",
            catalog::date(),
            guessed.join(", ")
        );
        problems.push(Problem::warning(place, "Action not known for certain", detail));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_new_names() {
        let dynamodb = catalog::service("dynamodb").expect("DynamoDB");
        assert_eq!(mistyped(dynamodb, "putItems").and_then(|names| names.first().copied()), Some("PutItem"));
        assert_eq!(mistyped(dynamodb, "putItemV2"), None);
        assert_eq!(mistyped(dynamodb, "foldTable"), None);
        assert!(mistyped(dynamodb, "put item").is_some());
    }

    #[test]
    fn suggestions() {
        assert_eq!(did_you_mean(&[]), "");
        assert_eq!(did_you_mean(&["a", "b", "c"]), " Did you mean \"a\", \"b\" or \"c\"?");
    }
}
