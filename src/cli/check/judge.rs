//! What is to be said of one file.

use std::collections::BTreeMap;

use crate::cli::ask;
use crate::cli::file::File;
use crate::cli::refusal::Refusal;
use crate::protocol::schema::Block;
use crate::protocol::value::Value;

use super::inputs::Input;
use super::report::Told;

/// What is said of one file.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// How many state machines it has.
    pub(super) machines: usize,
    pub(super) rows: Vec<Told>,
}

/// Checks a file.
///
/// # Errors
/// If the arguments cannot be used.
pub(super) fn judge(
    block: &Block,
    input: &Input,
    given: &BTreeMap<String, Value>,
) -> Result<Judged, Refusal> {
    let file = match input.clone().and_then(|path| File::read(&path)) {
        Ok(file) => file,
        Err(row) => return Ok(Judged { machines: 0, rows: vec![row.into()] }),
    };
    let answer = ask::ask(block, &file, given.clone())
        .map_err(|refusal| Refusal::OfFile { file: file.name.clone(), refusal: Box::new(refusal) })?;
    Ok(Judged { machines: 1, rows: answer.rows.into_iter().map(Told::from).collect() })
}
