//! Conditions on keys of AWS KMS.

use crate::iam::{Condition, Operator, Pattern};

/// The condition that a key is used for an activity, whose tasks' input and output it encrypts.
pub(super) fn of_activity(activity: &str) -> Condition {
    let key = "kms:EncryptionContext:aws:states:activityArn";
    Condition::new(Operator::StringEquals, key, &[Pattern::literal(activity)])
}
