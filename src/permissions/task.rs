//! What a Task state asks for.

use crate::asl::template::{Arguments, Scope};
use crate::asl::{Integration, IntegrationPattern, State, Task, resource_pointer};
use crate::finding::Finding;
use crate::integrations::{self, Api, Service};

use super::problem::TaskProblem;
use super::{Origin, Requirements, Settings, integration_name, sdk, unnamed_keys};
use crate::call::Call;
use crate::finding::suggest::alike;
use crate::sdk::catalog;

/// Adds what a task needs.
pub(super) fn task<'a>(
    state: &State<'a>,
    task: &Task<'a>,
    scope: &Scope<'a>,
    settings: &Settings,
    requirements: &mut Requirements,
) {
    match task.resource.integration {
        Integration::Function => {
            let api = integrations::FUNCTION;
            let row = Row { state, task, settings, scope, pattern: IntegrationPattern::RequestResponse };
            row.add(api, FUNCTION_DOCS, "lambda", requirements);
        }
        // Workers ask for the work with rights of their own.
        Integration::Activity => {}
        Integration::Optimized { service, api, pattern } => {
            match find(service, api, pattern, &settings.aws.partition) {
                Ok((service, api)) => {
                    let origin = integration_name(service.name, api.name, pattern);
                    let row = Row { state, task, settings, scope, pattern };
                    row.add(api, service.docs, &origin, requirements);
                    let origin = Origin::new(&state.pointer, &origin, service.docs);
                    for segment in service.sdk {
                        sdk::keys(segment, api, &row.call(), &origin, requirements);
                    }
                    unnamed_keys::of_optimized(service.name, api.name, &row.call(), requirements);
                }
                Err(problem) => {
                    let pointer = resource_pointer(&state.pointer);
                    requirements.problems.push(Finding::new(&problem, pointer));
                }
            }
        }
        Integration::Sdk { service, api, pattern } => {
            let call = settings.call(&task.resource, pattern, Arguments::new(task.arguments.as_ref(), scope));
            sdk::task(service, api, &call, &state.pointer, settings, requirements);
        }
    }
}

const FUNCTION_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html";

/// Service and API of an optimized integration that has the pattern; else what is wrong and what to do.
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

/// A task on its way through the rows of an API.
struct Row<'r, 'a> {
    state: &'r State<'a>,
    task: &'r Task<'a>,
    settings: &'r Settings,
    scope: &'r Scope<'a>,
    pattern: IntegrationPattern,
}

impl<'r, 'a> Row<'r, 'a> {
    fn call(&self) -> Call<'a, 'r> {
        let arguments = Arguments::new(self.task.arguments.as_ref(), self.scope);
        self.settings.call(&self.task.resource, self.pattern, arguments)
    }

    fn add(&self, api: &'static Api, docs: &'static str, origin: &str, requirements: &mut Requirements) {
        let origin = Origin::new(&self.state.pointer, origin, docs);
        origin.asks(api, &self.call(), self.settings.mode, requirements);
    }
}
