//! ARN templates, and how settings fill them.

use crate::iam::{ArnFields, Location, Pattern, Piece, WildcardReason};

/// The texts that begin with `head` and end as `ending` does, whose literal part after the wildcard begins
/// within the head: what an ARN can be whose beginning is in the wildcard.
#[must_use]
pub fn overlapping(head: &Pattern, ending: &Pattern) -> Vec<Pattern> {
    let [Piece::Wildcard(..), Piece::Literal(rest), others @ ..] = ending.pieces() else { return Vec::new() };
    let Some(Piece::Literal(last)) = head.pieces().last() else { return Vec::new() };
    let ends = rest.char_indices().map(|(at, character)| at + character.len_utf8());
    let shared =
        ends.filter_map(|end| rest.split_at_checked(end)).filter(|(shared, _)| last.ends_with(shared));
    let texts = shared.map(|(_, tail)| {
        let mut text = head.clone().then(tail);
        others.iter().for_each(|piece| text.push_piece(piece));
        text
    });
    texts.collect()
}

/// What the user's settings say for a hole: where the state machine runs, and its name. `None` if the hole is
/// not the name of a setting.
#[must_use]
pub fn setting(aws: &Location, machine: Option<&str>, hole: &str) -> Option<Pattern> {
    let given = |value: Option<&str>, argument| {
        let open = || Pattern::anything(WildcardReason::Setting(argument));
        value.map_or_else(open, |value| Pattern::literal(value).of_parameter(argument))
    };
    match hole {
        "partition" => Some(Pattern::literal(aws.partition.as_str())),
        "region" => Some(given(aws.region.as_deref(), "region")),
        "account" => Some(given(aws.account.as_deref(), "account_id")),
        "machine" => Some(given(machine, "state_machine_name")),
        _ => None,
    }
}

/// An ARN from a template whose holes are `{partition}`, `{region}`, `{account}`, `{machine}` and, if `value`
/// is given, `{}`. `*` and `?` in the template are wildcards, for the reason given.
#[must_use]
pub fn arn(
    aws: &Location,
    machine: Option<&str>,
    template: &str,
    value: Option<&Pattern>,
    because: &'static str,
) -> Pattern {
    let mut arn = Pattern::default();
    fill(template, &WildcardReason::Aws(because), &mut arn, |hole, arn| match (hole, value) {
        ("", Some(value)) => arn.push(value),
        _ => arn.push(&setting(aws, machine, hole).unwrap_or_default()),
    });
    arn
}

/// Whether an ARN can be one of a template: the same service, and the same words before the first hole or
/// wildcard of its resource.
#[must_use]
pub fn is_of_type(arn: &Pattern, template: &str) -> bool {
    let written = template.replace("{partition}", "").replace("{region}", "").replace("{account}", "");
    let end = written.find(['{', '*']).unwrap_or(written.len());
    begins_as(arn, written.get(..end).unwrap_or_default())
}

/// Whether an ARN has the service and the words of a resource that are written; partition, Region and account
/// do not count. A wildcard may hold what is not there yet, and without a service any will do.
#[must_use]
pub fn begins_as(arn: &Pattern, written: &str) -> bool {
    let (wanted, given) = (ArnFields::of(written), ArnFields::of(arn.beginning()));
    let Some(service) = wanted.service.filter(|service| !service.is_empty()) else { return true };
    let words = wanted.resource.unwrap_or_default();
    given.service == Some(service)
        && match given.resource {
            Some(resource) if arn.known().is_none() && words.starts_with(resource) => true,
            Some(resource) => resource.starts_with(words),
            None => true,
        }
}

/// Copies a template: `hole` is called for each `{…}`, wildcards get the reason.
pub fn fill(
    template: &str,
    why: &WildcardReason,
    text: &mut Pattern,
    mut hole: impl FnMut(&str, &mut Pattern),
) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_template(before, why);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        hole(name, text);
        rest = tail;
    }
    text.push_template(rest, why);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::text;

    #[test]
    fn an_arn_fits_a_template_of_its_service_and_type() {
        let role = "arn:{partition}:iam::{account}:role/{}";
        let topic = "arn:{partition}:sns:{region}:{account}:{}";
        for (template, arn, fit) in [
            (role, "arn:aws:iam::111122223333:role/deploy", true),
            (role, "arn:aws:iam::*:role/deploy", true),
            (role, "arn:aws:iam::111122223333:*", true),
            (role, "arn:aws:iam::111122223333:ro*", true),
            (role, "arn:aws:iam::111122223333:user/deploy", false),
            (role, "arn:aws:s3:::deploy", false),
            (topic, "arn:aws:sns:eu-west-1:111122223333:orders", true),
            (topic, "arn:aws:sqs:eu-west-1:111122223333:orders", false),
        ] {
            assert_eq!(is_of_type(&text(arn), template), fit, "{arn}");
        }
    }
}
