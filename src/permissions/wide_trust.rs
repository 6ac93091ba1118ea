//! What a reviewer should know about the documents beside the role's own: who may assume the role, and for
//! which state machines workers may answer.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Argument, Finding};
use crate::iam::{Grant, Pattern, Trust, WildcardReason};

use super::problem::{Beside, SettingProblem};
use super::{Settings, characters};

/// The wildcards of the trust policy and of the policy of the workers, a finding for each reason, and
/// characters of the machine's name that a policy cannot contain.
#[must_use]
pub fn trust_findings(trust: &Trust, workers: &[Grant], settings: &Settings) -> Vec<Finding> {
    let of_trust = trust.conditions.iter().flat_map(|condition| &condition.values);
    let of_workers = workers.iter().flat_map(|grant| &grant.resources);
    let mut wide: BTreeMap<&WildcardReason, (Beside, BTreeSet<String>)> = BTreeMap::new();
    for (text, is_trust) in of_trust.map(|text| (text, true)).chain(of_workers.map(|text| (text, false))) {
        for reason in text.reasons() {
            let (beside, resources) = wide.entry(reason).or_default();
            beside.trust |= is_trust;
            beside.callback |= !is_trust;
            resources.insert(Pattern::to_text(text));
        }
    }
    let findings = wide.into_iter().filter_map(|(reason, (beside, resources))| {
        let finding = match reason {
            WildcardReason::Setting(argument) => {
                let problem = SettingProblem::WideTrust { argument, beside };
                Finding::new(&problem, Argument::new(argument)).parameter(*argument)
            }
            WildcardReason::Aws(reason) => {
                let first = resources.first().map(String::as_str).unwrap_or_default();
                let problem = SettingProblem::RequiredBeside { resource: first, beside, reason };
                Finding::new(&problem, "")
            }
            // A character of the machine's name, reported below, or of an activity, reported at its task.
            _ => return None,
        };
        Some(finding.about(BTreeSet::new(), resources))
    });
    let values = trust.conditions.iter().flat_map(|one| one.values.iter().map(|value| (value, &*one.key)));
    let of_workers = workers.iter().flat_map(|grant| &grant.resources).map(|resource| (resource, ""));
    findings.chain(characters::about_machine(values.chain(of_workers), settings)).collect()
}
