//! From a file and options to an answer, with every finding at its place.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::generator::{Output, Request, generate};
use crate::protocol::schema::Block;
use crate::protocol::value::Value;
use crate::provider;

use super::file::File;
use super::locate::Locator;
use super::options::DEFINITION;
use super::refusal::Refusal;
use super::row::Row;

/// What was asked, what came of it, and what was found.
pub(super) struct Answer {
    pub(super) request: Request,
    /// `None` if a finding is an error.
    pub(super) output: Option<Output>,
    pub(super) rows: Vec<Row>,
}

/// Asks about a file.
///
/// # Errors
/// If the arguments cannot be used, whatever the file is.
pub(super) fn ask(block: &Block, file: &File, mut given: BTreeMap<String, Value>) -> Result<Answer, Refusal> {
    given.insert(DEFINITION.to_owned(), Value::String(file.source.json().to_owned()));
    let request =
        block.config(given).and_then(|config| provider::request(&config)).map_err(Refusal::Arguments)?;
    let (output, findings) = match generate(&request) {
        Ok(output) => {
            let findings = output.findings.clone();
            (Some(output), findings)
        }
        Err(findings) => (None, findings),
    };
    let rows = rows(file, &request, findings);
    Ok(Answer { request, output, rows })
}

/// The findings with their places. Places cost a look at the whole text, which a file without findings does
/// not need.
fn rows(file: &File, request: &Request, findings: Vec<Finding>) -> Vec<Row> {
    if findings.is_empty() {
        return Vec::new();
    }
    let locator = Locator::new(&file.source, request.substitutions.as_ref());
    let row = |finding| Row {
        file: file.name.clone(),
        address: String::new(),
        span: locator.span(&finding),
        finding,
    };
    findings.into_iter().map(row).collect()
}
