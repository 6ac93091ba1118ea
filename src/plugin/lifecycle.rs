//! When to stop: the host says so, the system does, or the host is gone.

use std::io;
use std::sync::Arc;

use tokio::sync::Notify;

#[cfg(unix)]
pub(super) use unix::Parent;

/// Reasons to stop that somebody gives us.
pub(super) struct Stop {
    requests: Arc<Notify>,
    #[cfg(unix)]
    signals: unix::Signals,
    #[cfg(windows)]
    _interrupt: tokio::signal::windows::CtrlC,
}

/// Asks this process to stop.
pub(super) struct StopRequester(Arc<Notify>);

impl Stop {
    /// From now on, signals do not end the process by themselves.
    ///
    /// A terminal sends Ctrl-C to the host and to us alike. The host then decides what becomes of the calls in progress,
    /// so we do nothing.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            requests: Arc::default(),
            #[cfg(unix)]
            signals: unix::Signals::listen()?,
            #[cfg(windows)]
            _interrupt: tokio::signal::windows::ctrl_c()?,
        })
    }

    /// For those who may ask.
    pub(super) fn requester(&self) -> StopRequester {
        StopRequester(Arc::clone(&self.requests))
    }

    /// Ends when the process should.
    #[cfg(unix)]
    pub(super) async fn requested(mut self) {
        tokio::select! {
            () = self.requests.notified() => {}
            () = self.signals.terminated() => {}
        }
    }

    /// Ends when the process should.
    #[cfg(not(unix))]
    pub(super) async fn requested(self) {
        self.requests.notified().await;
    }
}

impl StopRequester {
    /// Asks, and does not wait.
    pub(super) fn stop(&self) {
        self.0.notify_one();
    }
}

/// The process that started this one. Elsewhere than on Unix its end cannot be seen without unsafe code.
#[cfg(not(unix))]
pub(super) struct Parent;

#[cfg(not(unix))]
impl Parent {
    pub(super) fn current() -> Self {
        Self
    }

    pub(super) async fn gone(self) {
        std::future::pending().await
    }
}

#[cfg(unix)]
mod unix {
    use std::future::pending;
    use std::io;
    use std::time::Duration;

    use rustix::process::{Pid, getppid};
    use tokio::signal::unix::{Signal, SignalKind, signal};
    use tokio::time::sleep;

    /// The signals that we take instead of dying of them.
    pub(super) struct Signals {
        terminate: Signal,
        _interrupt: Signal,
        /// A terminal that closes ends the host too, whose end we notice and then clean up.
        _hangup: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                _interrupt: signal(SignalKind::interrupt())?,
                _hangup: signal(SignalKind::hangup())?,
            })
        }

        pub(super) async fn terminated(&mut self) {
            self.terminate.recv().await;
        }
    }

    /// The process that started this one: the host. It may be process 1, and it may be unknown, if it lives in another
    /// namespace.
    pub(crate) struct Parent(Option<Pid>);

    /// How often to look for the parent. A descriptor of its process would tell, but on Linux only, and tokio waits for such
    /// a one in unsafe code only.
    const INTERVAL: Duration = Duration::from_millis(250);

    impl Parent {
        /// To be called first thing, while the parent is surely there.
        pub(crate) fn current() -> Self {
            Self(getppid())
        }

        /// Ends when the parent has.
        ///
        /// A host that is killed tells nobody; its plugins would stay for ever. The end of a connection means nothing, since
        /// hosts close idle ones.
        pub(crate) async fn gone(self) {
            let Some(parent) = self.0 else { return pending().await };
            // Whoever loses its parent is given another.
            while getppid() == Some(parent) {
                sleep(INTERVAL).await;
            }
        }
    }
}
