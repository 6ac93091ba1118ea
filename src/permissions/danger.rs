//! Which wildcards are dangerous, whatever their reason: the role should be able to do this to named
//! resources only.

use std::cell::LazyCell;

use crate::iam::{ArnFields, Grant, Pattern, Unresolved, WildcardReason};
use crate::sdk::dangerous::danger;

use super::position::{Wildcard, wildcards};
use super::resource_name::is_part;
use super::{Mode, Permission};

/// Actions that are dangerous only on every resource of the type, and why.
const ON_EVERY: [(&str, &str); 4] = [
    ("lambda:InvokeFunction", "every function of the account can be called"),
    ("s3:GetObject", "every object of the account can be read"),
    ("s3:GetObjectVersion", "every object of the account can be read"),
    ("s3:PutObject", "every object of the account can be overwritten"),
];

/// Why `iam:PassRole` without `iam:PassedToService` is dangerous.
pub(super) const PASSED_ANYWHERE: &str = "the role can be passed to any service that trusts it";

/// The actions of a permission that are dangerous on one of its resources, each with the reason: a clause.
///
/// Actions that follow and stop a job are not dangerous: AWS makes the IDs of jobs. Neither is what the state
/// machine itself needs by the user's arguments, such as log delivery, which has no resource type.
pub(super) fn dangers<'p>(permission: &'p Permission, resource: &Pattern) -> Vec<(&'p str, &'static str)> {
    if permission.pointer.is_empty() || resource.known().is_some() {
        return Vec::new();
    }
    let is_named = LazyCell::new(|| is_named(resource) || is_named_by_alias(&permission.grant));
    let of = |action: &'p String| {
        let of_action = ON_EVERY.iter().find(|(own, _)| own.eq_ignore_ascii_case(action));
        let on_every = || of_action.filter(|_| is_every(resource));
        let why = danger(action).filter(|_| !permission.follows && !*is_named);
        Some((action.as_str(), why.or_else(|| on_every().map(|(_, why)| *why))?))
    };
    permission.grant.actions.iter().filter_map(of).collect()
}

/// Whether a permission passes a role to any service, where least privilege names the service.
pub(super) fn passes_anywhere(permission: &Permission, mode: Mode) -> bool {
    let grant = &permission.grant;
    let passes = grant.actions.iter().any(|action| action.eq_ignore_ascii_case("iam:PassRole"));
    let bound = grant.conditions.iter().any(|one| one.key.eq_ignore_ascii_case("iam:PassedToService"));
    mode == Mode::LeastPrivilege && passes && !bound
}

/// Whether a wildcard makes the resource of that text wider than a named one.
pub(super) fn widens(one: &Wildcard<'_>, text: &str) -> bool {
    match one.reason {
        WildcardReason::Setting(_) => false,
        _ if is_part(&one.before) => false,
        WildcardReason::Unwritable { .. } => false,
        WildcardReason::Run { cause: Unresolved::NoParameterForPart, .. } => false,
        // Such as the six characters that AWS Secrets Manager puts after a name.
        WildcardReason::Aws(_) if one.wildcard == "?" => false,
        WildcardReason::Aws(_) => !has_name(&one.before) && !names_behind_path(&one.before, text),
        _ => true,
    }
}

/// Whether a resource has its main name, and a wildcard only where AWS leaves no choice, or in a part of it.
fn is_named(resource: &Pattern) -> bool {
    let text = resource.to_text();
    !wildcards(resource, is_part).iter().any(|one| widens(one, &text))
}

/// Whether a wildcard comes after a name: `parameter/shop/` is one, `key/` is only the type.
fn has_name(before: &str) -> bool {
    let Some(resource) = ArnFields::of(before).resource else { return false };
    let Some((_, name)) = resource.split_once(['/', ':']) else { return false };
    name.ends_with(['/', ':']) && name.len() > 1 && !name.contains(['*', '?'])
}

/// Roles and users follow a path, but their names are unique without it: `role/*/deploy`.
fn names_behind_path(before: &str, text: &str) -> bool {
    let is_iam = ArnFields::of(before).service == Some("iam");
    is_iam && text.rsplit('/').next().is_some_and(|name| !name.is_empty() && !name.contains(['*', '?']))
}

/// Whether a wildcard is the whole name of a bucket or a function.
fn is_every(resource: &Pattern) -> bool {
    let text = resource.to_text();
    let fields = ArnFields::of(&text);
    let name = match (fields.service, fields.resource) {
        (Some("s3"), Some(resource)) => resource.split('/').next(),
        (Some("lambda"), Some(resource)) => {
            resource.strip_prefix("function:").unwrap_or(resource).split(':').next()
        }
        _ => Some(text.as_str()),
    };
    name == Some("*")
}

/// A policy cannot name a key by its alias, but it can have a condition on the alias.
fn is_named_by_alias(grant: &Grant) -> bool {
    let mut aliases = grant.conditions.iter().filter(|one| one.key == "kms:ResourceAliases");
    aliases.any(|one| one.values.iter().all(|alias| alias.known().is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str, why: &WildcardReason) -> Pattern {
        let mut made = Pattern::default();
        made.push_template(text, why);
        made
    }

    #[test]
    fn what_names_a_resource() {
        let (aws, hint) = (WildcardReason::Aws("test"), WildcardReason::Hint);
        for (text, by_aws, by_hint) in [
            ("arn:aws:iam::111122223333:role/deploy", true, true),
            ("arn:aws:iam::111122223333:role/*/deploy", true, false),
            ("arn:aws:iam::111122223333:role/app-*", false, false),
            ("arn:aws:iam::111122223333:role/*", false, false),
            ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????", true, false),
            ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-*", false, false),
            ("arn:aws:ssm:eu-west-1:111122223333:parameter/shop/*", true, false),
            ("arn:aws:ssm:eu-west-1:111122223333:parameter/*", false, false),
            ("arn:aws:kms:eu-west-1:111122223333:key/*", false, false),
            ("arn:aws:s3:::reports/*", true, true),
            ("arn:aws:s3:::*/*", false, false),
            ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*", true, true),
            ("*", false, false),
        ] {
            assert_eq!(is_named(&pattern(text, &aws)), by_aws, "{text}");
            assert_eq!(is_named(&pattern(text, &hint)), by_hint, "{text}");
        }
        let mut place = Pattern::literal("arn:aws:iam::");
        place.push_wildcard("*", WildcardReason::Setting("account_id"));
        assert!(is_named(&place.clone().then(":role/deploy")));
        let mut all = place.then(":role/");
        all.push_wildcard("*", aws);
        assert!(!is_named(&all));
    }

    #[test]
    fn what_stands_for_every_bucket_or_function() {
        for (text, every) in [
            ("*", true),
            ("arn:aws:s3:::*", true),
            ("arn:aws:s3:::*/a.csv", true),
            ("arn:aws:s3:::reports-*/*", false),
            ("arn:aws:lambda:eu-west-1:111122223333:function:*", true),
            ("arn:aws:lambda:eu-west-1:111122223333:function:*:PROD", true),
            ("arn:aws:lambda:eu-west-1:111122223333:function:price-*", false),
        ] {
            assert_eq!(is_every(&pattern(text, &WildcardReason::Hint)), every, "{text}");
        }
    }
}
