//! How far a run is, for people who wait at a terminal.

use std::io::{self, IsTerminal as _, Write as _};

/// Fewer files are done before anybody has read how many are.
const FEWEST: usize = 20;

/// Runs something that reports how many of so many files are done, and shows that where somebody looks.
pub(super) fn shown<R>(count: usize, run: impl FnOnce(&mut dyn FnMut(usize)) -> R) -> R {
    let mut stderr = io::stderr();
    if count < FEWEST || !stderr.is_terminal() {
        return run(&mut |_| ());
    }
    let mut last = 0;
    let result = run(&mut |done| {
        let percent = done * 100 / count;
        if percent > last {
            last = percent;
            // It is only for show.
            let _ = write!(stderr, "\r{done} of {count} files").and_then(|()| stderr.flush());
        }
    });
    let _ = write!(io::stderr(), "\r\u{1b}[K").and_then(|()| io::stderr().flush());
    result
}
