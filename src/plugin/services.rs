//! The services of the plugin system itself: the controller that ends the process, and two that a host opens
//! and rarely uses. Open streams keep the host from closing its connection while a long run leaves the
//! provider idle.

use tokio_stream::{StreamExt, pending};
use tonic::codegen::BoxStream;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::lifecycle::StopRequester;
use proto::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use proto::grpc_controller_server::{GrpcController, GrpcControllerServer};
use proto::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};

/// The messages, as compiled from `proto/plugin.proto`.
#[expect(
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    reason = "generated from what is on the wire, not from what we use"
)]
mod proto {
    tonic::include_proto!("plugin");
}

/// The services of a plugin, beside those that it is made for.
pub(super) fn add_to(routes: Routes, stop: StopRequester) -> Routes {
    routes
        .add_service(GrpcControllerServer::new(Controller(stop)))
        .add_service(GrpcStdioServer::new(Stdio))
        .add_service(GrpcBrokerServer::new(Broker))
}

struct Controller(StopRequester);

#[async_trait]
impl GrpcController for Controller {
    /// Ends the process at once. The host waits for that, and expects to lose the connection rather than to
    /// get an answer.
    async fn shutdown(&self, _: Request<proto::Empty>) -> Result<Response<proto::Empty>, Status> {
        self.0.stop();
        Ok(Response::new(proto::Empty {}))
    }
}

/// Transfers a plugin's output. This plugin prints nothing.
struct Stdio;

#[async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<proto::StdioData>>, Status> {
        Ok(Response::new(Box::pin(pending())))
    }
}

/// Negotiates further connections. This plugin needs none, and offers none.
struct Broker;

#[async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<proto::ConnInfo>>,
    ) -> Result<Response<BoxStream<proto::ConnInfo>>, Status> {
        // Ends when the host closes its side.
        Ok(Response::new(Box::pin(request.into_inner().filter_map(|_| None))))
    }
}
