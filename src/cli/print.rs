//! What the command line prints, and how it ends.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::finding::escaped;

use super::refusal::Refusal;

/// Reports what is wrong with the command itself.
pub(super) fn refused(refusal: &Refusal) -> ExitCode {
    // The messages of other libraries may have text of the user in them.
    let text = format!("Error: {refusal}");
    let lines: Vec<_> = text.lines().map(escaped).collect();
    let _ = io::stderr().write_all((lines.join("\n") + "\n").as_bytes());
    ExitCode::from(2)
}

/// A reader that has exited, such as `head`, is not a success, but there is nowhere left to report it.
pub(super) fn write(stream: &mut impl Write, text: &str) -> ExitCode {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
