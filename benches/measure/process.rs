//! What a process costs that only tells its schema, as most of those do that hosts start: to the handshake,
//! from its start to its end, in memory, on disk.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::identity::Identity;
use super::middle;
use super::plugin::tfplugin6::get_provider_schema;
use super::plugin::tfplugin6::provider_client::ProviderClient;
use super::plugin::{Plugin, environment, shut_down};

/// The executable on the crate tf-provider. Its certificate is one of an authority, which a client that
/// checks certificates as the standard says refuses, so it is only started.
pub(crate) const PEER: &str = "on the crate tf-provider";

/// How often each process is started, in turn with the others.
const STARTS: usize = 101;

/// What one process took.
struct Life {
    /// From its start to its handshake line.
    handshake: Duration,
    /// On a processor until then.
    start: Duration,
    /// On a processor from its start to its end, if it was asked for its schema.
    whole: Option<Duration>,
    /// Kibibytes at the handshake, at most.
    memory: u64,
}

/// The table of these executables.
pub(crate) fn table(executables: &[(&str, &Path)]) {
    println!(
        "\nprocess that tells its schema: medians of {STARTS} in turn; \"cpu\" is time on a processor\n"
    );
    println!(
        "{:<56} {:>10} {:>10} {:>10} {:>12} {:>11}",
        "", "handshake", "cpu then", "cpu whole", "memory then", "executable"
    );
    let mut lives: Vec<Vec<Life>> = executables.iter().map(|_| Vec::new()).collect();
    for _ in 0..STARTS {
        for ((title, executable), lives) in executables.iter().zip(&mut lives) {
            lives.extend(live(executable, *title != PEER));
        }
    }
    for ((title, executable), lives) in executables.iter().zip(lives) {
        let size = std::fs::metadata(executable).unwrap().len();
        if lives.is_empty() {
            println!("{title:<56} the system does not report what a process takes");
            continue;
        }
        let time = |of: fn(&Life) -> Duration| middle(lives.iter().map(of).collect()).as_secs_f64() * 1e3;
        let whole: Option<Vec<Duration>> = lives.iter().map(|life| life.whole).collect();
        let whole =
            whole.map_or("-".to_owned(), |lives| format!("{:.2} ms", middle(lives).as_secs_f64() * 1e3));
        println!(
            "{title:<56} {:>7.2} ms {:>7.2} ms {whole:>10} {:>8.1} MiB {:>7.1} MiB",
            time(|life| life.handshake),
            time(|life| life.start),
            mebibytes(middle(lives.iter().map(|life| life.memory).collect()) * 1024),
            mebibytes(size)
        );
    }
}

/// Starts a process, has it tell its schema if that is wanted, and ends it as hosts do. `None` where the
/// system does not report what it took.
fn live(executable: &Path, is_asked: bool) -> Option<Life> {
    let host = Identity::new(1);
    let mut command = Command::new(executable);
    environment(&mut command);
    let start = Instant::now();
    let plugin = Plugin::run(command.env("PLUGIN_CLIENT_CERT", host.pem()));
    let handshake = start.elapsed();
    assert!(plugin.line.starts_with("1|6|"), "{} said {:?}", executable.display(), plugin.line);
    let process = plugin.child.id();
    let started: Duration = threads(process)?.into_iter().map(|(_, time)| time).sum();
    let memory = peak(process)?;
    if !is_asked {
        return Some(Life { handshake, start: started, whole: None, memory });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let of_others = runtime.block_on(async {
        // Hosts make one connection for all calls.
        let channel = plugin.channel(&host).await;
        let mut provider = ProviderClient::new(channel.clone());
        provider.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
        let of_others = threads(process)?.into_iter().filter(|(thread, _)| *thread != process);
        let of_others: Duration = of_others.map(|(_, time)| time).sum();
        shut_down(channel).await;
        Some(of_others)
    })?;
    // Before it is waited for, the system still knows the first thread of a process that has ended.
    while state_and_time(process)?.0 != 'Z' {
        std::thread::sleep(Duration::from_millis(1));
    }
    let whole = Some(of_others + threads(process)?.into_iter().map(|(_, time)| time).sum::<Duration>());
    Some(Life { handshake, start: started, whole, memory })
}

/// The threads of a process, and how long each has been on a processor.
pub(crate) fn threads(process: u32) -> Option<Vec<(u32, Duration)>> {
    let folder = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let thread = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.ok()?.path();
        let reported = std::fs::read_to_string(path.join("schedstat")).ok()?;
        let time = reported.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)?;
        Some((path.file_name()?.to_str()?.parse().ok()?, time))
    };
    Some(folder.filter_map(thread).collect())
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
