//! The plugin process of Terraform or OpenTofu: started, trusted, called and ended by its host. Knows nothing
//! of a particular provider.

mod connections;
mod crash;
mod debug;
mod handshake;
mod hclog;
mod lifecycle;
mod limits;
mod listen;
mod listener;
mod p521;
mod services;
#[cfg(unix)]
mod socket;
mod stderr;
mod tls;

use std::error::Error;
use std::io::{self, Write};
#[cfg(unix)]
use std::os::fd::AsFd;
use std::process::ExitCode;

use tokio::runtime;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tonic::service::Routes;
use tonic::transport::{self, Server};

use connections::incoming;
use handshake::{Environment, Handshake};
use lifecycle::{Parent, Stop};
#[cfg(unix)]
use limits::NEEDED_DESCRIPTORS;
use listen::bind;
use listener::{Bound, Listener};
use tls::Identity;

/// Offers services to the host that started this process, until the host ends it or exits itself.
///
/// Without a host, explains to the person who started the program how to use it. The services are created
/// last, when the process is otherwise ready for calls; slow initialization belongs in the first call,
/// because many processes end without one.
pub fn serve(services: impl FnOnce() -> Routes) -> ExitCode {
    let parent = Parent::current();
    let environment = Environment::read();
    if !environment.has_cookie() {
        // If this fails, there is nowhere to report it.
        let _ = io::stderr().write_all(BY_HAND.as_bytes());
        return ExitCode::FAILURE;
    }
    end(run(|| answer(parent, &environment, services)))
}

/// Offers services to any host that knows where they are, until Ctrl-C: for a debugger. Prints on standard
/// output what the host needs to know. `addresses` are the names under which configurations may know the
/// provider.
///
/// Needs no host and no cookie, and there is no TLS: the socket admits no other user but the superuser.
pub fn debug(addresses: &[&str], services: impl FnOnce() -> Routes) -> ExitCode {
    let environment = Environment::read();
    end(run(|| debug::answer(addresses, &environment, services)))
}

const BY_HAND: &str = "\
This program is a plugin of Terraform and OpenTofu. They install it when a configuration names it in its
required_providers block, and start it themselves. Started by hand, it needs a command: see --help.
";

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Runs until there is a reason to stop. One thread talks to the host; others are started when there is work
/// for them, so a process that only reports its schema has none.
fn run<F: Future<Output = Outcome>>(answer: impl FnOnce() -> F) -> Outcome {
    hclog::install();
    crash::install();
    spare_descriptors()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(answer());
    // The host waits for the end of this process, so nothing here waits for calls in progress.
    runtime.shutdown_background();
    result
}

/// Fails if there are fewer descriptors than the process needs until its first connection is served: the
/// runtime panics without its own, and a connection without one would wait forever.
#[cfg(unix)]
fn spare_descriptors() -> io::Result<()> {
    let stderr = io::stderr();
    (0..NEEDED_DESCRIPTORS)
        .map(|_| stderr.as_fd().try_clone_to_owned())
        .collect::<io::Result<Vec<_>>>()
        .map(drop)
}

/// This system has no such limit.
#[cfg(not(unix))]
fn spare_descriptors() -> io::Result<()> {
    Ok(())
}

fn end(outcome: Outcome) -> ExitCode {
    let code = match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error!("The plugin cannot serve: {error}");
            ExitCode::FAILURE
        }
    };
    log::logger().flush();
    code
}

/// Listens, shakes hands, and answers until there is a reason to stop. The socket is removed before this
/// returns.
async fn answer(parent: Parent, environment: &Environment, services: impl FnOnce() -> Routes) -> Outcome {
    let identity = environment.client_certificate()?.map(|pem| Identity::new(&pem)).transpose()?;
    let stop = Stop::of_host()?;
    let Bound { listener, address, _directory } = bind(environment, identity.is_some())?;
    let handshake = Handshake::new(environment, &address, identity.as_ref());
    let server = start(listener, identity.map(|identity| identity.acceptor), services, &stop);
    handshake.send()?;
    tokio::select! {
        () = stop.requested() => {}
        () = parent.gone() => log::info!("The host has exited"),
        result = server => result??,
    }
    Ok(())
}

/// Serves in a task of its own.
fn start(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    services: impl FnOnce() -> Routes,
    stop: &Stop,
) -> JoinHandle<Result<(), transport::Error>> {
    let routes = services::add_to(services(), stop.requester());
    tokio::spawn(Server::builder().add_routes(routes).serve_with_incoming(incoming(listener, tls)))
}
