//! Findings that belong to no layer, for tests of how findings are processed.

use std::fmt;

use super::{Code, Finding, Problem};

/// A problem of a code, with a number in its texts.
pub(crate) struct MadeUp(pub(crate) Code, pub(crate) usize);

impl fmt::Display for MadeUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Message {}.", self.1)
    }
}

impl Problem for MadeUp {
    fn code(&self) -> Code {
        self.0
    }

    fn summary(&self) -> String {
        format!("Summary {}", self.1)
    }
}

/// A finding at the parameters of the state `S` with the number.
pub(crate) fn found(code: Code, number: usize) -> Finding {
    Finding::new(&MadeUp(code, number), format!("/States/S{number}/Parameters"))
}
