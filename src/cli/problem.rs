//! What is wrong with a command, beyond what the parser of options finds, and with files.

use crate::finding::{Code, Problem, quoted};
use crate::json::SyntaxError;
use crate::source::{Unreadable, YamlProblem};

/// What is wrong with a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandProblem {
    /// The value of an option.
    #[error("--{option}: {wrong}.")]
    Option { option: String, wrong: WrongValue },
    #[error("There is no such integration. {}", match nearest.as_slice() {
        [] => "Without options the command lists all services.".to_owned(),
        names => format!("Did you mean \"{}\"?", names.join("\" or \"")),
    })]
    NoIntegration { nearest: Vec<&'static str> },
    #[error("The integrations cannot be written: {reason}.")]
    Unwritable { reason: String },
}

/// What is wrong with the value of an option: the rest of a sentence.
#[derive(Debug, thiserror::Error)]
pub(super) enum WrongValue {
    #[error("{} is not a number", quoted(.0))]
    NotANumber(String),
    #[error("{} is neither true nor false", quoted(.0))]
    NotABool(String),
    #[error("{} cannot be read: {reason}", quoted(file))]
    Unreadable { file: String, reason: String },
    #[error("{} is not a pattern of actions, such as s3:* or *:Get*", quoted(.0))]
    NotAnAction(String),
    #[error(
        "the message does not name an action. Pass AWS's text with \"is not authorized to perform: SERVICE:Action\", or that of Step Functions about roles, rules or logs"
    )]
    NamesNoAction,
    #[error(
        "this is not JSON: {error}. Write JSON, such as '{example}', or @ and the name of a file that has it"
    )]
    NotJson { error: SyntaxError, example: &'static str },
    #[error("{0}")]
    WrongType(String),
}

impl Problem for CommandProblem {
    fn code(&self) -> Code {
        Code::InvalidArgument
    }

    fn summary(&self) -> String {
        "The command cannot be run".to_owned()
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum FileProblem {
    #[error("The file cannot be read: {0}.")]
    Unreadable(String),
    #[error("It is a folder. Name its files, or use the command \"check\", which reads folders.")]
    Folder,
    #[error("The file is not UTF-8; perhaps it is UTF-16. Save it as UTF-8.")]
    NotUtf8,
    #[error("The definition is not valid YAML: {0}.")]
    Yaml(Unreadable),
}

impl Problem for FileProblem {
    fn code(&self) -> Code {
        match self {
            FileProblem::Unreadable(_) | FileProblem::Folder | FileProblem::NotUtf8 => Code::UnreadableFile,
            FileProblem::Yaml(Unreadable { problem: YamlProblem::DuplicateKey(_), .. }) => Code::DuplicateKey,
            FileProblem::Yaml(_) => Code::InvalidYaml,
        }
    }
}
