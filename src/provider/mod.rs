//! What this provider offers: glue between Terraform's values and the library, no rules.

mod coded;
mod config;
mod function;
mod on_finding;
mod policy;

use std::sync::{Arc, PoisonError, RwLock};

use crate::generator::Request;
use crate::protocol::Provider;
use crate::protocol::diagnostic::{Diagnostic, FunctionError};
use crate::protocol::schema::Schema;
use crate::protocol::value::Value;
use crate::work::Cancel;

pub use policy::{DATA_SOURCE, data_source};

use config::Config;

/// The addresses under which configurations know the provider: `sfniam/sfniam` in Terraform and in OpenTofu.
pub const ADDRESSES: [&str; 2] =
    ["registry.terraform.io/sfniam/sfniam", "registry.opentofu.org/sfniam/sfniam"];

/// The request that the arguments of `sfniam_policy` make without a provider block.
///
/// # Errors
/// A diagnostic for each argument that cannot be read.
pub fn request(arguments: &Value) -> Result<Request, Vec<Diagnostic>> {
    policy::request(arguments, &Config::default())
}

/// The provider `sfniam`.
#[derive(Debug, Default)]
pub struct Sfniam {
    /// Replaced as a whole, so that a read in progress keeps the configuration that it began with.
    config: RwLock<Arc<Config>>,
}

impl Sfniam {
    fn config(&self) -> Arc<Config> {
        // A configuration is complete before it is put there, so a poisoned lock holds a good one.
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Provider for Sfniam {
    fn schema(&self) -> Schema {
        Schema {
            provider: config::block(),
            data_sources: vec![data_source()],
            functions: vec![function::function()],
        }
    }

    fn validate_config(&self, config: &Value) -> Vec<Diagnostic> {
        Config::read(config).err().unwrap_or_default()
    }

    fn configure(&self, config: &Value) -> Vec<Diagnostic> {
        match Config::read(config) {
            Ok(config) => {
                *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                Vec::new()
            }
            Err(diagnostics) => diagnostics,
        }
    }

    fn validate_data_source(&self, _: &str, config: &Value, cancel: &Cancel) -> Vec<Diagnostic> {
        policy::validate(config, cancel)
    }

    fn read_data_source(&self, _: &str, config: &Value, cancel: &Cancel) -> (Option<Value>, Vec<Diagnostic>) {
        policy::read(config, &self.config(), cancel)
    }

    fn call_function(
        &self,
        name: &str,
        arguments: &[Value],
        cancel: &Cancel,
    ) -> Result<Value, FunctionError> {
        match name {
            function::NAME => function::call(arguments, cancel),
            _ => Err(FunctionError::new(format!("there is no function \"{name}\""))),
        }
    }
}
