//! AWS SDK integrations: what IAM checks for each operation, from the catalogue that `catalog/build` makes.

mod arn;
pub mod basis;
pub mod catalog;
pub mod entry;
mod evaluate;
mod findings;
mod read;
mod show;
mod task;
mod transform;

pub(super) use task::task;
pub use task::{DOCS, as_in_resources};
