//! The explanation of a policy as plain text.

use std::fmt::Write as _;

use super::select::Actions;
use super::words::{nothing, origin, reasons, rows, statement_line};
use crate::finding::escaped;
use crate::generator::Output;

/// The statements in the order of the document, below each, what needs it and why its wildcards are there.
pub(super) fn printed(output: &Output, actions: &Actions) -> String {
    let mut out = String::new();
    for (index, (effect, statement)) in output.policy.rows().iter().enumerate() {
        if !actions.are_all() && rows(output, index).next().is_none() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(out, "Statement {index}: {}", escaped(&statement_line(*effect, statement)));
        for row in rows(output, index) {
            let _ = writeln!(out, "  {} for {}", row.actions.join(", "), escaped(&origin(row)));
            let _ = writeln!(out, "    {}", row.docs);
            for reason in reasons(row) {
                let _ = writeln!(out, "    {}", escaped(&reason));
            }
        }
        out.push('\n');
    }
    if let Some(nothing) = nothing(output, actions) {
        let _ = writeln!(out, "{}", escaped(&nothing));
    }
    out
}
