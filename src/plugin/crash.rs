//! The report of a bug in this program: lines that a host shows to the user, whatever the log level.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};

use super::stderr;

/// Reports panics in the form that hosts know from now on.
pub(super) fn install() {
    panic::set_hook(Box::new(|info| {
        // The default hook panics again if the host has exited.
        stderr::write(report(info, &Backtrace::capture()));
        // This panic may end the process.
        stderr::flush();
    }));
}

/// Hosts look for a line that begins like this, and keep the plain lines that follow.
fn report(info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    // A message that was formatted at run time may quote a configuration, which must not be logged.
    let message = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("bug in the provider");
    let place =
        info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let mut report = format!("panic: {message}{place}\n");
    if backtrace.status() == BacktraceStatus::Captured {
        report.push_str(&format!("\n{backtrace}\n"));
    }
    report
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn the_report_names_the_place_but_quotes_no_value() {
        static REPORTS: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let previous = panic::take_hook();
        panic::set_hook(Box::new(|info| REPORTS.lock().unwrap().push(report(info, &Backtrace::disabled()))));
        let secret = "hunter2";
        let _ = panic::catch_unwind(|| panic!("a plain message"));
        let _ = panic::catch_unwind(|| panic!("{secret}"));
        panic::set_hook(previous);
        let reports = REPORTS.lock().unwrap();
        assert!(
            reports.iter().any(|report| report.starts_with("panic: a plain message at src/plugin/crash.rs:"))
        );
        assert!(
            reports
                .iter()
                .any(|report| report.starts_with("panic: bug in the provider at src/plugin/crash.rs:"))
        );
        assert!(reports.iter().all(|report| !report.contains(secret)));
    }
}
