//! Literals that a parameter accepts, where more depends on it than an ARN that it fills: ARNs of many
//! services, of which the service decides what a call needs, and what a few pages of AWS say.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::Service;
use super::forms;
use super::model::{Operation, Owner, Target, Test};
use crate::asl::Integration;
use crate::call::resource::{dynamodb as statements, ec2, glue, kms, s3, timestream};
use crate::call::{Call, has_type};
use crate::iam::{Arn, ArnFields, Pattern, is_account_number, is_region};

/// The service, if a test asks for that of an ARN, as `:sqs:` does.
fn asked_for(test: Test) -> Option<&'static str> {
    let Test::Contains(word) = test else { return None };
    word.strip_prefix(':')?.strip_suffix(':')
}

/// Whether a value passes a test of its text, as far as that is certain before it is known.
pub(super) fn passes(test: Test, text: &Pattern) -> Option<bool> {
    let begun = text.beginning().split("${").next().unwrap_or_default();
    let fields = ArnFields::of(begun);
    if let Some((asked, given)) = asked_for(test).zip(fields.service) {
        return Some(asked == given);
    }
    if let Test::Statement(words) = test {
        let is_whole = text.written(false).is_some_and(|text| text == begun);
        return timestream::begins_with(begun, is_whole, words);
    }
    if let Some(text) = text.written(false) {
        let passes = text_passes(test, &text);
        // What a token stands for is not known yet.
        if passes || !text.contains("${") {
            return Some(passes);
        }
    }
    match test {
        Test::Equals(wanted) => {
            let is_open = wanted.to_lowercase().starts_with(&begun.to_lowercase());
            (!is_open).then_some(false)
        }
        Test::Contains(word) => {
            // The word for the type ends with the first slash of an ARN's resource.
            let asked = word.strip_prefix(':').and_then(|word| word.strip_suffix('/'));
            let given = fields.resource.and_then(|resource| resource.split_once('/'));
            match asked.zip(given) {
                Some((asked, (given, _))) => Some(asked == given),
                None => begun.to_lowercase().contains(&word.to_lowercase()).then_some(true),
            }
        }
        Test::Verb(wanted) => statements::verb(begun, false).map(|verb| verb == wanted),
        Test::Present | Test::Ends(_) | Test::Statement(_) => None,
    }
}

fn text_passes(test: Test, text: &str) -> bool {
    let text = text.to_lowercase();
    match test {
        Test::Present | Test::Statement(_) => true,
        Test::Equals(wanted) => text == wanted.to_lowercase(),
        Test::Contains(wanted) => text.contains(&wanted.to_lowercase()),
        Test::Ends(wanted) => text.ends_with(&wanted.to_lowercase()),
        // A comment can precede it.
        Test::Verb(wanted) => statements::verb(&text, true).is_none_or(|verb| verb == wanted),
    }
}

/// Whether a parameter accepts a text in a partition.
type Accepts = fn(&str, &str) -> bool;

/// A parameter of a service, and what it accepts.
type Row = (&'static str, &'static str, Accepts);

/// What AWS's pages say.
///
/// Source: <https://docs.aws.amazon.com/iot/latest/apireference/API_ListAttachedPolicies.html> and
/// <https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html>, with the pattern of
/// identities in <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html>;
/// <https://docs.aws.amazon.com/textract/latest/APIReference/API_OutputConfig.html>;
/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>;
/// <https://docs.aws.amazon.com/timestream/latest/APIReference/API_DataSourceS3Configuration.html> and
/// <https://docs.aws.amazon.com/timestream/latest/APIReference/API_ReportS3Configuration.html>;
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/advanced-prompt-optimization-prereqs.html> and
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_DataRetentionStorageConfiguration.html>;
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html>; for Amazon DynamoDB, Amazon
/// EC2 and Amazon Timestream, the pages that their files name.
const PAGES: [Row; 16] = [
    ("bedrock", "InputConfig.S3Uri", |text, _| s3::is_uri(text)),
    ("bedrock", "OutputConfig.S3Uri", |text, _| s3::is_uri(text)),
    ("bedrock", "StorageConfiguration.S3BucketArn", |text, _| s3::is_bucket_arn(text)),
    ("kms", "KeyId", |text, _| kms::is_key(text)),
    ("dynamodb", "Statement", |text, _| statements::is_statement(text)),
    ("dynamodb", "Statements[].Statement", |text, _| statements::is_statement(text)),
    ("dynamodb", "TransactStatements[].Statement", |text, _| statements::is_statement(text)),
    ("ec2", "Source", |text, _| ec2::may_be_end_of_path(text)),
    ("ec2", "Destination", |text, _| ec2::may_be_end_of_path(text)),
    ("iot", "Target", is_principal),
    ("iot", "Principal", is_principal),
    ("textract", "OutputConfig.S3Prefix", |text, _| !text.trim().is_empty()),
    ("eventbridge", "EventBusName", is_bus),
    ("timestreamquery", "QueryString", |text, _| timestream::is_statement(text)),
    ("timestreamwrite", "DataSourceConfiguration.DataSourceS3Configuration.ObjectKeyPrefix", |text, _| {
        !text.is_empty()
    }),
    ("timestreamwrite", "ReportConfiguration.ReportS3Configuration.ObjectKeyPrefix", |text, _| {
        !text.is_empty()
    }),
];

