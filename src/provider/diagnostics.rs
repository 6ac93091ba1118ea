//! From findings to errors at their arguments.

use crate::finding::{Argument, Finding, Severity, escaped};
use crate::protocol::diagnostic::Diagnostic;

/// Errors, each at its argument.
pub(super) fn errors(findings: &[Finding]) -> Vec<Diagnostic> {
    let error = |finding: &Finding| {
        let mut detail = finding.message();
        if finding.severity == Severity::Error && finding.code.severity() != Severity::Error {
            detail.push_str("\n\n\"on_finding\" or \"on_unresolved\" makes this an error.");
        }
        let (pointer, state) = (&finding.place.pointer, finding.state());
        if !state.is_empty() {
            detail.push_str(&format!("\n\nState: {}", escaped(&state)));
        }
        if !pointer.is_empty() {
            let gap = if state.is_empty() { "\n\n" } else { "\n" };
            detail.push_str(&format!("{gap}Place in the definition: {}", escaped(pointer)));
        }
        at(Diagnostic::error(finding.summary.to_string(), detail), &finding.place.argument)
    };
    findings.iter().map(error).collect()
}

/// The diagnostic about an argument, as far down as it is about a part of it.
pub(super) fn at(diagnostic: Diagnostic, argument: &Argument) -> Diagnostic {
    let position = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok());
    let mut made = diagnostic.at(argument.name);
    if let Some(block) = position(argument.block) {
        made = made.index(block);
    }
    if let Some(member) = argument.member {
        made = made.at(member);
    }
    if let Some(element) = position(argument.element) {
        made = made.index(element);
    }
    match &argument.key {
        Some(key) => made.key(key.as_str()),
        None => made,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::made_up::{MadeUp, found};
    use crate::finding::{Code, Place};

    #[test]
    fn an_error_is_at_its_argument_and_says_its_place() {
        let argument = Argument {
            block: Some(1),
            member: Some("resources"),
            element: Some(2),
            ..Argument::new("resource_hint")
        };
        let told =
            errors(&[Finding::new(&MadeUp(Code::InvalidHint, 1), argument), found(Code::InvalidState, 2)]);
        let hint = Diagnostic::error("Summary 1", "Message 1. [invalid-hint]");
        assert_eq!(told[0], hint.at("resource_hint").index(1).at("resources").index(2));
        assert_eq!(
            told[1].detail,
            "Message 2. [invalid-state]\n\nState: States.S2\nPlace in the definition: /States/S2/Parameters"
        );
        let raised = Finding { severity: Severity::Error, ..found(Code::OpenPart, 1) };
        assert!(errors(&[raised])[0].detail.contains("makes this an error"));
        let key = Argument { key: Some("a".to_owned()), ..Argument::new("activity_kms_keys") };
        let told = errors(&[Finding::new(&MadeUp(Code::InvalidKey, 1), Place::from(key))]);
        assert_eq!(
            told[0],
            Diagnostic::error("Summary 1", "Message 1. [invalid-key]").at("activity_kms_keys").key("a")
        );
    }
}
