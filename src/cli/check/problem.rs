//! What `check` finds beyond what the policy's own findings say.

use crate::compare::Reason;
use crate::finding::{Code, Problem, listed, quoted};

/// What a state needs, or what is enough for it.
#[derive(Clone, Debug)]
pub(super) struct Needed {
    /// Paths of states; empty for the state machine itself.
    pub(super) states: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<String>,
    /// Resources that the statement excludes of these.
    pub(super) not_resources: Vec<String>,
    pub(super) conditions: Vec<String>,
}

/// What `check` finds.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum CheckProblem {
    #[error("{}{}", missing(needed, policies, *reason, *denied_by), who(needed))]
    Missing { needed: Needed, policies: String, reason: Reason, denied_by: Option<(usize, usize)> },
    #[error("Whether {policies} allows {} is undecided: {}.", what(needed), open(*reason, unreadable))]
    Undecided { needed: Needed, policies: String, reason: Option<Reason>, unreadable: Vec<String> },
    #[error(
        "Whether {policies} has to allow {} is undecided: it depends on {}, which the plan does not contain.",
        what(needed),
        listed(open)
    )]
    PerhapsNeeded { needed: Needed, policies: String, open: Vec<String> },
    #[error("{}{}", excess(actions, resources, conditions, (*reason, enough)), instead(enough))]
    Excess {
        actions: Vec<String>,
        resources: Vec<String>,
        conditions: Vec<String>,
        reason: Reason,
        enough: Vec<Needed>,
    },
    #[error("This is not a policy of a role: {error}.")]
    InvalidPolicy { error: String },
    /// An argument of the plan that AWS does not accept.
    #[error("{0}")]
    Wrong(String),
    #[error("The definition {reason}, so it is not checked.")]
    NotChecked { reason: &'static str },
    #[error("The state machine and the policies of its role are not compared: {reason}.")]
    NotCompared { reason: String },
    #[error(
        "The policy differs from the baseline.{}{}",
        sentence("It also allows", more),
        sentence("It no longer allows", less)
    )]
    ChangedPolicy { more: Vec<String>, less: Vec<String> },
}

fn missing(needed: &Needed, policies: &str, reason: Reason, denied_by: Option<(usize, usize)>) -> String {
    let what = what(needed);
    match (reason, denied_by) {
        (Reason::Denied, Some((_, statement))) => {
            format!("Statement {statement} of {policies} denies {what}")
        }
        (Reason::Denied, None) => format!("{policies} denies {what}"),
        (Reason::Boundary, _) => format!("The permissions boundary does not allow {what}"),
        _ => format!("{policies} does not allow {what}"),
    }
}

/// What needs it, as the end of a sentence.
fn who(needed: &Needed) -> String {
    match needed.states.as_slice() {
        [] => ", which the state machine itself needs.".to_owned(),
        [state] => format!(", which the state {} needs.", quoted(state)),
        states => format!(", which the states {} need.", listed(states)),
    }
}

fn what(needed: &Needed) -> String {
    let mut text = format!("{} on {}", listed(&needed.actions), listed(&needed.resources));
    if !needed.not_resources.is_empty() {
        text.push_str(&format!(" except {}", listed(&needed.not_resources)));
    }
    if !needed.conditions.is_empty() {
        text.push_str(&format!(" where {}", listed(&needed.conditions)));
    }
    text
}

fn open(reason: Option<Reason>, unreadable: &[String]) -> String {
    match reason {
        Some(Reason::SomeResources) => {
            "the resource is known only at run time, and the policies allow some of those that it may be"
                .to_owned()
        }
        Some(Reason::MissingSetting) => {
            "it depends on the region, the account or the name of the state machine, which are not set"
                .to_owned()
        }
        None => format!("{} cannot be read here", listed(unreadable)),
        Some(_) => "a condition is about something that is known only at run time".to_owned(),
    }
}

fn excess(
    actions: &[String],
    resources: &[String],
    conditions: &[String],
    (reason, enough): (Reason, &[Needed]),
) -> String {
    let (actions, resources) = (listed(actions), listed(resources));
    match reason {
        Reason::NotAction => {
            format!("\"NotAction\" allows every action but {actions}, including future ones.")
        }
        Reason::NotResource => {
            format!("\"NotResource\" allows {actions} on every resource but {resources}.")
        }
        _ if enough.is_empty() => format!("No state needs {actions} on {resources}."),
        Reason::UnusedAction => format!("No state needs all of {actions} on {resources}."),
        Reason::Condition => {
            format!("{actions} on {resources} is needed only where {}.", listed(conditions))
        }
        _ => format!("No state needs {actions} on all of {resources}."),
    }
}

fn instead(enough: &[Needed]) -> String {
    match enough {
        [] => " Remove it.".to_owned(),
        several => {
            let texts: Vec<String> = several.iter().map(what).collect();
            format!(" It is enough to allow {}.", listed(&texts))
        }
    }
}

fn sentence(beginning: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!(" {beginning} {}.", listed(items)) }
}

impl Problem for CheckProblem {
    fn code(&self) -> Code {
        match self {
            CheckProblem::Missing { .. } => Code::MissingPermission,
            CheckProblem::Undecided { .. } | CheckProblem::PerhapsNeeded { .. } => Code::UndecidedPermission,
            CheckProblem::Excess { .. } => Code::ExcessPermission,
            CheckProblem::Wrong(_) => Code::InvalidArgument,
            CheckProblem::InvalidPolicy { .. } => Code::InvalidPolicy,
            CheckProblem::NotChecked { .. } | CheckProblem::NotCompared { .. } => Code::NotChecked,
            CheckProblem::ChangedPolicy { .. } => Code::ChangedPolicy,
        }
    }
}
