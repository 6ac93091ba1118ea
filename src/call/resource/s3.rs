//! Buckets and objects of Amazon S3.

use crate::call::{Call, begins_as, can_be_name};
use crate::iam::{Arn, ArnFields, Location, Pattern, WildcardReason, is_account_number, is_region};

/// The suffix of the names of directory buckets.
pub(crate) const DIRECTORY_BUCKET: &str = "--x-s3";

pub(crate) fn objects(call: &Call<'_, '_>, keys: &[Pattern]) -> Vec<Pattern> {
    keys.iter().flat_map(|key| buckets(call, Some(key))).collect()
}

/// The buckets, or the objects of that key in them. A bucket is a name, its ARN, or the ARN of an access
/// point.
pub(crate) fn buckets(call: &Call<'_, '_>, key: Option<&Pattern>) -> Vec<Pattern> {
    let resource = |bucket: &Pattern| {
        let names = |arn: &str| {
            ArnFields::of(arn).resource.is_some_and(|name| !name.is_empty() && !name.ends_with('/'))
        };
        let mut resource = if bucket.is_arn() && bucket.known().is_none_or(names) && may_be_bucket(bucket) {
            bucket.clone()
        } else {
            let malformed = (!can_be_name(bucket)).then(|| call.unfit("Bucket", bucket));
            call.arn("arn:{partition}:s3:::{}", malformed.as_ref().or(Some(bucket)), "")
        };
        if let Some(key) = key {
            let access_point = bucket.is_arn() && bucket.beginning().contains(":accesspoint/");
            resource.push_literal(if access_point { "/object/" } else { "/" });
            resource.push(key);
        }
        resource
    };
    call.required("Bucket").iter().map(resource).collect()
}

/// Whether an ARN can be that of a bucket or of an access point, as far as it is known: buckets have no
/// account in theirs. What is wrong with a whole ARN of another service is said elsewhere.
fn may_be_bucket(arn: &Pattern) -> bool {
    let fields = ArnFields::of(arn.beginning());
    let Some((account, resource)) = fields.account.zip(fields.resource) else { return true };
    let is_point = || resource.starts_with(POINT) || arn.known().is_none() && POINT.starts_with(resource);
    match fields.service {
        Some("s3") => account.is_empty() || is_point(),
        Some(service) => arn.known().is_some() || service.starts_with("s3"),
        None => true,
    }
}

/// How the resource of an access point begins.
const POINT: &str = "accesspoint/";

/// The object of a URI: `s3://BUCKET/KEY`, or an `https` address with the bucket in the path or in the host,
/// of any partition, dual-stack and FIPS ones too. Empty for anything else.
pub(crate) fn object(call: &Call<'_, '_>, uri: &Pattern) -> Vec<Pattern> {
    let place = match uri.strip_prefix("s3://") {
        Some(place) => in_bucket(place),
        None => uri.strip_prefix("https://").and_then(|address| of_address(&address)),
    };
    place.map(|place| call.arn("arn:{partition}:s3:{}", Some(&place), "")).into_iter().collect()
}

