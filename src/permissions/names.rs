//! Which characters the name in an ARN may have, by service and type.

use crate::iam::{ArnFields, Condition, Pattern, Piece};

/// What the names of a type may have besides ASCII without `*` and `?`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// Characters beyond ASCII.
    pub(super) unicode: bool,
    /// Those of `*` and `?`.
    pub(super) wildcards: &'static str,
}

const PLAIN: Taken = Taken { unicode: false, wildcards: "" };
const ANY: Taken = Taken { unicode: true, wildcards: "*?" };
const UNICODE: Taken = Taken { unicode: true, wildcards: "" };
const WITHOUT_STAR: Taken = Taken { unicode: true, wildcards: "?" };
const ASCII: Taken = Taken { unicode: false, wildcards: "*?" };

/// Types whose names may have more: the service, how the resource begins, and what precedes such a name.
///
/// Source: the patterns of names in the API references of the services; for keys, "Naming Amazon S3 objects";
/// for state machines and activities, `CreateStateMachine`.
const NAMES: [(&str, &str, &str, Taken); 19] = [
    ("athena", "datacatalog/", "", ANY),
    ("autoscaling", "autoScalingGroup:", ":", ASCII),
    ("autoscaling", "", ":", ANY),
    ("cloudwatch", "alarm:", "", ANY),
    ("cloudwatch", "insight-rule/", "", ASCII),
    ("elasticbeanstalk", "", "", ANY),
    ("execute-api", "", "/", ASCII),
    ("glue", "registry/", "", PLAIN),
    ("glue", "schema/", "", PLAIN),
    ("glue", "", "", ANY),
    ("iot", "topic", "/", ASCII),
    ("logs", "log-group:", ":log-stream:", WITHOUT_STAR),
    ("quicksight", "group/", "", ANY),
    ("quicksight", "user/", "", ANY),
    ("s3", "accesspoint/", "/object/", ANY),
    ("s3", "", "/", ANY),
    ("s3-outposts", "", "/object/", ANY),
    ("ses", "identity/", "", ASCII),
    ("states", "", "", UNICODE),
];

/// What may follow this beginning of an ARN; `None` if that is not a name.
pub(super) fn taken(before: &str) -> Option<Taken> {
    let fields = ArnFields::of(before);
    let (service, resource) = (fields.service?, fields.resource?);
    let row = NAMES.iter().find(|(own, begin, ..)| *own == service && resource.starts_with(begin));
    let of_row = row.filter(|(_, begin, behind, _)| {
        behind.is_empty() || resource.strip_prefix(begin).unwrap_or_default().contains(behind)
    });
    Some(of_row.map_or_else(Taken::default, |(.., taken)| *taken))
}

/// The characters of the literal parts of a resource's name that are more than plain ASCII, each with whether
/// its service accepts it there. What is above U+00FF is not among them: no policy can have it.
pub(super) fn unusual(resource: &Pattern) -> Vec<(char, bool)> {
    let is_plain = |text: &str| text.bytes().all(|byte| is_plain(char::from(byte)));
    let mut found = Vec::new();
    let mut before = String::new();
    for piece in resource.pieces() {
        let literal = match piece {
            Piece::Literal(literal) if is_plain(literal) => {
                before.push_str(literal);
                continue;
            }
            Piece::Literal(literal) => literal,
            Piece::Wildcard(wildcard, _) => {
                before.push_str(wildcard);
                continue;
            }
        };
        for character in literal.chars() {
            if let Some(taken) = taken(&before).filter(|_| !self::is_plain(character)) {
                let is_taken = match character {
                    '*' | '?' => taken.wildcards.contains(character),
                    _ => taken.unicode,
                };
                if !found.contains(&(character, is_taken)) {
                    found.push((character, is_taken));
                }
            }
            before.push(character);
        }
    }
    found
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~') && !matches!(character, '*' | '?')
}

/// Whether a value of a condition has a `*` of its own.
pub(super) fn has_star(condition: &Condition) -> bool {
    let is_literal = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains('*'));
    condition.values.iter().flat_map(Pattern::pieces).any(is_literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_characters_a_name_may_have() {
        for (before, taken) in [
            ("arn:aws:s3:::reports/", Some(ANY)),
            ("arn:aws:s3:::reports", Some(Taken::default())),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/a", Some(Taken::default())),
            ("arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/", Some(ANY)),
            ("arn:aws:states:eu-west-1:111122223333:stateMachine:", Some(UNICODE)),
            ("arn:aws:states:eu-west-1:11112222", None),
            ("arn:aws:iam::111122223333:role/", Some(Taken::default())),
            (
                "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/",
                Some(ASCII),
            ),
            ("", None),
        ] {
            assert_eq!(super::taken(before), taken, "{before}");
        }
    }

    #[test]
    fn what_is_unusual_in_a_name() {
        for (resource, found) in [
            ("arn:aws:sns:eu-west-1:111122223333:orders", vec![]),
            ("arn:aws:sns:eu-west-1:111122223333:o*?*", vec![('*', false), ('?', false)]),
            ("arn:aws:sns:eu-west-1:*:orders", vec![]),
            ("arn:aws:sns:eu-west-1:111122223333:\u{e9}\n", vec![('\u{e9}', false), ('\n', false)]),
            ("arn:aws:s3:::b*/k*", vec![('*', false), ('*', true)]),
            (
                "arn:aws:logs:eu-west-1:111122223333:log-group:g?:log-stream:s?*",
                vec![('?', false), ('?', true), ('*', false)],
            ),
            (
                "arn:aws:states:eu-west-1:111122223333:stateMachine:\u{e9}?",
                vec![('\u{e9}', true), ('?', false)],
            ),
            ("*", vec![]),
        ] {
            assert_eq!(unusual(&Pattern::literal(resource)), found, "{resource}");
        }
    }
}
