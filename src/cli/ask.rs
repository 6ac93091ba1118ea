//! From a definition and options to an answer.

use crate::finding::Finding;
use crate::generator::{Output, Request, generate};
use crate::permissions::Mode;
use crate::protocol::schema::Block;
use crate::protocol::value::{Members, Value};
use crate::provider;
use crate::source::Span;

use super::file::File;
use super::locate::Locator;
use super::options::DEFINITION;
use super::refusal::Refusal;
use super::row::Row;

/// The request, its result, and the findings.
pub(super) struct Answer {
    pub(super) request: Request,
    /// Whether the arguments have a mode.
    says_mode: bool,
    /// The findings if one of them is an error.
    pub(super) made: Result<Output, Vec<Finding>>,
}

/// Asks about a definition in JSON.
///
/// # Errors
/// If the arguments cannot be used, whatever the definition is.
pub(super) fn ask(block: &Block, definition: &str, given: Members) -> Result<Answer, Refusal> {
    ask_for(block, definition, given, &|_| {})
}

/// The same, of which more or less is wanted.
///
/// # Errors
/// As [`ask`].
pub(super) fn ask_for(
    block: &Block,
    definition: &str,
    given: Members,
    wants: &dyn Fn(&mut Request),
) -> Result<Answer, Refusal> {
    let says_mode = given.get("mode").is_some_and(|mode| *mode != Value::Null);
    let mut request = request(block, definition, given)?;
    wants(&mut request);
    let made = generate(&request);
    Ok(Answer { request, says_mode, made })
}

/// The request about a definition in JSON.
///
/// # Errors
/// If the arguments cannot be used, whatever the definition is.
pub(super) fn request(block: &Block, definition: &str, mut given: Members) -> Result<Request, Refusal> {
    given.insert(DEFINITION.into(), Value::String(definition.to_owned()));
    let config = block.config(given).map_err(Refusal::Arguments)?;
    provider::request(&config).map_err(Refusal::Arguments)
}

impl Answer {
    /// What the policies of a role are compared with: excess is determined by least privilege if no mode is
    /// given, as in the function `compare`.
    pub(super) fn compared(&self) -> Request {
        let mut request = self.request.clone();
        if !self.says_mode {
            request.settings.mode = Mode::LeastPrivilege;
        }
        request
    }

    fn findings(&self) -> &[Finding] {
        match &self.made {
            Ok(output) => &output.findings,
            Err(findings) => findings,
        }
    }

    /// The findings with their places in the file that the definition is. Finding places takes a pass over
    /// the whole text, which a file without findings does not need.
    pub(super) fn rows(&self, file: &File) -> Vec<Row> {
        if self.findings().is_empty() {
            return Vec::new();
        }
        let locator = Locator::new(&file.source, self.request.substitutions.clone());
        self.rows_at(&file.name, "", &|finding| locator.span(finding))
    }

    /// The findings with their places.
    pub(super) fn rows_at(&self, file: &str, address: &str, span: &dyn Fn(&Finding) -> Span) -> Vec<Row> {
        let row = |finding: &Finding| Row {
            file: file.to_owned(),
            address: address.to_owned(),
            span: span(finding),
            finding: finding.clone(),
        };
        self.findings().iter().map(row).collect()
    }
}
