//! The provider's executable: a plugin when Terraform or OpenTofu starts it, a command line when a person
//! does.

use std::process::ExitCode;

use sfniam::cli::Asked;
use sfniam::provider::{ADDRESSES, Sfniam};
use sfniam::{cli, plugin, protocol};

/// musl's own allocator lets one thread in at a time, and a call has several.
#[cfg(target_env = "musl")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let services = || protocol::routes(Sfniam::default());
    match cli::run() {
        Asked::Done(code) => code,
        Asked::Serve => plugin::serve(services),
        Asked::Debug => plugin::debug(&ADDRESSES, services),
    }
}
