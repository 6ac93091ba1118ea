//! What an expression can refer to.

use crate::asl::Value;
use crate::work::Work;

/// What an expression can refer to at its position.
pub(crate) trait Environment<'a> {
    /// The reserved variable `$states`: an object with `context` and, where they exist, `input`, `result` and
    /// `errorOutput`.
    fn states(&self) -> Value<'a>;

    /// What pays for the evaluation.
    fn work(&self) -> &Work;

    /// A workflow variable; `None` if it is known only at run time whether there is one of that name.
    fn variable(&self, name: &str) -> Option<Value<'a>>;
}
