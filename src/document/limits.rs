//! All limits of this layer. They are our own, each with its reason.

/// Conditions of which all subsets are looked up, 64 at most; more, which do not occur today, are compared
/// one by one.
pub(super) const MAX_CONDITIONS_WITH_SUBSETS: usize = 6;

/// Values under tests that are not indexed, because looking at each of them costs less than an index: most
/// resources of a policy have one statement.
pub(super) const MAX_VALUES_WITHOUT_INDEX: usize = 2;
