//! Every message that a definition or a setting can cause: `problems/NAME.asl.json`, settings in `NAME.settings.json`, and in `NAME.txt` what is said: the
//! errors or, if there is none, the findings.

use std::path::Path;

use sfniam::asl::Problem;
use sfniam::generator::generate;
use sfniam::permissions::Mode;

use crate::request_of;
use crate::support::{beside, compare_or_bless};

pub(crate) fn check(case: &Path) -> Vec<Result<(), String>> {
    let said: String = match generate(&request_of(case, Mode::LeastPrivilege)) {
        Err(faults) => faults.iter().map(|fault| line(fault.argument.0, &fault.problem)).collect(),
        Ok(output) => output.findings.iter().map(|finding| line("definition", &finding.problem)).collect(),
    };
    if said.is_empty() {
        return vec![Err("nothing is said".to_owned())];
    }
    vec![compare_or_bless(&beside(case, ".txt"), &said)]
}

fn line(about: &str, problem: &Problem) -> String {
    let (state, pointer) = (problem.state(), &problem.pointer);
    let place = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
    let place = if state.is_empty() { place } else { format!("{place} ({state})") };
    format!("{} of {about}{place}\n  {}\n  {}\n", problem.severity.name(), problem.summary, problem.detail)
}
