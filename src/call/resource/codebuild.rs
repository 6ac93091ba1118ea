//! Projects and report groups of AWS CodeBuild.

use crate::call::Call;
use crate::iam::{Pattern, Piece};

/// Builds are not a resource type, but their IDs (`PROJECT:UUID`) and ARNs (`…:build/PROJECT:UUID`) name the
/// project.
pub(crate) fn project(call: &Call<'_, '_>, id: &Pattern) -> Vec<Pattern> {
    if id.beginning().starts_with("arn:") {
        return parent(id, "project");
    }
    let name = before_colon(id);
    if name.is_unknown() || name.is_empty() {
        return Vec::new();
    }
    vec![call.arn("arn:{partition}:codebuild:{region}:{account}:project/{}", Some(&name), "")]
}

/// The ARN of what a build or a report belongs to: another type, and the name without what follows the colon.
pub(crate) fn parent(arn: &Pattern, kind: &str) -> Vec<Pattern> {
    let split = arn.split_at("/").and_then(|(head, name)| Some((head.rsplit_once(':')?.0, name)));
    let Some((account, name)) = split.filter(|_| arn.is_arn()) else { return Vec::new() };
    let mut made = account.then(":").then(kind).then("/");
    made.push(&before_colon(&name));
    vec![made]
}

/// What precedes the first colon, which only a wildcard can hide: then it is the beginning and that wildcard.
fn before_colon(id: &Pattern) -> Pattern {
    let mut name = Pattern::default();
    for piece in id.pieces() {
        match piece {
            Piece::Literal(text) => match text.split_once(':') {
                Some((before, _)) => return name.then(before),
                None => name.push_literal(text),
            },
            Piece::Wildcard(text, why) => name.push_wildcard(text, why.clone()),
        }
    }
    if id.known().is_some() {
        return name;
    }
    let mut open = Pattern::literal(id.beginning());
    if let Some(why) = id.reasons().next() {
        open.push_wildcard("*", why.clone());
    }
    open
}

#[cfg(test)]
mod tests {
    use super::{parent, project};
    use crate::call::testing::{made, text};

    #[test]
    fn builds_name_their_project() {
        const PROJECTS: &str = "arn:aws:codebuild:eu-west-1:111122223333:project/";
        for (id, name) in [
            ("report:0b1c", "report"),
            ("arn:aws:codebuild:eu-west-1:111122223333:build/report:0b1c", "report"),
            ("arn:aws:codebuild:eu-west-1:111122223333:build-batch/report:0b1c", "report"),
            ("report:*", "report"),
            ("report-*", "report-*"),
            ("report-*-x", "report-*"),
            ("report-*:0b1c", "report-*"),
            ("*-x:0b1c", "*-x"),
            ("arn:aws:codebuild:eu-west-1:111122223333:build/*", "*"),
            ("arn:aws:codebuild:eu-west-1:111122223333:build/report-*-x", "report-*"),
        ] {
            assert_eq!(made(&[], |call| project(call, &text(id))), [format!("{PROJECTS}{name}")], "{id}");
        }
        for id in ["", "*", "*:0b1c", "arn:aws:codebuild:*", "arn:*/report:0b1c"] {
            assert!(made(&[], |call| project(call, &text(id))).is_empty(), "{id}");
        }
    }

    #[test]
    fn reports_name_their_group() {
        let arn = "arn:aws:codebuild:eu-west-1:444455556666:report/tests:0b1c";
        let group = "arn:aws:codebuild:eu-west-1:444455556666:report-group/tests";
        assert_eq!(made(&[], |_| parent(&text(arn), "report-group")), [group]);
        assert!(made(&[], |_| parent(&text("tests"), "report-group")).is_empty());
    }
}
