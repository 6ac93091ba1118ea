//! What is wrong with a command, beyond what the parser of options finds.

use crate::finding::{Code, Problem, quoted};

/// What is wrong with a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandProblem {
    /// A file that cannot be read.
    #[error("{} cannot be read: {reason}.", quoted(file))]
    Unreadable { file: String, reason: String },
    #[error("Standard input cannot be read: {reason}.")]
    UnreadableInput { reason: String },
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
    #[error("this is not JSON: {0}")]
    NotJson(serde_json::Error),
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
