//! When to stop: the host says so, the system does, or the host is gone.

use std::io;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::sleep;

#[cfg(unix)]
use unix::{Signals, parent, still_there};
#[cfg(windows)]
use windows::{Signals, parent, still_there};

use super::limits::PARENT_INTERVAL;

/// Reasons to stop that somebody gives us.
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
    /// A terminal sends Ctrl-C to the host and to us alike. The host then decides what becomes of the calls
    /// in progress, so we do nothing.
    pub(super) fn of_host() -> io::Result<Self> {
        Ok(Self { requests: Arc::default(), signals: Signals::listen()?, by_person: false })
    }

    /// For a process that a person started, who ends it by Ctrl-C or with the terminal.
    pub(super) fn of_person() -> io::Result<Self> {
        Ok(Self { by_person: true, ..Self::of_host()? })
    }

    /// For those who may ask.
    pub(super) fn requester(&self) -> StopRequester {
        StopRequester(Arc::clone(&self.requests))
    }

    /// Ends when the process should.
    pub(super) async fn requested(mut self) {
        tokio::select! {
            () = self.requests.notified() => {}
            () = self.signals.received(self.by_person) => {}
        }
    }
}

impl StopRequester {
    /// Asks, and does not wait.
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
    /// To be called first thing, while the parent is certainly there.
    pub(super) fn current() -> Self {
        Self(parent())
    }

    /// Ends when the parent has.
    ///
    /// A host that is killed cannot say so; its plugins would never end. The end of a connection means
    /// nothing, since hosts close idle ones.
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

    /// The signals that we take instead of dying of them.
    pub(super) struct Signals {
        terminate: Signal,
        interrupt: Signal,
        /// A terminal that closes ends the host too, whose end we notice and then clean up.
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

        /// Ends when the system wants the process to end, or the person at the terminal if it is that one's.
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

    /// Whoever loses its parent is given another.
    pub(super) fn still_there(parent: &mut Pid) -> bool {
        getppid() == Some(*parent)
    }
}

#[cfg(windows)]
mod windows {
    use std::io;

    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};
    use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

    /// The events of the console that we take instead of dying of them.
    pub(super) struct Signals {
        interrupt: CtrlC,
        interrupt_hard: CtrlBreak,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self { interrupt: ctrl_c()?, interrupt_hard: ctrl_break()? })
        }

        /// Ends when the person at the console wants it, if the process is that one's. Nothing on this system
        /// asks the process of a host to end and waits for it.
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

    /// A process by its number and the time of its start: numbers are used again.
    pub(super) struct Process {
        processes: System,
        number: Pid,
        started: u64,
    }

    impl Process {
        /// The time at which the process of that number was started; none if there is none.
        fn look(processes: &mut System, number: Pid) -> Option<u64> {
            let only = ProcessesToUpdate::Some(&[number]);
            processes.refresh_processes_specifics(only, true, ProcessRefreshKind::nothing());
            processes.process(number).map(sysinfo::Process::start_time)
        }
    }

    pub(super) fn parent() -> Option<Process> {
        let mut processes = System::new();
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
