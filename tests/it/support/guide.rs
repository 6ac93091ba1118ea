//! The guide to the integrations, from the catalogue.

use std::fmt::Write as _;

use sfniam::asl::IntegrationPattern;
use sfniam::integrations::{
    Api, Body, ConditionRule, FUNCTION, GrantRule, Guard, Resource, ResourceSource, Service,
};

/// The whole page.
pub(crate) fn integrations(services: &[Service]) -> String {
    let mut page = INTRODUCTION.to_owned();
    let apis: usize = services.iter().map(|service| service.apis.len()).sum();
    let patterns: usize =
        services.iter().flat_map(|service| service.apis).map(|api| api.patterns.len()).sum();
    let _ = write!(
        page,
        "{} services, {apis} APIs and {patterns} combinations of API and pattern:\n\n",
        services.len()
    );
    for service in services {
        let _ = writeln!(page, "- [{}](#{})", service.title, anchor(service.title));
    }
    for service in services {
        let _ = write!(page, "\n## {}\n\n[AWS's page]({})\n", service.title, service.docs);
        for row in service.apis {
            api(&mut page, service.name, row);
        }
        if service.name == "lambda" {
            function(&mut page);
        }
    }
    page
}

const INTRODUCTION: &str = "\
---
page_title: \"What each integration is granted\"
subcategory: \"\"
description: |-
  The permissions of every optimized integration of Step Functions, in both modes, and where and why they differ from AWS's templates.
---

<!-- Made by \"make docs\" from the catalogue in src/integrations. Change that. -->

# What each integration is granted

What a task needs is decided by its `Resource`: the service, the API, and the pattern (`.sync`, `.sync:2`, `.waitForTaskToken`, or none). Below is \
what stands in the catalogue for each of them:

- **`template`** is what AWS documents and the Step Functions console writes. Where that does not work, something is added; such rows say why.
- **`least_privilege`** is the least that works: only what the pattern needs, on the resources that the task names.

In resources, `{partition}`, `{region}`, `{account}` and `{machine}` stand for the arguments of the data source, and every other name in braces for a \
parameter of the task; `{WorkGroup|primary}` is the parameter, or `primary` where the task has none. What follows \"else\" is granted where only \
the run knows the parameter.

A task of an integration that is not here, and is no `aws-sdk` one, is an error: it would fail when it runs.

";

fn api(page: &mut String, service: &str, api: &Api) {
    let patterns: Vec<String> =
        api.patterns.iter().map(|pattern| format!("`{service}:{}{}`", api.name, pattern.suffix())).collect();
    let _ = write!(page, "\n### {service}:{}\n\n{}\n\n", api.name, patterns.join(", "));
    match api.documented {
        Some(documented) => {
            page.push_str("`template`:\n\n");
            table(page, documented, api.patterns);
            page.push_str("\n`least_privilege`:\n\n");
        }
        None => page.push_str("Both modes:\n\n"),
    }
    table(page, api.least_privilege, api.patterns);
    for note in api.notes {
        let _ = write!(page, "\n{note}\n");
    }
}

/// A function as the Resource itself has no name for its page, so it follows the API that it is like.
fn function(page: &mut String) {
    page.push_str("\n### A function's ARN as the Resource\n\nBoth modes:\n\n");
    table(page, FUNCTION.least_privilege, FUNCTION.patterns);
}

fn table(page: &mut String, grants: &[GrantRule], offered: &[IntegrationPattern]) {
    if grants.is_empty() {
        page.push_str("Nothing.\n");
        return;
    }
    page.push_str("| Actions | Resources | Only if |\n|---|---|---|\n");
    for grant in grants {
        let (actions, mut resources) = match grant.body {
            Body::Rows { actions, resources } => {
                (actions, resources.iter().map(resource).collect::<Vec<_>>().join("<br>"))
            }
            Body::Computed { actions, describes, .. } => (actions, cell(describes)),
        };
        if !grant.because.is_empty() {
            let _ = write!(resources, "<br>({})", cell(grant.because));
        }
        let mut only: Vec<String> = grant.when.iter().map(|when| self::when(*when, offered)).collect();
        only.extend(grant.conditions.iter().map(|row| condition(*row)));
        if !grant.correction.is_empty() {
            only.push(format!("**Beyond AWS's template**: {}", cell(grant.correction)));
        }
        let actions: Vec<String> = actions.iter().map(|action| code(action)).collect();
        let _ = writeln!(page, "| {} | {resources} | {} |", actions.join("<br>"), only.join("<br>"));
    }
}

fn resource(resource: &Resource) -> String {
    let text = match resource.source {
        ResourceSource::Template(template) => code(template),
        ResourceSource::Named(parameter, template) => {
            format!(
                "{}, or the ARN in {}",
                code(&template.replace("{}", &format!("{{{parameter}}}"))),
                code(parameter)
            )
        }
        ResourceSource::Given(parameter) => format!("the ARN in {}", code(parameter)),
        ResourceSource::Each(parameter, describes, _) => {
            format!("{}, by {}", cell(describes), code(parameter))
        }
        ResourceSource::Computed(describes, _) | ResourceSource::Hidden(describes) => cell(describes),
    };
    if resource.otherwise.is_empty() {
        return text;
    }
    let otherwise: Vec<String> = resource.otherwise.iter().map(|template| code(template)).collect();
    format!("{text}; else {}", otherwise.join(" and "))
}

fn when(when: Guard, offered: &[IntegrationPattern]) -> String {
    match when {
        Guard::Pattern(patterns) => {
            let names: Vec<String> = patterns
                .iter()
                .filter(|pattern| offered.contains(pattern))
                .map(|pattern| match pattern.suffix() {
                    "" => "no suffix".to_owned(),
                    suffix => code(suffix),
                })
                .collect();
            names.join(" or ")
        }
        Guard::Given(parameter) => format!("{} is given", code(parameter)),
        Guard::Missing(parameter) => format!("{} is absent", code(parameter)),
        Guard::Is(parameter, value) => format!("{} is {}", code(parameter), code(value)),
        Guard::IsNot(parameter, value) => format!("{} is not {}", code(parameter), code(value)),
        Guard::Holds(describes, _) => cell(describes),
    }
}

fn condition(row: ConditionRule) -> String {
    match row {
        ConditionRule::Fixed(operator, key, value) => {
            format!("condition {}: {} {}", operator.name(), code(key), code(value))
        }
        ConditionRule::Parameter(operator, key, parameter) => {
            format!(
                "condition {}: {} as in {}, where that is known",
                operator.name(),
                code(key),
                code(parameter)
            )
        }
        ConditionRule::Computed(key, _) => format!("condition on {}", code(key)),
    }
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

/// A vertical bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// As GitHub and the registries make it of a heading.
fn anchor(title: &str) -> String {
    let kept =
        title.chars().filter(|character| character.is_alphanumeric() || [' ', '-'].contains(character));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
