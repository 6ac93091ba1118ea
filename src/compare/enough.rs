//! The narrower statements that are enough instead of one that is too wide.

use std::collections::{BTreeMap, BTreeSet};

use super::ConditionText;
use super::needed::NeededAction;
use crate::document::Glob;
use crate::iam::Condition;
use crate::work::{Exhausted, Work};

/// What a statement has to allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Enough {
    /// In AWS's spelling, in ascending order.
    pub actions: Vec<String>,
    /// In ascending order.
    pub resources: Vec<String>,
    /// The resources that the statement excludes with `NotResource` and that overlap `resources`: it allows
    /// `resources` without these. In the order of the statement.
    pub not_resources: Vec<String>,
    /// All must hold.
    pub conditions: Vec<ConditionText>,
}

/// What two texts have in common: the narrower one, if one covers the other.
fn common(written: &Glob, needed: &Glob) -> Glob {
    if written.covers(needed) { needed.clone() } else { written.clone() }
}

impl Enough {
    /// What is needed of some actions on some resources, without the excluded ones: statements of one service
    /// each. Beside each action is what may be needed of it in other accounts and Regions, without its place.
    pub(super) fn of(
        actions: &[(&NeededAction<'_>, Option<&NeededAction<'_>>)],
        (resources, excluded): (&[Glob], &[Glob]),
        work: &Work,
    ) -> Result<Vec<Enough>, Exhausted> {
        type ResourcesKey<'n> = (&'n [Condition], &'n str, Vec<String>);
        let mut resources_of: BTreeMap<ResourcesKey<'_>, BTreeSet<String>> = BTreeMap::new();
        for (action, elsewhere) in actions {
            for resource in resources {
                let needs = action.overlapping(resource, work)?.into_iter();
                let mut both: Vec<_> =
                    needs.map(|needed| (needed, common(resource, &needed.resource))).collect();
                if let (true, Some(elsewhere), Some(text)) =
                    (both.is_empty(), elsewhere, resource.without_place())
                {
                    let needs = elsewhere.overlapping(&text, work)?.into_iter();
                    both.extend(needs.map(|needed| {
                        let common = common(&text, &needed.resource).in_place_of(resource);
                        (needed, common.unwrap_or_else(|| resource.clone()))
                    }));
                }
                for (needed, common) in both {
                    work.spend(u64::try_from(excluded.len()).unwrap_or(u64::MAX))?;
                    if excluded.iter().any(|one| one.covers(&common)) {
                        continue;
                    }
                    let partly = excluded.iter().filter(|one| one.overlaps(&common));
                    let partly = partly.map(|one| one.as_str().to_owned()).collect();
                    let key = (needed.conditions, action.spelling, partly);
                    resources_of.entry(key).or_default().insert(common.as_str().to_owned());
                }
            }
        }
        type ActionsKey<'n> = (&'n [Condition], String, BTreeSet<String>, Vec<String>);
        let mut actions_of: BTreeMap<ActionsKey<'_>, Vec<String>> = BTreeMap::new();
        for ((conditions, action, excluded), resources) in resources_of {
            let service = action.split(':').next().unwrap_or(action).to_owned();
            actions_of.entry((conditions, service, resources, excluded)).or_default().push(action.to_owned());
        }
        let statement = |((conditions, _, resources, not_resources), actions): (ActionsKey<'_>, _)| Enough {
            actions,
            resources: resources.into_iter().collect(),
            not_resources,
            conditions: conditions.iter().map(ConditionText::of).collect(),
        };
        let mut statements: Vec<Enough> = actions_of.into_iter().map(statement).collect();
        statements.sort();
        Ok(statements)
    }
}
