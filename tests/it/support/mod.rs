//! What several tests need.

pub(crate) mod arguments;
mod cases;
pub(crate) mod chance;
pub(crate) mod command;
pub(crate) mod composed;
pub(crate) mod declared;
pub(crate) mod evaluator;
pub(crate) mod flowing;
pub(crate) mod hostile;
pub(crate) mod identity;
pub(crate) mod imports;
pub(crate) mod interpreter;
pub(crate) mod kinds;
pub(crate) mod openness;
mod parallel;
pub(crate) mod plugin;
pub(crate) mod schema_rules;
pub(crate) mod sdk;
pub(crate) mod types;

pub(crate) use cases::{
    all, beside, bless, case_name, chosen, compare_or_bless, every_file_has_its_case, files, is_chosen,
    policy, request, settings, sweeping, tests_folder,
};
pub(crate) use parallel::in_parallel;
