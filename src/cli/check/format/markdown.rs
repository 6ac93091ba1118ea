//! A table for a comment on a pull request.

use crate::cli::check::report::{Report, Told};
use crate::cli::limits::MAX_COMMENT_CHARACTERS;
use crate::finding::markdown;

/// A heading, and the findings that are not accepted, as many as a comment takes.
pub(super) fn printed(report: &Report) -> String {
    let mut out = format!("**{}**\n", report.counts());
    let (accepted, rows): (Vec<&Told>, Vec<&Told>) =
        report.rows.iter().partition(|told| told.accepted.is_some());
    if !rows.is_empty() {
        out.push_str("\n| Severity | Place | Finding |\n|---|---|---|\n");
    }
    for (position, told) in rows.iter().enumerate() {
        let line = line(told);
        if out.len() + line.len() > MAX_COMMENT_CHARACTERS {
            out.push_str(&format!("\nAnd {} more.\n", rows.len() - position));
            break;
        }
        out.push_str(&line);
    }
    if !accepted.is_empty() {
        out.push_str(&format!("\n{} accepted.\n", accepted.len()));
    }
    out
}

fn line(told: &Told) -> String {
    let (row, finding) = (&told.row, &told.row.finding);
    let (severity, code) = (finding.severity.name(), finding.code.name());
    let place = format!("{}:{}:{}", row.file, row.span.start.line, row.span.start.column);
    let bold = if told.fails { "**" } else { "" };
    format!("| {bold}{severity}{bold} | {} | {} \\[{code}\\] |\n", markdown(&place), markdown(&row.message()))
}
