//! Laws of the ARNs that calls of the AWS SDK get, whatever their parameters hold.

use std::collections::{BTreeMap, BTreeSet};

use sfniam::permissions::Mode;
use sfniam::sdk::model::{Binding, Kind, Operation, Path, Piece, Target, Template};

use crate::support::sdk::{
    Given, arguments, by_the_run, everywhere, nothing, paths, permissions, sampled, services,
};
use crate::support::{all, settings};

/// Texts that a parameter does not accept, and some that look as if it did.
const HOSTILE: [&str; 9] = [
    "https://a.example.com/b/c?d=e",
    "s3://bucket/key",
    "arn:aws:sns:us-west-2:444455556666:topic",
    "arn:aws:iam::444455556666:role/r",
    "arn:aws:lambda:::function:f",
    "a:b:c:d:e:f:g",
    "/a/b/",
    "*",
    "",
];

/// An ARN of a policy: it is whole, its service is certain, and no part of it is an ARN or a URL itself. The
/// key of an object can be any text.
fn check(arn: &str) -> Result<(), &'static str> {
    if arn == "*" {
        return Ok(());
    }
    let [start, partition, service, _, _, resource] = arn.splitn(6, ':').collect::<Vec<_>>()[..] else {
        return Err("is not whole");
    };
    let certain = |field: &str| !field.is_empty() && !field.contains(['*', '?', '$']);
    let is_of =
        |part: &str, text: &str| if service == "s3" { part.starts_with(text) } else { part.contains(text) };
    match () {
        () if start != "arn" || !certain(partition) || !certain(service) => Err("is of an uncertain service"),
        () if is_of(resource, "arn:") => Err("has an ARN in it"),
        () if ["http://", "https://", "s3://"].iter().any(|scheme| is_of(resource, scheme)) => {
            Err("has a URL in it")
        }
        () => Ok(()),
    }
}

#[test]
fn no_text_makes_an_arn_that_cannot_be() {
    for mode in Mode::ALL {
        let settings = settings(mode);
        all(sampled().flat_map(|service| {
            let given = HOSTILE.iter().flat_map(|text| permissions(service, everywhere(text), &settings));
            let others = [nothing, by_the_run].map(|given| permissions(service, given, &settings));
            given.chain(others.into_iter().flatten()).flat_map(|(place, permission)| {
                let checked = permission.grant.resources.clone().into_iter().map(|resource| {
                    let arn = resource.to_text();
                    check(&arn).map_err(|wrong| format!("{place}: {arn} {wrong}"))
                });
                checked.collect::<Vec<_>>()
            })
        }));
    }
}

#[test]
fn what_cannot_be_an_arn() {
    for arn in
        ["*", "arn:aws:s3:::bucket/https://example.com/arn:aws", "arn:aws:sqs:eu-west-1:111122223333:*"]
    {
        assert_eq!(check(arn), Ok(()), "{arn}");
    }
    for arn in [
        "arn:aws:sns:eu-west-1",
        "arn:aws:*:eu-west-1:1:x",
        "arn:*:sns:eu-west-1:1:x",
        "arn:aws:iam::1:role/arn:aws:iam::1:role/r",
        "arn:aws:s3:::https://bucket/key",
        "arn:aws:iam::1:role/s3://r",
    ] {
        assert!(check(arn).is_err(), "{arn}");
    }
}

/// An ARN of a type in another Region and account, as far as a hole.
fn elsewhere<'p>(pieces: impl Iterator<Item = &'p Piece>) -> String {
    let texts = pieces.map(|piece| match piece {
        Piece::Text(text) => text.replace('*', "x"),
        Piece::Partition => "aws".to_owned(),
        Piece::Region => "us-west-2".to_owned(),
        Piece::Account => "444455556666".to_owned(),
        Piece::Hole { .. } => "x-1".to_owned(),
    });
    texts.collect()
}

/// A parameter that can hold an ARN of the type, without a reader or a transform of its own.
fn plain(binding: &Binding) -> Option<Path> {
    match binding {
        Binding::Parameter { path, transforms } if transforms.is_empty() => Some(*path),
        _ => None,
    }
}

/// The parameters that hold an ARN of the type that they name, with such an ARN: as a whole, or in place of
/// the name in the last hole. The key of an object is any text, one like an ARN too.
fn holders(operation: &Operation) -> BTreeMap<Path, String> {
    let mut found = BTreeMap::new();
    let own = operation.actions.iter().filter(|action| action.kind == Kind::Own && action.when.is_empty());
    for target in own.flat_map(|action| &action.targets) {
        let Target::Type { whole, template: Template { pieces }, .. } = target else { continue };
        for path in whole.iter().filter_map(plain) {
            found.entry(path).or_insert_with(|| elsewhere(pieces.iter()));
        }
        let is_object = elsewhere(pieces.iter()) == "arn:aws:s3:::x-1/x-1";
        if let Some(Piece::Hole { bindings, .. }) = pieces.last().filter(|_| !is_object) {
            for path in bindings.iter().filter_map(plain) {
                found.entry(path).or_insert_with(|| elsewhere(pieces.iter()));
            }
        }
    }
    found
}

#[test]
fn an_arn_keeps_its_region_and_its_account() {
    let (mut count, mut lost) = (0, Vec::new());
    for service in services() {
        let given = |operation: &Operation| {
            let held = holders(operation);
            let text = |path| held.get(&path).cloned().unwrap_or_else(|| "x-1".to_owned());
            Given::Parameters(arguments(paths(operation), text))
        };
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut optimized = BTreeSet::new();
        for (place, permission) in permissions(service, given, &settings(Mode::LeastPrivilege)) {
            let arns = permission.grant.resources.iter().map(|resource| resource.to_text());
            if permission.basis.is_some_and(|basis| basis.rule == "optimized") {
                optimized.insert(place.clone());
            }
            found.entry(place).or_default().extend(arns);
        }
        for operation in service.operations().filter_map(|name| service.operation(name)) {
            let place = format!("{}.{}", service.segment, operation.name);
            let arns = found.get(&place).map(Vec::as_slice).unwrap_or_default();
            for (path, arn) in holders(operation) {
                count += 1;
                let takes_names_only = optimized.contains(&place) && !path.as_str().ends_with("Arn");
                if !arns.contains(&arn) && !takes_names_only {
                    lost.push(format!("{place} {} {arn} {arns:?}", path.as_str()));
                }
            }
        }
    }
    assert!(count > 10_000, "{count}");
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
