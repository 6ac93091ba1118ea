//! All limits of this layer. They are our own, each with its reason.

/// Objects with at most so many members are searched from the first to the last, which costs less than an
/// index.
pub(super) const MAX_MEMBERS_SEARCHED_IN_TURN: usize = 16;
