//! Names in another case than AWS has them: AWS rejects them, and the policy is for what is meant.

use crate::asl::template::Arguments;
use crate::asl::{Json, member_pointer, resource_pointer};
use crate::finding::suggest::did_you_mean;
use crate::finding::{Code, Finding, Problem, quoted};

use super::Requirements;

/// A name in another case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum SpellingProblem<'a> {
    #[error(
        "{} is not a parameter of {call}: names of parameters are case-sensitive, and AWS rejects others.{} The policy is for {}.",
        quoted(written),
        did_you_mean(&[*name]),
        quoted(name)
    )]
    Parameter { call: &'a str, written: &'a str, name: &'a str },
    #[error(
        "AWS does not document {} as a Resource: names of services and APIs are case-sensitive.{} The policy is for {}.",
        quoted(written),
        did_you_mean(&[*name]),
        quoted(name)
    )]
    Resource { written: &'a str, name: &'a str },
}

impl Problem for SpellingProblem<'_> {
    fn code(&self) -> Code {
        Code::WrongCase
    }

    fn summary(&self) -> String {
        match self {
            SpellingProblem::Parameter { .. } => "A parameter in another case".to_owned(),
            SpellingProblem::Resource { .. } => "A Resource in another case".to_owned(),
        }
    }
}

/// The parameters of a call that were read so far although they are written in another case. `call` is as
/// explanations name it.
pub(super) fn of_parameters(call: &str, arguments: &Arguments<'_, '_>, pointer: &str) -> Requirements {
    let respelled = arguments.respelled();
    // Which parameters are read can depend on the values of others.
    if !respelled.is_empty() && arguments.asked().iter().any(|(_, value)| value.is_pending()) {
        return Requirements { open_findings: [pointer.into()].into(), ..Requirements::default() };
    }
    Requirements::of_problems(respelled.iter().filter_map(|one| {
        let path = one.path.split('|').next().unwrap_or_default();
        let last = path.rsplit('.').next().unwrap_or_default();
        let name = last.trim_end_matches("[]").trim_end_matches("{}");
        let problem = SpellingProblem::Parameter { call, written: &one.written, name };
        let is_accepted = one.written == with_words(name);
        (!is_accepted).then(|| Finding::new(&problem, pointer).parameter(path))
    }))
}

/// A name with its acronyms as words, as AWS's SDK for Java has them: `DBInstanceIdentifier` as
/// `DbInstanceIdentifier`. AWS does not document which of the two an optimized integration accepts.
fn with_words(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    let mut before = None;
    let mut rest = name.chars().peekable();
    while let Some(one) = rest.next() {
        let begins_word = rest.peek().is_some_and(char::is_ascii_lowercase);
        let is_inside = before.is_some_and(|before: char| before.is_ascii_uppercase()) && !begins_word;
        made.push(if is_inside { one.to_ascii_lowercase() } else { one });
        before = Some(one);
    }
    made
}

/// A Resource whose service or API is written in another case; `names` are those that AWS has for both.
/// `kind` is what is before them, such as `aws-sdk:`.
pub(super) fn of_resource(kind: &str, written: (&str, &str), names: (&str, &str)) -> Option<Finding> {
    let is_other = |(one, two): (&str, &str)| one != two && one.eq_ignore_ascii_case(two);
    (is_other((written.0, names.0)) || is_other((written.1, names.1))).then(|| {
        let join = |(service, api): (&str, &str)| format!("{kind}{service}:{api}");
        let (written, name) = (join(written), join(names));
        let problem = SpellingProblem::Resource { written: &written, name: &name };
        Finding::new(&problem, resource_pointer(""))
    })
}

/// The same with the findings about parameters at the places of these in the definition.
#[must_use]
pub fn located(mut requirements: Requirements, document: &Json<'_>) -> Requirements {
    let is_about_parameter = |one: &&mut Finding| {
        matches!(one.code, Code::ImpossibleValue | Code::WrongCase) && !one.parameter.is_empty()
    };
    for one in requirements.problems.iter_mut().filter(is_about_parameter) {
        one.place = member_pointer(document, &one.place.pointer, &one.parameter).into();
    }
    requirements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_become_words() {
        let names = [
            ("DBInstanceIdentifier", "DbInstanceIdentifier"),
            ("VolumeConfigurations", "VolumeConfigurations"),
            ("ManagedEBSVolume", "ManagedEbsVolume"),
            ("SSEKMSKeyId", "SsekmsKeyId"),
            ("ResourceARN", "ResourceArn"),
            ("TopicArn", "TopicArn"),
            ("", ""),
        ];
        for (name, words) in names {
            assert_eq!(with_words(name), words);
        }
    }

    #[test]
    fn only_the_case_is_told() {
        let names = ("dynamodb", "putItem");
        assert!(of_resource("", ("dynamodb", "PutItem"), names).is_some());
        assert!(of_resource("", ("DynamoDB", "putItem"), names).is_some());
        assert!(of_resource("", names, names).is_none());
        assert!(of_resource("", ("dynamo", "putItem"), names).is_none());
    }
}
