//! Workgroups of Redshift Serverless.

use crate::call::Call;
use crate::iam::{Pattern, Unresolved, WildcardReason};

/// The ARN of a workgroup has its ID, which no parameter holds: a name means every workgroup.
pub(crate) fn workgroup(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    const ALL: &str = "arn:{partition}:redshift-serverless:{region}:{account}:workgroup/*";
    if value.is_arn() {
        return if value.split_at(":workgroup/").is_some() { vec![value.clone()] } else { Vec::new() };
    }
    // Whether a partly known value is an ARN is known only at run time.
    if !value.known().is_some_and(is_name) {
        return Vec::new();
    }
    let cause = Unresolved::Undecided("the name of a workgroup (its ARN has an ID instead)");
    let why = WildcardReason::Run { parameter: "WorkgroupName".to_owned(), cause };
    vec![call.stand_in(ALL, &why)]
}

/// Source: the pattern of `workgroupName` in the API reference of Amazon Redshift Serverless.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::workgroup;
    use crate::call::testing::{made, text};

    #[test]
    fn names_say_nothing_of_the_id() {
        let place = "arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/";
        for (value, id) in [("etl", "*"), (&format!("{place}0f8a"), "0f8a")] {
            assert_eq!(made(&[], |call| workgroup(call, &text(value))), [format!("{place}{id}")], "{value}");
        }
        for value in ["*", "", "https://example.com/a", "arn:aws:redshift:eu-west-1:111122223333:cluster:c"] {
            assert!(made(&[], |call| workgroup(call, &text(value))).is_empty(), "{value}");
        }
    }
}
