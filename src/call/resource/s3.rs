//! Buckets and objects of Amazon S3.

use crate::call::Call;
use crate::iam::Pattern;

pub(crate) fn objects(call: &Call<'_, '_>, keys: &[Pattern]) -> Vec<Pattern> {
    keys.iter().flat_map(|key| buckets(call, Some(key))).collect()
}

/// The buckets, or the objects of that key in them. A bucket is a name, its ARN, or the ARN of an access point.
pub(crate) fn buckets(call: &Call<'_, '_>, key: Option<&Pattern>) -> Vec<Pattern> {
    let resource = |bucket: &Pattern| {
        let mut resource = if bucket.is_arn() {
            bucket.clone()
        } else {
            call.arn("arn:{partition}:s3:::{}", Some(bucket), "")
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

/// `s3://BUCKET/KEY` is `arn:aws:s3:::BUCKET/KEY`.
pub(crate) fn object(call: &Call<'_, '_>, uri: &Pattern) -> Vec<Pattern> {
    let place = uri.strip_prefix("s3://").filter(|place| !place.is_empty());
    place.map(|place| call.arn("arn:{partition}:s3:::{}", Some(&place), "")).into_iter().collect()
}

/// Bucket and key out of `bucket/key?versionId=…`, percent-decoded.
pub(crate) fn copy_source(text: Pattern) -> Pattern {
    let text = text.strip_prefix("/").unwrap_or(text);
    match text.known() {
        Some(known) => {
            let place = known.split_once("?versionId=").map_or(known, |(place, _)| place);
            Pattern::literal(decoded(place))
        }
        None => text,
    }
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

    #[test]
    fn percent_signs() {
        assert_eq!(decoded("a%20b%2Fc%"), "a b/c%");
        assert_eq!(decoded("100%zz"), "100%zz");
    }
}
