//! From a listener to trusted connections, each secured in a task of its own.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::limits::{ACCEPT_PAUSE, MAX_HANDSHAKE_TIME, MAX_HANDSHAKES};
use super::listener::{Bytes, Listener};

/// A connection to the host, in the form that tonic expects.
pub(super) struct Connection(Box<dyn Bytes>);

/// The connections that a listener accepts, as they become ready. It listens for as long as the stream
/// exists.
pub(super) fn incoming(
    listener: Listener,
    tls: Option<TlsAcceptor>,
) -> impl Stream<Item = io::Result<Connection>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(accept(listener, tls, sender));
    ReceiverStream::new(receiver)
}

async fn accept(listener: Listener, tls: Option<TlsAcceptor>, sender: mpsc::Sender<io::Result<Connection>>) {
    let mut handshakes = VecDeque::new();
    loop {
        let stream = tokio::select! {
            stream = listener.accept() => stream,
            () = sender.closed() => return,
        };
        match stream {
            Ok(stream) => {
                make_room(&mut handshakes);
                handshakes.push_back(tokio::spawn(hand_over(stream, tls.clone(), sender.clone())));
            }
            Err(error) => {
                log::error!("A connection could not be accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Silent callers must not keep the host out: the oldest one is dropped.
fn make_room(handshakes: &mut VecDeque<JoinHandle<()>>) {
    handshakes.retain(|handshake| !handshake.is_finished());
    if handshakes.len() >= MAX_HANDSHAKES
        && let Some(oldest) = handshakes.pop_front()
    {
        log::error!(
            "A connection was rejected: there was no handshake while {MAX_HANDSHAKES} others arrived"
        );
        oldest.abort();
    }
}

async fn hand_over(
    stream: Box<dyn Bytes>,
    tls: Option<TlsAcceptor>,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    if let Some(connection) = secure(stream, tls).await {
        // Fails only when the server has ended.
        let _ = sender.send(Ok(connection)).await;
    }
}

/// The connection after the handshake. If that fails, the log is the only place that says why.
async fn secure(stream: Box<dyn Bytes>, tls: Option<TlsAcceptor>) -> Option<Connection> {
    let Some(tls) = tls else { return Some(Connection(stream)) };
    match timeout(MAX_HANDSHAKE_TIME, tls.accept(stream)).await {
        Ok(Ok(stream)) => return Some(Connection(Box::new(stream))),
        Ok(Err(error)) => log::error!("A connection was rejected: {error}"),
        Err(_) => log::error!("A connection was rejected: the handshake took too long"),
    }
    None
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_handshake_makes_room() {
        let mut handshakes: VecDeque<_> =
            (0..MAX_HANDSHAKES).map(|_| tokio::spawn(std::future::pending())).collect();
        let (oldest, youngest) =
            (handshakes[0].abort_handle(), handshakes[MAX_HANDSHAKES - 1].abort_handle());
        make_room(&mut handshakes);
        tokio::task::yield_now().await;
        assert!(oldest.is_finished() && !youngest.is_finished());
        assert_eq!(handshakes.len(), MAX_HANDSHAKES - 1);
        // There is room again.
        make_room(&mut handshakes);
        assert_eq!(handshakes.len(), MAX_HANDSHAKES - 1);
    }
}
