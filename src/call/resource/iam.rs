//! Roles of IAM.

use crate::call::{Call, is_of_type};
use crate::iam::{Pattern, Reach};

/// The ARN of a role.
pub(crate) const ROLE: &str = "arn:{partition}:iam::{account}:role/{}";

/// A role by its name, by path and name, or by its ARN. Empty for the ARN of something else, for a URL, and
/// for an ARN of which too little is known.
pub(crate) fn roles(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    if value.is_arn() {
        return if is_of_type(value, ROLE) { vec![value.clone()] } else { Vec::new() };
    }
    let name = value.strip_prefix("/").unwrap_or_else(|| value.clone());
    call.named(ROLE, &name, "").iter().map(of_this_account).collect()
}

/// IAM passes no role of another account.
///
/// Source: "Grant a user permissions to pass a role to an AWS service" of the IAM user guide.
fn of_this_account(role: &Pattern) -> Pattern {
    role.with_reasons(|why| why.reaching(Reach::There))
}

/// Every role of the same account that a value known only at run time can name.
pub(crate) fn any_role(call: &Call<'_, '_>, parameter: &str, value: &Pattern) -> Pattern {
    of_this_account(&call.arn(ROLE, Some(&call.unfit(parameter, value)), ""))
}

#[cfg(test)]
mod tests {
    use super::roles;
    use crate::call::testing::{made, text};

    #[test]
    fn by_name_by_path_and_by_arn() {
        for (value, arns) in [
            ("worker", vec!["arn:aws:iam::111122223333:role/worker"]),
            ("/jobs/worker", vec!["arn:aws:iam::111122223333:role/jobs/worker"]),
            ("arn:aws:iam::444455556666:role/worker", vec!["arn:aws:iam::444455556666:role/worker"]),
            ("arn:aws:iam::444455556666:role/*", vec!["arn:aws:iam::444455556666:role/*"]),
            ("arn:aws:iam::444455556666:*", vec!["arn:aws:iam::444455556666:*"]),
            ("arn:aws:iam::444455556666:user/worker", vec![]),
            ("arn:aws:sns:eu-west-1:444455556666:topic", vec![]),
            ("arn:*", vec![]),
            ("https://example.com/worker", vec![]),
        ] {
            assert_eq!(made(&[], |call| roles(call, &text(value))), arns, "{value}");
        }
    }
}
