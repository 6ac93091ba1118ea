//! JSON for programs. Its members are stable; others may be added.

use serde::Serialize;

use crate::cli::check::report::{Report, Told};
use crate::finding::{Severity, escaped_json};

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    files: usize,
    state_machines: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    failed: bool,
    /// Whether it is in the baseline; `None` without a baseline.
    known: Option<usize>,
    findings: Vec<Entry<'r>>,
}

#[derive(Serialize)]
struct Entry<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    /// The address of the state machine in a plan, else empty.
    address: &'r str,
    severity: &'static str,
    code: &'static str,
    summary: &'r str,
    message: &'r str,
    state: String,
    pointer: &'r str,
    parameter: &'r str,
    actions: &'r [String],
    resources: &'r [String],
    docs: &'r str,
    accepted: Option<&'r str>,
    fingerprint: String,
    fails: bool,
}

/// One document.
pub(super) fn printed(report: &Report) -> String {
    let document = Document {
        version: 1,
        files: report.files,
        state_machines: report.machines,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        infos: report.count(Severity::Info),
        failed: report.fails(),
        known: report.known.as_ref().map(Vec::len),
        findings: report.rows.iter().map(entry).collect(),
    };
    // Nothing of it can fail to be written.
    escaped_json(&serde_json::to_string_pretty(&document).unwrap_or_default()).into_owned() + "\n"
}

fn entry(told: &Told) -> Entry<'_> {
    let (row, finding) = (&told.row, &told.row.finding);
    Entry {
        file: &row.file,
        line: row.span.start.line,
        column: row.span.start.column,
        end_line: row.span.end.line,
        end_column: row.span.end.column,
        address: &row.address,
        severity: finding.severity.name(),
        code: finding.code.name(),
        summary: &finding.summary,
        message: &finding.detail,
        state: finding.state(),
        pointer: &finding.place.pointer,
        parameter: &finding.parameter,
        actions: &finding.actions,
        resources: &finding.resources,
        docs: finding.docs,
        accepted: told.accepted.as_deref(),
        fingerprint: told.fingerprint(),
        fails: told.fails,
    }
}
