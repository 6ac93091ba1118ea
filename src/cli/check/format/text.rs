//! Lines for people, and for editors that jump to `file:line:column`.

use crate::cli::check::report::Report;
use crate::finding::escaped;

/// A line for each finding, and one with how many there are.
pub(super) fn printed(report: &Report) -> String {
    let mut out = String::new();
    for told in &report.rows {
        out.push_str(&told.row.text());
        if let Some(reason) = &told.accepted {
            out.push_str(&format!(" (accepted: {})", escaped(reason)));
        }
        out.push('\n');
    }
    out + &report.counts() + "\n"
}
