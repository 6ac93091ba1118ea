//! How much IAM accepts.
//!
//! Source: quotas of IAM and STS in the IAM User Guide.

/// How many characters IAM allows for all inline policies of a role together.
pub const INLINE_LIMIT: u64 = 10_240;

/// How many characters IAM allows for a managed policy.
pub const MANAGED_LIMIT: u64 = 6_144;

/// How many managed policies a role can have unless AWS raised the quota for the account.
pub const MANAGED_POLICIES: usize = 10;
