//! All limits of this layer. They are our own, each with its reason.

/// Bytes of the largest request. A definition given as an argument may well be larger than tonic's default of
/// 4 MiB. Responses are not limited.
pub(super) const MAX_REQUEST_BYTES: usize = 64 << 20;

/// Answers that are kept for their reads. Hosts process ten data sources at a time by default.
pub(super) const MAX_KEPT: usize = 16;

/// Bytes of all arguments together whose answers are kept; the answers are a few times as large.
pub(super) const MAX_KEPT_BYTES: usize = 2 << 20;

/// Levels of a value inside one another, so that recursion over it stays far from the end of the stack. Only
/// a dynamic type lets the sender choose the depth.
pub(super) const MAX_VALUE_DEPTH: usize = 128;

/// Stack of a thread that does the work of calls, in bytes. As much as the main thread usually has, so that
/// nothing depends on which of them it runs in. It is reserved only: what is not used takes no memory.
pub(super) const STACK_BYTES: usize = 8 << 20;
