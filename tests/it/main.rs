//! The tests of the library, of the executable and of this repository, in one binary, which links once. Cases
//! that are files are tests of their own in the binary `cases`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod allocations;
mod analyze;
mod architecture;
mod beginners;
mod cases;
mod check;
mod check_formats;
mod check_plans;
mod check_policies;
mod check_rules;
mod cli;
mod codes;
mod compare;
mod compare_elsewhere;
mod corpus;
mod cycles;
mod dangerous;
mod definition_keys;
mod digest;
mod docs;
mod explain;
mod flow;
mod generated;
mod growth;
mod honest;
mod hostile;
mod iam_rs;
mod kept;
mod laws;
mod limits;
mod looks;
#[cfg(unix)]
mod makefile;
mod packing;
#[cfg(unix)]
mod pre_commit;
mod progress;
mod properties;
mod protocol;
#[cfg(unix)]
mod protocol_unix;
#[cfg(windows)]
mod protocol_windows;
mod questions;
mod refused;
mod report;
mod repository;
mod robustness;
#[cfg(target_os = "linux")]
mod scarcity;
mod sdk;

mod sdk_arns;
mod sdk_catalog;
mod sdk_forms;
mod sdk_keys;
mod sdk_laws;
mod sdk_pairs;
mod sdk_required;
mod sdk_shared;
mod sdk_taken;
mod shell;
mod sizes;
mod source;
mod spellings;
mod style;
mod support;
mod unwritable;
mod wanted;
mod words;
mod work;
