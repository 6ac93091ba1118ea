//! How the cost grows with each kind of definition, and what a megabyte of it costs.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sfniam::generator::{Request, Role, Unknown, analyze, compare_role, generate, tokens};
use sfniam::permissions::Mode;
use sfniam::source::{Format, Source};
use sfniam::work::Cancel;

use super::instructions::{counted, millions, of_one_time};
use super::kinds::{KINDS, Kind, kind};
use super::process::{on_processor, peak, to_its_end};

/// The word on the command line for a run of one kind.
pub(crate) const GROW: &str = "grow";

/// What is done with a definition.
#[derive(Clone, Copy)]
enum Way {
    Answer,
    /// The answer in small documents.
    Packing,
    Analyze,
    Compare,
    Yaml,
    /// The command, of a process from its start to its end.
    Check,
}

impl Way {
    const ALL: [Way; 6] = [Way::Answer, Way::Packing, Way::Analyze, Way::Compare, Way::Yaml, Way::Check];

    fn name(self) -> &'static str {
        match self {
            Way::Answer => "answer",
            Way::Packing => "packing",
            Way::Analyze => "analyze",
            Way::Compare => "compare",
            Way::Yaml => "yaml",
            Way::Check => "check",
        }
    }

    /// The kinds that are measured in this way: those that it can process.
    fn kinds(self) -> Vec<&'static Kind> {
        match self {
            Way::Answer => KINDS.iter().collect(),
            Way::Packing => [
                "names that are known",
                "beginnings that are known",
                "jobs that are waited for",
                "endpoints",
                "expressions",
            ]
            .map(kind)
            .into(),
            Way::Analyze => [
                "tokens that are left over",
                "names that are known",
                "beginnings that are known",
                "credentials",
                "jobs that are waited for",
                "hints",
            ]
            .map(kind)
            .into(),
            Way::Compare => [
                "names that are known",
                "beginnings that are known",
                "ends that are known",
                "endpoints",
                "jobs that are waited for",
            ]
            .map(kind)
            .into(),
            Way::Yaml => {
                ["names that are known", "states without tasks", "one name again and again"].map(kind).into()
            }
            Way::Check => [
                "names that are known",
                "beginnings that are known",
                "jobs that are waited for",
                "members that do not exist",
            ]
            .map(kind)
            .into(),
        }
    }

    /// The measured function can be called repeatedly.
    fn prepared(self, request: Request) -> Box<dyn FnMut()> {
        match self {
            Way::Answer => Box::new(move || drop(black_box(generate(&request)))),
            Way::Packing => {
                let asked = Request { document_size_limit: SMALL, ..request };
                Box::new(move || drop(black_box(generate(&asked).unwrap().documents)))
            }
            Way::Analyze => {
                let unknown = Unknown {
                    tokens: tokens(&request.definition).map(|token| token.name.to_owned()).collect(),
                    ..Unknown::default()
                };
                Box::new(move || drop(black_box(analyze(&request, &unknown, &Cancel::default()))))
            }
            Way::Compare => {
                let policies = [generate(&request).unwrap().policy.to_json()];
                let machines = [request];
                Box::new(move || {
                    let role = Role { machines: &machines, policies: &policies, boundary: None };
                    black_box(compare_role(role, &Cancel::default()).unwrap());
                })
            }
            Way::Yaml => {
                let text = yaml(&serde_json::from_str(&request.definition).unwrap(), 0);
                Box::new(move || drop(black_box(Source::new(text.clone(), Format::Yaml).unwrap())))
            }
            Way::Check => unreachable!("a process of its own"),
        }
    }
}

/// The value as YAML in its block form.
fn yaml(value: &serde_json::Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    match value {
        serde_json::Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(key, value)| format!("\n{indent}{key:?}: {}", yaml(value, depth + 1)))
            .collect(),
        serde_json::Value::Array(elements) if !elements.is_empty() => {
            elements.iter().map(|value| format!("\n{indent}- {}", yaml(value, depth + 1))).collect()
        }
        plain => plain.to_string(),
    }
}

/// The characters that each document may have where packing is measured: a few permissions.
const SMALL: u64 = 1_024;

/// In the place of a count: as many as make a megabyte.
const MEGABYTE: &str = "megabyte";

