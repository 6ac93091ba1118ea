//! What our parser takes of YAML 1.2 and go-cty-yaml refuses.

use crate::source::{Unreadable, YamlProblem};

/// The directive `%YAML`, which go-cty-yaml takes for version 1.1 alone.
pub(super) fn check(text: &str) -> Result<(), Unreadable> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim();
        if !(content.is_empty() || content.starts_with(['#', '%'])) {
            break;
        }
        if let Some(version) = content.strip_prefix("%YAML ")
            && version.split_whitespace().next() != Some("1.1")
        {
            let problem = "Terraform reads no other version than \"%YAML 1.1\"; leave the directive out";
            return Err(Unreadable { problem: YamlProblem::Syntax(problem.to_owned()), offset });
        }
        offset += line.len();
    }
    Ok(())
}

/// The escape `\/`, in a text with its double quotes.
pub(super) fn check_escapes(quoted: &str) -> Result<(), YamlProblem> {
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && characters.next() == Some('/') {
            let problem = "Terraform does not know the escape \"\\/\"; write \"/\"";
            return Err(YamlProblem::Syntax(problem.to_owned()));
        }
    }
    Ok(())
}
