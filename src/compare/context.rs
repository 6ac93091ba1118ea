//! Which condition keys are present in a call that Step Functions makes with the execution role, and what is
//! known of them.
//!
//! Source: "AWS global condition context keys" of the IAM user guide, by what it says of the availability of
//! each key. A key that is not listed here is unknown, so a condition on it makes a row undecided: keys that
//! depend on the network, the time, tags, the organization or the session, and keys of services, except those
//! under which a state needs a permission.

use crate::document::{Context, ContextValue, Glob};
use crate::iam::Location;

/// What is known of a call.
pub(super) struct Call<'c> {
    /// Where the state machine is.
    pub(super) location: &'c Location,
    /// The service of the action: `sns`.
    pub(super) service: &'c str,
    /// The account in the ARN of the resource, if it is certain.
    pub(super) resource_account: Option<&'c str>,
}

/// A key, and what a call has for it.
type Key = (&'static str, fn(&Call<'_>) -> ContextValue);

/// The keys of which something is known for every call.
const KEYS: &[Key] = &[
    // Step Functions calls the APIs of AWS over TLS.
    ("aws:SecureTransport", |_| known("true")),
    // It calls them with credentials of the role, not as a service.
    ("aws:PrincipalType", |_| known("AssumedRole")),
    ("aws:PrincipalIsAWSService", |_| known("false")),
    ("aws:PrincipalServiceName", |_| ContextValue::Absent),
    ("aws:PrincipalServiceNamesList", |_| ContextValue::Absent),
    ("aws:SourceArn", |_| ContextValue::Absent),
    ("aws:SourceAccount", |_| ContextValue::Absent),
    ("aws:SourceOrgID", |_| ContextValue::Absent),
    ("aws:SourceOrgPaths", |_| ContextValue::Absent),
    // The role is assumed by a service, and not by a user or with a web identity.
    ("aws:username", |_| ContextValue::Absent),
    ("aws:FederatedProvider", |_| ContextValue::Absent),
    ("aws:PrincipalAccount", |call| or_unknown(call.location.account.as_deref())),
    ("aws:PrincipalArn", principal),
    ("aws:ResourceAccount", |call| or_unknown(call.resource_account)),
    ("aws:RequestedRegion", region),
];

/// Services with one endpoint for all regions, whose calls have the region of that endpoint in
/// `aws:RequestedRegion`.
///
/// Source: `aws:RequestedRegion` and "AWS services that work with global endpoints" of the IAM user guide.
const GLOBAL: &[&str] = &[
    "account",
    "budgets",
    "ce",
    "cloudfront",
    "cur",
    "globalaccelerator",
    "health",
    "iam",
    "networkmanager",
    "organizations",
    "route53",
    "route53domains",
    "shield",
    "sts",
    "support",
    "trustedadvisor",
    "waf",
];

/// What is known of the context of a call.
pub(super) fn context(call: &Call<'_>) -> Context {
    KEYS.iter().fold(Context::default(), |context, (key, value)| context.with(key, value(call)))
}

fn known(value: &str) -> ContextValue {
    ContextValue::Known(vec![value.to_owned()])
}

fn or_unknown(value: Option<&str>) -> ContextValue {
    value.map_or(ContextValue::Unknown, known)
}

/// The role, not its session; its name is not among the settings.
fn principal(call: &Call<'_>) -> ContextValue {
    let Location { partition, account, .. } = call.location;
    let account = account.as_deref().unwrap_or("????????????");
    ContextValue::Like(Glob::read(&format!("arn:{partition}:iam::{account}:role/*")))
}

/// Step Functions calls the APIs of its own region.
///
/// Source: "Integrating services with Step Functions" of the Step Functions guide: calls to other regions are
/// not supported.
fn region(call: &Call<'_>) -> ContextValue {
    if GLOBAL.contains(&call.service) {
        return ContextValue::Unknown;
    }
    or_unknown(call.location.region.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Allowance, Request, decide, read};

    fn allowed(condition: &str, service: &str) -> Allowance {
        let text = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}}}"#
        );
        let document = read(&text).unwrap_or_else(|error| panic!("{error}"));
        let location = Location {
            partition: "aws".into(),
            region: Some("eu-west-1".into()),
            account: Some("111122223333".into()),
        };
        let context = context(&Call { location: &location, service, resource_account: Some("111122223333") });
        let request = Request { action: Glob::read_action("a:B"), resource: Glob::plain("r"), context };
        decide([&document], &request)
    }

    #[test]
    fn a_call_has_what_the_table_says() {
        for (condition, expected) in [
            (r#"{"Bool": {"aws:SecureTransport": "true"}}"#, Allowance::Everything),
            (r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#, Allowance::Everything),
            (r#"{"StringEquals": {"aws:ResourceAccount": "444455556666"}}"#, Allowance::Nothing),
            (
                r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}"#,
                Allowance::Everything,
            ),
            (
                r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/orders"}}"#,
                Allowance::Part,
            ),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/*"}}"#, Allowance::Nothing),
            (r#"{"StringEquals": {"aws:SourceAccount": "111122223333"}}"#, Allowance::Nothing),
            (r#"{"Null": {"aws:username": "true"}}"#, Allowance::Everything),
            // What is not in the table is not known.
            (r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#, Allowance::Part),
            (r#"{"StringEqualsIfExists": {"aws:PrincipalTag/team": "red"}}"#, Allowance::Part),
            (r#"{"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}"#, Allowance::Part),
        ] {
            assert_eq!(allowed(condition, "sns"), expected, "{condition}");
        }
        // The region of a call to a global service is not known.
        let region = r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}"#;
        assert_eq!(allowed(region, "iam"), Allowance::Part);
    }

    #[test]
    fn the_guide_has_the_table() {
        let guide = include_str!("../../docs/guides/existing-roles.md");
        for (key, _) in KEYS {
            assert!(guide.contains(&format!("`{key}`")), "the guide to existing roles does not have {key}");
        }
    }
}
