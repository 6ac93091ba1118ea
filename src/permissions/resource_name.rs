//! What an ARN names: the main name of a resource, a part of it, or every resource of a type.

use crate::iam::ArnFields;

/// Types of resources with parts after the main name: the service, what precedes the name, what is
/// between name and part.
///
/// Source: the resource types of each service in the Service Authorization Reference.
const PARTS: [(&str, &str, &str); 18] = [
    // An object key in a bucket or of an access point.
    ("s3", "accesspoint/", "/"),
    ("s3", "", "/"),
    ("s3express", "bucket/", "/"),
    // An index or a stream of a table.
    ("dynamodb", "table/", "/"),
    // A version or an alias.
    ("lambda", "function:", ":"),
    ("lambda", "layer:", ":"),
    // An execution, a version or an alias of a state machine.
    ("states", "stateMachine:", ":"),
    ("states", "execution:", ":"),
    ("states", "express:", ":"),
    ("states", "mapRun:", ":"),
    // A revision.
    ("batch", "job-definition/", ":"),
    ("ecs", "task-definition/", ":"),
    // A task of a cluster.
    ("ecs", "task/", "/"),
    // A stream of a log group.
    ("logs", "log-group:", ":"),
    // A build of a project.
    ("codebuild", "build/", ":"),
    // A job run of an application or a virtual cluster.
    ("emr-serverless", "/applications/", "/"),
    ("emr-containers", "/virtualclusters/", "/"),
    // Stage, method and path of an API.
    ("execute-api", "", "/"),
];

/// Whether what follows this beginning of an ARN is a part of a resource whose main name is in the beginning.
pub(super) fn is_part(beginning: &str) -> bool {
    let fields = ArnFields::of(beginning);
    let (Some(service), Some(resource)) = (fields.service, fields.resource) else { return false };
    let row = PARTS.iter().find(|(of, before, _)| *of == service && resource.starts_with(before));
    row.is_some_and(|(_, before, after)| {
        let named = resource.strip_prefix(before).and_then(|rest| rest.split_once(after));
        named.is_some_and(|(name, _)| !name.is_empty() && name != "*")
    })
}

/// `every topic` for the ARN of all resources of a type, `every resource` for all of everything. `None` for
/// an ARN that names more than the type.
pub(super) fn every(arn: &str) -> Option<String> {
    if arn == "*" {
        return Some("every resource".to_owned());
    }
    let fields = ArnFields::of(arn);
    let (service, resource) = (fields.service?, fields.resource?);
    let kind = resource.trim_end_matches(['*', '/', ':']);
    let rest = resource.get(kind.len()..).unwrap_or_default();
    let whole =
        if kind.is_empty() { rest.starts_with('*') } else { rest.starts_with(['/', ':']) && rest.len() > 1 };
    if !whole || !kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') {
        return None;
    }
    let noun = match (service, kind) {
        ("s3", "") if resource.contains('/') => "object".to_owned(),
        ("s3", "") => "bucket".to_owned(),
        ("sns", "") => "topic".to_owned(),
        ("sqs", "") => "queue".to_owned(),
        (service, "") => format!("resource of {service}"),
        // The whole resource is the name of a bucket.
        ("s3", _) => return None,
        (_, kind) => words(kind),
    };
    Some(format!("every {noun}"))
}

/// `stateMachine` and `job-queue` as words.
fn words(kind: &str) -> String {
    let mut words = String::new();
    for character in kind.chars() {
        match character {
            '-' => words.push(' '),
            upper if upper.is_ascii_uppercase() => {
                words.push(' ');
                words.push(upper.to_ascii_lowercase());
            }
            other => words.push(other),
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_behind_a_whole_name() {
        for (beginning, part) in [
            ("arn:aws:s3:::reports/", true),
            ("arn:aws:s3:::reports", false),
            ("arn:aws:s3:::*/", false),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/", true),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/", false),
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/", true),
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/", false),
            ("arn:aws:lambda:eu-west-1:111122223333:function:f:", true),
            ("arn:aws:lambda:eu-west-1:111122223333:function:f", false),
            ("arn:aws:iam::111122223333:role/path/", false),
            ("arn:aws:sns:eu-west-1:", false),
            ("", false),
        ] {
            assert_eq!(is_part(beginning), part, "{beginning}");
        }
    }

    #[test]
    fn all_of_a_type_has_a_name() {
        for (arn, name) in [
            ("*", Some("every resource")),
            ("arn:aws:sns:eu-west-1:111122223333:*", Some("every topic")),
            ("arn:aws:s3:::*/*", Some("every object")),
            ("arn:aws:s3:::reports/*", None),
            ("arn:aws:s3:::reports/2026/*", None),
            ("arn:aws:states:*:*:stateMachine:*", Some("every state machine")),
            ("arn:aws:batch:*:*:job-queue/*", Some("every job queue")),
            ("arn:aws:iam::111122223333:role/*", Some("every role")),
            ("arn:aws:iam::111122223333:role/app-*", None),
            ("arn:aws:sns:eu-west-1:111122223333:orders-*", None),
            ("arn:aws:dynamodb:*:*:table/orders", None),
        ] {
            assert_eq!(every(arn).as_deref(), name, "{arn}");
        }
    }
}
