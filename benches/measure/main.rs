//! Measures, side by side in one run: each step of an answer beside serde_json reading the same bytes, how
//! the cost grows with each kind of definition, and what a process costs.
//!
//! It only prints. `make bench` runs it. Arguments are the parts that are wanted, all if there are none;
//! paths of other executables of the provider, which are measured in turn with that of this build; and the
//! path of a folder, whose definitions are then the real ones. With `SFNIAM_PEER` it starts that executable
//! too, the same provider on the crate tf-provider.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a tool that prints, and may end when something is wrong"
)]

#[allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    reason = "the request of the cases is all that is needed"
)]
#[path = "../../tests/it/support/cases.rs"]
mod cases;
#[allow(dead_code, reason = "the certificate is all that is needed")]
#[path = "../../tests/it/support/identity.rs"]
mod identity;
#[allow(dead_code, clippy::expect_used, reason = "the kinds are all that is needed")]
#[path = "../../tests/it/support/kinds.rs"]
mod kinds;
#[allow(dead_code, clippy::expect_used, reason = "the connection of a host is all that is needed")]
#[path = "../../tests/it/support/plugin.rs"]
mod plugin;

mod definitions;
mod growth;
mod instructions;
mod process;
mod real;
mod steps;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use sfniam::permissions::Mode;
use sfniam::sdk::catalog;

use definitions::DEFINITIONS;

fn main() {
    // Cargo adds arguments of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == steps::STEP => return steps::run(rest),
        Some((word, rest)) if word == growth::GROW => return growth::run(rest),
        _ => {}
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam"));
    let valgrind = instructions::has_valgrind();
    let (paths, parts): (Vec<String>, Vec<String>) = arguments.into_iter().partition(|one| one.contains('/'));
    let (folders, executables): (Vec<String>, Vec<String>) =
        paths.into_iter().partition(|path| Path::new(path).is_dir());
    let part = |name: &str| parts.is_empty() || parts.iter().any(|one| one == name);
    if part("look-ups") {
        look_ups();
    }
    if part("times") {
        times();
    }
    if part("steps") && valgrind {
        steps::table();
    }
    if part("growth") {
        growth::table(valgrind, binary);
    }
    let mut rows: Vec<(&str, &Path)> = executables.iter().map(|one| (one.as_str(), Path::new(one))).collect();
    rows.push(("terraform-provider-sfniam, built with this program", binary));
    if part("real") {
        real::tables(folders.first().map(Path::new), &rows);
    }
    if part("process") {
        let peer = std::env::var("SFNIAM_PEER").ok();
        rows.extend(peer.iter().map(|peer| (process::PEER, Path::new(peer))));
        process::table(&rows);
    }
    if !valgrind {
        println!("\nInstructions are counted where there is valgrind, which is not on the PATH.");
    }
}

/// Each step of an answer in milliseconds, and how many times as long it takes as serde_json.
fn times() {
    println!("\ntimes: medians; in brackets how many times as long as serde_json takes\n");
    print!("{:<10} {:>6} {:>9}", "tasks", "states", "bytes");
    steps::STEPS.iter().for_each(|name| print!(" {name:>16}"));
    println!();
    for definition in &DEFINITIONS {
        for states in [6, 100, 1_000, 5_000] {
            let text = definition.text(states);
            print!("{:<10} {states:>6} {:>9}", definition.name, text.len());
            let mut plain = None;
            for name in steps::STEPS {
                let mut step = steps::step(name, &text, Mode::LeastPrivilege);
                let time = median(&mut step).as_secs_f64() * 1e3;
                let beside = time / *plain.get_or_insert(time);
                print!(" {:>16}", format!("{time:.3} ({beside:.1})"));
            }
            println!();
        }
    }
}

/// The first look-up in each service, in one process: some of them decompress a block of the catalogue, which
/// several services share.
fn look_ups() {
    let look_up = |segment: &str| {
        let start = Instant::now();
        let service = catalog::service(segment).unwrap();
        black_box(service.operations().next().and_then(|name| service.operation(name)));
        start.elapsed()
    };
    let first: Vec<Duration> = catalog::segments().map(look_up).collect();
    let again: Vec<Duration> = catalog::segments().map(look_up).collect();
    println!(
        "look-up of an operation of the AWS SDK in each of {} services: first {:.2?} (slowest {:.2?}), again {:.2?}",
        first.len(),
        middle(first.clone()),
        first.iter().max().unwrap(),
        middle(again)
    );
}

/// The median of at least eleven runs, and of as many as half a second holds.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < 11 || begin.elapsed() < Duration::from_millis(500) {
        let start = Instant::now();
        drop(black_box(run()));
        times.push(start.elapsed());
    }
    middle(times)
}

fn middle<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort();
    values.get(values.len() / 2).copied().unwrap()
}
