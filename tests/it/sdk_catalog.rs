//! Laws over the whole catalogue of AWS SDK integrations.

use std::collections::BTreeMap;
use std::fs;

use sfniam::sdk::catalog::{self, Service};
use sfniam::sdk::model::{Action, Kind, Operation, Piece, Rule, Status, Target, Template, Wide};

use crate::support::all;
use crate::support::sdk::{operations, paths, services, try_all};

/// The shares of the listed services' operations, in hundredths of a percent, below which no change may fall
/// but one of the pinned packages, since models that are newer than the authorization data bring operations
/// whose actions nothing lists yet, and one that finds a call to be about more than its parameters name.
const SETTLED_ACTIONS: usize = 9729;
const EXACT_RESOURCES: usize = 8948;

fn require(holds: bool, message: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(message.into()) }
}

#[test]
fn names_are_sorted_and_unique() {
    assert!(catalog::segments().is_sorted_by(|one, other| one < other));
    for service in services() {
        let names: Vec<_> = service.operations().map(str::to_ascii_lowercase).collect();
        assert!(names.is_sorted_by(|one, other| one < other), "{}", service.segment);
    }
}

#[test]
fn it_is_what_the_text_says() {
    let text = fs::read_to_string("src/sdk/catalog.txt").expect("the catalogue");
    let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(catalog::segments().len(), lines("service "));
    let of_operations = text
        .lines()
        .filter(|line| line.starts_with(' ') && !line.starts_with("  ") && !line.starts_with(" type "))
        .count();
    assert_eq!(operations().count(), of_operations);
    let pinned = fs::read_to_string("catalog/requirements.lock").expect("the lock");
    for (package, version) in catalog::sources() {
        assert!(
            pinned.contains(&format!("{package}=={version} ")),
            "{package} {version} is not what the lock pins"
        );
    }
    assert!(text.contains(&format!("\ndate {}\n", catalog::date())));
}

#[test]
fn every_name_is_found_as_step_functions_spells_it() {
    try_all(|service, operation| {
        let mut name = operation.name.to_owned();
        name.get_mut(..1).expect("ASCII").make_ascii_lowercase();
        require(service.operation(&name).is_some_and(|found| found.name == operation.name), name)
    });
}

#[test]
fn every_action_has_a_prefix_and_a_name_and_no_wildcard() {
    try_all(|_, operation| {
        for Action { name, .. } in &operation.actions {
            let good = name.split_once(':').is_some_and(|(prefix, name)| {
                let in_prefix = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                !prefix.is_empty()
                    && prefix.bytes().all(in_prefix)
                    && name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.bytes().all(|b| b.is_ascii_alphanumeric())
            });
            require(good, name.clone())?;
        }
        Ok(())
    });
}

#[test]
fn only_an_operation_that_needs_nothing_is_without_an_action() {
    try_all(|_, operation| {
        let own = operation.actions.iter().any(|action| action.kind == Kind::Own);
        require(own == (operation.rule != Rule::NoPermission), "no action of its own")
    });
}

#[test]
fn a_guessed_action_is_flagged() {
    try_all(|_, operation| {
        let guessed = matches!(operation.rule, Rule::Assumed | Rule::Withdrawn);
        require(!guessed || operation.actions.iter().all(|a| a.kind != Kind::Own || !a.listed), "not flagged")
    });
}

/// Otherwise the state machine could get the permissions of any role.
#[test]
fn no_role_that_is_not_named_is_passed_to_every_service() {
    try_all(|_, operation| {
        for action in operation.actions.iter().filter(|action| action.name == "iam:PassRole") {
            let named = action.targets.iter().all(|target| {
                let Target::Expression(template) = target else { return false };
                template.pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. }))
            });
            let narrowed = named && !action.targets.is_empty() || !action.passed_to.is_empty();
            require(!action.kind.is_granted() || narrowed, format!("{action:?}"))?;
        }
        Ok(())
    });
}

