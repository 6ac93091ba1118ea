//! AWS SDK integrations: what IAM checks for each operation, from the catalogue that `catalog/build` makes.

mod arn;
pub mod catalog;
mod display;
mod evaluate;
pub mod evidence;
mod findings;
pub mod model;
mod parse;
mod task;
mod transform;

pub(super) use task::task;
pub use task::{DOCS, as_in_resources};
