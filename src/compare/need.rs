//! What a state needs, as requests that IAM decides on.

use super::ActionList;
use super::context::{Call, context};
use super::limits::MAX_COMBINATIONS;
use crate::document::{Context, ContextValue, Glob, Request};
use crate::iam::{ArnFields, Condition, Grant, Location, Operator, Pattern};

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
    pub location: &'p Location,
}

impl Need<'_> {
    /// The requests for one action on one resource: one for each combination of values that its conditions
    /// leave open. Empty where there are too many.
    pub(super) fn requests(&self, action: &str, resource: &Pattern, actions: &ActionList) -> Vec<Request> {
        let mut contexts = vec![self.context(action, resource)];
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
        // For an action without resource types, IAM checks `*` itself, which no ARN in a statement matches.
        let resource = if resource.is_unknown() && actions.lacks_resource_types(action) {
            Glob::plain("*")
        } else {
            Glob::read(&resource.to_text())
        };
        let request =
            |context| Request { action: Glob::read_action(action), resource: resource.clone(), context };
        contexts.into_iter().map(request).collect()
    }

    fn context(&self, action: &str, resource: &Pattern) -> Context {
        let account = ArnFields::of(resource.beginning()).account.filter(|account| account.len() == 12);
        context(&Call {
            location: self.location,
            service: action.split(':').next().unwrap_or_default(),
            resource_account: account,
        })
    }
}

/// What the key of a condition may have; the request has one of them.
fn values(condition: &Condition) -> Vec<ContextValue> {
    let among =
        matches!(condition.operator, Operator::ForAnyValueStringEquals | Operator::ForAnyValueStringLike);
    let value = |value: &Pattern| match (among, value.known()) {
        (false, Some(known)) => ContextValue::Known(vec![known.to_owned()]),
        (false, None) => ContextValue::Like(Glob::read(&value.to_text())),
        (true, _) => ContextValue::Among(Glob::read(&value.to_text())),
    };
    condition.values.iter().map(value).collect()
}
