//! All limits of this layer: AWS's own, each with the page that states it, and ours, each with its reason.

/// How many characters IAM allows for all inline policies of a role together.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub const MAX_INLINE_CHARACTERS: u64 = 10_240;

/// How many characters IAM allows for a managed policy.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub const MAX_MANAGED_CHARACTERS: u64 = 6_144;

/// How many managed policies a role can have unless AWS raised the quota for the account.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub const MAX_MANAGED_POLICIES: usize = 10;

/// How many hints that match no state or integration list the existing ones: finding similar names takes a
/// pass over all of them.
pub(super) const MAX_HINTS_WITH_SUGGESTIONS: usize = 20;
