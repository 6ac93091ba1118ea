//! What a shell completes, and the manual pages: both made from the description of the command line.

use std::io;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::print::write;

/// The name of the program, as it is released.
pub(super) const NAME: &str = "terraform-provider-sfniam";

/// The shells, by the names that they have in the command.
const SHELLS: [(&str, Shell); 4] =
    [("bash", Shell::Bash), ("zsh", Shell::Zsh), ("fish", Shell::Fish), ("powershell", Shell::PowerShell)];

/// The commands, for a command line that has these other commands.
pub(super) fn commands(others: &[String]) -> [Command; 2] {
    let shell = Arg::new("SHELL")
        .required(true)
        .value_parser(PossibleValuesParser::new(SHELLS.map(|(name, _)| name)))
        .help("The shell");
    let own = ["completions".to_owned(), "man".to_owned()];
    let page = Arg::new("COMMAND")
        .value_parser(PossibleValuesParser::new(others.iter().cloned().chain(own)))
        .help("The command that the page is about; without it, the program");
    [
        Command::new("completions")
            .about("Print a completion script for a shell: commands, options and their values")
            .after_help(
                "In bash: source <(terraform-provider-sfniam completions bash). \
                 If the program has another name, such as sfniam, add --name sfniam.",
            )
            .args([shell, name()]),
        Command::new("man")
            .about("Print a manual page in roff, the format of man")
            .after_help("To read it: terraform-provider-sfniam man check | man -l -")
            .args([page, name()]),
    ]
}

fn name() -> Arg {
    Arg::new("name").long("name").value_name("NAME").default_value(NAME).help("The name of the program")
}

/// `completions`.
pub(super) fn completions(mut command: Command, matches: &ArgMatches) -> ExitCode {
    let asked = matches.get_one::<String>("SHELL").map(String::as_str).unwrap_or_default();
    let mut text = Vec::new();
    for (_, shell) in SHELLS.into_iter().filter(|(name, _)| *name == asked) {
        generate(shell, &mut command, named(matches), &mut text);
    }
    write(&mut io::stdout(), &String::from_utf8_lossy(&text))
}

/// `man`.
pub(super) fn man(command: Command, matches: &ArgMatches) -> ExitCode {
    let name = named(matches);
    // Each page has the names of its parent commands, which `build` determines.
    let command = command.name(name.clone()).bin_name(name.clone()).display_name(name);
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let asked = matches.get_one::<String>("COMMAND");
    let page = asked.and_then(|asked| command.find_subcommand(asked)).unwrap_or(&command).clone();
    let title = page.get_display_name().unwrap_or(page.get_name()).to_owned();
    let page = page.name(title).version(env!("CARGO_PKG_VERSION"));
    let mut text = Vec::new();
    match Man::new(page).manual("Step Functions and IAM").render(&mut text) {
        Ok(()) => write(&mut io::stdout(), &String::from_utf8_lossy(&text)),
        Err(_) => ExitCode::FAILURE,
    }
}

fn named(matches: &ArgMatches) -> String {
    matches.get_one::<String>("name").cloned().unwrap_or_default()
}
