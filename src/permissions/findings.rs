//! What a careful reviewer should know: every wildcard, and why it is there.

use crate::asl::Problem;
use crate::iam::{Pattern as Text, Why};

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
        findings.extend(open_endpoint(permission));
        let actions = permission.allowed.actions.join(", ");
        for resource in &permission.allowed.resources {
            for why in resource.whys() {
                let problem = problem(&permission.pointer, &actions, resource, why);
                findings.push(Finding { problem, unresolved: matches!(why, Why::Run { .. }) });
            }
        }
    }
    findings.sort();
    findings.dedup();
    findings
}

/// An HTTP task whose URL only the run knows: no resource tells, for the URL is a condition.
fn open_endpoint(permission: &Permission) -> Option<Finding> {
    let allowed = &permission.allowed;
    let calls = allowed.actions.iter().any(|action| action == "states:InvokeHTTPEndpoint");
    if !calls || allowed.conditions.iter().any(|condition| condition.key == "states:HTTPEndpoint") {
        return None;
    }
    let problem = Problem::warning(
        permission.pointer.as_ref(),
        "\"ApiEndpoint\" is known only to the run",
        "The credentials of the connection can be sent to any URL. Give \"ApiEndpoint\" a literal beginning to narrow it.",
    );
    Some(Finding { problem, unresolved: true })
}

fn problem(pointer: &str, actions: &str, resource: &Text, why: &Why) -> Problem {
    let what = format!("{actions} on \"{}\"", resource.to_text());
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
