//! Laws of the AWS SDK catalogue that are tried on calls: every operation, with nothing given, with all
//! parameters that the catalogue knows as literals and as values known only at run time, in both modes, with
//! and without Region and account. `make test` tries a sample, `make sweep` all.

use sfniam::iam::{Location, WildcardReason};
use sfniam::permissions::{Mode, Permission, Settings};
use sfniam::sdk::catalog::{self, Service};
use sfniam::sdk::model::{Kind, Piece, Presence, Rule, Target};

use crate::support::sdk::{
    Authorization, by_the_run, everywhere, nothing, operations, permissions, sampled, try_all,
};
use crate::support::settings;

/// What is tried for each call: whether anything is given, and what is needed.
fn tried(service: &Service) -> Vec<(bool, Vec<(String, Permission)>)> {
    let nowhere = Location { partition: "aws".into(), region: None, account: None };
    let mut found = Vec::new();
    for mode in Mode::ALL {
        let settings = settings(mode);
        found.push((false, permissions(service, nothing, &settings)));
        found.push((true, permissions(service, everywhere("lit-1"), &settings)));
        found.push((true, permissions(service, by_the_run, &settings)));
        let settings = Settings { aws: nowhere.clone(), ..settings };
        found.push((true, permissions(service, everywhere("lit-1"), &settings)));
    }
    found
}

/// Whether an ARN is that of a service-linked role, or has the name that a service gives to its secrets.
fn is_the_services_own(arn: &str) -> bool {
    arn.contains(":role/aws-service-role/") || arn.contains(":secret:") && arn.contains("!*")
}

#[test]
fn a_dangerous_dependent_action_stands_on_what_parameters_name_or_the_services_own() {
    let data = Authorization::read();
    let mut count = 0;
    for (given, needed) in sampled().flat_map(tried) {
        for (place, permission) in needed {
            let dependent = permission.basis.is_some_and(|basis| basis.rule == "dependent");
            if !dependent || !permission.grant.actions.iter().any(|action| data.is_dangerous(action)) {
                continue;
            }
            count += 1;
            for resource in &permission.grant.resources {
                let arn = resource.to_text();
                let by_aws = |reason: &WildcardReason| matches!(reason, WildcardReason::Aws(_));
                let of_parameters = !resource.reasons().next().is_some_and(by_aws);
                let written = arn.starts_with("arn:") && (of_parameters || is_the_services_own(&arn));
                // Without a parameter that AWS requires, the call fails; what remains is its own type in the
                // same account.
                let fails = !given && arn.contains(":111122223333:");
                let deleted_along = arn.contains("schedule/") || arn.contains("bot-alias/");
                assert!(
                    written || fails || deleted_along,
                    "{place}: {:?} on {arn}",
                    permission.grant.actions
                );
            }
        }
    }
    assert!(count > 20, "{count}");
}

/// From the catalogue itself, for every operation, whatever is given.
#[test]
fn a_dangerous_dependent_action_has_parameters_or_a_name_in_its_resource() {
    let data = Authorization::read();
    let is_bound = |target: &Target| match target {
        Target::Expression(template) => template.pieces.iter().any(|piece| match piece {
            Piece::Hole { bindings, .. } => !bindings.is_empty(),
            Piece::Text(text) => text.contains("aws-service-role/") || text.ends_with("!*"),
            _ => false,
        }),
        Target::Type { whole, template, .. } => !whole.is_empty() || template.bindings().next().is_some(),
    };
    try_all(|_, operation| {
        let dependent = operation.actions.iter().filter(|action| action.kind == Kind::Dependent);
        for action in dependent.filter(|action| data.is_dangerous(&action.name)) {
            if action.targets.is_empty() || !action.targets.iter().all(is_bound) {
                return Err(action.name.to_string());
            }
        }
        Ok(())
    });
}

/// A dependent action with resource types is never allowed on every resource.
#[test]
fn what_a_call_depends_on_has_its_own_types() {
    let data = Authorization::read();
    for (place, permission) in sampled().flat_map(tried).flat_map(|(_, needed)| needed) {
        if permission.basis.is_none_or(|basis| basis.rule != "dependent") {
            continue;
        }
        for action in &permission.grant.actions {
            let typed = data.types(action).is_some_and(|types| !types.is_empty());
            let anything = permission.grant.resources.iter().any(|arn| arn.to_text() == "*");
            assert!(!typed || !anything, "{place}: {action} on *");
        }
    }
}

/// Each resource type in the catalogue is one that the authorization data lists for its action, and has the
/// ARN that they specify.
#[test]
fn every_type_is_one_that_the_authorization_data_list_for_the_action() {
    let data = Authorization::read();
    try_all(|_, operation| {
        for action in &operation.actions {
            let Some(listed) = data.types(&action.name) else { continue };
            // A row of exceptions/actions.toml can name types of its own.
            if operation.rule == Rule::Exception && action.kind == Kind::Own {
                continue;
            }
            for target in &action.targets {
                let Target::Type { name, .. } = target else { continue };
                let name = name.title().replace(' ', "_");
                // The data has some types with a path before their name: `loadbalancer/app/`.
                let path = format!("/{name}");
                if !listed.iter().any(|one| *one == name || one.ends_with(&path)) {
                    return Err(format!("{} on {name}", action.name));
                }
            }
        }
        Ok(())
    });
}

/// A type that the authorization data calls required counts whatever is given, but for alternatives, of which
/// one counts.
#[test]
fn with_all_parameters_every_required_type_has_a_resource() {
    let needed = |target: &Target| matches!(target, Target::Type { presence: Presence::Needed, .. });
    let own = operations().flat_map(|(_, _, operation)| &operation.actions);
    let own = own.filter(|action| action.kind == Kind::Own && action.targets.iter().any(needed));
    let alone = own.count();
    assert!(alone > 1000, "{alone}");
    for (operation, wanted) in [
        ("ec2.AcceptVpcPeeringConnection", &["vpc-peering-connection/lit-1", "vpc/*"][..]),
        ("ec2.CopySnapshot", &["ec2:lit-1::snapshot/lit-1", "ec2:eu-west-1::snapshot/*"]),
        ("ec2.CreateSecurityGroup", &["security-group/*", "vpc/lit-1"]),
        ("ec2.CreateVolume", &["volume/*", "snapshot/lit-1"]),
        ("kafka.UpdateClusterConfiguration", &["configuration/*/*"]),
    ] {
        let (segment, name) = operation.split_once('.').expect("a name");
        let service = catalog::service(segment).expect(segment);
        let own = format!("{}:{name}", service.prefix);
        let found: Vec<String> = permissions(service, everywhere("lit-1"), &settings(Mode::LeastPrivilege))
            .into_iter()
            .filter(|(place, permission)| place == operation && permission.grant.actions.contains(&own))
            .flat_map(|(_, permission)| permission.grant.resources.clone())
            .map(|arn| arn.to_text())
            .collect();
        for end in wanted {
            assert!(found.iter().any(|arn| arn.ends_with(end)), "{operation}: no {end} in {found:?}");
        }
    }
}
