//! What a careful reviewer should know: every wildcard, and why it is there.

use crate::asl::Problem;
use crate::iam::{Pattern as Text, Why};

use super::Needed;

/// The problems, and a finding for each reason of a wildcard in what a state asks for; sorted, each once.
#[must_use]
pub fn findings(needed: &Needed) -> Vec<Problem> {
    let mut findings = needed.problems.clone();
    for permission in &needed.permissions {
        let actions = permission.allowed.actions.join(", ");
        for resource in &permission.allowed.resources {
            for why in resource.whys() {
                findings.push(finding(&permission.pointer, &actions, resource, why));
            }
        }
    }
    findings.sort();
    findings.dedup();
    findings
}

/// The findings about values that only the run knows.
#[must_use]
pub fn unresolved(needed: &Needed) -> Vec<Problem> {
    let mut found = Vec::new();
    for permission in &needed.permissions {
        let actions = permission.allowed.actions.join(", ");
        for resource in &permission.allowed.resources {
            for why in resource.whys().filter(|why| matches!(why, Why::Run { .. })) {
                found.push(finding(&permission.pointer, &actions, resource, why));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn finding(pointer: &str, actions: &str, resource: &Text, why: &Why) -> Problem {
    let text = resource.to_text();
    match why {
        Why::Aws(reason) => Problem::info(
            pointer,
            "A wildcard that AWS asks for",
            format!("{actions} on \"{text}\": {reason}."),
        ),
        Why::Run { parameter, expression } => Problem::warning(
            pointer,
            "A resource that only the run knows",
            format!(
                "{actions} on \"{text}\": {parameter} is {expression}. Give a literal value to narrow it."
            ),
        ),
        Why::Setting(argument) => Problem::warning(
            pointer,
            format!("\"{argument}\" is not given"),
            format!("{actions} on \"{text}\". Set \"{argument}\" to narrow it."),
        ),
    }
}