/// Whether a text is a URI with the scheme of S3, of a bucket or of what is in it.
pub(crate) fn is_uri(text: &str) -> bool {
    text.strip_prefix("s3://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// Whether a text is the ARN of a bucket.
pub(crate) fn is_bucket_arn(text: &str) -> bool {
    Arn::of(text).is_some_and(|arn| {
        arn.service == "s3"
            && arn.region.is_empty()
            && arn.account.is_empty()
            && !arn.resource.is_empty()
            && !arn.resource.contains('/')
    })
}

/// Bucket and key as ARNs have them behind the service.
fn in_bucket(place: Pattern) -> Option<Pattern> {
    let mut arn = Pattern::literal("::");
    arn.push(&place);
    (!place.is_empty()).then_some(arn)
}

/// The host of access points, whose name and account precede it.
///
/// Source: the virtual-hosted URI in
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html>.
const HOSTS_OF_POINTS: [&str; 2] = ["s3-accesspoint", "s3-accesspoint-fips"];

/// The object of `s3.REGION.amazonaws.com/BUCKET/KEY`, `BUCKET.s3.REGION.amazonaws.com/KEY` and
/// `NAME-ACCOUNT.s3-accesspoint.REGION.amazonaws.com/KEY`, as its ARN has it behind the service.
fn of_address(address: &Pattern) -> Option<Pattern> {
    let (host, path) = address.split_once('/')?;
    let host = host.known()?.to_ascii_lowercase();
    let host = Location::dns_suffixes().find_map(|suffix| host.strip_suffix(suffix))?.trim_end_matches('.');
    let service = |label: &str| label == "s3" || label.starts_with("s3-");
    // A bucket's name may have dots, and even a label like that of the service: the last one is the
    // service's.
    let labels: Vec<&str> = host.split('.').collect();
    let at = labels.iter().rposition(|label| service(label))?;
    // The region and `dualstack` follow it.
    let path = if path.known().is_some() { decode(&path) } else { path };
    match labels.get(..at)? {
        [] => in_bucket(path),
        [point] if labels.get(at).is_some_and(|host| HOSTS_OF_POINTS.contains(host)) => {
            let (name, account) = point.rsplit_once('-').filter(|(_, text)| is_account_number(text))?;
            let region = labels.last().filter(|text| is_region(text))?;
            let mut place = Pattern::literal(format!("{region}:{account}:{POINT}{name}/object/"));
            place.push(&path);
            Some(place)
        }
        bucket => {
            let mut place = Pattern::literal(bucket.join(".")).then("/");
            place.push(&path);
            in_bucket(place)
        }
    }
}

fn decode(path: &Pattern) -> Pattern {
    let known = path.known().unwrap_or_default();
    Pattern::literal(decoded(known.split_once('?').map_or(known, |(path, _)| path)))
}

/// Bucket and key out of `bucket/key?versionId=…`, percent-decoded. `None` for what has no key.
pub(crate) fn copy_source(text: Pattern) -> Option<Pattern> {
    let text = text.strip_prefix("/").unwrap_or(text);
    match text.known() {
        Some(known) => {
            let place = known.split_once("?versionId=").map_or(known, |(place, _)| place);
            place.contains('/').then(|| Pattern::literal(decoded(place)))
        }
        None => Some(text),
    }
}

/// The object of S3 on Outposts with an ARN such as `…:outpost/ID/object/KEY`, which shows neither its bucket
/// nor its access point.
pub(crate) fn outpost_object(arn: &Pattern) -> Vec<Pattern> {
    const UNNAMED: &str = "the ARN of a copy's source shows no bucket and no access point";
    if !begins_as(arn, "arn::s3-outposts:::outpost/") {
        return Vec::new();
    }
    let (outpost, key) = match (arn.split_at("/object/"), arn.reasons().next()) {
        (Some((outpost, key)), _) => (outpost, key),
        // The key may still follow.
        (None, Some(why)) => (arn.clone(), Pattern::anything(why.clone())),
        (None, None) => return Vec::new(),
    };
    let within = |kind: &str| {
        let mut object = outpost.clone().then(kind);
        object.push_wildcard("*", WildcardReason::Aws(UNNAMED));
        object.push_literal("/object/");
        object.push(&key);
        object
    };
    vec![within("/accesspoint/"), within("/bucket/")]
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let ahead = rest.clone();
        let escaped = (byte == b'%').then(|| Some((hex(rest.next()?)?, hex(rest.next()?)?))).flatten();
        match escaped {
            Some((high, low)) => bytes.push(high * 16 + low),
            None => {
                rest = ahead;
                bytes.push(byte);
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| digit.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::{made, text};

    #[test]
    fn uris_name_objects() {
        for (uri, place) in [
            ("s3://recordings/a/call.mp3", "recordings/a/call.mp3"),
            ("s3://recordings/*", "recordings/*"),
            ("https://s3.eu-west-1.amazonaws.com/recordings/call.mp3", "recordings/call.mp3"),
            ("https://s3-eu-west-1.amazonaws.com/recordings/a%20b.mp3", "recordings/a b.mp3"),
            ("https://recordings.s3.eu-west-1.amazonaws.com/call.mp3", "recordings/call.mp3"),
            ("https://my.calls.s3.amazonaws.com/call.mp3", "my.calls/call.mp3"),
            ("https://recordings.s3.dualstack.eu-west-1.amazonaws.com/call.mp3", "recordings/call.mp3"),
            ("https://recordings.s3-fips.us-gov-west-1.amazonaws.com/call.mp3", "recordings/call.mp3"),
            ("https://recordings.s3.cn-north-1.amazonaws.com.cn/call.mp3", "recordings/call.mp3"),
            ("https://s3.eu-west-1.amazonaws.com/recordings/*", "recordings/*"),
        ] {
            let arn = format!("arn:aws:s3:::{place}");
            assert_eq!(made(&[], |call| object(call, &text(uri))), [arn], "{uri}");
        }
        let point = "https://calls-444455556666.s3-accesspoint.dualstack.us-east-1.amazonaws.com/a/b.mp3";
        let arn = "arn:aws:s3:us-east-1:444455556666:accesspoint/calls/object/a/b.mp3";
        assert_eq!(made(&[], |call| object(call, &text(point))), [arn]);
        let version = Pattern::literal("https://s3.amazonaws.com/recordings/call.mp3?versionId=3");
        assert_eq!(made(&[], |call| object(call, &version)), ["arn:aws:s3:::recordings/call.mp3"]);
        for uri in [
            "",
            "s3://",
            "recordings/call.mp3",
            "https://example.com/a",
            "https://*/a",
            "http://s3.amazonaws.com/b/k",
            "https://calls.s3-accesspoint.us-east-1.amazonaws.com/a.mp3",
        ] {
            assert!(made(&[], |call| object(call, &text(uri))).is_empty(), "{uri}");
        }
    }

    #[test]
    fn percent_signs() {
        assert_eq!(decoded("a%20b%2Fc%"), "a b/c%");
        assert_eq!(decoded("100%zz"), "100%zz");
    }
}
