//! Names in the ARNs of Amazon SageMaker.

use crate::iam::{Pattern, Piece};

/// The text in lower case, if it has capital letters: SageMaker writes names so into ARNs, and IAM compares
/// case.
#[must_use]
pub fn lower_case(text: &Pattern) -> Option<Pattern> {
    let mut lower = Pattern::default();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => lower.push_literal(&literal.to_ascii_lowercase()),
            Piece::Wildcard(wildcard, why) => lower.push_wildcard(wildcard, why.clone()),
        }
    }
    (lower != *text).then_some(lower)
}
