//! AWS Glue: run a job.

use super::dsl::{Api, RUN_JOB, Resource, Service, allow, arn};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};

pub(super) const SERVICE: Service = Service {
    name: "glue",
    title: "AWS Glue",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html",
    sdk: &["glue"],
    apis: &[Api {
        name: "startJobRun",
        patterns: &[RequestResponse, RunJob],
        documented: Some(&[
            allow(&["glue:StartJobRun"]).on_anything("AWS documents \"*\" for AWS Glue"),
            allow(FOLLOW).on_anything("AWS documents \"*\" for AWS Glue").when(&[RUN_JOB]),
        ]),
        least_privilege: &[
            allow(&["glue:StartJobRun"]).on(&[JOB]),
            allow(FOLLOW).on(&[JOB]).when(&[RUN_JOB]),
        ],
        notes: &["The job's role is fixed in the job, so no iam:PassRole is needed."],
    }],
};

/// There is no managed rule: without these actions, a job can be neither followed nor stopped.
const FOLLOW: &[&str] = &["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns"];

const JOB: Resource = arn("arn:{partition}:glue:{region}:{account}:job/{JobName}");
