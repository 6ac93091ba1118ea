//! All limits of this layer. They are our own, each with its reason.

/// Bytes of JSON that aliases of YAML may add to the text; AWS accepts definitions of up to 1 MiB.
pub(super) const MAX_ALIASED_BYTES: usize = 16 << 20;

/// How deep values of YAML may be nested: as deep as our JSON parser allows.
pub(super) const MAX_DEPTH: usize = 127;

/// Digits of a number of YAML before or after the point: `1e999999999` is a number too.
pub(super) const MAX_DIGITS: usize = 1000;

/// Bytes between two marks of a long line, not counting the rest of a character, so that a position is cheap
/// to find from the mark before it.
pub(super) const MAX_MARK_DISTANCE: usize = 1024;
