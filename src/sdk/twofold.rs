//! Resources with two ARNs, and those that are where the call says.

use super::model::Owner;
use crate::call::resource::{Named, alias, glue, logs, owner, sagemaker, secrets, ssm};
use crate::call::{Call, fill};
use crate::iam::{Pattern, WildcardReason};

/// Why there is a wildcard where AWS adds characters.
const ADDED: &str = "AWS adds characters of its own there";

/// A resource of an action in the place that the call names for it.
pub(super) fn within(resource: Named, call: &Call<'_, '_>, action: &str, owner: Option<Owner>) -> Vec<Named> {
    let Named { arn, condition } = resource;
    let arn = alias::resolved(call, arn);
    let arns = match owner {
        Some(owner) => owner::in_accounts(call, arn, owner.path.as_str(), owner.takes_others),
        None => vec![arn],
    };
    let arns = arns.into_iter();
    let arns = arns.flat_map(|arn| glue::in_catalogs(call, arn, action));
    arns.map(|arn| Named { arn, condition: condition.clone() }).collect()
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
