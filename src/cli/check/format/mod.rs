//! How findings are printed.

mod json;
mod text;

use super::report::Report;

/// A way to print findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
}

impl Format {
    /// All ways.
    pub(super) const ALL: [Format; 2] = [Format::Text, Format::Json];

    /// The name on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
        }
    }

    /// The way of a name that clap has looked at.
    pub(super) fn of(name: &str) -> Format {
        Format::ALL.into_iter().find(|format| format.name() == name).unwrap_or(Format::Text)
    }

    /// The whole output.
    pub(super) fn printed(self, report: &Report) -> String {
        match self {
            Format::Text => text::printed(report),
            Format::Json => json::printed(report),
        }
    }
}
