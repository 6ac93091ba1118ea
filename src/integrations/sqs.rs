//! Amazon SQS: send a message.

use super::dsl::{Api, Resource, Service, allow, each};
use crate::asl::IntegrationPattern::{Callback, RequestResponse};
use crate::call::resource::sqs::queue;

pub(super) const SERVICE: Service = Service {
    name: "sqs",
    title: "Amazon SQS",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html",
    sdk: &["sqs"],
    apis: &[Api {
        name: "sendMessage",
        patterns: &[RequestResponse, Callback],
        documented: Some(&[allow(&["sqs:SendMessage"]).on(&[QUEUE])]),
        least_privilege: &[
            allow(&["sqs:SendMessage"]).on(&[QUEUE.or(&["arn:{partition}:sqs:{region}:{account}:*"])])
        ],
        notes: &[
            "The queue is given by its URL, from which the ARN is derived.",
            "The keys of encrypted queues are not in the definition: kms:Decrypt and kms:GenerateDataKey on them must be added.",
        ],
    }],
};

const QUEUE: Resource = each("QueueUrl", "the queue", queue);
