//! `--action`: which actions an explanation is about.

use std::fmt;

use crate::cli::problem::{CommandProblem, WrongValue};
use crate::cli::refusal::Refusal;
use crate::document::Glob;
use crate::finding::quoted;
use crate::generator::Output;

/// Patterns of actions; without any, all actions are selected.
#[derive(Clone, Debug, Default)]
pub(super) struct Actions {
    texts: Vec<String>,
    patterns: Vec<Glob>,
}

impl Actions {
    /// Reads patterns as IAM has them in `Action`, where the case of letters does not count.
    ///
    /// # Errors
    /// If one is not a pattern of actions.
    pub(super) fn read<'t>(texts: impl IntoIterator<Item = &'t String>) -> Result<Self, Refusal> {
        let mut actions = Actions::default();
        for text in texts {
            let is_pattern = match text.split_once(':') {
                Some((service, name)) => !service.is_empty() && !name.is_empty() && !name.contains(':'),
                None => text == "*",
            };
            if !is_pattern || text.chars().any(|one| one.is_whitespace() || one == '$') {
                let wrong = WrongValue::NotAnAction(text.clone());
                return Err(Refusal::Option(CommandProblem::Option { option: "action".to_owned(), wrong }));
            }
            actions.patterns.push(Glob::read_action(text));
            actions.texts.push(text.clone());
        }
        Ok(actions)
    }

    /// Whether all actions are meant.
    pub(super) fn are_all(&self) -> bool {
        self.patterns.is_empty()
    }

    fn include(&self, action: &str) -> bool {
        let action = Glob::read_action(action);
        self.are_all() || self.patterns.iter().any(|pattern| pattern.overlaps(&action))
    }

    /// Keeps the parts of an explanation that are about these actions.
    pub(super) fn keep(&self, output: &mut Output) {
        for row in &mut output.explanation {
            row.actions.retain(|action| self.include(action));
        }
        output.explanation.retain(|row| !row.actions.is_empty());
    }
}

/// In double quotes, joined by "or".
impl fmt::Display for Actions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.texts.iter().map(|text| quoted(text).to_string()).collect();
        formatter.write_str(&quoted.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_iam() {
        let includes = |pattern: &str, action: &str| {
            Actions::read([&pattern.to_owned()]).map(|actions| actions.include(action)).unwrap()
        };
        assert!(includes("s3:*", "s3:GetObject") && includes("S3:get?bject", "s3:GetObject"));
        assert!(includes("*", "sns:Publish") && includes("*:Get*", "s3:GetObject"));
        assert!(!includes("s3:Get", "s3:GetObject") && !includes("s3:*", "s3express:CreateSession"));
        assert!(Actions::default().include("sns:Publish"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["s3", "", ":Get", "s3:", "s3:Get Object", "s3:${aws:x}", "arn:aws:s3:::b"] {
            assert!(Actions::read([&text.to_owned()]).is_err(), "{text}");
        }
    }
}
