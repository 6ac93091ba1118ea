//! Laws of findings: `aws-wildcard` is reported only if AWS requires the wildcard. What a parameter could
//! have named, or what exists and no parameter names, is unresolved.

use std::collections::BTreeSet;
use std::fs;

use sfniam::asl::flow::analyse;
use sfniam::asl::{Json, parse};
use sfniam::finding::Code;
use sfniam::generator::{assumptions, generate};
use sfniam::iam::WildcardReason;
use sfniam::permissions::{Mode, Permission, requirements};
use sfniam::sdk::model::{Operation, Target, Wide, Without};

use crate::support::sdk::{everywhere, nothing, permissions, sampled};
use crate::support::{all, files, request, settings, tests_folder};

const CREATED: &str = "the service gives the ID of what the call creates";
const ALL: &str = "the call is about every resource of the type where no parameter names one";
const LISTED: &str = "the call reads all resources of the type";
const NO_TYPE: &str = "no resource type is required for the action, and no parameter names one";

/// Where AWS itself has a wildcard, or adds to a name.
const OF_AWS: [&str; 7] = [
    "AWS adds characters of its own there",
    "a log group is checked with its streams, too",
    "the call reads what is below the path",
    "the call selects resources by their tags",
    "the path is not among the parameters",
    "the service generates what follows the name",
    "the statement lists the tables of every database",
];

/// The actions for which the authorization data calls a resource type required.
fn with_required_type() -> BTreeSet<String> {
    let text = fs::read_to_string("src/sdk/authorization.txt").expect("the authorization data");
    let (mut prefix, mut found) = ("", BTreeSet::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("prefix ") {
            prefix = name;
        } else if let Some(row) =
            line.strip_prefix(' ').filter(|row| !row.starts_with("type ") && row.contains('!'))
        {
            let name = row.split(' ').next().expect("a name");
            found.insert(format!("{prefix}:{name}"));
        }
    }
    found
}

/// The reasons of AWS for the wildcards of a permission, each with whether the wildcard matches everything.
fn reasons(permission: &Permission) -> Vec<(bool, &'static str)> {
    let mut found = Vec::new();
    for resource in &permission.grant.resources {
        found.extend(resource.reasons().filter_map(|why| match why {
            WildcardReason::Aws(text) => Some((resource.is_unknown(), *text)),
            _ => None,
        }));
    }
    found
}

#[test]
fn of_the_aws_sdk_only_what_has_no_type_or_does_not_exist_yet_is_a_wildcard_of_aws() {
    let (settings, required) = (settings(Mode::LeastPrivilege), with_required_type());
    let mut laws = Vec::new();
    for service in sampled() {
        for found in
            [permissions(service, nothing, &settings), permissions(service, everywhere("lit-1"), &settings)]
        {
            for (place, permission) in found.into_iter().filter(|(_, one)| is_by_catalogue(one)) {
                let name = place.split_once('.').expect("service and operation").1;
                let operation = service.operation(name).expect("the operation");
                let actions = &permission.grant.actions;
                let holds = reasons(&permission).into_iter().all(|(is_everything, why)| match why {
                    _ if is_everything => {
                        why == NO_TYPE && !actions.iter().any(|action| required.contains(action))
                    }
                    CREATED => {
                        operation.wide == Some(Wide::Created)
                            || has(operation, Without::Created)
                            || actions.iter().all(|one| one.contains("Tag"))
                    }
                    ALL => has(operation, Without::All),
                    LISTED => operation.wide == Some(Wide::Listed),
                    other => OF_AWS.contains(&other),
                });
                let told = reasons(&permission);
                laws.push(if holds { Ok(()) } else { Err(format!("{place}: {actions:?} {told:?}")) });
            }
        }
    }
    all(laws);
}

/// Whether the table of absent parameters has this for a resource of the operation.
fn has(operation: &Operation, meaning: Without) -> bool {
    let mut targets = operation.actions.iter().flat_map(|action| &action.targets);
    targets.any(|target| matches!(target, Target::Type { without, .. } if *without == meaning))
}

/// The rows of optimized integrations have reasons of their own.
fn is_by_catalogue(permission: &Permission) -> bool {
    permission.basis.is_some_and(|basis| basis.rule != "optimized")
}

