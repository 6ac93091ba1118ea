//! The result of a run.

use crate::cli::row::Row;
use crate::finding::Severity;

use super::accept::Acceptance;
use super::fail_on::FailOn;
use super::fingerprint::Identity;
use super::judge::Judged;

/// A finding as a run reports it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) row: Row,
    /// Why it was accepted, if it was.
    pub(super) accepted: Option<String>,
    /// Whether it is in the baseline.
    pub(super) known: bool,
    /// Whether it fails the run.
    pub(super) fails: bool,
}

impl From<Row> for Told {
    fn from(row: Row) -> Self {
        Told { row, accepted: None, known: false, fails: false }
    }
}

impl Told {
    /// A text that is the same in each run for the same finding.
    pub(super) fn fingerprint(&self) -> String {
        Identity::of(&self.row).fingerprint()
    }
}

/// The result of a run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) files: usize,
    pub(super) machines: usize,
    /// In the order of files and places, without those in the baseline.
    pub(super) rows: Vec<Told>,
    /// Those in the baseline; `None` without a baseline.
    pub(super) known: Option<Vec<Told>>,
}

impl Report {
    /// Combines the results of the files.
    pub(super) fn new(
        files: usize,
        judged: Vec<Judged>,
        fail_on: &FailOn,
        accept: &[Acceptance],
        has_baseline: bool,
    ) -> Report {
        let machines = judged.iter().map(|one| one.machines).sum();
        let mut rows: Vec<Told> = judged.into_iter().flat_map(|one| one.rows).collect();
        for told in &mut rows {
            told.accepted = accept.iter().find_map(|one| one.reason(&told.row)).map(str::to_owned);
            told.fails = told.accepted.is_none() && !told.known && fail_on.includes(&told.row.finding);
        }
        rows.sort();
        let (known, rows): (Vec<Told>, Vec<Told>) = rows.into_iter().partition(|told| told.known);
        Report { files, machines, rows, known: has_baseline.then_some(known) }
    }

    /// Whether a finding fails the run.
    pub(super) fn fails(&self) -> bool {
        self.rows.iter().any(|told| told.fails)
    }

    /// How many findings there are of a severity.
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.rows.iter().filter(|told| told.row.finding.severity == severity).count()
    }

    /// The counts, as a sentence without its full stop.
    pub(super) fn counts(&self) -> String {
        let counts = [
            (self.count(Severity::Error), "error"),
            (self.count(Severity::Warning), "warning"),
            (self.count(Severity::Info), "info"),
        ];
        let found: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| counted(*count, name))
            .collect();
        let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
        let known = self
            .known
            .as_ref()
            .map_or(String::new(), |known| format!(", and {} of the baseline", known.len()));
        format!(
            "{} in {}: {found}{known}",
            counted(self.machines, "state machine"),
            counted(self.files, "file")
        )
    }
}

fn counted(count: usize, name: &str) -> String {
    match (count, name) {
        (1, _) | (_, "info") => format!("{count} {name}"),
        _ => format!("{count} {name}s"),
    }
}
