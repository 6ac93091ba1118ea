//! What a reviewer should know: every wildcard, and why it is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::asl::{Json, member_pointer};
use crate::finding::{Code, Finding, Severity, state_name, state_pointer};
use crate::iam::{Condition, Pattern, Piece, Unresolved, WildcardReason};

use super::danger::{dangers, passes_anywhere, widens};
use super::problem::TaskProblem;
use super::resource_name::{every, is_part};
use super::wildcard::{Named, WildcardProblem};
use super::{Mode, Permission, Requirements, Settings, characters, impossible, outside};

/// The problems, a finding for each code, state and parameter of the wildcards in the needed permissions, and
/// what is in another account or Region than the state machine; sorted by place, each once. `stops` says
/// whether a dangerous wildcard is an error unless AWS requires it.
#[must_use]
pub fn findings(
    requirements: &Requirements,
    document: &Json<'_>,
    settings: &Settings,
    stops: bool,
) -> Vec<Finding> {
    let mut findings = requirements.problems.clone();
    findings.extend(outside::elsewhere(requirements, &settings.aws));
    let mut groups: BTreeMap<Key<'_>, Group<'_>> = BTreeMap::new();
    let assumed = requirements.assumed.iter().map(|(_, permission)| permission);
    for permission in requirements.permissions.iter().chain(assumed) {
        findings.extend(open_host(permission, document));
        findings.extend(passed_anywhere(permission, settings.mode));
        findings.extend(characters::about(permission, settings, document));
        findings.extend(impossible::about(permission, &settings.aws, document));
        for resource in &permission.grant.resources {
            of_resource(&mut groups, permission, resource);
        }
        for condition in &permission.grant.conditions {
            of_condition(&mut groups, permission, condition, false);
        }
        for condition in &permission.open {
            of_condition(&mut groups, permission, condition, true);
        }
    }
    findings.extend(groups.into_iter().map(|(key, group)| group.finding(&key, document, stops)));
    findings.sort();
    findings.dedup();
    findings
}

/// State, code and parameter: what makes a finding of its own.
type Key<'a> = (&'a str, Code, &'a str);

/// The parts of one finding.
struct Group<'a> {
    permission: &'a Permission,
    causes: BTreeMap<&'a WildcardReason, Named>,
    dangers: BTreeSet<&'static str>,
}

/// The wildcards of a resource.
fn of_resource<'a>(
    groups: &mut BTreeMap<Key<'a>, Group<'a>>,
    permission: &'a Permission,
    resource: &'a Pattern,
) {
    let text = resource.to_text();
    let target = every(&text).unwrap_or_else(|| format!("\"{text}\""));
    let dangers = dangers(permission, resource);
    let (dangerous, others): (Vec<String>, Vec<String>) = permission
        .grant
        .actions
        .iter()
        .cloned()
        .partition(|action| dangers.iter().any(|(dangerous, _)| dangerous == action));
    for one in wildcards(resource, is_part).into_iter().filter(Wildcard::is_wide) {
        let mut name = |code: Code, parameter: &'a str, actions: &[String]| {
            let group = group(groups, permission, code, parameter);
            let named = group.causes.entry(one.reason).or_default();
            named.resource(actions, text.clone(), target.clone());
            if code == Code::DangerousWildcard {
                group.dangers.extend(dangers.iter().map(|(_, why)| *why));
            }
        };
        let (code, parameter) = one.kind();
        // A missing argument and an accepted hint have their own codes.
        let in_place = code != Code::AcceptedWildcard && widens(&one, &text);
        if dangerous.is_empty() || !in_place {
            name(code, parameter, &permission.grant.actions);
            continue;
        }
        name(Code::DangerousWildcard, parameter, &dangerous);
        if !others.is_empty() {
            name(code, parameter, &others);
        }
    }
}

fn group<'g, 'a>(
    groups: &'g mut BTreeMap<Key<'a>, Group<'a>>,
    permission: &'a Permission,
    code: Code,
    parameter: &'a str,
) -> &'g mut Group<'a> {
    let key = (state_pointer(&permission.pointer), code, parameter);
    let empty = || Group { permission, causes: BTreeMap::new(), dangers: BTreeSet::new() };
    groups.entry(key).or_insert_with(empty)
}

