//! Secrets of AWS Secrets Manager.

/// Secrets Manager takes the ARN of a secret without the hyphen and six characters that it has put behind the
/// name; IAM does not.
pub(crate) fn is_secret_without_suffix(arn: &str) -> bool {
    const SUFFIX: usize = 6;

    let fields: Vec<&str> = arn.splitn(7, ':').collect();
    let [_, _, "secretsmanager", _, _, "secret", name] = fields.as_slice() else { return false };
    let suffix = name.rsplit_once('-').map(|(_, suffix)| suffix);
    !suffix.is_some_and(|suffix| {
        suffix.len() == SUFFIX && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
