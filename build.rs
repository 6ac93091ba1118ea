//! Compiles the messages in `proto/` to Rust: the services of the plugin, and clients for the tests. Packs
//! the catalogue of AWS SDK integrations and the names of all actions, and makes tables out of the
//! authorization data.

#[path = "build/actions.rs"]
mod actions;
#[path = "build/authorization.rs"]
mod authorization;
#[path = "build/catalog.rs"]
mod catalog;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let messages = protox::compile(["proto/plugin.proto", "proto/tfplugin6.proto"], ["proto"])?;
    tonic_prost_build::configure()
        .build_client(false)
        // A call that is in proto/ but not in src/ is answered as unimplemented.
        .generate_default_stubs(true)
        // So that a host gets the same bytes for the same schema.
        .btree_map(".")
        .compile_fds(messages.clone())?;

    let clients = PathBuf::from(env::var("OUT_DIR")?).join("clients");
    fs::create_dir_all(&clients)?;
    tonic_prost_build::configure()
        .build_server(false)
        .build_transport(false)
        .btree_map(".")
        .out_dir(clients)
        .compile_fds(messages)?;

    actions::pack()?;
    authorization::write()?;
    catalog::pack()
}
