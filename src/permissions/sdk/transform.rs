//! What is done with the value of a parameter before it stands in an ARN.

use super::model::Transform;
use crate::iam::{Pattern, WildcardReason};
use crate::integrations::{Call, fill};

/// Why a wildcard stands where AWS adds characters of its own.
pub(super) const ADDED: &str = "AWS adds characters of its own there";

/// The texts that a transform makes of one; none if the value does not count.
pub(super) fn apply(transform: Transform, text: Pattern) -> Vec<Pattern> {
    match transform {
        Transform::AfterLast(c) => vec![last(text, c, |(_, right)| right)],
        Transform::BeforeLast(c) => vec![last(text, c, |(left, _)| left)],
        Transform::BeforeFirst(c) => vec![text.split_once(c).map_or(text, |(left, _)| left)],
        Transform::TrimStart(c) => {
            vec![text.strip_prefix(c.encode_utf8(&mut [0; 4])).unwrap_or(text)]
        }
        Transform::TrimPrefix(prefix) => vec![text.strip_prefix(prefix).unwrap_or(text)],
        Transform::AfterPrefix(prefix) => match text.strip_prefix(prefix) {
            Some(rest) => vec![rest],
            None if prefix.starts_with(text.beginning()) => unknown(&text).into_iter().collect(),
            None => Vec::new(),
        },
        Transform::Append(added) => {
            let mut text = text;
            fill(added, &WildcardReason::Aws(ADDED), &mut text, |_, _| {});
            vec![text]
        }
        Transform::EmailIdentity => identities(text),
        Transform::CopySource => vec![copy_source(text)],
        // The default counts before, an alias after the ARN is made; functions and models can be whole ARNs.
        Transform::Default(_) | Transform::KmsKey | Transform::FunctionName | Transform::BedrockModel => {
            vec![text]
        }
    }
}

/// One side of the last such character; the whole text if there is none, anything if only the run knows.
fn last(text: Pattern, c: char, side: impl Fn((Pattern, Pattern)) -> Pattern) -> Pattern {
    match text.rsplit_once(c) {
        Some(sides) => side(sides),
        None => unknown(&text).unwrap_or(text),
    }
}

/// A lone wildcard for the reason of the text's first one; none if the text is known.
fn unknown(text: &Pattern) -> Option<Pattern> {
    text.reasons().next().map(|why| Pattern::anything(why.clone()))
}

/// A function as IAM names it: by its name, or by its ARN if it is given or another account is; and with the version or the alias, if one
/// is given in the name or as Qualifier, for AWS checks some calls with it.
pub(super) fn functions(text: Pattern, call: &Call<'_, '_>) -> Vec<Pattern> {
    let (function, qualifier) = function(text, call);
    let mut qualified = Vec::new();
    for qualifier in qualifier.into_iter().chain(call.texts("Qualifier")) {
        let mut text = function.clone().then(":");
        text.push(&qualifier);
        qualified.push(text);
    }
    [vec![function], qualified].concat()
}

fn function(text: Pattern, call: &Call<'_, '_>) -> (Pattern, Option<Pattern>) {
    let Some(known) = text.known() else { return (text, None) };
    let fields: Vec<&str> = known.split(':').collect();
    let text = |text: &&str| Pattern::literal(*text);
    match fields.as_slice() {
        ["arn", ..] => {
            let function = fields.get(..7).map_or(known.to_owned(), |fields| fields.join(":"));
            (Pattern::literal(function), fields.get(7).map(text))
        }
        [account, "function", name, rest @ ..] => {
            let function = call.arn("arn:{partition}:lambda:{region}:{}", Some(&text(account)), "");
            (function.then(&format!(":function:{name}")), rest.first().map(text))
        }
        ["function", name, rest @ ..] | [name, rest @ ..] => (text(name), rest.first().map(text)),
        [] => (Pattern::default(), None),
    }
}

/// An e-mail address without the name before it, and its domain.
fn identities(text: Pattern) -> Vec<Pattern> {
    let bare = text.known().map(|known| match known.split_once('<') {
        Some((_, address)) => address.trim_end_matches(['>', ' ']),
        None => known.trim(),
    });
    let address = bare.map_or(text.clone(), Pattern::literal);
    let domain = address.rsplit_once('@').map(|(_, domain)| domain);
    [Some(address), domain].into_iter().flatten().collect()
}

/// Bucket and key out of `bucket/key?versionId=…`, percent-decoded.
fn copy_source(text: Pattern) -> Pattern {
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

    #[test]
    fn parts_of_texts() {
        let literal = |text: &str| Pattern::literal(text);
        assert_eq!(last(literal("a/b/c"), '/', |(_, right)| right), literal("c"));
        assert_eq!(last(literal("abc"), '/', |(left, _)| left), literal("abc"));
        let hole = Pattern::anything(WildcardReason::Aws("test"));
        assert!(last(hole.then("x"), '/', |(_, right)| right).is_unknown());
        assert_eq!(
            identities(literal("Me <me@example.com>")),
            [literal("me@example.com"), literal("example.com")]
        );
        assert_eq!(copy_source(literal("/b/a%20c?versionId=1")), literal("b/a c"));
    }
}
