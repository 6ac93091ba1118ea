//! How severe a finding is, and what a user can make of it.

/// How severe a finding is. The most severe comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No policy can be made, or it would not be the right one.
    Error,
    /// The policy is made; someone should look.
    Warning,
    /// Worth knowing when the policy is reviewed.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// The level that `on_finding` sets for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No policy is made.
    Error,
    /// A warning, which is in `findings` too.
    Warn,
    /// It is in `findings` only.
    Info,
    /// It is left out altogether.
    Ignore,
}

impl Level {
    /// All levels, the most severe first.
    pub const ALL: [Level; 4] = [Level::Error, Level::Warn, Level::Info, Level::Ignore];

    /// The name in configurations: `error`, `warn`, `info` or `ignore`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Ignore => "ignore",
        }
    }

    /// The severity of what is not left out.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Level::Error => Some(Severity::Error),
            Level::Warn => Some(Severity::Warning),
            Level::Info => Some(Severity::Info),
            Level::Ignore => None,
        }
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warn,
            Severity::Info => Level::Info,
        }
    }
}
