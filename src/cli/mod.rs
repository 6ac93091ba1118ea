//! The command line: the same arguments, the same answer and the same messages as the data source.
//!
//! Options and outputs are made from the schema of the data source, so the two cannot drift apart.

mod explain;
mod integrations;
mod json;
mod options;
mod problem;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::{env, fs};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};

use crate::finding::Finding;
use crate::generator::{Output, Request};
use crate::protocol::diagnostic::{Diagnostic, Severity};
use crate::protocol::schema::Block;
use crate::protocol::value::Value;
use crate::provider::{self, Config, data_source};
use crate::sdk::catalog;
use crate::work::Cancel;

use problem::CommandProblem;

/// What was asked, and what came of it.
type Answer = (Request, Output);

/// The attributes that are there only on demand, and the argument that asks for them.
const ON_DEMAND: [&str; 2] = ["explanation", "statements"];
const INCLUDE_EXPLANATION: &str = "include_explanation";

/// What the command line asks for.
#[derive(Clone, Copy, Debug)]
pub enum Asked {
    /// What is done already, with this result.
    Done(ExitCode),
    /// To be a plugin of the host that started the program, which it does without arguments.
    Serve,
    /// To be a plugin without a host, for a debugger.
    Debug,
}

/// Runs the command line, if there is one.
#[must_use]
pub fn run() -> Asked {
    let arguments: Vec<OsString> = env::args_os().collect();
    match arguments.get(1..).unwrap_or_default() {
        [] => return Asked::Serve,
        // The one hyphen is what Go's flags, and with them the guides for other providers, have.
        [only] if only == "--debug" || only == "-debug" => return Asked::Debug,
        _ => {}
    }
    Asked::Done(run_command(arguments))
}

fn run_command(arguments: Vec<OsString>) -> ExitCode {
    let block = data_source().block;
    let matches = match command(&block).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version go to standard output and are no failure.
            let (text, failed) = (error.render().to_string(), error.use_stderr());
            let written =
                if failed { write(&mut io::stderr(), &text) } else { write(&mut io::stdout(), &text) };
            return if failed { ExitCode::from(2) } else { written };
        }
    };
    match matches.subcommand() {
        Some(("policy", matches)) => policy(&block, matches),
        Some(("explain", matches)) => explained(&block, matches),
        Some(("integrations", matches)) => listed(matches),
        _ => ExitCode::from(2),
    }
}

/// The version, the commit if a release was built from one, and the day of AWS's data: what a report of a
/// wrong permission needs.
fn version() -> String {
    let commit = option_env!("SFNIAM_COMMIT").filter(|commit| !commit.is_empty());
    let commit = commit.map(|commit| format!("{commit}, ")).unwrap_or_default();
    format!("{} ({commit}AWS data of {})", env!("CARGO_PKG_VERSION"), catalog::date())
}

fn command(block: &Block) -> Command {
    let file = Arg::new("FILE")
        .default_value("-")
        .help("The definition: a file with Amazon States Language, or \"-\" for standard input");
    let output = Arg::new("output")
        .long("output")
        .value_name("NAME")
        .default_value("json")
        .value_parser(PossibleValuesParser::new(options::outputs(block)))
        .help("The attribute of the data source to print");
    let minified = Arg::new("minified")
        .long("minified")
        .action(clap::ArgAction::SetTrue)
        .conflicts_with("output")
        .help("The same as --output minified_json");
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value("text")
        .value_parser(["text", "markdown", "json"])
        .help("How to print the explanation");
    Command::new("terraform-provider-sfniam")
        .version(version())
        .about("Computes the IAM policy of a Step Functions execution role from the state machine's definition")
        .after_help(
            "Without arguments this program is a plugin, which Terraform and OpenTofu start by themselves. \
             The commands need no AWS credentials and no network.",
        )
        .arg(
            Arg::new("debug")
                .long("debug")
                .action(clap::ArgAction::SetTrue)
                .help("Be a plugin that a debugger can hold: print TF_REATTACH_PROVIDERS for Terraform and OpenTofu, and wait"),
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("policy")
                .about("Prints the policy document, or another attribute of the data source sfniam_policy")
                .arg(file.clone())
                .arg(output)
                .arg(minified)
                .args(options::options(block)),
        )
        .subcommand(
            Command::new("explain")
                .about("Says for each statement of the policy which state asks for it, and why it is as wide as it is")
                .arg(file)
                .arg(format)
                .args(options::options(block)),
        )
        .subcommand(
            Command::new("integrations")
                .about("Says what each integration needs: actions, resources by the parameters that name them, how that is known")
                .arg(text("service", "NAME", "A service as a Resource names it, such as batch or sfn"))
                .arg(text("search", "TEXT", "Those with this text in their name or in that of an action"))
                .arg(
                    Arg::new("json")
                        .long("json")
                        .action(clap::ArgAction::SetTrue)
                        .help("JSON, without other options of all integrations"),
                ),
        )
}

