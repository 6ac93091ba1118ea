//! An ARN of the service that a parameter names, but of a type that it does not take, is rejected, and what a
//! resource belongs to can be given as an ARN.

use std::collections::{BTreeMap, BTreeSet};

use sfniam::iam::ArnFields;
use sfniam::permissions::Mode;
use sfniam::sdk::model::{Action, Binding, Operation, Path, Piece, Target, Template};

use crate::support::sdk::{Given, arguments, permissions, services, template};
use crate::support::settings;

/// The parameters of an operation, each with the services of the ARNs that it is a part of: of those whose
/// ARNs all have a word before the name. A reader decides for itself.
fn parameters(operation: &Operation) -> BTreeMap<Path, BTreeSet<String>> {
    let mut found: BTreeMap<Path, Option<BTreeSet<String>>> = BTreeMap::new();
    for (whole, template) in operation.actions.iter().flat_map(|action| &action.targets).map(template) {
        let beginning = template.beginning();
        let has_word = ArnFields::of(&beginning).resource.is_some_and(|word| word.ends_with(['/', ':']));
        let service = template.service().filter(|_| has_word);
        for binding in whole.iter().chain(template.bindings()) {
            let Binding::Parameter { path, .. } = binding else { continue };
            let of = found.entry(*path).or_insert_with(|| Some(BTreeSet::new()));
            match service.clone().filter(|_| binding.reader().is_none()) {
                Some(service) => of.iter_mut().for_each(|of| of.extend([service.clone()])),
                None => *of = None,
            }
        }
    }
    // What names nothing unless another parameter is given is not read.
    let is_read = |path: &Path| {
        let always = |action: &&Action| action.when.is_empty() && action.kind.is_granted();
        let targets =
            operation.actions.iter().filter(always).flat_map(|action| &action.targets).map(template);
        let mut bindings = targets.flat_map(|(whole, template)| whole.iter().chain(template.bindings()));
        bindings.any(|binding| matches!(binding, Binding::Parameter { path: own, .. } if own == path))
    };
    found.into_iter().filter(|(path, _)| is_read(path)).filter_map(|(path, of)| Some((path, of?))).collect()
}

/// An ARN of a service, of a type that none has.
fn of_no_type(service: &str) -> String {
    format!("arn:aws:{service}:eu-west-1:111122223333:qqq-type/zz")
}

#[test]
fn an_arn_of_another_type_is_rejected() {
    let (mut count, mut taken) = (0, Vec::new());
    for service in services() {
        let given = |operation: &Operation| {
            let held = parameters(operation);
            let text =
                |path| held.get(&path).and_then(BTreeSet::first).map_or("zz".into(), |of| of_no_type(of));
            Given::Parameters(arguments(held.keys().copied(), text))
        };
        let mut rejected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (place, permission) in permissions(service, given, &settings(Mode::LeastPrivilege)) {
            if permission.basis.is_some_and(|basis| !matches!(basis.rule, "optimized" | "role")) {
                let names = permission.rejected.iter().map(|one| one.parameter.clone());
                rejected.entry(place).or_default().extend(names);
            }
        }
        for operation in service.operations().filter_map(|name| service.operation(name)) {
            let place = format!("{}.{}", service.segment, operation.name);
            let Some(rejected) = rejected.get(&place) else { continue };
            for path in parameters(operation).into_keys() {
                count += 1;
                if !rejected.contains(path.as_str()) {
                    taken.push(format!("{place} {}", path.as_str()));
                }
            }
        }
    }
    assert!(count > 10_000, "{count}");
    assert!(taken.is_empty(), "{} of {count}\n{}", taken.len(), taken.join("\n"));
}

/// The parameters that name what a resource belongs to, each with an ARN of that: of a type whose last
/// variable is that of the hole.
fn above(service: &sfniam::sdk::catalog::Service, operation: &Operation) -> BTreeMap<Path, BTreeSet<String>> {
    let mut found: BTreeMap<Path, BTreeSet<String>> = BTreeMap::new();
    for target in operation.actions.iter().flat_map(|action| &action.targets) {
        let Target::Type { template: Template { pieces }, .. } = target else { continue };
        for (at, piece) in pieces.iter().enumerate() {
            let Piece::Hole { variable, bindings } = piece else { continue };
            let is_last = !pieces.iter().skip(at + 1).any(|piece| matches!(piece, Piece::Hole { .. }));
            let own = Template { pieces: pieces.clone() }.service();
            let types = service.templates().map(|(_, arn)| arn).filter(|arn| {
                let end = arn.rsplit_once("${").map(|(_, end)| end);
                end.and_then(|end| end.split_once('}')).is_some_and(|(last, _)| last == *variable)
                    && arn.split(':').nth(2) == own.as_deref()
            });
            let arns: BTreeSet<String> = types.map(example).collect();
            for path in bindings.iter().filter_map(|binding| match binding {
                Binding::Parameter { path, transforms } if transforms.is_empty() && !is_last => Some(path),
                _ => None,
            }) {
                found.entry(*path).or_default().extend(arns.iter().cloned());
            }
        }
    }
    found.retain(|_, arns| !arns.is_empty());
    found
}

fn example(arn: &str) -> String {
    let filled = arn.replace("${Partition}", "aws").replace("${Region}", "eu-west-1");
    let filled = filled.replace("${Account}", "111122223333").replace('*', "zz");
    let (mut text, mut rest) = (String::new(), filled.as_str());
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push_str("zz");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    text + rest
}

#[test]
fn an_arn_of_what_a_resource_belongs_to_is_taken() {
    let (mut count, mut rejected) = (0, Vec::new());
    for service in services() {
        let given = |operation: &Operation| {
            let held = above(service, operation);
            let text = |path| held.get(&path).and_then(BTreeSet::first).cloned().unwrap_or_default();
            Given::Parameters(arguments(held.keys().copied(), text))
        };
        for (place, permission) in permissions(service, given, &settings(Mode::LeastPrivilege)) {
            count += 1;
            let name = place.split_once('.').map_or("", |(_, name)| name);
            let Some(operation) = service.operation(name) else { continue };
            let held = above(service, operation);
            let wrong = permission.rejected.iter().filter(|one| {
                held.iter().any(|(path, arns)| path.as_str() == one.parameter && arns.contains(&one.text))
            });
            rejected.extend(wrong.map(|one| format!("{place} {} {}", one.parameter, one.text)));
        }
    }
    rejected.sort();
    rejected.dedup();
    assert!(count > 10_000, "{count}");
    assert!(rejected.is_empty(), "{}\n{}", rejected.len(), rejected.join("\n"));
}
