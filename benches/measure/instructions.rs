//! Instructions, which valgrind counts: the same on a busy machine and on an idle one.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Whether there is valgrind on the PATH.
pub(crate) fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// The instructions of a run of a program, whatever its exit status says; valgrind must be there.
pub(crate) fn counted<A: AsRef<OsStr>>(program: &Path, arguments: impl IntoIterator<Item = A>) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program)
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().find(|line| line.contains("refs:") && line.contains(" I "));
    let count = line.and_then(|line| line.rsplit(' ').next()?.replace(',', "").parse().ok());
    count.unwrap_or_else(|| panic!("valgrind said {text}"))
}

/// The instructions of one more time of what this program does with these arguments, the last of which is how
/// often.
pub(crate) fn of_one_time(arguments: &[&str]) -> u64 {
    let program = std::env::current_exe().unwrap();
    let times = |times: &'static str| counted(&program, arguments.iter().copied().chain([times]));
    times("2").saturating_sub(times("1"))
}

/// As a figure for people.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}
