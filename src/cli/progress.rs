//! The progress of a run, for people who wait at a terminal.

use std::io::{self, IsTerminal as _, Write as _};

use super::limits::MIN_FILES_WITH_PROGRESS;

/// Runs something that reports how many of the files are done, and shows this on a terminal.
pub(super) fn shown<R>(count: usize, run: impl FnOnce(&mut dyn FnMut(usize)) -> R) -> R {
    let mut stderr = io::stderr();
    if count < MIN_FILES_WITH_PROGRESS || !stderr.is_terminal() {
        return run(&mut |_| ());
    }
    let mut last = 0;
    let result = run(&mut |done| {
        let percent = done * 100 / count;
        if percent > last {
            last = percent;
            // Failing to show progress does not matter.
            let _ = write!(stderr, "\r{done} of {count} files").and_then(|()| stderr.flush());
        }
    });
    let _ = write!(io::stderr(), "\r\u{1b}[K").and_then(|()| io::stderr().flush());
    result
}
