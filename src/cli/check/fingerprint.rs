//! What makes a finding the same one in another run: not its line, and not its words.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::cli::row::Row;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub(super) file: String,
    /// The address of the state machine in a plan.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) address: String,
    pub(super) code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) pointer: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) parameter: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) actions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) resources: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) subject: String,
}

impl Identity {
    /// What a row is about.
    pub(super) fn of(row: &Row) -> Identity {
        let finding = &row.finding;
        Identity {
            file: row.file.clone(),
            address: row.address.clone(),
            code: finding.code.name().to_owned(),
            pointer: finding.place.pointer.clone(),
            parameter: finding.parameter.clone(),
            actions: finding.actions.to_vec(),
            resources: finding.resources.to_vec(),
            subject: finding.subject.clone(),
        }
    }

    /// A text that is equal for equal findings, and almost certainly different otherwise.
    pub(super) fn fingerprint(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        Sha256::digest(text).iter().take(16).fold(String::new(), |mut digits, byte| {
            // Writing to a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }
}
