//! AWS SDK integrations: what IAM checks for each operation, from the catalogue that `catalog/build` makes.

mod arn;
pub mod catalog;
pub mod entry;
mod evaluate;
mod read;
mod task;
mod transform;

pub(super) use task::task;