/// Actions that optimized integrations allow on every resource although the authorization data requires a
/// type, each with the reason.
const ON_EVERYTHING: [(&str, &str); 1] =
    [("sns:Publish", "phone numbers and platform endpoints have no resource type: AWS's page has \"*\"")];

#[test]
fn of_optimized_integrations_only_what_has_no_required_type_is_allowed_on_everything_for_aws() {
    let required = with_required_type();
    let mut laws = Vec::new();
    for case in files(&tests_folder().join("integrations"), ".asl.json") {
        let text = fs::read_to_string(&case).expect("the case");
        let document = Json::read(&text).expect("JSON");
        let (machine, _) = parse(&document);
        let settings = request(&text, Mode::LeastPrivilege).settings;
        let flow = analyse(&machine, &assumptions(&settings, None));
        for permission in requirements(&machine, &flow, &settings).permissions {
            if reasons(&permission).iter().any(|(is_everything, _)| *is_everything) {
                let typed = permission.grant.actions.iter().filter(|action| required.contains(*action));
                let excepted = |action: &&String| ON_EVERYTHING.iter().any(|(one, _)| one == action);
                let wrong: Vec<&String> = typed.filter(|action| !excepted(action)).collect();
                laws.push(if wrong.is_empty() {
                    Ok(())
                } else {
                    Err(format!("{}: {wrong:?}", case.display()))
                });
            }
        }
    }
    all(laws);
}

/// The code of each wildcard of a call, and its parameter.
fn codes(service: &str, api: &str, parameters: &str) -> Vec<(Code, String)> {
    let definition = format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::aws-sdk:{service}:{api}", "Parameters": {parameters}}}}}}}"#
    );
    let output = generate(&request(&definition, Mode::LeastPrivilege)).expect("an answer");
    let wildcards = [Code::AwsWildcard, Code::OpenPart, Code::UnresolvedResource, Code::DangerousWildcard];
    let found = output.findings.into_iter().filter(|finding| wildcards.contains(&finding.code));
    found.map(|finding| (finding.code, finding.parameter)).collect()
}

#[test]
fn what_exists_and_has_no_parameter_is_unresolved() {
    let unnamed = |parameter: &str| vec![(Code::UnresolvedResource, parameter.to_owned())];
    assert_eq!(
        codes("redshiftserverless", "getWorkgroup", r#"{"WorkgroupName": "w"}"#),
        unnamed("workgroup")
    );
    let part = codes(
        "autoscaling",
        "detachInstances",
        r#"{"AutoScalingGroupName": "web", "ShouldDecrementDesiredCapacity": true}"#,
    );
    assert_eq!(part, [(Code::OpenPart, "autoscalinggroup".to_owned())]);
    // The opposite: it does not exist yet, or there is nothing to name.
    let of_aws = [(Code::AwsWildcard, String::new())];
    assert_eq!(codes("ec2", "createVpc", r#"{"CidrBlock": "10.0.0.0/16"}"#), of_aws);
    assert_eq!(codes("ec2", "describeInstances", "{}"), of_aws);
    assert_eq!(
        codes("sns", "publish", r#"{"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "Message": "m"}"#),
        []
    );
}

#[test]
fn what_the_call_makes_is_a_wildcard_of_aws_although_no_parameter_names_it() {
    let of_aws = [(Code::AwsWildcard, String::new())];
    assert_eq!(codes("ec2", "allocateAddress", r#"{"Domain": "vpc"}"#), of_aws);
    let workspaces = codes("workspaces", "createStandbyWorkspaces", r#"{"PrimaryRegion": "eu-west-1"}"#);
    assert!(workspaces.contains(&of_aws[0]), "{workspaces:?}");
    let instance = r#"{"ImageId": "ami-0123456789abcdef0", "MinCount": 1, "MaxCount": 1}"#;
    let unresolved: Vec<String> = codes("ec2", "runInstances", instance)
        .into_iter()
        .filter(|(code, _)| *code == Code::UnresolvedResource)
        .map(|(_, parameter)| parameter)
        .collect();
    // The opposite: the subnet and the security group exist, and the call could have named them.
    assert_eq!(unresolved, ["SecurityGroupIds[]", "SubnetId"]);
}