/// Services with calls that pass a role to any service, because AWS does not say to which, as the tables
/// `passed_to` and `unverified` of `catalog/exceptions/roles.toml` have it. They may only become fewer.
const TO_ANY_SERVICE: [&str; 24] = [
    "acm",
    "backupsearch",
    "cloudhsm",
    "cloudwatchomni",
    "codebuild",
    "cognitoidentity",
    "cognitoidentityprovider",
    "cognitosync",
    "continuum",
    "ec2",
    "elasticbeanstalk",
    "emr",
    "iotmanagedintegrations",
    "lambdamicrovms",
    "lambdaweb",
    "machinelearning",
    "marketplacecommerceanalytics",
    "opensearch",
    "opensearchserverless",
    "pinpointsmsvoice",
    "rtbfabric",
    "s3control",
    "storagegateway",
    "timestreamquery",
];

#[test]
fn roles_are_passed_to_the_services_that_aws_names() {
    let any = |service: &Service, operation: &Operation| {
        let passes = !operation.roles.is_empty() || !operation.possible_roles.is_empty();
        passes && service.takers(operation).is_empty()
    };
    let mut found: Vec<_> = operations()
        .filter(|(_, service, operation)| any(service, operation))
        .map(|(_, service, _)| service.segment)
        .collect();
    found.dedup();
    assert_eq!(found, TO_ANY_SERVICE);
}

#[test]
fn every_template_is_an_arn() {
    all(services().flat_map(Service::templates).map(|(name, template)| {
        let fields: Vec<_> = template.splitn(6, ':').collect();
        match fields.as_slice() {
            ["arn", "${Partition}", _, _, _, resource] => {
                require(!resource.is_empty(), format!("{name}: {template}"))
            }
            _ => Err(format!("{name}: {template}")),
        }
    }));
    try_all(|_, operation| {
        for target in operation.actions.iter().flat_map(|action| &action.targets) {
            if let Target::Expression(template) = target {
                let anything = template.pieces == [Piece::Text("*")];
                let parameter = matches!(template.pieces.as_slice(), [Piece::Hole { .. }]);
                require(anything || parameter || starts_as_arn(template), format!("{template:?}"))?;
            }
        }
        Ok(())
    });
}

fn starts_as_arn(template: &Template) -> bool {
    matches!(template.pieces.as_slice(), [Piece::Text("arn:"), Piece::Partition, Piece::Text(text), ..] if text.starts_with(':'))
}

#[test]
fn every_parameter_is_spelt_as_step_functions_spells_it() {
    try_all(|_, operation| {
        for path in paths(operation) {
            // Nothing follows the keys of an object.
            for member in path.as_str().trim_end_matches("{}").split('.') {
                let name = member.trim_end_matches("[]");
                let good = name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                require(good, path.as_str())?;
            }
        }
        Ok(())
    });
}

#[test]
fn coverage_is_as_committed_and_does_not_fall() {
    let (mut all, mut settled, mut of_services) = (0, 0, 0);
    let mut grades = BTreeMap::new();
    for service in services().filter(|service| service.status == Status::Listed) {
        of_services += usize::from(service.operations().len() > 0);
        for operation in service.operations().filter_map(|name| service.operation(name)) {
            all += 1;
            settled += usize::from(!matches!(operation.rule, Rule::Assumed | Rule::Withdrawn));
            *grades.entry(grade(operation)).or_insert(0) += 1;
        }
    }
    let share = |count: usize| format!("{:.2}", 100.0 * count as f64 / all as f64);
    let of_grade = |name| share(grades.get(name).copied().unwrap_or_default());
    let row = format!(
        "listed   {of_services} {all} {} {}",
        share(settled),
        ["exact", "type", "partial", "hidden", "unknown"].map(of_grade).join(" ")
    );
    let committed = fs::read_to_string("catalog/coverage.txt").expect("the coverage");
    assert!(committed.lines().any(|line| line == row), "catalog/coverage.txt has no line\n{row}");
    let floor = |count: usize| 10_000 * count / all;
    assert!(floor(settled) >= SETTLED_ACTIONS, "{} of the actions are settled", share(settled));
    let exact = grades.get("exact").copied().unwrap_or_default();
    assert!(floor(exact) >= EXACT_RESOURCES, "{} of the resources are exact", share(exact));
}

fn grade(operation: &Operation) -> &'static str {
    if operation.actions.iter().any(|action| action.kind == Kind::Own && !action.listed) {
        return "unknown";
    }
    match operation.wide {
        None => "exact",
        Some(Wide::Created | Wide::Listed) => "type",
        Some(Wide::Partial) => "partial",
        Some(Wide::Hidden) => "hidden",
    }
}
