//! The integrations of the AWS SDK.

use std::fmt::Write as _;

use super::{Basis, Integration, Need, Wanted, optimized};
use crate::asl::IntegrationPattern;
use crate::integrations::{Api, GrantRule, Guard, same_request};
use crate::sdk::catalog::{self, Service};
use crate::sdk::model::{Action, Operation, Path, Status, Support};
use crate::sdk::{DOCS, as_in_resources, evidence};

pub(super) fn overview(out: &mut String) {
    for service in catalog::segments().filter_map(catalog::service) {
        let status = status(service.status).map(|status| format!(" ({status})")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ =
            writeln!(out, "  {} {} {}{status}", service.segment, service.prefix, service.operations().len());
    }
}

pub(super) fn nearest(segment: &str) -> Vec<&'static str> {
    catalog::nearest(segment)
}

pub(super) fn integrations(wanted: &Wanted<'_>) -> Vec<Integration> {
    let services = catalog::segments().filter(|segment| wanted.is_service(segment));
    let all = services.filter_map(catalog::service).flat_map(|service| {
        let operations = service.operations().filter_map(|name| service.operation(name));
        operations.map(|operation| integration(service, operation))
    });
    all.filter(|integration| wanted.is_found(integration)).collect()
}

fn integration(service: &Service, operation: &Operation) -> Integration {
    let name = as_in_resources(operation.name);
    let needs = match same_request(service.segment, operation.name) {
        Some((_, api)) => rules_without_waiting(api).map(|rule| alike(rule, api)).collect(),
        None => {
            let own = operation.actions.iter().map(|action| need(operation, action));
            let roles = operation.roles.iter().chain(&operation.possible_roles);
            own.chain(roles.map(|path| passed(service.takers(operation), *path))).collect()
        }
    };
    Integration {
        integration: format!("aws-sdk:{}:{name}", service.segment),
        patterns: vec!["", ".waitForTaskToken"],
        docs: DOCS,
        status: support(operation.support).map(str::to_owned).or_else(|| status(service.status)),
        needs,
    }
}

/// The rules of an optimized integration that apply to a request that does not wait for a job.
fn rules_without_waiting(api: &'static Api) -> impl Iterator<Item = &'static GrantRule> {
    let waits = |guard: &Guard| matches!(guard, Guard::Pattern(patterns) if !patterns.contains(&IntegrationPattern::RequestResponse));
    api.least_privilege.iter().filter(move |rule| !rule.when.iter().any(waits))
}

/// What the optimized integration of the same name needs.
fn alike(rule: &GrantRule, api: &Api) -> Need {
    let evidence::Basis { rule: name, confidence, note } = evidence::Basis::OPTIMIZED;
    Need {
        basis: Some(Basis { rule: name, confidence: confidence.name() }),
        note,
        ..optimized::need(rule, api, None)
    }
}

fn need(operation: &Operation, action: &Action) -> Need {
    let evidence::Basis { rule, confidence, note } = operation.basis(action);
    Need {
        mode: None,
        actions: vec![action.name.clone().into_owned()],
        resources: action.resources_in_words(),
        when: action.conditions_in_words(),
        basis: Some(Basis { rule, confidence: confidence.name() }),
        note,
        granted: action.kind.is_granted(),
    }
}

fn passed(services: &[&str], path: Path) -> Need {
    let when = if services.is_empty() { Vec::new() } else { vec![passed_to(services)] };
    let evidence::Basis { rule, confidence, note } = evidence::Basis::ROLE;
    Need {
        mode: None,
        actions: vec!["iam:PassRole".to_owned()],
        resources: vec![format!("{{{}}}", path.as_str())],
        when,
        basis: Some(Basis { rule, confidence: confidence.name() }),
        note,
        granted: true,
    }
}

fn passed_to(services: &[&str]) -> String {
    format!("iam:PassedToService StringEquals {}", services.join(" or "))
}

fn status(status: Status) -> Option<String> {
    match status {
        Status::Listed => None,
        Status::Unlisted => Some("not in the list of Step Functions".to_owned()),
        Status::Removed(month) => Some(format!("removed from the list of Step Functions in {month}")),
        Status::Retired => Some("closed by AWS".to_owned()),
    }
}

const fn support(support: Support) -> Option<&'static str> {
    match support {
        Support::Supported => None,
        Support::Doubtful => Some("Step Functions probably cannot call it"),
        Support::Unsupported => Some("Step Functions cannot call it"),
    }
}
