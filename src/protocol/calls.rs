//! How a call runs: on a thread other than the one that talks to the host, with panics caught, stopped if the
//! host no longer waits; and what is checked before the provider sees the call, and before the host sees the
//! answer.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tokio::sync::Notify;

use super::diagnostic::{Diagnostic, FunctionError, Severity};
use super::kept::{Answer, Kept};
use super::problem::Problem;
use super::schema::{Function, Schema};
use super::value::{Mismatch, Type, Value};
use super::workers::Workers;
use super::{Provider, proto};
use crate::work::Cancel;

/// Calls to a provider.
pub(super) struct Calls<P> {
    offer: Arc<Offer<P>>,
    workers: Workers,
    interrupt: Notify,
}

/// A provider, and what is derived from it once, when it is first needed.
pub(super) struct Offer<P> {
    provider: P,
    schema: OnceLock<Schema>,
    types: OnceLock<Types>,
    /// How often the provider was configured without an error.
    configurations: AtomicUsize,
    kept: Kept,
}

/// The types of the schema's blocks.
struct Types {
    provider: Type,
    /// In the order of the schema.
    data_sources: Vec<Type>,
}

/// A call that the host may abandon: it is then dropped, and its work is cancelled with it.
struct InProgress {
    rpc: &'static str,
    started: Instant,
    cancel: Cancel,
    answered: bool,
}

impl<P: Provider> Calls<P> {
    pub(super) fn new(provider: P) -> Self {
        let offer = Offer {
            provider,
            schema: OnceLock::new(),
            types: OnceLock::new(),
            configurations: AtomicUsize::new(0),
            kept: Kept::default(),
        };
        Self { offer: Arc::new(offer), workers: Workers::default(), interrupt: Notify::new() }
    }

    /// Does the work of a call whose cost depends on the configuration. The error says that it could not
    /// begin, panicked or was interrupted.
    ///
    /// The host abandons a call by a cancellation, by its deadline, or with the connection: this future is
    /// dropped then.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        rpc: &'static str,
        work: impl FnOnce(&Offer<P>, &Cancel) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let call = InProgress::new(rpc);
        // Created before the work begins: an interrupt reaches everything that exists at that moment.
        let interrupted = self.interrupt.notified();
        let (offer, cancel) = (Arc::clone(&self.offer), call.cancel.clone());
        let result = match self.workers.run(move || work(&offer, &cancel)) {
            Err(error) => Err(no_thread(&error)),
            Ok(result) => tokio::select! {
                result = result => match result {
                    Ok(result) => result.map_err(|_| Problem::Crash),
                    Err(_) => Err(Problem::Stopped),
                },
                () = interrupted => Err(Problem::Stopped),
            },
        };
        call.answered(result)
    }

    /// Does the work of a call that is cheap whatever the configuration. It runs at once and waits for no
    /// other call.
    pub(super) fn at_once<T>(
        &self,
        rpc: &'static str,
        work: impl FnOnce(&Offer<P>) -> T,
    ) -> Result<T, Problem> {
        let call = InProgress::new(rpc);
        call.answered(catch_unwind(AssertUnwindSafe(|| work(&self.offer))).map_err(|_| Problem::Crash))
    }

    /// Ends the calls in progress, and only those.
    pub(super) fn interrupt(&self) {
        self.interrupt.notify_waiters();
    }
}

impl InProgress {
    fn new(rpc: &'static str) -> Self {
        Self { rpc, started: Instant::now(), cancel: Cancel::default(), answered: false }
    }

    fn answered<T>(mut self, result: Result<T, Problem>) -> Result<T, Problem> {
        self.answered = true;
        let (rpc, duration) = (self.rpc, self.started.elapsed().as_millis());
        match &result {
            Ok(_) => log::debug!(tf_rpc = rpc, tf_req_duration_ms:% = duration; "Answered a call"),
            Err(problem) => {
                log::error!(tf_rpc = rpc, tf_req_duration_ms:% = duration; "{}", problem.summary())
            }
        }
        result
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        // There may be more work after an interrupt.
        self.cancel.cancel();
        if !self.answered {
            let duration = self.started.elapsed().as_millis();
            log::debug!(tf_rpc = self.rpc, tf_req_duration_ms:% = duration; "The host gave up a call");
        }
    }
}

