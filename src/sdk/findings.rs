//! What a person should know about a call of the AWS SDK, beside its permissions.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::{self, Service};
use super::evaluate::{is_granted, needed, subjects};
use super::model::PASS_ROLE;
use super::model::{Action, Confidence, Kind, Operation, Rule, Status, Support, Target};
use crate::call::{Call, Presence};
use crate::finding::suggest::did_you_mean;
use crate::finding::{Code, Finding, Problem, listed, listed_quoted, listed_whole, quoted};
use crate::iam::Pattern;

/// What is wrong with a call of the AWS SDK, or worth knowing about it. `call` is service and API, such as
/// `s3:getObject`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SdkProblem<'a> {
    #[error("The AWS SDK integrations have no service {}.{}", quoted(service), did_you_mean(names))]
    UnknownService { service: &'a str, names: Vec<&'static str> },
    #[error(
        "The service \"{service}\" has no API {}.{}{}",
        quoted(api),
        did_you_mean(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        if *allowable {
            format!(
                " If AWS has added it since {}, the day of the catalogue, allow it with allow_unknown_apis = [\"{service}:{api}\"].",
                catalog::date()
            )
        } else {
            String::new()
        }
    )]
    UnknownApi { service: &'static str, api: &'a str, names: Vec<String>, allowable: bool },
    #[error(
        "The catalogue of {} does not have {}. Because \"allow_unknown_apis\" names it, {actions} is allowed on every resource. Check the action against \
         AWS's service authorization reference.",
        catalog::date(),
        quoted(&format!("{service}:{api}"))
    )]
    NewApi { service: &'static str, api: &'a str, actions: String },
    #[error(
        "Step Functions removed \"{service}\" from its list in {month}; the policy is generated as before."
    )]
    Removed { service: &'static str, month: &'static str },
    #[error(
        "AWS has closed the service \"{service}\"; its actions are allowed without narrowing their resources."
    )]
    Retired { service: &'static str },
    #[error(
        "AWS lists \"{call}\" among the APIs that Step Functions cannot call; the policy is generated anyway."
    )]
    Unsupported { call: &'a str },
    #[error("IAM checks no permission when \"{call}\" is called.")]
    NoPermission { call: &'a str },
    #[error(
        "AWS's authorization data of {} does not list which action is checked for \"{call}\"; {actions} {} assumed.",
        catalog::date(),
        one_or_more(actions, "is", "are")
    )]
    AssumedAction { call: &'a str, actions: String },
    #[error(
        "\"{call}\" sets tags. It is assumed to be checked for {actions}, like other calls of the service; without the action the call might be \
         denied."
    )]
    AssumedTagging { call: &'a str, actions: String },
    #[error(
        "\"{call}\" can pass a role to a service. The definition does not name the role, and AWS does not document the service, so {PASS_ROLE} is not in \
         the policy. If the call is denied, allow {PASS_ROLE} on the ARN of that role beside this policy."
    )]
    UnnamedRole { call: &'a str },
    #[error(
        "AWS's authorization data says that \"{call}\" can depend on {actions}. No parameter shows whether {} needed, or on which resource. The policy does \
         not contain {them}. If the call is denied, allow {them} beside this policy, on the resource that the call is about.",
        one_or_more(actions, "it is", "they are"),
        them = one_or_more(actions, "it", "them")
    )]
    NotGranted { call: &'a str, actions: String },
    #[error(
        "\"{call}\" may need {actions} as well: {reason}. The policy does not contain {them}. Allow {them} beside this policy, on the resource concerned.",
        them = one_or_more(actions, "it", "them")
    )]
    Told { call: &'a str, actions: String, reason: &'static str },
    #[error(
        "\"{call}\" names a key of AWS KMS in {parameters}, and AWS's pages do not state what its caller needs on that key. The policy does not contain it. If \
         the call is denied, allow {actions} on the key beside this policy."
    )]
    NamedKey { call: &'a str, parameters: &'a str, actions: String },
    #[error(
        "\"{call}\" does not need {actions}, but {reason}. If the state machine has to tell the errors apart, such as by a Catch, allow {actions} on {} \
         beside this policy.",
        listed_quoted(on)
    )]
    AbsentObject { call: &'a str, actions: &'a str, reason: &'static str, on: &'a [String] },
    #[error(
        "The first call of \"{call}\" in an account creates a service-linked role, for which it needs {actions}. The policy does not contain it: create the role \
         beforehand."
    )]
    ServiceLinkedRole { call: &'a str, actions: String },
}

/// A word for one action, or for several, of which a sentence has the names.
fn one_or_more(actions: &str, one: &'static str, more: &'static str) -> &'static str {
    if actions.contains(" and ") { more } else { one }
}

