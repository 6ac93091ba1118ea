//! Functions of AWS Lambda.

use crate::call::{Call, Presence, can_be_name};
use crate::iam::{Arn, Pattern, Piece, is_account_number, is_region};

/// `FunctionName` and what `Qualifier` adds to it.
pub(crate) fn qualified(
    call: &Call<'_, '_>,
    make: fn(&Call<'_, '_>, &Pattern) -> Vec<Pattern>,
) -> Vec<Pattern> {
    let qualifiers = qualifiers(call);
    let optional = call.presence("Qualifier") != Presence::Always;
    let mut arns = Vec::new();
    for name in call.required("FunctionName") {
        if name.is_unknown() {
            arns.push(name);
            continue;
        }
        let functions = make(call, &name);
        if functions.is_empty() {
            arns.push(call.unfit("FunctionName", &name));
        }
        for arn in functions {
            // The qualifier is there already. With a hole in it, that is known only at run time.
            let complete = arn.known().and_then(Arn::of).is_some_and(|arn| arn.name().contains(':'));
            if complete || optional {
                arns.push(arn.clone());
            }
            if !complete {
                arns.extend(qualifiers.iter().map(|qualifier| {
                    let mut with = arn.clone().then(":");
                    with.push(qualifier);
                    with
                }));
            }
        }
    }
    arns
}

/// The texts of `Qualifier`, the name of an alias or the number of a version.
///
/// Source: the pattern of `Qualifier` on the page of `Invoke` in the Lambda API reference.
fn qualifiers(call: &Call<'_, '_>) -> Vec<Pattern> {
    let is_of_one = |byte: u8| byte.is_ascii_alphanumeric() || b"$_-".contains(&byte);
    let fits = |text: &Pattern| {
        let mut literals = text.pieces().iter().filter_map(|piece| match piece {
            Piece::Literal(literal) => Some(literal),
            Piece::Wildcard(..) => None,
        });
        // A token that is not yet replaced is a problem of its own.
        literals.clone().any(|literal| literal.contains("${"))
            || !text.is_empty() && literals.all(|literal| literal.bytes().all(is_of_one))
    };
    let checked = |text| if fits(&text) { text } else { call.impossible("Qualifier", &text) };
    call.texts("Qualifier").into_iter().map(checked).collect()
}

const OWN: &str = "arn:{partition}:lambda:{region}:{account}:function:{}";

const OF_REGION: &str = "arn:{partition}:lambda:{}";

const OF_ACCOUNT: &str = "arn:{partition}:lambda:{region}:{}";

/// `FunctionName` is a name, a partial ARN (`account:function:name`, also with a Region before it) or an ARN,
/// each with or without a qualifier. Empty for an ARN of which the account is not known.
pub(crate) fn functions(call: &Call<'_, '_>, name: &Pattern) -> Vec<Pattern> {
    if name.is_empty() || name.is_arn() && name.service() != Some("lambda") {
        return Vec::new();
    }
    if let Some((before, function)) = name.split_at(":function:") {
        let account = before.rsplit_once(':').map_or_else(|| before.clone(), |(_, account)| account);
        let certain = account.known().is_some_and(|known| !known.is_empty());
        if certain && name.is_arn() {
            return vec![name.clone()];
        }
        // Before the account there is nothing, a Region, or what is known only at run time.
        let place = before.known().map(|known| known.rsplit_once(':').map_or("", |(place, _)| place));
        if account.known().is_some_and(is_account_number) && !before.has_unwritable() {
            let (template, of) = match place {
                Some("") | None => (OF_ACCOUNT, account),
                Some(place) if is_region(place) => (OF_REGION, before),
                Some(_) => return Vec::new(),
            };
            let mut rest = of.then(":function:");
            rest.push(&function);
            return vec![call.arn(template, Some(&rest), "")];
        }
        return Vec::new();
    }
    if !can_be_name(name) {
        return Vec::new();
    }
    let name = &name.strip_prefix("function:").unwrap_or_else(|| name.clone());
    let mut arns = vec![call.arn(OWN, Some(name), "")];
    if name.known().is_none() && name.beginning().strip_suffix(':').is_some_and(is_account_number) {
        arns.push(call.arn(OF_ACCOUNT, Some(name), ""));
    }
    arns
}

/// The same; an unknown account is assumed to be the state machine's own, because Lambda does not compare
/// accounts with wildcards.
pub(crate) fn own_functions(call: &Call<'_, '_>, name: &Pattern) -> Vec<Pattern> {
    let arns = functions(call, name);
    // An ARN that is known wholly, or of which the service is known, says where the function is.
    let open = name.known().is_none() && (!name.is_arn() || name.service() == Some("lambda"));
    match name.split_at(":function:") {
        Some((before, function)) if arns.is_empty() && open && !before.has_unwritable() => {
            vec![call.arn(OWN, Some(&function), "")]
        }
        _ => arns,
    }
}

