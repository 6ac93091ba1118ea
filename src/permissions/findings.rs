//! What a careful reviewer should know: every wildcard, and why it is there.

use crate::asl::Problem;
use crate::iam::{Condition, WildcardReason};

use super::{Permission, Requirements};

/// A problem, or a wildcard with its reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is, where, and what can be done.
    pub problem: Problem,
    /// What it is about.
    pub about: About,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The definition or the settings as such.
    Definition,
    /// A wildcard for a value that is not resolved: only the run knows it, or the definition does not have it.
    Unresolved,
    /// A wildcard for an argument that is not given.
    Setting(&'static str),
    /// A wildcard that AWS asks for, or a hint has.
    Wildcard,
}

impl About {
    fn of(why: &WildcardReason) -> About {
        match why {
            WildcardReason::Run { .. } => About::Unresolved,
            WildcardReason::Setting(argument) => About::Setting(argument),
            WildcardReason::Aws(_) | WildcardReason::Hint => About::Wildcard,
        }
    }
}

/// The problems, and a finding for each reason of a wildcard in what is asked for; sorted by place, each once.
#[must_use]
pub fn findings(requirements: &Requirements) -> Vec<Finding> {
    let known = requirements
        .problems
        .iter()
        .map(|problem| Finding { problem: problem.clone(), about: About::Definition });
    let mut findings: Vec<Finding> = known.collect();
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    for permission in requirements.permissions.iter().chain(assumed) {
        findings.extend(open_host(permission));
        let wildcards = permission.grant.resources.iter().any(|resource| resource.known().is_none());
        if !wildcards && permission.grant.conditions.is_empty() && permission.open.is_empty() {
            continue;
        }
        let actions = permission.grant.actions.join(", ");
        for condition in permission.grant.conditions.iter().chain(&permission.open) {
            findings.extend(of_condition(permission, &actions, condition));
        }
        for resource in &permission.grant.resources {
            for why in resource.reasons() {
                let what = format!("{actions} on \"{}\"", resource.to_text());
                let problem = problem(&permission.pointer, &what, why);
                findings.push(Finding { problem, about: About::of(why) });
            }
        }
    }
    findings.sort();
    findings.dedup();
    findings
}

/// An HTTP task whose host only the run knows: a wildcard matches slashes too, so it fits whole other hosts, whatever stands behind it.
fn open_host(permission: &Permission) -> Option<Finding> {
    let conditions = permission.grant.conditions.iter().chain(&permission.open);
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
    open.then_some(Finding { problem, about: About::Definition })
}

/// The wildcards of a condition, or that it is left out.
fn of_condition(permission: &Permission, actions: &str, condition: &Condition) -> Vec<Finding> {
    let pointer = permission.pointer.as_ref();
    let key = &condition.key;
    let mut findings = Vec::new();
    for value in &condition.values {
        for why in value.reasons() {
            let problem = match why {
                WildcardReason::Run { parameter, expression } if condition.is_open() => Problem::warning(
                    pointer,
                    format!("\"{parameter}\" is not resolved"),
                    format!("{actions} with any value of {key}: {expression}."),
                ),
                _ => problem(pointer, &format!("{actions} with {key} \"{}\"", value.to_text()), why),
            };
            findings.push(Finding { problem, about: About::of(why) });
        }
    }
    findings
}

fn problem(pointer: &str, what: &str, why: &WildcardReason) -> Problem {
    match why {
        WildcardReason::Aws(reason) => {
            Problem::info(pointer, "A wildcard that AWS asks for", format!("{what}: {reason}."))
        }
        WildcardReason::Hint => {
            Problem::info(pointer, "A wildcard of a hint", format!("{what}: a resource_hint says so."))
        }
        WildcardReason::Run { parameter, expression } => Problem::warning(
            pointer,
            format!("\"{parameter}\" is not resolved"),
            format!("{what}: {expression}."),
        ),
        WildcardReason::Setting(argument) => Problem::warning(
            pointer,
            format!("\"{argument}\" is not given"),
            format!("{what}. Set \"{argument}\" to narrow it."),
        ),
    }
}
