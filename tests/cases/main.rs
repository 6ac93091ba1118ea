//! A test for each case that is a file, by the case's name: `cargo test batch/submitJob.sync` runs that case.
//!
//! A binary of its own, because tests that are generated at run time need another harness than functions with
//! `#[test]`, which are in `tests/it`.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod compare;
mod integrations;
mod machines;
mod problems;
mod sdk;
#[allow(dead_code, reason = "the other binary uses the rest")]
#[path = "../it/support"]
mod support {
    pub(crate) mod arguments;
    mod cases;

    pub(crate) use cases::*;
}

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use sfniam::generator::Request;
use sfniam::permissions::Mode;
use sfniam::provider::request;

use support::arguments::arguments_of;
use support::{case_name, files, tests_folder};

/// The expected results of a case: the files beside it.
type Check = fn(&Path) -> Vec<Result<(), String>>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let folders: [(&str, Check); 4] = [
        ("integrations", integrations::check),
        ("machines", machines::check),
        ("problems", problems::check),
        ("sdk", sdk::check),
    ];
    for (folder, check) in folders {
        let cases = files(&tests_folder().join(folder), ".asl.json");
        assert!(!cases.is_empty(), "there are no cases in {folder}");
        trials.extend(cases.into_iter().map(|case| trial(case, check)));
    }
    trials.extend(compare::trials());
    only_the_named(&mut arguments, &mut trials);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(case: PathBuf, check: Check) -> Trial {
    Trial::test(case_name(&case), move || {
        let failures: Vec<String> = check(&case).into_iter().filter_map(Result::err).collect();
        if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
    })
}

/// The request of a case, read from its arguments as the provider reads them.
fn request_of(case: &Path, mode: Mode) -> Request {
    request(&arguments_of(case, mode)).unwrap_or_else(|refused| panic!("{refused:?}"))
}

/// A filter that is the name of a case, or the end of one, selects that case and not every one whose name
/// contains it.
fn only_the_named(arguments: &mut Arguments, trials: &mut Vec<Trial>) {
    let Some(filter) = arguments.filter.clone().filter(|_| !arguments.exact) else { return };
    let is_named = |trial: &Trial| {
        trial.name().strip_suffix(filter.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    if trials.iter().any(is_named) {
        trials.retain(is_named);
    }
}
