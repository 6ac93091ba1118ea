//! A task that calls an API of the AWS SDK.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Origin, Permission, Requirements, Settings, spelling, unknown, unnamed_keys};
use crate::asl::resource_pointer;
use crate::call::Call;
use crate::finding::{Code, Finding};
use crate::integrations::{self, Api, Body};
use crate::sdk::catalog::{self, Service};
use crate::sdk::evidence::Basis;
use crate::sdk::model::Kind;
use crate::sdk::{
    DOCS, Rejected, SdkProblem, about_call, about_operation, about_service, as_in_resources, granted,
};

/// What a call needs, without its place, for the API that its Resource names.
pub(super) fn task(service: &str, api: &str, call: &Call<'_, '_>, settings: &Settings) -> Requirements {
    let pointer = "";
    let place = resource_pointer(pointer);
    let Some(found) = catalog::service(service) else {
        let problem = SdkProblem::UnknownService { service, names: catalog::nearest(service) };
        return Requirements::of_problems([Finding::new(&problem, place)]);
    };
    let origin = Origin::new(pointer, &name(found, api, call), DOCS);
    let told = Requirements::of_problems(about_service(found, &place));
    let Some(operation) = found.operation(api) else {
        let (grant, problem) = unknown::api(found, api, &place, settings);
        let granted = grant.map(|grant| origin.by_rule(grant, Basis::UNKNOWN));
        return told.and(Requirements::of_problems([problem])).and(Requirements::of_permissions(granted));
    };
    let names = (found.segment, as_in_resources(operation.name));
    let respelled = spelling::of_resource("aws-sdk:", (service, api), (names.0, &names.1));
    let spelled = || spelling::of_parameters(&origin.name, &call.arguments, pointer);
    let told = told
        .and(Requirements::of_problems(about_operation(found, operation, &place)))
        .and(Requirements::of_problems(respelled))
        .and(unnamed_keys::of_operation(found.segment, operation, call));
    if let Some((service, api)) = integrations::same_request(found.segment, operation.name) {
        let origin = Origin::new(pointer, &name(found, api.name, call), service.docs);
        return told
            .and(Requirements::of_permissions(origin.asks_alike(api, call)))
            .and(keys(found.segment, api, call, &origin))
            .and(spelled());
    }
    call.forget();
    let told = told.and(Requirements::found(pointer, about_call(found, operation, call, &place), call));
    let (granted, rejected) = granted(found, operation, call);
    let rejected: Rc<[Rejected]> = rejected.into();
    let granted = granted.into_iter().map(|one| Permission {
        pending: one.pending,
        rejected: Rc::clone(&rejected),
        ..origin.by_rule(one.grant, one.basis)
    });
    let granted = Requirements::of_permissions(granted);
    told.and(granted).and(spelled())
}

/// What a call that an optimized integration makes too needs on keys that its parameters name, where the rows
/// of the integration do not say it.
pub(super) fn keys(segment: &str, api: &Api, call: &Call<'_, '_>, origin: &Origin) -> Requirements {
    let is_about_keys = |action: &str| action.starts_with("kms:");
    let has_keys = api.least_privilege.iter().any(|rule| match rule.body {
        Body::Rows { actions, .. } | Body::Computed { actions, .. } => {
            actions.iter().any(|action| is_about_keys(action))
        }
    });
    let service = catalog::service(segment).filter(|_| !has_keys);
    let Some((service, operation)) =
        service.and_then(|service| Some((service, service.operation(api.name)?)))
    else {
        return Requirements::default();
    };
    // Optional actions are reported for the service as a whole.
    if !operation.actions.iter().any(|action| is_about_keys(&action.name) && action.kind != Kind::Optional) {
        return Requirements::default();
    }
    let place = resource_pointer(&origin.pointer);
    call.forget();
    let told = about_call(service, operation, call, &place).into_iter().filter(|finding| {
        finding.code == Code::NotGranted && finding.actions.iter().all(|action| is_about_keys(action))
    });
    let told = Requirements::found(&origin.pointer, told.collect(), call);
    let grants = granted(service, operation, call).0.into_iter();
    let grants = grants.filter(|one| one.grant.actions.iter().all(|action| is_about_keys(action)));
    let grants =
        grants.map(|one| Permission { pending: one.pending, ..origin.by_rule(one.grant, one.basis) });
    told.and(Requirements::of_permissions(grants))
}

/// Drops findings about a permission that the role has anyway, because another state needs it on the same
/// resource. Where the resource of that state depends on a token, it may turn out to be the same.
pub(super) fn without_what_is_granted(mut requirements: Requirements) -> Requirements {
    let Requirements { permissions, assumed, problems, open_findings, .. } = &mut requirements;
    let told = problems.iter().filter(|finding| finding.code == Code::AbsentObject);
    let told: BTreeSet<String> = told.flat_map(|finding| finding.actions.to_vec()).collect();
    // A role that is assumed has permissions of its own.
    let assumed: BTreeSet<String> =
        assumed.iter().map(|(_, permission)| resource_pointer(&permission.pointer)).collect();
    let unconditional = permissions.iter().filter(|permission| permission.grant.conditions.is_empty());
    let pending = unconditional.clone().filter(|permission| permission.pending.any());
    let pending: BTreeSet<&String> = pending.flat_map(|permission| &permission.grant.actions).collect();
    let granted: BTreeSet<(String, String)> = unconditional
        .flat_map(|permission| {
            let actions = permission.grant.actions.iter().filter(|action| told.contains(*action));
            let on = |action: &String| {
                let resources = permission.grant.resources.iter();
                resources.map(|one| (action.clone(), one.to_text())).collect::<Vec<_>>()
            };
            actions.flat_map(on).collect::<Vec<_>>()
        })
        .collect();
    problems.retain(|finding| {
        let has = |action: &String| {
            finding.resources.iter().all(|one| granted.contains(&(action.clone(), one.clone())))
        };
        let is_assumed = assumed.contains(&finding.place.pointer);
        if finding.code != Code::AbsentObject || is_assumed {
            return true;
        }
        if finding.actions.iter().any(|action| pending.contains(action)) {
            open_findings.insert(finding.place.pointer.as_str().into());
        }
        !finding.actions.iter().all(has)
    });
    requirements
}

/// The integration as hints and explanations name it: `aws-sdk:sfn:startExecution`.
fn name(service: &Service, api: &str, call: &Call<'_, '_>) -> String {
    let known = service.operation(api).map_or(api, |operation| operation.name);
    format!("aws-sdk:{}:{}{}", service.segment, as_in_resources(known), call.pattern.suffix())
}
