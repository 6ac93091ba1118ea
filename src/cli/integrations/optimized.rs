//! The optimized integrations.

use std::fmt::Write as _;

use super::{Integration, Need, Wanted};
use crate::integrations::{Api, Body, ConditionRule, GrantRule, Guard, Resource, ResourceSource, SERVICES};

pub(super) fn overview(out: &mut String) {
    for service in SERVICES {
        let apis: Vec<&str> = service.apis.iter().map(|api| api.name).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {}: {}", service.name, apis.join(", "));
    }
}

pub(super) fn integrations(wanted: &Wanted<'_>) -> Vec<Integration> {
    let services = SERVICES.iter().filter(|service| wanted.is_service(service.name));
    let all = services.flat_map(|service| {
        service.apis.iter().map(|api| Integration {
            integration: format!("{}:{}", service.name, api.name),
            patterns: api.patterns.iter().map(|pattern| pattern.suffix()).collect(),
            docs: service.docs,
            status: None,
            needs: needs(api),
        })
    });
    all.filter(|integration| wanted.is_found(integration)).collect()
}

fn needs(api: &Api) -> Vec<Need> {
    let rows = |grants: &'static [GrantRule], mode| grants.iter().map(move |grant| need(grant, mode));
    match api.documented {
        None => rows(api.least_privilege, None).collect(),
        Some(documented) => rows(documented, Some("template"))
            .chain(rows(api.least_privilege, Some("least_privilege")))
            .collect(),
    }
}

fn need(grant: &GrantRule, mode: Option<&'static str>) -> Need {
    let (actions, resources) = match grant.body {
        Body::Rows { actions, resources } => (actions, resources.iter().flat_map(resource).collect()),
        Body::Computed { actions, describes, .. } => (actions, vec![describes.to_owned()]),
    };
    Need {
        mode,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources,
        when: grant
            .when
            .iter()
            .map(|row| when(*row))
            .chain(grant.conditions.iter().map(|row| condition(*row)))
            .collect(),
        basis: None,
        note: if grant.correction.is_empty() { grant.because } else { grant.correction },
        granted: true,
    }
}

fn resource(resource: &Resource) -> Vec<String> {
    match resource.source {
        ResourceSource::Template(template) => vec![template.to_owned()],
        ResourceSource::Named(parameter, template) => {
            vec![template.replace("{}", &format!("{{{parameter}}}")), format!("{{{parameter}}}")]
        }
        ResourceSource::Given(parameter) => vec![format!("{{{parameter}}}")],
        ResourceSource::Each(parameter, describes, _) => vec![format!("{describes}, by {parameter}")],
        ResourceSource::Computed(describes, _) | ResourceSource::Hidden(describes) => {
            vec![describes.to_owned()]
        }
    }
}

fn when(row: Guard) -> String {
    match row {
        Guard::Pattern(patterns) => {
            let suffixes: Vec<&str> = patterns
                .iter()
                .map(|pattern| if pattern.suffix().is_empty() { "no suffix" } else { pattern.suffix() })
                .collect();
            format!("the pattern is {}", suffixes.join(" or "))
        }
        Guard::Given(parameter) => format!("{parameter} is given"),
        Guard::Missing(parameter) => format!("{parameter} is absent"),
        Guard::Is(parameter, value) => format!("{parameter} is {value}"),
        Guard::IsNot(parameter, value) => format!("{parameter} is not {value}"),
        Guard::Holds(describes, _) => describes.to_owned(),
    }
}

fn condition(row: ConditionRule) -> String {
    match row {
        ConditionRule::Fixed(operator, key, value) => format!("{key} {} {value}", operator.name()),
        ConditionRule::Parameter(operator, key, parameter) => {
            format!("{key} {} {{{parameter}}}, where that is known", operator.name())
        }
        ConditionRule::Computed(key, _) => format!("{key} is as the call makes it"),
    }
}
