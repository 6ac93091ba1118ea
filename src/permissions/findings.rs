//! What a careful reviewer should know: every wildcard, and why it is there.

use crate::asl::Problem;
use crate::iam::{Condition, Why};

use super::{Needed, Permission};

/// A problem, or a wildcard with its reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is, where, and what can be done.
    pub problem: Problem,
    /// Whether it is a wildcard for a value that only the run knows.
    pub unresolved: bool,
}

/// The problems, and a finding for each reason of a wildcard in what is asked for; sorted by place, each once.
#[must_use]
pub fn findings(needed: &Needed) -> Vec<Finding> {
    let known = needed.problems.iter().map(|problem| Finding { problem: problem.clone(), unresolved: false });
    let mut findings: Vec<Finding> = known.collect();
    let assumed = needed.assumed.iter().map(|(_, permission)| permission);
    for permission in needed.permissions.iter().chain(assumed) {
        findings.extend(open_host(permission));
        let actions = permission.allowed.actions.join(", ");
        for condition in permission.allowed.conditions.iter().chain(&permission.open) {
            findings.extend(of_condition(permission, &actions, condition));
        }
        for resource in &permission.allowed.resources {
            for why in resource.whys() {
                let what = format!("{actions} on \"{}\"", resource.to_text());
                let problem = problem(&permission.pointer, &what, why);
                findings.push(Finding { problem, unresolved: matches!(why, Why::Run { .. }) });
            }
        }
    }
    findings.sort();
    findings.dedup();
    findings
}

/// An HTTP task whose host only the run knows: a wildcard matches slashes too, so it fits whole other hosts, whatever stands behind it.
fn open_host(permission: &Permission) -> Option<Finding> {
    let conditions = permission.allowed.conditions.iter().chain(&permission.open);
    let mut urls =
        conditions.filter(|condition| condition.key == "states:HTTPEndpoint").flat_map(|one| &one.values);
    let open = urls.any(|url| {
        let host = url.beginning().strip_prefix("https://").unwrap_or_default();
        url.known().is_none() && !host.contains(['/', '?'])
    });
    let problem = Problem::warning(
        permission.pointer.as_ref(),
        "The host of an HTTP task is known only to the run",
        "The policy allows other hosts too, so the credentials of the connection can be sent there. Give \"ApiEndpoint\" a literal beginning, up to the slash \
         behind the host.",
    );
    open.then_some(Finding { problem, unresolved: false })
}

/// The wildcards of a condition, or that it is left out.
fn of_condition(permission: &Permission, actions: &str, condition: &Condition) -> Vec<Finding> {
    let pointer = permission.pointer.as_ref();
    let key = &condition.key;
    let mut findings = Vec::new();
    for value in &condition.values {
        for why in value.whys() {
            let problem = match why {
                Why::Run { parameter, expression } if condition.is_open() => Problem::warning(
                    pointer,
                    format!("\"{parameter}\" is known only to the run"),
                    format!("{actions} with any value of {key}: {expression}."),
                ),
                _ => problem(pointer, &format!("{actions} with {key} \"{}\"", value.to_text()), why),
            };
            findings.push(Finding { problem, unresolved: matches!(why, Why::Run { .. }) });
        }
    }
    findings
}

fn problem(pointer: &str, what: &str, why: &Why) -> Problem {
    match why {
        Why::Aws(reason) => {
            Problem::info(pointer, "A wildcard that AWS asks for", format!("{what}: {reason}."))
        }
        Why::Hint => {
            Problem::info(pointer, "A wildcard of a hint", format!("{what}: a resource_hint says so."))
        }
        Why::Run { parameter, expression } => Problem::warning(
            pointer,
            format!("\"{parameter}\" is known only to the run"),
            format!("{what}: {expression}."),
        ),
        Why::Setting(argument) => Problem::warning(
            pointer,
            format!("\"{argument}\" is not given"),
            format!("{what}. Set \"{argument}\" to narrow it."),
        ),
    }
}
