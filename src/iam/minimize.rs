//! Leaving out what is allowed anyway.

use std::collections::BTreeMap;

use super::evaluate::subset;
use super::{Condition, Grant, Pattern};

/// The same permissions without those resources that another resource covers for the same action under the same or fewer conditions. What is
/// allowed stays the same.
#[must_use]
pub fn minimize<'a>(grants: impl IntoIterator<Item = &'a Grant>) -> Vec<Grant> {
    let mut resources_of: BTreeMap<&str, BTreeMap<&[Condition], Vec<&Pattern>>> = BTreeMap::new();
    for one in grants {
        for action in &one.actions {
            resources_of
                .entry(action)
                .or_default()
                .entry(&one.conditions)
                .or_default()
                .extend(&one.resources);
        }
    }
    let mut reduced = Vec::new();
    for (action, groups) in &mut resources_of {
        for resources in groups.values_mut() {
            resources.sort();
            resources.dedup();
        }
        // Only a pattern with wildcards covers another text, so literals need not be compared with each other.
        let wide: Vec<(&[Condition], &Pattern)> = groups
            .iter()
            .flat_map(|(conditions, all)| all.iter().map(|resource| (*conditions, *resource)))
            .filter(|(_, resource)| resource.known().is_none())
            .collect();
        for (conditions, all) in groups.iter() {
            let fewer: Vec<&Vec<&Pattern>> = groups
                .iter()
                .filter(|(other, _)| other != &conditions && subset(other, conditions))
                .map(|(_, resources)| resources)
                .collect();
            let kept: Vec<Pattern> = all
                .iter()
                .filter(|resource| {
                    let by_wide = wide.iter().any(|(others, other)| {
                        subset(others, conditions)
                            && (others != conditions || other != *resource)
                            && other.covers(resource)
                    });
                    let same = fewer.iter().any(|resources| resources.binary_search(resource).is_ok());
                    !by_wide && !same
                })
                .map(|resource| (*resource).clone())
                .collect();
            if !kept.is_empty() {
                let (actions, conditions) = (vec![(*action).to_owned()], conditions.to_vec());
                reduced.push(Grant { actions, resources: kept, conditions });
            }
        }
    }
    reduced
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::{Evaluator, Operator, WildcardReason, asked, merge};

    fn grant(action: &str, resources: &[Pattern], conditions: Vec<Condition>) -> Grant {
        Grant { actions: vec![action.to_owned()], resources: resources.to_vec(), conditions }
    }

    #[test]
    fn covered_resources_go_and_nothing_else() {
        let topic = |name: &str| Pattern::literal(format!("arn:aws:sns:eu-west-1:1:{name}"));
        let mut any = topic("");
        any.push_wildcard("*", WildcardReason::Aws(""));
        let condition = Condition::new(Operator::StringEquals, "k", &[Pattern::literal("v")]);
        let before = [
            grant("sns:Publish", &[topic("a"), any.clone()], vec![]),
            grant("sns:Publish", &[topic("b")], vec![condition.clone()]),
            grant("sns:Subscribe", &[topic("a")], vec![condition]),
        ];
        let after = minimize(&before);
        let evaluator = Evaluator::new(&merge(&after));
        assert!(asked(&before).iter().all(|access| evaluator.allows(access)));
        assert_eq!(evaluator.superfluous(), None);
        assert_eq!(after.len(), 2);
    }
}
