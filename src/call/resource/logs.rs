//! Log groups of Amazon CloudWatch Logs.

use crate::iam::ArnFields;

pub(crate) fn is_log_group(arn: &str) -> bool {
    // The resource of a log stream continues after the group's name.
    ArnFields::of(arn)
        .resource
        .and_then(|resource| resource.strip_prefix("log-group:"))
        .is_some_and(|name| !name.contains(':'))
}
