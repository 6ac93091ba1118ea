//! A wildcard in words: what it allows, why it is there, and how to narrow it.

use std::collections::BTreeMap;

use crate::finding::{Code, Problem, cut, listed, listed_quoted, quoted, state_name};
use crate::iam::{Unresolved, WildcardReason};

use super::causes::{Allowed, Causes, Named};
use super::danger::PASSED_ANYWHERE;
use super::limits::MAX_REASONS;

/// The wildcards of a state for one parameter and with one code.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum WildcardProblem<'c, 'a> {
    #[error("{why}, so {}. {cure}", allowed.sentence)]
    Unresolved { allowed: &'c Allowed<'a>, why: String, cure: String },
    #[error("{why}, so {}. {cure}", allowed.sentence)]
    OpenPart { allowed: &'c Allowed<'a>, why: String, cure: String },
    #[error(
        "\"{argument}\" is not set, so {}. Set \"{argument}\"{} to narrow it.",
        allowed.sentence,
        if *argument == "state_machine_name" { "" } else { " in the data source or in the provider block" }
    )]
    Setting { allowed: &'c Allowed<'a>, argument: String },
    #[error("{said} That is dangerous: {danger}. {cure}")]
    Dangerous { allowed: &'c Allowed<'a>, said: String, danger: String, cure: String },
    #[error(
        "iam:PassRole is allowed on {}, and AWS does not document to which service the call passes it. That is dangerous: {PASSED_ANYWHERE}. Restrict \
         whom the role trusts.",
        listed_quoted(roles)
    )]
    PassedAnywhere { roles: Vec<String> },
    #[error("{}", reasons.join(" "))]
    Aws { allowed: &'c Allowed<'a>, reasons: Vec<String> },
    #[error("{}, as a resource_hint says.", allowed.sentence)]
    Hinted { allowed: &'c Allowed<'a> },
    #[error("{}", reasons.join(" "))]
    Accepted { allowed: &'c Allowed<'a>, reasons: Vec<String> },
}

impl<'c, 'a> WildcardProblem<'c, 'a> {
    /// The wildcards of the state, reader or writer at a pointer.
    pub(super) fn new(code: Code, pointer: &str, parameter: &str, causes: &'c Causes<'a>) -> Self {
        let allowed = causes.allowed();
        let by_reason = &causes.by_reason;
        let reasons = || {
            let mut told: Vec<String> =
                by_reason.iter().take(MAX_REASONS).map(|(why, named)| reason(why, named)).collect();
            if let Some(more) = by_reason.len().checked_sub(MAX_REASONS).filter(|more| *more > 0) {
                told.push(format!("There are {more} more reasons."));
            }
            told
        };
        match code {
            Code::MissingSetting => WildcardProblem::Setting { allowed, argument: parameter.to_owned() },
            Code::AcceptedWildcard => WildcardProblem::Accepted { reasons: reasons(), allowed },
            Code::HintedWildcard => WildcardProblem::Hinted { allowed },
            Code::AwsWildcard => WildcardProblem::Aws { reasons: reasons(), allowed },
            Code::DangerousWildcard => {
                let danger = listed(&causes.dangers.iter().copied().collect::<Vec<_>>());
                let (said, cure) = match unresolved(by_reason).as_slice() {
                    [] => (reasons().join(" "), acceptance(pointer, &allowed.named)),
                    open => {
                        let why = why(open, pointer, parameter);
                        (format!("{why}, so {}.", allowed.sentence), cure(open, pointer, parameter))
                    }
                };
                WildcardProblem::Dangerous { allowed, said, danger, cure }
            }
            Code::OpenPart => {
                let why = why(&unresolved(by_reason), pointer, parameter);
                let hint = hint(pointer, parameter);
                let cure = format!(
                    "If that is too much, write the value or a literal beginning of it into the definition, or add {hint}."
                );
                WildcardProblem::OpenPart { allowed, why, cure }
            }
            _ => {
                let unresolved = unresolved(by_reason);
                let (why, cure) =
                    (why(&unresolved, pointer, parameter), cure(&unresolved, pointer, parameter));
                WildcardProblem::Unresolved { allowed, why, cure }
            }
        }
    }

    /// What it allows; `None` where that is in words alone.
    fn allowed(&self) -> Option<&Allowed<'a>> {
        match self {
            WildcardProblem::PassedAnywhere { .. } => None,
            WildcardProblem::Unresolved { allowed, .. }
            | WildcardProblem::OpenPart { allowed, .. }
            | WildcardProblem::Setting { allowed, .. }
            | WildcardProblem::Dangerous { allowed, .. }
            | WildcardProblem::Aws { allowed, .. }
            | WildcardProblem::Hinted { allowed }
            | WildcardProblem::Accepted { allowed, .. } => Some(allowed),
        }
    }
}

/// Why parameters are open.
fn unresolved<'c>(causes: &BTreeMap<&'c WildcardReason, Named<'_>>) -> Vec<&'c Unresolved> {
    let cause = |why: &&'c WildcardReason| match why {
        WildcardReason::Run { cause, .. } => Some(cause),
        _ => None,
    };
    causes.keys().filter_map(cause).collect()
}

