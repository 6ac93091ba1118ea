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

const ARN: &str = "arn:";

const OBJECT_LAMBDA: &str = "s3-object-lambda:";

/// The parameter with the bucket and the key of what is copied.
const SOURCE: &str = "CopySource";

/// What decides a test of a parameter whose text is known; `None` for a test of something else. The key in
/// the source of a copy may end as an alias does; what else is behind a slash is in a name that AWS rejects.
pub(super) fn decides(test: Test, path: &str) -> Option<fn(&str) -> bool> {
    Some(match (test, path == SOURCE) {
        (OF_DIRECTORY, _) => names_directory_bucket,
        (OF_OUTPOST, true) => |text| has_outpost(text, &whole_name(text)),
        (OF_OUTPOST, false) => |text| has_outpost(text, &Pattern::literal(text)),
        (OF_OBJECT_LAMBDA, true) => names_object_lambda,
        (OF_OBJECT_LAMBDA, false) => |text| has_object_lambda(text, &Pattern::literal(text)),
        _ => return None,
    })
}

/// Whether a text names an access point of S3 Object Lambda, by its ARN or its alias.
#[must_use]
pub fn names_object_lambda(text: &str) -> bool {
    has_object_lambda(text, &whole_name(text))
}

fn has_object_lambda(text: &str, name: &Pattern) -> bool {
    let is_arn = ArnFields::of(&text.to_ascii_lowercase()).service == OBJECT_LAMBDA.strip_suffix(':');
    is_arn || alias::is_of_object_lambda(name)
}

/// Whether a text has the word for an Outpost, or is an alias of an access point on one. In the name of an
/// access point of S3 Object Lambda and in an alias the word is none.
fn has_outpost(text: &str, name: &Pattern) -> bool {
    let is_other = || has_object_lambda(text, name) || alias::is_of_bucket(name);
    let has_word = text.to_ascii_lowercase().contains(OUTPOST) && !is_other();
    has_word || alias::is_of_outposts(name)
}

/// Whether a text names a resource of S3 on Outposts. The Outposts themselves are of another service.
#[must_use]
pub fn names_bucket_on_outpost(text: &str) -> bool {
    let name = whole_name(text);
    let is_arn = || text.to_ascii_lowercase().contains(":s3-outposts:");
    has_outpost(text, &name) && (is_arn() || alias::is_of_outposts(&name))
}

/// Whether a value that is known in part is certain to be an alias of what a test asks for: it ends as one,
/// and may neither be an ARN nor have a key.
pub(super) fn is_alias(test: Test, path: &str, text: &Pattern) -> bool {
    let is_name = path != SOURCE && !ARN.starts_with(text.beginning());
    is_name
        && match test {
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
    if text.starts_with(ARN) {
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
            for (test, expected) in [(OF_OBJECT_LAMBDA, is_of_object_lambda), (OF_OUTPOST, is_on_outpost)] {
                assert_eq!(decides(test, SOURCE).is_some_and(|names| names(text)), expected, "{text}");
            }
        }
    }

    /// A name with a slash is none, and AWS rejects it; a key may have any text.
    #[test]
    fn the_end_of_a_name_decides_whatever_precedes_it() {
        for (test, path, text, expected) in [
            (OF_OBJECT_LAMBDA, "Bucket", "redact-a/b--ol-s3", true),
            (OF_OBJECT_LAMBDA, SOURCE, "redact-a/b--ol-s3", false),
            (OF_OUTPOST, "Bucket", "my-ap-a/b--op-s3", true),
            (OF_OUTPOST, SOURCE, "plain/a-1--op-s3", false),
            (OF_OUTPOST, SOURCE, "my-ap-o01ac5d--op-s3/a", true),
            (OF_OUTPOST, "Bucket", "my-ap-:outpost/-s3alias", false),
        ] {
            assert_eq!(decides(test, path).map(|names| names(text)), Some(expected), "{path} {text}");
        }
        let open = |begin: &str| {
            let mut text = Pattern::literal(begin);
            text.push_wildcard("*", WildcardReason::Hint);
            text.push_literal("--op-s3");
            text
        };
        assert!(is_alias(OF_OUTPOST, "Bucket", &open("my-ap-")));
        assert!(!is_alias(OF_OUTPOST, SOURCE, &open("my-ap-")));
        assert!(!is_alias(OF_OUTPOST, "Bucket", &open("")));
        assert!(!is_alias(OF_OUTPOST, "Bucket", &open("ar")));
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
