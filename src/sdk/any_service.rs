//! Parameters that take ARNs of many services, of which the service decides what a call needs.

use std::collections::BTreeSet;

use super::arn::Literal;
use super::forms;
use super::model::{Operation, Test};
use crate::call::Call;
use crate::iam::{Arn, Pattern};

/// The service, if a test asks for that of an ARN, as `:sqs:` does.
pub(super) fn asked_for(test: Test) -> Option<&'static str> {
    let Test::Contains(word) = test else { return None };
    word.strip_prefix(':')?.strip_suffix(':')
}

/// The literals of such parameters that are not ARNs of any service.
pub(super) fn misread(operation: &Operation, call: &Call<'_, '_>) -> Vec<Literal> {
    let conditions = operation.actions.iter().flat_map(|action| &action.when);
    let about_services = conditions.filter(|when| asked_for(when.test).is_some());
    let paths: BTreeSet<&str> =
        about_services.flat_map(|when| &when.paths).map(|path| path.as_str()).collect();
    let mut literals = Vec::new();
    for path in paths {
        let texts = call.texts(path);
        let wrong = texts.iter().filter(|text| !is_of_a_service(text)).filter_map(|text| text.written(false));
        literals.extend(wrong.map(|text| Literal { parameter: path.to_owned(), text, fits: false }));
    }
    literals
}

/// Whether a text is an ARN of a service of which AWS's data have resources, and which names one of them.
fn is_of_a_service(text: &Pattern) -> bool {
    let is_one = |field: &str| !field.contains(['*', '?']);
    text.known().and_then(Arn::of).is_some_and(|arn| {
        let is_named = forms::has_service(arn.service) && !arn.resource.is_empty();
        is_named && [arn.partition, arn.region, arn.account].into_iter().all(is_one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_any_service() {
        for (text, is) in [
            ("arn:aws:sqs:eu-west-1:111122223333:orders", true),
            ("arn:aws:s3:::reports", true),
            ("arn:aws:state:eu-west-1:111122223333:stateMachine:x", false),
            ("arn:aws:sqs:*:*:*", false),
            ("arn:aws:sq\u{455}:eu-west-1:111122223333:orders", false),
            ("arn:aws:sqs:eu-west-1:111122223333:", false),
            ("orders", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(is_of_a_service(&Pattern::literal(text)), is, "{text}");
        }
    }
}
