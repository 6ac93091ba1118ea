//! A listener that the host can connect to, whatever it listens on.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

/// A listener that already accepts connections, and what the handshake line says about it.
pub(super) struct Bound {
    pub(super) listener: Listener,
    pub(super) address: Address,
    /// Removes the socket when it is dropped.
    pub(super) _directory: Option<Box<dyn Send>>,
}

/// The network and the address in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) network: &'static str,
    pub(super) text: String,
}

/// A listener of either kind.
pub(super) enum Listener {
    #[cfg(unix)]
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// The bytes of a connection, in both directions.
pub(super) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

impl Listener {
    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<Box<dyn Bytes>> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Messages are small, and the host waits for each.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}
