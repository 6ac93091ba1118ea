//! Laws of the AWS SDK catalogue that are tried on calls: every operation, with nothing given, with all
//! parameters that the catalogue knows as literals and as values of the run, in both modes, with and without
//! Region and account. `make test` tries a sample, `make sweep` all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Map, Value, json};
use sfniam::asl::flow::{Assumptions, analyse};
use sfniam::asl::{Json, parse};
use sfniam::iam::{Location, WildcardReason};
use sfniam::permissions::{Mode, Permission, Settings, requirements};
use sfniam::sdk::catalog::{self, Service};
use sfniam::sdk::model::{Binding, Kind, Operation, Piece, Presence, Target};

use crate::support::{all, settings, sweeping};

/// One in so many services is tried without `make sweep`.
const SAMPLE: usize = 12;

/// What `src/sdk/authorization.txt` says of actions.
struct Authorization {
    dangerous: Vec<String>,
    /// Action, as the data spell it, to its level and the types that the data list for it.
    actions: BTreeMap<String, (String, BTreeSet<String>)>,
    /// Prefix and type to the ARN templates.
    types: BTreeMap<(String, String), Vec<String>>,
}

impl Authorization {
    fn read() -> Self {
        let text = fs::read_to_string("src/sdk/authorization.txt").expect("the authorization data");
        let mut data =
            Authorization { dangerous: Vec::new(), actions: BTreeMap::new(), types: BTreeMap::new() };
        let mut prefix = String::new();
        for line in text.lines() {
            if let Some(pattern) = line.strip_prefix("dangerous ") {
                data.dangerous.push(pattern.split(' ').next().expect("a pattern").to_owned());
            } else if let Some(name) = line.strip_prefix("prefix ") {
                name.clone_into(&mut prefix);
            } else if let Some(row) = line.strip_prefix(" type ") {
                let (name, template) = row.split_once(' ').expect("a type");
                data.types.entry((prefix.clone(), name.to_owned())).or_default().push(template.to_owned());
            } else if let Some(row) = line.strip_prefix(' ') {
                let mut words = row.split(' ');
                let (name, level) = (words.next().expect("a name"), words.next().expect("a level"));
                let types = words.map(|word| word.trim_end_matches('!').to_owned()).collect();
                data.actions.insert(format!("{prefix}:{name}"), (level.to_owned(), types));
            }
        }
        data
    }

    fn is_dangerous(&self, action: &str) -> bool {
        self.actions.get(action).is_some_and(|(level, _)| level == "p")
            || self.dangerous.iter().any(|pattern| fits(pattern, action))
    }
}

/// Whether a text fits a pattern with `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|place| rest.get(place..).is_some_and(|rest| fits(after, rest)))
        }),
    }
}

fn sampled() -> impl Iterator<Item = &'static Service> {
    let step = if sweeping() { 1 } else { SAMPLE };
    let services = catalog::segments().map(|segment| catalog::service(segment).expect(segment));
    // The services with what is dangerous, and every twelfth.
    services.enumerate().filter_map(move |(number, service)| {
        let always = ["guardduty", "rds", "redshift", "lexmodelsv2"].contains(&service.segment);
        (always || number % step == 0).then_some(service)
    })
}

/// The parameters of a call, by the paths that the catalogue knows.
fn arguments(operation: &Operation, value: &Value) -> Value {
    let mut paths: BTreeSet<&str> = operation.roles.iter().map(|path| path.as_str()).collect();
    for action in &operation.actions {
        paths.extend(action.when.iter().flat_map(|when| &when.paths).map(|path| path.as_str()));
        for target in &action.targets {
            let (whole, template) = match target {
                Target::Expression(template) => (&[][..], template),
                Target::Type { whole, template, .. } => (whole.as_slice(), template),
            };
            let holes = template.pieces.iter().filter_map(|piece| match piece {
                Piece::Hole { bindings, .. } => Some(bindings.as_slice()),
                _ => None,
            });
            paths.extend(holes.chain([whole]).flatten().filter_map(|binding| match binding {
                Binding::Parameter { path, .. } => Some(path.as_str()),
                Binding::Constant(_) => None,
            }));
        }
    }
    let mut root = Value::Object(Map::new());
    for path in paths {
        put(&mut root, path, value);
    }
    root
}

