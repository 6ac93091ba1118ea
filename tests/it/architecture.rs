//! What ARCHITECTURE.md says about the folders of `src/`, compared with the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::repository::LAYERS;
use crate::support::{all, files};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A row of the table of folders: the layer, and the layers that it must not depend on. `None` is every
/// other one.
fn rows(text: &str) -> Vec<(String, Option<Vec<String>>)> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| [`src/"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        let (layer, _) = row.split_once('`').expect("a folder");
        let others = cells.last().expect("a cell");
        let named = others.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (layer.trim_end_matches(".rs").to_owned(), (*others != "anything else").then_some(named))
    })
    .collect()
}

/// All layers that a layer depends on, directly or through others.
fn below(layer: &str) -> BTreeSet<&'static str> {
    let of =
        |layer: &str| LAYERS.iter().find(|(name, _)| *name == layer).map_or(&[][..], |(_, others)| *others);
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = of(layer).to_vec();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(of(next));
        }
    }
    found
}

/// What is wrong with a row.
fn fault((layer, others): &(String, Option<Vec<String>>)) -> Result<(), String> {
    let below = below(layer);
    match others {
        None if below.is_empty() => Ok(()),
        None => Err(format!("{layer} depends on {below:?}")),
        Some(named) => match named.iter().find(|other| below.contains(other.as_str())) {
            None if named.iter().all(|other| LAYERS.iter().any(|(layer, _)| layer == other)) => Ok(()),
            None => Err(format!("{layer}: one of {named:?} is not a layer")),
            Some(other) => Err(format!("{layer} depends on {other}")),
        },
    }
}

#[test]
fn the_table_of_folders_is_true() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let rows = rows(&text);
    let named: BTreeSet<&str> = rows.iter().map(|(layer, _)| layer.as_str()).collect();
    let layers: BTreeSet<&str> = LAYERS.iter().map(|(layer, _)| *layer).chain(["main"]).collect();
    assert_eq!(named, layers);
    all(rows.iter().map(fault));
}

#[test]
fn a_false_row_is_seen() {
    for (row, is_true) in [
        ("| [`src/iam`](src/iam) | x | Step Functions: `asl` |", true),
        ("| [`src/call`](src/call) | x | `iam` |", false),
        ("| [`src/generator`](src/generator) | x | `integrations` |", false),
        ("| [`src/work.rs`](src/work.rs) | x | anything else |", true),
        ("| [`src/iam`](src/iam) | x | anything else |", false),
        ("| [`src/iam`](src/iam) | x | `nothing` |", false),
    ] {
        assert_eq!(rows(row).iter().map(fault).all(|one| one.is_ok()), is_true, "{row}");
    }
}

/// What the standard library has of clocks, environment, network, files and processes.
const SYSTEM: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::process",
    "std::time",
    "std::net::Tcp",
    "std::net::Udp",
    "std::os",
    "std::thread",
    "RandomState",
];

/// The first use of the system in a source, outside of its tests.
fn used(source: &str) -> Option<&'static str> {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    SYSTEM.into_iter().find(|name| code.iter().any(|line| line.contains(name)))
}

/// Threads and the host's calls belong to `plugin` and `protocol`, files to `cli`.
#[test]
fn output_depends_on_input_alone() {
    let pure =
        LAYERS.iter().map(|(layer, _)| *layer).filter(|layer| !["cli", "plugin", "protocol"].contains(layer));
    let sources = pure.flat_map(|layer| {
        let folder = root().join("src").join(layer);
        if folder.is_dir() { files(&folder, ".rs") } else { vec![folder.with_extension("rs")] }
    });
    all(sources.filter(|path| !path.to_string_lossy().replace('\\', "/").contains("/tests/")).map(|path| {
        match used(&fs::read_to_string(&path).expect("a source")) {
            None => Ok(()),
            Some(name) => Err(format!("{} uses {name}", path.display())),
        }
    }));
}

#[test]
fn a_use_of_the_system_is_seen() {
    for source in [
        "use std::time::Instant;",
        "fn f() { std::env::var(\"X\"); }",
        "use std::{fmt, env};\nfn f() { std::fs::read(\"x\"); }",
        "let state = RandomState::new();",
    ] {
        assert!(used(source).is_some(), "{source}");
    }
    for source in
        ["use std::net::IpAddr;", "// std::env\nfn f() {}", "#[cfg(test)]\nmod tests { use std::fs; }"]
    {
        assert_eq!(used(source), None, "{source}");
    }
}

/// The commands that measure: each is named with the numbers that it gives.
const MEASURES: &[(&str, &str)] = &[
    ("`make bench`", "benches/measure/main.rs"),
    ("`benches/plans ", "benches/plans"),
    ("benches/jsonata/Cargo.toml`", "benches/jsonata/Cargo.toml"),
    ("`cargo test jsonata::tests::suite`", "src/asl/jsonata/tests/suite.rs"),
];

/// A number with a unit of time or size, such as `3.2 ms`.
fn measured(line: &str) -> bool {
    let words: Vec<&str> = line.split(|one: char| one.is_whitespace() || "|(),;:".contains(one)).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let is_number = |text: &str| text.replace([',', '.'], "").parse::<u64>().is_ok();
    words.iter().zip(words.iter().skip(1)).any(|(number, unit)| {
        is_number(number)
            && ["ns", "µs", "ms", "s", "KiB", "MiB", "KB", "MB"].contains(&unit.trim_end_matches('.'))
    })
}

/// The sections of a page that have measured numbers without the command that measures them.
fn untied(page: &str) -> Vec<&str> {
    let sections = page.split("\n## ").flat_map(|section| section.split("\n### "));
    let ties = |section: &str| {
        let text = section.split_whitespace().collect::<Vec<_>>().join(" ");
        MEASURES.iter().any(|(command, _)| text.contains(command))
    };
    let has = sections.filter(|section| section.lines().any(measured));
    has.filter(|section| !ties(section)).map(|section| section.lines().next().unwrap_or_default()).collect()
}

#[test]
fn measured_numbers_name_the_command_that_gives_them() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    assert_eq!(untied(&page), Vec::<&str>::new());
    for (command, path) in MEASURES {
        assert!(root().join(path).exists(), "{command}: there is no {path}");
        let text = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(command), "ARCHITECTURE.md does not name {command}");
    }
}

#[test]
fn a_number_without_its_command_is_seen() {
    assert_eq!(
        untied("# A\n\n## B\n\n`make bench`: 3.2 ms\n\n## C\n\nIt takes 1,684 ms.\n\n### D\n\nFast."),
        ["C"]
    );
    assert_eq!(untied("# A\n\n| x | 10.1 MiB |\n"), ["# A"]);
    assert_eq!(untied("# A\n\nA socket with mode 0700 since 1.8.\n"), Vec::<&str>::new());
}
