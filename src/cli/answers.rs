//! `policy` and `explain`: questions about several files at once.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;

use crate::finding::{Severity, escaped};
use crate::generator::{Output, Request};
use crate::protocol::schema::Block;
use crate::protocol::value::Members;
use crate::provider::MAX_WARNING_LINES;

use super::file::File;
use super::print::{refused, write};
use super::refusal::Refusal;
use super::row::Row;
use super::work::side_by_side;
use super::{ask, options, progress};

/// A file, the request about it, and the result.
#[derive(Debug)]
pub(super) struct Answered {
    /// The name of the file.
    pub(super) file: String,
    pub(super) request: Request,
    pub(super) output: Output,
}

/// Processes each file, on all processors, reports errors and warnings in the order of the files, and prints
/// the results if there is no error. `wants` sets what of the output is printed.
pub(super) fn answered(
    block: &Block,
    matches: &ArgMatches,
    wants: &(dyn Fn(&mut Request) + Sync),
    print: &dyn Fn(Vec<Answered>) -> String,
) -> ExitCode {
    let given = match options::given(block, matches) {
        Err(problem) => return refused(&Refusal::Option(problem)),
        Ok(given) => given,
    };
    let paths: Vec<PathBuf> = matches.get_many("FILE").unwrap_or_default().cloned().collect();
    let ask = |path: &PathBuf| one(block, path, &given, wants);
    let asked = match progress::shown(paths.len(), |done| side_by_side(&paths, &ask, done)) {
        Err(refusal) => return refused(&refusal),
        Ok(asked) => asked,
    };
    let (mut answers, mut failed) = (Vec::new(), false);
    for (rows, answer) in asked {
        failed |= rows.iter().any(|row| row.finding.severity == Severity::Error);
        tell(&rows);
        answers.extend(answer);
    }
    if failed {
        return ExitCode::FAILURE;
    }
    write(&mut io::stdout(), &print(answers))
}

/// The findings about a file, and its result unless one of them is an error.
fn one(
    block: &Block,
    path: &Path,
    given: &Members,
    wants: &dyn Fn(&mut Request),
) -> Result<(Vec<Row>, Option<Answered>), Refusal> {
    let file = match File::read(path) {
        Ok(file) => file,
        Err(row) => return Ok((vec![*row], None)),
    };
    let answer = ask::ask_for(block, file.source.json(), given.clone(), wants)?;
    let rows = answer.rows(&file);
    let request = answer.request;
    Ok((rows, answer.made.ok().map(|output| Answered { file: file.name, request, output })))
}

/// Reports errors and warnings, the most severe first. Of warnings, only so many as a data source has: a
/// definition with thousands of them would fill the terminal or the log.
fn tell(rows: &[Row]) {
    let of = |severity: Severity| rows.iter().filter(move |row| row.finding.severity == severity);
    let (mut errors, mut warnings): (Vec<&Row>, Vec<&Row>) =
        (of(Severity::Error).collect(), of(Severity::Warning).collect());
    errors.sort();
    warnings.sort();
    let more = warnings.len().saturating_sub(MAX_WARNING_LINES);
    warnings.truncate(MAX_WARNING_LINES);
    let mut text: String = errors.into_iter().chain(warnings).map(|row| row.text() + "\n").collect();
    if let Some(row) = rows.first().filter(|_| more > 0) {
        let file = escaped(&row.file);
        text.push_str(&format!("{file}: {more} more warnings, which the command \"check\" reports\n"));
    }
    // If this fails, there is nowhere left to report it.
    let _ = io::stderr().write_all(text.as_bytes());
}
