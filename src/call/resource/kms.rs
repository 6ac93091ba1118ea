//! Keys of AWS KMS, as users name them.

use super::Named;
use crate::call::{Call, arn};
use crate::iam::{Arn, Condition, Location, Operator, Pattern};

/// A key, as a policy can name it.
pub(crate) struct Key {
    /// The key's ARN, or all keys if it has only an alias.
    pub(crate) arn: Pattern,
    /// Narrows all keys to those with the alias.
    pub(crate) condition: Option<Condition>,
}

impl Key {
    /// A key by its ARN, its ID, an alias or the ARN of an alias. `None` if it is none of them.
    pub(crate) fn of(text: &str, aws: &Location) -> Option<Key> {
        if is_key_arn(text) {
            return Some(Key { arn: Pattern::literal(text), condition: None });
        }
        if let Some(alias) = alias(text) {
            let value = Pattern::literal(format!("alias/{alias}"));
            let condition =
                Condition::new(Operator::ForAnyValueStringEquals, "kms:ResourceAliases", &[value]);
            let because = "a policy cannot name a key by its alias";
            // The ARN of an alias may be that of another account.
            let any = match text.split_once(":alias/") {
                Some((place, _)) => arn(aws, None, "{}:key/*", Some(&Pattern::literal(place)), because),
                None => arn(aws, None, "arn:{partition}:kms:{region}:{account}:key/*", None, because),
            };
            return Some(Key { arn: any, condition: Some(condition) });
        }
        if text.is_empty() || text.contains([':', '/']) {
            return None;
        }
        let id = Pattern::literal(text);
        let arn = arn(aws, None, "arn:{partition}:kms:{region}:{account}:key/{}", Some(&id), "");
        Some(Key { arn, condition: None })
    }
}

/// Whether a text is a key's ID or ARN, or an alias of one or its ARN.
pub(crate) fn is_key(text: &str) -> bool {
    is_key_id(text) || is_key_arn(text) || alias(text).is_some()
}

/// Whether a text is the ARN of a key.
pub(crate) fn is_key_arn(text: &str) -> bool {
    kms_resource(text).and_then(|resource| resource.strip_prefix("key/")).is_some_and(|id| !id.is_empty())
}

/// Whether a text has the form of a key's ID: a UUID, or `mrk-` and 32 hexadecimal digits.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id>.
fn is_key_id(text: &str) -> bool {
    let hexadecimal =
        |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.strip_prefix("mrk-") {
        Some(digits) => hexadecimal(digits, 32),
        None => {
            let groups: Vec<&str> = text.split('-').collect();
            groups.len() == 5
                && groups.iter().zip([8, 4, 4, 4, 12]).all(|(group, length)| hexadecimal(group, length))
        }
    }
}

fn alias(text: &str) -> Option<&str> {
    let resource = kms_resource(text).unwrap_or(text);
    resource.strip_prefix("alias/").filter(|name| !name.is_empty())
}

/// The last field of an ARN of AWS KMS.
fn kms_resource(arn: &str) -> Option<&str> {
    Arn::of(arn).filter(|arn| arn.service == "kms").map(|arn| arn.resource)
}

/// The key that a parameter names by its ARN, its ID, an alias or the ARN of an alias. A policy cannot name a
/// key by its alias, but it can have a condition on the alias; the account of an ARN stays. Empty for an ARN
/// of which too little is known, or of something else.
pub(crate) fn keys(call: &Call<'_, '_>, value: &Pattern) -> Vec<Named> {
    let own = || call.arn("arn:{partition}:kms:{region}:{account}", None, "");
    let alias = match value.split_at(":alias/") {
        Some((place, name)) if value.is_arn() => Some((place, name)),
        _ => value.strip_prefix("alias/").map(|name| (own(), name)),
    };
    if let Some((place, name)) = alias {
        let mut alias = Pattern::literal("alias/");
        alias.push(&name);
        let condition = Condition::new(Operator::ForAnyValueStringEquals, "kms:ResourceAliases", &[alias]);
        let arn = call.arn("{}:key/*", Some(&place), "a policy cannot name a key by its alias");
        return vec![Named { arn, condition: Some(condition) }];
    }
    if value.is_arn() {
        let is_key = value.known().map_or_else(|| value.split_at(":key/").is_some(), is_key_arn);
        return is_key.then(|| Named::from(value.clone())).into_iter().collect();
    }
    if value.beginning().starts_with("arn:") || value.has_unwritable() {
        return Vec::new();
    }
    // A token that is not yet replaced is a problem of its own.
    if value.known().is_some_and(|id| !is_key_id(id) && !id.contains("${")) {
        return Vec::new();
    }
    vec![Named::from(call.arn("arn:{partition}:kms:{region}:{account}:key/{}", Some(value), ""))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::{made, text};

    #[test]
    fn keys_by_arn_by_id_and_by_alias() {
        let arns =
            |value: &str| made(&[], |call| keys(call, &text(value)).into_iter().map(|key| key.arn).collect());
        const OWN: &str = "arn:aws:kms:eu-west-1:111122223333:key/";
        const ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
        for (value, arn) in [
            (ID, format!("{OWN}{ID}")),
            ("*", format!("{OWN}*")),
            ("alias/data", format!("{OWN}*")),
            ("alias/data-*", format!("{OWN}*")),
            (
                "arn:aws:kms:eu-west-1:444455556666:alias/data",
                "arn:aws:kms:eu-west-1:444455556666:key/*".into(),
            ),
            ("arn:aws:kms:eu-west-1:444455556666:key/1", "arn:aws:kms:eu-west-1:444455556666:key/1".into()),
        ] {
            assert_eq!(arns(value), [arn], "{value}");
        }
        for value in ["arn:aws:kms:*", "arn:aws:s3:::b", "a:b", "arn:*", "", "garbage", "1234abcd"] {
            assert!(arns(value).is_empty(), "{value}");
        }
    }
}
