//! Functions of AWS Lambda.

use crate::call::{Call, Presence};
use crate::iam::Pattern;

/// `FunctionName` and what `Qualifier` adds to it.
pub(crate) fn qualified(
    call: &Call<'_, '_>,
    make: fn(&Call<'_, '_>, &Pattern) -> Vec<Pattern>,
) -> Vec<Pattern> {
    let qualifiers = call.texts("Qualifier");
    let optional = call.presence("Qualifier") != Presence::Always;
    let mut arns = Vec::new();
    for name in call.required("FunctionName") {
        if name.is_unknown() {
            arns.push(name);
            continue;
        }
        let functions = make(call, &name);
        if functions.is_empty() {
            arns.push(call.malformed("FunctionName", &name));
        }
        for arn in functions {
            // Eight fields: the qualifier is there already. With a hole in it, only the run knows.
            let complete = arn.known().is_some_and(|arn| arn.split(':').count() > 7);
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

const OWN: &str = "arn:{partition}:lambda:{region}:{account}:function:{}";

const OF_ACCOUNT: &str = "arn:{partition}:lambda:{region}:{}";

/// `FunctionName` is a name, a partial ARN (`account:function:name`) or an ARN, each with or without a qualifier. Nothing for an ARN of which
/// the account is not known.
pub(crate) fn functions(call: &Call<'_, '_>, name: &Pattern) -> Vec<Pattern> {
    if let Some((before, function)) = name.split_at(":function:") {
        let account = before.rsplit_once(':').map_or(before, |(_, account)| account);
        let certain = account.known().is_some_and(|known| !known.is_empty());
        if certain && name.is_arn() {
            return vec![name.clone()];
        }
        if account.known().is_some_and(is_account) {
            let mut rest = account.then(":function:");
            rest.push(&function);
            return vec![call.arn(OF_ACCOUNT, Some(&rest), "")];
        }
        return Vec::new();
    }
    if name.beginning().starts_with("arn:") {
        return Vec::new();
    }
    let mut arns = vec![call.arn(OWN, Some(name), "")];
    if name.known().is_none() && name.beginning().strip_suffix(':').is_some_and(is_account) {
        arns.push(call.arn(OF_ACCOUNT, Some(name), ""));
    }
    arns
}

/// The same; an account that is not known is taken for the own one, for no wildcard stands for an account in Lambda's comparison.
pub(crate) fn own_functions(call: &Call<'_, '_>, name: &Pattern) -> Vec<Pattern> {
    let arns = functions(call, name);
    match name.split_at(":function:") {
        Some((_, function)) if arns.is_empty() => vec![call.arn(OWN, Some(&function), "")],
        _ => arns,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A function as IAM names it: by its name, or by its ARN if it is given or another account is; and with the version or the alias, if one
/// is given in the name or as Qualifier, for AWS checks some calls with it.
pub(crate) fn compared(text: Pattern, call: &Call<'_, '_>) -> Vec<Pattern> {
    let (function, qualifier) = with_qualifier(text, call);
    let mut qualified = Vec::new();
    for qualifier in qualifier.into_iter().chain(call.texts("Qualifier")) {
        let mut text = function.clone().then(":");
        text.push(&qualifier);
        qualified.push(text);
    }
    [vec![function], qualified].concat()
}

fn with_qualifier(text: Pattern, call: &Call<'_, '_>) -> (Pattern, Option<Pattern>) {
    let Some(known) = text.known() else { return (text, None) };
    let fields: Vec<&str> = known.split(':').collect();
    let text = |text: &&str| Pattern::literal(*text);
    match fields.as_slice() {
        ["arn", ..] => {
            let function = fields.get(..7).map_or(known.to_owned(), |fields| fields.join(":"));
            (Pattern::literal(function), fields.get(7).map(text))
        }
        [account, "function", name, rest @ ..] => {
            let function = call.arn("arn:{partition}:lambda:{region}:{}", Some(&text(account)), "");
            (function.then(&format!(":function:{name}")), rest.first().map(text))
        }
        ["function", name, rest @ ..] | [name, rest @ ..] => (text(name), rest.first().map(text)),
        [] => (Pattern::default(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::{functions, own_functions, qualified};
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
