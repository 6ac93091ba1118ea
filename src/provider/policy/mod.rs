//! The data source `sfniam_policy`: arguments → question → answer → attributes.

mod arguments;
mod result;
mod schema;

use crate::answer::{Fault, OnUnresolved, answer, problems};
use crate::asl::{Problem, Severity};
use crate::permissions::Finding;
use crate::protocol::diagnostic::Diagnostic;
use crate::protocol::value::Value;

use super::config::Config;

pub use schema::{NAME as DATA_SOURCE, data_source};

/// Checks arguments of which any may be unknown.
pub(super) fn validate(config: &Value) -> Vec<Diagnostic> {
    let question = match arguments::question(config, &Config::default()) {
        Ok(question) => question,
        Err(diagnostics) => return diagnostics,
    };
    let unknown =
        ["definition", "definition_substitutions"].iter().any(|name| !config.get(name).is_wholly_known());
    if unknown {
        return Vec::new();
    }
    diagnostics(problems(&question.definition, question.substitutions.as_ref()))
}

/// Reads arguments that are wholly known.
pub(super) fn read(config: &Value, provider: &Config) -> (Option<Value>, Vec<Diagnostic>) {
    let question = match arguments::question(config, provider) {
        Ok(question) => question,
        Err(diagnostics) => return (None, diagnostics),
    };
    match answer(&question) {
        Ok(answer) => {
            let warnings = warning(&answer.findings, question.on_unresolved).into_iter().collect();
            (Some(result::state(config, &answer)), warnings)
        }
        Err(faults) => (None, diagnostics(faults)),
    }
}

fn diagnostics(faults: Vec<Fault>) -> Vec<Diagnostic> {
    let diagnostic = |fault: Fault| {
        let (name, position) = fault.argument;
        let made = Diagnostic::error(fault.problem.summary.clone(), detail(&fault.problem)).at(name);
        match position.and_then(|position| u32::try_from(position).ok()) {
            Some(position) => made.index(position),
            None => made,
        }
    };
    faults.into_iter().map(diagnostic).collect()
}

/// What is wrong and what to do, and where.
fn detail(problem: &Problem) -> String {
    let (detail, pointer, state) = (&problem.detail, &problem.pointer, problem.state());
    match (pointer.is_empty(), state.is_empty()) {
        (true, _) => detail.clone(),
        (false, true) => format!("{detail}\n\nPlace in the definition: {pointer}"),
        (false, false) => format!("{detail}\n\nState: {state}\nPlace in the definition: {pointer}"),
    }
}

/// The one warning of a data source: everything that someone should look at.
fn warning(findings: &[Finding], on_unresolved: OnUnresolved) -> Option<Diagnostic> {
    let shown: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.problem.severity == Severity::Warning)
        .filter(|finding| on_unresolved == OnUnresolved::Warn || !finding.unresolved)
        .collect();
    if shown.is_empty() {
        return None;
    }
    let mut lines: Vec<String> = shown.iter().map(|finding| line(&finding.problem)).collect();
    lines.dedup();
    let count = lines.len();
    if shown.iter().any(|finding| finding.unresolved) {
        lines.push(
            "Values that only the run knows can be narrowed by \"resource_hint\" blocks. \
             Set on_unresolved = \"ignore\" to accept them without this warning."
                .to_owned(),
        );
    }
    let summary = match count {
        1 => "The policy deserves a look".to_owned(),
        _ => format!("The policy deserves a look in {count} places"),
    };
    Some(Diagnostic::warning(summary, lines.join("\n\n")).at("definition"))
}

fn line(problem: &Problem) -> String {
    let state = problem.state();
    let place = if state.is_empty() { String::new() } else { format!("{state}: ") };
    format!("{place}{}. {}", problem.summary, problem.detail)
}
