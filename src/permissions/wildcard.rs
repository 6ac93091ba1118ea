//! A wildcard in words: what it allows, why it is there, and how to narrow it.

use crate::finding::{Code, Problem, cut, listed, listed_quoted, quoted, state_name};
use crate::iam::WildcardReason;

use super::causes::{Allowed, Causes, Named};
use super::danger::PASSED_ANYWHERE;
use super::limits::MAX_REASONS;
use super::why::{Cure, Why};

/// The wildcards of a state for one parameter and with one code.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum WildcardProblem<'c, 'a> {
    #[error("{why}, so {}. {cure}", allowed.sentence, cure = Cure(why))]
    Unresolved { allowed: &'c Allowed<'a>, why: Why<'c> },
    #[error(
        "{why}, so {}. If that is too much, write the value or a literal beginning of it into the definition, or add {}.",
        allowed.sentence,
        why.hint()
    )]
    OpenPart { allowed: &'c Allowed<'a>, why: Why<'c> },
    #[error("\"{argument}\" is not set, so {}. Set \"{argument}\" to narrow it.", allowed.sentence)]
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
    pub(super) fn new(code: Code, pointer: &'c str, parameter: &'c str, causes: &'c Causes<'a>) -> Self {
        let allowed = causes.allowed();
        let by_reason = causes.by_reason();
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
                let why = Why::of(by_reason, pointer, parameter);
                let (said, cure) = match why.is_empty() {
                    true => (reasons().join(" "), acceptance(pointer, &allowed.named)),
                    false => (format!("{why}, so {}.", allowed.sentence), Cure(&why).to_string()),
                };
                WildcardProblem::Dangerous { allowed, said, danger, cure }
            }
            Code::OpenPart => {
                WildcardProblem::OpenPart { allowed, why: Why::of(by_reason, pointer, parameter) }
            }
            _ => WildcardProblem::Unresolved { allowed, why: Why::of(by_reason, pointer, parameter) },
        }
    }

    /// Whether the message of a code names the state.
    pub(super) fn names_state(code: Code) -> bool {
        !matches!(
            code,
            Code::MissingSetting | Code::AcceptedWildcard | Code::HintedWildcard | Code::AwsWildcard
        )
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

/// What to do about a wildcard that no parameter narrows: a sentence.
fn acceptance(pointer: &str, allowed: &Named<'_>) -> String {
    let state = state_name(pointer).unwrap_or_default();
    let action = allowed.actions.as_slice().first().copied().unwrap_or_default();
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
