//! Tasks whose whole Resource depends on a token.

use std::collections::BTreeMap;

use crate::asl::{Json, mark};
use crate::work::Work;

use super::super::Request;
use super::super::substitute::{Pending, substitute_pending, tokens};
use super::known::Unknown;

/// What to write in place of a Resource that has a token. It depends on the text alone, and on whether tokens
/// are replaced at all.
pub(super) fn advice(request: &Request, unknown: &Unknown, work: &Work) -> Option<BTreeMap<String, String>> {
    if request.substitutions.is_none() && !unknown.substitutions {
        return Some(BTreeMap::new());
    }
    let names = tokens(&request.definition).map(|token| token.name);
    let names = names.filter(|name| !name.starts_with("AWS::")).map(str::to_owned).collect();
    let Pending { filled, mark: character, .. } = substitute_pending(request, &names);
    let Ok(document) = Json::read_while(&filled.text, &|| work.count(1).is_ok()) else {
        return Some(BTreeMap::new());
    };
    let resources = mark(document, character, "", work).resources;
    // Whether tokens are replaced at all matters only where there is one.
    let is_known = resources.is_empty() || !unknown.substitutions;
    is_known.then(|| resources.into_iter().map(|pointer| (pointer, ADVICE.to_owned())).collect())
}

const ADVICE: &str = "The Resource has a token, so nothing is known about this state until the token's value is known. For a Lambda function, write \
    \"Resource\": \"arn:aws:states:::lambda:invoke\" and the token as \"FunctionName\".";

/// What replaces a Resource that has a token.
pub(super) fn stand_in(request: &Request) -> String {
    format!("arn:{}:lambda:::function:f", request.settings.aws.partition)
}
