//! Names in the ARNs of Amazon SageMaker.

use crate::iam::{Pattern, Piece};

/// The hub of the content with an ARN such as `…:hub-content/HUB/Model/NAME`. Empty for anything else.
#[must_use]
pub fn hub(content: &Pattern) -> Vec<Pattern> {
    let Some((place, rest)) = content.split_at(":hub-content/").filter(|_| content.is_arn()) else {
        return Vec::new();
    };
    let name = rest.split_once('/').map_or(rest, |(name, _)| name);
    let mut hub = place.then(":hub/");
    hub.push(&name);
    vec![hub]
}

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

#[cfg(test)]
mod tests {
    use super::hub;
    use crate::call::testing::{made, text};

    #[test]
    fn content_names_its_hub() {
        let place = "arn:aws:sagemaker:eu-west-1:111122223333:";
        for (content, name) in [
            ("hub-content/shop/Model/orders/1.0.0", "hub/shop"),
            ("hub-content/shop/*", "hub/shop"),
            ("hub-content/sh*", "hub/sh*"),
        ] {
            let content = format!("{place}{content}");
            assert_eq!(made(&[], |_| hub(&text(&content))), [format!("{place}{name}")], "{content}");
        }
        for content in ["shop", "*", "arn:aws:sagemaker:eu-west-1:111122223333:hub/shop"] {
            assert!(made(&[], |_| hub(&text(content))).is_empty(), "{content}");
        }
    }
}
