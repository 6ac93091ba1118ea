//! The provider's executable.

use std::process::ExitCode;

use sfniam::plugin;
use sfniam::protocol::diagnostic::{Diagnostic, FunctionError};
use sfniam::protocol::schema::Schema;
use sfniam::protocol::value::Value;
use sfniam::protocol::{self, Provider};

fn main() -> ExitCode {
    plugin::serve(|| protocol::routes(Empty))
}

/// A provider that offers nothing yet.
struct Empty;

impl Provider for Empty {
    fn schema(&self) -> Schema {
        Schema::default()
    }

    fn validate_config(&self, _: &Value) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn configure(&self, _: &Value) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn validate_data_source(&self, _: &str, _: &Value) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn read_data_source(&self, name: &str, _: &Value) -> (Option<Value>, Vec<Diagnostic>) {
        (None, vec![Diagnostic::error("Unknown data source", format!("There is no data source \"{name}\"."))])
    }

    fn call_function(&self, name: &str, _: &[Value]) -> Result<Value, FunctionError> {
        Err(FunctionError::new(format!("there is no function \"{name}\"")))
    }
}
