//! Amazon SNS: publish a message.

use super::dsl::{Api, Guard, Resource, Service, allow, each, given};
use crate::asl::IntegrationPattern::{Callback, RequestResponse};
use crate::call::{Call, Presence};
use crate::iam::{ArnFields, Pattern, WildcardReason};

pub(super) const SERVICE: Service = Service {
    name: "sns",
    title: "Amazon SNS",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html",
    sdk: &["sns"],
    apis: &[Api {
        name: "publish",
        patterns: &[RequestResponse, Callback],
        documented: Some(&[
            allow(&["sns:Publish"]).on(&[given("TopicArn", TOPICS)]).when(&[TO_TOPIC]).or_another(),
            allow(&["sns:Publish"])
                .on_anything("AWS documents \"*\" for TargetArn and PhoneNumber")
                .when(&[Guard::Holds("`TargetArn` or `PhoneNumber` is given", |call| {
                    may_have(call, "TargetArn") || may_have(call, "PhoneNumber")
                })])
                .or_another(),
        ]),
        least_privilege: &[
            allow(&["sns:Publish"])
                .on(&[given("TopicArn", TOPICS).or(&[TOPICS])])
                .when(&[TO_TOPIC])
                .or_another(),
            allow(&["sns:Publish"]).on(&[TARGET]).when(&[TO_TARGET]).or_another(),
            allow(&["sns:Publish"])
                .on_anything("there is no resource type for phone numbers")
                .when(&[TO_PHONE])
                .or_another(),
        ],
        notes: &[
            "Phone numbers and platform endpoints are not resources: a task that uses them may publish to every topic too.",
            "The keys of encrypted topics are not in the definition: kms:Decrypt and kms:GenerateDataKey on them must be added.",
        ],
    }],
};

const TOPICS: &str = "arn:{partition}:sns:{region}:{account}:*";

/// A call has one of the three. One that shows none of them is treated as a topic known only at run time.
const TO_TOPIC: Guard =
    Guard::Holds("`TopicArn` is given, or none of `TopicArn`, `TargetArn` and `PhoneNumber`", |call| {
        may_have(call, "TopicArn") || !(may_have(call, "TargetArn") || may_have(call, "PhoneNumber"))
    });

const TO_TARGET: Guard = Guard::Holds("`TargetArn` is given", |call| may_have(call, "TargetArn"));
const TO_PHONE: Guard = Guard::Holds("`PhoneNumber` is given", |call| may_have(call, "PhoneNumber"));

const TARGET: Resource = each("TargetArn", "the topic; \"*\" for a platform endpoint", target);

fn may_have(call: &Call<'_, '_>, parameter: &str) -> bool {
    call.presence(parameter) != Presence::Never
}

/// Topics are a resource type, platform endpoints are not. What may be either needs what an endpoint needs.
fn target(_: &Call<'_, '_>, arn: &Pattern) -> Vec<Pattern> {
    if !arn.is_arn() {
        return Vec::new();
    }
    let name = match arn.rsplit_once(':') {
        Some((_, name)) => name,
        None => Pattern::literal(ArnFields::of(arn.beginning()).resource.unwrap_or_default()),
    };
    let name = name.beginning();
    if name.starts_with(ENDPOINT) {
        return vec![Pattern::anything(WildcardReason::Aws(
            "there is no resource type for platform endpoints",
        ))];
    }
    let unclear = arn.known().is_none() && ENDPOINT.starts_with(name);
    if unclear { Vec::new() } else { vec![arn.clone()] }
}

const ENDPOINT: &str = "endpoint/";
