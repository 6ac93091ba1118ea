//! The command line: the same arguments, the same answer and the same messages as the data source.
//!
//! Options and outputs are made from the schema of the data source, so the two cannot drift apart.

mod ask;
mod check;
mod explain;
mod file;
mod integrations;
mod json;
mod locate;
mod options;
mod problem;
mod refusal;
mod row;
mod shell;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::Value as Json;

use crate::finding::{Finding, Severity, escaped, markdown};
use crate::generator::{Output, Request};
use crate::protocol::schema::Block;
use crate::protocol::value::Value;
use crate::provider::{self, data_source};
use crate::sdk::catalog;

use file::File;
use refusal::Refusal;
use row::Row;

/// A file, what was asked of it, and what came of that.
type Answered = (String, Request, Output);

/// The name of the program, as it is released.
const NAME: &str = "terraform-provider-sfniam";

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
        Some(("check", matches)) => check::run(&block, matches),
        Some(("integrations", matches)) => listed(matches),
        Some(("completions", matches)) => shell::completions(command(&block), matches),
        Some(("man", matches)) => shell::man(command(&block), matches),
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
    let file =
        Arg::new("FILE").default_value("-").num_args(1..).value_parser(value_parser!(PathBuf)).help(
            "Definitions in Amazon States Language: files in JSON or YAML, or \"-\" for standard input",
        );
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
        .help("Print the policy document without white space");
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value("text")
        .value_parser(["text", "markdown", "json"])
        .help("How to print the explanation");
    let command = Command::new(NAME)
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
        .subcommand(check::command(block))
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
        );
    let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    command.subcommands(shell::commands(&names))
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
    let minified = matches.get_flag("minified");
    let name = matches.get_one::<String>("output").map_or("json", String::as_str);
    let value = |request: &Request, output: &Output| match minified {
        true => output.policy.to_minified_json().into(),
        false => provider::attribute(name, request, output).unwrap_or(Value::Null),
    };
    let print = |answers: &[Answered]| match answers {
        [(_, request, output)] => match value(request, output) {
            Value::String(text) => format!("{text}\n"),
            other => format!("{:#}\n", json::write(&other)),
        },
        several => {
            let value = |(file, request, output): &Answered| {
                (file.clone(), json::write_document(&value(request, output)))
            };
            let all = Json::Object(several.iter().map(value).collect());
            if minified { format!("{all}\n") } else { format!("{all:#}\n") }
        }
    };
    answered(block, matches, ON_DEMAND.contains(&name), &print)
}

fn explained(block: &Block, matches: &ArgMatches) -> ExitCode {
    let format = matches.get_one::<String>("format").map_or("text", String::as_str);
    let print = |answers: &[Answered]| match (format, answers) {
        ("json", [(_, _, output)]) => format!("{:#}\n", json::write(&provider::explanation(output))),
        ("json", several) => {
            let value =
                |(file, _, output): &Answered| (file.clone(), json::write(&provider::explanation(output)));
            format!("{:#}\n", Json::Object(several.iter().map(value).collect()))
        }
        ("markdown", [(_, _, output)]) => explain::markdown(output),
        ("markdown", several) => {
            let part = |(file, _, output): &Answered| {
                format!("### {}\n\n{}\n", markdown(file), explain::markdown(output))
            };
            several.iter().map(part).collect()
        }
        (_, [(_, _, output)]) => explain::text(output),
        (_, several) => {
            let part =
                |(file, _, output): &Answered| format!("{}\n\n{}", escaped(file), explain::text(output));
            several.iter().map(part).collect()
        }
    };
    answered(block, matches, true, &print)
}

/// Asks about each file, tells of errors and warnings, and prints what came of them if there is no error.
fn answered(
    block: &Block,
    matches: &ArgMatches,
    explains: bool,
    print: &dyn Fn(&[Answered]) -> String,
) -> ExitCode {
    let (mut answers, mut failed) = (Vec::new(), false);
    for path in matches.get_many::<PathBuf>("FILE").unwrap_or_default() {
        let rows = match File::read(path) {
            Err(row) => vec![*row],
            Ok(file) => {
                let given = options::given(block, matches).map_err(Refusal::Option).and_then(|mut given| {
                    if explains {
                        given.insert(INCLUDE_EXPLANATION.to_owned(), true.into());
                    }
                    ask::ask(block, file.source.json(), given)
                });
                match given {
                    Err(refusal) => return refused(&refusal),
                    Ok(answer) => {
                        let rows = answer.rows(&file);
                        answers.extend(answer.output.map(|output| (file.name, answer.request, output)));
                        rows
                    }
                }
            }
        };
        failed |= rows.iter().any(|row| row.finding.severity == Severity::Error);
        tell(&rows);
    }
    if failed { ExitCode::FAILURE } else { write(&mut io::stdout(), &print(&answers)) }
}

/// Tells of errors and warnings, the gravest first.
fn tell(rows: &[Row]) {
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.finding.severity <= Severity::Warning).collect();
    rows.sort_by(|one, other| one.finding.severity.cmp(&other.finding.severity).then_with(|| one.cmp(other)));
    for row in rows {
        // Nobody is left to be told if this fails.
        let _ = io::stderr().write_all(format!("{}\n", row.text()).as_bytes());
    }
}

/// Tells what is wrong with the command itself.
fn refused(refusal: &Refusal) -> ExitCode {
    let _ = io::stderr().write_all(format!("Error: {refusal}\n").as_bytes());
    ExitCode::from(2)
}

/// A reader that has gone away, such as `head`, is no success, but nobody is left to be told.
fn write(stream: &mut impl Write, text: &str) -> ExitCode {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
