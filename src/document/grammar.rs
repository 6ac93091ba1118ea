//! What IAM accepts as a document: elements of an ARN, characters, names of actions.
//!
//! Source: "Grammar of the IAM JSON policy language", "IAM JSON policy elements: Resource" of the IAM user
//! guide.

use super::{Document, DocumentStatement};

/// Why IAM would reject a document, or never match a part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrammarError {
    /// A resource that is neither `*` nor an ARN.
    #[error("the resource \"{0}\" is neither \"*\" nor an ARN")]
    NotAnArn(String),
    /// A wildcard, or nothing, instead of the partition or the service.
    #[error("the {part} in the ARN \"{arn}\" is empty or has a wildcard")]
    Open {
        /// `partition` or `service`.
        part: &'static str,
        /// The resource.
        arn: String,
    },
    /// The account is neither twelve digits nor a wildcard nor empty.
    #[error("the account in the ARN \"{0}\" does not have twelve digits")]
    Account(String),
    /// The ARN has no resource.
    #[error("the ARN \"{0}\" does not name a resource")]
    Empty(String),
    /// An action that is neither `*` nor `service:Name`.
    #[error("the action \"{0}\" does not have the form \"service:Name\"")]
    Action(String),
    /// A list without elements.
    #[error("\"{0}\" is empty")]
    NoElements(&'static str),
    /// A character that IAM does not accept in a document.
    #[error("the text \"{0}\" has a character beyond U+00FF or a control character")]
    Character(String),
}

/// Checks a whole document.
///
/// # Errors
/// The first thing that IAM would reject.
pub fn check(document: &Document) -> Result<(), GrammarError> {
    if document.statements.is_empty() {
        return Err(GrammarError::NoElements("Statement"));
    }
    document.statements.iter().try_for_each(statement)
}

/// Checks a statement.
///
/// # Errors
/// As [`check`].
pub fn statement(statement: &DocumentStatement) -> Result<(), GrammarError> {
    let actions = statement.actions.patterns();
    if actions.is_empty() {
        return Err(GrammarError::NoElements("Action"));
    }
    actions.iter().try_for_each(|glob| action(glob.as_str()))?;
    if let Some(resources) = &statement.resources {
        if resources.patterns().is_empty() {
            return Err(GrammarError::NoElements("Resource"));
        }
        resources.patterns().iter().try_for_each(|glob| resource(glob.as_str()))?;
    }
    for test in &statement.conditions {
        if test.values.is_empty() {
            return Err(GrammarError::NoElements("Condition"));
        }
        test.values.iter().try_for_each(|value| characters(value))?;
    }
    Ok(())
}

fn action(text: &str) -> Result<(), GrammarError> {
    if text == "*" {
        return Ok(());
    }
    let named = |part: &str, more: &[char]| {
        !part.is_empty()
            && part.chars().all(|character| character.is_ascii_alphanumeric() || more.contains(&character))
    };
    match text.split_once(':') {
        Some((service, name)) if named(service, &['-']) && named(name, &['*', '?', '-', '_']) => Ok(()),
        _ => Err(GrammarError::Action(text.to_owned())),
    }
}

/// Checks one element of `Resource`.
///
/// # Errors
/// What IAM would reject it for.
pub fn resource(text: &str) -> Result<(), GrammarError> {
    characters(text)?;
    if text == "*" {
        return Ok(());
    }
    let mut fields = text.splitn(6, ':');
    let mut next = || fields.next().ok_or_else(|| GrammarError::NotAnArn(text.to_owned()));
    let (arn, partition, service) = (next()?, next()?, next()?);
    let (_region, account, resource) = (next()?, next()?, next()?);
    if arn != "arn" {
        return Err(GrammarError::NotAnArn(text.to_owned()));
    }
    for (part, field) in [("partition", partition), ("service", service)] {
        if field.is_empty() || field.contains(['*', '?', '$']) {
            return Err(GrammarError::Open { part, arn: text.to_owned() });
        }
    }
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits || account.is_empty() || account.contains(['*', '?', '$']) || account == "aws") {
        return Err(GrammarError::Account(text.to_owned()));
    }
    if resource.is_empty() {
        return Err(GrammarError::Empty(text.to_owned()));
    }
    Ok(())
}

fn characters(text: &str) -> Result<(), GrammarError> {
    let allowed = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    if text.chars().all(allowed) { Ok(()) } else { Err(GrammarError::Character(text.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_that_iam_takes() {
        for text in [
            "*",
            "arn:aws:s3:::b/*",
            "arn:aws:sns:*:*:t",
            "arn:aws-cn:iam::111122223333:role/r",
            "arn:aws:iam::aws:policy/p",
            "arn:aws:s3:::${aws:username}",
            "arn:aws:ec2:eu-west-1::image/ami-1",
            "arn:aws:sqs:r:????????????:q",
        ] {
            assert_eq!(resource(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn resources_that_iam_refuses() {
        for text in [
            "",
            "x",
            "?",
            "arn",
            "arn:aws:sns",
            "arn:aws:*:r:*:*:*",
            "arn:*:sns:r:1:t",
            "arn:aws::r:1:t",
            "arn:aws:sns:r:123:t",
            "arn:aws:sns:r:111122223333:",
            "arn:aws:s3:::\u{430}",
        ] {
            assert!(resource(text).is_err(), "{text}");
        }
    }

    #[test]
    fn actions_have_a_service_and_a_name() {
        for text in ["*", "s3:*", "elasticmapreduce:Run?obFlow", "emr-containers:StartJobRun"] {
            assert_eq!(action(text), Ok(()), "{text}");
        }
        for text in ["", "s3", ":x", "s3:", "s*:GetObject", "s3:Get Object"] {
            assert!(action(text).is_err(), "{text}");
        }
    }
}
