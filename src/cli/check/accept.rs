//! Findings that are known and accepted.

use serde::Deserialize;

use crate::cli::row::Row;
use crate::finding::{Code, quoted, state_name};

use super::glob::{NameGlobs, PathGlobs};

/// Which findings are accepted, and why. A criterion that is left out does not restrict anything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Acceptance {
    codes: Vec<String>,
    reason: String,
    #[serde(default)]
    paths: PathGlobs,
    /// Addresses in plans.
    #[serde(default)]
    addresses: NameGlobs,
    /// States by their names or their paths.
    #[serde(default)]
    states: NameGlobs,
    #[serde(default)]
    parameters: NameGlobs,
    /// All actions of the finding are among these.
    #[serde(default)]
    actions: NameGlobs,
    /// All resources of the finding are among these.
    #[serde(default)]
    resources: NameGlobs,
}

/// Why an acceptance cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error("A finding is accepted for a reason, but \"reason\" is empty.")]
    NoReason,
    #[error("\"codes\" is empty, so nothing is accepted.")]
    NoCodes,
    #[error("There is no code {}. The guide to findings lists them.", quoted(.0))]
    UnknownCode(String),
    #[error("{} cannot be accepted: what it is about has to be corrected.", quoted(.0))]
    Refused(String),
    #[error(
        "{} cannot be accepted here. Accept the wildcard itself, with resource_hint {{ state = \"…\", action = \"…\", accept_wildcard = true, reason = \"…\" }} in the settings.",
        quoted(.0)
    )]
    RefusedWildcard(String),
}

impl Acceptance {
    /// Checks for entries that cannot be intended.
    pub(super) fn check(&self) -> Result<(), Unusable> {
        if self.reason.trim().is_empty() {
            return Err(Unusable::NoReason);
        }
        if self.codes.is_empty() {
            return Err(Unusable::NoCodes);
        }
        for name in &self.codes {
            match Code::of(name) {
                None => return Err(Unusable::UnknownCode(name.clone())),
                Some(Code::DangerousWildcard) => return Err(Unusable::RefusedWildcard(name.clone())),
                Some(code) if !code.may_be_lowered() => return Err(Unusable::Refused(name.clone())),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// The reason, if it accepts a finding.
    pub(super) fn reason(&self, row: &Row) -> Option<&str> {
        let finding = &row.finding;
        let name = |globs: &NameGlobs, name: &str| globs.is_empty() || globs.include(name);
        let names = |globs: &NameGlobs, names: &[String]| {
            globs.is_empty() || !names.is_empty() && names.iter().all(|name| globs.include(name))
        };
        let is_state = self.states.is_empty()
            || self.states.include(&finding.state())
            || state_name(&finding.place.pointer).is_some_and(|name| self.states.include(&name));
        let accepts = self.codes.iter().any(|code| code == finding.code.name())
            && (self.paths.is_empty() || self.paths.include(&row.file))
            && name(&self.addresses, &row.address)
            && is_state
            && name(&self.parameters, &finding.parameter)
            && names(&self.actions, &finding.actions)
            && names(&self.resources, &finding.resources);
        accepts.then_some(self.reason.as_str())
    }
}
