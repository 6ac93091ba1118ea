//! What this provider offers: the connection between Terraform's values and the library, without rules of its
//! own.

mod analyze;
mod compare;
mod config;
mod diagnostics;
pub mod examples;
mod function;
mod limits;
mod on_finding;
mod options;
mod policy;
mod problem;
mod region;

use std::sync::{Arc, PoisonError, RwLock};

use crate::generator::Request;
use crate::protocol::Provider;
use crate::protocol::diagnostic::{Diagnostic, FunctionError};
use crate::protocol::problem::Problem;
use crate::protocol::schema::{DataSource, Function, Schema};
use crate::protocol::value::Value;
use crate::work::Cancel;

pub use config::Config;
pub(crate) use limits::MAX_WARNING_LINES;
pub use policy::{DATA_SOURCE, ask, attribute, data_source, explanation, warnings};

/// The addresses under which configurations know the provider: `sfniam/sfniam` in Terraform and in OpenTofu.
pub const ADDRESSES: [&str; 2] =
    ["registry.terraform.io/sfniam/sfniam", "registry.opentofu.org/sfniam/sfniam"];

/// The request that the arguments of `sfniam_policy` make without a provider block.
///
/// # Errors
/// A diagnostic for each argument that cannot be read.
pub fn request(arguments: &Value) -> Result<Request, Vec<Diagnostic>> {
    policy::request(arguments, &Config::default()).map_err(|findings| diagnostics::errors(&findings))
}

/// The result of a read: the state, unless one of the diagnostics is an error, and the diagnostics.
type Reading = (Option<Value>, Vec<Diagnostic>);

/// A data source: what hosts receive, and what answers their calls.
struct DataSourceRow {
    name: &'static str,
    schema: fn() -> DataSource,
    /// Checks arguments of which any may be unknown, as may the provider block's.
    validate: fn(&Value, &Config, &Cancel) -> Vec<Diagnostic>,
    /// Reads arguments that are wholly known.
    read: fn(&Value, &Config, &Cancel) -> Reading,
}

/// A function: what hosts receive, and what answers their calls.
struct FunctionRow {
    name: &'static str,
    schema: fn() -> Function,
    call: fn(&[Value], &Cancel) -> Result<Value, FunctionError>,
}

/// All data sources. A name that is not listed is an error, so that no data source answers for another.
const DATA_SOURCES: &[DataSourceRow] = &[DataSourceRow {
    name: DATA_SOURCE,
    schema: data_source,
    validate: policy::validate,
    read: policy::read,
}];

/// All functions.
const FUNCTIONS: &[FunctionRow] = &[
    FunctionRow { name: analyze::NAME, schema: analyze::function, call: analyze::call },
    FunctionRow { name: compare::NAME, schema: compare::function, call: compare::call },
    FunctionRow { name: function::NAME, schema: function::function, call: function::call },
];

/// The provider `sfniam`.
#[derive(Debug, Default)]
pub struct Sfniam {
    /// Replaced as a whole, so that a read in progress keeps the configuration with which it began. `None`
    /// until there is one.
    config: RwLock<Option<Arc<Config>>>,
    /// The provider block as far as it is known at `validate`. Hosts check it, unless it is empty, in the
    /// same process before the data sources.
    checked: RwLock<Arc<Config>>,
}

impl Sfniam {
    fn config(&self) -> Option<Arc<Config>> {
        // A configuration is complete before it is stored, so a poisoned lock contains a valid one.
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn checked(&self) -> Arc<Config> {
        Arc::clone(&self.checked.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Provider for Sfniam {
    fn schema(&self) -> Schema {
        Schema {
            provider: config::block(),
            data_sources: DATA_SOURCES.iter().map(|row| (row.schema)()).collect(),
            functions: FUNCTIONS.iter().map(|row| (row.schema)()).collect(),
        }
    }

    fn validate_config(&self, config: &Value) -> Vec<Diagnostic> {
        match Config::read(config) {
            Ok(config) => {
                *self.checked.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                Vec::new()
            }
            Err(findings) => diagnostics::errors(&findings),
        }
    }

    fn configure(&self, config: &Value) -> Vec<Diagnostic> {
        match Config::read(config) {
            Ok(config) => {
                *self.config.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(config));
                Vec::new()
            }
            Err(findings) => diagnostics::errors(&findings),
        }
    }

    fn validate_data_source(&self, name: &str, config: &Value, cancel: &Cancel) -> Vec<Diagnostic> {
        let Some(row) = DATA_SOURCES.iter().find(|row| row.name == name) else {
            return vec![Problem::unknown("data source", name).into()];
        };
        let provider = self.config().unwrap_or_else(|| self.checked());
        (row.validate)(config, &provider, cancel)
    }

    fn read_data_source(
        &self,
        name: &str,
        config: &Value,
        cancel: &Cancel,
    ) -> (Option<Value>, Vec<Diagnostic>) {
        match DATA_SOURCES.iter().find(|row| row.name == name) {
            Some(row) => (row.read)(config, &self.config().unwrap_or_default(), cancel),
            None => (None, vec![Problem::unknown("data source", name).into()]),
        }
    }

    fn call_function(
        &self,
        name: &str,
        arguments: &[Value],
        cancel: &Cancel,
    ) -> Result<Value, FunctionError> {
        match FUNCTIONS.iter().find(|row| row.name == name) {
            Some(row) => (row.call)(arguments, cancel),
            None => Err(Problem::unknown("function", name).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_have_the_names_of_their_schemas() {
        for row in DATA_SOURCES {
            assert_eq!(row.name, (row.schema)().name);
        }
        for row in FUNCTIONS {
            assert_eq!(row.name, (row.schema)().name);
        }
    }

    #[test]
    fn another_name_is_answered_by_nobody() {
        let (provider, cancel) = (Sfniam::default(), Cancel::default());
        let config = Value::object([("definition", Value::from("{}"))]);
        assert_eq!(
            provider.validate_data_source("sfniam_other", &config, &cancel)[0].summary,
            "Unknown data source"
        );
        let (state, diagnostics) = provider.read_data_source("sfniam_other", &config, &cancel);
        assert_eq!((state, diagnostics[0].summary.as_str()), (None, "Unknown data source"));
        assert!(
            provider.call_function("other", &["{}".into()], &cancel).unwrap_err().text.contains("\"other\"")
        );
    }
}
