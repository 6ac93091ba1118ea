//! `Condition`: operators, and whether a test holds.

use std::net::IpAddr;

use super::glob::Symbols;
use super::{ConditionTest, Context, ContextValue, Glob};

/// A condition operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    kind: Kind,
    negated: bool,
    if_exists: bool,
    set: Option<Set>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Equals,
    EqualsIgnoreCase,
    Like,
    Arn,
    Numeric(Compare),
    Date(Compare),
    Bool,
    Binary,
    Ip,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How several values of the request count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Set {
    All,
    Any,
}

impl Operator {
    /// Reads the name of an operator, without regard to case as IAM does, with its prefix for sets and its
    /// suffix `IfExists`.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (set, name) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Set::All), rest),
            Some(("foranyvalue", rest)) => (Some(Set::Any), rest),
            Some(_) => return None,
            None => (None, name.as_str()),
        };
        let (if_exists, name) = match name.strip_suffix("ifexists") {
            Some(rest) => (true, rest),
            None => (false, name),
        };
        let (kind, negated) = match name {
            "stringequals" => (Kind::Equals, false),
            "stringnotequals" => (Kind::Equals, true),
            "stringequalsignorecase" => (Kind::EqualsIgnoreCase, false),
            "stringnotequalsignorecase" => (Kind::EqualsIgnoreCase, true),
            "stringlike" => (Kind::Like, false),
            "stringnotlike" => (Kind::Like, true),
            "arnequals" | "arnlike" => (Kind::Arn, false),
            "arnnotequals" | "arnnotlike" => (Kind::Arn, true),
            "numericequals" => (Kind::Numeric(Compare::Equal), false),
            "numericnotequals" => (Kind::Numeric(Compare::Equal), true),
            "numericlessthan" => (Kind::Numeric(Compare::Less), false),
            "numericlessthanequals" => (Kind::Numeric(Compare::LessOrEqual), false),
            "numericgreaterthan" => (Kind::Numeric(Compare::Greater), false),
            "numericgreaterthanequals" => (Kind::Numeric(Compare::GreaterOrEqual), false),
            "dateequals" => (Kind::Date(Compare::Equal), false),
            "datenotequals" => (Kind::Date(Compare::Equal), true),
            "datelessthan" => (Kind::Date(Compare::Less), false),
            "datelessthanequals" => (Kind::Date(Compare::LessOrEqual), false),
            "dategreaterthan" => (Kind::Date(Compare::Greater), false),
            "dategreaterthanequals" => (Kind::Date(Compare::GreaterOrEqual), false),
            "bool" => (Kind::Bool, false),
            "binaryequals" => (Kind::Binary, false),
            "ipaddress" => (Kind::Ip, false),
            "notipaddress" => (Kind::Ip, true),
            "null" if !if_exists && set.is_none() => (Kind::Null, false),
            _ => return None,
        };
        Some(Operator { kind, negated, if_exists, set })
    }

    /// What is certain of its key where it holds with one of its values; `None` if next to nothing is.
    pub(super) fn leaves(self, value: &str) -> Option<ContextValue> {
        if self.negated || self.if_exists {
            return None;
        }
        let glob = match self.kind {
            Kind::Equals => Glob::read_exact(value),
            Kind::Like | Kind::Arn => Glob::read(value),
            _ => return None,
        };
        match self.set {
            None => Some(ContextValue::Like(glob)),
            Some(Set::Any) => Some(ContextValue::Among(glob)),
            Some(Set::All) => None,
        }
    }
}

impl ConditionTest {
    /// Tests with one value each, one of which holds wherever this one does; the test itself where its values
    /// do not count one by one.
    #[must_use]
    pub fn alternatives(&self) -> Vec<ConditionTest> {
        if self.operator.negated || self.operator.set.is_some() || self.values.len() < 2 {
            return vec![self.clone()];
        }
        let with = |value: &String| ConditionTest { values: vec![value.clone()], ..self.clone() };
        self.values.iter().map(with).collect()
    }

    /// Whether it certainly holds where all these hold: it is one of them, or it holds for all that one of
    /// them leaves to its key.
    #[must_use]
    pub fn is_implied_by(&self, given: &[&ConditionTest]) -> bool {
        given.contains(&self) || self.is_certainly(true, given)
    }

    /// Whether it certainly fails where all these hold.
    #[must_use]
    pub fn is_excluded_by(&self, given: &[&ConditionTest]) -> bool {
        self.is_certainly(false, given)
    }

    fn is_certainly(&self, held: bool, given: &[&ConditionTest]) -> bool {
        given.iter().filter(|one| one.key == self.key).any(|one| {
            one.values.iter().all(|value| {
                let left = one.operator.leaves(value);
                left.is_some_and(|left| holds(self, &Context::default().with(&one.key, left)) == Some(held))
            })
        })
    }
}

