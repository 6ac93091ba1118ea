//! AWS Batch: submit a job and, with `.sync`, follow it to its end.

use super::dsl::{
    Api, GrantRule, RUN_JOB, Resource, Service, allow, arn, each, hidden, managed_rule, named, present,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::call::Call;
use crate::iam::{Pattern, Piece};

pub(super) const SERVICE: Service = Service {
    name: "batch",
    title: "AWS Batch",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html",
    sdk: &["batch"],
    apis: &[Api {
        name: "submitJob",
        patterns: &[RequestResponse, RunJob],
        documented: Some(&[
            allow(&["batch:SubmitJob"]).on_anything("AWS documents \"*\" for AWS Batch"),
            allow(&["batch:DescribeJobs", "batch:TerminateJob"])
                .on_anything("AWS documents \"*\" for AWS Batch")
                .when(&[RUN_JOB]),
            TAG.correction("with Tags, SubmitJob is denied without batch:TagResource"),
            managed_rule(RULE),
        ]),
        least_privilege: &[
            // AWS expects a queue and a definition in the policy, whichever of them is known. Its
            // authorization data requires the job too, although its examples do not have it.
            allow(&["batch:SubmitJob"]).on(&[QUEUE, DEFINITION, JOB]).because(JOB_ID),
            allow(&["batch:SubmitJob"])
                .on(&[hidden("the consumable resources that the job definition asks for")
                    .or(&["arn:{partition}:batch:{region}:{account}:consumable-resource/*"])])
                .when(&[present("ConsumableResourcePropertiesOverride")]),
            TAG,
            allow(&["batch:DescribeJobs"])
                .on_anything("batch:DescribeJobs has no resource type")
                .when(&[RUN_JOB]),
            allow(&["batch:TerminateJob"]).on(&[JOB]).because(JOB_ID).when(&[RUN_JOB]),
            managed_rule(RULE),
        ],
        notes: &[
            "AWS's examples do not name the job for batch:SubmitJob, its authorization data does: it is allowed in least privilege, so that no job is \
             denied.",
            "Job and execution roles are fixed in the job definition, so no iam:PassRole is needed.",
        ],
    }],
};

const JOB_ID: &str = "the ID of a job exists only at run time";

const TAG: GrantRule =
    allow(&["batch:TagResource"]).on(&[JOB, QUEUE, DEFINITION]).because(JOB_ID).when(&[present("Tags")]);

const RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForBatchJobsRule")];

const JOB: Resource = arn("arn:{partition}:batch:{region}:{account}:job/*");
const QUEUE: Resource = named("JobQueue", "arn:{partition}:batch:{region}:{account}:job-queue/{}")
    .or(&["arn:{partition}:batch:{region}:{account}:job-queue/*"]);
const DEFINITION: Resource =
    each("JobDefinition", "the job definition, without a revision also all its revisions", definition)
        .or(&["arn:{partition}:batch:{region}:{account}:job-definition/*"]);

/// Without a revision the latest active one runs. Definition and revisions are resource types of their own,
/// so both are named.
fn definition(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let arns = call.named("arn:{partition}:batch:{region}:{account}:job-definition/{}", value, "");
    arns.into_iter().flat_map(|arn| with_revisions(call, arn)).collect()
}

fn with_revisions(call: &Call<'_, '_>, arn: Pattern) -> Vec<Pattern> {
    let revision = |name: &Pattern| match name.pieces() {
        // A wildcard at the end covers the revisions too.
        [.., Piece::Wildcard("*", _)] => true,
        pieces => pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(':'))),
    };
    // Where too little of an ARN is known to find the name, it stays as it is.
    if arn.split_at("/").is_none_or(|(_, name)| revision(&name)) {
        return vec![arn];
    }
    let revisions = call.arn("{}:*", Some(&arn), "without a revision the latest one runs");
    vec![arn, revisions]
}

#[cfg(test)]
mod tests {
    use super::definition;
    use crate::call::testing::{made, text};

    #[test]
    fn a_definition_without_revision_has_all() {
        const DEFINITIONS: &str = "arn:aws:batch:eu-west-1:111122223333:job-definition/";
        for (value, tails) in [
            ("report", vec!["report", "report:*"]),
            ("report:3", vec!["report:3"]),
            ("report:*", vec!["report:*"]),
            ("report-*", vec!["report-*"]),
            ("report-*-x", vec!["report-*-x", "report-*-x:*"]),
            ("*-report", vec!["*-report", "*-report:*"]),
            ("*/report", vec!["*/report", "*/report:*", "report", "report:*"]),
            ("*:job-definition/report:3", vec!["*:job-definition/report:3", "report:3"]),
            ("arn:aws:batch:eu-west-1:111122223333:job-definition/report", vec!["report", "report:*"]),
            ("arn:aws:batch:eu-west-1:111122223333:job-definition/*-report", vec!["*-report", "*-report:*"]),
        ] {
            let arns: Vec<_> = tails.iter().map(|tail| format!("{DEFINITIONS}{tail}")).collect();
            assert_eq!(made(&[], |call| definition(call, &text(value))), arns, "{value}");
        }
        assert_eq!(made(&[], |call| definition(call, &text("arn:aws:batch:*"))), ["arn:aws:batch:*"]);
        assert!(made(&[], |call| definition(call, &text("arn:*/report"))).is_empty());
    }
}
