//! Recovery points of AWS Backup.

use crate::call::{Call, is_of_type};
use crate::iam::{ArnFields, Pattern, WildcardReason};

/// A recovery point can be the snapshot, image or backup of another service, whose ARN it then has. If the
/// service is not certain, it may be any of these.
///
/// Source: the table of ARNs on AWS's page
/// <https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html>.
const KINDS: [&str; 9] = [
    "arn:{partition}:backup:{region}:{account}:recovery-point:*",
    "arn:{partition}:dynamodb:{region}:{account}:table/*/backup/*",
    "arn:{partition}:ec2:{region}::image/ami-*",
    "arn:{partition}:ec2:{region}::snapshot/*",
    "arn:{partition}:fsx:{region}:{account}:backup/backup-*",
    "arn:{partition}:rds:{region}:{account}:cluster-snapshot:awsbackup:*",
    "arn:{partition}:rds:{region}:{account}:snapshot:awsbackup:*",
    "arn:{partition}:redshift:{region}:{account}:snapshot:*/awsbackup:*",
    "arn:{partition}:redshift-serverless:{region}:{account}:snapshot/*",
];

/// The recovery point with this ARN. `None` for what is certainly not an ARN.
pub(crate) fn recovery_points(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    if value.is_arn() {
        let is_one = |kind: &&str| is_of_type(value, kind) && has_fields(value, kind);
        return if KINDS.iter().any(is_one) { vec![value.clone()] } else { Vec::new() };
    }
    value.reasons().next().map(|why| any_recovery_point(call, why)).unwrap_or_default()
}

/// Whether an ARN has a Region and an account where a kind has them, as far as it is known.
fn has_fields(arn: &Pattern, kind: &str) -> bool {
    let (given, wanted) = (ArnFields::of(arn.beginning()), ArnFields::of(kind));
    let fields = [(given.region, wanted.region), (given.account, wanted.account)];
    fields.iter().all(|(given, wanted)| *given != Some("") || *wanted == Some(""))
}

/// Every kind of recovery point, for a reason.
pub(crate) fn any_recovery_point(call: &Call<'_, '_>, why: &WildcardReason) -> Vec<Pattern> {
    KINDS.iter().map(|kind| call.stand_in(kind, why)).collect()
}