/// Runs one measurement of one kind this many times, and prints the time and the peak memory of the process:
/// what this program does when it is started by itself, under valgrind or alone.
pub(crate) fn run(arguments: &[String]) {
    let [way, name, count, times] = arguments else { panic!("{arguments:?}") };
    let way = Way::ALL.into_iter().find(|one| one.name() == way).unwrap();
    let kind = kind(name);
    let count = if count == MEGABYTE { of_a_megabyte(kind) } else { count.parse().unwrap() };
    let mut work = way.prepared(kind.request(count, Mode::LeastPrivilege));
    let (start, computed) = (Instant::now(), on_processor());
    for _ in 0..times.parse::<u32>().unwrap() {
        work();
    }
    let elapsed = start.elapsed();
    let own = on_processor().zip(computed).map_or(elapsed, |(after, before)| after.saturating_sub(before));
    let memory = peak(std::process::id()).unwrap_or_default();
    println!("{} {} {memory}", elapsed.as_micros(), own.as_micros());
}

/// One time: how long it takes, how long it is on a processor as far as the system reports that, and the
/// kibibytes.
fn alone(way: Way, kind: &Kind, count: &str, binary: &Path) -> (Duration, Duration, u64) {
    if let Way::Check = way {
        let count = if count == MEGABYTE { of_a_megabyte(kind) } else { count.parse().unwrap() };
        let definition = kind.request(count, Mode::Template).definition;
        return with_file(&definition, |file| to_its_end(Command::new(binary).arg("check").arg(file)));
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([GROW, way.name(), kind.name, count, "1"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [elapsed, own, memory] = numbers.as_slice() else { panic!("{text}") };
    (Duration::from_micros(*elapsed), Duration::from_micros(*own), *memory)
}

/// What one time takes: instructions where there is valgrind, else the least of three times in microseconds.
fn cost(way: Way, kind: &Kind, count: usize, valgrind: bool, binary: &Path) -> f64 {
    if valgrind && let Way::Check = way {
        let of = |definition: &str| {
            with_file(definition, |file| counted(binary, ["check".as_ref(), file.as_os_str()]))
        };
        // What a process costs whatever it checks is not what grows.
        let nothing = of(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
        return millions(of(&kind.request(count, Mode::Template).definition).saturating_sub(nothing));
    }
    if valgrind {
        return millions(of_one_time(&[GROW, way.name(), kind.name, &count.to_string()]));
    }
    let time = |_| alone(way, kind, &count.to_string(), binary).0;
    (0..3).map(time).min().unwrap().as_secs_f64() * 1e6
}

/// The table: cost at 500 and at 2,000, the exponent between them (1 is linear, 2 a square), and a megabyte.
pub(crate) fn table(valgrind: bool, binary: &Path) {
    let unit = if valgrind { "M instr." } else { "µs" };
    println!(
        "\ngrowth with least privilege; times are those on a processor, and the definition of a megabyte is made by the process \
         that is measured\n"
    );
    println!(
        "{:<60} {:>9} {:>9} {unit:<8} {:>8} {:>12} {:>12}",
        "", "500", "2000", "exponent", "1 MB", "its memory"
    );
    for way in Way::ALL {
        for kind in way.kinds() {
            let [one, two] = [500, 2_000].map(|count| cost(way, kind, count, valgrind, binary));
            let (_, time, memory) = alone(way, kind, MEGABYTE, binary);
            println!(
                "{:<60} {one:>9.1} {two:>9.1} {unit:<8} {:>8.2} {:>9.0} ms {:>8} MiB",
                format!("{}: {}", way.name(), kind.name),
                (two / one).log(4.0),
                time.as_secs_f64() * 1e3,
                memory / 1024
            );
        }
    }
}

/// How many of a kind make a megabyte. Of kinds that do not grow with the definition, such as hints, there
/// are as many as fit elsewhere.
fn of_a_megabyte(kind: &Kind) -> usize {
    let size = |count: usize| {
        let request = kind.request(count, Mode::LeastPrivilege);
        request.definition.len().max(request.input.map_or(0, |input| input.len()))
    };
    let per_item = (size(2_000) - size(1_000)) / 1_000;
    1_048_576_usize.checked_div(per_item).map_or(10_000, |count| count.max(1))
}

/// What is found of a file with this definition.
fn with_file<T>(definition: &str, found: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("definition.asl.json");
    std::fs::write(&file, definition).unwrap();
    found(&file)
}
