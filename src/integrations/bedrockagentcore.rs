//! Amazon Bedrock AgentCore: invoke the harness of an agent. The service in ARNs and actions has a hyphen,
//! the one in Resource has none.

use super::dsl::{Api, GrantRule, Resource, Service, allow, computed, given, present};
use crate::asl::IntegrationPattern::RequestResponse;
use crate::call::{Call, can_be_name};
use crate::iam::Pattern;

pub(super) const SERVICE: Service = Service {
    name: "bedrockagentcore",
    title: "Amazon Bedrock AgentCore",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html",
    sdk: &["bedrockagentcore"],
    apis: &[Api {
        name: "invokeHarness",
        patterns: &[RequestResponse],
        documented: Some(&[
            allow(INVOKE).on(&[HARNESS]),
            ON_ENDPOINT,
            FOR_USER.correction("with RuntimeUserId, AWS authorizes the call for that user too"),
        ]),
        least_privilege: &[allow(INVOKE).on(&[HARNESS]), ON_ENDPOINT, FOR_USER],
        notes: &[
            "Models, tools and memory are reached with the role of the harness, also where the task overrides them.",
            "AWS documents the harness alone and its service authorization reference requires the endpoint too: the policy has both.",
            "AWS's examples do not show RuntimeUserId; with it bedrock-agentcore:InvokeAgentRuntimeForUser is granted as well.",
        ],
    }],
};

/// One call needs both.
const INVOKE: &[&str] = &["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeHarness"];

/// The guides of Step Functions and of AgentCore have only the harness; the service authorization reference
/// has the harness and its endpoint as required types of `InvokeHarness`.
const ON_ENDPOINT: GrantRule = allow(INVOKE)
    .on(&[computed("the endpoint of the harness", endpoint).or(ANY_HARNESS)])
    .correction("AWS's service authorization reference requires the endpoint besides the harness");

const FOR_USER: GrantRule =
    allow(&["bedrock-agentcore:InvokeAgentRuntimeForUser"]).on(&[HARNESS]).when(&[present("RuntimeUserId")]);

const HARNESS: Resource = given("HarnessArn", HARNESSES).or(ANY_HARNESS);
const HARNESSES: &str = "arn:{partition}:bedrock-agentcore:{region}:{account}:harness/*";
const ANY_HARNESS: &[&str] = &[HARNESSES];

/// Without `Qualifier` it is the endpoint `DEFAULT`.
fn endpoint(call: &Call<'_, '_>) -> Vec<Pattern> {
    let qualifiers = call.required("Qualifier|DEFAULT");
    let mut endpoints = Vec::new();
    for harness in call.required("HarnessArn") {
        if !harness.is_arn() {
            endpoints.push(call.unfit("HarnessArn", &harness));
            continue;
        }
        for qualifier in &qualifiers {
            let mut endpoint = harness.clone().then("/harness-endpoint/");
            if can_be_name(qualifier) {
                endpoint.push(qualifier);
                endpoints.push(endpoint);
            } else {
                endpoints.push(call.unfit("Qualifier", qualifier));
            }
        }
    }
    endpoints
}
