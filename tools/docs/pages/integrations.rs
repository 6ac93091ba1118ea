//! The guide to the integrations, from the catalogue.

use std::fmt::Write as _;

use sfniam::asl::IntegrationPattern;
use sfniam::integrations::{Api, Description, FUNCTION, GrantRule, Service};

/// The whole page.
pub(super) fn page(services: &[Service]) -> String {
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

The permissions of a task depend on its `Resource`: the service, the API, and the pattern (`.sync`, `.sync:2`, `.waitForTaskToken`, or none). This page shows the \
catalogue's entry for each of them:

- **`template`** is what AWS documents and the Step Functions console generates. Where that is insufficient, permissions are \
added; these rows state the reason.
- **`least_privilege`** is the least that works: only what the pattern needs, on the resources that the task names.

In \
resources, `{partition}`, `{region}`, `{account}` and `{machine}` are the arguments of the data source, and every other name in braces is a parameter of the task; \
`{WorkGroup|primary}` is the parameter, or `primary` if the task does not have it. The resource after \"else\" is granted if the parameter is known only at run \
time.

A task with an integration that is neither on this page nor an `aws-sdk` integration is an error, because it would fail at run time.

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

/// A function as the Resource itself has no page of its own, so it follows the API that it resembles.
fn function(page: &mut String) {
    page.push_str("\n### A function's ARN as the Resource\n\nBoth modes:\n\n");
    table(page, FUNCTION.least_privilege, FUNCTION.patterns);
}

fn table(page: &mut String, rules: &[GrantRule], offered: &[IntegrationPattern]) {
    if rules.is_empty() {
        page.push_str("Nothing.\n");
        return;
    }
    page.push_str("| Actions | Resources | Only if |\n|---|---|---|\n");
    for rule in rules {
        let Description { actions, resources, mut only_if, correction } = rule.describe(offered, code);
        if !correction.is_empty() {
            only_if.push(format!("**Beyond AWS's template**: {correction}"));
        }
        let actions: Vec<String> = actions.iter().map(|action| code(action)).collect();
        let cells = [actions, resources, only_if].map(|lines| cell(&lines.join("<br>")));
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// A vertical bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The anchor that GitHub and the registries generate for a heading.
fn anchor(title: &str) -> String {
    let kept =
        title.chars().filter(|character| character.is_alphanumeric() || [' ', '-'].contains(character));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
