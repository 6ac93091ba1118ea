//! All limits of this layer. They are our own, each with its reason.

/// Resources, and actions, that a finding names: a task can be about thousands.
pub const MAX_NAMED: usize = 20;

/// Names that are suggested for an unknown one: more would not help.
pub const MAX_SUGGESTIONS: usize = 3;

/// How alike a name is at least, by Jaro and Winkler, to be suggested: what is less alike was not meant.
pub const MIN_LIKENESS: f64 = 0.84;

/// Characters of one text of the user in a message: a longer text does not help to find its place.
pub(super) const MAX_QUOTED: usize = 200;

/// Items of a list in a message; the typed members of a finding have more.
pub(super) const MAX_LISTED: usize = 5;
