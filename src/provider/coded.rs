//! Codes of problems with arguments.

use crate::finding::Code;
use crate::protocol::diagnostic::Diagnostic;

/// The same problems, each with a code at its end. One that has a code of its own keeps it.
pub(super) fn coded(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let ending = format!(" [{}]", Code::InvalidArgument.name());
    let with_code = |mut problem: Diagnostic| {
        if !problem.detail.ends_with(']') {
            problem.detail.push_str(&ending);
        }
        problem
    };
    problems.into_iter().map(with_code).collect()
}
