//! All limits of this layer. They are our own, each with its reason.

/// Characters of the table for a comment. GitHub takes 65,536, and others may add to it.
pub(super) const MAX_COMMENT_CHARACTERS: usize = 60_000;

/// How many modules a reference in a plan may go through. Configurations have no cycles; this is for files
/// that were made by hand.
pub(super) const MAX_MODULE_STEPS: usize = 32;

/// Integrations that the answer about a denied action lists: more of them say nothing new about it.
pub(super) const MAX_LISTED_INTEGRATIONS: usize = 5;

/// How often the order of states in the layers of a picture is improved: more changes next to nothing.
pub(super) const MAX_SWEEPS: usize = 4;

/// Characters of a name in a label of a diagram, so that the boxes stay readable.
pub(super) const MAX_LABEL_CHARACTERS: usize = 60;

/// How many files there are at least if the progress is shown: fewer are finished before anyone has read it.
pub(super) const MIN_FILES_WITH_PROGRESS: usize = 20;