/// The rows about a service.
fn pages(segment: &str) -> impl Iterator<Item = Row> {
    PAGES.into_iter().filter(move |(of, ..)| of.eq_ignore_ascii_case(segment))
}

/// What the parameters with the owners of what an operation is about accept: the number of an account, in AWS
/// Glue the catalog too.
fn owners(service: &Service, operation: &Operation) -> BTreeMap<&'static str, Accepts> {
    let accepts = |owner: Owner| -> Option<Accepts> {
        if service.prefix == glue::SERVICE {
            return Some(|text, _| glue::is_catalog(text));
        }
        (!owner.takes_others).then_some(|text, _| is_account_number(text))
    };
    let targets = operation.actions.iter().flat_map(|action| &action.targets);
    let owners = targets.filter_map(Target::owner);
    owners.filter_map(|owner| Some((owner.path.as_str(), accepts(owner)?))).collect()
}

/// Whether a text names an event bus. The rules of the default bus have ARNs without its name, so that its
/// own ARN is nowhere else.
fn is_bus(text: &str, partition: &str) -> bool {
    let is_name = |text: &str| {
        let is_of_name = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'/' | b'.' | b'-' | b'_');
        !text.is_empty() && text.bytes().all(is_of_name)
    };
    let Some(arn) = Arn::of(text) else { return is_name(text) };
    arn.partition == partition
        && arn.service == "events"
        && is_region(arn.region)
        && is_account_number(arn.account)
        && arn.resource.strip_prefix("event-bus/").is_some_and(is_name)
}

/// Whether a text names what policies of AWS IoT are attached to: a certificate or a group of things by its
/// ARN, or an identity of Amazon Cognito.
fn is_principal(text: &str, partition: &str) -> bool {
    let Some(arn) = Arn::of(text) else { return is_identity(text) };
    let kinds = ["cert/", "thinggroup/"];
    arn.partition == partition
        && arn.service == "iot"
        && is_region(arn.region)
        && is_account_number(arn.account)
        && kinds.iter().any(|kind| arn.resource.strip_prefix(kind).is_some_and(|name| !name.is_empty()))
}

/// Whether a text has the form of an identity of Amazon Cognito: a Region and an ID in hexadecimal digits.
fn is_identity(text: &str) -> bool {
    text.split_once(':').is_some_and(|(region, id)| {
        let is_id = |one: u8| matches!(one, b'0'..=b'9' | b'a'..=b'f' | b'-');
        let is_region = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'-' | b'_');
        !region.is_empty() && !id.is_empty() && region.bytes().all(is_region) && id.bytes().all(is_id)
    })
}

/// A literal that names nothing of what its parameter is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// The parameter.
    pub parameter: String,
    /// The literal.
    pub text: String,
    /// Whether a page of AWS says so. Otherwise a name may have an ARN that it does not show.
    pub is_certain: bool,
}

/// The literals that are not accepted.
pub(super) fn misread(service: &Service, operation: &Operation, call: &Call<'_, '_>) -> Vec<Rejected> {
    let mut literals = of_no_service(operation, call);
    let by_page = |path: &str, text| Rejected { parameter: path.to_owned(), text, is_certain: true };
    let of_pages = pages(service.segment).map(|(_, path, accepts)| (path, accepts));
    for (path, accepts) in of_pages.chain(owners(service, operation)) {
        let texts = call.texts(path);
        let known = texts.iter().filter_map(|text| text.written(false));
        let wrong = known.filter(|text| !text.contains("${") && !accepts(text, &call.aws.partition));
        literals.extend(wrong.map(|text| by_page(path, text)));
        // Of the beginning of an ARN, the type decides, whatever name follows.
        let begun = texts.iter().filter(|text| text.written(false).is_none() && has_type(text.beginning()));
        let wrong = begun.filter(|text| !accepts(&format!("{}x", text.beginning()), &call.aws.partition));
        literals.extend(wrong.filter_map(|text| Some(by_page(path, text.written(true)?))));
    }
    literals
}

