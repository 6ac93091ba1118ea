//! AWS Glue DataBrew: run a job.

use super::dsl::{Api, RUN_JOB, Resource, Service, allow, arn};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};

pub(super) const SERVICE: Service = Service {
    name: "databrew",
    title: "AWS Glue DataBrew",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-databrew.html",
    sdk: &["databrew"],
    apis: &[Api {
        name: "startJobRun",
        patterns: &[RequestResponse, RunJob],
        documented: Some(&[
            allow(&["databrew:StartJobRun"]).on(&[JOBS]),
            allow(FOLLOW).on(&[JOBS]).when(&[RUN_JOB]),
        ]),
        least_privilege: &[
            allow(&["databrew:StartJobRun"]).on(&[JOB]),
            allow(FOLLOW).on(&[JOB]).when(&[RUN_JOB]),
        ],
        notes: &["The job's role is fixed in the job, so no iam:PassRole is needed."],
    }],
};

/// There is no managed rule: without these actions, a job can be neither followed nor stopped.
const FOLLOW: &[&str] = &["databrew:ListJobRuns", "databrew:StopJobRun"];

const JOBS: Resource = arn("arn:{partition}:databrew:{region}:{account}:job/*");
const JOB: Resource = arn("arn:{partition}:databrew:{region}:{account}:job/{Name}");
