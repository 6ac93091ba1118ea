//! The threads that do the work of calls. There is none before the first call that needs one, and if one
//! cannot be started, the call fails.

use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, available_parallelism};

use tokio::sync::oneshot;

use super::limits::STACK_BYTES;

/// A panic's payload instead of a result.
pub(super) type Panic = Box<dyn Any + Send>;

/// As many threads as there are processors, each of which takes the oldest job that waits.
#[derive(Default)]
pub(super) struct Workers(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
}

type Job = Box<dyn FnOnce() + Send>;

impl Workers {
    /// Queues a job. A job that is dropped before it runs has no effect.
    ///
    /// Fails if there is no thread and none can be started.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<oneshot::Receiver<Result<T, Panic>>> {
        let (sender, receiver) = oneshot::channel();
        let job = Box::new(move || {
            if !sender.is_closed() {
                // Fails if the caller no longer waits for the result.
                let _ = sender.send(catch_unwind(AssertUnwindSafe(job)));
            }
        });
        let mut state = self.0.lock();
        if state.idle <= state.jobs.len() && (state.threads == 0 || state.threads < processors()) {
            match self.start() {
                Ok(()) => state.threads += 1,
                Err(error) if state.threads == 0 => return Err(error),
                Err(error) => log::warn!("A thread cannot be started, so that calls wait: {error}"),
            }
        }
        state.jobs.push_back(job);
        drop(state);
        self.0.changed.notify_one();
        Ok(receiver)
    }

    fn start(&self) -> io::Result<()> {
        let shared = Arc::clone(&self.0);
        Builder::new()
            .stack_size(STACK_BYTES)
            .name("call".to_owned())
            .spawn(move || shared.work())
            .map(|_| ())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            job();
        }
    }

    /// The next job, once there is one; `None` at the end.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

/// Asked for once: on Linux the answer is read from files of the control group.
fn processors() -> usize {
    static PROCESSORS: LazyLock<usize> =
        LazyLock::new(|| available_parallelism().map_or(1, usize::from).max(2));
    *PROCESSORS
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn results_and_panics_come_back() {
        let workers = Workers::default();
        let one = workers.run(|| 1).unwrap();
        let two: oneshot::Receiver<Result<i32, Panic>> = workers.run(|| panic!("as ordered")).unwrap();
        assert_eq!(one.await.unwrap().unwrap(), 1);
        assert_eq!(*two.await.unwrap().unwrap_err().downcast::<&str>().unwrap(), "as ordered");
        assert_eq!(workers.run(|| 3).unwrap().await.unwrap().unwrap(), 3);
    }

    #[tokio::test]
    async fn a_job_for_which_nobody_waits_is_not_done() {
        let workers = Workers::default();
        let (sender, done) = mpsc::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        // As many jobs as there are threads, so that the next one waits.
        let held: Vec<_> = (0..processors())
            .map(|_| {
                let wait = Arc::clone(&wait);
                workers.run(move || wait.lock().unwrap().recv().unwrap()).unwrap()
            })
            .collect();
        let in_vain = sender.clone();
        drop(workers.run(move || in_vain.send("in vain").unwrap()).unwrap());
        let wanted = workers.run(move || sender.send("wanted").unwrap()).unwrap();
        held.iter().for_each(|_| go_on.send(()).unwrap());
        wanted.await.unwrap().unwrap();
        assert_eq!(done.try_iter().collect::<Vec<_>>(), ["wanted"]);
    }
}