/// What to do about a parameter that is open: a sentence.
fn cure(causes: &[&Unresolved], pointer: &str, parameter: &str) -> String {
    let hint = hint(pointer, parameter);
    match causes {
        [Unresolved::NotGiven] => format!("Set it, or add {hint}."),
        [
            Unresolved::NotInDefinition
            | Unresolved::NoParameter
            | Unresolved::NoParameterForPart
            | Unresolved::Undecided(_)
            | Unresolved::Elsewhere(_),
        ] => format!("Add {hint}."),
        [Unresolved::Malformed(_) | Unresolved::Unwritable(_) | Unresolved::NotAString] => {
            "Correct the value.".to_owned()
        }
        _ if parameter.to_ascii_lowercase().ends_with("arn") => format!("Write the ARN, or add {hint}."),
        _ => format!("Write the value, or add {hint}."),
    }
}

/// What to do about a wildcard that no parameter narrows: a sentence.
fn acceptance(pointer: &str, allowed: &Named<'_>) -> String {
    let state = state_name(pointer).unwrap_or_default();
    let action = allowed.actions.first().copied().unwrap_or_default();
    format!(
        "If this is intended, accept it with resource_hint {{ state = {}, action = {}, accept_wildcard = true, reason = \"…\" }}.",
        quoted(&state),
        quoted(action)
    )
}

/// What a wildcard allows and its reason: a sentence.
fn reason(why: &WildcardReason, allowed: &Named<'_>) -> String {
    let sentence = allowed.sentence();
    match why {
        WildcardReason::Accepted(reason) => {
            format!("A resource_hint accepts that {sentence}: {}.", cut(reason.trim_end_matches('.')))
        }
        WildcardReason::Aws(reason) if !reason.is_empty() => format!("{sentence}: {reason}."),
        _ => format!("{sentence}."),
    }
}

/// Why a parameter is open: a sentence without its full stop.
fn why(causes: &[&Unresolved], pointer: &str, parameter: &str) -> String {
    let whom = whom(pointer);
    let parameter_quoted = quoted(parameter);
    let mut expressions = Vec::new();
    let mut clauses = Vec::new();
    for cause in causes {
        match cause {
            Unresolved::Expression(text, _) | Unresolved::Pending(text) => expressions.push(text.as_str()),
            Unresolved::NotGiven => clauses.push(format!("{whom} does not set {parameter_quoted}")),
            Unresolved::PerhapsGiven => {
                clauses
                    .push(format!("{whom} sets {parameter_quoted} or not, which is known only at run time"));
            }
            Unresolved::NotInDefinition => {
                clauses.push(format!("A definition does not contain {}", cut(parameter)))
            }
            Unresolved::NoParameter => {
                clauses.push(format!(
                    "{whom} has no parameter that names the resource of the type {parameter_quoted}"
                ));
            }
            Unresolved::NoParameterForPart => clauses.push(format!(
                "{whom} has no parameter for a part of the ARN of the resource of the type {parameter_quoted}"
            )),
            Unresolved::Malformed(value) => clauses.push(format!(
                "{whom} has {} as {parameter_quoted}, which does not have a form that AWS accepts",
                quoted(value)
            )),
            Unresolved::Unwritable(value) => clauses.push(format!(
                "{whom} has {} as {parameter_quoted}, with a character that AWS does not accept",
                quoted(value)
            )),
            Unresolved::NotAString => {
                clauses.push(format!("{whom} has a {parameter_quoted} that is not a string"))
            }
            Unresolved::Undecided(what) => clauses.push(format!("{whom} has {what} as {parameter_quoted}")),
            Unresolved::Elsewhere(place) => {
                clauses.push(format!("No parameter names {} ({place})", cut(parameter)));
            }
        }
    }
    if !expressions.is_empty() {
        let from = listed(&expressions);
        clauses.insert(0, format!("{whom} takes {parameter_quoted} from {from}, known only at run time"));
    }
    clauses.join("; ")
}

/// The state, reader or writer at a pointer.
pub(super) fn whom(pointer: &str) -> String {
    let Some(name) = state_name(pointer) else { return "The state machine".to_owned() };
    let name = quoted(&name);
    match pointer.rsplit('/').next() {
        Some("ItemReader") => format!("The reader of {name}"),
        Some("ResultWriter") => format!("The writer of {name}"),
        _ => format!("Task {name}"),
    }
}

/// The block that narrows a parameter.
fn hint(pointer: &str, parameter: &str) -> String {
    let state = state_name(pointer).unwrap_or_default();
    format!(
        "resource_hint {{ state = {}, parameter = {}, resources = […] }}",
        quoted(&state),
        quoted(parameter)
    )
}

impl Problem for WildcardProblem<'_, '_> {
    fn code(&self) -> Code {
        match self {
            WildcardProblem::Unresolved { .. } => Code::UnresolvedResource,
            WildcardProblem::OpenPart { .. } => Code::OpenPart,
            WildcardProblem::Setting { .. } => Code::MissingSetting,
            WildcardProblem::Dangerous { .. } | WildcardProblem::PassedAnywhere { .. } => {
                Code::DangerousWildcard
            }
            WildcardProblem::Aws { .. } => Code::AwsWildcard,
            WildcardProblem::Hinted { .. } => Code::HintedWildcard,
            WildcardProblem::Accepted { .. } => Code::AcceptedWildcard,
        }
    }

    fn summary(&self) -> String {
        match self {
            WildcardProblem::Setting { argument, .. } => format!("\"{argument}\" is not set"),
            WildcardProblem::PassedAnywhere { .. } => "iam:PassRole to any service".to_owned(),
            _ => self.allowed().map(|allowed| allowed.short.clone()).unwrap_or_default(),
        }
    }
}
