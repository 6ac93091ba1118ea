//! How findings are printed.

mod github;
mod json;
mod markdown;
mod sarif;
mod text;

use super::report::Report;

/// A way to print findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Sarif,
    Github,
    Markdown,
}

impl Format {
    /// All ways.
    pub(super) const ALL: [Format; 5] =
        [Format::Text, Format::Json, Format::Sarif, Format::Github, Format::Markdown];

    /// The name on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Markdown => "markdown",
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
            Format::Sarif => sarif::printed(report),
            Format::Github => github::printed(report),
            Format::Markdown => markdown::printed(report),
        }
    }
}
