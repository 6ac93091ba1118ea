//! The optimized integrations.

use std::fmt::Write as _;

use super::{Integration, Need, Wanted};
use crate::integrations::{Api, Description, GrantRule, SERVICES};

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
    let rows = |rules: &'static [GrantRule], mode| rules.iter().map(move |rule| need(rule, api, mode));
    match api.documented {
        None => rows(api.least_privilege, None).collect(),
        Some(documented) => rows(documented, Some("template"))
            .chain(rows(api.least_privilege, Some("least_privilege")))
            .collect(),
    }
}

pub(super) fn need(rule: &GrantRule, api: &Api, mode: Option<&'static str>) -> Need {
    let Description { actions, resources, only_if, correction } = rule.describe(api.patterns, str::to_owned);
    Need {
        mode,
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources,
        when: only_if,
        basis: None,
        note: correction,
        granted: true,
    }
}
