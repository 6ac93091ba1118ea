//! Resources of the account that a parameter of the call names as their owner. The catalogue says which ones.

use crate::call::{Call, Presence};
use crate::iam::{Pattern, is_account_number};

/// The ARNs of a resource of the caller's account, in the accounts that a parameter names. `takes_others`
/// says whether it also takes what is no account number, which means something of the caller's.
pub(crate) fn in_accounts(
    call: &Call<'_, '_>,
    arn: Pattern,
    parameter: &str,
    takes_others: bool,
) -> Vec<Pattern> {
    let accounts = call.texts(parameter);
    if accounts.is_empty() {
        return vec![arn];
    }
    let within = |account: &Pattern| in_account(call, &arn, parameter, account, takes_others);
    let own = may_be_own(call, parameter, &accounts).then(|| arn.clone());
    own.into_iter().chain(accounts.iter().flat_map(within)).collect()
}

/// Whether a parameter that can have these texts may be absent too, and none of them covers that.
pub(super) fn may_be_own(call: &Call<'_, '_>, parameter: &str, texts: &[Pattern]) -> bool {
    call.presence(parameter) != Presence::Always && !texts.iter().any(Pattern::is_unknown)
}

fn in_account(
    call: &Call<'_, '_>,
    arn: &Pattern,
    parameter: &str,
    account: &Pattern,
    takes_others: bool,
) -> Vec<Pattern> {
    let known = match account.known() {
        // A token that is not yet replaced may be the own account.
        Some(token) if token.contains("${") => return vec![arn.clone()],
        Some(text) if is_account_number(text) => account.clone(),
        Some(_) if takes_others => return vec![arn.clone()],
        Some(_) => return vec![call.impossible(parameter, account)],
        None => account.reasons().next().cloned().map_or_else(|| account.clone(), Pattern::anything),
    };
    let Some(there) = moved(call, arn, &known) else { return vec![arn.clone()] };
    let own = shared_mesh(arn, &known).filter(|_| there != *arn);
    own.into_iter().chain([there]).collect()
}

/// What the caller has in a mesh of another account: it is in the caller's account, and the name of the mesh
/// has that of its owner behind it.
///
/// Source: that consumers create resources in a mesh, in
/// <https://docs.aws.amazon.com/app-mesh/latest/userguide/sharing.html>; the ARNs that
/// AWS's controller takes apart, in
/// <https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/pkg/conversions/arns_conversion_test.go>.
fn shared_mesh(arn: &Pattern, owner: &Pattern) -> Option<Pattern> {
    let mesh = arn.service().filter(|service| *service == "appmesh").and_then(|_| arn.split_at(":mesh/"));
    let (place, resource) = mesh?;
    let (name, rest) = resource.split_at("/")?;
    let mut shared = place.then(":mesh/");
    shared.push(&name);
    shared.push_literal("@");
    shared.push(owner);
    shared.push_literal("/");
    shared.push(&rest);
    Some(shared)
}

/// An ARN of the caller's own account in another one. One that the user gives stays as it is.
fn moved(call: &Call<'_, '_>, arn: &Pattern, account: &Pattern) -> Option<Pattern> {
    let (service, resource) = (arn.service()?, arn.resource()?);
    let in_place = |region: &str, account: &Pattern| {
        let mut made =
            call.arn(&format!("arn:{{partition}}:{service}:{region}:{{}}"), Some(account), "").then(":");
        made.push(&resource);
        made
    };
    let own = call.setting("account")?;
    let region = ["{region}", ""].into_iter().find(|region| in_place(region, &own) == *arn)?;
    Some(in_place(region, account))
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

    fn of(account: &'static str, arn: &str) -> Vec<String> {
        made(&[("RegistryId", account)], |call| {
            in_accounts(call, Pattern::literal(arn), "RegistryId", account == "-")
        })
    }

    #[test]
    fn the_account_of_the_owner() {
        const ARN: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/r";
        let other = ["arn:aws:ecr:eu-west-1:444455556666:repository/r"];
        assert_eq!(of("444455556666", ARN), other);
        assert_eq!(of("*", ARN), ["arn:aws:ecr:eu-west-1:*:repository/r"]);
        assert_eq!(of("own", ARN), ["*"]);
        assert_eq!(of("-", ARN), [ARN]);
        assert_eq!(of("${Account}", ARN), [ARN]);
        let global = "arn:aws:ecr-public::111122223333:repository/r";
        assert_eq!(of("444455556666", global), ["arn:aws:ecr-public::444455556666:repository/r"]);
    }

    #[test]
    fn what_is_in_a_shared_mesh_is_its_owners_or_the_callers() {
        const NODE: &str = "arn:aws:appmesh:eu-west-1:111122223333:mesh/m/virtualNode/n";
        let in_both = |owner: &str| {
            let own = format!("arn:aws:appmesh:eu-west-1:111122223333:mesh/m@{owner}/virtualNode/n");
            [own, format!("arn:aws:appmesh:eu-west-1:{owner}:mesh/m/virtualNode/n")]
        };
        assert_eq!(of("444455556666", NODE), in_both("444455556666"));
        assert_eq!(of("*", NODE), in_both("*"));
        assert_eq!(of("111122223333", NODE), [NODE]);
        let mesh = "arn:aws:appmesh:eu-west-1:111122223333:mesh/m";
        assert_eq!(of("444455556666", mesh), ["arn:aws:appmesh:eu-west-1:444455556666:mesh/m"]);
    }

    #[test]
    fn what_the_user_gives_stays_where_it_is() {
        for arn in [
            "arn:aws:ecr:eu-west-1:555566667777:repository/r",
            "arn:aws:ecr:us-east-1:111122223333:repository/r",
            "arn:aws:s3:::b",
        ] {
            assert_eq!(of("444455556666", arn), [arn]);
        }
    }
}
