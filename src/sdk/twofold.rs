//! Resources with two ARNs, and those that are where the call says.

use super::model::{Operation, Owner, Target};
use crate::call::resource::{Named, alias, glue, logs, owner, sagemaker, secrets, ssm};
use crate::call::{Call, fill};
use crate::iam::{Pattern, WildcardReason};

/// Why there is a wildcard where AWS adds characters.
const ADDED: &str = "AWS adds characters of its own there";

/// The parameter with the account of a target's owner. An ARN made of parameters is in the Data Catalog that
/// the operation is about.
pub(super) fn owner(operation: &Operation, target: &Target) -> Option<Owner> {
    match target {
        Target::Expression(template) if template.service().as_deref() == Some(glue::SERVICE) => {
            operation.actions.iter().flat_map(|action| &action.targets).find_map(Target::owner)
        }
        _ => target.owner(),
    }
}

/// A resource of an action in the place that the call names for it.
pub(super) fn within(resource: Named, call: &Call<'_, '_>, action: &str, owner: Option<Owner>) -> Vec<Named> {
    let Named { arn, condition } = resource;
    let arn = alias::resolved(call, arn);
    let arns = match owner {
        Some(Owner { path, .. }) if arn.service() == Some(glue::SERVICE) => {
            glue::in_catalogs(call, arn, action, path.as_str())
        }
        Some(Owner { path, takes_others }) => owner::in_accounts(call, arn, path.as_str(), takes_others),
        None => vec![arn],
    };
    arns.into_iter().map(|arn| Named { arn, condition: condition.clone() }).collect()
}

/// All ARNs of the resource.
pub(super) fn beside(resource: Named, action: &str) -> Vec<Named> {
    let Named { arn, condition } = resource;
    let known = arn.known().unwrap_or_default();
    let arns = if secrets::is_secret_without_suffix(known) {
        vec![with(&arn, "-??????", ADDED)]
    } else if logs::is_log_group(known) {
        // Calls on a group are checked with and without its streams.
        let streams = with(&arn, ":*", "a log group is checked with its streams, too");
        vec![arn, streams]
    } else if arn.service() == Some("sagemaker") {
        let lower = sagemaker::lower_case(&arn);
        [Some(arn), lower].into_iter().flatten().collect()
    } else if arn.known().is_some() || ssm::reads_what_aws_publishes(action) {
        ssm::of_account_or_aws(arn)
    } else {
        vec![arn]
    };
    arns.into_iter().map(|arn| Named { arn, condition: condition.clone() }).collect()
}

fn with(arn: &Pattern, ending: &str, because: &'static str) -> Pattern {
    let mut arn = arn.clone();
    fill(ending, &WildcardReason::Aws(because), &mut arn, |_, _| {});
    arn
}
