//! `on_finding`, in the provider block and in the data source.

use crate::finding::{Argument, Code, Finding, Level, OnFinding};
use crate::protocol;
use crate::protocol::schema::Attribute;
use crate::protocol::value::{Type, Value};

use super::problem::ArgumentProblem;

/// The argument's name.
pub(super) const NAME: &str = "on_finding";

/// The argument that the provider block and the data source share.
pub(super) fn attribute() -> Attribute {
    Attribute::optional(
        NAME,
        Type::map(Type::String),
        "The severity of findings by code: `error` (no policy), `warn` (a warning, and in `findings`), `info` (only in `findings`) or `ignore` (omitted). \
         For example, `{ \"unresolved-resource\" = \"error\" }`. The guide to findings lists all codes. Errors in a definition that AWS rejects cannot be lowered.",
    )
    .allow_null_elements()
}

/// Reads the argument. A value that is null or not yet known counts as left out.
pub(super) fn read(value: &Value) -> (OnFinding, Vec<Finding>) {
    let mut on_finding = OnFinding::default();
    let mut problems = Vec::new();
    let Value::Object(members) = value else { return (on_finding, problems) };
    for (name, given) in members {
        let Some(given) = given.as_str() else { continue };
        let mut wrong = |problem: ArgumentProblem<'_>| {
            let argument = Argument { key: Some(name.to_string()), ..Argument::new(NAME) };
            problems.push(Finding::new(&problem, argument));
        };
        let Some(code) = Code::of(name) else {
            wrong(match protocol::problem::Code::of(name) {
                Some(code) => ArgumentProblem::AlwaysAnError { code: code.name() },
                None => ArgumentProblem::UnknownCode { name },
            });
            continue;
        };
        let Some(level) = Level::ALL.into_iter().find(|level| level.name() == given) else {
            wrong(ArgumentProblem::UnknownLevel { code: code.name(), given });
            continue;
        };
        if let Err(code) = on_finding.set(code, level) {
            let is = Level::from(code.severity()).name();
            wrong(ArgumentProblem::CannotBeLowered { code: code.name(), given: level.name(), is });
        }
    }
    (on_finding, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(members: &[(&'static str, Value)]) -> (OnFinding, Vec<String>) {
        let (on_finding, problems) = read(&Value::object(members.iter().cloned()));
        (on_finding, problems.into_iter().map(|problem| problem.message()).collect())
    }

    #[test]
    fn levels_are_read_by_code() {
        let (on_finding, problems) = given(&[
            ("open-part", "error".into()),
            ("aws-wildcard", Value::Null),
            ("open-host", Value::Unknown),
        ]);
        assert_eq!(problems, [] as [&str; 0]);
        assert_eq!(on_finding.said(Code::OpenPart), Some(Level::Error));
        assert_eq!((on_finding.said(Code::AwsWildcard), on_finding.said(Code::OpenHost)), (None, None));
    }

    #[test]
    fn what_cannot_be_set_is_said() {
        for (code, level, detail) in [
            (
                "unresolved-resourse",
                "error",
                "There is no code \"unresolved-resourse\". Did you mean \"unresolved-resource\"? [invalid-argument]",
            ),
            (
                "null-element",
                "warn",
                "\"null-element\" is always an error, because the configuration itself is wrong. Remove it. [invalid-argument]",
            ),
            ("x", "error", "There is no code \"x\". The guide to findings lists them. [invalid-argument]"),
            (
                "open-part",
                "warning",
                "\"open-part\" must be one of \"error\", \"warn\", \"info\", \"ignore\", but it is \"warning\". [invalid-argument]",
            ),
            (
                "invalid-json",
                "warn",
                "\"invalid-json\" cannot be \"warn\": its severity is \"error\" and cannot be lowered. Remove it, or raise it. [invalid-argument]",
            ),
        ] {
            assert_eq!(given(&[(code, level.into())]).1, [detail]);
        }
    }
}