/// The function, and the function with the version or the alias that the name or `Qualifier` has: AWS checks
/// some calls with it, and some without. Empty for an ARN of which too little is known.
pub(crate) fn compared(call: &Call<'_, '_>, name: &Pattern) -> Vec<Pattern> {
    let mut functions: Vec<(Pattern, Option<Pattern>)> = Vec::new();
    for arn in own_functions(call, name) {
        // Names have no colons, and a known qualifier follows the seventh.
        let known = arn.known().and_then(|known| {
            let (at, _) = known.match_indices(':').nth(6)?;
            known.split_at_checked(at).zip(known.get(at + 1..))
        });
        functions.push(match known {
            Some(((function, _), qualifier)) => {
                (Pattern::literal(function), Some(Pattern::literal(qualifier)))
            }
            None => (arn, None),
        });
    }
    let mut arns = Vec::new();
    for (function, qualifier) in functions {
        let qualifiers = qualifier.into_iter().chain(qualifiers(call));
        arns.extend(qualifiers.map(|qualifier| {
            let mut qualified = function.clone().then(":");
            qualified.push(&qualifier);
            qualified
        }));
        arns.push(function);
    }
    arns
}

#[cfg(test)]
mod tests {
    use super::{compared, functions, own_functions, qualified};
    use crate::call::testing::{made, text};

    #[test]
    fn names_and_partial_arns_become_arns() {
        for (name, arn) in [
            ("price", "111122223333:function:price"),
            ("price:PROD", "111122223333:function:price:PROD"),
            ("price:$LATEST", "111122223333:function:price:$LATEST"),
            ("price-*", "111122223333:function:price-*"),
            ("*:PROD", "111122223333:function:*:PROD"),
            ("444455556666:function:price", "444455556666:function:price"),
            ("eu-west-1:444455556666:function:price", "444455556666:function:price"),
            ("444455556666:function:*:PROD", "444455556666:function:*:PROD"),
            ("*:444455556666:function:price", "444455556666:function:price"),
            ("arn:aws:lambda:eu-west-1:444455556666:function:price", "444455556666:function:price"),
            ("arn:*:lambda:*:444455556666:function:price:*", "444455556666:function:price:*"),
        ] {
            let arn = format!("arn:aws:lambda:eu-west-1:{arn}");
            assert_eq!(made(&[], |call| functions(call, &text(name))), [arn], "{name}");
        }
        let either = [
            "arn:aws:lambda:eu-west-1:111122223333:function:444455556666:*",
            "arn:aws:lambda:eu-west-1:444455556666:*",
        ];
        assert_eq!(made(&[], |call| functions(call, &text("444455556666:*"))), either);
        for name in ["arn:aws:lambda:*", "arn:*:PROD"] {
            assert!(made(&[], |call| own_functions(call, &text(name))).is_empty(), "{name}");
        }
    }

    #[test]
    fn an_account_that_is_not_known_is_the_own_one() {
        let own = "arn:aws:lambda:eu-west-1:111122223333:function:price:PROD";
        for before in ["*", "arn:aws:lambda:eu-west-1:*", "arn:aws:lambda:*", "arn:*", "4444*"] {
            let name = text(&format!("{before}:function:price:PROD"));
            assert!(made(&[], |call| functions(call, &name)).is_empty(), "{before}");
            assert_eq!(made(&[], |call| own_functions(call, &name)), [own], "{before}");
        }
    }

    #[test]
    fn some_calls_are_checked_with_the_qualifier_and_some_without() {
        let place = "arn:aws:lambda:eu-west-1:";
        for (name, arns) in [
            ("price", vec!["111122223333:function:price"]),
            ("price:PROD", vec!["111122223333:function:price:PROD", "111122223333:function:price"]),
            ("function:price:3", vec!["111122223333:function:price:3", "111122223333:function:price"]),
            ("444455556666:function:price", vec!["444455556666:function:price"]),
            ("444455556666:function:*", vec!["444455556666:function:*"]),
            ("arn:aws:lambda:eu-west-1:444455556666:function:price", vec!["444455556666:function:price"]),
        ] {
            let arns: Vec<String> = arns.iter().map(|arn| format!("{place}{arn}")).collect();
            assert_eq!(made(&[], |call| compared(call, &text(name))), arns, "{name}");
        }
        assert!(made(&[], |call| compared(call, &text("arn:aws:lambda:*"))).is_empty());
    }

    #[test]
    fn a_qualifier_is_added_to_what_has_none() {
        let function = "arn:aws:lambda:eu-west-1:111122223333:function:price";
        for (name, qualifier, tails) in [
            ("price", "PROD", vec![":PROD"]),
            ("price", "*", vec!["", ":*"]),
            ("price", "v*", vec![":v*"]),
            ("price:PROD", "PROD", vec![":PROD"]),
            (function, "PROD", vec![":PROD"]),
        ] {
            let arns: Vec<_> = tails.iter().map(|tail| format!("{function}{tail}")).collect();
            assert_eq!(
                made(&[("FunctionName", name), ("Qualifier", qualifier)], |call| qualified(call, functions)),
                arns,
                "{name}"
            );
        }
        assert_eq!(made(&[], |call| qualified(call, functions)), ["*"]);
    }
}
