//! What represents an unknown value: the expression that will give it.

use std::fmt;
use std::ops::Deref;

use super::text::Str;

/// The expression that is evaluated only at run time, as the definition has it: `$.topic`, `{%
/// $states.input.t %}`; or words in place of one: `the state's input`. Or the token whose value is not known
/// yet, in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expression<'a> {
    text: Str<'a>,
    is_pending: bool,
}

impl<'a> Expression<'a> {
    /// A token whose value is not known yet, or an expression that depends on one: it may become anything,
    /// even a known value.
    #[must_use]
    pub fn pending(text: impl Into<Str<'a>>) -> Self {
        Expression { text: text.into(), is_pending: true }
    }

    /// Whether its value may become known before the execution, but is not known yet.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.is_pending
    }
}

impl<'a, T: Into<Str<'a>>> From<T> for Expression<'a> {
    /// A value known only at run time.
    fn from(text: T) -> Self {
        Expression { text: text.into(), is_pending: false }
    }
}

impl Deref for Expression<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Expression<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