impl Problem for SdkProblem<'_> {
    fn code(&self) -> Code {
        use SdkProblem as P;
        match self {
            P::UnknownService { .. } => Code::UnknownService,
            P::UnknownApi { .. } => Code::UnknownApi,
            P::NewApi { .. } => Code::AllowedUnknownApi,
            P::Removed { .. } | P::Retired { .. } => Code::RetiredService,
            P::Unsupported { .. } => Code::UnsupportedApi,
            P::NoPermission { .. } => Code::NoPermission,
            P::AssumedAction { .. } => Code::AssumedAction,
            P::AssumedTagging { .. } => Code::AssumedTagging,
            P::UnnamedRole { .. } | P::NotGranted { .. } | P::Told { .. } | P::NamedKey { .. } => {
                Code::NotGranted
            }
            P::AbsentObject { .. } => Code::AbsentObject,
            P::ServiceLinkedRole { .. } => Code::ServiceLinkedRole,
        }
    }

    fn summary(&self) -> String {
        use SdkProblem as P;
        match self {
            P::UnknownService { .. } | P::UnknownApi { .. } => "Unknown service integration".to_owned(),
            P::NewApi { service, api, .. } => {
                format!("{} is newer than the catalogue", quoted(&format!("{service}:{api}")))
            }
            P::Removed { service, .. } | P::Retired { service } => format!("\"{service}\" is discontinued"),
            P::Unsupported { call } => format!("Step Functions does not support \"{call}\""),
            P::AssumedAction { call, actions } => format!("{actions} is assumed for \"{call}\""),
            P::NotGranted { call, .. } => format!("\"{call}\" may need more than is granted"),
            P::UnnamedRole { call } => format!("{PASS_ROLE} for \"{call}\" is not granted"),
            P::Told { call, actions, .. } | P::NamedKey { call, actions, .. } => {
                format!("{actions} for \"{call}\" is not granted")
            }
            _ => self.code().row().title.to_owned(),
        }
    }
}

/// That Step Functions or AWS has discontinued the service.
#[must_use]
pub fn about_service(service: &Service, place: &str) -> Option<Finding> {
    let problem = match service.status {
        Status::Listed | Status::Unlisted => return None,
        Status::Removed(month) => SdkProblem::Removed { service: service.segment, month },
        Status::Retired => SdkProblem::Retired { service: service.segment },
    };
    Some(Finding::new(&problem, place))
}

/// That Step Functions cannot call it, and that its own action is assumed.
#[must_use]
pub fn about_operation(service: &Service, operation: &Operation, place: &str) -> Vec<Finding> {
    let call = name(service, operation);
    let call = call.as_str();
    let mut problems = Vec::new();
    if operation.support == Support::Unsupported {
        problems.push(Finding::new(&SdkProblem::Unsupported { call }, place));
    }
    if operation.rule == Rule::NoPermission {
        problems.push(Finding::new(&SdkProblem::NoPermission { call }, place));
    }
    let assumed = names(operation, |action| {
        action.kind == Kind::Own && (!action.listed || action.confidence == Confidence::Low)
    });
    if !assumed.is_empty() && operation.rule != Rule::Documentation {
        let problem = SdkProblem::AssumedAction { call, actions: listed_whole(&assumed) };
        problems.push(Finding::new(&problem, place).about(assumed, Vec::new()));
    }
    problems
}

/// What a call with these arguments may need and is not granted, and what it is granted on an assumption.
#[must_use]
pub fn about_call(
    service: &Service,
    operation: &Operation,
    call: &Call<'_, '_>,
    place: &str,
) -> Vec<Finding> {
    let own = name(service, operation);
    let of =
        |wanted: fn(&Action) -> bool| names(operation, |action| wanted(action) && action.may_be_needed(call));
    let mut problems = Vec::new();
    let mut tell = |actions: Vec<String>, problem: for<'p> fn(&'p str, String) -> SdkProblem<'p>| {
        if !actions.is_empty() {
            let problem = problem(&own, listed_whole(&actions));
            problems.push(Finding::new(&problem, place).about(actions, Vec::new()));
        }
    };
    tell(of(|action| action.kind == Kind::Tag && action.confidence == Confidence::Low), |call, actions| {
        SdkProblem::AssumedTagging { call, actions }
    });
    tell(of(|action| action.is_bare_advice() && action.name == PASS_ROLE), |call, _| {
        SdkProblem::UnnamedRole { call }
    });
    tell(of(|action| action.kind == Kind::ServiceLinkedRole), |call, actions| {
        SdkProblem::ServiceLinkedRole { call, actions }
    });
    problems.extend(not_granted(&own, operation, call, place));
    problems.extend(told(&own, operation, call, place));
    problems.extend(about_errors(&own, service, operation, call, place));
    problems.extend(about_keys(&own, operation, call, place));
    problems
}

