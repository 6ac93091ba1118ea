//! `check`: many definitions at once, for pipelines.

mod fail_on;
mod format;
mod inputs;
mod judge;
mod progress;
mod report;
mod work;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};

use crate::protocol::schema::Block;

use super::refusal::Refusal;
use super::{options, refused, write};
use fail_on::FailOn;
use format::Format;
use report::Report;

/// The status where a finding fails the run.
const FOUND: u8 = 1;

/// The command.
pub(super) fn command(block: &Block) -> Command {
    let paths = Arg::new("PATH")
        .required(true)
        .num_args(1..)
        .value_parser(value_parser!(PathBuf))
        .help("Definitions in JSON or YAML: files, folders, or \"-\" for standard input");
    let fail_on = Arg::new("fail-on")
        .long("fail-on")
        .value_name("LEVEL|CODE,…")
        .default_value("error")
        .help("Which findings make the exit status 1: error, warning or info for those and all that are graver, and codes");
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value(Format::Text.name())
        .value_parser(PossibleValuesParser::new(Format::ALL.map(Format::name)))
        .help("How to print the findings");
    Command::new("check")
        .about("Checks many definitions at once, and tells each finding with its file, line and column")
        .after_help(
            "In folders, definitions are files whose names end in .asl, .asl.json, .asl.yaml, .asl.yml, .states.json, .states.yaml or .states.yml; \
             folders whose names begin with a dot, and node_modules, are left out.\\n\\n\
             Exit status: 0 without findings that fail the run, 1 with such findings, 2 where the command itself is wrong.",
        )
        .arg(paths)
        .args([fail_on, format])
        .args(options::options(block))
}

/// Runs the command.
pub(super) fn run(block: &Block, matches: &ArgMatches) -> ExitCode {
    match report(block, matches) {
        Err(refusal) => refused(&refusal),
        Ok((report, format)) => {
            let written = write(&mut io::stdout(), &format.printed(&report));
            if report.fails() { ExitCode::from(FOUND) } else { written }
        }
    }
}

fn report(block: &Block, matches: &ArgMatches) -> Result<(Report, Format), Refusal> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let fail_on = FailOn::read(text("fail-on"))?;
    let format = Format::of(text("format"));
    let given = options::given(block, matches).map_err(Refusal::Option)?;
    let paths: Vec<PathBuf> = matches.get_many("PATH").unwrap_or_default().cloned().collect();
    let files = inputs::files(&paths)?;
    let count = files.len();
    let judged = progress::shown(count, |done| {
        work::side_by_side(&files, &|file| judge::judge(block, file, &given), done)
    })?;
    Ok((Report::new(count, judged, fail_on), format))
}
