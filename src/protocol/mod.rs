//! Terraform's provider protocol. Knows no AWS: what a provider offers comes in through [`Provider`].

pub mod diagnostic;
pub mod schema;
pub mod value;
mod wire;

use diagnostic::{Diagnostic, FunctionError};
use schema::Schema;
use value::Value;

/// The messages, as compiled from `proto/tfplugin6.proto`.
#[expect(
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    reason = "generated from what is on the wire, not from what we use"
)]
#[allow(dead_code, reason = "the messages that only hold others are never made")]
mod proto {
    tonic::include_proto!("tfplugin6");
}

/// What a provider does, in terms of values.
///
/// Calls come from several threads at once, and in a debug session one process is configured several times, so whoever
/// implements this keeps its configuration behind an [`Arc`](std::sync::Arc) that is replaced as a whole.
pub trait Provider: Send + Sync + 'static {
    /// Everything that the provider offers. The same for every call.
    fn schema(&self) -> Schema;

    /// Checks a provider block. Any value may be unknown.
    fn validate_config(&self, config: &Value) -> Vec<Diagnostic>;

    /// Takes over a provider block. Any value may be unknown; that is no error before a read needs it.
    fn configure(&self, config: &Value) -> Vec<Diagnostic>;

    /// Checks the block of a data source. Any value may be unknown. `name` is one of the schema's.
    fn validate_data_source(&self, name: &str, config: &Value) -> Vec<Diagnostic>;

    /// Reads a data source. `name` is one of the schema's, and `config` is wholly known.
    ///
    /// The state has all attributes and nested blocks of the schema, with the arguments as they came. It is `None` if and
    /// only if one of the diagnostics is an error.
    fn read_data_source(&self, name: &str, config: &Value) -> (Option<Value>, Vec<Diagnostic>);

    /// Calls a function, perhaps on a provider that was never configured. `name` is one of the schema's, and the
    /// arguments conform to its parameters.
    fn call_function(&self, name: &str, arguments: &[Value]) -> Result<Value, FunctionError>;
}
