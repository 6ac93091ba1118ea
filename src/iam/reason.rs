//! Why a wildcard is there.

use std::cmp::Ordering;

/// Why a wildcard is in a resource or a condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WildcardReason {
    /// AWS supports nothing narrower, or documents the wildcard itself. The text says which, as a sentence
    /// without a full stop.
    Aws(&'static str),
    /// The value is known only at run time.
    Run {
        /// The parameter that holds the value, such as `TopicArn` or `Overrides.TaskRoleArn`; for
        /// [`Unresolved::NotInDefinition`], a description of it.
        parameter: String,
        /// Why its value is not known.
        cause: Unresolved,
    },
    /// The user decided so, by the resources of a `resource_hint`.
    Hint,
    /// The user accepted the wildcard by a `resource_hint`, for the reason that the hint gives.
    Accepted(String),
    /// A setting that the user did not give, such as `region`, `account_id` or `state_machine_name`.
    Setting(&'static str),
    /// A single character that policies cannot contain is there.
    Unwritable {
        /// The character.
        character: char,
        /// The parameter that has it; empty if it comes from an argument of the user.
        parameter: String,
    },
}

/// Where a resource may be that a value known only at run time names.
///
/// No text has it: two reasons that differ in it alone are equal.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// In any account and region: the value can be an ARN. A policy assumes those of the state machine.
    Anywhere,
    /// Where the policy says: the value is only a name, or its known beginning says where.
    There,
}

impl PartialEq for Reach {
    fn eq(&self, _: &Reach) -> bool {
        true
    }
}

impl Eq for Reach {}

impl PartialOrd for Reach {
    fn partial_cmp(&self, other: &Reach) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reach {
    fn cmp(&self, _: &Reach) -> Ordering {
        Ordering::Equal
    }
}

impl WildcardReason {
    /// The same for a value with another reach.
    #[must_use]
    pub fn reaching(&self, reach: Reach) -> WildcardReason {
        match self {
            WildcardReason::Run { parameter, cause: Unresolved::Expression(text, _) } => {
                WildcardReason::Run {
                    parameter: parameter.clone(),
                    cause: Unresolved::Expression(text.clone(), reach),
                }
            }
            other => other.clone(),
        }
    }

    /// Whether it is for a value that may name a resource of another account or region.
    #[must_use]
    pub fn reaches_anywhere(&self) -> bool {
        matches!(self, WildcardReason::Run { cause: Unresolved::Expression(_, Reach::Anywhere), .. })
    }
}

/// Why the value of a parameter is not known before an execution runs. Its text is the rest of an
/// explanation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unresolved {
    /// The expression that gives it, as the definition has it, or words for its source such as `the state's
    /// input`.
    #[error("{0}")]
    Expression(String, Reach),
    /// A token whose value is not known yet.
    #[error("${{{0}}}")]
    Pending(String),
    /// The task does not have the parameter.
    #[error("the task does not give it")]
    NotGiven,
    /// Whether the task has the parameter depends on a value of the execution.
    #[error("whether it is given is known only at run time")]
    PerhapsGiven,
    /// No member of a definition contains it.
    #[error("not in the definition")]
    NotInDefinition,
    /// No parameter of the call names the resource, though it exists before the call. The parameter of the
    /// reason is the type of the resource.
    #[error("no parameter names it")]
    NoParameter,
    /// The same for a part of an ARN whose main name follows it, such as the ID before a name.
    #[error("no parameter names this part of the ARN")]
    NoParameterForPart,
    /// A literal that AWS does not accept.
    #[error("\"{0}\" is not of the form that AWS takes")]
    Malformed(String),
    /// An object or an array where AWS expects a string.
    #[error("it is not a string")]
    NotAString,
    /// A literal that has no form that AWS accepts, and contains a character that no policy may contain.
    #[error("\"{0}\" has a character that AWS does not take there")]
    Unwritable(String),
    /// A literal that leaves the resource open, and what it is.
    #[error("{0}")]
    Undecided(&'static str),
    /// No parameter names what the parameter of the reason describes; where it is instead, as a clause.
    #[error("{0}")]
    Elsewhere(&'static str),
}
