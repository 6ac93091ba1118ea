//! Aliases of access points of Amazon S3. A call takes one in place of a bucket's name, but IAM compares with
//! the ARN of the access point, of which an alias shows only how the name begins.

use crate::call::Call;
use crate::iam::{ArnFields, Pattern, Piece, Unresolved, WildcardReason};

/// A kind of access points with aliases.
struct Points {
    /// The service in their ARNs.
    service: &'static str,
    /// How their aliases can end, the longest ending first.
    endings: &'static [&'static str],
    /// What precedes an alias in an ARN that has it in place of the access point.
    before: &'static str,
    /// What precedes the name of the access point in its ARN.
    word: &'static str,
}

/// Source: the parts of an alias, of which the first is the beginning of the name, in
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html> and
/// <https://docs.aws.amazon.com/fsx/latest/OpenZFSGuide/referencing-access-points.html>.
const BUCKETS: Points =
    Points { service: "s3", endings: &["-ext-s3alias", "-s3alias"], before: "", word: "accesspoint/" };

/// Source: the same in <https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-use.html>.
const OBJECT_LAMBDA: Points = Points {
    service: "s3-object-lambda",
    endings: &["--ol-s3"],
    before: "accesspoint/",
    word: "accesspoint/",
};

/// Source: the same in
/// <https://docs.aws.amazon.com/AmazonS3/latest/s3-outposts/s3-outposts-access-points-alias.html>.
const OUTPOSTS: Points = Points {
    service: "s3-outposts",
    endings: &["--op-s3"],
    before: "outpost/",
    word: "outpost/*/accesspoint/",
};

/// What an alias leaves open, as hints call it.
const POINT: &str = "the access point";

const BEGINNING: &str = "its alias shows neither its whole name nor its account";

/// Whether the name of a bucket is an alias of an access point of a bucket.
pub(crate) fn is_of_bucket(name: &Pattern) -> bool {
    BUCKETS.name(name).is_some()
}

/// Whether the name of a bucket is an alias of S3 Object Lambda.
pub(crate) fn is_of_object_lambda(name: &Pattern) -> bool {
    OBJECT_LAMBDA.name(name).is_some()
}

/// Whether the name of a bucket is an alias of S3 on Outposts.
pub(crate) fn is_of_outposts(name: &Pattern) -> bool {
    OUTPOSTS.name(name).is_some()
}

/// The ARN of a bucket, or of an object in it; where the name is an alias, that of its access point. As
/// everywhere, one of the state machine's own account is assumed.
pub(crate) fn resolved(call: &Call<'_, '_>, arn: Pattern) -> Pattern {
    access_point(call, &arn).unwrap_or(arn)
}

fn access_point(call: &Call<'_, '_>, arn: &Pattern) -> Option<Pattern> {
    let fields = ArnFields::of(arn.beginning());
    let kind =
        [BUCKETS, OBJECT_LAMBDA, OUTPOSTS].into_iter().find(|kind| fields.service == Some(kind.service))?;
    let is_point = kind.service == BUCKETS.service;
    // Buckets have no account in their ARNs.
    if is_point && fields.account != Some("") {
        return None;
    }
    let rest = arn.resource()?.strip_prefix(kind.before)?;
    let (alias, key) = match rest.split_at("/") {
        Some((alias, key)) => (alias, Some(key)),
        None => (rest, None),
    };
    let mut made = kind.point(call, &alias)?;
    if let Some(key) = key {
        made.push_literal(if is_point { "/object/" } else { "/" });
        made.push(&key);
    }
    Some(made)
}

/// The access point of S3 on Outposts of which the name of a bucket is an alias.
pub(crate) fn on_outpost(call: &Call<'_, '_>, name: &Pattern) -> Option<Pattern> {
    OUTPOSTS.point(call, name)
}

impl Points {
    /// The ARN of the access point of which this is an alias.
    fn point(&self, call: &Call<'_, '_>, alias: &Pattern) -> Option<Pattern> {
        let name = self.name(alias)?;
        let open =
            || WildcardReason::Run { parameter: POINT.to_owned(), cause: Unresolved::Elsewhere(BEGINNING) };
        let why = alias.reasons().next().cloned().unwrap_or_else(open);
        let place = format!("arn:{{partition}}:{}:{{region}}:{{account}}:{}", self.service, self.word);
        let mut point = call.stand_in(&place, &why);
        point.push_literal(name);
        point.push_wildcard("*", why);
        Some(point)
    }

    /// How the name of the access point begins of which this is an alias; `None` if it is none. What follows
    /// the last hyphen before the ending is the service's own.
    fn name<'p>(&self, alias: &'p Pattern) -> Option<&'p str> {
        let Some(Piece::Literal(last)) = alias.pieces().last() else { return None };
        let ending = self.endings.iter().find(|ending| last.ends_with(**ending))?;
        let begun = alias.beginning();
        if begun.starts_with("arn:") {
            return None;
        }
        let begun = if alias.known().is_some() { begun.strip_suffix(ending)? } else { begun };
        // Of a token that is not yet replaced, nothing is known either.
        let begun = begun.split("${").next().unwrap_or_default();
        Some(begun.rsplit_once('-').map_or(begun, |(name, _)| name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::{made, text};

    #[test]
    fn aliases_have_the_beginning_of_a_name() {
        const HERE: &str = "eu-west-1:111122223333";
        for (arn, point) in [
            ("s3:::orders-hrzrlukc5m36-s3alias", "s3:{}:accesspoint/orders*"),
            ("s3:::my-orders-hrzrlukc5m36-s3alias/a/b.csv", "s3:{}:accesspoint/my-orders*/object/a/b.csv"),
            ("s3:::orders-hrzrlukc5m36-ext-s3alias/*", "s3:{}:accesspoint/orders*/object/*"),
            ("s3:::my-orders-*-s3alias/a", "s3:{}:accesspoint/my-orders*/object/a"),
            ("s3:::my-or*-s3alias/a", "s3:{}:accesspoint/my*/object/a"),
            ("s3:::*-s3alias/*", "s3:{}:accesspoint/*/object/*"),
            ("s3:::${Name}-s3alias", "s3:{}:accesspoint/*"),
            (
                "s3-object-lambda:{}:accesspoint/redact-1a4n8y--ol-s3",
                "s3-object-lambda:{}:accesspoint/redact*",
            ),
            (
                "s3-outposts:{}:outpost/my-ap-o01ac5d--op-s3/object/a",
                "s3-outposts:{}:outpost/*/accesspoint/my-ap*/object/a",
            ),
        ] {
            let [arn, point] = [arn, point].map(|text| format!("arn:aws:{}", text.replace("{}", HERE)));
            assert_eq!(made(&[], |call| vec![resolved(call, text(&arn))]), [point], "{arn}");
        }
    }

    #[test]
    fn buckets_and_access_points_stay() {
        for arn in [
            "arn:aws:s3:::orders",
            "arn:aws:s3:::orders/a-s3alias",
            "arn:aws:s3:::s3alias",
            "arn:aws:s3:::orders-1--ol-s3",
            "arn:aws:s3:::*/*",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/orders/object/a-s3alias",
            "arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/redact",
            "arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-1/accesspoint/a/object/a--op-s3",
            "arn:aws:sqs:eu-west-1:111122223333:orders-1-s3alias",
        ] {
            assert_eq!(made(&[], |call| vec![resolved(call, text(arn))]), [arn], "{arn}");
        }
    }
}
