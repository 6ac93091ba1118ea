//! The explanation of a policy for people.

use std::fmt::Write as _;

use crate::finding::{escaped, markdown as plain};
use crate::generator::{Explanation, Output, ReasonKind};
use crate::iam::{Effect, Statement};

/// Plain text: the statements in the order of the document, below each who needs it and why it is so wide.
pub(super) fn text(output: &Output) -> String {
    let mut out = String::new();
    for (index, (effect, statement)) in output.policy.rows().iter().enumerate() {
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
    out
}

/// A Markdown table, for a comment on a change.
pub(super) fn markdown(output: &Output) -> String {
    let mut out =
        String::from("| Statement | Actions | Resources | Asked for by | Why |\n|---|---|---|---|---|\n");
    for index in 0..output.policy.rows().len() {
        for row in rows(output, index) {
            let _ = writeln!(
                out,
                "| {index} | {} | {} | {} | {} |",
                codes(&row.actions),
                codes(&row.resources),
                cell(&origin(row)),
                cell(&reasons(row).join("; "))
            );
        }
    }
    out
}

fn rows(output: &Output, statement: usize) -> impl Iterator<Item = &Explanation> {
    output.explanation.iter().filter(move |row| row.statement == statement)
}

fn statement_line(effect: Effect, statement: &Statement) -> String {
    let mut line =
        format!("{} {} on {}", effect.name(), statement.actions.join(", "), statement.resources.join(", "));
    for condition in &statement.conditions {
        let values = condition.texts().join(", ");
        let _ = write!(line, " if {} {} {values}", condition.key, condition.operator.name());
    }
    line
}

/// The integration and its states.
fn origin(row: &Explanation) -> String {
    let states: Vec<&str> = row.states.iter().map(|(path, _)| path.as_str()).collect();
    let integration = &row.integration;
    if states.is_empty() { integration.clone() } else { format!("{integration} in {}", states.join(", ")) }
}

fn reasons(row: &Explanation) -> Vec<String> {
    let mut reasons = Vec::new();
    match &row.rule {
        None if row.note.is_empty() => {}
        None => reasons.push(format!("beyond AWS's template: {}", row.note)),
        Some((rule, confidence)) => {
            reasons.push(format!("by rule \"{rule}\", confidence {confidence}: {}", row.note));
        }
    }
    if row.assumes_input {
        reasons.push("only because of \"input\": executions with another one may lack it".to_owned());
    }
    for wildcard in &row.wildcards {
        let (resource, reason) = (&wildcard.resource, &wildcard.reason);
        reasons.push(match wildcard.kind {
            ReasonKind::Run => {
                format!("\"{resource}\": only the run knows {} ({reason})", wildcard.parameter)
            }
            _ => format!("\"{resource}\": {reason}"),
        });
    }
    reasons
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join("<br>")
}

/// The text as the plain content of a cell.
fn cell(text: &str) -> String {
    plain(text)
}

/// The text between backticks, where nothing can be escaped but the bar that would end the cell.
fn code(text: &str) -> String {
    format!("`{}`", escaped(text).replace('`', "'").replace('|', "\\|"))
}
