//! Log groups of Amazon CloudWatch Logs.

pub(crate) fn is_log_group(arn: &str) -> bool {
    // The resource of a log stream goes on behind the group's name.
    arn.splitn(6, ':')
        .nth(5)
        .and_then(|resource| resource.strip_prefix("log-group:"))
        .is_some_and(|name| !name.contains(':'))
}
