//! How much a resource of a policy leaves open, by its text alone.

/// Services in whose ARNs no word for the type precedes the name.
const WITHOUT_WORD: [&str; 5] = ["codepipeline", "execute-api", "s3", "sns", "sqs"];

/// How much a resource leaves open, by its text alone: 0 names one, 1 a part of a name, 2 all of a type, 3
/// all of a service or more. The key of an object in a bucket and the like are parts of what is named.
pub(crate) fn openness(resource: &str) -> u8 {
    let plain = resource.replace("${*}", "S").replace("${?}", "S").replace("${$}", "S");
    let fields: Vec<&str> = plain.splitn(6, ':').collect();
    let [_, partition, service, _, _, name] = fields.as_slice() else {
        return if plain.contains('*') { 3 } else { 0 };
    };
    if partition.contains('*') || service.contains('*') || *name == "*" && !WITHOUT_WORD.contains(service) {
        return 3;
    }
    let segments: Vec<&str> = name.split(['/', ':']).filter(|segment| !segment.is_empty()).collect();
    let is_path = *service == "s3" && !name.starts_with("accesspoint/") || *service == "execute-api";
    let main = match segments.as_slice() {
        [only] => only,
        [first, ..] if is_path => first,
        // Roles have paths: the name is the last of them.
        [_, .., last] if *service == "iam" => last,
        [_, main, ..] => main,
        [] => return 0,
    };
    match *main {
        "*" => 2,
        open if open.contains('*') => 1,
        _ => 0,
    }
}

#[test]
fn openness_of_texts() {
    for (resource, open) in [
        ("*", 3),
        ("arn:aws:sns:eu-west-1:1:*", 2),
        ("arn:aws:codepipeline:eu-west-1:1:*", 2),
        ("arn:aws:iam::1:role/*", 2),
        ("arn:aws:iam::1:role/app-*", 1),
        ("arn:aws:iam::1:role/*/deploy", 0),
        ("arn:aws:s3:::*/*", 2),
        ("arn:aws:s3:::*", 2),
        ("arn:aws:glue:eu-west-1:1:*", 3),
        ("arn:aws:s3:::b/*", 0),
        ("arn:aws:s3:::b/${*}", 0),
        ("arn:aws:dynamodb:eu-west-1:1:table/t/index/*", 0),
        ("arn:aws:lambda:eu-west-1:1:function:f:*", 0),
        ("arn:aws:*:eu-west-1:1:x", 3),
    ] {
        assert_eq!(openness(resource), open, "{resource}");
    }
}
