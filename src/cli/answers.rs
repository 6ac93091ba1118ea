//! `policy` and `explain`: questions about several files at once.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;

use crate::finding::Severity;
use crate::generator::{Output, Request};
use crate::protocol::schema::Block;
use crate::protocol::value::Value;

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
    given: &BTreeMap<String, Value>,
    wants: &dyn Fn(&mut Request),
) -> Result<(Vec<Row>, Option<Answered>), Refusal> {
    let file = match File::read(path) {
        Ok(file) => file,
        Err(row) => return Ok((vec![*row], None)),
    };
    let answer = ask::ask_for(block, file.source.json(), given.clone(), wants)?;
    let rows = answer.rows(&file);
    let request = answer.request;
    Ok((rows, answer.output.map(|output| Answered { file: file.name, request, output })))
}

/// Reports errors and warnings, the most severe first.
fn tell(rows: &[Row]) {
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.finding.severity <= Severity::Warning).collect();
    rows.sort_by(|one, other| one.finding.severity.cmp(&other.finding.severity).then_with(|| one.cmp(other)));
    for row in rows {
        // If this fails, there is nowhere left to report it.
        let _ = io::stderr().write_all(format!("{}\n", row.text()).as_bytes());
    }
}
