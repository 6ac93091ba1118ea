//! All limits of this layer. They are our own, each with its reason.

/// Bytes of the text of all action names: more than it has.
pub(super) const MAX_TEXT_BYTES: usize = 4 << 20;

/// Tests of parameters of which all outcomes are tried: enough for each operation that is checked on one of
/// several types.
pub(super) const MAX_TESTS: usize = 12;
