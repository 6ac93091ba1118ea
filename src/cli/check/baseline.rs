//! `--baseline` and `--write-baseline`: findings that existed before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::cli::file::{shown, text};
use crate::cli::refusal::Refusal;
use crate::cli::row::Row;
use crate::finding::Finding;

use super::fingerprint::Identity;
use super::judge::Judged;
use super::problem::CheckProblem;
use super::report::Told;

/// What a run found, to compare later ones with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    /// The version of the file format.
    version: u32,
    /// In ascending order, each as often as it occurred.
    findings: Vec<Identity>,
    /// The policies, by file and, in a plan, address.
    policies: BTreeMap<String, Json>,
}

const VERSION: u32 = 1;

impl Baseline {
    /// Reads a file that [`Baseline::write`] wrote.
    pub(super) fn read(path: &Path) -> Result<Baseline, Refusal> {
        let refused = |message: String| Refusal::Config { place: shown(path), message };
        let text = text(path).map_err(|problem| refused(problem.to_string()))?;
        let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
            refused(format!("This is not a baseline: {error}. Make one with --write-baseline."))
        })?;
        if baseline.version == VERSION {
            Ok(baseline)
        } else {
            Err(refused(format!(
                "The baseline is of version {}, but this program reads {VERSION}. Make a new one with --write-baseline.",
                baseline.version
            )))
        }
    }

    /// What a run found.
    pub(super) fn of(judged: &[Judged]) -> Baseline {
        let rows = judged.iter().flat_map(|one| &one.rows);
        let mut findings: Vec<Identity> = rows.map(|told| Identity::of(&told.row)).collect();
        findings.sort();
        let policies = judged.iter().flat_map(|one| &one.policies);
        let policies = policies.map(|(name, policy)| (name.clone(), policy.clone())).collect();
        Baseline { version: VERSION, findings, policies }
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &Path) -> Result<(), Refusal> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        fs::write(path, text).map_err(|error| Refusal::Config {
            place: shown(path),
            message: format!("The baseline cannot be written: {error}."),
        })
    }

    /// Marks findings that existed before, as often as they did, and adds the changes of policies.
    pub(super) fn compare(&self, judged: &mut [Judged]) {
        let mut left: BTreeMap<&Identity, usize> = BTreeMap::new();
        for identity in &self.findings {
            *left.entry(identity).or_default() += 1;
        }
        for one in judged {
            for told in &mut one.rows {
                if let Some(count) = left.get_mut(&Identity::of(&told.row)).filter(|count| **count > 0) {
                    *count -= 1;
                    told.known = true;
                }
            }
            let changes: Vec<Told> =
                one.policies.iter().filter_map(|(name, policy)| self.change(name, policy)).collect();
            one.rows.extend(changes);
        }
    }

    fn change(&self, name: &str, policy: &Json) -> Option<Told> {
        let old = self.policies.get(name)?;
        let (more, less) = (pairs(old, policy), pairs(policy, old));
        if more.is_empty() && less.is_empty() {
            return None;
        }
        let problem = CheckProblem::ChangedPolicy { more: texts(&more), less: texts(&less) };
        let mut actions: Vec<String> = more.iter().chain(&less).map(|pair| pair.0.clone()).collect();
        let mut resources: Vec<String> = more.iter().chain(&less).map(|pair| pair.1.clone()).collect();
        for names in [&mut actions, &mut resources] {
            names.sort();
            names.dedup();
        }
        let finding = Finding::new(&problem, "").about(actions, resources);
        let (file, address) = name.split_once('#').unwrap_or((name, ""));
        let row = Row { address: address.to_owned(), ..Row::of_file(file.to_owned(), finding) };
        Some(Told::from(row))
    }
}

/// Action, resource and conditions of what one document allows and another does not name.
type Pair = (String, String, String);

/// The pairs of the second document that the first does not have.
fn pairs(one: &Json, other: &Json) -> Vec<Pair> {
    let old = all_pairs(one);
    all_pairs(other).into_keys().filter(|pair| !old.contains_key(pair)).collect()
}

fn all_pairs(document: &Json) -> BTreeMap<Pair, ()> {
    let texts = |value: &Json| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let mut pairs = BTreeMap::new();
    for statement in document.get("Statement").and_then(Json::as_array).into_iter().flatten() {
        // A policy that needs nothing denies everything, because IAM accepts no empty policy.
        if statement.get("Effect").and_then(Json::as_str) != Some("Allow") {
            continue;
        }
        let list = |name: &str| statement.get(name).map(texts).unwrap_or_default();
        let condition = statement.get("Condition").map(Json::to_string).unwrap_or_default();
        for action in list("Action") {
            for resource in list("Resource") {
                pairs.insert((action.clone(), resource, condition.clone()), ());
            }
        }
    }
    pairs
}

fn texts(pairs: &[Pair]) -> Vec<String> {
    let text = |(action, resource, condition): &Pair| {
        let under = if condition.is_empty() { "" } else { " under a condition" };
        format!("{action} on {resource}{under}")
    };
    pairs.iter().map(text).collect()
}
