//! What an operation of the SDK needs with the arguments of a task.

use super::arn::{Filled, Resource, filled};
use super::catalog::Service;
use super::entry::{
    Action, Condition as When, Confidence, Kind, Operation, Path, Presence as Counts, Rule, Target, Test,
    Wide,
};
use crate::iam::{Allowed, Condition, Operator, Pattern as Text, Why};
use crate::integrations::{Call, Presence};

/// What is allowed, and how it is known.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::permissions) struct Granted {
    pub(in crate::permissions) allowed: Allowed,
    pub(in crate::permissions) note: &'static str,
}

/// All that a call of the operation needs.
pub(in crate::permissions) fn granted(
    service: &Service,
    operation: &Operation,
    call: &Call<'_, '_>,
) -> Vec<Granted> {
    let because = reason(operation.wide);
    let mut all = Vec::new();
    for action in &operation.actions {
        // What no parameter tells, what only some accounts need, and what only the first call needs, is not granted unasked.
        if matches!(action.kind, Kind::Advice | Kind::Optional | Kind::ServiceLinkedRole) {
            continue;
        }
        if !action.when.iter().all(|when| may_hold(when, call)) {
            continue;
        }
        let conditions: Vec<Condition> =
            if action.name == PASS_ROLE { passed_to(service).into_iter().collect() } else { Vec::new() };
        push(
            &mut all,
            &action.name,
            resources(action, because, call),
            &conditions,
            note(operation.rule, action),
        );
    }
    let roles = operation.roles.iter().flat_map(|path| roles(*path, call)).collect();
    let conditions: Vec<Condition> = passed_to(service).into_iter().collect();
    push(&mut all, PASS_ROLE, roles, &conditions, "the call passes the role on");
    all
}

const PASS_ROLE: &str = "iam:PassRole";

fn passed_to(service: &Service) -> Option<Condition> {
    let values: Vec<Text> = service.passed_to.iter().map(|value| Text::literal(*value)).collect();
    (!values.is_empty()).then(|| Condition::new(Operator::StringEquals, "iam:PassedToService", &values))
}

/// The resources under the same condition share a grant.
fn push(
    all: &mut Vec<Granted>,
    action: &str,
    mut resources: Vec<Resource>,
    conditions: &[Condition],
    note: &'static str,
) {
    resources.sort_by(|one, two| one.condition.cmp(&two.condition).then_with(|| one.arn.cmp(&two.arn)));
    resources.dedup();
    for group in resources.chunk_by(|one, two| one.condition == two.condition) {
        let own = group.first().and_then(|resource| resource.condition.clone());
        let mut conditions: Vec<Condition> = conditions.iter().cloned().chain(own).collect();
        conditions.sort();
        let resources = group.iter().map(|resource| resource.arn.clone()).collect();
        all.push(Granted {
            allowed: Allowed { actions: vec![action.to_owned()], resources, conditions },
            note,
        });
    }
}

/// The ARNs of an action. A type counts if a parameter fills it, if the call creates it, or if no other type is filled.
fn resources(action: &Action, because: &'static str, call: &Call<'_, '_>) -> Vec<Resource> {
    let all: Vec<(Counts, Filled)> = action
        .targets
        .iter()
        .map(|target| {
            let counts = match target {
                Target::Expression(_) => Counts::Always,
                Target::Type { presence, .. } => *presence,
            };
            (counts, filled(target, &action.name, because, call))
        })
        .collect();
    let mut chosen: Vec<Resource> = all
        .iter()
        .filter(|(counts, filled)| filled.by_parameter || *counts == Counts::Always)
        .flat_map(|(_, filled)| filled.resources.clone())
        .collect();
    if chosen.is_empty() {
        let needed = all.iter().filter(|(counts, _)| *counts == Counts::Needed);
        chosen = needed.flat_map(|(_, filled)| filled.resources.clone()).collect();
    }
    if chosen.is_empty() {
        chosen.push(Resource { arn: Text::anything(Why::Aws(NO_TYPE)), condition: None });
    }
    chosen
}

const NO_TYPE: &str = "the action has no resource that the parameters could name";

fn roles(path: Path, call: &Call<'_, '_>) -> Vec<Resource> {
    let template = "arn:{partition}:iam::{account}:role/{}";
    let texts = call.texts(path.as_str());
    let arns = texts
        .iter()
        .map(|text| if text.is_arn() { text.clone() } else { call.arn(template, Some(text), "") });
    arns.map(|arn| Resource { arn, condition: None }).collect()
}

fn may_hold(when: &When, call: &Call<'_, '_>) -> bool {
    let one = |path: &Path| {
        let texts = call.texts(path.as_str());
        let passes = |text: &Text| text.known().map(|known| passes(when.test, known));
        match (when.test, when.negated) {
            (Test::Present, negated) => {
                let presence = call.presence(path.as_str());
                presence != if negated { Presence::Always } else { Presence::Never }
            }
            (_, false) => texts.iter().any(|text| passes(text) != Some(false)),
            (_, true) => texts.is_empty() || texts.iter().any(|text| passes(text) != Some(true)),
        }
    };
    if when.negated { when.paths.iter().all(one) } else { when.paths.iter().any(one) }
}

fn passes(test: Test, text: &str) -> bool {
    let text = text.to_lowercase();
    match test {
        Test::Present => true,
        Test::Equals(wanted) => text == wanted.to_lowercase(),
        Test::Contains(wanted) => text.contains(&wanted.to_lowercase()),
        Test::Word(wanted) => {
            text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == wanted)
        }
    }
}

/// Why a variable that no parameter fills is a wildcard.
const fn reason(wide: Option<Wide>) -> &'static str {
    match wide {
        Some(Wide::Created) => "the service gives the id of what the call creates",
        Some(Wide::Listed) => "the call reads all resources of the type",
        Some(Wide::Partial) => "this part of the ARN is known to the service alone",
        Some(Wide::Hidden) => "the parameters do not name the resource that AWS checks",
        None => "no parameter names this part of the ARN",
    }
}

/// How a permission is known.
const fn note(rule: Rule, action: &Action) -> &'static str {
    match (action.kind, rule) {
        (Kind::Dependent, _) => "AWS's authorization data say that the operation depends on it",
        (Kind::Tag, _) if matches!(action.confidence, Confidence::Low) => {
            "the call tags what it creates; that the service checks it is a guess"
        }
        (Kind::Tag, _) => "the call tags what it creates",
        (Kind::Extra, _) => "the service does this with the permissions of its caller",
        (_, Rule::SameName) => "AWS's authorization data list an action of the operation's name",
        (_, Rule::Exception) => match action.confidence {
            Confidence::High => "the operation is checked under this action, as AWS documents",
            Confidence::Medium => "the operation is checked under this action, as one source says",
            Confidence::Low => "a reasoned guess at the action that the operation is checked under",
        },
        (_, Rule::NoPermission) => "IAM checks nothing",
        (_, Rule::HttpMethod) => "API Gateway checks the HTTP method on the request's path",
        (_, Rule::ApiLink) => "AWS's page about the action is the one about the operation",
        (_, Rule::Documentation) => "the operation's documentation names the action",
        (_, Rule::Affix) => "the action of the same name without Batch or a version",
        (_, Rule::Map) => "a list of 2022 names the action",
        (_, Rule::Withdrawn) => "the action was listed in 2022, and is no more",
        (_, Rule::Assumed) => "the operation is newer than AWS's authorization data; its own name is a guess",
    }
}