/// A wildcard with its position.
pub(super) struct Wildcard<'a> {
    pub(super) wildcard: &'static str,
    pub(super) reason: &'a WildcardReason,
    /// What precedes it.
    pub(super) before: String,
    /// Whether it is a part of a resource whose main name precedes it.
    is_part: bool,
}

impl<'a> Wildcard<'a> {
    /// Whether it is reported as a wildcard. A single character that cannot be written is reported as such.
    fn is_wide(&self) -> bool {
        !matches!(self.reason, WildcardReason::Unwritable { .. })
    }

    /// The code of its finding, and the parameter that the finding is about.
    fn kind(&self) -> (Code, &'a str) {
        match self.reason {
            WildcardReason::Run { parameter, cause: Unresolved::NoParameterForPart } => {
                (Code::OpenPart, parameter.as_str())
            }
            WildcardReason::Run { parameter, .. } if self.is_part => (Code::OpenPart, parameter.as_str()),
            WildcardReason::Run { parameter, .. } => (Code::UnresolvedResource, parameter.as_str()),
            WildcardReason::Setting(argument) => (Code::MissingSetting, *argument),
            WildcardReason::Aws(_) => (Code::AwsWildcard, ""),
            WildcardReason::Hint => (Code::HintedWildcard, ""),
            WildcardReason::Accepted(_) => (Code::AcceptedWildcard, ""),
            WildcardReason::Unwritable { .. } => (Code::UnwritableCharacter, ""),
        }
    }
}

/// The wildcards of a text, each with whether it is a part of a resource whose main name precedes it.
pub(super) fn wildcards(text: &Pattern, is_part: impl Fn(&str) -> bool) -> Vec<Wildcard<'_>> {
    let mut before = String::new();
    let mut found = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => before.push_str(literal),
            Piece::Wildcard(wildcard, reason) => {
                found.push(Wildcard { wildcard, reason, is_part: is_part(&before), before: before.clone() });
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
        for one in wildcards(value, is_part).into_iter().filter(Wildcard::is_wide) {
            let text = value.to_text();
            let limit = if left_out { format!("any {key}") } else { format!("{key} \"{text}\"") };
            let (code, parameter) = one.kind();
            let named = group(groups, permission, code, parameter).causes.entry(one.reason).or_default();
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

/// An HTTP task whose host is known only at run time: a wildcard matches slashes too, so it matches other
/// hosts entirely, whatever follows it.
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

/// A role that least privilege allows to be passed to any service.
fn passed_anywhere(permission: &Permission, mode: Mode) -> Option<Finding> {
    let roles = || permission.grant.resources.iter().map(Pattern::to_text);
    passes_anywhere(permission, mode).then(|| {
        let problem = WildcardProblem::PassedAnywhere { roles: roles().collect() };
        Finding::new(&problem, permission.pointer.to_string())
            .about(["iam:PassRole".to_owned()], roles())
            .docs(permission.docs)
    })
}

impl Group<'_> {
    fn finding(self, (_, code, parameter): &Key<'_>, document: &Json<'_>, stops: bool) -> Finding {
        let pointer = &self.permission.pointer;
        let place = match code {
            Code::UnresolvedResource | Code::OpenPart => member_pointer(document, pointer, parameter),
            Code::DangerousWildcard if !parameter.is_empty() => member_pointer(document, pointer, parameter),
            _ => pointer.to_string(),
        };
        let required = self.causes.keys().all(|why| matches!(why, WildcardReason::Aws(_)));
        let actions: BTreeSet<String> =
            self.causes.values().flat_map(|named| named.actions.clone()).collect();
        let resources: BTreeSet<String> =
            self.causes.values().flat_map(|named| named.resources.clone()).collect();
        let problem = WildcardProblem::new(*code, pointer, parameter, self.causes, &self.dangers);
        let finding = Finding::new(&problem, place)
            .parameter(*parameter)
            .about(actions, resources)
            .docs(self.permission.docs);
        if *code == Code::DangerousWildcard && stops && !required {
            return Finding { severity: Severity::Error, ..finding };
        }
        finding
    }
}
