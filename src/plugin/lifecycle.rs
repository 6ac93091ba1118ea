//! When to stop: the host or the system requests it, or the host has exited.

use std::io;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::sleep;

#[cfg(unix)]
use unix::{Signals, parent, still_there};
#[cfg(windows)]
use windows::{Signals, parent, still_there};

use super::limits::PARENT_INTERVAL;

/// Requests to stop.
pub(super) struct Stop {
    requests: Arc<Notify>,
    signals: Signals,
    /// Whether Ctrl-C is meant for us.
    by_person: bool,
}

/// Asks this process to stop.
pub(super) struct StopRequester(Arc<Notify>);

impl Stop {
    /// For a process that a host started. From now on, signals do not end it by themselves.
    ///
    /// A terminal sends Ctrl-C to the host and to us alike. The host then decides about the calls in
    /// progress, so nothing is done here.
    pub(super) fn of_host() -> io::Result<Self> {
        Ok(Self { requests: Arc::default(), signals: Signals::listen()?, by_person: false })
    }

    /// For a process that a person started, and ends with Ctrl-C or by closing the terminal.
    pub(super) fn of_person() -> io::Result<Self> {
        Ok(Self { by_person: true, ..Self::of_host()? })
    }

    /// A handle for those who may request a stop.
    pub(super) fn requester(&self) -> StopRequester {
        StopRequester(Arc::clone(&self.requests))
    }

    /// Completes when the process should end.
    pub(super) async fn requested(mut self) {
        tokio::select! {
            () = self.requests.notified() => {}
            () = self.signals.received(self.by_person) => {}
        }
    }
}

impl StopRequester {
    /// Requests a stop, and does not wait for it.
    pub(super) fn stop(&self) {
        self.0.notify_one();
    }
}

/// The process that started this one: the host. It may be unknown, if it lives in another namespace.
pub(super) struct Parent(Option<Process>);

#[cfg(unix)]
type Process = rustix::process::Pid;
#[cfg(windows)]
type Process = windows::Process;

impl Parent {
    /// To be called first, while the parent certainly exists.
    pub(super) fn current() -> Self {
        Self(parent())
    }

    /// Completes when the parent has exited.
    ///
    /// A host that is killed cannot request a stop, and its plugins would never end. The end of a connection
    /// means nothing, because hosts close idle ones.
    pub(super) async fn gone(self) {
        let Some(mut parent) = self.0 else { return std::future::pending().await };
        while still_there(&mut parent) {
            sleep(PARENT_INTERVAL).await;
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::io;

    use rustix::process::{Pid, getppid};
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// The signals that are handled instead of ending the process.
    pub(super) struct Signals {
        terminate: Signal,
        interrupt: Signal,
        /// Closing a terminal ends the host too, which is noticed and leads to a clean exit.
        hangup: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
                hangup: signal(SignalKind::hangup())?,
            })
        }

        /// Completes when the system requests the end of the process or, if a person started it, when that
        /// person does.
        pub(super) async fn received(&mut self, by_person: bool) {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv(), if by_person => {}
                _ = self.hangup.recv(), if by_person => {}
            }
        }
    }

    pub(super) fn parent() -> Option<Pid> {
        getppid()
    }

    /// An orphaned process gets another parent.
    pub(super) fn still_there(parent: &mut Pid) -> bool {
        getppid() == Some(*parent)
    }
}

#[cfg(windows)]
mod windows {
    use std::io;

    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};
    use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

    /// The console events that are handled instead of ending the process.
    pub(super) struct Signals {
        interrupt: CtrlC,
        interrupt_hard: CtrlBreak,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self { interrupt: ctrl_c()?, interrupt_hard: ctrl_break()? })
        }

        /// Completes when the person who started the process at the console requests it. Nothing on this
        /// system asks a host's process to end and waits for it.
        pub(super) async fn received(&mut self, by_person: bool) {
            if !by_person {
                return std::future::pending().await;
            }
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.interrupt_hard.recv() => {}
            }
        }
    }

    /// A process by its ID and start time, because IDs are reused.
    pub(super) struct Process {
        processes: System,
        number: Pid,
        started: u64,
    }

    impl Process {
        /// The start time of the process with that ID; `None` if there is none.
        fn look(processes: &mut System, number: Pid) -> Option<u64> {
            let only = ProcessesToUpdate::Some(&[number]);
            processes.refresh_processes_specifics(only, true, ProcessRefreshKind::nothing());
            processes.process(number).map(sysinfo::Process::start_time)
        }
    }

    pub(super) fn parent() -> Option<Process> {
        let mut processes = System::new().ok()?;
        let own = get_current_pid().ok()?;
        Process::look(&mut processes, own)?;
        let number = processes.process(own)?.parent()?;
        let started = Process::look(&mut processes, number)?;
        Some(Process { processes, number, started })
    }

    pub(super) fn still_there(parent: &mut Process) -> bool {
        let Process { processes, number, started } = parent;
        Process::look(processes, *number) == Some(*started)
    }
}
