//! The explanation of a policy in Markdown, for a comment on a change.

use std::fmt::Write as _;

use super::select::Actions;
use super::words::{nothing, origin, reasons, rows};
use crate::finding::{escaped, markdown as plain};
use crate::generator::Output;

/// A table.
pub(super) fn printed(output: &Output, actions: &Actions) -> String {
    if let Some(nothing) = nothing(output, actions) {
        return format!("{}\n", plain(&nothing));
    }
    let mut out =
        String::from("| Statement | Actions | Resources | Needed by | Why |\n|---|---|---|---|---|\n");
    for index in 0..output.policy.rows().len() {
        for row in rows(output, index) {
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "| {index} | {} | {} | {} | {} |",
                codes(&row.actions),
                codes(&row.resources),
                plain(&origin(row)),
                plain(&reasons(row).join("; "))
            );
        }
    }
    out
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join("<br>")
}

/// The text between backticks, where only the bar that would end the cell can be escaped.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", escaped(text).replace('`', "'").replace('|', "\\|"))
}
