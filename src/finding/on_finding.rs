//! `on_finding`: the levels that the user sets for findings.

use std::collections::BTreeMap;

use super::{Code, Finding, Level, Severity};
use crate::work::Work;

/// The levels that the user sets for findings, by their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnFinding {
    levels: BTreeMap<Code, Level>,
}

impl OnFinding {
    /// Sets the level of a code, instead of the one that it had.
    ///
    /// # Errors
    /// The code, if its severity may not be lowered.
    pub fn set(&mut self, code: Code, level: Level) -> Result<(), Code> {
        if !code.may_be_lowered() && level > Level::from(code.severity()) {
            return Err(code);
        }
        self.levels.insert(code, level);
        Ok(())
    }

    /// The level that the user gave a code.
    #[must_use]
    pub fn said(&self, code: Code) -> Option<Level> {
        self.levels.get(&code).copied()
    }

    /// The level of a code.
    #[must_use]
    pub fn level(&self, code: Code) -> Level {
        self.said(code).unwrap_or_else(|| code.severity().into())
    }

    /// This, and for codes that it does not mention what another says.
    #[must_use]
    pub fn or(mut self, other: &OnFinding) -> OnFinding {
        for (code, level) in &other.levels {
            self.levels.entry(*code).or_insert(*level);
        }
        self
    }

    /// The findings as the user wants them, those that are ignored left out.
    ///
    /// The finding's own severity applies if the user sets none, and if it is more severe and its code may
    /// not be lowered.
    #[must_use]
    pub fn apply(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain_mut(|finding| {
            let severity = self.severity(finding);
            finding.severity = severity.unwrap_or(finding.severity);
            severity.is_some()
        });
        findings
    }

    /// Those of some findings that are errors as the user wants them, as they are. If the caller no longer
    /// waits for them, some are missing.
    #[must_use]
    pub fn errors(&self, findings: &[Finding], work: &Work) -> Vec<Finding> {
        let findings = findings.iter().take_while(|_| work.count(1).is_ok());
        findings.filter(|finding| self.severity(finding) == Some(Severity::Error)).cloned().collect()
    }

    /// The severity of a finding as the user wants it; `None` if it is ignored.
    fn severity(&self, finding: &Finding) -> Option<Severity> {
        match self.levels.get(&finding.code) {
            None => Some(finding.severity),
            Some(level) if !finding.code.may_be_lowered() && *level > Level::from(finding.severity) => {
                Some(finding.severity)
            }
            Some(level) => level.severity(),
        }
    }

    /// Whether the user made a finding an error that is not one by default.
    #[must_use]
    pub fn raises(&self, code: Code) -> bool {
        self.level(code) == Level::Error && code.severity() != Severity::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_a_definition_cannot_be_lowered() {
        let mut on_finding = OnFinding::default();
        for level in [Level::Warn, Level::Info, Level::Ignore] {
            assert_eq!(on_finding.set(Code::InvalidState, level), Err(Code::InvalidState));
        }
        assert_eq!(on_finding.set(Code::InvalidState, Level::Error), Ok(()));
        assert_eq!(on_finding.set(Code::UnusedSubstitution, Level::Ignore), Ok(()));
    }

    #[test]
    fn what_is_nearer_counts() {
        let (mut near, mut far) = (OnFinding::default(), OnFinding::default());
        assert_eq!(near.set(Code::OpenPart, Level::Error), Ok(()));
        assert_eq!(far.set(Code::OpenPart, Level::Ignore), Ok(()));
        assert_eq!(far.set(Code::AwsWildcard, Level::Ignore), Ok(()));
        let both = near.or(&far);
        assert_eq!(
            (both.level(Code::OpenPart), both.level(Code::AwsWildcard)),
            (Level::Error, Level::Ignore)
        );
        assert_eq!(both.level(Code::MissingSetting), Level::Warn);
        assert!(both.raises(Code::OpenPart) && !both.raises(Code::InvalidJson));
    }
}
