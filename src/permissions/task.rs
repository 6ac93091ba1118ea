//! What a Task state asks for.

use crate::asl::template::{Arguments, Scope};
use crate::asl::{Integration, IntegrationPattern, Problem, State, Task};
use crate::integrations::{self, Api, Service};

use super::{Origin, Requirements, Settings, integration_name, sdk};
use crate::call::suggest::{alike, did_you_mean};
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
        Integration::Optimized { service, api, pattern } => match find(service, api, pattern) {
            Ok((service, api)) => {
                let origin = integration_name(service.name, api.name, pattern);
                let row = Row { state, task, settings, scope, pattern };
                row.add(api, service.docs, &origin, requirements);
            }
            Err(detail) => {
                let pointer = format!("{}/Resource", state.pointer);
                requirements.problems.push(Problem::error(pointer, "Unknown service integration", detail));
            }
        },
        Integration::Sdk { service, api, pattern } => {
            let call = settings.call(&task.resource, pattern, Arguments::new(task.arguments, scope));
            sdk::task(service, api, &call, &state.pointer, requirements);
        }
    }
}

const FUNCTION_DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html";

/// Service and API of an optimized integration that has the pattern; else what is wrong and what to do.
fn find(
    service: &str,
    api: &str,
    pattern: IntegrationPattern,
) -> Result<(&'static Service, &'static Api), String> {
    let Some(found) = integrations::service(service) else {
        let names: Vec<&str> = alike(service, integrations::SERVICES.iter().map(|service| service.name));
        let hint = through_sdk(service, api).unwrap_or_else(|| did_you_mean(&names));
        return Err(format!("There is no optimized integration for the service \"{service}\".{hint}"));
    };
    let Some(row) = found.api(api) else {
        let apis: Vec<&str> = found.apis.iter().map(|api| api.name).collect();
        let hint =
            through_sdk(service, api).unwrap_or_else(|| did_you_mean(&alike(api, apis.iter().copied())));
        return Err(format!(
            "The optimized integration of {} has no API \"{api}\"; it has {}.{hint}",
            found.title,
            apis.join(", ")
        ));
    };
    if !row.patterns.contains(&pattern) {
        let patterns: Vec<String> = row
            .patterns
            .iter()
            .map(|pattern| format!("\"{}:{}{}\"", found.name, row.name, pattern.suffix()))
            .collect();
        return Err(format!(
            "\"{}:{}\" has no \"{}\"; there is {}.",
            found.name,
            row.name,
            pattern.suffix(),
            patterns.join(" and ")
        ));
    }
    Ok((found, row))
}

/// How a service's API is called that is no optimized integration, if the AWS SDK has it under the service's name or under its prefix in IAM.
fn through_sdk(service: &str, api: &str) -> Option<String> {
    let segments = std::iter::once(service).chain(catalog::nearest(service));
    let has_api = |segment: &&str| {
        catalog::service(segment).is_some_and(|found| {
            let same = found.segment == service || found.prefix == service;
            same && found.operation(api).is_some()
        })
    };
    let segment = segments.into_iter().find(has_api)?;
    Some(format!(" Through the AWS SDK it is \"arn:aws:states:::aws-sdk:{segment}:{api}\"."))
}

/// A task on its way through the rows of an API.
struct Row<'r, 'a> {
    state: &'r State<'a>,
    task: &'r Task<'a>,
    settings: &'r Settings,
    scope: &'r Scope<'a>,
    pattern: IntegrationPattern,
}

impl Row<'_, '_> {
    fn add(&self, api: &'static Api, docs: &'static str, origin: &str, requirements: &mut Requirements) {
        let arguments = Arguments::new(self.task.arguments, self.scope);
        let call = self.settings.call(&self.task.resource, self.pattern, arguments);
        let origin = Origin::new(&self.state.pointer, origin, docs);
        origin.asks(api, &call, self.settings.mode, requirements);
    }
}
