//! What a careful reviewer should know: every wildcard, and why it is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::asl::{Json, member_pointer};
use crate::finding::{Code, Finding, state_name, state_pointer};
use crate::iam::{Condition, Pattern, Piece, WildcardReason};

use super::problem::TaskProblem;
use super::resource_name::{every, is_part};
use super::wildcard::{Named, WildcardProblem};
use super::{Permission, Requirements};

/// The problems, and a finding for each code, state and parameter of the wildcards in what is asked for;
/// sorted by place, each once.
#[must_use]
pub fn findings(requirements: &Requirements, document: &Json<'_>) -> Vec<Finding> {
    let mut findings = requirements.problems.clone();
    let mut groups: BTreeMap<Key<'_>, Group<'_>> = BTreeMap::new();
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    for permission in requirements.permissions.iter().chain(assumed) {
        findings.extend(open_host(permission, document));
        for resource in &permission.grant.resources {
            for (part, reason) in wildcards(resource, is_part) {
                let text = resource.to_text();
                let target = every(&text).unwrap_or_else(|| format!("\"{text}\""));
                named(&mut groups, permission, part, reason).resource(
                    &permission.grant.actions,
                    text,
                    target,
                );
            }
        }
        for condition in &permission.grant.conditions {
            of_condition(&mut groups, permission, condition, false);
        }
        for condition in &permission.open {
            of_condition(&mut groups, permission, condition, true);
        }
    }
    findings.extend(groups.into_iter().map(|(key, group)| group.finding(&key, document)));
    findings.sort();
    findings.dedup();
    findings
}

/// State, code and parameter: what makes a finding of its own.
type Key<'a> = (&'a str, Code, &'a str);

/// What makes one finding.
struct Group<'a> {
    permission: &'a Permission,
    causes: BTreeMap<&'a WildcardReason, Named>,
}

fn named<'g, 'a>(
    groups: &'g mut BTreeMap<Key<'a>, Group<'a>>,
    permission: &'a Permission,
    part: bool,
    reason: &'a WildcardReason,
) -> &'g mut Named {
    let (code, parameter) = match reason {
        WildcardReason::Run { parameter, .. } if part => (Code::OpenPart, parameter.as_str()),
        WildcardReason::Run { parameter, .. } => (Code::UnresolvedResource, parameter.as_str()),
        WildcardReason::Setting(argument) => (Code::MissingSetting, *argument),
        WildcardReason::Aws(_) => (Code::AwsWildcard, ""),
        WildcardReason::Hint => (Code::HintedWildcard, ""),
        WildcardReason::Accepted(_) => (Code::AcceptedWildcard, ""),
    };
    let key = (state_pointer(&permission.pointer), code, parameter);
    let group = groups.entry(key).or_insert_with(|| Group { permission, causes: BTreeMap::new() });
    group.causes.entry(reason).or_default()
}

/// The wildcards of a text, each with whether it stands for a part of a resource whose main name stands
/// before it.
fn wildcards(text: &Pattern, is_part: impl Fn(&str) -> bool) -> Vec<(bool, &WildcardReason)> {
    let mut before = String::new();
    let mut found = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => before.push_str(literal),
            Piece::Wildcard(wildcard, reason) => {
                found.push((is_part(&before), reason));
                before.push_str(wildcard);
            }
        }
    }
    found
}

/// The wildcards of a condition, or that it is left out.
fn of_condition<'a>(
    groups: &mut BTreeMap<Key<'a>, Group<'a>>,
    permission: &'a Permission,
    condition: &'a Condition,
    left_out: bool,
) {
    let key = condition.key.as_str();
    let is_part = |before: &str| match key {
        HOST_AND_PATH => has_host(before),
        METHOD => true,
        _ => is_part(before),
    };
    for value in &condition.values {
        for (part, reason) in wildcards(value, is_part) {
            let text = value.to_text();
            let limit = if left_out { format!("any {key}") } else { format!("{key} \"{text}\"") };
            let named = named(groups, permission, part, reason);
            named.limit(&permission.grant.actions, format!("{key}: {text}"), limit);
        }
    }
}

/// The condition keys of HTTP tasks.
const HOST_AND_PATH: &str = "states:HTTPEndpoint";
const METHOD: &str = "states:HTTPMethod";

/// Whether the beginning of a URL has the whole host.
fn has_host(beginning: &str) -> bool {
    beginning.strip_prefix("https://").is_some_and(|rest| rest.contains(['/', '?']))
}

/// An HTTP task whose host is known only at run time: a wildcard matches slashes too, so it fits whole other
/// hosts, whatever stands behind it.
fn open_host(permission: &Permission, document: &Json<'_>) -> Option<Finding> {
    let conditions = permission.grant.conditions.iter().chain(&permission.open);
    let mut urls = conditions.filter(|condition| condition.key == HOST_AND_PATH).flat_map(|one| &one.values);
    let open = urls.any(|url| {
        let runs = |reason: &WildcardReason| matches!(reason, WildcardReason::Run { .. });
        url.reasons().any(runs) && !has_host(url.beginning())
    });
    let state = state_name(&permission.pointer).unwrap_or_default();
    let place = || member_pointer(document, &permission.pointer, "ApiEndpoint");
    open.then(|| {
        Finding::new(&TaskProblem::OpenHost { state: &state }, place())
            .parameter("ApiEndpoint")
            .about(permission.grant.actions.clone(), Vec::new())
    })
}

impl Group<'_> {
    fn finding(self, (_, code, parameter): &Key<'_>, document: &Json<'_>) -> Finding {
        let pointer = &self.permission.pointer;
        let place = match code {
            Code::UnresolvedResource | Code::OpenPart => member_pointer(document, pointer, parameter),
            _ => pointer.to_string(),
        };
        let actions: BTreeSet<String> =
            self.causes.values().flat_map(|named| named.actions.clone()).collect();
        let resources: BTreeSet<String> =
            self.causes.values().flat_map(|named| named.resources.clone()).collect();
        let problem = WildcardProblem::new(*code, pointer, parameter, self.causes);
        Finding::new(&problem, place)
            .parameter(*parameter)
            .about(actions, resources)
            .docs(self.permission.docs)
    }
}
