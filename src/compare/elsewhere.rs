//! Resources of other accounts and Regions.
//!
//! A policy for a resource that only a value at run time names has the account and the Region of the state
//! machine, but a value that may be an ARN can name one elsewhere. For these, texts are compared without
//! their places: what policies allow in any place, and deny in all of them.

use crate::document::{
    Context, ContextValue, Document, DocumentStatement, Effect, Glob, PolicySet, Request, Selection,
};
use crate::iam::{Pattern, WildcardReason};
use crate::work::{Exhausted, Work};

/// A document that allows what another one allows in any place, and denies what that one denies in every
/// place. `policies` has all documents of the kind, with their places.
pub(super) fn without_places(
    document: &Document,
    policies: &PolicySet<'_>,
    work: &Work,
) -> Result<Document, Exhausted> {
    let mut made = document.clone();
    for statement in &mut made.statements {
        without_denied(statement, policies, work)?;
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
    Ok(made)
}

/// Leaves out the resources on which a statement allows nothing, because each of its actions is denied there.
fn without_denied(
    statement: &mut DocumentStatement,
    policies: &PolicySet<'_>,
    work: &Work,
) -> Result<(), Exhausted> {
    let (Effect::Allow, Some(Selection::Any(resources))) = (statement.effect, &mut statement.resources)
    else {
        return Ok(());
    };
    if !policies.has_denials() {
        return Ok(());
    }
    let mut failure = Ok(());
    resources.retain(|resource| {
        statement.actions.patterns().iter().any(|action| {
            let (action, resource) = (action.clone(), resource.clone());
            let denied = policies.denies(&Request { action, resource, context: Context::default() }, work);
            denied.map_err(|exhausted| failure = Err(exhausted)) != Ok(true)
        })
    });
    failure
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
