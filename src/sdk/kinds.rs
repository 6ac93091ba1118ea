//! On which types of resources an action is checked.

use super::catalog;
use super::model::{Kind, Presence, Target};
use crate::call::begins_as;
use crate::iam::Pattern;

/// Whether an ARN can be one on which an action is checked. `None` if the catalogue does not have the action
/// as that of an operation, or knows no type that the action requires.
#[must_use]
pub fn can_be_on(action: &str, arn: &Pattern) -> Option<bool> {
    let (prefix, name) = action.split_once(':')?;
    let operations = catalog::of_prefix(prefix).filter_map(|service| service.operation(name));
    let own = operations.flat_map(|operation| &operation.actions).filter(|found| found.kind == Kind::Own);
    let targets: Vec<&Target> = own
        .filter(|found| found.name.eq_ignore_ascii_case(action))
        .flat_map(|found| &found.targets)
        .collect();
    let is_required = |target: &&Target| !matches!(target, Target::Type { presence: Presence::Optional, .. });
    if !targets.iter().any(is_required) {
        return None;
    }
    let beginnings = targets.iter().map(|target| match target {
        Target::Expression(template) | Target::Type { template, .. } => template.beginning(),
    });
    Some(beginnings.into_iter().any(|beginning| begins_as(arn, &beginning)))
}

#[cfg(test)]
mod tests {
    use super::can_be_on;
    use crate::iam::Pattern;

    #[test]
    fn the_catalogue_tells_the_types_of_an_action() {
        let place = "eu-west-1:111122223333";
        for (action, arn, can) in [
            ("glue:StartJobRun", format!("arn:aws:glue:{place}:job/nightly"), Some(true)),
            ("glue:startJobRun", format!("arn:aws:glue:{place}:job/*"), Some(true)),
            ("glue:StartJobRun", format!("arn:aws:glue:{place}:crawler/nightly"), Some(false)),
            ("glue:StartJobRun", format!("arn:aws:sqs:{place}:job/nightly"), Some(false)),
            ("sqs:ListQueues", format!("arn:aws:sqs:{place}:orders"), None),
            ("iam:PassRole", "arn:aws:iam::111122223333:role/r".to_owned(), None),
        ] {
            assert_eq!(can_be_on(action, &Pattern::literal(arn.as_str())), can, "{action} on {arn}");
        }
    }
}
