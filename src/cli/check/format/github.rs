//! Workflow commands of GitHub Actions, which annotate the lines of a pull request.
//!
//! Source: "Workflow commands for GitHub Actions", and `toolkit/packages/core/src/command.ts` for what is
//! escaped.

use crate::cli::check::report::{Report, Told};
use crate::finding::{Severity, escaped};

/// A command for each finding, and a line with how many there are.
pub(super) fn printed(report: &Report) -> String {
    let mut out: String = report.rows.iter().map(command).collect();
    out.push_str(&report.counts());
    out.push('\n');
    out
}

fn command(told: &Told) -> String {
    let (row, finding) = (&told.row, &told.row.finding);
    // An accepted finding is shown, but not as a task.
    let command = match (finding.severity, &told.accepted) {
        (Severity::Error, None) => "error",
        (Severity::Warning, None) => "warning",
        _ => "notice",
    };
    let (start, end) = (row.span.start, row.span.end);
    let mut properties = format!("file={},line={},col={}", property(&row.file), start.line, start.column);
    // GitHub takes an end column only on the line of the beginning.
    if end.line == start.line && end.column > start.column {
        properties.push_str(&format!(",endLine={},endColumn={}", end.line, end.column));
    }
    let title = format!("{} [{}]", finding.summary, finding.code.name());
    let mut message = row.message();
    if let Some(reason) = &told.accepted {
        message.push_str(&format!(" (accepted: {})", escaped(reason)));
    }
    format!("::{command} {properties},title={}::{}\n", property(&title), data(&message))
}

/// The text of a message. The log prints whatever GitHub has no escape for, so other control characters are
/// written as in our other messages.
fn data(text: &str) -> String {
    escaped(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

/// The text of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