/// Whether all tests hold: certainly, certainly not, or `None` if that cannot be decided.
pub(super) fn all_hold(tests: &[ConditionTest], context: &Context) -> Option<bool> {
    let mut whole = Some(true);
    for test in tests {
        match holds(test, context) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => whole = None,
        }
    }
    whole
}

fn holds(test: &ConditionTest, context: &Context) -> Option<bool> {
    let operator = test.operator;
    let value = context.get(&test.key);
    if operator.kind == Kind::Null {
        let absent = match value {
            ContextValue::Absent => true,
            ContextValue::Known(values) => values.is_empty(),
            ContextValue::Like(_) | ContextValue::Among(_) => false,
            ContextValue::Unknown => return None,
        };
        return any(test.values.iter().map(|wanted| match wanted.to_ascii_lowercase().as_str() {
            "true" => Some(absent),
            "false" => Some(!absent),
            _ => Some(false),
        }));
    }
    let one = |value: &Glob| {
        let matched = any(test.values.iter().map(|wanted| matches(operator.kind, wanted, value, context)));
        if operator.negated { matched.map(|matched| !matched) } else { matched }
    };
    let request = match value {
        ContextValue::Unknown => return None,
        ContextValue::Absent => Vec::new(),
        ContextValue::Known(values) => values.iter().map(|text| Glob::plain(text)).collect(),
        ContextValue::Like(glob) => vec![glob],
        // The other values can change the answer in one direction only.
        ContextValue::Among(glob) => {
            let decided = Some(operator.set != Some(Set::All));
            return one(&glob).filter(|held| Some(*held) == decided);
        }
    };
    if request.is_empty() {
        // Without the key a positive test fails and a negated one holds; `IfExists` and `ForAllValues` hold,
        // `ForAnyValue` fails.
        return Some(match operator.set {
            Some(Set::All) => true,
            Some(Set::Any) => operator.if_exists,
            None => operator.if_exists || operator.negated,
        });
    }
    match operator.set {
        Some(Set::All) => all(request.iter().map(one)),
        // Without a prefix, AWS requires keys with a single value; several are treated as any of them.
        Some(Set::Any) | None => any(request.iter().map(one)),
    }
}

/// Whether a value of the request matches one of the test.
fn matches(kind: Kind, wanted: &str, value: &Glob, context: &Context) -> Option<bool> {
    let variables = |glob: Glob| glob.resolved(|name| context.variable(name));
    let plain = value.literal();
    match kind {
        Kind::Equals => within(variables(Glob::read_exact(wanted)).symbols(), value.symbols()),
        Kind::EqualsIgnoreCase => {
            let wanted = variables(Glob::read_exact(wanted)).to_lowercase();
            within(wanted.symbols(), value.to_lowercase().symbols())
        }
        Kind::Like => within(variables(Glob::read(wanted)).symbols(), value.symbols()),
        Kind::Arn => within_arn(&variables(Glob::read(wanted)), value),
        Kind::Binary => Some(plain? == wanted),
        Kind::Bool => Some(plain?.eq_ignore_ascii_case(wanted)),
        Kind::Numeric(compare) => Some(compared(compare, plain?.parse::<f64>().ok(), wanted.parse().ok())),
        Kind::Date(compare) => Some(compared(compare, date(&plain?), date(wanted))),
        Kind::Ip => {
            let address: IpAddr = plain?.parse().ok()?;
            Some(in_network(address, wanted))
        }
        Kind::Null => None,
    }
}

/// Whether all texts of `value` are matched; `None` where only some may be.
fn within(wanted: Symbols<'_>, value: Symbols<'_>) -> Option<bool> {
    if wanted.cover(value) {
        Some(true)
    } else if wanted.overlap(value) {
        None
    } else {
        Some(false)
    }
}

/// `ArnLike` and `ArnEquals` compare the six parts one by one, so that `*` does not reach over a colon
/// between them.
fn within_arn(wanted: &Glob, value: &Glob) -> Option<bool> {
    if wanted.as_str() == "*" {
        return Some(true);
    }
    match (wanted.arn_parts(), value.arn_parts()) {
        (Some(wanted), Some(values)) => {
            all(wanted.iter().zip(&values).map(|(wanted, value)| within(*wanted, *value)))
        }
        // What is not an ARN matches no ARN; what a wildcard or a variable matches may be one.
        (None, _) if !wanted.has_variables() => Some(false),
        (_, None) if value.literal().is_some() => Some(false),
        _ => within(wanted.symbols(), value.symbols()).filter(|held| !held),
    }
}

