//! Amazon Resource Names, taken apart.

use super::{Pattern, Piece};

/// The six fields of an ARN that is known as far as its resource begins.
///
/// Source: the format of ARNs in the AWS General Reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `aws`.
    pub partition: &'a str,
    /// Such as `sqs`.
    pub service: &'a str,
    /// Such as `eu-west-1`; empty where ARNs of the type have none.
    pub region: &'a str,
    /// Twelve digits; empty where ARNs of the type have none.
    pub account: &'a str,
    /// What follows: `table/orders`, `function:price:PROD`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// `None` if the text is not an ARN: it has fewer than six fields, or no partition or service.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Arn<'a>> {
        let mut fields = text.strip_prefix("arn:")?.splitn(5, ':');
        let [partition, service, region, account, resource] =
            [fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?];
        let whole = !partition.is_empty() && !service.is_empty();
        whole.then_some(Arn { partition, service, region, account, resource })
    }

    /// What precedes the resource: `arn:aws:sqs:eu-west-1:111122223333`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("arn:{}:{}:{}:{}", self.partition, self.service, self.region, self.account)
    }

    /// What follows the word for the type: `orders` in `table/orders`. The whole resource if it has no such
    /// word.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.resource.split_once(['/', ':']).map_or(self.resource, |(_, name)| name)
    }
}

/// The fields of an ARN as far as its text goes: of a pattern, what precedes its first wildcard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArnFields<'a> {
    /// Set only if a colon ends them, so that they are certain; empty where ARNs of the type have none.
    pub partition: Option<&'a str>,
    /// Such as `sqs`.
    pub service: Option<&'a str>,
    /// Such as `eu-west-1`.
    pub region: Option<&'a str>,
    /// Twelve digits.
    pub account: Option<&'a str>,
    /// The written part of the resource.
    pub resource: Option<&'a str>,
}

impl<'a> ArnFields<'a> {
    /// No field is set for a text that does not begin like an ARN.
    #[must_use]
    pub fn of(text: &'a str) -> ArnFields<'a> {
        let mut rest = text.strip_prefix("arn:");
        // Fields are short: looking at each byte takes less than preparing a search.
        let mut field = || {
            let end = rest?.bytes().position(|byte| byte == b':')?;
            let (field, after) = rest?.split_at_checked(end)?;
            rest = after.strip_prefix(':');
            Some(field)
        };
        let (partition, service, region, account) = (field(), field(), field(), field());
        let resource = rest.filter(|_| account.is_some());
        ArnFields { partition, service, region, account, resource }
    }

    /// The account, if it is twelve digits.
    #[must_use]
    pub fn account_number(&self) -> Option<&'a str> {
        self.account.filter(|text| is_account_number(text))
    }
}

/// Whether a text is twelve digits, as the number of an account is.
#[must_use]
pub fn is_account_number(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Pattern {
    /// The service of an ARN, if a colon ends it.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        ArnFields::of(self.beginning()).service
    }
}

/// The fields before the resource.
const FIELDS: usize = 5;

impl Pattern {
    /// An ARN in which a value known only at run time stands for several fields, with a wildcard for each;
    /// anything else as it is. What follows the value is kept as the end of the resource.
    #[must_use]
    pub fn with_all_fields(self) -> Pattern {
        let Some(why) = self.reasons().next().filter(|_| self.is_arn()) else { return self };
        let literals = self.pieces().iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.matches(':').count()),
            Piece::Wildcard(..) => None,
        });
        let is_short = literals.sum::<usize>() < FIELDS;
        // The colons of a token that is not yet replaced do not separate fields.
        if !is_short || self.has_unwritable() || self.beginning().contains("${") {
            return self;
        }
        let mut arn = Pattern::literal(self.beginning());
        for _ in self.beginning().matches(':').count()..FIELDS {
            arn.push_wildcard("*", why.clone());
            arn.push_literal(":");
        }
        arn.push_wildcard("*", why.clone());
        if let Some(Piece::Literal(end)) = self.pieces().last() {
            arn.push_literal(end.rsplit(':').next().unwrap_or_default());
        }
        arn
    }
}

