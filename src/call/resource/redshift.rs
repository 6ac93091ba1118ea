//! Workgroups of Redshift Serverless.

use crate::call::Call;
use crate::iam::Pattern;

/// The ARN of a workgroup has its ID, which no parameter holds: a name stands for every workgroup.
pub(crate) fn workgroup(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    const ALL: &str = "arn:{partition}:redshift-serverless:{region}:{account}:workgroup/*";
    if value.is_arn() {
        return if value.split_at(":workgroup/").is_some() { vec![value.clone()] } else { Vec::new() };
    }
    if value.known().is_none() {
        // Only the run knows whether it is an ARN.
        return Vec::new();
    }
    vec![call.arn(ALL, None, "the ARN of a workgroup has its ID, and the call its name")]
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
        for value in ["*", "arn:aws:redshift:eu-west-1:111122223333:cluster:c"] {
            assert!(made(&[], |call| workgroup(call, &text(value))).is_empty(), "{value}");
        }
    }
}