fn put(place: &mut Value, path: &str, value: &Value) {
    let (member, rest) = path.split_once('.').map_or((path, None), |(member, rest)| (member, Some(rest)));
    let (name, list, map) = (
        member.trim_end_matches("[]").trim_end_matches("{}"),
        member.ends_with("[]"),
        member.ends_with("{}"),
    );
    let Value::Object(members) = place else { return };
    let below = members.entry(name.to_owned()).or_insert_with(|| match (rest, list, map) {
        (_, true, _) => json!([]),
        (_, _, true) | (Some(_), ..) => json!({}),
        (None, ..) => value.clone(),
    });
    match (below, list, map) {
        (Value::Array(items), true, _) => {
            if items.is_empty() {
                items.push(if rest.is_some() { json!({}) } else { value.clone() });
            }
            if let (Some(rest), Some(item)) = (rest, items.first_mut()) {
                put(item, rest, value);
            }
        }
        (Value::Object(keys), _, true) => {
            let inner = keys.entry("key").or_insert_with(|| json!({}));
            if let Some(rest) = rest {
                put(inner, rest, value);
            }
        }
        (below, ..) => {
            if let Some(rest) = rest {
                put(below, rest, value);
            }
        }
    }
}

/// The permissions of each operation of a service: in the order of the operations.
fn permissions(service: &Service, given: &Given, settings: &Settings) -> Vec<(String, Permission)> {
    let names: Vec<&str> = service.operations().collect();
    let mut states = Map::new();
    for (number, name) in names.iter().enumerate() {
        let operation = service.operation(name).expect("the operation");
        let mut state = json!({
            "Type": "Task",
            "Resource": format!("arn:aws:states:::aws-sdk:{}:{name}", service.segment),
            "Next": format!("S{}", number + 1),
        });
        let members = state.as_object_mut().expect("an object");
        match given {
            Given::Nothing => members.insert("Parameters".to_owned(), json!({})),
            Given::Literals => {
                members.insert("Parameters".to_owned(), arguments(&operation, &json!("lit-1")))
            }
            Given::ByTheRun => members.insert("InputPath".to_owned(), json!("$")),
        };
        states.insert(format!("S{number}"), state);
    }
    states.insert(format!("S{}", names.len()), json!({"Type": "Succeed"}));
    let definition = json!({"StartAt": "S0", "States": states}).to_string();
    let document = Json::read(&definition).expect("JSON");
    let (machine, _) = parse(&document);
    let flow = analyse(&machine, &Assumptions::default());
    let found = requirements(&machine, &flow, settings).permissions;
    found
        .into_iter()
        .map(|permission| {
            let number = permission.pointer.rsplit('S').next().and_then(|text| text.parse::<usize>().ok());
            let name = number.and_then(|number| names.get(number).copied()).unwrap_or_default();
            (format!("{}.{name}", service.segment), permission)
        })
        .collect()
}

enum Given {
    Nothing,
    Literals,
    ByTheRun,
}

