//! Leaving out redundant permissions.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::index::WideIndex;
use super::limits::MAX_CONDITIONS_WITH_SUBSETS;
use super::{Condition, Grant, Pattern};
use crate::work::Work;

/// The same permissions without those resources that another resource covers for the same action under the
/// same or fewer conditions. What is allowed stays the same; but if the caller no longer waits for it,
/// nothing is guaranteed.
#[must_use]
pub fn minimize<'a>(grants: impl IntoIterator<Item = &'a Grant>, work: &Work) -> Vec<Grant> {
    let mut resources_of: BTreeMap<&str, BTreeMap<&[Condition], Vec<&Pattern>>> = BTreeMap::new();
    for one in grants.into_iter().take_while(|_| work.count(1).is_ok()) {
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
    for (action, mut groups) in resources_of {
        if work.count(1).is_err() {
            break;
        }
        for resources in groups.values_mut() {
            work.sort(resources);
            resources.dedup();
        }
        // What is allowed on one resource only is not compared.
        let is_one = groups.values().map(Vec::len).sum::<usize>() == 1;
        let index = if is_one { Index::default() } else { Index::new(&groups, work) };
        for (conditions, all) in &groups {
            let kept: Vec<Pattern> = all
                .iter()
                .take_while(|_| work.count(1).is_ok())
                .filter(|resource| !index.covers(conditions, resource, work))
                .map(|one| (*one).clone())
                .collect();
            if !kept.is_empty() {
                let (actions, conditions) = (vec![action.to_owned()], conditions.to_vec());
                reduced.push(Grant { actions, resources: kept, conditions });
            }
        }
    }
    reduced
}

/// What one action is allowed on, by conditions.
#[derive(Default)]
struct Index<'p> {
    groups: HashMap<Vec<&'p Condition>, Group<'p>>,
}

#[derive(Default)]
struct Group<'p> {
    /// In ascending order.
    resources: &'p [&'p Pattern],
    wide: WideIndex<'p>,
}

impl<'p> Index<'p> {
    fn new(groups: &'p BTreeMap<&'p [Condition], Vec<&'p Pattern>>, work: &Work) -> Self {
        let group = |resources: &'p Vec<&'p Pattern>| {
            let mut wide = WideIndex::default();
            let resources_of = resources.iter().take_while(|_| work.count(1).is_ok());
            resources_of.for_each(|resource| wide.insert(resource));
            Group { resources, wide }
        };
        let groups = groups.iter().map(|(conditions, all)| (conditions.iter().collect(), group(all)));
        Index { groups: groups.collect() }
    }

    /// Whether something else covers a resource that is allowed under these conditions.
    fn covers(&self, conditions: &[Condition], resource: &Pattern, work: &Work) -> bool {
        let covered = |fewer: usize, group: &Group<'_>| {
            if fewer == conditions.len() {
                return group.wide.covers(resource, Some(resource), work);
            }
            group.resources.binary_search(&resource).is_ok() || group.wide.covers(resource, None, work)
        };
        if self.groups.len() == 1 {
            return self.groups.values().any(|group| covered(conditions.len(), group));
        }
        if conditions.len() <= MAX_CONDITIONS_WITH_SUBSETS {
            return subsets(conditions)
                .any(|fewer| self.groups.get(&fewer).is_some_and(|group| covered(fewer.len(), group)));
        }
        work.count(self.groups.len()).is_ok()
            && self.groups.iter().any(|(fewer, group)| {
                fewer.iter().all(|condition| conditions.contains(condition)) && covered(fewer.len(), group)
            })
    }
}

/// All subsets of conditions, in their order. More than [`MAX_CONDITIONS_WITH_SUBSETS`] conditions have too
/// many.
pub fn subsets(conditions: &[Condition]) -> impl Iterator<Item = Vec<&Condition>> {
    (0..1_u32 << conditions.len()).map(|chosen| {
        let is_chosen = |at: &usize| chosen & (1 << at) != 0;
        conditions
            .iter()
            .enumerate()
            .filter(|(at, _)| is_chosen(at))
            .map(|(_, condition)| condition)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::{Operator, WildcardReason};

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
            grant("sns:Subscribe", &[topic("a")], vec![condition.clone()]),
        ];
        let after =
            [grant("sns:Publish", &[any], vec![]), grant("sns:Subscribe", &[topic("a")], vec![condition])];
        assert_eq!(minimize(&before, &Work::default()), after);
    }
}
