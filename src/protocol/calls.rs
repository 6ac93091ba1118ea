//! How a call runs: off the threads that talk to the host, caught if it panics, left alone if it is interrupted; and what
//! has to hold before the provider sees it, and before the host sees the answer.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tokio::sync::Notify;
use tokio::task::spawn_blocking;

use super::diagnostic::{Diagnostic, FunctionError, Severity};
use super::schema::{Block, Function, Schema};
use super::value::{Mismatch, Type, Value};
use super::{Provider, proto};

/// Calls to a provider.
pub(super) struct Calls<P> {
    offer: Arc<Offer<P>>,
    interrupt: Notify,
}

/// A provider and its schema, which is made when it is first needed.
pub(super) struct Offer<P> {
    provider: P,
    schema: OnceLock<Schema>,
}

impl<P: Provider> Calls<P> {
    pub(super) fn new(provider: P) -> Self {
        Self { offer: Arc::new(Offer { provider, schema: OnceLock::new() }), interrupt: Notify::new() }
    }

    /// Does the work of a call. The error says that it panicked or was interrupted.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        rpc: &'static str,
        work: impl FnOnce(&Offer<P>) -> T + Send + 'static,
    ) -> Result<T, Diagnostic> {
        let started = Instant::now();
        // Made before the work begins: an interrupt reaches whatever exists at that moment.
        let interrupted = self.interrupt.notified();
        let offer = Arc::clone(&self.offer);
        let result = tokio::select! {
            result = spawn_blocking(move || work(&offer)) => result.map_err(|error| {
                if error.is_panic() { crashed() } else { stopped() }
            }),
            () = interrupted => Err(stopped()),
        };
        let duration = started.elapsed().as_millis();
        match &result {
            Ok(_) => log::debug!(tf_rpc = rpc, tf_req_duration_ms:% = duration; "Answered a call"),
            Err(problem) => log::error!(tf_rpc = rpc, tf_req_duration_ms:% = duration; "{}", problem.summary),
        }
        result
    }

    /// Ends the calls in progress, and only those. What they have begun goes on, but nobody waits for it.
    pub(super) fn interrupt(&self) {
        self.interrupt.notify_waiters();
    }
}

impl<P: Provider> Offer<P> {
    pub(super) fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.provider.schema())
    }

    pub(super) fn validate_config(&self, config: Option<proto::DynamicValue>) -> Vec<Diagnostic> {
        match block(config, &self.schema().provider) {
            Ok(config) => self.provider.validate_config(&config),
            Err(problem) => vec![problem],
        }
    }

    pub(super) fn configure(&self, config: Option<proto::DynamicValue>) -> Vec<Diagnostic> {
        match block(config, &self.schema().provider) {
            Ok(config) => self.provider.configure(&config),
            Err(problem) => vec![problem],
        }
    }

    pub(super) fn validate_data_source(
        &self,
        name: &str,
        config: Option<proto::DynamicValue>,
    ) -> Vec<Diagnostic> {
        match self.data_source(name).and_then(|schema| block(config, schema)) {
            Ok(config) => self.provider.validate_data_source(name, &config),
            Err(problem) => vec![problem],
        }
    }

    pub(super) fn read_data_source(
        &self,
        name: &str,
        config: Option<proto::DynamicValue>,
    ) -> (Option<proto::DynamicValue>, Vec<Diagnostic>) {
        self.read(name, config).unwrap_or_else(|problem| (None, vec![problem]))
    }

    pub(super) fn call_function(
        &self,
        name: &str,
        arguments: Vec<proto::DynamicValue>,
    ) -> Result<proto::DynamicValue, FunctionError> {
        let function = self
            .schema()
            .function(name)
            .ok_or_else(|| FunctionError::new(format!("this provider has no function \"{name}\"")))?;
        let arguments = read_arguments(function, arguments)?;
        let result = match arguments {
            Some(arguments) => self.provider.call_function(name, &arguments)?,
            None => Value::Unknown,
        };
        encode(&result, &function.result)
            .map_err(|mismatch| FunctionError::new(format!("the provider made a wrong result: {mismatch}")))
    }

    fn read(
        &self,
        name: &str,
        config: Option<proto::DynamicValue>,
    ) -> Result<(Option<proto::DynamicValue>, Vec<Diagnostic>), Diagnostic> {
        let schema = self.data_source(name)?;
        let config = block(config, schema)?;
        if !config.is_wholly_known() {
            return Err(Diagnostic::error(
                "Read of unknown values",
                "The data source was asked for while some of its arguments are not yet known. This is a bug in the \
                 program that called the provider.",
            ));
        }
        let (state, mut diagnostics) = self.provider.read_data_source(name, &config);
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Ok((None, diagnostics));
        }
        let state = match state {
            Some(state) if state.is_wholly_known() => {
                encode(&state, &schema.value_type()).map_err(|it| it.to_string())
            }
            Some(_) => Err("some attributes are unknown".to_owned()),
            None => Err("it is missing".to_owned()),
        };
        match state {
            Ok(state) => Ok((Some(state), diagnostics)),
            Err(reason) => {
                diagnostics.push(Diagnostic::error(
                    "Wrong result",
                    format!("The provider made a wrong result: {reason}. This is a bug in the provider; please report it."),
                ));
                Ok((None, diagnostics))
            }
        }
    }

    fn data_source(&self, name: &str) -> Result<&Block, Diagnostic> {
        self.schema().data_source(name).map(|data_source| &data_source.block).ok_or_else(|| {
            Diagnostic::error("Unknown data source", format!("This provider has no data source \"{name}\"."))
        })
    }
}

