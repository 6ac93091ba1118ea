//! Where the host connects: a Unix socket that no other user can reach, or else a port of the loopback
//! address.

use std::io;
use std::net::{self, IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use tokio::net::TcpListener;

use super::handshake::Environment;
use super::listener::{Address, Bound, Listener};
#[cfg(unix)]
use super::socket;

/// Listens as the environment requires. `encrypted` says whether callers will have to prove who they are.
///
/// Needs the context of a runtime.
pub(super) fn bind(environment: &Environment, encrypted: bool) -> io::Result<Bound> {
    #[cfg(unix)]
    match socket::bind(environment.socket_directory.as_deref()) {
        Ok(bound) => return Ok(bound),
        Err(error) => log::warn!("Cannot listen on a Unix socket: {error}"),
    }
    if cfg!(unix) && !encrypted {
        return Err(io::Error::other("without TLS, any user of this machine could connect to a port"));
    }
    bind_port(environment.ports())
}

/// Listens on the first free port of the loopback address, of IPv6 where there is none of IPv4.
fn bind_port(ports: RangeInclusive<u16>) -> io::Result<Bound> {
    let listener = match bind_port_of(Ipv4Addr::LOCALHOST.into(), ports.clone()) {
        Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
            bind_port_of(Ipv6Addr::LOCALHOST.into(), ports).map_err(|_| error)?
        }
        bound => bound?,
    };
    listener.set_nonblocking(true)?;
    let address = Address { network: "tcp", text: listener.local_addr()?.to_string() };
    Ok(Bound { listener: Listener::Tcp(TcpListener::from_std(listener)?), address, _directory: None })
}

fn bind_port_of(address: IpAddr, ports: RangeInclusive<u16>) -> io::Result<net::TcpListener> {
    let mut result = Err(io::ErrorKind::AddrInUse.into());
    for port in ports {
        result = net::TcpListener::bind((address, port));
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            _ => break,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_passed_over() {
        let first = bind_port(0..=0).unwrap();
        let port: u16 = first.address.text.rsplit_once(':').unwrap().1.parse().unwrap();
        assert!(bind_port(port..=port).is_err());
        let second = bind_port(port..=u16::MAX).unwrap();
        assert_eq!(second.address.network, "tcp");
        assert!(second.address.text.starts_with("127.0.0.1:"));
        assert_ne!(second.address, first.address);
    }

    #[test]
    fn addresses_that_are_not_there_are_no_matter_of_ports() {
        // The first address of the block for documentation belongs to no host.
        let error = bind_port_of(Ipv4Addr::new(192, 0, 2, 1).into(), 0..=u16::MAX).unwrap_err();
        assert_ne!(error.kind(), io::ErrorKind::AddrInUse);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn without_tls_there_is_no_port() {
        let mut environment = Environment::default();
        environment.socket_directory = Some("/nonexistent".into());
        assert!(bind(&environment, false).is_err());
        assert_eq!(bind(&environment, true).unwrap().address.network, "tcp");
    }
}
