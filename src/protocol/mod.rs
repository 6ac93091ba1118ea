//! Terraform's provider protocol. Knows no AWS: what a provider offers comes in through [`Provider`].

mod calls;
pub mod diagnostic;
mod limits;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod value;
mod wire;

use tonic::service::Routes;
use tonic::{Request, Response, Status, async_trait};

use calls::{Calls, Offer};
use diagnostic::{Diagnostic, FunctionError};
use limits::MAX_REQUEST_BYTES;
use proto::provider_server::ProviderServer;
use proto::{
    call_function, configure_provider, get_functions, get_metadata, get_provider_schema,
    get_resource_identity_schemas, read_data_source, stop_provider, validate_data_resource_config,
    validate_provider_config,
};
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
///
/// A call that the user interrupts is answered for the provider; what it still does in the background is dropped.
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

/// The gRPC service that offers a provider to Terraform. Calls that it does not have are answered as unimplemented.
pub fn routes(provider: impl Provider) -> Routes {
    let service = Service { calls: Calls::new(provider) };
    Routes::new(ProviderServer::new(service).max_decoding_message_size(MAX_REQUEST_BYTES))
}

struct Service<P> {
    calls: Calls<P>,
}

#[async_trait]
impl<P: Provider> proto::provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        _: Request<get_metadata::Request>,
    ) -> Result<Response<get_metadata::Response>, Status> {
        let answer = self.calls.run("GetMetadata", |offer| offer.schema().into()).await;
        Ok(Response::new(answer.unwrap_or_else(|problem| get_metadata::Response {
            diagnostics: vec![problem.into()],
            ..Default::default()
        })))
    }

    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        let answer = self.calls.run("GetProviderSchema", |offer| offer.schema().into()).await;
        Ok(Response::new(answer.unwrap_or_else(|problem| get_provider_schema::Response {
            diagnostics: vec![problem.into()],
            ..Default::default()
        })))
    }

    async fn get_functions(
        &self,
        _: Request<get_functions::Request>,
    ) -> Result<Response<get_functions::Response>, Status> {
        let answer = self.calls.run("GetFunctions", |offer| wire::functions(offer.schema())).await;
        Ok(Response::new(match answer {
            Ok(functions) => get_functions::Response { functions, diagnostics: Vec::new() },
            Err(problem) => {
                get_functions::Response { diagnostics: vec![problem.into()], ..Default::default() }
            }
        }))
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Result<Response<get_resource_identity_schemas::Response>, Status> {
        Ok(Response::new(get_resource_identity_schemas::Response {}))
    }

    async fn validate_provider_config(
        &self,
        request: Request<validate_provider_config::Request>,
    ) -> Result<Response<validate_provider_config::Response>, Status> {
        let request = request.into_inner();
        let answer = self
            .calls
            .run("ValidateProviderConfig", move |offer| offer.validate_config(request.config))
            .await;
        Ok(Response::new(validate_provider_config::Response { diagnostics: diagnostics(answer) }))
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        let request = request.into_inner();
        let answer = self.calls.run("ConfigureProvider", move |offer| offer.configure(request.config)).await;
        Ok(Response::new(configure_provider::Response { diagnostics: diagnostics(answer) }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Result<Response<validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let check = move |offer: &Offer<P>| offer.validate_data_source(&request.type_name, request.config);
        let answer = self.calls.run("ValidateDataResourceConfig", check).await;
        Ok(Response::new(validate_data_resource_config::Response { diagnostics: diagnostics(answer) }))
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Result<Response<read_data_source::Response>, Status> {
        let request = request.into_inner();
        let read = move |offer: &Offer<P>| offer.read_data_source(&request.type_name, request.config);
        let (state, answer) = match self.calls.run("ReadDataSource", read).await {
            Ok((state, diagnostics)) => (state, Ok(diagnostics)),
            Err(problem) => (None, Err(problem)),
        };
        Ok(Response::new(read_data_source::Response { state, diagnostics: diagnostics(answer) }))
    }

    async fn call_function(
        &self,
        request: Request<call_function::Request>,
    ) -> Result<Response<call_function::Response>, Status> {
        let request = request.into_inner();
        let call = move |offer: &Offer<P>| offer.call_function(&request.name, request.arguments);
        let answer = self.calls.run("CallFunction", call).await;
        Ok(Response::new(match answer.unwrap_or_else(|problem| Err(FunctionError::new(problem.summary))) {
            Ok(result) => call_function::Response { result: Some(result), error: None },
            Err(error) => call_function::Response { result: None, error: Some(error.into()) },
        }))
    }

    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        self.calls.interrupt();
        Ok(Response::new(stop_provider::Response::default()))
    }
}

fn diagnostics(answer: Result<Vec<Diagnostic>, Diagnostic>) -> Vec<proto::Diagnostic> {
    answer.unwrap_or_else(|problem| vec![problem]).into_iter().map(Into::into).collect()
}
