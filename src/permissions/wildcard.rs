//! A wildcard in words: what it allows, why it is there, and how to narrow it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::finding::{Code, Problem, cut, listed, listed_quoted, quoted, state_name};
use crate::iam::{Unresolved, WildcardReason};

use super::danger::PASSED_ANYWHERE;

/// What a wildcard allows: actions, and their resources or condition values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) actions: BTreeSet<&'a str>,
    /// As the policy has them; of a condition its key and value.
    pub(super) resources: BTreeSet<Rc<str>>,
    /// The resources in words.
    targets: BTreeSet<Rc<str>>,
    /// The conditions in words.
    limits: BTreeSet<Rc<str>>,
}

impl<'a> Named<'a> {
    /// Adds actions on a resource: its text, and its description.
    pub(super) fn resource(&mut self, actions: &[&'a str], text: &Rc<str>, words: &Rc<str>) {
        self.actions.extend(actions);
        self.resources.insert(Rc::clone(text));
        self.targets.insert(Rc::clone(words));
    }

    /// Adds actions under a condition: its key and value, and its description.
    pub(super) fn limit(&mut self, actions: &[&'a str], text: &Rc<str>, words: &Rc<str>) {
        self.actions.extend(actions);
        self.resources.insert(Rc::clone(text));
        self.limits.insert(Rc::clone(words));
    }

    /// A sentence without its full stop.
    fn sentence(&self) -> String {
        let are = if self.actions.len() == 1 { "is" } else { "are" };
        format!("{} {are} allowed{}", listed(&Vec::from_iter(&self.actions)), self.on())
    }

    fn on(&self) -> String {
        let mut on = String::new();
        for (word, names) in [(" on ", &self.targets), (" with ", &self.limits)] {
            if !names.is_empty() {
                on.push_str(word);
                on.push_str(&listed(&Vec::from_iter(names)));
            }
        }
        on
    }

    /// The first of each and how many more there are.
    fn short(&self) -> String {
        fn first<T: AsRef<str> + Ord>(names: &BTreeSet<T>) -> String {
            match (names.first().map(|one| cut(one.as_ref())), names.len()) {
                (None, _) => String::new(),
                (Some(one), 1) => one.into_owned(),
                (Some(one), count) => format!("{one} and {} more", count - 1),
            }
        }
        let (word, names) =
            if self.targets.is_empty() { ("with", &self.limits) } else { ("on", &self.targets) };
        format!("{} {word} {}", first(&self.actions), first(names))
    }

    fn join(mut self, other: &Named<'a>) -> Named<'a> {
        self.actions.extend(&other.actions);
        self.resources.extend(other.resources.iter().cloned());
        self.targets.extend(other.targets.iter().cloned());
        self.limits.extend(other.limits.iter().cloned());
        self
    }
}

/// The wildcards of a state for one parameter and with one code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum WildcardProblem<'a> {
    #[error("{why}, so {}. {cure}", allowed.sentence())]
    Unresolved { allowed: Named<'a>, why: String, cure: String },
    #[error("{why}, so {}. {cure}", allowed.sentence())]
    OpenPart { allowed: Named<'a>, why: String, cure: String },
    #[error(
        "\"{argument}\" is not set, so {}. Set \"{argument}\"{} to narrow it.",
        allowed.sentence(),
        if *argument == "state_machine_name" { "" } else { " in the data source or in the provider block" }
    )]
    Setting { allowed: Named<'a>, argument: String },
    #[error("{said} That is dangerous: {danger}. {cure}")]
    Dangerous { allowed: Named<'a>, said: String, danger: String, cure: String },
    #[error(
        "iam:PassRole is allowed on {}, and AWS does not document to which service the call passes it. That is dangerous: {PASSED_ANYWHERE}. Restrict \
         whom the role trusts.",
        listed_quoted(roles)
    )]
    PassedAnywhere { roles: Vec<String> },
    #[error("{}", reasons.join(" "))]
    Aws { allowed: Named<'a>, reasons: Vec<String> },
    #[error("{}, as a resource_hint says.", allowed.sentence())]
    Hinted { allowed: Named<'a> },
    #[error("{}", reasons.join(" "))]
    Accepted { allowed: Named<'a>, reasons: Vec<String> },
}

/// The most reasons that a message gives. Our own limit.
const MAX_REASONS: usize = 3;

impl<'a> WildcardProblem<'a> {
    /// The wildcards of the state, reader or writer at a pointer, by their reasons.
    pub(super) fn new(
        code: Code,
        pointer: &str,
        parameter: &str,
        causes: BTreeMap<&WildcardReason, Named<'a>>,
        dangers: &BTreeSet<&'static str>,
    ) -> Self {
        let allowed = joined(&causes);
        let reasons = || {
            let mut told: Vec<String> =
                causes.iter().take(MAX_REASONS).map(|(why, named)| reason(why, named)).collect();
            if let Some(more) = causes.len().checked_sub(MAX_REASONS).filter(|more| *more > 0) {
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
                let danger = listed(&dangers.iter().copied().collect::<Vec<_>>());
                let (said, cure) = match unresolved(&causes).as_slice() {
                    [] => (reasons().join(" "), acceptance(pointer, &allowed)),
                    open => {
                        let why = why(open, pointer, parameter);
                        (format!("{why}, so {}.", allowed.sentence()), cure(open, pointer, parameter))
                    }
                };
                WildcardProblem::Dangerous { allowed, said, danger, cure }
            }
            Code::OpenPart => {
                let why = why(&unresolved(&causes), pointer, parameter);
                let hint = hint(pointer, parameter);
                let cure = format!(
                    "If that is too much, write the value or a literal beginning of it into the definition, or add {hint}."
                );
                WildcardProblem::OpenPart { allowed, why, cure }
            }
            _ => {
                let unresolved = unresolved(&causes);
                let (why, cure) =
                    (why(&unresolved, pointer, parameter), cure(&unresolved, pointer, parameter));
                WildcardProblem::Unresolved { allowed, why, cure }
            }
        }
    }

    /// What it allows; `None` where that is in words alone.
    pub(super) fn allowed(&self) -> Option<&Named<'a>> {
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

/// What wildcards allow together.
fn joined<'a>(causes: &BTreeMap<&WildcardReason, Named<'a>>) -> Named<'a> {
    let mut all = causes.values();
    all.next().map_or_else(Named::default, |first| all.fold(first.clone(), Named::join))
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
            | Unresolved::Undecided(_),
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

impl Problem for WildcardProblem<'_> {
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
            _ => self.allowed().map(Named::short).unwrap_or_default(),
        }
    }
}