/// The arguments of a function, one of which may be unknown where that is not allowed: then there are none, and the result
/// is unknown too. Hosts see to all of this themselves, but not all of them to everything.
fn read_arguments(
    function: &Function,
    arguments: Vec<proto::DynamicValue>,
) -> Result<Option<Vec<Value>>, FunctionError> {
    if arguments.len() < function.parameters.len() {
        return Err(FunctionError::new("there are too few arguments"));
    }
    let mut values = Vec::with_capacity(arguments.len());
    let mut callable = true;
    for (position, argument) in (0..).zip(arguments) {
        let parameter = usize::try_from(position).ok().and_then(|position| function.parameter(position));
        let parameter = parameter.ok_or_else(|| FunctionError::new("there are too many arguments"))?;
        let value = decode(Some(argument), &parameter.kind)
            .map_err(|mismatch| FunctionError::argument(position, mismatch.to_string()))?;
        if value.is_null() && !parameter.allow_null {
            return Err(FunctionError::argument(position, "the argument must not be null"));
        }
        callable &= parameter.allow_unknown || value.is_wholly_known();
        values.push(value);
    }
    Ok(callable.then_some(values))
}

/// The value of a block, which is never null or unknown as a whole.
fn block(config: Option<proto::DynamicValue>, schema: &Block) -> Result<Value, Diagnostic> {
    let malformed = |reason: &dyn std::fmt::Display| {
        Diagnostic::error(
            "Malformed configuration",
            format!(
                "The configuration that the provider was sent does not fit its schema: {reason}. This is a bug in the \
                 provider or in the program that called it; please report it."
            ),
        )
    };
    match decode(config, &schema.value_type()).map_err(|mismatch| malformed(&mismatch))? {
        config @ Value::Object(_) => Ok(config),
        _ => Err(malformed(&"there is none")),
    }
}

/// A value in either encoding. One that is absent, or has neither, is null.
fn decode(value: Option<proto::DynamicValue>, expected: &Type) -> Result<Value, Mismatch> {
    let value = value.unwrap_or_default();
    match (value.msgpack.as_slice(), value.json.as_slice()) {
        ([], []) => Ok(Value::Null),
        ([], json) => Value::from_json(json, expected),
        (msgpack, _) => Value::from_msgpack(msgpack, expected),
    }
}

fn encode(value: &Value, expected: &Type) -> Result<proto::DynamicValue, Mismatch> {
    Ok(proto::DynamicValue { msgpack: value.to_msgpack(expected)?, json: Vec::new() })
}

fn crashed() -> Diagnostic {
    Diagnostic::error(
        "The provider crashed",
        "The provider failed on this input in a way that it did not foresee. This is a bug in the provider; please \
         report it, with the definition if you may share it.",
    )
}

fn stopped() -> Diagnostic {
    Diagnostic::error("Interrupted", "The call was interrupted before it had a result.")
}
