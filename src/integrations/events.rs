//! Amazon EventBridge: put events on buses.

use super::dsl::{Api, Resource, Service, allow, named};
use crate::asl::IntegrationPattern::{Callback, RequestResponse};

pub(super) const SERVICE: Service = Service {
    name: "events",
    title: "Amazon EventBridge",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html",
    sdk: &["eventbridge"],
    apis: &[Api {
        name: "putEvents",
        patterns: &[RequestResponse, Callback],
        documented: Some(&[
            allow(&["events:PutEvents"]).on(&[BUS.or(&["arn:{partition}:events:*:*:event-bus/*"])])
        ]),
        least_privilege: &[allow(&["events:PutEvents"])
            .on(&[BUS.or(&["arn:{partition}:events:{region}:{account}:event-bus/*"])])],
        notes: &["An entry without EventBusName goes to the bus named default."],
    }],
};

const BUS: Resource =
    named("Entries[].EventBusName|default", "arn:{partition}:events:{region}:{account}:event-bus/{}");
