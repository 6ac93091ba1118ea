//! What documents allow.

use super::condition::all_hold;
use super::{Context, Document, DocumentStatement, Effect, Glob, Selection};

/// A request, or all requests that a pattern describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// One action, without wildcards.
    pub action: Glob,
    /// The resource, or a pattern for all resources that the request may be about.
    pub resource: Glob,
    /// What is known of its context.
    pub context: Context,
}

/// How far documents allow a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allowance {
    /// Not on any of its resources.
    Nothing,
    /// On some of its resources, or under a condition that cannot be decided.
    Part,
    /// On all of its resources.
    Everything,
}

impl Allowance {
    /// What is left of it if this much is denied.
    pub(super) fn without(self, denied: Allowance) -> Allowance {
        match (self, denied) {
            (Allowance::Nothing, _) | (_, Allowance::Everything) => Allowance::Nothing,
            (allowed, Allowance::Nothing) => allowed,
            (_, Allowance::Part) => Allowance::Part,
        }
    }
}

/// Decides as IAM does for one principal: a matching `Deny` wins, and without a matching `Allow` nothing is
/// allowed.
///
/// It is sound in both directions: `Everything` and `Nothing` are certain. `Part` is everything in between,
/// including a pattern that only several statements together cover. For a single resource and a fully known
/// context, the answer is never `Part`.
#[must_use]
pub fn decide<'d>(documents: impl IntoIterator<Item = &'d Document>, request: &Request) -> Allowance {
    let mut allowed = Allowance::Nothing;
    let mut denied = Allowance::Nothing;
    for statement in documents.into_iter().flat_map(|document| &document.statements) {
        let reach = reach(statement, request);
        match statement.effect {
            Effect::Allow => allowed = allowed.max(reach),
            Effect::Deny => denied = denied.max(reach),
        }
    }
    allowed.without(denied)
}

/// How much of a request a statement applies to.
fn reach(statement: &DocumentStatement, request: &Request) -> Allowance {
    let action = selected_actions(&statement.actions, &request.action);
    if action == Allowance::Nothing {
        return action;
    }
    let resource = match &statement.resources {
        Some(resources) => selected_resources(resources, &request.resource, &request.context),
        // Trust policies and other resource-based policies apply to the resource that they belong to.
        None => Allowance::Everything,
    };
    if resource == Allowance::Nothing {
        return resource;
    }
    let conditions = match all_hold(&statement.conditions, &request.context) {
        Some(true) => Allowance::Everything,
        Some(false) => Allowance::Nothing,
        None => Allowance::Part,
    };
    action.min(resource).min(conditions)
}

/// How much of an action a statement's element selects.
pub(super) fn selected_actions(actions: &Selection, wanted: &Glob) -> Allowance {
    selected(actions, |pattern| overlap(pattern, wanted))
}

/// How much of a resource a statement's element selects.
pub(super) fn selected_resources(resources: &Selection, wanted: &Glob, context: &Context) -> Allowance {
    selected(resources, |pattern| {
        if pattern.has_variables() {
            return overlap_of_arns(&pattern.resolved(|name| context.variable(name)), wanted);
        }
        overlap_of_arns(pattern, wanted)
    })
}

fn selected(selection: &Selection, overlap: impl Fn(&Glob) -> Allowance) -> Allowance {
    let matched = |patterns: &[Glob]| patterns.iter().map(&overlap).max().unwrap_or(Allowance::Nothing);
    match selection {
        Selection::Any(patterns) => matched(patterns),
        Selection::AllBut(patterns) => match matched(patterns) {
            Allowance::Nothing => Allowance::Everything,
            Allowance::Part => Allowance::Part,
            Allowance::Everything => Allowance::Nothing,
        },
    }
}

/// IAM's guide says of a `*` at the end of one of an ARN's parts that it matches colons too, and that others
/// match within their part. So the match of the latter is not certain.
fn overlap_of_arns(pattern: &Glob, wanted: &Glob) -> Allowance {
    match overlap(pattern, wanted) {
        Allowance::Everything if pattern.has_inner_star() && !pattern.covers_by_parts(wanted) => {
            Allowance::Part
        }
        overlap => overlap,
    }
}

