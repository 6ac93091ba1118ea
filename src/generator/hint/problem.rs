//! Why a hint cannot be used, or what is worth knowing about it.

use crate::finding::{Code, Problem, listed, listed_quoted, quoted};

/// Why a hint cannot be used, or what is worth knowing about it. `what` is its parameter or action, `text`
/// one of its resources.
///
/// Of several problems of one text the last of this order says most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(super) enum HintProblem {
    #[error(
        "{} is not a URL. {} needs URLs with a literal host, such as \"https://api.example.com/*\".",
        quoted(text),
        quoted(what)
    )]
    NotAUrl { text: String, what: String },
    #[error(
        "{} is not an ARN. Name the resources of {} by their ARNs, with all six fields; \"*\" and \"?\" are wildcards.",
        quoted(text),
        quoted(what)
    )]
    NotAnArn { text: String, what: String },
    #[error(
        "{} is not a resource of {}, the {} that {} is about. Name resources of the type that it is checked on.",
        quoted(text),
        listed(actions),
        if actions.len() == 1 { "action" } else { "actions" },
        quoted(what)
    )]
    OtherService { text: String, what: String, actions: Vec<String> },
    #[error(
        "{} is not within {}, the resource of {} without the hint. A hint can only narrow: name resources of that type and Region. One of another account must be an exact \
         ARN.",
        quoted(text),
        quoted(within),
        quoted(what)
    )]
    NotWithin { text: String, what: String, within: String },
    #[error(
        "{} is as wide as what it replaces. Name the resources. To accept the wildcard, set accept_wildcard = true with a reason in place of \
         resources.",
        quoted(text)
    )]
    Equal { text: String },
    #[error(
        "{} is in the account \"{account}\". The policy of the resource must allow the execution role too.",
        quoted(text)
    )]
    OtherAccount { text: String, account: String },
    #[error(
        "There is no state {}{}. Correct the name, or remove the hint.",
        quoted(name),
        if there.is_empty() { String::new() } else { format!("; there are {}", listed_quoted(there)) }
    )]
    NoState { name: String, there: Vec<String> },
    #[error(
        "No task has the integration {}{}. Correct the name, or remove the hint.",
        quoted(name),
        if there.is_empty() { String::new() } else { format!("; there are {}", listed_quoted(there)) }
    )]
    NoIntegration { name: String, there: Vec<String> },
    #[error(
        "{whom} has no wildcard for {}: nothing of it is known only at run time, so all its resources are known already. Remove the hint.",
        quoted(what)
    )]
    AlreadyKnown { whom: String, what: String },
    #[error(
        "{whom} has no wildcard for {}; it has one for {}. Correct the name, or remove the hint.",
        quoted(what),
        listed_quoted(open)
    )]
    OtherParameter { whom: String, what: String, open: Vec<String> },
    #[error(
        "{whom} no longer has a wildcard for {}: resource_hint[{earlier}], counted from 0, has replaced it. Put all resources into one hint.",
        quoted(what)
    )]
    Twice { earlier: usize, whom: String, what: String },
    #[error(
        "{whom} has no wildcard for {} in the mode \"{mode}\", so the hint changes nothing. It would in the other mode.",
        quoted(what)
    )]
    WithoutEffect { whom: String, what: String, mode: &'static str },
}

impl Problem for HintProblem {
    fn code(&self) -> Code {
        use HintProblem as P;
        match self {
            P::NotAUrl { .. } | P::NotAnArn { .. } | P::OtherService { .. } => Code::InvalidHint,
            P::NotWithin { .. } | P::Equal { .. } => Code::HintTooWide,
            P::OtherAccount { .. } => Code::CrossAccount,
            P::NoState { .. } | P::NoIntegration { .. } => Code::HintWithoutState,
            P::AlreadyKnown { .. } | P::OtherParameter { .. } => Code::HintWithoutMatch,
            P::Twice { .. } => Code::HintTwice,
            P::WithoutEffect { .. } => Code::HintWithoutEffect,
        }
    }
}
