//! IAM policy documents: ARNs with wildcards, conditions, statements and their JSON. Knows no Step Functions.

mod condition;
mod cover;
mod environment;
mod evaluate;
mod pattern;
mod policy;
mod reduce;
mod statement;
mod trust;

pub use condition::{Condition, Operator};
pub use environment::Aws;
pub use evaluate::{Access, Evaluator, asked};
pub use pattern::{Pattern, Piece, Why};
pub use policy::{Effect, Policy, VERSION};
pub use reduce::reduce;
pub use statement::{Allowed, Statement, merge, share};
pub use trust::Trust;
