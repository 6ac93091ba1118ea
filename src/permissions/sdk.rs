//! A task that calls an API of the AWS SDK.

use super::{Origin, Requirements, Settings, unknown, unnamed_keys};
use crate::call::Call;
use crate::finding::Finding;
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
    settings: &Settings,
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
            unnamed_keys::of_operation(found.segment, &operation, call, requirements);
            if let Some((service, api)) = integrations::same_request(found.segment, operation.name) {
                let origin = Origin::new(pointer, &name(found, api.name, call), service.docs);
                return origin.asks_alike(api, call, requirements);
            }
            requirements.problems.extend(about_call(found, &operation, call, &place));
            for one in granted(found, &operation, call) {
                requirements.permissions.push(origin.by_rule(one.grant, one.basis));
            }
        }
        None => {
            let (grant, problem) = unknown::api(found, api, &place, settings);
            requirements.problems.push(problem);
            let granted = grant.map(|grant| origin.by_rule(grant, Basis::UNKNOWN));
            requirements.permissions.extend(granted);
        }
    }
}

/// The integration as hints and explanations name it: `aws-sdk:sfn:startExecution`.
fn name(service: &Service, api: &str, call: &Call<'_, '_>) -> String {
    let known = service.operations().find(|name| name.eq_ignore_ascii_case(api)).unwrap_or(api);
    format!("aws-sdk:{}:{}{}", service.segment, as_in_resources(known), call.pattern.suffix())
}
