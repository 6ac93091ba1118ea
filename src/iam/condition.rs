//! Conditions of a statement.

use super::Pattern;

/// An operator of IAM's condition language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `ArnEquals`.
    ArnEquals,
    /// `ArnLike`.
    ArnLike,
    /// `Bool`.
    Bool,
    /// `ForAnyValue:StringEquals`, for keys with several values.
    ForAnyValueStringEquals,
    /// `ForAnyValue:StringLike`, for keys with several values.
    ForAnyValueStringLike,
    /// `StringEquals`.
    StringEquals,
    /// `StringLike`.
    StringLike,
}

impl Operator {
    /// The name that IAM reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Operator::ArnEquals => "ArnEquals",
            Operator::ArnLike => "ArnLike",
            Operator::Bool => "Bool",
            Operator::ForAnyValueStringEquals => "ForAnyValue:StringEquals",
            Operator::ForAnyValueStringLike => "ForAnyValue:StringLike",
            Operator::StringEquals => "StringEquals",
            Operator::StringLike => "StringLike",
        }
    }

    /// Whether `*` and `?` are wildcards in its values. `ArnEquals` behaves like `ArnLike`.
    #[must_use]
    pub const fn knows_wildcards(self) -> bool {
        !matches!(self, Operator::Bool | Operator::ForAnyValueStringEquals | Operator::StringEquals)
    }
}

/// One line of a condition: the key must have one of the values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    /// How key and values are compared.
    pub operator: Operator,
    /// Such as `iam:PassedToService`.
    pub key: String,
    /// The values, sorted; the key must have one of them.
    pub values: Vec<Pattern>,
}

impl Condition {
    /// Compares with `operator`; a `StringEquals` whose values have wildcards becomes the `StringLike` that
    /// says the same.
    #[must_use]
    pub fn new(operator: Operator, key: impl Into<String>, values: &[Pattern]) -> Self {
        let exact = values.iter().all(|value| value.known().is_some());
        let operator = match operator {
            Operator::StringEquals if !exact => Operator::StringLike,
            Operator::ForAnyValueStringEquals if !exact => Operator::ForAnyValueStringLike,
            other => other,
        };
        let mut values = values.to_vec();
        values.sort();
        values.dedup();
        Condition { operator, key: key.into(), values }
    }

    /// Conditions that must all hold, one for each operator and key, because a document has room for only
    /// one. If two have the same operator and key, the values that satisfy both remain, so neither is lost;
    /// sorted.
    #[must_use]
    pub fn joined(mut conditions: Vec<Condition>) -> Vec<Condition> {
        conditions.sort();
        conditions.dedup_by(|condition, last| {
            let is_same = last.operator == condition.operator && last.key == condition.key;
            if is_same {
                last.values = in_both(&last.values, &condition.values);
            }
            is_same
        });
        conditions.shrink_to_fit();
        conditions
    }

    /// Whether it restricts nothing, because a value is known only at run time: any text would match.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.values.iter().any(Pattern::is_unknown)
    }

    /// The values as IAM reads them.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.values.iter().map(|value| self.text(value)).collect()
    }

    fn text(&self, value: &Pattern) -> String {
        if self.operator.knows_wildcards() { value.to_text() } else { value.to_exact_text() }
    }
}

/// The intersection of two lists of patterns, as far as one pattern covers another.
fn in_both(here: &[Pattern], there: &[Pattern]) -> Vec<Pattern> {
    let narrower = |one: &Pattern, other: &Pattern| {
        let fits = [(one, other), (other, one)].into_iter().find(|(wide, narrow)| wide.covers(narrow));
        fits.map(|(_, narrow)| narrow.clone())
    };
    let mut both: Vec<Pattern> =
        here.iter().flat_map(|one| there.iter().filter_map(move |other| narrower(one, other))).collect();
    both.sort();
    both.dedup();
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::pattern::tests::pattern;

    #[test]
    fn conditions_of_one_operator_and_key_keep_what_both_take() {
        let condition = |key: &str, values: &[&str]| {
            let values: Vec<Pattern> = values.iter().map(|value| pattern(value)).collect();
            Condition::new(Operator::StringLike, key, &values)
        };
        let joined = |conditions: Vec<Condition>| Condition::joined(conditions);
        let (one, two) = (condition("aws:k", &["a", "b*"]), condition("aws:k", &["b1", "c", "a"]));
        let other = condition("aws:l", &["x"]);
        let both = condition("aws:k", &["a", "b1"]);
        assert_eq!(joined(vec![two.clone(), other.clone(), one.clone()]), [both, other]);
        assert_eq!(joined(vec![one.clone(), one.clone()]), [condition("aws:k", &["a", "b*"])]);
        assert_eq!(joined(vec![one.clone()]), [one]);
        assert_eq!(joined(vec![two.clone(), condition("aws:k", &["z"])])[0].values, []);
    }
}
