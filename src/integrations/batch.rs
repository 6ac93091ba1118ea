//! AWS Batch: submit a job and, with `.sync`, follow it to its end.

use super::Call;
use super::define::{Api, Grant, RUN_JOB, Resource, Service, allow, arn, each, managed_rule, named, present};
use crate::asl::Pattern::{RequestResponse, RunJob};
use crate::iam::Pattern as Text;

pub(super) const SERVICE: Service = Service {
    name: "batch",
    title: "AWS Batch",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html",
    apis: &[Api {
        name: "submitJob",
        patterns: &[RequestResponse, RunJob],
        documented: Some(&[
            allow(&["batch:SubmitJob"]).on_anything("AWS documents \"*\" for AWS Batch"),
            allow(&["batch:DescribeJobs", "batch:TerminateJob"])
                .on_anything("AWS documents \"*\" for AWS Batch")
                .when(&[RUN_JOB]),
            TAG.correction("with Tags, SubmitJob is refused without batch:TagResource"),
            managed_rule(RULE),
        ]),
        least_privilege: &[
            // AWS wants a queue and a definition in the policy, whichever of them is known.
            allow(&["batch:SubmitJob"]).on(&[QUEUE, DEFINITION]),
            allow(&["batch:SubmitJob"])
                .on(&[arn("arn:{partition}:batch:{region}:{account}:consumable-resource/*")])
                .because("the resources that the job definition asks for are not in the state machine's definition")
                .when(&[present("ConsumableResourcePropertiesOverride")]),
            TAG,
            allow(&["batch:DescribeJobs"])
                .on_anything("batch:DescribeJobs has no resource type")
                .when(&[RUN_JOB]),
            allow(&["batch:TerminateJob"]).on(&[JOB]).because(JOB_ID).when(&[RUN_JOB]),
            managed_rule(RULE),
        ],
        notes: &["Job and execution roles are fixed in the job definition, so no iam:PassRole is needed."],
    }],
};

const JOB_ID: &str = "the ID of a job exists only at run time";

const TAG: Grant =
    allow(&["batch:TagResource"]).on(&[JOB, QUEUE, DEFINITION]).because(JOB_ID).when(&[present("Tags")]);

const RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForBatchJobsRule")];

const JOB: Resource = arn("arn:{partition}:batch:{region}:{account}:job/*");
const QUEUE: Resource = named("JobQueue", "arn:{partition}:batch:{region}:{account}:job-queue/{}")
    .or(&["arn:{partition}:batch:{region}:{account}:job-queue/*"]);
const DEFINITION: Resource =
    each("JobDefinition", "the job definition, without a revision also all its revisions", definition)
        .or(&["arn:{partition}:batch:{region}:{account}:job-definition/*"]);

/// Without a revision the latest active one runs. Definition and revisions are resource types of their own, so both are named.
fn definition(call: &Call<'_, '_>, value: &Text) -> Vec<Text> {
    let arn = if value.is_arn() {
        value.clone()
    } else {
        call.arn("arn:{partition}:batch:{region}:{account}:job-definition/{}", Some(value), JOB_ID)
    };
    let Some((_, name)) = arn.rsplit_once('/') else { return vec![arn] };
    if name.known().is_none_or(|name| name.contains(':')) {
        return vec![arn];
    }
    let revisions = call.arn("{}:*", Some(&arn), "without a revision the latest one runs");
    vec![arn, revisions]
}
