//! The provider's executable.

use std::process::ExitCode;

use sfniam::plugin;
use sfniam::protocol;
use sfniam::provider::Sfniam;

fn main() -> ExitCode {
    plugin::serve(|| protocol::routes(Sfniam::default()))
}
