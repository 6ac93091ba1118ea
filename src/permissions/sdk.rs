//! A task that calls an API of the AWS SDK.

use super::{Origin, Requirements, unnamed_keys};
use crate::call::Call;
use crate::finding::Finding;
use crate::iam::{Grant, Pattern, WildcardReason};
use crate::integrations;
use crate::sdk::catalog::{self, Service};
use crate::sdk::evidence::Basis;
use crate::sdk::{DOCS, SdkProblem, about_call, about_operation, about_service, as_in_resources, granted};

/// Adds what the state at a pointer needs for the API that its Resource names.
pub(super) fn task(
    service: &str,
    api: &str,
    call: &Call<'_, '_>,
    pointer: &str,
    requirements: &mut Requirements,
) {
    let place = format!("{pointer}/Resource");
    let Some(found) = catalog::service(service) else {
        let problem = SdkProblem::UnknownService { service, names: catalog::nearest(service) };
        requirements.problems.push(Finding::new(&problem, place));
        return;
    };
    let origin = Origin::new(pointer, &name(found, api, call), DOCS);
    requirements.problems.extend(about_service(found, &place));
    match found.operation(api) {
        Some(operation) => {
            requirements.problems.extend(about_operation(found, &operation, &place));
            if let Some((service, api)) = integrations::same_request(found.segment, operation.name) {
                let origin = Origin::new(pointer, &name(found, api.name, call), service.docs);
                return origin.asks_alike(api, call, requirements);
            }
            requirements.problems.extend(about_call(found, &operation, call, &place));
            unnamed_keys::of_operation(found.segment, &operation, call, requirements);
            for one in granted(found, &operation, call) {
                requirements.permissions.push(origin.by_rule(one.grant, one.basis));
            }
        }
        None => match mistyped(found, api) {
            Some(names) => {
                let names: Vec<String> = names.into_iter().map(as_in_resources).collect();
                let problem = SdkProblem::UnknownApi { service: found.segment, api, names };
                requirements.problems.push(Finding::new(&problem, place));
            }
            None => {
                let grant = by_own_name(found, api);
                let service = found.segment;
                let problem = SdkProblem::NewApi { service, api, actions: grant.actions.join(", ") };
                requirements.problems.push(Finding::new(&problem, place));
                requirements.permissions.push(origin.by_rule(grant, Basis::UNKNOWN));
            }
        },
    }
}

/// The integration as hints and explanations name it: `aws-sdk:sfn:startExecution`.
fn name(service: &Service, api: &str, call: &Call<'_, '_>) -> String {
    let known = service.operations().find(|name| name.eq_ignore_ascii_case(api)).unwrap_or(api);
    format!("aws-sdk:{}:{}{}", service.segment, as_in_resources(known), call.pattern.suffix())
}

/// The action of the API's own name on every resource.
fn by_own_name(service: &Service, api: &str) -> Grant {
    let mut name = api.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Grant {
        actions: vec![format!("{}:{name}", service.prefix)],
        resources: vec![Pattern::anything(WildcardReason::Aws("the catalogue does not know the operation"))],
        conditions: Vec::new(),
    }
}

/// The names that are so near that this one is a slip. What an API that is newer than the catalogue may well be called is none: a name with
/// another version or another verb, or the plural of one that reads. A strange character is.
fn mistyped(service: &Service, api: &str) -> Option<Vec<&'static str>> {
    const SLIP: usize = 2;

    let names = service.nearest(api);
    if !api.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(names);
    }
    let api = api.to_ascii_lowercase();
    let slip = |name: &&str| {
        let name = name.to_ascii_lowercase();
        verb(&api) == verb(&name)
            && !alike_on_purpose(&api, &name)
            && strsim::damerau_levenshtein(&api, &name) <= SLIP
    };
    names.iter().any(slip).then_some(names)
}

/// Beginnings that two keystrokes turn into one another.
const VERBS: [&str; 24] = [
    "attach",
    "decrease",
    "deregister",
    "detach",
    "export",
    "get",
    "import",
    "increase",
    "link",
    "lock",
    "pause",
    "put",
    "register",
    "set",
    "subscribe",
    "tag",
    "unattach",
    "unlink",
    "unlock",
    "unpause",
    "unregister",
    "unset",
    "unsubscribe",
    "untag",
];

fn verb(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("batch").unwrap_or(name);
    VERBS.into_iter().find(|verb| name.starts_with(verb))
}

/// Whether two names differ by a version alone, as `listObjects` and `listObjectsV2` do, or one reads many and the other one.
fn alike_on_purpose(one: &str, other: &str) -> bool {
    let base =
        |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('v').to_owned();
    let reads = ["get", "list", "describe", "batchget"].iter().any(|verb| one.starts_with(verb));
    let many = |one: &str, other: &str| one.strip_suffix('s') == Some(other);
    one != other && (base(one) == base(other) || reads && (many(one, other) || many(other, one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_new_names() {
        let dynamodb = catalog::service("dynamodb").expect("DynamoDB");
        assert_eq!(mistyped(dynamodb, "putItems").and_then(|names| names.first().copied()), Some("PutItem"));
        for new in ["putItemV2", "listBackup", "getItems", "unlinkTable"] {
            assert_eq!(mistyped(dynamodb, new), None, "{new}");
        }
        assert_eq!(
            mistyped(dynamodb, "descrbeTable").and_then(|names| names.first().copied()),
            Some("DescribeTable")
        );
        assert_eq!(mistyped(dynamodb, "foldTable"), None);
        assert!(mistyped(dynamodb, "put item").is_some());
    }
}
