//! All limits of this layer. They are our own, each with its reason.

use std::time::Duration;

/// Bytes of a message in the log. Hosts take lines of 64 KiB; with escapes, this stays below.
pub(super) const MAX_MESSAGE_BYTES: usize = 8 << 10;

/// Stack of the thread that writes the log, in bytes: it only passes on texts.
pub(super) const LOG_STACK_BYTES: usize = 64 << 10;

/// How many messages may wait for the reader.
pub(super) const MAX_WAITING_TEXTS: usize = 1_024;

/// How long the end of the process may wait for the reader.
pub(super) const MAX_END_WAIT: Duration = Duration::from_millis(200);

/// How long a caller may take for the TLS handshake.
pub(super) const MAX_HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// How many handshakes may be in progress. With one more, the oldest is dropped.
pub(super) const MAX_HANDSHAKES: usize = 64;

/// How long to wait after a connection could not be accepted, for example because file descriptors ran out.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often to look for the parent. A descriptor or handle of its process would show its end at once, but
/// waiting for one takes unsafe code.
pub(super) const PARENT_INTERVAL: Duration = Duration::from_millis(250);

/// Descriptors that the process needs until its first connection is served: the runtime panics without its
/// own, and a connection without one would wait forever.
#[cfg(unix)]
pub(super) const NEEDED_DESCRIPTORS: usize = 12;