fn compared(compare: Compare, value: Option<f64>, wanted: Option<f64>) -> bool {
    let (Some(value), Some(wanted)) = (value, wanted) else { return false };
    match compare {
        Compare::Equal => value.total_cmp(&wanted).is_eq(),
        Compare::Less => value < wanted,
        Compare::LessOrEqual => value <= wanted,
        Compare::Greater => value > wanted,
        Compare::GreaterOrEqual => value >= wanted,
    }
}

/// Seconds since 1970, given as such, as a date or as a moment of ISO 8601.
fn date(text: &str) -> Option<f64> {
    use time::format_description::well_known::Iso8601;
    use time::{Date, OffsetDateTime, Time};

    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let moment = OffsetDateTime::parse(text, &Iso8601::PARSING).or_else(|_| {
        Date::parse(text, &Iso8601::PARSING).map(|date| date.with_time(Time::MIDNIGHT).assume_utc())
    });
    // A double has every second of the years that a date can have.
    moment.ok()?.unix_timestamp().to_string().parse().ok()
}

/// Whether an address is in a network such as `203.0.113.0/24`; without a slash it is the one address.
fn in_network(address: IpAddr, network: &str) -> bool {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, length.parse::<u32>().ok()),
        None => (network, Some(128)),
    };
    let (Ok(base), Some(length)) = (base.parse::<IpAddr>(), length) else { return false };
    let (address, base, bits) = match (address, base) {
        (IpAddr::V4(address), IpAddr::V4(base)) => {
            (u128::from(address.to_bits()), u128::from(base.to_bits()), 32)
        }
        (IpAddr::V6(address), IpAddr::V6(base)) => (address.to_bits(), base.to_bits(), 128),
        _ => return false,
    };
    let free = bits - length.min(bits);
    address.checked_shr(free).unwrap_or_default() == base.checked_shr(free).unwrap_or_default()
}

fn any(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(false);
    for part in parts {
        match part {
            Some(true) => return Some(true),
            Some(false) => {}
            None => whole = None,
        }
    }
    whole
}

fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    any(parts.into_iter().map(|part| part.map(|holds| !holds))).map(|holds| !holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(operator: &str, values: &[&str]) -> ConditionTest {
        ConditionTest {
            operator: Operator::read(operator).unwrap_or_else(|| panic!("{operator}")),
            key: "k".to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    fn given(operator: &str, wanted: &[&str], values: &[&str]) -> Option<bool> {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        holds(&test(operator, wanted), &Context::complete().with("K", ContextValue::Known(values)))
    }

    #[test]
    fn values_are_compared_as_the_operator_says() {
        for (operator, wanted, value, expected) in [
            ("StringEquals", "a*", "ab", false),
            ("StringLike", "a*", "ab", true),
            ("StringNotLike", "a*", "ab", false),
            ("StringEqualsIgnoreCase", "AB", "ab", true),
            ("ArnLike", "arn:aws:sns:*:1:t", "arn:aws:sns:r:1:t", true),
            ("ArnLike", "arn:aws:sns:*:t", "arn:aws:sns:r:1:t", false),
            ("ArnEquals", "arn:aws:sns:r:1:t*", "arn:aws:sns:r:1:tx:y", true),
            ("NumericLessThanEquals", "10", "10", true),
            ("NumericGreaterThan", "10", "10", false),
            ("NumericEquals", "ten", "10", false),
            ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true),
            ("DateLessThan", "1700000000", "2026-01-01T00:00:00Z", false),
            ("DateLessThan", "2050-01-01", "2049-12-31T23:59:59Z", true),
            ("StringNotEqualsIgnoreCase", "AB", "aB", false),
            ("ArnNotLike", "arn:aws:sns:*:1:t", "arn:aws:sns:r:2:t", true),
            ("NumericNotEquals", "10", "10.0", false),
            ("DateNotEquals", "2026-01-01", "2026-01-01T00:00:00Z", false),
            ("Bool", "true", "TRUE", true),
            ("IpAddress", "203.0.113.0/24", "203.0.113.9", true),
            ("NotIpAddress", "203.0.113.0/24", "203.0.114.9", true),
            ("IpAddress", "2001:db8::/32", "2001:db8::1", true),
            ("IpAddress", "0.0.0.0/0", "198.51.100.1", true),
            ("BinaryEquals", "QQ==", "QQ==", true),
        ] {
            assert_eq!(given(operator, &[wanted], &[value]), Some(expected), "{operator} {wanted} {value}");
        }
    }

    #[test]
    fn an_absent_key_counts_as_iam_defines() {
        let context = Context::complete();
        for (operator, values, expected) in [
            ("StringEquals", &["a"], false),
            ("StringNotEquals", &["a"], true),
            ("StringEqualsIfExists", &["a"], true),
            ("ForAllValues:StringEquals", &["a"], true),
            ("ForAnyValue:StringEquals", &["a"], false),
            ("ForAnyValue:StringNotEquals", &["a"], false),
            ("Null", &["true"], true),
            ("Null", &["false"], false),
        ] {
            assert_eq!(holds(&test(operator, values), &context), Some(expected), "{operator}");
        }
        assert_eq!(holds(&test("StringEquals", &["a"]), &Context::default()), None);
        assert_eq!(holds(&test("Null", &["true"]), &Context::default()), None);
    }

    #[test]
    fn several_values_of_a_key() {
        assert_eq!(given("ForAllValues:StringEquals", &["a", "b"], &["a", "b"]), Some(true));
        assert_eq!(given("ForAllValues:StringEquals", &["a"], &["a", "b"]), Some(false));
        assert_eq!(given("ForAnyValue:StringEquals", &["a"], &["a", "b"]), Some(true));
        assert_eq!(given("ForAnyValue:StringNotEquals", &["a"], &["a", "b"]), Some(true));
        assert_eq!(given("ForAllValues:StringNotEquals", &["a"], &["b", "c"]), Some(true));
    }

    #[test]
    fn a_value_known_in_part_may_or_may_not_match() {
        let context = Context::complete().with("k", ContextValue::Like(Glob::read("a*")));
        assert_eq!(holds(&test("StringLike", &["*"]), &context), Some(true));
        assert_eq!(holds(&test("StringLike", &["ab*"]), &context), None);
        assert_eq!(holds(&test("StringNotLike", &["b*"]), &context), Some(true));
        assert_eq!(holds(&test("StringEquals", &["b"]), &context), Some(false));
        let arns = Context::complete().with("k", ContextValue::Like(Glob::read("arn:aws:iam::1:role/*")));
        for (operator, wanted, expected) in [
            ("ArnLike", "arn:aws:iam::1:role/*", Some(true)),
            ("ArnLike", "arn:aws:iam::*:role/*", Some(true)),
            ("ArnLike", "arn:aws:iam:*", Some(false)),
            ("ArnLike", "arn:aws:iam::1:role/a", None),
            ("ArnNotLike", "arn:aws:iam::2:role/*", Some(true)),
        ] {
            assert_eq!(holds(&test(operator, &[wanted]), &arns), expected, "{operator} {wanted}");
        }
    }

    #[test]
    fn a_value_among_others_decides_what_others_cannot_turn() {
        let context = Context::complete().with("k", ContextValue::Among(Glob::plain("a")));
        for (operator, values, expected) in [
            ("ForAnyValue:StringEquals", &["a"], Some(true)),
            ("ForAnyValue:StringEquals", &["b"], None),
            ("ForAllValues:StringEquals", &["a"], None),
            ("ForAllValues:StringEquals", &["b"], Some(false)),
            ("ForAllValues:StringNotEquals", &["a"], Some(false)),
            ("Null", &["true"], Some(false)),
        ] {
            assert_eq!(holds(&test(operator, values), &context), expected, "{operator}");
        }
    }

    #[test]
    fn tests_that_hold_decide_others() {
        for (given, other, implied, excluded) in [
            (("StringEquals", "a"), ("StringLike", "a*"), true, false),
            (("StringEquals", "b"), ("StringLike", "a*"), false, true),
            (("StringLike", "a*"), ("StringLike", "ab*"), false, false),
            (("StringLike", "a*"), ("StringEquals", "b"), false, true),
            (("StringEqualsIfExists", "a"), ("StringEquals", "b"), false, false),
            (("ForAnyValue:StringEquals", "a"), ("ForAnyValue:StringEquals", "b"), false, false),
            (("StringNotEquals", "a"), ("StringNotEquals", "a"), true, false),
        ] {
            let (given, other) = (test(given.0, &[given.1]), test(other.0, &[other.1]));
            assert_eq!(other.is_implied_by(&[&given]), implied, "{given:?} {other:?}");
            assert_eq!(other.is_excluded_by(&[&given]), excluded, "{given:?} {other:?}");
        }
    }

    #[test]
    fn variables_stand_in_values() {
        let known = |text: &str| ContextValue::Known(vec![text.to_owned()]);
        let context = Context::complete().with("aws:PrincipalTag/team", known("Red")).with("k", known("red"));
        for (operator, wanted, expected) in [
            ("StringEquals", "${aws:PrincipalTag/team}", false),
            ("StringEqualsIgnoreCase", "${aws:PrincipalTag/team}", true),
            ("StringLike", "${aws:PrincipalTag/none, 'r'}*", true),
            ("StringLike", "r${*}d", false),
        ] {
            assert_eq!(holds(&test(operator, &[wanted]), &context), Some(expected), "{operator} {wanted}");
        }
    }

    #[test]
    fn names_of_operators_that_iam_does_not_have() {
        for name in ["StringIs", "ForEachValue:StringEquals", "NullIfExists", "ForAllValues:Null", ""] {
            assert_eq!(Operator::read(name), None, "{name}");
        }
    }
}
