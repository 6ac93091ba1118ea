//! Explanations in words, as every format has them.

use std::fmt::Write as _;

use super::select::Actions;
use crate::finding::state_path;
use crate::generator::{Explanation, Output, Reason, ReasonKind};
use crate::iam::{Effect, Statement};

/// The text if there is nothing to explain.
pub(super) fn nothing(output: &Output, actions: &Actions) -> Option<String> {
    match (output.policy.is_empty(), output.explanation.is_empty()) {
        (true, _) => Some(
            "Nothing is needed. IAM does not accept a policy without statements, so the document denies everything."
                .to_owned(),
        ),
        (false, true) => Some(format!("No state needs an action that {actions} matches.")),
        (false, false) => None,
    }
}

/// Why something has a wildcard, as the end of a sentence about it.
pub(super) fn why(reason: &Reason) -> String {
    match reason.kind {
        ReasonKind::Run => {
            format!("{} is known only at run time ({})", reason.parameter, reason.reason)
        }
        _ => reason.reason.clone(),
    }
}

/// What is explained of a statement.
pub(super) fn rows(output: &Output, statement: usize) -> impl Iterator<Item = &Explanation> {
    output.explanation.iter().filter(move |row| row.statement == statement)
}

/// A statement in one line.
pub(super) fn statement_line(effect: Effect, statement: &Statement) -> String {
    let mut line =
        format!("{} {} on {}", effect.name(), statement.actions.join(", "), statement.resources.join(", "));
    for condition in &statement.conditions {
        let values = condition.texts().join(", ");
        let _ = write!(line, " if {} {} {values}", condition.key, condition.operator.name());
    }
    line
}

/// The integration and its states.
pub(super) fn origin(row: &Explanation) -> String {
    let states: Vec<&str> = row.states.iter().map(|(path, _)| path.as_str()).collect();
    let integration = &row.integration;
    if states.is_empty() { integration.clone() } else { format!("{integration} in {}", states.join(", ")) }
}

/// Why it is needed, and why it has wildcards.
pub(super) fn reasons(row: &Explanation) -> Vec<String> {
    let mut reasons = Vec::new();
    match &row.rule {
        None if row.note.is_empty() => {}
        None => reasons.push(format!("beyond AWS's template: {}", row.note)),
        Some((rule, confidence)) => {
            reasons.push(format!("by rule \"{rule}\", confidence {confidence}: {}", row.note));
        }
    }
    if row.assumes_input {
        reasons.push("only because of \"input\": executions with other input may lack it".to_owned());
    }
    for wildcard in &row.wildcards {
        let resource = &wildcard.resource;
        let paths: Vec<String> = wildcard.pointers.iter().map(|pointer| state_path(pointer)).collect();
        let only = if paths.is_empty() { String::new() } else { format!(" in {}", paths.join(", ")) };
        reasons.push(format!("\"{resource}\": {}{only}", why(wildcard)));
    }
    reasons
}
