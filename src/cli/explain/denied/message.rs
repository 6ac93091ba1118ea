//! AWS's messages about denied access, parsed.
//!
//! Sources: "Troubleshoot access denied error messages" in the IAM User Guide; the error messages of
//! `CreateStateMachine` and the history of executions in the Step Functions Developer Guide.

use crate::cli::problem::{CommandProblem, WrongValue};
use crate::cli::refusal::Refusal;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli::explain) struct Message {
    /// The ARN of the principal that was denied, if the message has it.
    pub(super) user: Option<String>,
    /// The actions that were denied.
    pub(super) actions: Vec<String>,
    /// The ARN of the resource, or `*`, if the message has it.
    pub(super) resource: Option<String>,
    /// The state in which it happened, if the message has it.
    pub(super) state: Option<String>,
    pub(super) cause: Cause,
}

/// Why it was denied, as far as the message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The message does not say.
    Unknown,
    /// No policy of the role allows it.
    NotAllowed,
    /// A policy of the role has `Deny` for it.
    Denied,
    /// Something other than the policies of the role: its name in a sentence.
    Elsewhere(&'static str),
    /// Step Functions cannot assume the role.
    Trust,
}

/// The text between the principal and the action.
const PERFORM: &str = "authorized to perform";

/// What is not a policy of the role, by the words that messages use for it.
const ELSEWHERE: [(&str, &str); 6] = [
    ("permissions boundary", "the permissions boundary of the role"),
    ("service control policy", "a service control policy of the organization"),
    ("resource control policy", "a resource control policy of the organization"),
    ("resource-based policy", "the policy of the resource"),
    ("session policy", "a policy of the session"),
    ("vpc endpoint policy", "the policy of a VPC endpoint"),
];

impl Message {
    /// Parses a message, whatever text surrounds it.
    ///
    /// # Errors
    /// If it names no action.
    pub(in crate::cli::explain) fn read(text: &str) -> Result<Message, Refusal> {
        let text = plain(text);
        let lower = text.to_ascii_lowercase();
        let state = between(&text, "executing the state '", "'");
        let of = |actions: &[&str], cause| Message {
            user: user(&text),
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            resource: None,
            state: state.clone(),
            cause,
        };
        if lower.contains("authorized to assume the provided role") {
            return Ok(of(&["sts:AssumeRole"], Cause::Trust));
        }
        if lower.contains("authorized to create managed-rule") {
            return Ok(of(
                &["events:PutRule", "events:PutTargets", "events:DescribeRule"],
                Cause::NotAllowed,
            ));
        }
        if lower.contains("authorized to access the log destination") {
            return Ok(of(&LOG_DELIVERY, Cause::NotAllowed));
        }
        let unreadable = || {
            let wrong = WrongValue::NamesNoAction;
            Refusal::Option(CommandProblem::Option { option: "denied".to_owned(), wrong })
        };
        // A sentence before it may say the same of "this operation".
        let named = lower.match_indices(PERFORM).find_map(|(at, said)| {
            let (action, after) = action(text.get(at + said.len()..)?)?;
            Some((at, action, after))
        });
        let (at, action, after) = named.ok_or_else(unreadable)?;
        Ok(Message {
            user: user(text.get(..at).unwrap_or_default()),
            actions: vec![action],
            resource: resource(after),
            state,
            cause: cause(&after.to_ascii_lowercase()),
        })
    }
}

/// What log delivery needs. Source: "Logging using CloudWatch Logs" in the Step Functions Developer
/// Guide.
const LOG_DELIVERY: [&str; 8] = [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

/// The text in one line, without the escapes of a string in JSON.
fn plain(text: &str) -> String {
    let text = text.replace("\\\"", "\"").replace("\\n", " ").replace("\\/", "/");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside.to_owned())
}

/// The last ARN before the denied action.
fn user(before: &str) -> Option<String> {
    let mut arns = before.split([' ', '\'', '"', '(', ')', ',', ';']).filter(|word| word.starts_with("arn:"));
    arns.next_back().map(str::to_owned)
}

/// The first word that has the form of an action, and what follows it.
fn action(text: &str) -> Option<(String, &str)> {
    let is_name = |one: &str| !one.is_empty() && one.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    // These words end the sentence.
    for word in text.split(' ').take(8) {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_action = |(service, name): (&str, &str)| is_name(service) && is_name(name);
        if bare.split_once(':').is_some_and(is_action) {
            let (_, after) = text.split_once(bare)?;
            return Some((bare.to_owned(), after));
        }
    }
    None
}

/// What a text says after the action: `on resource: ARN because …`. The names of some resources have blanks.
fn resource(after: &str) -> Option<String> {
    let (_, rest) = after.split_once("on resource")?;
    let rest = rest.trim_start_matches(['(', 's', ')', ':', ' ']);
    let quote = rest.chars().next().filter(|one| matches!(one, '"' | '\'' | '`'));
    let inside = match quote {
        Some(quote) => rest.trim_start_matches(quote).split(quote).next()?,
        None => {
            let ends =
                [" because ", " with an explicit deny", " (Service", " (service", " Encoded authorization"];
            let end = ends.iter().filter_map(|end| rest.find(end)).min();
            match end {
                Some(end) => rest.get(..end)?,
                None => rest.split([' ', '"', '\'']).next()?,
            }
        }
    };
    let bare = inside.trim_end_matches(['.', ',', ';', ')', '"', '\'', '}']);
    (bare == "*" || bare.starts_with("arn:")).then(|| bare.to_owned())
}

