//! What the provider knows of each integration: the catalogue of optimized integrations, and that of the AWS
//! SDK.

mod optimized;
mod sdk;

use std::fmt::Write as _;

use clap::ArgMatches;
use serde::Serialize;

use super::problem::CommandProblem;

/// The names of the integrations that need an action, whatever the case of its letters; first those of its
/// own name.
pub(super) fn that_need(action: &str) -> Vec<String> {
    let wanted = Wanted { service: None, search: Some(action.to_lowercase()) };
    let needs = |one: &Need| one.granted && one.actions.iter().any(|own| own.eq_ignore_ascii_case(action));
    let found = optimized::integrations(&wanted).into_iter().chain(sdk::integrations(&wanted));
    let mut names: Vec<String> =
        found.filter(|one| one.needs.iter().any(needs)).map(|one| one.integration).collect();
    let own = action.split_once(':').map_or("", |(_, own)| own);
    names.sort_by_key(|name| !name.rsplit(':').next().is_some_and(|api| api.eq_ignore_ascii_case(own)));
    names
}

/// What is requested.
pub(super) struct Wanted<'m> {
    /// A service as a Resource names it, optimized or of the AWS SDK.
    service: Option<&'m str>,
    /// A part of the name of an integration or an action.
    search: Option<String>,
}

/// An integration.
#[derive(Debug, Serialize)]
struct Integration {
    /// As a Resource names it: `batch:submitJob` or `aws-sdk:sfn:startExecution`.
    integration: String,
    /// What can follow the name.
    patterns: Vec<&'static str>,
    /// AWS's page about it.
    docs: &'static str,
    /// Its support by Step Functions, unless it is simply offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    /// What it needs.
    needs: Vec<Need>,
}

/// What an integration needs.
#[derive(Debug, Serialize)]
struct Need {
    /// The mode in which it is granted; `None`: in both.
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    actions: Vec<String>,
    /// Templates, and descriptions where it takes more than a template.
    resources: Vec<String>,
    /// All must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    when: Vec<String>,
    /// How it is known, if AWS documents no policy.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    basis: Option<Basis>,
    /// More about it.
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'static str,
    /// Whether the policy allows it; otherwise the findings report it.
    granted: bool,
}

#[derive(Debug, Serialize)]
struct Basis {
    rule: &'static str,
    confidence: &'static str,
}

impl<'m> Wanted<'m> {
    pub(super) fn of(matches: &'m ArgMatches) -> Self {
        let text = |name| matches.get_one::<String>(name);
        Wanted {
            service: text("service").map(String::as_str),
            search: text("search").map(|text| text.to_lowercase()),
        }
    }

    /// The integrations as text, or as JSON; if there is none, `Err` with what to try instead.
    pub(super) fn printed(&self, json: bool) -> Result<String, CommandProblem> {
        if self.service.is_none() && self.search.is_none() && !json {
            return Ok(overview());
        }
        let mut found = optimized::integrations(self);
        found.extend(sdk::integrations(self));
        match (found.is_empty(), json) {
            (true, _) => Err(self.nothing()),
            (false, false) => Ok(as_text(&found)),
            (false, true) => serde_json::to_string_pretty(&found)
                .map(|text| text + "\n")
                .map_err(|error| CommandProblem::Unwritable { reason: error.to_string() }),
        }
    }

    fn nothing(&self) -> CommandProblem {
        let nearest = self.service.map(sdk::nearest).unwrap_or_default();
        CommandProblem::NoIntegration { nearest }
    }

    fn is_service(&self, name: &str) -> bool {
        self.service.is_none_or(|wanted| wanted.eq_ignore_ascii_case(name))
    }

    fn is_found(&self, integration: &Integration) -> bool {
        let Some(wanted) = &self.search else { return true };
        let has = |text: &str| text.to_lowercase().contains(wanted);
        has(&integration.integration)
            || integration.needs.iter().flat_map(|need| &need.actions).any(|action| has(action))
    }
}

fn overview() -> String {
    let mut out = String::from("Optimized integrations:\n");
    optimized::overview(&mut out);
    out.push_str(
        "\nAWS SDK integrations, with IAM's prefix of the service and the number of its operations:\n",
    );
    sdk::overview(&mut out);
    out.push_str("\nWith --service NAME or --search TEXT: what each of them needs.\n");
    out
}

/// Each AWS page is listed once, above the integrations that it documents.
fn as_text(found: &[Integration]) -> String {
    let mut out = String::new();
    for of_page in found.chunk_by(|one, other| one.docs == other.docs) {
        if let Some(first) = of_page.first() {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}\n", first.docs);
        }
        for integration in of_page {
            out.push_str(&integration.to_text());
            out.push('\n');
        }
    }
    out
}

impl Integration {
    fn to_text(&self) -> String {
        let suffixes: Vec<&str> = self.patterns.iter().copied().filter(|suffix| !suffix.is_empty()).collect();
        let mut out = self.integration.clone();
        // Writing to a String cannot fail.
        if !suffixes.is_empty() {
            let optional = if self.patterns.contains(&"") { ", also " } else { ", only " };
            let _ = write!(out, "{optional}{}", suffixes.join(", "));
        }
        if let Some(status) = &self.status {
            let _ = write!(out, " ({status})");
        }
        out.push('\n');
        if self.needs.is_empty() {
            out.push_str("  nothing\n");
        }
        for need in &self.needs {
            need.add_to(&mut out);
        }
        out
    }
}

impl Need {
    fn add_to(&self, out: &mut String) {
        let mut head = self.actions.join(", ");
        if let Some(mode) = self.mode {
            head = format!("{mode}: {head}");
        }
        if !self.granted {
            head.push_str(", not granted");
        }
        if let Some(Basis { rule, confidence }) = &self.basis {
            let _ = write!(head, " (rule \"{rule}\", confidence {confidence})");
        }
        let _ = writeln!(out, "  {head}");
        for resource in &self.resources {
            let _ = writeln!(out, "    on {resource}");
        }
        for when in &self.when {
            let _ = writeln!(out, "    if {when}");
        }
        if !self.note.is_empty() {
            let _ = writeln!(out, "    {}", self.note);
        }
    }
}
