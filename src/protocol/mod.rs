//! Terraform's provider protocol. Knows nothing of AWS: what a provider offers comes in through [`Provider`].

mod calls;
mod check;
mod config;
pub mod diagnostic;
mod kept;
mod limits;
pub mod problem;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod value;
mod wire;
mod workers;

use tonic::service::Routes;
use tonic::{Request, Response, Status, async_trait};

use calls::{Calls, Offer};
use diagnostic::{Diagnostic, FunctionError};
use limits::MAX_REQUEST_BYTES;
use problem::Problem;
use proto::provider_server::ProviderServer;
use proto::{
    call_function, configure_provider, get_functions, get_metadata, get_provider_schema,
    get_resource_identity_schemas, read_data_source, stop_provider, validate_data_resource_config,
    validate_provider_config,
};
use schema::Schema;
use value::Value;

use crate::work::Cancel;

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

/// What a provider does, in terms of values. Only the schema is required: each other call is about something
/// in it.
///
/// Calls come from several threads at once, and in a debug session one process is configured several times,
/// so an implementation keeps its configuration behind an [`Arc`](std::sync::Arc) that is replaced as a
/// whole.
///
/// Where a call has a [`Cancel`], its cost depends on what the user wrote. It is done on a thread of its own,
/// and when the flag is set, by an interrupt, a cancellation or a deadline, the result is thrown away: it
/// should be given up soon.
pub trait Provider: Send + Sync + 'static {
    /// Everything that the provider offers. The same for every call.
    fn schema(&self) -> Schema;

    /// Checks a provider block. Any value may be unknown. Must be cheap.
    fn validate_config(&self, _config: &Value) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Takes over a provider block. Any value may be unknown; that is not an error until a read needs it.
    /// Must be cheap.
    fn configure(&self, _config: &Value) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Checks the block of a data source. Any value may be unknown. `name` is one of the schema's.
    ///
    /// In a configured process, a block that is wholly known is read instead, and what the read answers is
    /// kept for the call that follows; this is asked only if there is no answer. So there must be nothing to
    /// report here of what can be read.
    fn validate_data_source(&self, _name: &str, _config: &Value, _cancel: &Cancel) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Reads a data source. `name` is one of the schema's, and `config` is wholly known.
    ///
    /// The state has all attributes and nested blocks of the schema, with the arguments as they came. It is
    /// `None` if and only if one of the diagnostics is an error.
    fn read_data_source(
        &self,
        name: &str,
        _config: &Value,
        _cancel: &Cancel,
    ) -> (Option<Value>, Vec<Diagnostic>) {
        (None, vec![Problem::unknown("data source", name).into()])
    }

    /// Calls a function, perhaps on a provider that was never configured. `name` is one of the schema's, and
    /// the arguments conform to its parameters.
    fn call_function(
        &self,
        name: &str,
        _arguments: &[Value],
        _cancel: &Cancel,
    ) -> Result<Value, FunctionError> {
        Err(Problem::unknown("function", name).into())
    }
}

