//! What a process costs: from its start to the handshake, in memory, on disk.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::identity::Identity;
use super::middle;

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// How often a process is started.
pub(crate) const STARTS: usize = 31;

/// From the start of the process to its handshake line; then its peak memory; then its size on disk.
pub(crate) fn process(title: &str, executable: &Path) {
    let certificate = Identity::new(1).pem();
    let mut times = Vec::new();
    let mut peaks = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        let mut child = Command::new(executable)
            .env_clear()
            .envs([
                ("TF_PLUGIN_MAGIC_COOKIE", COOKIE),
                ("PLUGIN_PROTOCOL_VERSIONS", "6"),
                ("PLUGIN_CLIENT_CERT", &certificate),
            ])
            .envs([("PLUGIN_MIN_PORT", "10000"), ("PLUGIN_MAX_PORT", "25000")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        times.push(start.elapsed());
        assert!(line.starts_with("1|6|"), "{title} said {line:?}");
        peaks.extend(peak(child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let memory = if peaks.is_empty() {
        "unknown".to_owned()
    } else {
        format!("{:.1} MiB", mebibytes(middle(peaks) * 1024))
    };
    let size = std::fs::metadata(executable).unwrap().len();
    println!("{title:<28} {:>14.2?} {memory:>14} {:>10.1} MiB", middle(times), mebibytes(size));
}

/// How long a process runs until it ends by itself, how long all its threads are on a processor, and the
/// kibibytes. The system reports the latter two in hundredths of a second, and as long as the process runs.
pub(crate) fn to_its_end(command: &mut Command) -> (Duration, Duration, u64) {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (mut own, mut memory) = (None, 0);
    // Before it is waited for, the system still knows a process that has ended.
    while let Some((state, time)) = state_and_time(child.id()) {
        own = Some(time);
        memory = peak(child.id()).unwrap_or(memory);
        if state == 'Z' {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.wait().unwrap();
    let elapsed = start.elapsed();
    (elapsed, own.unwrap_or(elapsed), memory)
}

/// The state of a process, and how long all its threads have been on a processor, if the system reports it.
fn state_and_time(process: u32) -> Option<(char, Duration)> {
    let reported = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may have blanks.
    let mut fields = reported.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    let mut ticks = fields.skip(10).map(|field| field.parse::<u64>().ok());
    Some((state, Duration::from_millis(10 * (ticks.next()?? + ticks.next()??))))
}

/// Kibibytes, if the system reports them.
pub(crate) fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// How long this thread has been on a processor, if the system reports it: the same on a busy machine.
pub(crate) fn on_processor() -> Option<Duration> {
    let reported = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    reported.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
