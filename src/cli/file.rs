//! Files with definitions.

use std::io::{self, Read as _};
use std::path::Path;
use std::{env, fs};

use crate::finding::Finding;
use crate::source::{Format, Lines, Source, Span};

use super::problem::FileProblem;
use super::row::Row;

/// The name of standard input among the files.
pub(super) const STANDARD_INPUT: &str = "-";

/// A file that was read.
#[derive(Debug)]
pub(super) struct File {
    /// As messages have it.
    pub(super) name: String,
    pub(super) source: Source,
}

impl File {
    /// Reads a file, or standard input. What is wrong is a row.
    pub(super) fn read(path: &Path) -> Result<File, Box<Row>> {
        let name = shown(path);
        let text = match text(path) {
            Ok(text) => text,
            Err(problem) => return Err(Box::new(Row::of_file(name, Finding::new(&problem, "")))),
        };
        let format = Format::of_name(path).unwrap_or_else(|| Format::of_text(&text));
        File::of_text(name, text, format)
    }

    /// Takes a text as that of a file.
    pub(super) fn of_text(name: String, text: String, format: Format) -> Result<File, Box<Row>> {
        // Only a text in YAML can be wrong here, and then its lines are counted for the message.
        let copy = if format == Format::Yaml { text.clone() } else { String::new() };
        match Source::new(text, format) {
            Ok(source) => Ok(File { name, source }),
            Err(error) => {
                let span = Span::from(Lines::new(&copy).position(error.offset));
                let finding = Finding::new(&FileProblem::Yaml(error), "");
                Err(Box::new(Row { span, ..Row::of_file(name, finding) }))
            }
        }
    }
}

/// The text of a file or of standard input.
pub(super) fn text(path: &Path) -> Result<String, FileProblem> {
    let bytes = if path.as_os_str() == STANDARD_INPUT {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| match error.kind() {
        io::ErrorKind::IsADirectory => FileProblem::Folder,
        _ => FileProblem::Unreadable(error.to_string()),
    })?;
    String::from_utf8(bytes).map_err(|_| FileProblem::NotUtf8)
}

/// The name of a file as messages have it: with `/` on every system, and from the working directory where it
/// is below that, which is how repositories and editors name it.
pub(super) fn shown(path: &Path) -> String {
    if path.as_os_str() == STANDARD_INPUT {
        return "<stdin>".to_owned();
    }
    let here = env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok());
    let path = below.unwrap_or_else(|| path.to_owned());
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}
