//! Why a parameter is open, and what narrows it, in words. Thousands of states can have such a parameter, so
//! all of it is written at once, into the message.

use std::borrow::Cow;
use std::fmt;

use crate::finding::{cut, listed, quoted, state_name};
use crate::iam::{Unresolved, WildcardReason};

use super::causes::Named;

/// Why a parameter of a state, reader or writer is open; shown as a sentence without its full stop.
#[derive(Clone, Debug)]
pub(super) struct Why<'c> {
    causes: Vec<&'c Unresolved>,
    whom: Whom<'c>,
    parameter: &'c str,
}

impl<'c> Why<'c> {
    /// Why it is open, by the reasons of its wildcards.
    pub(super) fn of(
        reasons: &[(&'c WildcardReason, Named<'_>)],
        pointer: &'c str,
        parameter: &'c str,
    ) -> Self {
        let cause = |(why, _): &(&'c WildcardReason, Named<'_>)| match why {
            WildcardReason::Run { cause, .. } => Some(cause),
            _ => None,
        };
        Why { causes: reasons.iter().filter_map(cause).collect(), whom: Whom::at(pointer), parameter }
    }

    /// Whether none of the wildcards is for a value that is known only at run time.
    pub(super) fn is_empty(&self) -> bool {
        self.causes.is_empty()
    }

    /// The block that narrows the parameter.
    pub(super) fn hint(&self) -> impl fmt::Display {
        Hint { state: self.whom.name.as_deref().unwrap_or_default(), parameter: self.parameter }
    }
}

/// The expressions first, which are one clause, then a clause for each other cause.
impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whom, parameter) = (&self.whom, quoted(self.parameter));
        let expressions: Vec<&str> = self.causes.iter().filter_map(|cause| expression(cause)).collect();
        let mut separator = "";
        if !expressions.is_empty() {
            write!(f, "{whom} takes {parameter} from {}, known only at run time", listed(&expressions))?;
            separator = "; ";
        }
        for cause in self.causes.iter().filter(|cause| expression(cause).is_none()) {
            f.write_str(separator)?;
            separator = "; ";
            match cause {
                Unresolved::Expression(..) | Unresolved::Pending(_) => {}
                Unresolved::NotGiven => write!(f, "{whom} does not set {parameter}")?,
                Unresolved::PerhapsGiven => {
                    write!(f, "{whom} may or may not set {parameter}, which is known only at run time")?;
                }
                Unresolved::NotInDefinition => {
                    write!(f, "A definition does not contain {}", cut(self.parameter))?;
                }
                Unresolved::NoParameter => {
                    write!(f, "{whom} has no parameter that names the resource of the type {parameter}")?;
                }
                Unresolved::NoParameterForPart => write!(
                    f,
                    "{whom} has no parameter for a part of the ARN of the resource of the type {parameter}"
                )?,
                Unresolved::Malformed(value) => write!(
                    f,
                    "{whom} has {} as {parameter}, which does not have a form that AWS accepts",
                    quoted(value)
                )?,
                Unresolved::Unwritable(value) => write!(
                    f,
                    "{whom} has {} as {parameter}, with a character that AWS does not accept",
                    quoted(value)
                )?,
                Unresolved::NotAString => write!(f, "{whom} has a {parameter} that is not a string")?,
                Unresolved::Undecided(what) => write!(f, "{whom} has {what} as {parameter}")?,
                Unresolved::Elsewhere(place) => {
                    write!(f, "No parameter names {} ({place})", cut(self.parameter))?;
                }
            }
        }
        Ok(())
    }
}

/// The expression that gives the value, if it is one that does.
fn expression(cause: &Unresolved) -> Option<&str> {
    match cause {
        Unresolved::Expression(text, _) | Unresolved::Pending(text) => Some(text),
        _ => None,
    }
}

/// What to do about a parameter that is open; shown as a sentence.
pub(super) struct Cure<'w, 'c>(pub(super) &'w Why<'c>);

impl fmt::Display for Cure<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cure(why) = self;
        match why.causes.as_slice() {
            [Unresolved::NotGiven] => write!(f, "Set it, or add {}.", why.hint()),
            [
                Unresolved::NotInDefinition
                | Unresolved::NoParameter
                | Unresolved::NoParameterForPart
                | Unresolved::Undecided(_)
                | Unresolved::Elsewhere(_),
            ] => write!(f, "Add {}.", why.hint()),
            [Unresolved::Malformed(_) | Unresolved::Unwritable(_) | Unresolved::NotAString] => {
                f.write_str("Correct the value.")
            }
            _ if why.parameter.to_ascii_lowercase().ends_with("arn") => {
                write!(f, "Write the ARN, or add {}.", why.hint())
            }
            _ => write!(f, "Write the value, or add {}.", why.hint()),
        }
    }
}

/// The state, reader or writer at a pointer.
pub(super) fn whom(pointer: &str) -> String {
    Whom::at(pointer).to_string()
}

/// The same, shown.
#[derive(Clone, Debug)]
struct Whom<'p> {
    pointer: &'p str,
    /// The name of the state.
    name: Option<Cow<'p, str>>,
}

impl<'p> Whom<'p> {
    fn at(pointer: &'p str) -> Self {
        Whom { pointer, name: state_name(pointer) }
    }
}

impl fmt::Display for Whom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else { return f.write_str("The state machine") };
        let name = quoted(name);
        match self.pointer.rsplit('/').next() {
            Some("ItemReader") => write!(f, "The reader of {name}"),
            Some("ResultWriter") => write!(f, "The writer of {name}"),
            _ => write!(f, "Task {name}"),
        }
    }
}

/// The block that narrows a parameter.
struct Hint<'h> {
    /// The name of the state.
    state: &'h str,
    parameter: &'h str,
}

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, parameter) = (quoted(self.state), quoted(self.parameter));
        write!(f, "resource_hint {{ state = {state}, parameter = {parameter}, resources = […] }}")
    }
}
