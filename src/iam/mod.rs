//! IAM policy documents: ARNs with wildcards, conditions, statements and their JSON. Knows nothing of Step
//! Functions.

mod arn;
mod condition;
mod index;
mod limits;
mod location;
mod minimize;
mod pattern;
mod policy;
mod reason;
mod statement;
mod subsume;
mod trust;
mod unwritable;
mod write;
mod written;

pub use arn::{Arn, ArnFields, is_account_number};
pub use condition::{Condition, Operator};
pub use limits::MAX_CONDITIONS_WITH_SUBSETS;
pub use location::{Location, is_region};
pub use minimize::{minimize, subsets};
pub use pattern::{Pattern, Piece};
pub use policy::{Effect, FRAME, Policy, VERSION, text_size};
pub use reason::{Reach, Unresolved, WildcardReason};
pub use statement::{Grant, Statement, merge, merge_within, share};
pub use trust::Trust;
pub use write::json_bytes;
pub use written::Written;
