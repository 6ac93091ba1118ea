//! How the value of a parameter is transformed before it becomes part of an ARN.

use super::model::Transform;
use crate::call::fill;
use crate::call::resource::s3::copy_source;
use crate::iam::{Arn, Pattern, Piece, WildcardReason};

/// Why there is a wildcard where AWS adds characters.
pub(super) const ADDED: &str = "AWS adds characters of its own there";

/// The texts that a transform produces from one; empty if the value does not count.
pub(super) fn apply(transform: Transform, text: Pattern) -> Vec<Pattern> {
    match transform {
        Transform::AfterLast(c) => vec![last(text, c, |(_, right)| right)],
        Transform::NameAfterLast(c) if may_be_arn(&text) => {
            vec![name_behind(&text, c).unwrap_or_else(|| last(text, c, |(_, right)| right))]
        }
        Transform::NameAfterLast(_) => vec![text],
        Transform::BeforeLast(c) => vec![unless_cut(text, |text| last(text, c, |(left, _)| left))],
        Transform::BeforeFirst(c) => {
            vec![unless_cut(text, |text| text.split_once(c).map_or(text, |(left, _)| left))]
        }
        Transform::TrimStart(c) => {
            vec![text.strip_prefix(c.encode_utf8(&mut [0; 4])).unwrap_or(text)]
        }
        Transform::TrimPrefix(prefix) => vec![text.strip_prefix(prefix).unwrap_or(text)],
        Transform::AfterPrefix(prefix) => match text.strip_prefix(prefix) {
            Some(rest) => vec![rest],
            None if prefix.starts_with(text.beginning()) => unknown(&text).into_iter().collect(),
            None => Vec::new(),
        },
        Transform::Unless(prefix) if text.beginning().starts_with(prefix) => Vec::new(),
        Transform::Unless(_) => vec![text],
        Transform::Append(added) => {
            let mut text = text;
            fill(added, &WildcardReason::Aws(ADDED), &mut text, |_, _| {});
            vec![text]
        }
        Transform::LowerCase => vec![lower_case(&text)],
        Transform::WafScope => vec![waf_scope(&text)],
        Transform::EmailIdentity => identities(text),
        Transform::CopySource => copy_source(text).into_iter().collect(),
        Transform::Below => below(text),
        // The default counts before, and a reader makes whole ARNs.
        Transform::Default(_) | Transform::Read(_) => vec![text],
    }
}

/// What follows the last such character of what is known: a name, which has none.
fn name_behind(text: &Pattern, c: char) -> Option<Pattern> {
    let (before, _) = text.beginning().rsplit_once(c)?;
    text.strip_prefix(before)?.strip_prefix(c.encode_utf8(&mut [0; 4]))
}

/// Whether it is an ARN, or can become one in the execution.
fn may_be_arn(text: &Pattern) -> bool {
    const ARN: &str = "arn:";
    text.beginning().starts_with(ARN) || text.known().is_none() && ARN.starts_with(text.beginning())
}

/// The text in lower case, as far as it is known.
fn lower_case(text: &Pattern) -> Pattern {
    let mut lowered = Pattern::default();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => lowered.push_literal(&literal.to_ascii_lowercase()),
            wildcard @ Piece::Wildcard(..) => lowered.push_piece(wildcard),
        }
    }
    lowered
}

/// The scope of a resource of AWS WAF as its ARN has it: that of CloudFront is `global` there.
fn waf_scope(text: &Pattern) -> Pattern {
    const CLOUDFRONT: &str = "CLOUDFRONT";
    match text.known() {
        Some(CLOUDFRONT) => Pattern::literal("global"),
        None if CLOUDFRONT.starts_with(text.beginning()) => unknown(text).unwrap_or_default(),
        _ => lower_case(text),
    }
}

/// The transformed text; an ARN whose resource would be cut off stays unchanged.
fn unless_cut(text: Pattern, made: impl Fn(Pattern) -> Pattern) -> Pattern {
    let is_arn = |text: &Pattern| text.known().and_then(Arn::of).is_some();
    let cut = made(text.clone());
    if is_arn(&text) && !is_arn(&cut) { text } else { cut }
}

/// One side of the last such character; the whole text if there is none, a wildcard if it is known only at
/// run time.
fn last(text: Pattern, c: char, side: impl Fn((Pattern, Pattern)) -> Pattern) -> Pattern {
    match text.rsplit_once(c) {
        Some(sides) => side(sides),
        None => unknown(&text).unwrap_or(text),
    }
}

/// A lone wildcard for the reason of the text's first one; `None` if the text is known.
fn unknown(text: &Pattern) -> Option<Pattern> {
    text.reasons().next().map(|why| Pattern::anything(why.clone()))
}

/// A path without a slash at its end, and what is below it. Nothing is above the root; an empty path does not
/// count.
fn below(path: Pattern) -> Vec<Pattern> {
    if path.is_empty() {
        return Vec::new();
    }
    let path = match path.rsplit_once('/') {
        Some((folder, rest)) if rest.is_empty() => folder,
        _ => path,
    };
    let mut within = if path.is_empty() { Pattern::default() } else { path.clone().then("/") };
    within.push_wildcard("*", WildcardReason::Aws("the call reads what is below the path"));
    if path.is_empty() { vec![within] } else { vec![path, within] }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_names_in_arns() {
        let named = |written: &str| {
            let mut text = Pattern::default();
            text.push_template(written, &WildcardReason::Aws("test"));
            let names = apply(Transform::NameAfterLast('/'), text);
            names.iter().map(Pattern::to_text).collect::<Vec<_>>()
        };
        for (text, name) in [
            ("orders", "orders"),
            ("orders-*", "orders-*"),
            ("a/b", "a/b"),
            ("arn:aws:ecs:eu-west-1:1:cluster/orders", "orders"),
            ("arn:aws:ecs:eu-west-1:1:cluster/*", "*"),
            ("arn:aws:ecs:eu-west-1:1:cluster/orders-*", "orders-*"),
            ("arn:aws:ecs:eu-west-1:1:*", "*"),
            ("ar*", "*"),
            ("*", "*"),
        ] {
            assert_eq!(named(text), [name], "{text}");
        }
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
        assert_eq!(copy_source(literal("/b/a%20c?versionId=1")), Some(literal("b/a c")));
        assert_eq!(copy_source(literal("b")), None);
        assert_eq!(
            (below(literal("")).len(), below(literal("/")).len(), below(literal("/a/")).len()),
            (0, 1, 2)
        );
    }
}
