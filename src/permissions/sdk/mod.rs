//! AWS SDK integrations: what IAM checks for each operation, from the catalogue that `catalog/build` makes.

pub mod catalog;
pub mod entry;
mod read;
