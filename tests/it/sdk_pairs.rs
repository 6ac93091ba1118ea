//! Every action is allowed on a resource that IAM checks for it: of a type that the authorization data lists
//! for the action, or that a page of AWS requires.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use sfniam::permissions::Mode;

use crate::support::sdk::{Authorization, by_the_run, everywhere, fits, nothing, permissions, services};
use crate::support::{files, settings, tests_folder};

/// Actions and resources, as patterns, that the authorization data does not have, with the page of AWS that
/// does. Rows may only be removed.
const DOCUMENTED: &[(&str, &str, &str)] = &[
    (
        "apigateway:*",
        "arn:aws:apigateway:eu-west-1::/*",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
    ),
    (
        "arc-zonal-shift:*",
        "*",
        "https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_service-with-iam-zonal-shift.html",
    ),
    (
        "batch:TagResource",
        "arn:aws:batch:*:job-definition/*",
        "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html",
    ),
    (
        "bedrock:CreateModelCustomizationJob",
        "arn:aws:bedrock:*:model-customization-job/*",
        "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html",
    ),
    (
        "bedrock-agentcore:InvokeAgentRuntime*",
        "arn:aws:bedrock-agentcore:*:harness/*",
        "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock-agentcore.html",
    ),
    (
        "ec2:CreateNetworkInsightsPath",
        "arn:aws:ec2:*:*/*",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInsightsPath.html",
    ),
    (
        "ec2:*Tags",
        "arn:aws:ec2:*:*/*",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html",
    ),
    (
        "elasticbeanstalk:*Tags",
        "arn:aws:elasticbeanstalk:*",
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateTagsForResource.html",
    ),
    (
        "emr-serverless:CreateApplication",
        "arn:aws:emr-serverless:*:/*",
        "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html",
    ),
    (
        "entityresolution:GetProviderService",
        "arn:aws:entityresolution:*::providerservice/*",
        "https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetProviderService.html",
    ),
    (
        "execute-api:Invoke",
        "arn:*:execute-api:*/$default",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html",
    ),
    (
        "greengrass:CreateDeployment",
        "*",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_greengrassv2.html",
    ),
    (
        "greengrass:ListDeployments",
        "*",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_greengrassv2.html",
    ),
    (
        "iotwireless:CreateNetworkAnalyzerConfiguration",
        "*",
        "https://docs.aws.amazon.com/iot-wireless/2020-11-22/apireference/API_CreateNetworkAnalyzerConfiguration.html",
    ),
    ("sns:Publish", "*", "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html"),
    (
        "ssm:Start*Execution",
        "arn:aws:ssm:eu-west-1::automation-definition/*",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/security_iam_id-based-policy-examples.html",
    ),
    (
        "ssm:*",
        "arn:aws:ssm:eu-west-1::document/*",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/security_iam_id-based-policy-examples.html",
    ),
    (
        "ssm:*",
        "arn:aws:ssm:eu-west-1::parameter/aws/service/*",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html",
    ),
    (
        "states:InvokeHTTPEndpoint",
        "arn:aws:states:*:stateMachine:*",
        "https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html",
    ),
    (
        "states:SendTask*",
        "arn:aws:states:*",
        "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.StateMachine.html",
    ),
    (
        "wellarchitected:GetLens",
        "arn:aws:wellarchitected:*::lens/*",
        "https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_GetLens.html",
    ),
];

fn is_documented(action: &str, resource: &str) -> Option<usize> {
    DOCUMENTED.iter().position(|(actions, resources, _)| fits(actions, action) && fits(resources, resource))
}

/// The pairs of a policy.
fn pairs(policy: &Value) -> BTreeSet<(String, String)> {
    let texts = |value: &Value| -> Vec<String> {
        match value {
            Value::Array(all) => all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
            one => one.as_str().map(str::to_owned).into_iter().collect(),
        }
    };
    let mut found = BTreeSet::new();
    for statement in policy["Statement"].as_array().into_iter().flatten() {
        if statement["Effect"] != "Allow" {
            continue;
        }
        let resources = texts(&statement["Resource"]);
        for action in texts(&statement["Action"]) {
            found.extend(resources.iter().map(|resource| (action.clone(), resource.clone())));
        }
    }
    found
}

/// All pairs with their origin: the cases of optimized integrations, and the operations of the AWS SDK.
fn all_pairs() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for folder in ["integrations", "machines", "sdk"] {
        for file in files(&tests_folder().join(folder), ".least_privilege.json") {
            let text = fs::read_to_string(&file).expect("a policy");
            let policy = serde_json::from_str(&text).expect("JSON");
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            found.extend(pairs(&policy).into_iter().map(|(action, on)| (name.clone(), action, on)));
        }
    }
    let settings = settings(Mode::LeastPrivilege);
    for service in services() {
        let given = [
            permissions(service, nothing, &settings),
            permissions(service, by_the_run, &settings),
            permissions(service, everywhere("lit-1"), &settings),
        ];
        for (place, permission) in given.into_iter().flatten() {
            for action in &permission.grant.actions {
                let resources = permission.grant.resources.iter().map(|resource| resource.to_text());
                found.extend(resources.map(|on| (place.clone(), action.clone(), on)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_action_stands_on_a_resource_that_it_is_compared_with() {
    let data = Authorization::read();
    let all = all_pairs();
    let (mut used, mut wrong) = (BTreeSet::new(), Vec::new());
    for (place, action, resource) in &all {
        if data.can_be_of(action, resource) {
            continue;
        }
        match is_documented(action, resource) {
            Some(row) => {
                used.insert(row);
            }
            None => wrong.push(format!("{place}: {action} on {resource}")),
        }
    }

    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    let unused: Vec<_> = (0..DOCUMENTED.len()).filter(|row| !used.contains(row)).collect();
    assert!(unused.is_empty(), "rows of the table that nothing needs: {unused:?}");
}

#[test]
fn a_pair_that_can_never_be_used_is_seen() {
    let data = Authorization::read();
    let place = "arn:aws:sns:eu-west-1:111122223333";
    for (action, resource) in [
        ("sns:Publish", format!("{place}:orders")),
        ("sns:Publish", format!("{place}:*")),
        ("sns:ListTopics", "*".to_owned()),
        ("backup:DeleteRecoveryPoint", "arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:1".to_owned()),
    ] {
        assert!(data.can_be_of(action, &resource), "{action} {resource}");
    }
    for (action, resource) in [
        ("sns:Publish", "*".to_owned()),
        ("sns:ListTopics", format!("{place}:*")),
        ("sns:Publish", "arn:aws:sqs:eu-west-1:111122223333:orders".to_owned()),
        ("s3:GetObject", "arn:aws:s3:::bucket".to_owned()),
        ("glue:GetDatabase", "arn:aws:glue:eu-west-1:111122223333:table/*".to_owned()),
        ("ssm:PutParameter", "arn:aws:ssm:eu-west-1::parameter/aws/service/x".to_owned()),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:table/orders".to_owned()),
    ] {
        assert!(!data.can_be_of(action, &resource), "{action} {resource}");
    }
}
