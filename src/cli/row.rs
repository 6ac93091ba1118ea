//! Findings with their places in files, as the command line reports them.

use std::cmp::Ordering;

use crate::finding::{Finding, escaped};
use crate::source::{Position, Span};

/// A finding in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The name of the file.
    pub(super) file: String,
    /// The address of the state machine in a plan; empty where the file is the definition.
    pub(super) address: String,
    /// Where it is in the file.
    pub(super) span: Span,
    pub(super) finding: Finding,
}

impl Row {
    /// A finding about a whole file.
    pub(super) fn of_file(file: String, finding: Finding) -> Row {
        Row { file, address: String::new(), span: Position::START.into(), finding }
    }

    /// `file:line:column: severity[code] message`, without an end of the line.
    pub(super) fn text(&self) -> String {
        let Position { line, column } = self.span.start;
        let (severity, code) = (self.finding.severity.name(), self.finding.code.name());
        format!("{}:{line}:{column}: {severity}[{code}] {}", escaped(&self.file), self.message())
    }

    /// Address and state where there are any, and the sentences of the finding. Safe to show.
    pub(super) fn message(&self) -> String {
        let state = self.finding.state();
        let parts = [self.address.as_str(), state.as_str()].map(escaped);
        let mut message: String =
            parts.iter().filter(|part| !part.is_empty()).map(|part| format!("{part}: ")).collect();
        message.push_str(&self.finding.detail);
        message
    }
}

/// By file, in the order of the text.
impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |row: &Row| (row.file.clone(), row.span, row.address.clone());
        place(self).cmp(&place(other)).then_with(|| self.finding.cmp(&other.finding))
    }
}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
