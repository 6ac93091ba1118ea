//! What states need and policies do not allow.

use std::collections::{BTreeMap, BTreeSet};

use super::elsewhere::{self, may_be};
use super::{ActionList, Comparison, ConditionText, Difference, Need, Policed, Reason};
use crate::document::{Allowance, Request, StatementPlace};
use crate::iam::{Condition, Pattern, WildcardReason};
use crate::work::{Exhausted, Work};

/// The policies of a role, ready to be asked.
pub(super) struct Asked<'p, 'd> {
    pub(super) here: &'p Policed<'d>,
    /// Without the places of resources.
    pub(super) elsewhere: Option<&'p Policed<'d>>,
    pub(super) actions: &'p ActionList,
    pub(super) work: &'p Work,
}

/// What rows that are reported together have in common.
type Answer<'n> = (usize, &'n [Condition], Reason, Option<StatementPlace>);

/// Rows that share an answer and a resource, with the actions and the states that they hold for.
type Rows<'n> = BTreeMap<(Answer<'n>, String), (BTreeSet<&'n str>, BTreeSet<&'n str>)>;

enum Judgement {
    Allowed,
    Missing(Reason, Option<StatementPlace>),
    Undecided(Reason),
}

/// What is missing, and what is undecided.
pub(super) fn missing(needs: &[Need<'_>], asked: &Asked<'_, '_>) -> Result<Comparison, Exhausted> {
    let mut missing = Rows::new();
    let mut undecided = Rows::new();
    for need in needs {
        for action in &need.grant.actions {
            for resource in &need.grant.resources {
                let (rows, reason, place) = match asked.judge(need, action, resource)? {
                    Judgement::Allowed => continue,
                    Judgement::Missing(reason, place) => (&mut missing, reason, place),
                    Judgement::Undecided(reason) => (&mut undecided, reason, None),
                };
                let answer = (need.machine, need.grant.conditions.as_slice(), reason, place);
                let (actions, states) = rows.entry((answer, resource.to_text())).or_default();
                actions.insert(action);
                states.insert(need.pointer);
            }
        }
    }
    Ok(Comparison {
        missing: differences(missing),
        undecided: differences(undecided),
        ..Comparison::default()
    })
}

impl Asked<'_, '_> {
    fn judge(&self, need: &Need<'_>, action: &str, resource: &Pattern) -> Result<Judgement, Exhausted> {
        let requests = need.requests(action, resource, self.actions);
        if requests.is_empty() {
            return Ok(Judgement::Undecided(Reason::UnknownCondition));
        }
        let here = self.decided(self.here, &requests, (need, resource))?;
        let (Judgement::Missing(..), Some(policies), true) = (&here, self.elsewhere, may_be(resource)) else {
            return Ok(here);
        };
        let Some(requests) = elsewhere::requests(&requests) else { return Ok(here) };
        Ok(match self.decided(policies, &requests, (need, resource))? {
            Judgement::Missing(..) => here,
            Judgement::Undecided(reason) => Judgement::Undecided(reason),
            Judgement::Allowed => Judgement::Undecided(Reason::SomeResources),
        })
    }

    /// How policies decide on the requests for a resource.
    fn decided(
        &self,
        policies: &Policed<'_>,
        requests: &[Request],
        (need, resource): (&Need<'_>, &Pattern),
    ) -> Result<Judgement, Exhausted> {
        let lacks_setting =
            |text: &Pattern| text.reasons().any(|why| matches!(why, WildcardReason::Setting(_)));
        let mut all = Allowance::Everything;
        let mut any = Allowance::Nothing;
        let mut at_best = Allowance::Nothing;
        let (mut own, mut denied_by) = (Allowance::Nothing, None);
        for request in requests {
            let of_own = policies.own.decide(request, self.work)?;
            let of_boundary = self.boundary_allows(policies, request)?;
            let allowance = of_own.allowance.min(of_boundary.0);
            (all, any) = (all.min(allowance), any.max(allowance));
            at_best = at_best.max(of_own.at_best.min(of_boundary.1));
            own = own.max(of_own.allowance);
            denied_by = denied_by.or(of_own.denied_by);
        }
        Ok(match (all, any) {
            (Allowance::Everything, _) => Judgement::Allowed,
            (_, Allowance::Nothing) if own != Allowance::Nothing => {
                Judgement::Missing(Reason::Boundary, None)
            }
            (_, Allowance::Nothing) if denied_by.is_some() => Judgement::Missing(Reason::Denied, denied_by),
            (_, Allowance::Nothing) => Judgement::Missing(Reason::NotAllowed, None),
            // The values of its conditions depend on a setting.
            _ if need.grant.conditions.iter().flat_map(|one| &one.values).any(lacks_setting) => {
                Judgement::Undecided(Reason::MissingSetting)
            }
            // If only a condition prevents it, or there is only one resource, the context decides.
            _ if at_best == Allowance::Everything || resource.known().is_some() => {
                Judgement::Undecided(Reason::UnknownCondition)
            }
            _ if lacks_setting(resource) => Judgement::Undecided(Reason::MissingSetting),
            _ => Judgement::Undecided(Reason::SomeResources),
        })
    }

    /// How far the boundary lets a request through, as it is and at best.
    fn boundary_allows(
        &self,
        policies: &Policed<'_>,
        request: &Request,
    ) -> Result<(Allowance, Allowance), Exhausted> {
        let Some(boundary) = &policies.boundary else {
            return Ok((Allowance::Everything, Allowance::Everything));
        };
        let decision = boundary.decide(request, self.work)?;
        Ok((decision.allowance, decision.at_best))
    }
}

/// Resources for which the same actions and states have the same answer share a row.
fn differences(rows: Rows<'_>) -> Vec<Difference> {
    type Shared<'n> = (Answer<'n>, BTreeSet<&'n str>, BTreeSet<&'n str>);
    let mut shared: BTreeMap<Shared<'_>, Vec<String>> = BTreeMap::new();
    for ((answer, resource), (actions, states)) in rows {
        shared.entry((answer, actions, states)).or_default().push(resource);
    }
    let difference =
        |(((machine, conditions, reason, statement), actions, states), resources): (Shared<'_>, _)| {
            Difference {
                machine: Some(machine),
                states: states.into_iter().filter(|state| !state.is_empty()).map(str::to_owned).collect(),
                actions: actions.into_iter().map(str::to_owned).collect(),
                resources,
                conditions: conditions.iter().map(ConditionText::of).collect(),
                reason,
                statement,
                enough: Vec::new(),
            }
        };
    shared.into_iter().map(difference).collect()
}