fn cause(after: &str) -> Cause {
    if let Some((_, name)) = ELSEWHERE.into_iter().find(|(said, _)| after.contains(said)) {
        return Cause::Elsewhere(name);
    }
    match (after.contains("explicit deny"), after.contains("identity-based policy")) {
        (true, _) => Cause::Denied,
        (false, true) => Cause::NotAllowed,
        (false, false) => Cause::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_aws_are_taken_apart() {
        let role = "arn:aws:sts::111122223333:assumed-role/orders/AbCd";
        for (text, action, resource, cause) in [
            (
                format!(
                    "User: {role} is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-1:111122223333:function:price because no identity-based policy allows the lambda:InvokeFunction action (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: 1)"
                ),
                "lambda:InvokeFunction",
                Some("arn:aws:lambda:eu-west-1:111122223333:function:price"),
                Cause::NotAllowed,
            ),
            (
                format!(
                    "User: {role} is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:orders because no resource-based policy allows the SNS:Publish action"
                ),
                "SNS:Publish",
                Some("arn:aws:sns:eu-west-1:111122223333:orders"),
                Cause::Elsewhere("the policy of the resource"),
            ),
            (
                format!(
                    "User: {role} is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/a key\" with an explicit deny in a service control policy"
                ),
                "s3:GetObject",
                Some("arn:aws:s3:::b/a key"),
                Cause::Elsewhere("a service control policy of the organization"),
            ),
            (
                format!(
                    "{{\"Error\":\"DynamoDB.AccessDenied\",\"Cause\":\"User: {role} is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/t because no identity-based policy allows the dynamodb:PutItem action\"}}"
                ),
                "dynamodb:PutItem",
                Some("arn:aws:dynamodb:eu-west-1:111122223333:table/t"),
                Cause::NotAllowed,
            ),
            (
                format!(
                    "{{\\\"Cause\\\":\\\"User: {role} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region\\\"}}"
                ),
                "kms:Decrypt",
                None,
                Cause::Unknown,
            ),
            (
                format!(
                    "User: {role} is not authorized to perform: ecs:RunTask on resource: * with an explicit deny in an identity-based policy"
                ),
                "ecs:RunTask",
                Some("*"),
                Cause::Denied,
            ),
            (
                format!(
                    "You are not authorized to perform this operation. User: {role} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:111122223333:instance/* because no permissions boundary allows it. Encoded authorization failure message: x-y"
                ),
                "ec2:RunInstances",
                Some("arn:aws:ec2:eu-west-1:111122223333:instance/*"),
                Cause::Elsewhere("the permissions boundary of the role"),
            ),
            (
                format!(
                    "User: {role} is not authorized to perform: states:StartExecution on resource: arn:aws:states:eu-west-1:111122223333:stateMachine:child."
                ),
                "states:StartExecution",
                Some("arn:aws:states:eu-west-1:111122223333:stateMachine:child"),
                Cause::Unknown,
            ),
            (
                format!(
                    "User: {role} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:********3333:abc/prod/GET/x"
                ),
                "execute-api:Invoke",
                Some("arn:aws:execute-api:eu-west-1:********3333:abc/prod/GET/x"),
                Cause::Unknown,
            ),
        ] {
            let message = Message::read(&text).unwrap();
            assert_eq!(message.actions, [action], "{text}");
            assert_eq!((message.resource.as_deref(), message.cause), (resource, cause), "{text}");
            assert_eq!(message.user.as_deref(), Some(role), "{text}");
        }
    }

    #[test]
    fn what_step_functions_says_itself() {
        for (text, first, cause) in [
            (
                "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
                "sts:AssumeRole",
                Cause::Trust,
            ),
            (
                "AccessDeniedException: 'arn:aws:iam::111122223333:role/orders' is not authorized to create managed-rule.",
                "events:PutRule",
                Cause::NotAllowed,
            ),
            (
                "The state machine IAM Role is not authorized to access the Log Destination",
                "logs:CreateLogDelivery",
                Cause::NotAllowed,
            ),
        ] {
            let message = Message::read(text).unwrap();
            assert_eq!((message.actions[0].as_str(), message.cause), (first, cause), "{text}");
        }
        let message = Message::read(
            "An error occurred while executing the state 'Publish it' (entered at the event id #2). User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: sns:Publish on resource: arn:aws:sns:eu-west-1:111122223333:t",
        );
        assert_eq!(message.unwrap().state.as_deref(), Some("Publish it"));
    }

    #[test]
    fn what_names_no_action_is_refused() {
        for text in [
            "",
            "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)",
            "is not authorized to perform",
            "is not authorized to perform: this operation on the resource arn:aws:s3:::b",
        ] {
            assert!(Message::read(text).is_err(), "{text}");
        }
    }
}
