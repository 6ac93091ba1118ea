//! Keys of AWS KMS, as users name them.

use crate::call::arn;
use crate::iam::{Condition, Location, Operator, Pattern};

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
            let because = "a policy names no key by its alias";
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

/// Whether a text is the ARN of a key.
pub(crate) fn is_key_arn(text: &str) -> bool {
    kms_resource(text).and_then(|resource| resource.strip_prefix("key/")).is_some_and(|id| !id.is_empty())
}

fn alias(text: &str) -> Option<&str> {
    let resource = kms_resource(text).unwrap_or(text);
    resource.strip_prefix("alias/").filter(|name| !name.is_empty())
}

/// The last field of an ARN of AWS KMS.
fn kms_resource(arn: &str) -> Option<&str> {
    let mut fields = arn.splitn(6, ':');
    let named = fields.next() == Some("arn") && fields.nth(1) == Some("kms");
    fields.nth(2).filter(|_| named)
}
