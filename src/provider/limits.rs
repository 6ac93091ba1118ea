//! All limits of this layer. They are our own, each with its reason.

/// Combinations of values of unknown arguments that are worked out: enough for any of the arguments alone,
/// and for several of those with few values.
pub(super) const MAX_COMBINATIONS: usize = 24;

/// Bytes that the findings of a definition have without its states, because all of it is in every plan and
/// state.
pub(super) const MAX_FINDING_BYTES: usize = 6 << 10;

/// Bytes that the findings of a definition may have in addition for each of its states.
pub(super) const MAX_FINDING_BYTES_OF_A_STATE: usize = 2 << 10;

/// Bytes that whole messages may take beyond summaries: enough for those of about 250 findings, which is more
/// than anybody reads. The messages of thousands of findings of few kinds differ in little else than what
/// their other members say.
pub(super) const MAX_WHOLE_MESSAGE_BYTES: usize = 64 << 10;

/// Lines that the warnings about one definition have together; `findings` has the rest.
pub(crate) const MAX_WARNING_LINES: usize = 20;
