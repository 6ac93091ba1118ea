//! All limits of this layer. They are our own, each with its reason.

/// ARNs that a message names: a few are enough to find the place.
pub(super) const MAX_NAMED_ARNS: usize = 3;

/// Reasons for wildcards that a message gives: a message with more is not read to its end.
pub(super) const MAX_REASONS: usize = 3;