fn text(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn listed(matches: &ArgMatches) -> ExitCode {
    match integrations::Wanted::of(matches).printed(matches.get_flag("json")) {
        Ok(text) => write(&mut io::stdout(), &text),
        Err(problem) => {
            let message = Finding::new(&problem, "").message();
            let _ = io::stderr().write_all(format!("{message}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn policy(block: &Block, matches: &ArgMatches) -> ExitCode {
    let asked = matches.get_one::<String>("output").map_or("json", String::as_str);
    let name = if matches.get_flag("minified") { "minified_json" } else { asked };
    let explains = ON_DEMAND.contains(&name);
    let Some((request, output)) = ask(block, matches, explains) else { return ExitCode::FAILURE };
    let text = match provider::attributes(&request, &output).get(name) {
        Value::String(text) => text.clone(),
        other => format!("{:#}", json::write(other)),
    };
    write(&mut io::stdout(), &(text + "\n"))
}

fn explained(block: &Block, matches: &ArgMatches) -> ExitCode {
    let Some((_, output)) = ask(block, matches, true) else { return ExitCode::FAILURE };
    let text = match matches.get_one::<String>("format").map(String::as_str) {
        Some("json") => format!("{:#}\n", json::write(&provider::explanation(&output))),
        Some("markdown") => explain::markdown(&output),
        _ => explain::text(&output),
    };
    write(&mut io::stdout(), &text)
}

/// What comes of the definition with the options, after telling of every problem. `None` if there is an
/// error.
fn ask(block: &Block, matches: &ArgMatches, explains: bool) -> Option<Answer> {
    let (output, diagnostics) = match asked(block, matches, explains) {
        Ok((answer, warnings)) => (Some(answer), warnings),
        Err(errors) => (None, errors),
    };
    for diagnostic in &diagnostics {
        // Nobody is left to be told if this fails.
        let _ = io::stderr().write_all(told(diagnostic).as_bytes());
    }
    output
}

fn asked(
    block: &Block,
    matches: &ArgMatches,
    explains: bool,
) -> Result<(Answer, Vec<Diagnostic>), Vec<Diagnostic>> {
    let wrong = |problem: CommandProblem| {
        let finding = Finding::new(&problem, "");
        vec![Diagnostic::error(finding.summary.clone(), finding.message())]
    };
    let file = matches.get_one::<String>("FILE").map_or("-", String::as_str);
    let given = definition(file).and_then(|definition| options::given(block, matches, definition));
    let mut given = given.map_err(wrong)?;
    if explains {
        given.insert(INCLUDE_EXPLANATION.to_owned(), true.into());
    }
    let config = block.config(given)?;
    let (request, output) = provider::ask(&config, &Config::default(), &Cancel::default())?;
    let warnings = provider::warnings(&request, &output);
    Ok(((request, output), warnings))
}

fn definition(file: &str) -> Result<String, CommandProblem> {
    if file == "-" {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| CommandProblem::UnreadableInput { reason: error.to_string() })?;
        return Ok(text);
    }
    fs::read_to_string(file).map_err(|error| {
        let (file, reason) = (file.to_owned(), error.to_string());
        CommandProblem::Unreadable { file, reason }
    })
}

fn told(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    format!("{severity}: {}\n\n{}\n\n", diagnostic.summary, diagnostic.detail)
}

/// A reader that has gone away, such as `head`, is no success, but nobody is left to be told.
fn write(stream: &mut impl Write, text: &str) -> ExitCode {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
