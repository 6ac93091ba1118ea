//! Resources of other accounts and Regions.
//!
//! A policy for a resource that only a value at run time names has the account and the Region of the state
//! machine, but a value that may be an ARN can name one elsewhere. For these, texts are compared without
//! their places: what policies allow in any place, and deny in all of them.

use crate::document::{ContextValue, Document, Effect, Glob, Request, Selection};
use crate::iam::{Pattern, WildcardReason};

/// A document that allows what another one allows in any place, and denies what that one denies in every
/// place.
pub(super) fn without_places(document: &Document) -> Document {
    let mut made = document.clone();
    for statement in &mut made.statements {
        let patterns = match (statement.effect, &mut statement.resources) {
            (Effect::Allow, Some(Selection::Any(patterns)))
            | (Effect::Deny, Some(Selection::AllBut(patterns))) => patterns,
            // Here the wildcard for all places matches what stands for any of them, and a place does not.
            _ => continue,
        };
        for pattern in patterns {
            if let Some(text) = pattern.without_place() {
                *pattern = text;
            }
        }
    }
    made
}

/// Whether a resource may be in another account or Region.
pub(super) fn may_be(resource: &Pattern) -> bool {
    resource.reasons().any(WildcardReason::reaches_anywhere)
}

/// A resource without its place, if it may be in another one.
pub(super) fn anywhere(resource: &Pattern) -> Option<Glob> {
    if may_be(resource) { Glob::read(&resource.to_text()).without_place() } else { None }
}

/// The same requests for a resource in another place; `None` if its ARN has no place.
pub(super) fn requests(here: &[Request]) -> Option<Vec<Request>> {
    let elsewhere = |request: &Request| {
        let resource = request.resource.without_place()?;
        let context = request.context.clone().with("aws:ResourceAccount", ContextValue::Unknown);
        Some(Request { action: request.action.clone(), resource, context })
    };
    here.iter().map(elsewhere).collect()
}
