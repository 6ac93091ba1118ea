//! Serving without being started by a host: for a debugger, and for a host that knows where the provider is.

use std::io::{self, Write};
use std::process;

use serde_json::{Map, json};
use tonic::service::Routes;

use super::handshake::{Environment, PROTOCOL_VERSION};
use super::lifecycle::Stop;
use super::listen::bind;
use super::listener::{Address, Bound};
use super::{Outcome, start};

/// Listens, says where, and answers until Ctrl-C. The socket is removed before this returns.
pub(super) async fn answer(
    addresses: &[&str],
    environment: &Environment,
    services: impl FnOnce() -> Routes,
) -> Outcome {
    let stop = Stop::of_person()?;
    let Bound { listener, address, _directory } = bind(environment, false)?;
    let server = start(listener, None, services, &stop);
    let mut stdout = io::stdout();
    stdout.write_all(instructions(&reattach(addresses, &address)).as_bytes())?;
    stdout.flush()?;
    tokio::select! {
        () = stop.requested() => {}
        result = server => result??,
    }
    Ok(())
}

/// What hosts read from the variable `TF_REATTACH_PROVIDERS`: how to reach the provider of each address.
fn reattach(addresses: &[&str], address: &Address) -> String {
    let reached = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION.parse::<u32>().unwrap_or_default(),
        "Pid": process::id(),
        // Otherwise a host would end this process after its first command.
        "Test": true,
        "Addr": {"Network": address.network, "String": address.text},
    });
    let providers: Map<_, _> = addresses.iter().map(|name| ((*name).to_owned(), reached.clone())).collect();
    json!(providers).to_string()
}

fn instructions(reattach: &str) -> String {
    let quoted = reattach.replace('\'', r"'\''");
    let setting = match cfg!(windows) {
        // It contains no path of a socket, and therefore no quote.
        true => format!(
            "\t$env:TF_REATTACH_PROVIDERS='{reattach}'   (PowerShell)\n\tset \"TF_REATTACH_PROVIDERS={reattach}\"   (Command Prompt)"
        ),
        false => format!("\tTF_REATTACH_PROVIDERS='{quoted}'"),
    };
    format!(
        "Provider started. To attach Terraform or OpenTofu, set this variable in their environment:\n\n{setting}\n\n\
         Their logs stay there; this provider's are below, at the level of TF_LOG. Ctrl-C ends it.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_has_what_hosts_read() {
        let address = Address { network: "unix", text: "/run/o'clock/socket".to_owned() };
        let text = reattach(&["a/b/c", "d/b/c"], &address);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["a/b/c"], value["d/b/c"]);
        let expected = json!({"Protocol": "grpc", "ProtocolVersion": 6, "Pid": process::id(), "Test": true,
            "Addr": {"Network": "unix", "String": "/run/o'clock/socket"}});
        assert_eq!(value["a/b/c"], expected);
        if cfg!(unix) {
            let instructions = instructions(&text);
            assert!(instructions.contains(r"/run/o'\''clock/socket"), "{instructions}");
        }
    }
}
