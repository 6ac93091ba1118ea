//! With only the parameters that the API requires, as literals, every resource in a policy is explained by a
//! parameter, by a creation or by a page of AWS. What the API models require is in `catalog/required.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use sfniam::iam::{Unresolved, WildcardReason};
use sfniam::permissions::{Mode, Permission};
use sfniam::sdk::catalog::Service;
use sfniam::sdk::model::Operation;

use crate::support::sdk::{Authorization, Given, arguments, example, fits, paths, permissions, services};
use crate::support::{all, settings};

/// The parameters that the models require, by `segment.Operation`.
fn required() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string("catalog/required.txt").expect("what the models require");
    let (mut segment, mut found) = ("", BTreeMap::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("service ") {
            segment = name;
        } else if let Some(row) = line.strip_prefix(' ') {
            let mut words = row.split(' ').map(str::to_owned);
            let name = words.next().expect("an operation");
            found.insert(format!("{segment}.{name}"), words.collect());
        }
    }
    found
}

/// A call with nothing but what the API requires.
fn only_required(
    service: &Service,
    required: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<(String, Permission)> {
    let given = |operation: &Operation| {
        let names = required.get(&format!("{}.{}", service.segment, operation.name));
        let given =
            paths(operation).into_iter().filter(|path| names.is_some_and(|all| all.contains(path.as_str())));
        Given::Parameters(arguments(given, |path| example(operation, path)))
    };
    permissions(service, given, &settings(Mode::LeastPrivilege))
}

#[test]
fn the_catalogue_has_the_parameters_that_the_models_require() {
    let required = required();
    let known: BTreeMap<String, BTreeSet<String>> = services()
        .flat_map(|service| {
            let operations = service.operations().filter_map(|name| service.operation(name));
            operations.map(|operation| {
                let known = paths(operation).into_iter().map(|path| path.as_str().to_owned()).collect();
                (format!("{}.{}", service.segment, operation.name), known)
            })
        })
        .collect();
    assert!(required.len() > 8000, "{}", required.len());
    for (place, paths) in &required {
        let known = known.get(place).unwrap_or_else(|| panic!("{place} is not in the catalogue"));
        assert!(paths.is_subset(known), "{place}: {paths:?} in {known:?}");
    }
    let of = |place: &str| required.get(place).map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(of("dynamodb.GetItem"), Some(vec!["TableName"]));
    assert_eq!(of("kinesis.PutRecord"), None);
    assert_eq!(of("sfn.StartExecution"), Some(vec!["StateMachineArn"]));
}

#[test]
fn with_only_the_required_parameters_every_resource_is_explained() {
    let (required, data) = (required(), Authorization::read());
    let (mut laws, mut used) = (Vec::new(), BTreeSet::new());
    for service in services() {
        for (place, permission) in only_required(service, &required) {
            for resource in &permission.grant.resources {
                for reason in resource.reasons() {
                    let arn = resource.to_text();
                    let actions = permission.grant.actions.join(", ");
                    let row =
                        REACHED.iter().find(|(operation, on, ..)| *operation == place && fits(on, &arn));
                    let mut found = explained(&permission, &arn, reason, &data);
                    if let Some(row) = row.filter(|_| found.is_err()) {
                        used.insert(row);
                        found = Ok(());
                    }
                    laws.push(found.map_err(|wrong| format!("{place}: {actions} on {arn}: {wrong}")));
                }
            }
        }
    }
    assert!(laws.len() > 5000, "{}", laws.len());
    all(laws);
    let unused: Vec<_> = REACHED.iter().filter(|row| !used.contains(row)).collect();
    assert!(unused.is_empty(), "rows of the table that nothing needs: {unused:?}");
}

/// Types that the authorization data calls optional, and that count although no required parameter names
/// them, each with the reason and the page of AWS. Rows may only be removed.
const REACHED: &[(&str, &str, &str, &str)] = &[
    (
        "apigateway.DeleteDomainNameAccessAssociation",
        "*/domainnameaccessassociations/*",
        ENCODED,
        OF_API_GATEWAY,
    ),
    ("apigateway.GetTags", "*/tags/*", ENCODED, OF_API_GATEWAY),
    ("apigateway.TagResource", "*/tags/*", ENCODED, OF_API_GATEWAY),
    ("apigateway.UntagResource", "*/tags/*", ENCODED, OF_API_GATEWAY),
    ("apigatewayv2.GetTags", "*/tags/*", ENCODED, OF_API_GATEWAY),
    ("apigatewayv2.TagResource", "*/tags/*", ENCODED, OF_API_GATEWAY),
    ("apigatewayv2.UntagResource", "*/tags/*", ENCODED, OF_API_GATEWAY),
    ("cloudformation.CreateStackInstances", "*:stackset-target/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.CreateStackInstances", "*:type/resource/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.DeleteStackInstances", "*:stackset-target/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.DeleteStackInstances", "*:type/resource/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.UpdateStackInstances", "*:stackset-target/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.UpdateStackInstances", "*:type/resource/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.UpdateStackSet", "*:stackset-target/*", STACK_SET, OF_STACK_SETS),
    ("cloudformation.UpdateStackSet", "*:type/resource/*", STACK_SET, OF_STACK_SETS),
    (
        "connect.StartOutboundEmailContact",
        "*/contact-flow/*",
        "the address that sends has the flow",
        "https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundEmailContact.html",
    ),
    ("databasemigration.CreateReplicationInstance", "*:subgrp:*", GIVEN_BY_DMS, OF_DMS),
    ("databasemigration.DescribeInstanceProfiles", "*:instance-profile:*", GIVEN_BY_DMS, OF_DMS),
    ("databasemigration.DescribeMigrationProjects", "*", GIVEN_BY_DMS, OF_DMS),
    ("databasemigration.DescribeReplicationTaskAssessmentRuns", "*", GIVEN_BY_DMS, OF_DMS),
    ("databasemigration.DescribeReplicationTaskIndividualAssessments", "*", GIVEN_BY_DMS, OF_DMS),
    (
        "drs.PutLaunchAction",
        "*:document/*",
        "a document of AWS has no account in its ARN",
        "https://docs.aws.amazon.com/drs/latest/APIReference/API_PutLaunchAction.html",
    ),
    (
        "ec2.CreateRestoreImageTask",
        "*::snapshot/*",
        "the task makes the snapshots of the image",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-ami-store-restore.html",
    ),
    ("ec2.ReplaceRouteTableAssociation", "*", OF_ASSOCIATION, REPLACE_ASSOCIATION),
    (
        "efs.CreateMountTarget",
        "*:security-group/*",
        "the default security group of the VPC is used",
        "https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html",
    ),
    (
        "lexmodelbuilding.GetBot",
        "*:bot:*",
        "the parameter is a version or an alias",
        "https://docs.aws.amazon.com/lex/latest/dg/API_GetBot.html",
    ),
    (
        "lexmodelsv2.DeleteBot",
        "*:bot-alias/*",
        "the aliases of the bot are deleted along with it where skipResourceInUseCheck is true",
        "https://docs.aws.amazon.com/lexv2/latest/APIReference/API_DeleteBot.html",
    ),
    (
        "partnercentralchannel.CreateChannelHandshake",
        "*",
        "the identifier is that of one of several types",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_partner-central.html",
    ),
    ("pinpointsmsvoicev2.SendDestinationNumberVerificationCode", "*", ANY_ORIGIN, OF_SMS),
    ("pinpointsmsvoicev2.SendRcsMessage", "*:sender-id/*", ANY_ORIGIN, OF_SMS),
    ("pinpointsmsvoicev2.SendTextMessage", "*", ANY_ORIGIN, OF_SMS),
    (
        "servicecatalog.ImportAsProvisionedProduct",
        "*:stack/*",
        "the ID of the stack has its name before it",
        "https://docs.aws.amazon.com/servicecatalog/latest/APIReference/API_ImportAsProvisionedProduct.html",
    ),
];

const STACK_SET: &str = "the template of the stack set has the types, and its stacks are the targets";
const OF_ASSOCIATION: &str = "the association, which alone is named, is that of a subnet or of a gateway";
const ANY_ORIGIN: &str =
    "without an origination identity the service takes one, and that of a sender has its country";
const ENCODED: &str = "the path has the ARN of the parameter in percent-encoding";
const GIVEN_BY_DMS: &str = "the ARN has an identifier that the service gives, not the name in the call";

const OF_API_GATEWAY: &str =
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html";
const OF_STACK_SETS: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html";
const REPLACE_ASSOCIATION: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html";
const OF_SMS: &str =
    "https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html";
const OF_DMS: &str = "https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Introduction.AWS.ARN.html";

#[test]
fn every_row_has_a_reason_and_a_page() {
    for (operation, _, reason, page) in REACHED {
        assert!(
            !reason.is_empty() && page.starts_with("https://docs.aws.amazon.com/"),
            "{operation}: {page}"
        );
    }
}

fn explained(
    permission: &Permission,
    arn: &str,
    reason: &WildcardReason,
    data: &Authorization,
) -> Result<(), String> {
    let WildcardReason::Run { parameter, cause } = reason else {
        // `tests/it/honest.rs` checks wildcards that are reported as required by AWS.
        return Ok(());
    };
    let Some(basis) = permission.basis.filter(|basis| basis.rule != "optimized") else {
        // The rows of optimized integrations have reasons of their own.
        return Ok(());
    };
    let actions = &permission.grant.actions;
    let is_required = actions.iter().all(|action| data.requires(action, arn));
    let is_told = matches!(cause, Unresolved::Undecided(_));
    let is_part = *cause == Unresolved::NoParameterForPart;
    // If the API requires one of several parameters, `absent.toml` has a row, or the catalogue is not built.
    let is_alternative = *cause == Unresolved::NotGiven && basis.rule != "dependent";
    // Without a required type, a dependent action has the types that the data lists for it.
    let is_least = basis.rule == "dependent" && !actions.iter().any(|action| data.requires_any(action));
    if is_required || is_told || is_part || is_alternative || is_least {
        Ok(())
    } else {
        Err(format!("{parameter} is {cause:?}"))
    }
}
