//! The cases: their files, their request, and the comparison with the files beside them.

use std::fs;
use std::path::{Path, PathBuf};

use sfniam::finding::Finding;
use sfniam::generator::{Request, generate};
use sfniam::iam::{Location, Policy};
use sfniam::permissions::{Mode, Settings};
use similar::TextDiff;

/// The folder `tests`.
pub(crate) fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The settings of the cases.
pub(crate) fn settings(mode: Mode) -> Settings {
    Settings {
        aws: Location {
            partition: "aws".into(),
            region: Some("eu-west-1".into()),
            account: Some("111122223333".into()),
        },
        mode,
        machine_name: Some("Machine".into()),
        ..Settings::default()
    }
}

/// A request with the settings of the cases. The limit of size is out of the way.
pub(crate) fn request(definition: &str, mode: Mode) -> Request {
    Request { size_limit: u64::MAX, ..Request::new(definition, settings(mode)) }
}

/// The document for a definition and its findings, or its errors, one per line.
pub(crate) fn policy(definition: &str, settings: &Settings) -> Result<(Policy, String), String> {
    let request = Request { settings: settings.clone(), ..request(definition, settings.mode) };
    match generate(&request) {
        Ok(output) => {
            let said = output.findings.iter().map(line).collect();
            Ok((output.policy.into_document(), said))
        }
        Err(findings) => Err(findings.iter().map(line).collect()),
    }
}

fn line(finding: &Finding) -> String {
    let (state, severity) = (finding.state(), finding.severity.name());
    format!("{severity} {state} {}: {} {}\n", finding.place.pointer, finding.summary, finding.message())
}

/// All files below a folder whose names end so, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A case's path below `tests`, without its ending.
pub(crate) fn case_name(case: &Path) -> String {
    let name = case.strip_prefix(tests_folder()).expect("a case").to_string_lossy().replace('\\', "/");
    name.trim_end_matches(".asl.json").to_owned()
}

/// The file beside a case: the case's name with another ending.
pub(crate) fn beside(case: &Path, ending: &str) -> PathBuf {
    case.to_string_lossy().replace(".asl.json", ending).into()
}

/// Fails for a file of that ending, below a folder of `tests`, whose case is gone.
pub(crate) fn every_file_has_its_case(folder: &str, ending: &str) {
    for file in files(&tests_folder().join(folder), ending) {
        let case = file.to_string_lossy().replace(ending, ".asl.json");
        assert!(Path::new(&case).is_file(), "{} has no case", file.display());
    }
}

/// Whether expected results are to be rewritten: `BLESS=1` in the environment.
pub(crate) fn bless() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Whether laws are tried on everything, and on many more random values: `SFNIAM_SWEEP=all` in the
/// environment.
pub(crate) fn sweeping() -> bool {
    std::env::var_os("SFNIAM_SWEEP").is_some_and(|value| value == "all")
}

/// Whether a long law is tried on what has this name: `SFNIAM_CASES` chooses some for a quick look, by parts
/// of their names with commas between them.
pub(crate) fn is_chosen(name: &str) -> bool {
    chosen().is_none_or(|parts| parts.split(',').any(|part| name.contains(part)))
}

/// The parts of names in `SFNIAM_CASES`.
pub(crate) fn chosen() -> Option<String> {
    std::env::var("SFNIAM_CASES").ok()
}

/// Compares with a file; when blessing, writes it instead. Returns the difference.
pub(crate) fn compare_or_bless(path: &Path, actual: &str) -> Result<(), String> {
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    if bless() {
        fs::write(path, actual).map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok(());
    }
    let name = path.strip_prefix(tests_folder()).unwrap_or(path).display().to_string();
    let diff = TextDiff::from_lines(&expected, actual);
    let diff = diff.unified_diff().header(&name, "actual").to_string();
    Err(format!("{name} differs; `make bless` rewrites it, read the change:\n{diff}"))
}

/// Fails with everything that went wrong, not only the first.
pub(crate) fn all(results: impl IntoIterator<Item = Result<(), String>>) {
    let failures: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{} failed:\n\n{}", failures.len(), failures.join("\n\n"));
}