/// What the call depends on and is not granted: no parameter decides that it is needed, or on what.
fn not_granted(own: &str, operation: &Operation, call: &Call<'_, '_>, place: &str) -> Option<Finding> {
    let told: Vec<&Action> = operation
        .actions
        .iter()
        .filter(|action| {
            let on_suspicion = action.kind == Kind::Dependent && action.decided;
            let told = action.is_bare_advice() || on_suspicion && !is_granted(action, call);
            told && action.name != PASS_ROLE && action.may_be_needed(call)
        })
        .collect();
    // With the resource, where AWS documents it.
    let on = |action: &&Action| match action.targets.first() {
        Some(Target::Expression(arn)) => format!("{} on {}", action.name, arn.to_text()),
        _ => action.name.to_string(),
    };
    let actions: Vec<String> = told.iter().map(on).collect();
    (!told.is_empty()).then(|| {
        let problem = SdkProblem::NotGranted { call: own, actions: listed(&actions) };
        let names = told.iter().map(|action| action.name.to_string());
        Finding::new(&problem, place).about(names, Vec::new())
    })
}

/// What a reviewed table says of permissions that the policy is without, reason by reason.
fn told(own: &str, operation: &Operation, call: &Call<'_, '_>, place: &str) -> Vec<Finding> {
    let mut by_reason: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let without = operation.actions.iter().filter(|action| match action.kind {
        Kind::Advice => !action.decided || needed(action, call) == Presence::Always,
        Kind::Extra => action.decided && !is_granted(action, call),
        _ => false,
    });
    for action in without.filter(|action| !action.note.is_empty() && action.may_be_needed(call)) {
        by_reason.entry(action.note).or_default().insert(action.name.to_string());
    }
    let finding = |(reason, actions): (&'static str, BTreeSet<String>)| {
        let actions: Vec<String> = actions.into_iter().collect();
        let problem = SdkProblem::Told { call: own, actions: listed_whole(&actions), reason };
        Finding::new(&problem, place).about(actions, Vec::new())
    };
    by_reason.into_iter().map(finding).collect()
}

/// What only determines which error the call returns, with the resource.
fn about_errors(
    own: &str,
    service: &Service,
    operation: &Operation,
    call: &Call<'_, '_>,
    place: &str,
) -> Vec<Finding> {
    let deciding = operation.actions.iter().filter(|action| action.kind == Kind::Error);
    let finding = |action: &Action| {
        let on: Vec<String> =
            subjects((service, operation), action, call).iter().map(Pattern::to_text).collect();
        let problem =
            SdkProblem::AbsentObject { call: own, actions: &action.name, reason: action.note, on: &on };
        Finding::new(&problem, place).about([action.name.to_string()], on)
    };
    deciding.filter(|action| action.may_be_needed(call)).map(finding).collect()
}

/// What the call may need on keys that it names, parameter by parameter.
fn about_keys(own: &str, operation: &Operation, call: &Call<'_, '_>, place: &str) -> Vec<Finding> {
    let mut by_parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let needed = operation.actions.iter().filter(|action| action.kind == Kind::Key);
    for action in needed.filter(|action| action.may_be_needed(call)) {
        let paths = action.when.iter().flat_map(|when| &when.paths).map(|path| path.as_str());
        let given: Vec<&str> = paths.filter(|path| call.presence(path) != Presence::Never).collect();
        by_parameters.entry(listed_quoted(&given)).or_default().push(action.name.to_string());
    }
    let finding = |(parameters, actions): (String, Vec<String>)| {
        let problem =
            SdkProblem::NamedKey { call: own, parameters: &parameters, actions: listed_whole(&actions) };
        Finding::new(&problem, place).about(actions, Vec::new())
    };
    by_parameters.into_iter().map(finding).collect()
}

impl Action {
    /// Whether the operation can depend on it, and nothing more is known.
    fn is_bare_advice(&self) -> bool {
        self.kind == Kind::Advice && self.note.is_empty()
    }
}

fn name(service: &Service, operation: &Operation) -> String {
    format!("{}:{}", service.segment, operation.name)
}

/// The names of actions, in ascending order.
fn names(operation: &Operation, wanted: impl Fn(&Action) -> bool) -> Vec<String> {
    let wanted = operation.actions.iter().filter(|action| wanted(action));
    let mut names: Vec<String> = wanted.map(|action| action.name.to_string()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
