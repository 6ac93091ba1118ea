//! Conditions of a statement.

use super::Pattern;

/// An operator of IAM's condition language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// How key and values are compared.
    pub operator: Operator,
    /// Such as `iam:PassedToService`.
    pub key: String,
    /// The values, sorted, as IAM reads them.
    pub values: Vec<String>,
}

impl Condition {
    /// Compares with `operator`; a `StringEquals` whose values have wildcards becomes the `StringLike` that says the same.
    #[must_use]
    pub fn new(operator: Operator, key: impl Into<String>, values: &[Pattern]) -> Self {
        let exact = values.iter().all(|value| value.known().is_some());
        let operator = match operator {
            Operator::StringEquals if !exact => Operator::StringLike,
            Operator::ForAnyValueStringEquals if !exact => Operator::ForAnyValueStringLike,
            other => other,
        };
        let text = |value: &Pattern| {
            if operator.knows_wildcards() { value.to_text() } else { value.to_exact_text() }
        };
        let mut values: Vec<String> = values.iter().map(text).collect();
        values.sort();
        values.dedup();
        Condition { operator, key: key.into(), values }
    }
}
