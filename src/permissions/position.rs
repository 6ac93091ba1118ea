//! The wildcards of a text, each with what precedes it.

use crate::finding::Code;
use crate::iam::{Pattern, Piece, Unresolved, WildcardReason};

/// A wildcard with its position.
pub(super) struct Wildcard<'a> {
    pub(super) wildcard: &'static str,
    pub(super) reason: &'a WildcardReason,
    /// What precedes it.
    pub(super) before: String,
    /// Whether it is a part of a resource whose main name precedes it.
    is_part: bool,
}

impl<'a> Wildcard<'a> {
    /// Whether it is reported as a wildcard. A single character that cannot be written is reported as such.
    pub(super) fn is_wide(&self) -> bool {
        !matches!(self.reason, WildcardReason::Unwritable { .. })
    }

    /// The code of its finding, and the parameter that the finding is about.
    pub(super) fn kind(&self) -> (Code, &'a str) {
        match self.reason {
            WildcardReason::Run { parameter, cause: Unresolved::NoParameterForPart } => {
                (Code::OpenPart, parameter.as_str())
            }
            WildcardReason::Run { parameter, .. } if self.is_part => (Code::OpenPart, parameter.as_str()),
            WildcardReason::Run { parameter, .. } => (Code::UnresolvedResource, parameter.as_str()),
            WildcardReason::Setting(argument) => (Code::MissingSetting, *argument),
            WildcardReason::Aws(_) => (Code::AwsWildcard, ""),
            WildcardReason::Hint => (Code::HintedWildcard, ""),
            WildcardReason::Accepted(_) => (Code::AcceptedWildcard, ""),
            WildcardReason::Unwritable { .. } => (Code::UnwritableCharacter, ""),
        }
    }
}

/// The wildcards of a text, each with whether it is a part of a resource whose main name precedes it.
pub(super) fn wildcards(text: &Pattern, is_part: impl Fn(&str) -> bool) -> Vec<Wildcard<'_>> {
    let mut before = String::new();
    let mut found = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => before.push_str(literal),
            Piece::Wildcard(wildcard, reason) => {
                found.push(Wildcard { wildcard, reason, is_part: is_part(&before), before: before.clone() });
                before.push_str(wildcard);
            }
        }
    }
    found
}