/// Whether a page of AWS says that the call's parameter does not accept a text.
pub(super) fn rejects(call: &Call<'_, '_>, path: &str, text: &str) -> bool {
    let Integration::Sdk { service, .. } = call.resource.integration else { return false };
    pages(service).any(|(_, of, accepts)| of == path && !accepts(text, &call.aws.partition))
}

/// The literals of parameters whose service decides that are not ARNs of any service.
fn of_no_service(operation: &Operation, call: &Call<'_, '_>) -> Vec<Rejected> {
    let conditions = operation.actions.iter().flat_map(|action| &action.when);
    let about_services = conditions.filter(|when| asked_for(when.test).is_some());
    let paths: BTreeSet<&str> =
        about_services.flat_map(|when| &when.paths).map(|path| path.as_str()).collect();
    let mut literals = Vec::new();
    for path in paths {
        let texts = call.texts(path);
        let wrong = texts.iter().filter(|text| !is_of_a_service(text)).filter_map(|text| text.written(false));
        let rejected = |text| Rejected { parameter: path.to_owned(), text, is_certain: false };
        literals.extend(wrong.map(rejected));
    }
    literals
}

/// Whether a text is an ARN of a service of which AWS's data have resources, and which names one of them.
fn is_of_a_service(text: &Pattern) -> bool {
    let is_one = |field: &str| !field.contains(['*', '?']);
    text.known().and_then(Arn::of).is_some_and(|arn| {
        let is_named = forms::has_service(arn.service) && !arn.resource.is_empty();
        is_named && [arn.partition, arn.region, arn.account].into_iter().all(is_one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::WildcardReason;

    #[test]
    fn what_is_certain_of_a_beginning() {
        const THINGS: Test = Test::Contains(":thinggroup/");
        for (test, begun, passes) in [
            (Test::Contains(":sqs:"), "arn:aws:sqs:eu-west-1:1:q", Some(true)),
            (Test::Contains(":sqs:"), "arn:aws:sns:eu-west-1:1:q", Some(false)),
            (Test::Contains(":sqs:"), "arn:aws:sq", None),
            (THINGS, "arn:aws:iot:eu-west-1:1:thinggroup/l", Some(true)),
            (THINGS, "arn:aws:iot:eu-west-1:1:cert/", Some(false)),
            (THINGS, "arn:aws:iot:eu-west-1:1:", None),
            (Test::Contains("arn:"), "arn:a", Some(true)),
            (Test::Contains("arn:"), "", None),
            (Test::Equals("FuotaTask"), "fuota", None),
            (Test::Equals("FuotaTask"), "Wireless", Some(false)),
        ] {
            let mut text = Pattern::literal(begun);
            text.push_wildcard("*", WildcardReason::Aws("test"));
            assert_eq!(super::passes(test, &text), passes, "{test:?} {begun}");
        }
    }

    #[test]
    fn what_a_token_stands_for_decides() {
        for (test, text, passes) in [
            (Test::Contains(":cert/"), "${Principal}", None),
            (Test::Contains(":cert/"), "arn:aws:iot:eu-west-1:1:cert/${Id}", Some(true)),
            (Test::Contains(":cert/"), "arn:aws:iot:eu-west-1:1:thinggroup/${Id}", Some(false)),
            (Test::Equals("FuotaTask"), "${Type}", None),
            (Test::Equals("FuotaTask"), "Wireless${Type}", Some(false)),
            (Test::Equals("FuotaTask"), "Wireless", Some(false)),
        ] {
            assert_eq!(super::passes(test, &Pattern::literal(text)), passes, "{test:?} {text}");
        }
    }

    #[test]
    fn identities_of_cognito() {
        for (text, is) in [
            ("eu-west-1:1234abcd-12ab-34cd-56ef-1234567890ab", true),
            ("zz:a:b", false),
            ("https://zz.example.com/a", false),
            ("s3://b/k", false),
            (":a", false),
        ] {
            assert_eq!(is_identity(text), is, "{text}");
        }
    }

    #[test]
    fn arns_of_any_service() {
        for (text, is) in [
            ("arn:aws:sqs:eu-west-1:111122223333:orders", true),
            ("arn:aws:s3:::reports", true),
            ("arn:aws:state:eu-west-1:111122223333:stateMachine:x", false),
            ("arn:aws:sqs:*:*:*", false),
            ("arn:aws:sq\u{455}:eu-west-1:111122223333:orders", false),
            ("arn:aws:sqs:eu-west-1:111122223333:", false),
            ("orders", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(is_of_a_service(&Pattern::literal(text)), is, "{text}");
        }
    }
}
