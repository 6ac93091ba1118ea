//! Every message that a definition or a setting can cause: `problems/NAME.asl.json`, settings in
//! `NAME.settings.json`, and in `NAME.txt` the errors or, if there are none, the findings.

use std::path::Path;

use sfniam::finding::Finding;
use sfniam::generator::generate;
use sfniam::permissions::Mode;

use crate::request_of;
use crate::support::{beside, compare_or_bless};

pub(crate) fn check(case: &Path) -> Vec<Result<(), String>> {
    let said: String = match generate(&request_of(case, Mode::LeastPrivilege)) {
        Err(findings) => findings.iter().map(line).collect(),
        Ok(output) => output.findings.iter().map(line).collect(),
    };
    if said.is_empty() {
        return vec![Err("nothing is said".to_owned())];
    }
    vec![compare_or_bless(&beside(case, ".txt"), &said)]
}

fn line(finding: &Finding) -> String {
    let (state, pointer, argument) = (finding.state(), &finding.place.pointer, &finding.place.argument);
    let mut about = argument.name.to_owned();
    about.extend(argument.member.map(|member| format!(".{member}")));
    about.extend(argument.element.map(|element| format!("[{element}]")));
    about.extend(argument.key.as_ref().map(|key| format!("[\"{key}\"]")));
    let place = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
    let place = if state.is_empty() { place } else { format!("{place} ({state})") };
    format!("{} of {about}{place}\n  {}\n  {}\n", finding.severity.name(), finding.summary, finding.message())
}
