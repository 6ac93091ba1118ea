//! All limits of this layer. They are our own, each with its reason.

/// Combinations of the values of conditions, or of tests, that are examined one by one: three keys of four
/// values each. With more, the answer is that it may depend on them.
pub(super) const MAX_COMBINATIONS: usize = 64;

/// How many comparisons of an action name with a pattern cost as much as one visited node.
pub(super) const NAMES_OF_A_UNIT: usize = 16;
