//! All limits of this layer. They are our own, each with its reason.

/// How many bytes of text that are copied or compared cost as much as a node that is visited.
pub const BYTES_OF_A_UNIT: usize = 512;

/// Units for any definition: enough for a small one that computes much.
pub(super) const MAX_UNITS: u64 = 2_000_000;

/// Units in addition for each byte of a definition, so that the work stays linear.
pub(super) const MAX_UNITS_PER_BYTE: u64 = 20;

/// Bytes of text built for any definition: enough for a small one that computes much.
pub(super) const MAX_BUILT_BYTES: u64 = 16 << 20;

/// Bytes of text built in addition for each byte of a definition, so that the memory stays linear.
pub(super) const MAX_BUILT_BYTES_PER_BYTE: u64 = 8;

/// Items that are sorted without a look at the flag that cancels the work: few enough to take no time.
pub(super) const MAX_SORTED_AT_ONCE: usize = 32;
