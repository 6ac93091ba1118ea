//! What a Task state needs.

use crate::asl::template::Arguments;
use crate::asl::{Integration, IntegrationPattern, Task, resource_pointer};
use crate::finding::Finding;
use crate::integrations::{self, Api, Service};

use super::problem::TaskProblem;
use super::{
    Origin, Requirements, Settings, Visit, impossible, integration_name, sdk, spelling, unnamed_keys,
};
use crate::finding::suggest::alike;
use crate::sdk::catalog;

/// What a task needs.
pub(super) fn task<'a>(visit: Visit<'_, 'a>, task: &Task<'a>) -> Requirements {
    let Visit { state, scope, settings, alike } = visit;
    let arguments = Arguments::new(task.arguments.as_ref(), scope);
    let needs = alike.needs(task.resource.arn, &arguments, || needs(task, arguments.clone(), settings));
    needs.at(&state.pointer).and(impossible::empty(visit, task))
}

/// What a call needs, without its place: nothing here knows which state makes it.
fn needs<'a>(task: &Task<'a>, arguments: Arguments<'a, '_>, settings: &Settings) -> Requirements {
    let call = |pattern| settings.call(&task.resource, pattern, arguments.clone());
    match task.resource.integration {
        Integration::Function => {
            let origin = Origin::new("", "lambda", FUNCTION_DOCS);
            let call = call(IntegrationPattern::RequestResponse);
            Requirements::of_permissions(origin.asks(integrations::FUNCTION, &call, settings.mode))
        }
        // Workers poll for the work with their own permissions.
        Integration::Activity => Requirements::default(),
        Integration::Optimized { service, api, pattern } => {
            match find(service, api, pattern, &settings.aws.partition) {
                Ok((found, row)) => {
                    let respelled = spelling::of_resource("", (service, api), (found.name, row.name));
                    let (service, api) = (found, row);
                    let name = integration_name(service.name, api.name, pattern);
                    let origin = Origin::new("", &name, service.docs);
                    let call = call(pattern);
                    let keys = service.sdk.iter().map(|segment| sdk::keys(segment, api, &call, &origin));
                    Requirements::of_permissions(origin.asks(api, &call, settings.mode))
                        .and(keys.collect())
                        .and(unnamed_keys::of_optimized(service.name, api.name, &call))
                        .and(Requirements::of_problems(respelled))
                        .and(spelling::of_parameters(&name, &arguments, ""))
                }
                Err(problem) => Requirements::of_problems([Finding::new(&problem, resource_pointer(""))]),
            }
        }
        Integration::Sdk { service, api, pattern } => sdk::task(service, api, &call(pattern), settings),
    }
}

const FUNCTION_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html";

/// Service and API of an optimized integration that has the pattern; else the problem.
fn find<'a>(
    service: &'a str,
    api: &'a str,
    pattern: IntegrationPattern,
    partition: &str,
) -> Result<(&'static Service, &'static Api), TaskProblem<'a>> {
    let Some(found) = integrations::service(service) else {
        return Err(TaskProblem::UnknownService {
            service,
            sdk: through_sdk(service, api, partition),
            names: alike(service, integrations::SERVICES.iter().map(|service| service.name)),
        });
    };
    let Some(row) = found.api(api) else {
        let apis: Vec<&str> = found.apis.iter().map(|api| api.name).collect();
        return Err(TaskProblem::UnknownApi {
            title: found.title,
            api,
            sdk: through_sdk(service, api, partition),
            names: alike(api, apis.iter().copied()),
            apis,
        });
    };
    if !row.patterns.contains(&pattern) {
        let call = format!("{}:{}", found.name, row.name);
        let patterns = row.patterns.iter().map(|pattern| format!("{call}{}", pattern.suffix())).collect();
        return Err(TaskProblem::UnknownPattern { call, pattern, patterns });
    }
    Ok((found, row))
}

/// The Resource of an API that is not an optimized integration, if the AWS SDK has it under the service's
/// name or under its prefix in IAM.
fn through_sdk(service: &str, api: &str, partition: &str) -> Option<String> {
    let segments = std::iter::once(service).chain(catalog::nearest(service));
    let has_api = |segment: &&str| {
        catalog::service(segment).is_some_and(|found| {
            let same = found.segment == service || found.prefix == service;
            same && found.operation(api).is_some()
        })
    };
    let segment = segments.into_iter().find(has_api)?;
    Some(format!("arn:{partition}:states:::aws-sdk:{segment}:{api}"))
}
