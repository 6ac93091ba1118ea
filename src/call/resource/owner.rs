//! Resources of the account that a parameter of the call names as their owner.

use crate::call::Call;
use crate::iam::{Pattern, is_account_number};

/// The services, and the parameters with the account that owns what their calls are about. Without it, that
/// is the caller's.
///
/// Source: the account of the owner in
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html>,
/// <https://docs.aws.amazon.com/codeartifact/latest/ug/create-repo.html> and
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html>.
pub(crate) const OWNERS: [(&str, &str); 3] =
    [("codeartifact", "DomainOwner"), ("ecr", "RegistryId"), ("sqs", "QueueOwnerAWSAccountId")];

/// The ARNs of a resource of the caller's account, in the accounts that the call names.
pub(crate) fn in_accounts(call: &Call<'_, '_>, arn: Pattern) -> Vec<Pattern> {
    let owner = OWNERS.iter().find(|(service, _)| arn.service() == Some(service));
    let Some((_, parameter)) = owner else { return vec![arn] };
    let accounts = call.texts(parameter);
    if accounts.is_empty() {
        return vec![arn];
    }
    accounts.iter().map(|account| in_account(call, &arn, parameter, account)).collect()
}

fn in_account(call: &Call<'_, '_>, arn: &Pattern, parameter: &str, account: &Pattern) -> Pattern {
    let known = match account.known() {
        // A token that is not yet replaced may be the own account.
        Some(token) if token.contains("${") => return arn.clone(),
        Some(text) if !is_account_number(text) => return call.impossible(parameter, account),
        Some(_) => account.clone(),
        None => account.reasons().next().cloned().map_or_else(|| account.clone(), Pattern::anything),
    };
    let parts = arn.service().zip(arn.resource());
    parts.map_or_else(|| arn.clone(), |(service, resource)| at(call, service, &known, &resource))
}

/// The ARN of a resource of an account, in the Region of the call.
pub(super) fn at(call: &Call<'_, '_>, service: &str, account: &Pattern, resource: &Pattern) -> Pattern {
    let mut arn =
        call.arn(&format!("arn:{{partition}}:{service}:{{region}}:{{}}"), Some(account), "").then(":");
    arn.push(resource);
    arn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::made;

    fn of(parameter: &'static str, account: &'static str, arn: &str) -> Vec<String> {
        made(&[(parameter, account)], |call| in_accounts(call, Pattern::literal(arn)))
    }

    #[test]
    fn the_account_of_the_owner() {
        const ARN: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/r";
        let other = ["arn:aws:ecr:eu-west-1:444455556666:repository/r"];
        assert_eq!(of("RegistryId", "444455556666", ARN), other);
        assert_eq!(of("RegistryId", "*", ARN), ["arn:aws:ecr:eu-west-1:*:repository/r"]);
        assert_eq!(of("RegistryId", "own", ARN), ["*"]);
        assert_eq!(of("RegistryId", "${Account}", ARN), [ARN]);
        assert_eq!(of("DomainOwner", "444455556666", ARN), [ARN]);
        let topic = "arn:aws:sns:eu-west-1:111122223333:t";
        assert_eq!(of("RegistryId", "444455556666", topic), [topic]);
    }
}