fn overlap(pattern: &Glob, wanted: &Glob) -> Allowance {
    if pattern.covers(wanted) {
        Allowance::Everything
    } else if pattern.overlaps(wanted) {
        Allowance::Part
    } else {
        Allowance::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ContextValue, read};
    use super::*;

    fn decided(document: &str, action: &str, resource: &str, context: Context) -> Allowance {
        let document = read(document).unwrap_or_else(|error| panic!("{error}"));
        let request = Request { action: Glob::read_action(action), resource: Glob::read(resource), context };
        decide([&document], &request)
    }

    #[test]
    fn one_resource_is_allowed_or_not() {
        let document = r#"{"Statement": [
            {"Effect": "Allow", "Action": ["s3:Get*", "SNS:Publish"], "Resource": "arn:aws:s3:::b/*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret/*"},
            {"Effect": "Allow", "NotAction": ["s3:*", "sns:*"], "NotResource": "arn:aws:sqs:*"}]}"#;
        for (action, resource, expected) in [
            ("s3:GetObject", "arn:aws:s3:::b/k", Allowance::Everything),
            ("S3:GETOBJECT", "arn:aws:s3:::b/k", Allowance::Everything),
            ("s3:GetObject", "arn:aws:s3:::b", Allowance::Nothing),
            ("s3:GetObject", "arn:aws:s3:::b/secret/k", Allowance::Nothing),
            ("s3:PutObject", "arn:aws:s3:::b/k", Allowance::Nothing),
            ("dynamodb:GetItem", "arn:aws:dynamodb:r:1:table/t", Allowance::Everything),
            ("sqs:SendMessage", "arn:aws:sqs:r:1:q", Allowance::Nothing),
        ] {
            assert_eq!(
                decided(document, action, resource, Context::complete()),
                expected,
                "{action} {resource}"
            );
        }
    }

    #[test]
    fn a_pattern_may_be_allowed_in_part() {
        let document = r#"{"Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/a*", "arn:aws:s3:::c/*"]},
            {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::c/x/*"}]}"#;
        for (resource, expected) in [
            ("arn:aws:s3:::b/ab*", Allowance::Everything),
            ("arn:aws:s3:::b/*", Allowance::Part),
            ("arn:aws:s3:::d/*", Allowance::Nothing),
            ("arn:aws:s3:::c/*", Allowance::Part),
            ("arn:aws:s3:::c/x/y*", Allowance::Nothing),
            ("*", Allowance::Part),
        ] {
            assert_eq!(
                decided(document, "s3:GetObject", resource, Context::complete()),
                expected,
                "{resource}"
            );
        }
    }

    /// Source: "Using wildcards in resource ARNs" of the page about the element Resource of the IAM user
    /// guide.
    #[test]
    fn a_star_reaches_over_colons_at_the_end_of_a_part() {
        let topic = "arn:aws:sns:eu-west-1:111122223333:orders";
        for (resource, expected) in [
            ("arn:aws:sns:*:orders", Allowance::Everything),
            ("arn:aws:sns:eu-*:111122223333:orders", Allowance::Everything),
            ("arn:aws:sns:eu-*-1:*:orders", Allowance::Everything),
            ("arn:aws:sns:eu-*orders", Allowance::Part),
            ("arn:aws:sns:us-*orders", Allowance::Nothing),
        ] {
            let document = format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Action": "sns:Pub*sh", "Resource": "{resource}"}}]}}"#
            );
            assert_eq!(decided(&document, "sns:Publish", topic, Context::complete()), expected, "{resource}");
        }
    }

    #[test]
    fn a_condition_that_cannot_be_decided_makes_a_part() {
        let document = r#"{"Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}]}"#;
        let role = "arn:aws:iam::1:role/r";
        let passed = |value| Context::complete().with("iam:PassedToService", value);
        for (context, expected) in [
            (passed(ContextValue::Known(vec!["ecs-tasks.amazonaws.com".into()])), Allowance::Everything),
            (passed(ContextValue::Known(vec!["lambda.amazonaws.com".into()])), Allowance::Nothing),
            (Context::complete(), Allowance::Nothing),
            (Context::default(), Allowance::Part),
        ] {
            assert_eq!(decided(document, "iam:PassRole", role, context.clone()), expected, "{context:?}");
        }
    }

    #[test]
    fn variables_come_from_the_context() {
        let document = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}]}"#;
        let tag = |value| Context::complete().with("aws:PrincipalTag/team", value);
        for (context, expected) in [
            (tag(ContextValue::Known(vec!["red".into()])), Allowance::Everything),
            (tag(ContextValue::Known(vec!["blue".into()])), Allowance::Nothing),
            (tag(ContextValue::Unknown), Allowance::Part),
            (tag(ContextValue::Absent), Allowance::Nothing),
        ] {
            assert_eq!(decided(document, "s3:GetObject", "arn:aws:s3:::b/red/k", context), expected);
        }
        // Without a version, "${" is plain text.
        let old = document.replace(r#""Version": "2012-10-17", "#, "");
        let red = tag(ContextValue::Known(vec!["red".into()]));
        for (resource, expected) in [
            ("arn:aws:s3:::b/red/k", Allowance::Nothing),
            ("arn:aws:s3:::b/${$}{aws:PrincipalTag/team}/k", Allowance::Everything),
        ] {
            assert_eq!(decided(&old, "s3:GetObject", resource, red.clone()), expected);
        }
    }
}
