//! A parameter that takes a name or an ARN: both forms of the same resource give the same permissions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sfniam::iam::ArnFields;
use sfniam::permissions::Mode;
use sfniam::sdk::catalog::Service;
use sfniam::sdk::model::{Kind, Operation, Path, Presence, Target, Template};

use crate::support::sdk::{Given, arguments, example, paths, permissions, services};
use crate::support::settings;

/// The text of each parameter: a name that no other parameter has, or what its reader takes.
fn texts(operation: &Operation) -> BTreeMap<Path, String> {
    let all = paths(operation).into_iter().enumerate();
    let text = |(number, path): (usize, Path)| match example(operation, path) {
        text if text == "lit-1" => (path, format!("name-{number}")),
        text => (path, text),
    };
    all.map(text).collect()
}

/// The parameters that name something. One with the owner of it says where it is, and goes with names alone.
fn names(operation: &Operation) -> BTreeSet<Path> {
    let is_place = |path: &Path| {
        let targets = operation.actions.iter().flat_map(|action| &action.targets);
        let mut owners = targets.filter_map(|target| match target {
            Target::Type { owner, .. } => *owner,
            Target::Expression(_) => None,
        });
        owners.any(|owner| owner.path == *path)
    };
    paths(operation).into_iter().filter(|path| !is_place(path)).collect()
}

/// An action, a resource, and what else the permission has.
type Pair = (String, String, String);

/// What an operation is granted, by its name; and those that have the row of an optimized integration.
#[derive(Default)]
struct Granted {
    pairs: BTreeMap<String, BTreeSet<Pair>>,
    optimized: BTreeSet<String>,
}

impl Granted {
    fn of(service: &Service, given: impl Fn(&Operation) -> Given) -> Self {
        let mut found = Granted::default();
        for (place, permission) in permissions(service, given, &settings(Mode::LeastPrivilege)) {
            let name = place.split_once('.').map_or(place.as_str(), |(_, name)| name);
            if permission.basis.is_some_and(|basis| basis.rule == "optimized") {
                found.optimized.insert(name.to_owned());
            }
            let conditions = format!("{:?}", permission.grant.conditions);
            let pairs = found.pairs.entry(name.to_owned()).or_default();
            for resource in &permission.grant.resources {
                let pair = |action: &String| (action.clone(), resource.to_text(), conditions.clone());
                pairs.extend(permission.grant.actions.iter().map(pair));
            }
        }
        found
    }

    fn pairs(&self, operation: &Operation) -> BTreeSet<Pair> {
        self.pairs.get(operation.name).cloned().unwrap_or_default()
    }
}

/// The ARNs that a name alone makes: the resources of the operation's own types that end in it. The key of an
/// object is any text, one like an ARN too.
fn arns_of(name: &str, operation: &Operation, granted: &BTreeSet<Pair>) -> BTreeSet<String> {
    let is_own = |action: &str| {
        operation.actions.iter().any(|one| one.kind == Kind::Own && one.name.as_ref() == action)
    };
    let arns = granted.iter().filter(|(action, ..)| is_own(action)).map(|(_, arn, _)| arn);
    let named = arns.filter(|arn| {
        let before = arn.strip_suffix(name).unwrap_or_default();
        let is_object = arn.starts_with("arn:aws:s3:::") && arn.contains('/');
        before.ends_with(['/', ':']) && !arn.contains('*') && !is_object
    });
    named.cloned().collect()
}

/// Each parameter with each ARN that can stand in place of its name.
fn forms(operation: &Operation, granted: &BTreeSet<Pair>) -> Vec<(Path, String)> {
    let named = texts(operation).into_iter().filter(|(_, text)| !text.starts_with("arn:"));
    named
        .flat_map(|(path, name)| arns_of(&name, operation, granted).into_iter().map(move |arn| (path, arn)))
        .collect()
}

/// Whether a permission is gone because the ARN tells more than the name: the path before it, or which of
/// several types the resource is of. A type that is required stays.
fn tells_more(
    (action, resource, _): &Pair,
    arn: &str,
    operation: &Operation,
    by_arn: &BTreeSet<Pair>,
) -> bool {
    let of_action = operation.actions.iter().filter(|one| one.name.as_ref() == action);
    let is_needed = of_action.flat_map(|one| &one.targets).any(|target| match target {
        Target::Type { presence: Presence::Always, template, .. } => is_of(resource, template),
        _ => false,
    });
    // What follows a name of another type than the ARN's is the service's.
    let kind = |arn: &str| {
        ArnFields::of(arn).resource.and_then(|text| text.split(['/', ':']).next().map(str::to_owned))
    };
    let written = resource.trim_end_matches(":*");
    let written = if kind(resource) == kind(arn) { written } else { written.trim_end_matches("/*") };
    let name = written.rsplit(['/', ':']).next().unwrap_or_default();
    let stays = by_arn.iter().any(|(one, on, _)| one == action && on == arn);
    stays && arn.ends_with(name) && (!is_needed || resource.contains('*'))
}

