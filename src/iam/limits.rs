//! All limits of this layer. They are our own, each with its reason.

/// Conditions of which all subsets are looked up, 64 at most; more, which do not occur today, are compared
/// one by one.
pub const MAX_CONDITIONS_WITH_SUBSETS: usize = 6;
