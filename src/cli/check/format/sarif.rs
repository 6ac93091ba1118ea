//! SARIF 2.1.0, which GitHub code scanning and other collectors of findings read.
//!
//! The types cover the part of the standard that is used here. The crate that covers all of it generates its
//! types from the schema at build time, with a dozen dependencies that nothing else here needs. A test
//! validates the output against the schema.

use serde::Serialize;

use crate::cli::check::report::{Report, Told};
use crate::finding::{Code, Severity, escaped_json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool,
    /// How columns are counted.
    column_kind: &'static str,
    results: Vec<Result<'r>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Text<'static>,
    help_uri: String,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text<'r> {
    text: std::borrow::Cow<'r, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'r> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<'r>,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    /// Empty if it was not accepted.
    suppressions: Vec<Suppression<'r>>,
    /// Only with a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "sfniam/v1")]
    sfniam: String,
}

#[derive(Serialize)]
struct Suppression<'r> {
    kind: &'static str,
    justification: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

const GUIDE: &str = "https://registry.terraform.io/providers/sfniam/sfniam/latest/docs/guides/findings";

/// One log with one run.
pub(super) fn printed(report: &Report) -> String {
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "sfniam",
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: Code::ALL.iter().map(|code| rule(*code)).collect(),
            },
        },
        column_kind: "unicodeCodePoints",
        results: results(report),
    };
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run],
    };
    // Nothing of it can fail to be written.
    escaped_json(&serde_json::to_string_pretty(&log).unwrap_or_default()).into_owned() + "\n"
}

fn rule(code: Code) -> Rule {
    let row = code.row();
    Rule {
        id: row.name,
        short_description: Text { text: row.title.into() },
        full_description: Text { text: row.cause.into() },
        help: Text { text: row.cure.into() },
        help_uri: format!("{GUIDE}#{}", row.name),
        default_configuration: Configuration { level: level(row.severity) },
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn results(report: &Report) -> Vec<Result<'_>> {
    let state = |state: &'static str| report.known.as_ref().map(|_| state);
    let fresh = report.rows.iter().map(|told| result(told, state("new")));
    let known = report.known.iter().flatten().map(|told| result(told, state("unchanged")));
    fresh.chain(known).collect()
}

fn result<'r>(told: &'r Told, baseline_state: Option<&'static str>) -> Result<'r> {
    let (row, finding) = (&told.row, &told.row.finding);
    let (start, end) = (row.span.start, row.span.end);
    let state = [row.address.as_str(), &finding.state()].join(" ");
    let state = state.trim();
    let logical = (!state.is_empty()).then(|| LogicalLocation { fully_qualified_name: state.to_owned() });
    let suppression = told.accepted.as_deref();
    Result {
        rule_id: finding.code.name(),
        rule_index: Code::ALL.iter().position(|code| *code == finding.code).unwrap_or_default(),
        level: level(finding.severity),
        message: Text { text: row.message().into() },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(&row.file) },
                region: Region {
                    start_line: start.line,
                    start_column: start.column,
                    end_line: end.line,
                    end_column: end.column,
                },
            },
            logical_locations: logical.into_iter().collect(),
        }],
        partial_fingerprints: Fingerprints { sfniam: told.fingerprint() },
        suppressions: suppression
            .map(|justification| Suppression { kind: "external", justification })
            .into_iter()
            .collect(),
        baseline_state,
    }
}

/// The name of a file as a reference of RFC 3986: a relative path as it is, an absolute one as a URI.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    let is_drive = file.as_bytes().get(1) == Some(&b':');
    if file.starts_with('/') {
        uri.push_str("file://");
    } else if is_drive {
        uri.push_str("file:///");
    }
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) || byte == b':' && is_drive {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
