//! IAM policy documents: ARNs with wildcards, conditions, statements and their JSON. Knows no Step Functions.

mod condition;
mod environment;
mod pattern;
mod policy;
mod statement;

pub use condition::{Condition, Operator};
pub use environment::Aws;
pub use pattern::{Pattern, Piece, Why};
pub use policy::{Effect, Policy, VERSION};
pub use statement::{Allowed, Statement, merge};
