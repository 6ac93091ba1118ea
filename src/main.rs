//! The provider's executable: a plugin when Terraform or OpenTofu starts it, a command line when a person does.

use std::process::ExitCode;

use sfniam::provider::Sfniam;
use sfniam::{cli, plugin, protocol};

fn main() -> ExitCode {
    match cli::run() {
        Some(code) => code,
        None => plugin::serve(|| protocol::routes(Sfniam::default())),
    }
}
