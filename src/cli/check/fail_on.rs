//! `--fail-on`: which findings fail a run.

use std::collections::BTreeSet;

use crate::cli::refusal::Refusal;
use crate::finding::{Code, Finding, Severity, suggest};

/// Which findings fail a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FailOn {
    /// Findings of this severity and more severe ones.
    severity: Option<Severity>,
    /// Findings of these codes, however severe.
    codes: BTreeSet<Code>,
}

impl FailOn {
    /// Reads severities and codes separated by commas.
    ///
    /// # Errors
    /// If one is neither.
    pub(super) fn read(text: &str) -> Result<FailOn, Refusal> {
        let mut fail_on = FailOn { severity: None, codes: BTreeSet::new() };
        for word in text.split(',').map(str::trim) {
            let severity = [Severity::Error, Severity::Warning, Severity::Info]
                .into_iter()
                .find(|one| one.name() == word);
            if let Some(severity) = severity {
                fail_on.severity = fail_on.severity.max(Some(severity));
            } else if let Some(code) = Code::of(word) {
                fail_on.codes.insert(code);
            } else {
                let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
                let names = ["error", "warning", "info"].iter().chain(&codes).copied();
                return Err(Refusal::UnknownLevel {
                    word: word.to_owned(),
                    suggestion: suggest::did_you_mean(&suggest::alike(word, names)),
                });
            }
        }
        Ok(fail_on)
    }

    /// Whether a finding fails the run.
    pub(super) fn includes(&self, finding: &Finding) -> bool {
        self.codes.contains(&finding.code)
            || self.severity.is_some_and(|severity| finding.severity <= severity)
    }
}
