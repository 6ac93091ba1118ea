//! The explanation of a policy for people.

use std::fmt::Write as _;

use crate::finding::{escaped, markdown as plain};

use crate::protocol::value::Value;

/// Plain text: the statements in the order of the document, below each who asks for it and why it is so wide.
pub(super) fn text(state: &Value) -> String {
    let mut out = String::new();
    for (index, statement) in list(state.get("statements")).iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "Statement {index}: {}", escaped(&statement_line(statement)));
        for row in rows(state, index) {
            let _ = writeln!(out, "  {} for {}", joined(row.get("actions")), escaped(&asker(row)));
            let _ = writeln!(out, "    {}", text_of(row.get("docs")));
            for reason in reasons(row) {
                let _ = writeln!(out, "    {}", escaped(&reason));
            }
        }
        out.push('\n');
    }
    out
}

/// A Markdown table, for a comment on a change.
pub(super) fn markdown(state: &Value) -> String {
    let mut out =
        String::from("| Statement | Actions | Resources | Asked for by | Why |\n|---|---|---|---|---|\n");
    for index in 0..list(state.get("statements")).len() {
        for row in rows(state, index) {
            let _ = writeln!(
                out,
                "| {index} | {} | {} | {} | {} |",
                codes(row.get("actions")),
                codes(row.get("resources")),
                cell(&asker(row)),
                cell(&reasons(row).join("; "))
            );
        }
    }
    out
}

fn rows(state: &Value, index: usize) -> impl Iterator<Item = &Value> {
    let position = index.to_string();
    let rows = list(state.get("explanation")).iter();
    rows.filter(
        move |row| matches!(row.get("statement"), Value::Number(number) if number.to_string() == position),
    )
}

fn statement_line(statement: &Value) -> String {
    let mut line = format!(
        "{} {} on {}",
        text_of(statement.get("effect")),
        joined(statement.get("actions")),
        joined(statement.get("resources"))
    );
    for condition in list(statement.get("conditions")) {
        let _ = write!(
            line,
            " if {} {} {}",
            text_of(condition.get("key")),
            text_of(condition.get("operator")),
            joined(condition.get("values"))
        );
    }
    line
}

/// The integration and its states.
fn asker(row: &Value) -> String {
    let states: Vec<&str> = list(row.get("states")).iter().map(|state| text_of(state.get("path"))).collect();
    let integration = text_of(row.get("integration"));
    if states.is_empty() { integration.to_owned() } else { format!("{integration} in {}", states.join(", ")) }
}

fn reasons(row: &Value) -> Vec<String> {
    let mut reasons = Vec::new();
    let note = text_of(row.get("note"));
    match (text_of(row.get("rule")), note) {
        ("", "") => {}
        ("", note) => reasons.push(format!("beyond AWS's template: {note}")),
        (rule, note) => {
            reasons
                .push(format!("by rule \"{rule}\", confidence {}: {note}", text_of(row.get("confidence"))));
        }
    }
    if row.get("assumes_input").as_bool() == Some(true) {
        reasons.push("only because of \"input\": executions with another one may lack it".to_owned());
    }
    for wildcard in list(row.get("wildcards")) {
        let (resource, reason) = (text_of(wildcard.get("resource")), text_of(wildcard.get("reason")));
        reasons.push(match (text_of(wildcard.get("kind")), text_of(wildcard.get("parameter"))) {
            ("run", parameter) => format!("\"{resource}\": only the run knows {parameter} ({reason})"),
            _ => format!("\"{resource}\": {reason}"),
        });
    }
    reasons
}

fn list(value: &Value) -> &[Value] {
    value.as_list().unwrap_or_default()
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn joined(texts: &Value) -> String {
    list(texts).iter().map(text_of).collect::<Vec<_>>().join(", ")
}

fn codes(texts: &Value) -> String {
    list(texts).iter().map(|text| code(text_of(text))).collect::<Vec<_>>().join("<br>")
}

/// The text as the plain content of a cell.
fn cell(text: &str) -> String {
    plain(text)
}

/// The text between backticks, where nothing can be escaped but the bar that would end the cell.
fn code(text: &str) -> String {
    format!("`{}`", escaped(text).replace('`', "'").replace('|', "\\|"))
}
