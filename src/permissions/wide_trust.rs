//! What a careful reviewer should know of the trust policy.

use std::collections::BTreeSet;

use crate::finding::{Argument, Finding};
use crate::iam::{Pattern, Trust, WildcardReason};

use super::problem::SettingProblem;
use super::{Settings, characters};

/// The arguments without which the trust policy is wider than the state machine, and characters of its name
/// that no policy may have.
#[must_use]
pub fn trust_findings(trust: &Trust, settings: &Settings) -> Vec<Finding> {
    let values = trust.conditions.iter().flat_map(|condition| &condition.values);
    let missing: BTreeSet<&'static str> = values
        .flat_map(Pattern::reasons)
        .filter_map(|why| match why {
            WildcardReason::Setting(argument) => Some(*argument),
            _ => None,
        })
        .collect();
    let wide = |argument: &'static str| {
        let problem = SettingProblem::WideTrust { argument };
        Finding::new(&problem, Argument::new(argument)).parameter(argument)
    };
    let wide = missing.into_iter().map(wide);
    wide.chain(characters::about_machine(&trust.conditions, settings)).collect()
}
