//! Secrets of AWS Secrets Manager.

use crate::iam::Arn;

/// Secrets Manager accepts the ARN of a secret without the hyphen and six characters that it appends to the
/// name; IAM does not.
pub(crate) fn is_secret_without_suffix(arn: &str) -> bool {
    const SUFFIX: usize = 6;

    let arn = Arn::of(arn).filter(|arn| arn.service == "secretsmanager");
    let Some(name) = arn.and_then(|arn| arn.resource.strip_prefix("secret:")) else { return false };
    let suffix = name.rsplit_once('-').map(|(_, suffix)| suffix);
    !suffix.is_some_and(|suffix| {
        suffix.len() == SUFFIX && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