/// Whether an ARN is of the type of a template, as far as the first name.
fn is_of(arn: &str, template: &Template) -> bool {
    let written = template.beginning();
    let (own, of_type) = (ArnFields::of(arn), ArnFields::of(&written));
    own.service == of_type.service
        && own.resource.unwrap_or_default().starts_with(of_type.resource.unwrap_or_default())
}

/// What differs between a call by names and the same call with one ARN.
fn difference(
    operation: &Operation,
    arn: &str,
    by_name: &BTreeSet<Pair>,
    by_arn: &BTreeSet<Pair>,
) -> Option<String> {
    let lost: Vec<&Pair> = by_name.difference(by_arn).collect();
    let new: Vec<&Pair> = by_arn.difference(by_name).collect();
    let explained = new.is_empty() && lost.iter().all(|pair| tells_more(pair, arn, operation, by_arn));
    (!explained).then(|| format!("lost {lost:?}, new {new:?}"))
}

#[test]
fn a_name_and_the_arn_of_the_same_resource_give_the_same() {
    let (mut count, mut wrong, mut used) = (0, Vec::new(), BTreeSet::new());
    for service in services() {
        let by_names = Granted::of(service, |operation| {
            let texts = texts(operation);
            Given::Parameters(arguments(names(operation), |path| texts[&path].clone()))
        });
        let operations = || service.operations().filter_map(|name| service.operation(name));
        let all: BTreeMap<&str, Vec<(Path, String)>> =
            operations().map(|one| (one.name, forms(one, &by_names.pairs(one)))).collect();
        for number in 0..all.values().map(Vec::len).max().unwrap_or_default() {
            let form = |operation: &Operation| all.get(operation.name).and_then(|forms| forms.get(number));
            let by_arns = Granted::of(service, |operation| {
                let Some((changed, arn)) = form(operation) else { return Given::Parameters(json!({})) };
                let texts = texts(operation);
                let text = |path: Path| if path == *changed { arn.clone() } else { texts[&path].clone() };
                Given::Parameters(arguments(names(operation), text))
            });
            for operation in operations() {
                let Some((path, arn)) = form(operation) else { continue };
                let takes_names_only =
                    by_names.optimized.contains(operation.name) && !path.as_str().ends_with("Arn");
                if takes_names_only {
                    continue;
                }
                count += 1;
                let (by_name, by_arn) = (by_names.pairs(operation), by_arns.pairs(operation));
                let Some(difference) = difference(operation, arn, &by_name, &by_arn) else { continue };
                let place = format!("{}.{} {}", service.segment, operation.name, path.as_str());
                match NAMES_ONLY.iter().find(|(row, _)| *row == place) {
                    Some((row, _)) => drop(used.insert(*row)),
                    None => wrong.push(format!("{place} {arn}: {difference}")),
                }
            }
        }
    }
    assert!(count > 10_000, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<_> = NAMES_ONLY.iter().filter(|(row, _)| !used.contains(row)).collect();
    assert!(unused.is_empty(), "rows of the table that nothing needs: {unused:?}");
}

/// Parameters that take no ARN by AWS's API reference, where an ARN would change other permissions. Rows may
/// only go.
const NAMES_ONLY: &[(&str, &str)] = &[
    (
        "codeartifact.CopyPackageVersions PackageValue",
        "https://docs.aws.amazon.com/codeartifact/latest/APIReference/API_CopyPackageVersions.html",
    ),
    (
        "customerprofiles.CreateEventStream EventStreamName",
        "https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateEventStream.html",
    ),
    (
        "customerprofiles.GetEventStream EventStreamName",
        "https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_GetEventStream.html",
    ),
    (
        "frauddetector.CreateBatchPredictionJob DetectorName",
        "https://docs.aws.amazon.com/frauddetector/latest/api/API_CreateBatchPredictionJob.html",
    ),
    (
        "frauddetector.GetEventPrediction DetectorId",
        "https://docs.aws.amazon.com/frauddetector/latest/api/API_GetEventPrediction.html",
    ),
    (
        "frauddetector.GetEventPredictionMetadata DetectorId",
        "https://docs.aws.amazon.com/frauddetector/latest/api/API_GetEventPredictionMetadata.html",
    ),
    (
        "greengrassv2.DeleteCoreDevice CoreDeviceThingName",
        "https://docs.aws.amazon.com/greengrass/v2/APIReference/API_DeleteCoreDevice.html",
    ),
    (
        "greengrassv2.ListEffectiveDeployments CoreDeviceThingName",
        "https://docs.aws.amazon.com/greengrass/v2/APIReference/API_ListEffectiveDeployments.html",
    ),
    (
        "ssm.GetParametersByPath Path",
        "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html",
    ),
];
