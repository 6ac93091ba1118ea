//! Which actions must not be allowed on more than the resources that a call names.

use super::rows::Rows;

include!(concat!(env!("OUT_DIR"), "/dangerous.rs"));

/// The reason for actions with AWS's access level "Permissions management".
const OF_LEVEL: &str = "it manages permissions";

/// Why an action is dangerous on more than named resources: a clause. `None` if it is not. Case does not
/// matter.
///
/// The table is `catalog/exceptions/dangerous.toml`, beside the access level "Permissions management".
#[must_use]
pub fn danger(action: &str) -> Option<&'static str> {
    let action = action.to_ascii_lowercase();
    let fitting = PATTERNS.iter().filter(|(pattern, _)| fits(pattern, &action));
    // The longest says most: `kms:List*` fits what `kms:*` fits as well.
    let by_pattern = fitting.max_by_key(|(pattern, _)| pattern.len()).map(|(_, why)| *why);
    by_pattern.or_else(|| MANAGE_PERMISSIONS.get(&action).map(|_| OF_LEVEL))
}

/// Whether a text fits a pattern that has one `*` at its end, at its beginning, or both.
fn fits(pattern: &str, text: &str) -> bool {
    let begins = |pattern: &str, text: &str| match pattern.strip_suffix('*') {
        Some(beginning) => text.starts_with(beginning),
        None => text == pattern,
    };
    match pattern.strip_prefix("*:") {
        Some(name) => text.split_once(':').is_some_and(|(_, own)| begins(name, own)),
        // Most differ in the first character.
        None => pattern.bytes().next() == text.bytes().next() && begins(pattern, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_which_actions_are_dangerous() {
        for (action, why) in [
            ("iam:PassRole", Some("it acts with the permissions of another role")),
            (
                "IAM:putrolepolicy",
                Some("whoever can change roles, policies or users can become an administrator"),
            ),
            ("ec2:TerminateInstances", Some("it destroys resources")),
            ("kms:Decrypt", Some("it decrypts data, or lets others decrypt it")),
            ("kms:ListAliases", Some("it tells which keys there are, and who may use them")),
            ("kms:GenerateDataKeyWithoutPlaintext", Some("it uses or changes keys")),
            ("kms:ScheduleKeyDeletion", Some("it destroys resources")),
            ("lambda:AddPermission", Some(OF_LEVEL)),
            ("s3:GetObject", None),
            ("iam:GetRole", None),
            ("sqs:SendMessage", None),
        ] {
            assert_eq!(danger(action), why, "{action}");
        }
    }

    #[test]
    fn every_pattern_has_a_form_that_is_read() {
        for (pattern, why) in PATTERNS {
            let inner = pattern.strip_prefix("*:").unwrap_or(pattern);
            assert!(!inner.trim_end_matches('*').contains('*') && !why.is_empty(), "{pattern}");
        }
    }
}
