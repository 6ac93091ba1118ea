//! What a state needs, as requests that IAM decides.

use crate::document::{Context, ContextValue, Glob, Request};
use crate::iam::{Condition, Grant, Pattern, WildcardReason};

/// Something that a state of a state machine needs.
#[derive(Clone, Copy, Debug)]
pub struct Need<'p> {
    /// The state machine, by its position from 0.
    pub machine: usize,
    /// JSON pointer of the state; empty for the machine itself.
    pub pointer: &'p str,
    /// What it needs.
    pub grant: &'p Grant,
    /// Where the machine is.
    pub surroundings: &'p Surroundings,
}

/// What is known of every call of a state machine.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The region, if it is given.
    pub region: Option<String>,
    /// The account of the role, if it is given.
    pub account: Option<String>,
}

/// How many combinations of the values of conditions are tried before the answer is "perhaps".
const MAX_COMBINATIONS: usize = 64;

impl Need<'_> {
    /// The requests for one action on one resource: one for each combination of values that its conditions
    /// leave open. Empty where there are too many.
    pub(super) fn requests(&self, action: &str, resource: &Pattern) -> Vec<Request> {
        let mut contexts = vec![self.context(resource)];
        for condition in &self.grant.conditions {
            let values = values(condition);
            if contexts.len() * values.len() > MAX_COMBINATIONS {
                return Vec::new();
            }
            contexts = contexts
                .iter()
                .flat_map(|context| {
                    values.iter().map(|value| context.clone().with(&condition.key, value.clone()))
                })
                .collect();
        }
        let request = |context| Request {
            action: Glob::read_action(action),
            resource: Glob::read(&resource.to_text()),
            context,
        };
        contexts.into_iter().map(request).collect()
    }

    /// The global keys of which something is known for a call by Step Functions with the execution role.
    ///
    /// Source: "AWS global condition context keys" of the IAM user guide. Keys that depend on the network, on
    /// tags, on the session or on whether a service calls on behalf of another stay unknown.
    fn context(&self, resource: &Pattern) -> Context {
        let known = |value: &str| ContextValue::Known(vec![value.to_owned()]);
        let mut context = Context::default()
            .with("aws:SecureTransport", known("true"))
            .with("aws:PrincipalType", known("AssumedRole"))
            .with("aws:PrincipalIsAWSService", known("false"))
            // Only users have a name.
            .with("aws:username", ContextValue::Absent);
        if let Some(region) = &self.surroundings.region {
            context = context.with("aws:RequestedRegion", known(region));
        }
        if let Some(account) = &self.surroundings.account {
            context = context.with("aws:PrincipalAccount", known(account));
        }
        let account = resource.beginning().split(':').nth(4).filter(|account| account.len() == 12);
        if let Some(account) = account {
            context = context.with("aws:ResourceAccount", known(account));
        }
        context
    }
}

/// What the key of a condition may have; the request has one of them.
fn values(condition: &Condition) -> Vec<ContextValue> {
    condition
        .values
        .iter()
        .map(|value| match value.known() {
            Some(known) => ContextValue::Known(vec![known.to_owned()]),
            None => ContextValue::Like(Glob::read(&value.to_text())),
        })
        .collect()
}

/// Whether the run, a setting or AWS decides what stands in place of a wildcard, so that a policy may rightly
/// name less. A lone `*` that AWS asks for is the resource itself: a statement on anything narrower never
/// matches.
pub(super) fn is_open(resource: &Pattern) -> bool {
    let by_aws = resource.reasons().all(|why| matches!(why, WildcardReason::Aws(_)));
    resource.known().is_none() && !(resource.is_unknown() && by_aws)
}
