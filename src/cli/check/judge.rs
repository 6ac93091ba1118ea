//! Findings about one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::cli::ask::{self, Answer};
use crate::cli::file::File;
use crate::cli::refusal::Refusal;
use crate::generator::Request;
use crate::protocol::schema::Block;
use crate::protocol::value::Members;

use super::against;
use super::config::Config;
use super::inputs::Input;
use super::plan;
use super::report::Told;

/// The result for one file.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// How many state machines it has.
    pub(super) machines: usize,
    pub(super) rows: Vec<Told>,
    /// The policies that were made, by file and, in a plan, address, if there is a baseline.
    pub(super) policies: Vec<(String, Json)>,
    /// The state machine that the file is, if it is to be compared.
    pub(super) whole: Option<Whole>,
}

/// A state machine in a file of its own.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) file: File,
    pub(super) request: Request,
    /// Whether none of its findings is an error, so that its needs are known.
    pub(super) is_sound: bool,
    /// The file with the policy of its role.
    pub(super) policy: PathBuf,
}

/// The rules by which files are checked.
pub(super) struct Rules<'r> {
    pub(super) block: &'r Block,
    pub(super) config: &'r Config,
    /// Arguments of the command line.
    pub(super) given: &'r Members,
    /// `--policy`.
    pub(super) policy: Option<&'r str>,
    /// Whether policies are compared with those of another run, or written for one.
    pub(super) keeps_policies: bool,
}

impl Rules<'_> {
    /// The policy, if it is to be kept.
    pub(super) fn kept(&self, answer: &Answer) -> Option<Json> {
        let output = answer.made.as_ref().ok().filter(|_| self.keeps_policies)?;
        serde_json::from_str(output.policy.json()).ok()
    }
}

/// Checks a file.
///
/// # Errors
/// If the arguments cannot be used.
pub(super) fn judge(rules: &Rules<'_>, input: &Input) -> Result<Judged, Refusal> {
    let (path, file) = match input.clone().and_then(|path| File::read(&path).map(|file| (path, file))) {
        Ok(read) => read,
        Err(row) => return Ok(Judged { rows: vec![(*row).into()], ..Judged::default() }),
    };
    let name = file.name.clone();
    let of_file = |refusal| Refusal::OfFile { file: name, refusal: Box::new(refusal) };
    match plan::Plan::read(&file) {
        Some(_) if rules.policy.is_some() => Err(of_file(Refusal::PolicyOfPlan)),
        Some(_) if rules.config.policy(&file.name).is_some() => Err(of_file(Refusal::ConfiguredPolicyOfPlan)),
        Some(plan) => plan.judge(rules).map_err(of_file),
        None => whole(rules, &path, file).map_err(of_file),
    }
}

fn whole(rules: &Rules<'_>, path: &Path, file: File) -> Result<Judged, Refusal> {
    let arguments = rules.config.arguments(BTreeMap::new(), &file.name, rules.given)?;
    let answer = ask::ask(rules.block, file.source.json(), arguments)?;
    let rows = answer.rows(&file).into_iter().map(Told::from).collect();
    let policies = rules.kept(&answer).map(|policy| (file.name.clone(), policy)).into_iter().collect();
    let compared = rules.policy.or_else(|| rules.config.policy(&file.name));
    let compared = compared.map(|pattern| against::named(pattern, path)).transpose()?;
    let whole = compared.map(|policy| {
        let (request, is_sound) = (answer.compared(), answer.made.is_ok());
        Whole { file, request, is_sound, policy }
    });
    Ok(Judged { machines: 1, rows, policies, whole })
}
