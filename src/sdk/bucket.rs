//! Directory buckets of Amazon S3, buckets on Outposts and access points of S3 Object Lambda, which need
//! other actions than general-purpose buckets.

use super::model::Test;
use crate::call::resource::alias;
use crate::call::resource::s3::DIRECTORY_BUCKET;
use crate::iam::{ArnFields, Pattern};

/// What the catalogue asks of a parameter to tell a directory bucket.
pub(super) const OF_DIRECTORY: Test = Test::Contains(DIRECTORY_BUCKET);

/// The same to tell a bucket on an Outpost, whose ARN is behind it.
pub(super) const OF_OUTPOST: Test = Test::Contains(OUTPOST);

/// The same to tell an access point of S3 Object Lambda, by the service of its ARN.
pub(super) const OF_OBJECT_LAMBDA: Test = Test::Contains(OBJECT_LAMBDA);

const OUTPOST: &str = ":outpost/";

const OBJECT_LAMBDA: &str = "s3-object-lambda:";

/// Whether a text names an access point of S3 Object Lambda, by its ARN or its alias.
#[must_use]
pub fn names_object_lambda(text: &str) -> bool {
    let is_arn = ArnFields::of(&text.to_ascii_lowercase()).service == OBJECT_LAMBDA.strip_suffix(':');
    is_arn || alias::is_of_object_lambda(&whole_name(text))
}

/// Whether a text has the word for an Outpost, or is an alias of an access point on one. In the name of an
/// access point of S3 Object Lambda the word is none.
pub(super) fn has_outpost(text: &str) -> bool {
    let has_word = text.to_ascii_lowercase().contains(OUTPOST) && !names_object_lambda(text);
    has_word || alias::is_of_outposts(&whole_name(text))
}

/// Whether a text names a resource of S3 on Outposts. The Outposts themselves are of another service.
#[must_use]
pub fn names_bucket_on_outpost(text: &str) -> bool {
    let is_arn = || text.to_ascii_lowercase().contains(":s3-outposts:");
    has_outpost(text) && (is_arn() || alias::is_of_outposts(&whole_name(text)))
}

/// Whether a value ends as an alias of what a test asks for.
pub(super) fn is_alias(test: Test, text: &Pattern) -> bool {
    match test {
        OF_OBJECT_LAMBDA => alias::is_of_object_lambda(text),
        OF_OUTPOST => alias::is_of_outposts(text),
        _ => false,
    }
}

/// The name of a bucket in a text that may have a key behind it.
fn whole_name(text: &str) -> Pattern {
    Pattern::literal(name(text).unwrap_or(text))
}

/// Whether a text names a directory bucket, by its suffix. The source of a copy has a key behind the name,
/// which may have the same text in it, and perhaps a slash before it.
#[must_use]
pub fn names_directory_bucket(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    name(&text).unwrap_or(&text).contains(DIRECTORY_BUCKET)
}

/// The whole name of a bucket at the beginning of a text, if a key follows it. An ARN has it further on.
fn name(text: &str) -> Option<&str> {
    if text.starts_with("arn:") {
        return None;
    }
    text.trim_start_matches('/').split_once('/').map(|(name, _)| name)
}

/// Whether a value of which only the beginning is known names one, as far as that is certain.
pub(super) fn begins(text: &Pattern) -> Option<bool> {
    let begun = text.beginning();
    let is_named = names_directory_bucket(begun);
    (is_named || name(begun).is_some()).then_some(is_named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::WildcardReason;

    #[test]
    fn the_suffix_counts_in_the_name_and_not_in_the_key() {
        for text in [
            "fast--euw1-az1--x-s3",
            "fast--euw1-az1--X-S3",
            "fast--euw1-az1--x-s3/a/b",
            "/fast--euw1-az1--x-s3/a",
            "arn:aws:s3express:eu-west-1:111122223333:bucket/fast--euw1-az1--x-s3",
        ] {
            assert!(names_directory_bucket(text), "{text}");
        }
        for text in ["", "plain", "plain/a--x-s3", "/plain/a--x-s3", "arn:aws:s3:::plain"] {
            assert!(!names_directory_bucket(text), "{text}");
        }
    }

    #[test]
    fn the_service_of_the_arn_tells_object_lambda() {
        let place = "eu-west-1:111122223333:accesspoint";
        assert!(names_object_lambda(&format!("arn:aws:s3-object-lambda:{place}/a")));
        for text in [
            "a",
            "s3-object-lambda:a",
            &*format!("arn:aws:s3:{place}/s3-object-lambda:"),
            "arn:aws:s3:::b/s3-object-lambda:",
        ] {
            assert!(!names_object_lambda(text), "{text}");
        }
    }

    #[test]
    fn aliases_of_access_points() {
        for (text, is_of_object_lambda, is_on_outpost) in [
            ("redact-1a4n8y--ol-s3", true, false),
            ("my-ap-o01ac5d--op-s3", false, true),
            ("my-ap-o01ac5d--op-s3/a/b", false, true),
            ("orders-hrzrlukc5m36-s3alias", false, false),
            ("plain/a-1--ol-s3", false, false),
            ("arn:aws:s3:::a--op-s3", false, false),
        ] {
            assert_eq!(names_object_lambda(text), is_of_object_lambda, "{text}");
            assert_eq!(names_bucket_on_outpost(text), is_on_outpost, "{text}");
            assert_eq!(has_outpost(text), is_on_outpost, "{text}");
        }
    }

    #[test]
    fn a_whole_name_is_enough() {
        let open = |text: &str| {
            let mut open = Pattern::literal(text);
            open.push_wildcard("*", WildcardReason::Hint);
            begins(&open)
        };
        assert_eq!(open("plain/"), Some(false));
        assert_eq!(open("fast--euw1-az1--x-s3/"), Some(true));
        for text in ["", "/", "plain", "arn:aws:s3:::plain/"] {
            assert_eq!(open(text), None, "{text}");
        }
    }
}
