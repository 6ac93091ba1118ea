//! The command line: the same arguments, the same answer and the same messages as the data source.
//!
//! Options and outputs are made from the schema of the data source, so the two cannot drift apart.

mod answers;
mod ask;
mod check;
mod explain;
mod file;
mod integrations;
mod json;
mod limits;
mod locate;
mod options;
mod print;
mod problem;
mod progress;
mod refusal;
mod row;
mod shell;
mod work;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};

use crate::finding::{Finding, escaped_json};
use crate::generator::{Output, Request};
use crate::protocol::schema::Block;
use crate::protocol::value::Value;
use crate::provider::{self, data_source};
use crate::sdk::catalog;

use answers::{Answered, answered};
use print::write;

/// The attributes that are set only on demand.
const ON_DEMAND: [&str; 2] = ["explanation", "statements"];

/// The attributes that have the policy in parts, or tell of the sizes of parts.
const OF_PARTS: [&str; 3] = ["documents", "documents_by_service", "findings"];

/// What the command line requests.
#[derive(Clone, Copy, Debug)]
pub enum Asked {
    /// The command has finished with this exit status.
    Done(ExitCode),
    /// To serve as a plugin of the host, which starts the program without arguments.
    Serve,
    /// To serve as a plugin without a host, for a debugger.
    Debug,
}

/// Runs the command line, if there is one.
#[must_use]
pub fn run() -> Asked {
    let arguments: Vec<OsString> = env::args_os().collect();
    match arguments.get(1..).unwrap_or_default() {
        [] => return Asked::Serve,
        // With one hyphen it is a flag of Go programs, as the guides for other providers have it.
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
            // Help and version go to standard output and are not failures.
            let (text, failed) = (error.render().to_string(), error.use_stderr());
            let written =
                if failed { write(&mut io::stderr(), &text) } else { write(&mut io::stdout(), &text) };
            return if failed { ExitCode::from(2) } else { written };
        }
    };
    match matches.subcommand() {
        Some(("policy", matches)) => policy(&block, matches),
        Some(("explain", matches)) => explain::run(&block, matches),
        Some(("check", matches)) => check::run(&block, matches),
        Some(("integrations", matches)) => listed(matches),
        Some(("completions", matches)) => shell::completions(command(&block), matches),
        Some(("man", matches)) => shell::man(command(&block), matches),
        _ => ExitCode::from(2),
    }
}

/// The version, the commit if a release was built from one, and the day of AWS's data: what a bug report
/// about a wrong permission needs.
fn version() -> String {
    let commit = option_env!("SFNIAM_COMMIT").filter(|commit| !commit.is_empty());
    let commit = commit.map(|commit| format!("{commit}, ")).unwrap_or_default();
    format!("{} ({commit}AWS data of {})", env!("CARGO_PKG_VERSION"), catalog::date())
}

/// How `policy` and `explain` end.
const EXIT_STATUS: &str = "Exit status: 0 without an error, 1 if a definition or its file has one, 2 if the command itself is wrong.";

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
    let command = Command::new(shell::NAME)
        .version(version())
        .about("Computes the IAM policy of a Step Functions execution role from the state machine's definition")
        .after_help(
            "Without arguments, this program is a plugin, which Terraform and OpenTofu start themselves. \
             The commands need no AWS credentials and no network.",
        )
        .arg(
            Arg::new("debug")
                .long("debug")
                .action(clap::ArgAction::SetTrue)
                .help("Run as a plugin under a debugger: print TF_REATTACH_PROVIDERS for Terraform and OpenTofu, and wait"),
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("policy")
                .about("Print the policy document, or another attribute of the data source sfniam_policy")
                .arg(file.clone())
                .arg(output)
                .arg(minified)
                .args(options::options(block))
                .after_help(EXIT_STATUS),
        )
        .subcommand(
            explain::command(block).arg(file).after_help(EXIT_STATUS),
        )
        .subcommand(check::command(block))
        .subcommand(
            Command::new("integrations")
                .about("Show what each integration needs: actions, resources by the parameters that name them, and the evidence")
                .arg(text("service", "NAME", "A service by its name in a Resource, such as batch or sfn"))
                .arg(text("search", "TEXT", "Integrations with this text in their name or in that of an action"))
                .arg(
                    Arg::new("json")
                        .long("json")
                        .action(clap::ArgAction::SetTrue)
                        .help("Print JSON; without other options, for all integrations"),
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
    let print = |answers: Vec<Answered>| match answers.as_slice() {
        [Answered { request, output, .. }] => match value(request, output) {
            // A document in JSON, or the day of AWS's data.
            Value::String(text) => escaped_json(&text).into_owned() + "\n",
            other => escaped_json(&format!("{:#}", json::write(&other))).into_owned() + "\n",
        },
        several => {
            let value =
                |Answered { file, request, output }: &Answered| (file.clone(), value(request, output));
            let all = Value::object(several.iter().map(value));
            let all = json::AmongSeveral(&all);
            let text =
                if minified { serde_json::to_string(&all) } else { serde_json::to_string_pretty(&all) };
            // Names and JSON that was read: serialization does not fail.
            escaped_json(&text.unwrap_or_default()).into_owned() + "\n"
        }
    };
    let wants = |request: &mut Request| {
        request.explain = request.explain || ON_DEMAND.contains(&name);
        request.parts = !minified && OF_PARTS.contains(&name);
    };
    answered(block, matches, &wants, &print)
}
