//! Being a plugin process of Terraform or OpenTofu: started, trusted, asked and ended by its host. Knows no provider.

mod connections;
mod crash;
mod handshake;
mod hclog;
mod lifecycle;
mod listen;
mod p521;
mod services;
#[cfg(unix)]
mod socket;
mod tls;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread::available_parallelism;

use tokio::runtime;
use tonic::service::Routes;
use tonic::transport::Server;

use connections::incoming;
use handshake::{Environment, Handshake};
use lifecycle::{Parent, Stop};
use listen::bind;
use tls::Identity;

/// Offers services to the host that started this process, until it says that it is done or is gone itself.
///
/// Without a host, tells the person who started the program how it is meant to be used. The services are made after
/// the process is ready for calls in all other respects; what is slow to make belongs into the first call, because many
/// a process ends without one.
pub fn serve(services: impl FnOnce() -> Routes) -> ExitCode {
    let parent = Parent::current();
    let environment = Environment::read();
    if !environment.has_cookie() {
        // Nobody is left to be told if this fails.
        let _ = io::stderr().write_all(BY_HAND.as_bytes());
        return ExitCode::FAILURE;
    }
    hclog::install();
    crash::install();
    match run(parent, &environment, services) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error!("The plugin cannot serve: {error}");
            ExitCode::FAILURE
        }
    }
}

const BY_HAND: &str = "\
This program is a plugin of Terraform and OpenTofu. They install it when a configuration names it in its
required_providers block, and start it themselves. Started by hand it does something only with a command: see --help.
";

/// Enough for the host's one connection, so that a slow signature does not hold up a call.
const WORKERS: usize = 2;

/// In bytes. As much as the main thread usually has, so that nothing depends on which of them it runs in. It is
/// reserved only: what is not used takes no memory.
const STACK: usize = 8 << 20;

fn run(
    parent: Parent,
    environment: &Environment,
    services: impl FnOnce() -> Routes,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let identity = environment.client_certificate()?.map(|pem| Identity::new(&pem)).transpose()?;
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(available_parallelism().map_or(WORKERS, |cores| cores.get().max(WORKERS)))
        .thread_stack_size(STACK)
        .enable_all()
        .build()?;
    let result = runtime.block_on(answer(parent, environment, identity, services));
    // The host waits for the end of this process, so nothing here waits for calls in progress.
    runtime.shutdown_background();
    result
}

/// Listens, shakes hands, and answers until there is a reason to stop. The socket is removed before this returns.
async fn answer(
    parent: Parent,
    environment: &Environment,
    identity: Option<Identity>,
    services: impl FnOnce() -> Routes,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let stop = Stop::listen()?;
    let bound = bind(environment, identity.is_some())?;
    let handshake = Handshake::new(environment, &bound.address, identity.as_ref());
    let routes = services::add_to(services(), stop.requester());
    let connections = incoming(bound.listener, identity.map(|identity| identity.acceptor));
    let server = tokio::spawn(Server::builder().add_routes(routes).serve_with_incoming(connections));
    handshake.send()?;
    tokio::select! {
        () = stop.requested() => {}
        () = parent.gone() => log::info!("The host is gone"),
        result = server => result??,
    }
    Ok(())
}