/// The gRPC service that offers a provider to Terraform. Calls that it does not have are answered as
/// unimplemented.
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
        let answer = self.calls.at_once("GetMetadata", |offer| offer.schema().into());
        Ok(Response::new(answer.unwrap_or_else(|problem| get_metadata::Response {
            diagnostics: vec![Diagnostic::from(problem).into()],
            ..Default::default()
        })))
    }

    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        let answer = self.calls.at_once("GetProviderSchema", |offer| offer.schema().into());
        Ok(Response::new(answer.unwrap_or_else(|problem| get_provider_schema::Response {
            diagnostics: vec![Diagnostic::from(problem).into()],
            ..Default::default()
        })))
    }

    async fn get_functions(
        &self,
        _: Request<get_functions::Request>,
    ) -> Result<Response<get_functions::Response>, Status> {
        let answer = self.calls.at_once("GetFunctions", |offer| wire::functions(offer.schema()));
        Ok(Response::new(match answer {
            Ok(functions) => get_functions::Response { functions, diagnostics: Vec::new() },
            Err(problem) => get_functions::Response {
                diagnostics: vec![Diagnostic::from(problem).into()],
                ..Default::default()
            },
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
        let answer =
            self.calls.at_once("ValidateProviderConfig", |offer| offer.validate_config(request.config));
        Ok(Response::new(validate_provider_config::Response { diagnostics: diagnostics(answer) }))
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        let request = request.into_inner();
        let answer = self.calls.at_once("ConfigureProvider", |offer| offer.configure(request.config));
        Ok(Response::new(configure_provider::Response { diagnostics: diagnostics(answer) }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Result<Response<validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let check = move |offer: &Offer<P>, cancel: &Cancel| {
            offer.validate_data_source(&request.type_name, request.config, cancel)
        };
        let answer = self.calls.run("ValidateDataResourceConfig", check).await;
        Ok(Response::new(validate_data_resource_config::Response { diagnostics: diagnostics(answer) }))
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Result<Response<read_data_source::Response>, Status> {
        let request = request.into_inner();
        let read = move |offer: &Offer<P>, cancel: &Cancel| {
            offer.read_data_source(&request.type_name, request.config, cancel)
        };
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
        let call = move |offer: &Offer<P>, cancel: &Cancel| {
            offer.call_function(&request.name, request.arguments, cancel)
        };
        let answer = self.calls.run("CallFunction", call).await;
        Ok(Response::new(match answer.unwrap_or_else(|problem| Err(problem.into())) {
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

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Result<Response<proto::validate_resource_config::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ValidateResourceConfig", "resource", &name);
        Ok(Response::new(proto::validate_resource_config::Response { diagnostics }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Result<Response<proto::upgrade_resource_state::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("UpgradeResourceState", "resource", &name);
        Ok(Response::new(proto::upgrade_resource_state::Response { diagnostics }))
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Result<Response<proto::read_resource::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ReadResource", "resource", &name);
        Ok(Response::new(proto::read_resource::Response { diagnostics }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Result<Response<proto::plan_resource_change::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("PlanResourceChange", "resource", &name);
        Ok(Response::new(proto::plan_resource_change::Response { diagnostics }))
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Result<Response<proto::apply_resource_change::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ApplyResourceChange", "resource", &name);
        Ok(Response::new(proto::apply_resource_change::Response { diagnostics }))
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Result<Response<proto::import_resource_state::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ImportResourceState", "resource", &name);
        Ok(Response::new(proto::import_resource_state::Response { diagnostics }))
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Result<Response<proto::move_resource_state::Response>, Status> {
        let name = request.into_inner().target_type_name;
        let diagnostics = self.there_is_no("MoveResourceState", "resource", &name);
        Ok(Response::new(proto::move_resource_state::Response { diagnostics }))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<proto::validate_ephemeral_resource_config::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ValidateEphemeralResourceConfig", "ephemeral resource", &name);
        Ok(Response::new(proto::validate_ephemeral_resource_config::Response { diagnostics }))
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Result<Response<proto::open_ephemeral_resource::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("OpenEphemeralResource", "ephemeral resource", &name);
        Ok(Response::new(proto::open_ephemeral_resource::Response { diagnostics }))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Result<Response<proto::validate_list_resource_config::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ValidateListResourceConfig", "list resource", &name);
        Ok(Response::new(proto::validate_list_resource_config::Response { diagnostics }))
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Result<Response<proto::validate_action_config::Response>, Status> {
        let name = request.into_inner().type_name;
        let diagnostics = self.there_is_no("ValidateActionConfig", "action", &name);
        Ok(Response::new(proto::validate_action_config::Response { diagnostics }))
    }
}

impl<P: Provider> Service<P> {
    /// The answer to a call about something that this provider does not have.
    fn there_is_no(&self, rpc: &'static str, kind: &'static str, name: &str) -> Vec<proto::Diagnostic> {
        diagnostics(self.calls.at_once(rpc, |offer| vec![offer.there_is_no(kind, name)]))
    }
}

fn diagnostics(answer: Result<Vec<Diagnostic>, Problem>) -> Vec<proto::Diagnostic> {
    answer.unwrap_or_else(|problem| vec![problem.into()]).into_iter().map(Into::into).collect()
}