impl<P: Provider> Offer<P> {
    pub(super) fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| self.provider.schema())
    }

    fn types(&self) -> &Types {
        self.types.get_or_init(|| {
            let schema = self.schema();
            let data_sources = schema.data_sources.iter().map(|it| it.block.value_type()).collect();
            Types { provider: schema.provider.value_type(), data_sources }
        })
    }

    pub(super) fn validate_config(&self, config: Option<proto::DynamicValue>) -> Vec<Diagnostic> {
        match block(&config.unwrap_or_default(), &self.types().provider) {
            Ok(config) => self.provider.validate_config(&config),
            Err(problem) => vec![problem.into()],
        }
    }

    pub(super) fn configure(&self, config: Option<proto::DynamicValue>) -> Vec<Diagnostic> {
        let diagnostics = match block(&config.unwrap_or_default(), &self.types().provider) {
            Ok(config) => self.provider.configure(&config),
            Err(problem) => vec![problem.into()],
        };
        if !has_error(&diagnostics) {
            // Only now, so that nothing that was read with the configuration before has this number.
            self.configurations.fetch_add(1, Ordering::SeqCst);
        }
        diagnostics
    }

    pub(super) fn validate_data_source(
        &self,
        name: &str,
        config: Option<proto::DynamicValue>,
        cancel: &Cancel,
    ) -> Vec<Diagnostic> {
        let configuration = self.configurations.load(Ordering::SeqCst);
        let arguments = config.unwrap_or_default();
        let (kind, config) = match self.block_of(name, &arguments) {
            Ok(found) => found,
            Err(problem) => return vec![problem.into()],
        };
        let mut problems = self.check(name, &config);
        if configuration > 0 && problems.is_empty() && config.is_wholly_known() {
            let answer = self.answer(name, &config, kind, cancel);
            if let Ok(answer @ (Some(_), _)) = answer {
                self.kept.put(name, arguments, configuration, answer);
                return problems;
            }
        }
        problems.extend(self.provider.validate_data_source(name, &config, cancel));
        problems
    }

    pub(super) fn read_data_source(
        &self,
        name: &str,
        config: Option<proto::DynamicValue>,
        cancel: &Cancel,
    ) -> Answer {
        let configuration = self.configurations.load(Ordering::SeqCst);
        let arguments = config.unwrap_or_default();
        let kept = self.kept.take(name, &arguments, configuration);
        kept.map_or_else(|| self.read(name, &arguments, cancel), Ok)
            .unwrap_or_else(|problem| (None, vec![problem.into()]))
    }

    pub(super) fn call_function(
        &self,
        name: &str,
        arguments: Vec<proto::DynamicValue>,
        cancel: &Cancel,
    ) -> Result<proto::DynamicValue, FunctionError> {
        let function = self
            .schema()
            .function(name)
            .ok_or_else(|| FunctionError::from(Problem::unknown("function", name)))?;
        let arguments = read_arguments(function, arguments)?;
        let result = match arguments {
            Some(arguments) => self.provider.call_function(name, &arguments, cancel)?,
            None => Value::Unknown,
        };
        encode(&result, &function.result, cancel)
            .map_err(|mismatch| Problem::WrongResult { reason: mismatch.to_string() }.into())
    }

    fn read(&self, name: &str, arguments: &proto::DynamicValue, cancel: &Cancel) -> Result<Answer, Problem> {
        let (kind, config) = self.block_of(name, arguments)?;
        if !config.is_wholly_known() {
            return Err(Problem::UnknownRead);
        }
        let problems = self.check(name, &config);
        if !problems.is_empty() {
            return Ok((None, problems));
        }
        self.answer(name, &config, kind, cancel)
    }

    /// Reads arguments in which nothing is unknown or forbidden.
    fn answer(&self, name: &str, config: &Value, kind: &Type, cancel: &Cancel) -> Result<Answer, Problem> {
        let (state, mut diagnostics) = self.provider.read_data_source(name, config, cancel);
        if has_error(&diagnostics) {
            return Ok((None, diagnostics));
        }
        // What nobody waits for may not be whole.
        if cancel.is_cancelled() {
            return Err(Problem::Stopped);
        }
        let state = match state {
            Some(state) if state.is_wholly_known() => {
                encode(&state, kind, cancel).map_err(|it| it.to_string())
            }
            Some(_) => Err("some attributes are unknown".to_owned()),
            None => Err("it is missing".to_owned()),
        };
        match state {
            Ok(state) => Ok((Some(state), diagnostics)),
            Err(reason) => {
                diagnostics.push(Problem::WrongResult { reason }.into());
                Ok((None, diagnostics))
            }
        }
    }

    /// What the schema forbids and hosts do not check.
    fn check(&self, name: &str, config: &Value) -> Vec<Diagnostic> {
        self.schema().data_source(name).map(|schema| schema.block.check(config)).unwrap_or_default()
    }

    /// The type of a data source's block, and the block that these arguments are.
    fn block_of(&self, name: &str, arguments: &proto::DynamicValue) -> Result<(&Type, Value), Problem> {
        let kind = self.data_source(name)?;
        Ok((kind, block(arguments, kind)?))
    }

    /// The type of a data source's block.
    fn data_source(&self, name: &str) -> Result<&Type, Problem> {
        let at = self.schema().data_sources.iter().position(|it| it.name == name);
        at.and_then(|at| self.types().data_sources.get(at))
            .ok_or_else(|| Problem::unknown("data source", name))
    }

    /// The answer to a call about something that providers can have besides data sources and functions, and
    /// that this one does not have. `kind` is the word for it, such as `resource`.
    pub(super) fn there_is_no(&self, kind: &'static str, name: &str) -> Diagnostic {
        let schema = self.schema();
        let problem = Problem::UnknownName {
            kind,
            name: name.to_owned(),
            is_data_source: schema.data_source(name).is_some(),
            data_sources: schema.data_sources.iter().map(|it| it.name.clone()).collect(),
        };
        problem.into()
    }
}

