//! Documents and parameters of AWS Systems Manager.

use crate::iam::Pattern;

/// The ARN of a document of Systems Manager that AWS owns, or may own: no account has it.
pub(crate) fn of_aws(arn: &Pattern) -> Option<Pattern> {
    let beginning = arn.beginning();
    let fields: Vec<&str> = beginning.splitn(6, ':').collect();
    let [scheme, partition, "ssm", region, _, document] = fields.as_slice() else { return None };
    let (_, name) = document.split_once('/')?;
    let is_document = document.starts_with("document/") || document.starts_with("automation-definition/");
    let owned = name.starts_with("AWS") || arn.known().is_none() && "AWS".starts_with(name);
    let mut without = Pattern::literal(format!("{scheme}:{partition}:ssm:{region}::{document}"));
    without.push(&arn.strip_prefix(beginning)?);
    (is_document && owned).then_some(without)
}
