//! From findings to the warnings that hosts show.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Code, Finding, Severity, cut, quoted, state_name};
use crate::protocol::diagnostic::Diagnostic;

use super::super::diagnostics::at;
use super::super::limits::MAX_WARNING_LINES;

/// One warning for each code, the most severe first. Hosts show only one of several warnings with the same
/// summary, so the summary names the finding and, if known, the state machine.
pub(super) fn warnings(findings: &[Finding], machine: Option<&str>) -> Vec<Diagnostic> {
    let mut by_code: BTreeMap<Code, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Warning) {
        by_code.entry(finding.code).or_default().push(finding);
    }
    let mut left = MAX_WARNING_LINES;
    let mut warnings = Vec::new();
    for (code, findings) in by_code {
        let Some(first) = findings.first() else { continue };
        let mut lines =
            if code == Code::MissingSetting { settings(&findings) } else { lines(&findings, left) };
        // What has no line is counted, and its message not written.
        let all = if code == Code::MissingSetting { lines.len() } else { findings.len() };
        let mut summary = first.summary.to_string();
        if let Some(state) = state_name(&first.place.pointer).filter(|_| code != Code::MissingSetting) {
            summary.push_str(&format!(" (state {})", quoted(&state)));
        }
        if all > 1 {
            summary.push_str(&format!(", and {} more", all - 1));
        }
        if let Some(machine) = machine {
            summary = format!("{}: {summary}", cut(machine));
        }
        let more = all.saturating_sub(left);
        lines.truncate(left);
        left -= lines.len();
        if more > 0 {
            let and = if lines.is_empty() { "See the" } else { "And" };
            lines.push(format!("{and} {more} more in \"findings\"."));
        }
        warnings.push(at(Diagnostic::warning(summary, lines.join("\n\n")), &first.place.argument));
    }
    warnings
}

/// So many lines of findings at most.
fn lines(findings: &[&Finding], most: usize) -> Vec<String> {
    let line = |finding: &&Finding| match finding.state() {
        state if state.is_empty() => finding.message(),
        state => format!("{}: {}", cut(&state), finding.message()),
    };
    findings.iter().take(most).map(line).collect()
}

/// One line for each argument that is not given, however many states it concerns.
fn settings(findings: &[&Finding]) -> Vec<String> {
    let parameters: BTreeSet<&str> = findings.iter().map(|finding| finding.parameter.as_str()).collect();
    let line = |parameter: &str| {
        let of_it: Vec<&&Finding> =
            findings.iter().filter(|finding| finding.parameter == parameter).collect();
        // The one about the trust policy belongs to no state.
        let states = of_it.iter().filter(|finding| finding.place.argument.name == "definition").count();
        match of_it.as_slice() {
            [one] => one.message(),
            _ => format!(
                "\"{parameter}\" is not set, so resources of {} \"*\" in its place. Set it to narrow the policy; \"findings\" lists the resources. [{}]",
                if states == 1 { "one state have".to_owned() } else { format!("{states} states have") },
                Code::MissingSetting.name()
            ),
        }
    };
    parameters.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::made_up::found;

    #[test]
    fn one_warning_for_each_code_and_the_gravest_first() {
        let findings = [
            found(Code::LiteralExpression, 1),
            found(Code::UnresolvedResource, 2),
            found(Code::UnresolvedResource, 3),
            found(Code::AwsWildcard, 4),
        ];
        let told = warnings(&findings, Some("orders"));
        let summaries: Vec<&str> = told.iter().map(|one| one.summary.as_str()).collect();
        assert_eq!(
            summaries,
            ["orders: Summary 2 (state \"S2\"), and 1 more", "orders: Summary 1 (state \"S1\")"]
        );
        assert_eq!(
            told[0].detail,
            "States.S2: Message 2. [unresolved-resource]\n\nStates.S3: Message 3. [unresolved-resource]"
        );
        assert_eq!(warnings(&findings, None)[1].summary, "Summary 1 (state \"S1\")");
    }

    #[test]
    fn lines_are_capped_for_all_codes_together() {
        let mut findings: Vec<Finding> =
            (0..15).map(|number| found(Code::UnresolvedResource, number)).collect();
        findings.extend((0..15).map(|number| found(Code::LiteralExpression, number)));
        findings.push(found(Code::KeyAlias, 1));
        let told = warnings(&findings, None);
        let counts: Vec<usize> = told.iter().map(|one| one.detail.split("\n\n").count()).collect();
        assert_eq!(counts, [15, 6, 1]);
        assert!(told[1].detail.ends_with("\n\nAnd 10 more in \"findings\"."), "{}", told[1].detail);
        assert_eq!(told[2].detail, "See the 1 more in \"findings\".");
    }

    #[test]
    fn a_missing_setting_is_one_line() {
        let of = |number: usize, parameter: &str| found(Code::MissingSetting, number).parameter(parameter);
        let told = warnings(&[of(1, "region"), of(1, "account_id"), of(2, "account_id")], None);
        let lines: Vec<&str> = told[0].detail.split("\n\n").collect();
        assert_eq!(told.len(), 1);
        assert!(lines[0].starts_with("\"account_id\" is not set, so resources of 2 states"), "{}", lines[0]);
        assert_eq!(lines[1], "Message 1. [missing-setting]");
    }
}
