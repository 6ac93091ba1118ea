//! What a run says.

use crate::cli::row::Row;
use crate::finding::Severity;

use super::fail_on::FailOn;
use super::judge::Judged;

/// A finding as a run tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) row: Row,
    /// Why it was accepted, if it was.
    pub(super) accepted: Option<String>,
    /// Whether it fails the run.
    pub(super) fails: bool,
}

impl From<Row> for Told {
    fn from(row: Row) -> Self {
        Told { row, accepted: None, fails: false }
    }
}

/// What a run says.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) files: usize,
    pub(super) machines: usize,
    /// In order of files and places.
    pub(super) rows: Vec<Told>,
}

impl Report {
    /// Puts together what is said of the files.
    pub(super) fn new(files: usize, judged: Vec<Judged>, fail_on: FailOn) -> Report {
        let machines = judged.iter().map(|one| one.machines).sum();
        let mut rows: Vec<Told> = judged.into_iter().flat_map(|one| one.rows).collect();
        for told in &mut rows {
            told.fails = told.accepted.is_none() && fail_on.includes(&told.row.finding);
        }
        rows.sort();
        Report { files, machines, rows }
    }

    /// Whether a finding fails the run.
    pub(super) fn fails(&self) -> bool {
        self.rows.iter().any(|told| told.fails)
    }

    /// How many findings there are of a severity.
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.rows.iter().filter(|told| told.row.finding.severity == severity).count()
    }

    /// How many of what there are, as a sentence without its full stop.
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
        format!("{} in {}: {found}", counted(self.machines, "state machine"), counted(self.files, "file"))
    }
}

fn counted(count: usize, name: &str) -> String {
    match (count, name) {
        (1, _) | (_, "info") => format!("{count} {name}"),
        _ => format!("{count} {name}s"),
    }
}
