//! What is wrong, or worth knowing, about a definition.

use std::borrow::Cow;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No policy can be made, or it would not be the right one.
    Error,
    /// The policy is made; someone should look.
    Warning,
    /// Worth knowing when the policy is reviewed.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// A problem of a definition, with its place and its remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// JSON pointer into the definition (RFC 6901); the empty one is the whole.
    pub pointer: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: short, no full stop.
    pub summary: String,
    /// Why, and what to do: sentences.
    pub detail: String,
}

impl Problem {
    /// An error: no policy is made.
    #[must_use]
    pub fn error(pointer: impl Into<String>, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Problem {
            pointer: pointer.into(),
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
        }
    }

    /// A warning: the policy is made all the same.
    #[must_use]
    pub fn warning(
        pointer: impl Into<String>,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(pointer, summary, detail) }
    }

    /// Something worth knowing.
    #[must_use]
    pub fn info(pointer: impl Into<String>, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Problem { severity: Severity::Info, ..Problem::error(pointer, summary, detail) }
    }

    /// The path of the state in which the problem is, such as `States.Loop.ItemProcessor.States.Notify`; empty outside of states.
    #[must_use]
    pub fn state(&self) -> String {
        state_path(&self.pointer)
    }
}

/// The path of the innermost state that a JSON pointer leads into: `/States/A/Parameters` is in `States.A`.
#[must_use]
pub fn state_path(pointer: &str) -> String {
    let segments: Vec<Cow<'_, str>> = pointer.split('/').skip(1).map(unescape).collect();
    // A state's name follows a `States` that opens a workflow; names may themselves be `States`, so walk in pairs.
    let mut end = 0;
    let mut at = 0;
    while let Some(segment) = segments.get(at) {
        match segment.as_ref() {
            "States" if segments.get(at + 1).is_some() => {
                at += 2;
                end = at;
            }
            "Branches" => at += 2,
            "ItemProcessor" | "Iterator" => at += 1,
            _ => break,
        }
    }
    let path: Vec<&str> = segments.iter().take(end).map(AsRef::as_ref).collect();
    path.join(".")
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}

#[cfg(test)]
mod tests {
    use super::state_path;

    #[test]
    fn the_innermost_state_is_named() {
        for (pointer, state) in [
            ("", ""),
            ("/StartAt", ""),
            ("/States", ""),
            ("/States/A", "States.A"),
            ("/States/A/Parameters/States/B", "States.A"),
            ("/States/States/Branches/0/States/a~1b/Resource", "States.States.Branches.0.States.a/b"),
            ("/States/L/ItemProcessor/States/N/Next", "States.L.ItemProcessor.States.N"),
            ("/States/L/ItemProcessor/StartAt", "States.L"),
        ] {
            assert_eq!(state_path(pointer), state, "{pointer}");
        }
    }
}