/// A pattern without its first five fields, if they are certain: a wildcard among them is a whole field.
#[must_use]
pub(super) fn resource_of(pattern: &Pattern) -> Option<Pattern> {
    let mut colons = 0;
    let mut before = ':';
    let mut pieces = pattern.pieces().iter();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Literal(text) => {
                if before == '*' && !text.starts_with(':') {
                    return None;
                }
                let end = text.match_indices(':').nth(FIELDS - 1 - colons);
                if let Some((at, _)) = end {
                    let mut rest = Pattern::literal(text.get(at + 1..)?);
                    pieces.for_each(|piece| rest.push_piece(piece));
                    return Some(rest);
                }
                colons += text.matches(':').count();
                before = text.chars().last()?;
            }
            Piece::Wildcard("*", _) if before == ':' => before = '*',
            Piece::Wildcard(..) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::WildcardReason;

    #[test]
    fn fields() {
        let arn = Arn::of("arn:aws:lambda:eu-west-1:111122223333:function:price:PROD").unwrap();
        assert_eq!((arn.partition, arn.service, arn.region), ("aws", "lambda", "eu-west-1"));
        assert_eq!(
            (arn.account, arn.resource, arn.name()),
            ("111122223333", "function:price:PROD", "price:PROD")
        );
        assert_eq!(arn.place(), "arn:aws:lambda:eu-west-1:111122223333");
        assert_eq!(
            Arn::of("arn:aws:s3:::bucket/key").map(|arn| (arn.resource, arn.name())),
            Some(("bucket/key", "key"))
        );
        for text in ["", "arn", "arn:aws:sns:eu-west-1:1", "arn::sns:::t", "arn:aws::::t", "Arn:aws:sns:::t"]
        {
            assert_eq!(Arn::of(text), None, "{text}");
        }
    }

    #[test]
    fn fields_of_a_beginning() {
        let begun = ArnFields::of("arn:aws:sqs:eu-west-1:1111");
        assert_eq!((begun.partition, begun.service), (Some("aws"), Some("sqs")));
        assert_eq!((begun.region, begun.account, begun.resource), (Some("eu-west-1"), None, None));
        let whole = ArnFields::of("arn:aws:iam::111122223333:role/a:b");
        assert_eq!((whole.region, whole.resource), (Some(""), Some("role/a:b")));
        assert_eq!(whole.account_number(), Some("111122223333"));
        assert_eq!(ArnFields::of("arn:aws:iam::11112222333x:role/r").account_number(), None);
        assert_eq!(ArnFields::of("arn:aws").partition, None);
        assert_eq!(ArnFields::of("aws:sqs:eu-west-1:1:q"), ArnFields::default());
    }

    #[test]
    fn resources_of_patterns() {
        for (text, resource) in [
            ("arn:aws:ecs:*:*:service/c/s", Some("service/c/s")),
            ("arn:aws:ecs:eu-west-1:1:service/*", Some("service/*")),
            ("arn:aws:ecs:eu-*:1:service/*", None),
            ("arn:aws:ecs:*", None),
            ("arn:aws:ecs:*1:2:x", None),
            ("arn:aws:s3:::b", Some("b")),
        ] {
            let mut pattern = Pattern::default();
            pattern.push_template(text, &WildcardReason::Aws("test"));
            assert_eq!(resource_of(&pattern).map(|rest| rest.to_text()).as_deref(), resource, "{text}");
        }
    }

    #[test]
    fn a_value_for_several_fields() {
        for (given, arn) in [
            ("arn:aws:sns:eu-west-1:*", "arn:aws:sns:eu-west-1:*:*"),
            ("arn:aws:sns:eu-west-1:1*", "arn:aws:sns:eu-west-1:1*:*"),
            ("arn:aws:sns:*", "arn:aws:sns:*:*:*"),
            ("arn:aws:sns:*:orders", "arn:aws:sns:*:*:*orders"),
            ("arn:aws:sns:*-*", "arn:aws:sns:*:*:*"),
            ("arn:aws:sns:*:*:orders", "arn:aws:sns:*:*:orders"),
            ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/*"),
            ("arn:aws:*", "arn:aws:*"),
            ("arn:aws:sns:eu-west-1:orders", "arn:aws:sns:eu-west-1:orders"),
            ("arn:aws:sns:${AWS::Region}:*", "arn:aws:sns:${$}{AWS::Region}:*"),
        ] {
            let mut pattern = Pattern::default();
            pattern.push_template(given, &WildcardReason::Aws("test"));
            assert_eq!(pattern.with_all_fields().to_text(), arn, "{given}");
        }
    }
}
