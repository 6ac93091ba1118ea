//! Which files are checked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::cli::file::{STANDARD_INPUT, shown};
use crate::cli::problem::FileProblem;
use crate::cli::refusal::Refusal;
use crate::cli::row::Row;
use crate::finding::Finding;

/// The extensions of definition files in folders.
const ENDINGS: [&str; 7] =
    [".asl", ".asl.json", ".asl.yaml", ".asl.yml", ".states.json", ".states.yaml", ".states.yml"];

/// A file to check, or why a path could not be read.
pub(super) type Input = Result<PathBuf, Box<Row>>;

/// The files of paths: a file, a pipe or a device as it is, of a folder those that are definitions by
/// their names. Each is listed once, in order.
///
/// # Errors
/// If a path is not there, or a folder has no definition.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<Input>, Refusal> {
    let mut files = BTreeSet::new();
    let mut unseen = Vec::new();
    for path in paths {
        if path.as_os_str() == STANDARD_INPUT || path.exists() && !path.is_dir() {
            files.insert(path.clone());
        } else if path.is_dir() {
            let before = (files.len(), unseen.len());
            let mut seen = false;
            for entry in WalkDir::new(path).follow_links(true).into_iter().filter_entry(is_searched) {
                match entry {
                    Ok(entry) if entry.file_type().is_file() && is_definition(entry.path()) => {
                        seen = true;
                        files.insert(entry.into_path());
                    }
                    Ok(_) => {}
                    // A link that leads back to a folder around it; its files are found anyway.
                    Err(error) if error.loop_ancestor().is_some() => {}
                    Err(error) => unseen.push(unreadable(path, &error)),
                }
            }
            if !seen && before == (files.len(), unseen.len()) {
                return Err(Refusal::NoDefinitions { path: path.clone(), endings: ENDINGS.join(", ") });
            }
        } else {
            return Err(Refusal::NoSuchPath(path.clone()));
        }
    }
    Ok(unseen.into_iter().map(Err).chain(files.into_iter().map(Ok)).collect())
}

/// The name of a file without the ending that makes it a definition.
pub(super) fn stem(name: &str) -> &str {
    let ending = ENDINGS.iter().filter(|ending| name.ends_with(*ending)).max_by_key(|ending| ending.len());
    match ending.and_then(|ending| name.strip_suffix(ending)) {
        Some(stem) => stem,
        None => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
    }
}

fn is_searched(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !entry.file_type().is_dir() || !(name.starts_with('.') || name == "node_modules")
}

fn is_definition(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn unreadable(path: &Path, error: &walkdir::Error) -> Box<Row> {
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    let at = shown(error.path().unwrap_or(path));
    Box::new(Row::of_file(at, Finding::new(&FileProblem::Unreadable(reason), "")))
}
