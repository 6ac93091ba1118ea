//! AWS SDK integrations: what IAM checks for each operation, from the catalogue that `catalog/build` makes.

mod accepted;
pub mod actions;
mod arn;
mod bucket;
pub mod catalog;
mod certain;
mod conditions;
pub mod dangerous;
mod display;
mod draft;
mod evaluate;
pub mod evidence;
mod findings;
pub mod forms;
pub mod kinds;
mod limits;
pub mod model;
mod parse;
mod rows;
mod taken;
mod transform;
mod twofold;

pub use accepted::Rejected;
pub use bucket::{names_bucket_on_outpost, names_directory_bucket, names_object_lambda};
pub use evaluate::{Granted, granted};
pub(crate) use findings::SdkProblem;
pub use findings::{about_call, about_operation, about_service};

/// AWS's page about the integrations of the AWS SDK.
pub const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html";

/// An operation as Resources spell it: its first letter small.
#[must_use]
pub fn as_in_resources(operation: &str) -> String {
    let mut name = operation.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}
