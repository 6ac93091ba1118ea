//! A document and its text.

use std::ops::Deref;

/// A document with the text that has been written of it: what is checked is, to the byte, what is returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<D> {
    document: D,
    json: String,
}

impl<D> Written<D> {
    pub(super) fn new(document: D, json: String) -> Self {
        Written { document, json }
    }

    /// The document, indented by two spaces.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The document alone.
    #[must_use]
    pub fn into_document(self) -> D {
        self.document
    }
}

impl<D> Deref for Written<D> {
    type Target = D;

    fn deref(&self) -> &D {
        &self.document
    }
}
