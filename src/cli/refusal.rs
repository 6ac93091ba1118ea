//! Why a command cannot be run.

use std::path::PathBuf;

use crate::finding::{escaped, quoted};
use crate::protocol::diagnostic::Diagnostic;

use super::file::shown;
use super::problem::{CommandProblem, WrongValue};

/// Why a command cannot be run: its text says what is wrong, and nothing was done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// An option that cannot be read.
    #[error("{0}")]
    Option(CommandProblem),
    #[error("--denied supports text, markdown and json; {} shows the whole state machine.", quoted(format))]
    NoPicture { format: String },
    #[error("There is no file or folder {}.", quoted(&shown(.0)))]
    NoSuchPath(PathBuf),
    #[error("The folder {} has no definitions. Their names end in {endings}.", quoted(&shown(path)))]
    NoDefinitions { path: PathBuf, endings: String },
    #[error(
        "--fail-on: {} is neither error, warning, info nor the code of a finding.{suggestion}",
        quoted(word)
    )]
    UnknownLevel { word: String, suggestion: String },
    #[error(
        "--policy: {{{word}}} is not supported. {{dir}} is the folder of a definition, {{name}} its name without the extension."
    )]
    UnknownWord { word: String },
    #[error(
        "--policy does not apply to a plan, whose roles are compared with the policies that the plan has. Check the plan without --policy."
    )]
    PolicyOfPlan,
    #[error(
        "\"policy\" of the configuration does not apply to a plan, whose roles are compared with the policies that the plan has. Give it in a block of \"machines\" whose \"paths\" are those of definitions."
    )]
    ConfiguredPolicyOfPlan,
    /// A file of settings or a baseline; its place may have a line and a column.
    #[error("{}: {message}", escaped(place))]
    Config { place: String, message: String },
    /// A setting of the configuration.
    #[error("The setting {}: {wrong}.", quoted(name))]
    Setting { name: String, wrong: WrongValue },
    /// Arguments that the data source would reject too.
    #[error("{}", told(.0))]
    Arguments(Vec<Diagnostic>),
    /// The same, of one of several files.
    #[error("{}{}: {}", refusal.what(), escaped(file), refusal)]
    OfFile { file: String, refusal: Box<Refusal> },
}

impl Refusal {
    /// What is wrong about a file, before its name: arguments may come from options or from a configuration.
    fn what(&self) -> &'static str {
        match self {
            Refusal::Arguments(_) | Refusal::Setting { .. } => "The arguments for ",
            _ => "",
        }
    }
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let told = |one: &Diagnostic| format!("{}. {}", one.summary, escaped(&one.detail));
    diagnostics.iter().map(told).collect::<Vec<_>>().join("\n")
}