fn has_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The arguments of a function, one of which may be unknown where that is not allowed: then there are none,
/// and the result is unknown too. Hosts check all of this themselves, but not every host checks everything.
fn read_arguments(
    function: &Function,
    arguments: Vec<proto::DynamicValue>,
) -> Result<Option<Vec<Value>>, FunctionError> {
    if arguments.len() < function.parameters.len() {
        return Err(Problem::TooFewArguments.into());
    }
    let mut values = Vec::with_capacity(arguments.len());
    let mut callable = true;
    for (position, argument) in (0..).zip(arguments) {
        let parameter = usize::try_from(position).ok().and_then(|position| function.parameter(position));
        let parameter = parameter.ok_or(Problem::TooManyArguments)?;
        let value = decode(&argument, &parameter.kind)
            .map_err(|mismatch| Problem::UnreadableParameter(mismatch.to_string()))
            .map_err(|problem| FunctionError::from(problem).about(position))?;
        if value.is_null() && !parameter.allow_null {
            return Err(FunctionError::from(Problem::NullParameter).about(position));
        }
        callable &= parameter.allow_unknown || value.is_wholly_known();
        values.push(value);
    }
    Ok(callable.then_some(values))
}

/// The value of a block, which is never null or unknown as a whole.
fn block(config: &proto::DynamicValue, kind: &Type) -> Result<Value, Problem> {
    match decode(config, kind) {
        Ok(config @ Value::Object(_)) => Ok(config),
        Ok(_) => Err(Problem::MalformedConfiguration { reason: "there is none".to_owned() }),
        Err(mismatch) => Err(Problem::MalformedConfiguration { reason: mismatch.to_string() }),
    }
}

/// A value in either encoding. One that is absent, or has neither, is null.
fn decode(value: &proto::DynamicValue, expected: &Type) -> Result<Value, Mismatch> {
    match (value.msgpack.as_slice(), value.json.as_slice()) {
        ([], []) => Ok(Value::Null),
        ([], json) => Value::from_json(json, expected),
        (msgpack, _) => Value::from_msgpack(msgpack, expected),
    }
}

fn encode(value: &Value, expected: &Type, cancel: &Cancel) -> Result<proto::DynamicValue, Mismatch> {
    let msgpack = value.to_msgpack_while(expected, &|| !cancel.is_cancelled())?;
    Ok(proto::DynamicValue { msgpack, json: Vec::new() })
}

fn no_thread(error: &io::Error) -> Problem {
    Problem::NoThread { reason: error.to_string() }
}
