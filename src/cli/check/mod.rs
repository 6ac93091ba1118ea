//! `check`: many definitions at once, for pipelines.

mod accept;
mod against;
mod baseline;
mod compare;
mod config;
mod fail_on;
mod fingerprint;
mod format;
mod glob;
mod inputs;
mod judge;
mod plan;
mod problem;
mod report;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};

use crate::protocol::schema::Block;

use super::print::{refused, write};
use super::refusal::Refusal;
use super::{options, progress, work};
use baseline::Baseline;
use config::Config;
use fail_on::FailOn;
use format::Format;
use judge::{Judged, Rules};
use report::Report;

/// The status where a finding fails the run.
const FOUND: u8 = 1;

/// The command.
pub(super) fn command(block: &Block) -> Command {
    let paths = Arg::new("PATH")
        .required(true)
        .num_args(1..)
        .value_parser(value_parser!(PathBuf))
        .help("Definitions in JSON or YAML, or plans from \"terraform show -json\": files, folders, or \"-\" for standard input");
    let fail_on = Arg::new("fail-on")
        .long("fail-on")
        .value_name("LEVEL|CODE,…")
        .default_value("error")
        .help("Findings that fail the run (exit status 1): error, warning or info, each including everything more severe, or codes");
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value(Format::Text.name())
        .value_parser(PossibleValuesParser::new(Format::ALL.map(Format::name)))
        .help("How to print the findings");
    Command::new("check")
        .about("Check many definitions at once, and report each finding with its file, line and column")
        .after_help(
            "In folders, definitions are files whose names end in .asl, .asl.json, .asl.yaml, .asl.yml, .states.json, .states.yaml or .states.yml; \
             folders whose names begin with a dot, and node_modules, are skipped.\n\n\
             Exit status: 0 if no finding fails the run, 1 if one does, 2 if the command itself is wrong.",
        )
        .arg(paths)
        .args([fail_on, format])
        .arg(
            Arg::new("policy")
                .long("policy")
                .value_name("FILE")
                .help("Compare with the policy of the role: a file, or a pattern with {dir} and {name} of the definition; excess is determined by least privilege unless --mode is given"),
        )
        .arg(file("config", "Settings, hints and accepted findings for groups of files, in TOML, YAML or JSON"))
        .arg(file("baseline", "Known findings: only new ones fail the run, and changed policies are reported"))
        .arg(file("write-baseline", "Write the findings to a file, for --baseline in later runs"))
        .args(options::options(block))
}

fn file(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf)).help(help)
}

/// Runs the command.
pub(super) fn run(block: &Block, matches: &ArgMatches) -> ExitCode {
    match report(block, matches) {
        Err(refusal) => refused(&refusal),
        Ok((text, fails)) => {
            let written = write(&mut io::stdout(), &text);
            if fails { ExitCode::from(FOUND) } else { written }
        }
    }
}

/// What is printed, and whether a finding fails the run.
fn report(block: &Block, matches: &ArgMatches) -> Result<(String, bool), Refusal> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let path = |name: &str| matches.get_one::<PathBuf>(name);
    let fail_on = FailOn::read(text("fail-on"))?;
    let config = path("config").map(|path| Config::read(path)).transpose()?.unwrap_or_default();
    let baseline = path("baseline").map(|path| Baseline::read(path)).transpose()?;
    let format = Format::of(text("format"));
    let given = options::given(block, matches).map_err(Refusal::Option)?;
    let paths: Vec<PathBuf> = matches.get_many("PATH").unwrap_or_default().cloned().collect();
    let files = inputs::files(&paths)?;
    let count = files.len();
    let policy = matches.get_one::<String>("policy").map(String::as_str);
    let keeps_policies = baseline.is_some() || path("write-baseline").is_some();
    let rules = Rules { block, config: &config, given: &given, policy, keeps_policies };
    let mut judged =
        progress::shown(count, |done| work::side_by_side(&files, &|file| judge::judge(&rules, file), done))?;
    let groups = against::groups(&judged);
    let compare = |(path, group): &(PathBuf, Vec<&Judged>)| Ok(against::compare(path, group));
    let compared = work::side_by_side(&groups, &compare, &mut |_| ())?;
    judged.push(Judged { rows: compared.concat(), ..Judged::default() });
    let new_baseline = path("write-baseline").map(|path| (path, Baseline::of(&judged)));
    if let Some(baseline) = &baseline {
        baseline.compare(&mut judged);
    }
    let report = Report::new(count, judged, &fail_on, &config.accept, baseline.is_some());
    if let Some((path, baseline)) = &new_baseline {
        baseline.write(path)?;
    }
    // Writing a baseline accepts the present findings.
    let fails = report.fails() && new_baseline.is_none();
    Ok((format.printed(&report), fails))
}