fn variants() -> Vec<(Given, Settings)> {
    let nowhere = Location { partition: "aws".into(), region: None, account: None };
    let mut found = Vec::new();
    for mode in Mode::ALL {
        for given in [Given::Nothing, Given::Literals, Given::ByTheRun] {
            found.push((given, settings(mode)));
        }
        found.push((Given::Literals, Settings { aws: nowhere.clone(), ..settings(mode) }));
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
    let mut tried = 0;
    for service in sampled() {
        for (given, settings) in variants() {
            for (place, permission) in permissions(service, &given, &settings) {
                let dependent = permission.basis.is_some_and(|basis| basis.rule == "dependent");
                if !dependent || !permission.grant.actions.iter().any(|action| data.is_dangerous(action)) {
                    continue;
                }
                tried += 1;
                for resource in &permission.grant.resources {
                    let arn = resource.to_text();
                    let of_parameters = !resource
                        .reasons()
                        .next()
                        .is_some_and(|reason| matches!(reason, WildcardReason::Aws(_)));
                    let written = arn.starts_with("arn:") && (of_parameters || is_the_services_own(&arn));
                    // Without a parameter that AWS requires the call fails; its own type in the own account
                    // is what is left.
                    let fails = matches!(given, Given::Nothing) && arn.contains(":111122223333:");
                    let deleted_along = arn.contains("schedule/") || arn.contains("bot-alias/");
                    assert!(
                        written || fails || deleted_along,
                        "{place}: {:?} on {arn}",
                        permission.grant.actions
                    );
                }
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

/// By the catalogue itself, for every operation: whatever is given.
#[test]
fn a_dangerous_dependent_action_has_parameters_or_a_name_in_its_resource() {
    let data = Authorization::read();
    let services = catalog::segments().filter_map(catalog::service);
    all(services
        .flat_map(|service| {
            service.operations().filter_map(move |name| Some((service, service.operation(name)?)))
        })
        .map(|(service, operation)| {
            for action in &operation.actions {
                if action.kind != Kind::Dependent || !data.is_dangerous(&action.name) {
                    continue;
                }
                let good = !action.targets.is_empty()
                    && action.targets.iter().all(|target| match target {
                        Target::Expression(template) => template.pieces.iter().any(|piece| match piece {
                            Piece::Hole { bindings, .. } => !bindings.is_empty(),
                            Piece::Text(text) => text.contains("aws-service-role/") || text.ends_with("!*"),
                            _ => false,
                        }),
                        Target::Type { whole, template, .. } => {
                            let bound = |piece: &Piece| match piece {
                                Piece::Hole { bindings, .. } => !bindings.is_empty(),
                                _ => true,
                            };
                            !whole.is_empty()
                                || template.pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. }))
                                    && template
                                        .pieces
                                        .iter()
                                        .filter(|p| matches!(p, Piece::Hole { .. }))
                                        .any(bound)
                        }
                    });
                if !good {
                    return Err(format!("{}.{}: {}", service.segment, operation.name, action.name));
                }
            }
            Ok(())
        }));
}

/// An action that has resource types is never allowed on everything because a call depends on it.
#[test]
fn what_a_call_depends_on_has_its_own_types() {
    let data = Authorization::read();
    for service in sampled() {
        for (given, settings) in variants() {
            for (place, permission) in permissions(service, &given, &settings) {
                if permission.basis.is_none_or(|basis| basis.rule != "dependent") {
                    continue;
                }
                for action in &permission.grant.actions {
                    let typed = data.actions.get(action).is_some_and(|(_, types)| !types.is_empty());
                    let anything = permission.grant.resources.iter().any(|arn| arn.to_text() == "*");
                    assert!(!typed || !anything, "{place}: {action} on *");
                }
            }
        }
    }
}

/// Each resource type in the catalogue is one that the authorization data list for its action, and has the
/// ARN that they give it.
#[test]
fn every_type_is_one_that_the_authorization_data_list_for_the_action() {
    let data = Authorization::read();
    let services = catalog::segments().filter_map(catalog::service);
    all(services
        .flat_map(|service| {
            service.operations().filter_map(move |name| Some((service, service.operation(name)?)))
        })
        .map(|(service, operation)| {
            for action in &operation.actions {
                // A row of exceptions/actions.toml can name types of its own.
                let Some((_, listed)) = data.actions.get(action.name.as_ref()) else { continue };
                if operation.rule == sfniam::sdk::model::Rule::Exception && action.kind == Kind::Own {
                    continue;
                }
                for target in &action.targets {
                    let Target::Type { name, .. } = target else { continue };
                    let name = name.title().replace(' ', "_");
                    // The data write some types with a path before their name: `loadbalancer/app/`.
                    let path = format!("/{name}");
                    if !listed.iter().any(|one| *one == name || one.ends_with(&path)) {
                        return Err(format!(
                            "{}.{}: {} on {name}",
                            service.segment, operation.name, action.name
                        ));
                    }
                }
            }
            Ok(())
        }));
}

/// A type that the authorization data call required counts whatever is given, but for alternatives, of which
/// one counts.
#[test]
fn with_all_parameters_every_required_type_has_a_resource() {
    let services = catalog::segments().filter_map(catalog::service);
    let alone = services
        .flat_map(|service| service.operations().filter_map(|name| service.operation(name)))
        .flat_map(|operation| operation.actions)
        .filter(|action| action.kind == Kind::Own)
        .filter(|action| {
            action
                .targets
                .iter()
                .any(|target| matches!(target, Target::Type { presence: Presence::Needed, .. }))
        })
        .count();
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
        let found: Vec<String> = permissions(service, &Given::Literals, &settings(Mode::LeastPrivilege))
            .into_iter()
            .filter(|(place, permission)| place == operation && permission.grant.actions.contains(&own))
            .flat_map(|(_, permission)| permission.grant.resources)
            .map(|arn| arn.to_text())
            .collect();
        for end in wanted {
            assert!(found.iter().any(|arn| arn.ends_with(end)), "{operation}: no {end} in {found:?}");
        }
    }
}
