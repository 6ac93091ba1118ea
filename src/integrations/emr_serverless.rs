//! Amazon EMR Serverless: applications, and the jobs that run on them.

use super::dsl::{
    Api, GrantRule, RUN_JOB, Resource, Service, allow, arn, like, managed_rule, passed_to, present, role_arn,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};

pub(super) const SERVICE: Service = Service {
    name: "emr-serverless",
    title: "Amazon EMR Serverless",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html",
    sdk: &["emrserverless"],
    apis: &[
        CANCEL_JOB_RUN,
        CREATE_APPLICATION,
        DELETE_APPLICATION,
        START_APPLICATION,
        START_JOB_RUN,
        STOP_APPLICATION,
    ],
};

const CANCEL_JOB_RUN: Api = Api {
    name: "cancelJobRun",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&["emr-serverless:CancelJobRun"]).on(&[JOB_RUN.or(APPLICATIONS)]),
        allow(&["emr-serverless:GetJobRun"]).on(&[JOB_RUN.or(APPLICATIONS)]).when(&[RUN_JOB]),
        managed_rule(JOB_RULE),
    ]),
    least_privilege: &[
        allow(&["emr-serverless:CancelJobRun"]).on(&[JOB_RUN]),
        allow(&["emr-serverless:GetJobRun"]).on(&[JOB_RUN]).when(&[RUN_JOB]),
        managed_rule(JOB_RULE),
    ],
    notes: &[
        "Where only the application or only the job run is known, the policy names what is known; AWS's template then allows all applications.",
    ],
};

const CREATE_APPLICATION: Api = Api {
    name: "createApplication",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        CREATE,
        FOLLOW_APPLICATION,
        TAG_APPLICATION.correction("with Tags, EMR Serverless may ask for emr-serverless:TagResource"),
        managed_rule(APPLICATION_RULE),
        SERVICE_LINKED_ROLE,
    ]),
    least_privilege: &[
        CREATE,
        FOLLOW_APPLICATION,
        TAG_APPLICATION,
        managed_rule(APPLICATION_RULE),
        SERVICE_LINKED_ROLE,
    ],
    notes: &[
        "The first application of an account creates the service-linked role; once it exists, iam:CreateServiceLinkedRole can be removed.",
        "With .sync, DeleteApplication cleans up when the execution is stopped.",
        "AWS does not say whether tagging at creation is checked, so emr-serverless:TagResource is granted where the task has Tags.",
    ],
};

const DELETE_APPLICATION: Api = Api {
    name: "deleteApplication",
    patterns: &[RequestResponse, RunJob],
    documented: Some(DELETE_APPLICATION_GRANTS),
    least_privilege: DELETE_APPLICATION_GRANTS,
    notes: &[],
};

const START_APPLICATION: Api = Api {
    name: "startApplication",
    patterns: &[RequestResponse, RunJob],
    documented: Some(START_APPLICATION_GRANTS),
    least_privilege: START_APPLICATION_GRANTS,
    notes: &["With .sync, StopApplication undoes the start when the execution is stopped."],
};

const START_JOB_RUN: Api = Api {
    name: "startJobRun",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        START,
        allow(&["iam:PassRole"]).on(&[role_arn("ExecutionRoleArn")]).only_if(PASSED),
        allow(&["emr-serverless:CancelJobRun", "emr-serverless:GetJobRun"])
            .on(&[JOB_RUNS.or(APPLICATIONS)])
            .when(&[RUN_JOB]),
        TAG_JOB_RUN.correction("with Tags, EMR Serverless may ask for emr-serverless:TagResource"),
        managed_rule(JOB_RULE),
    ]),
    least_privilege: &[
        START,
        allow(&["iam:PassRole"])
            .on(&[role_arn("ExecutionRoleArn").or(&["arn:{partition}:iam::{account}:role/*"])])
            .only_if(PASSED),
        allow(&["emr-serverless:CancelJobRun", "emr-serverless:GetJobRun"])
            .on(&[JOB_RUNS])
            .because(GENERATED)
            .when(&[RUN_JOB]),
        TAG_JOB_RUN,
        managed_rule(JOB_RULE),
    ],
    notes: &[
        "EMR Serverless itself starts an application that is stopped, so StartApplication is not needed.",
        "AWS does not say whether tagging at creation is checked, so emr-serverless:TagResource is granted where the task has Tags.",
    ],
};

const STOP_APPLICATION: Api = Api {
    name: "stopApplication",
    patterns: &[RequestResponse, RunJob],
    documented: Some(STOP_APPLICATION_GRANTS),
    least_privilege: STOP_APPLICATION_GRANTS,
    notes: &[],
};

const DELETE_APPLICATION_GRANTS: &[GrantRule] = &[
    allow(&["emr-serverless:DeleteApplication"]).on(&[APPLICATION]),
    GET_APPLICATION,
    managed_rule(APPLICATION_RULE),
];

const START_APPLICATION_GRANTS: &[GrantRule] = &[
    allow(&["emr-serverless:StartApplication"]).on(&[APPLICATION]),
    GET_APPLICATION,
    allow(&["emr-serverless:StopApplication"]).on(&[APPLICATION]).when(&[RUN_JOB]),
    managed_rule(APPLICATION_RULE),
];

const STOP_APPLICATION_GRANTS: &[GrantRule] = &[
    allow(&["emr-serverless:StopApplication"]).on(&[APPLICATION]),
    GET_APPLICATION,
    managed_rule(APPLICATION_RULE),
];

const CREATE: GrantRule = allow(&["emr-serverless:CreateApplication"])
    .on(&[arn("arn:{partition}:emr-serverless:{region}:{account}:/*")])
    .because("no resource narrows emr-serverless:CreateApplication, and AWS documents it so");

const FOLLOW_APPLICATION: GrantRule =
    allow(&["emr-serverless:DeleteApplication", "emr-serverless:GetApplication"])
        .on(&[arn("arn:{partition}:emr-serverless:{region}:{account}:/applications/*")])
        .because(GENERATED)
        .when(&[RUN_JOB]);

const GET_APPLICATION: GrantRule =
    allow(&["emr-serverless:GetApplication"]).on(&[APPLICATION]).when(&[RUN_JOB]);

const START: GrantRule = allow(&["emr-serverless:StartJobRun"]).on(&[APPLICATION]);

const TAG_APPLICATION: GrantRule = allow(&["emr-serverless:TagResource"])
    .on(&[arn("arn:{partition}:emr-serverless:{region}:{account}:/applications/*")])
    .because(GENERATED)
    .when(&[present("Tags{}")]);

const TAG_JOB_RUN: GrantRule =
    allow(&["emr-serverless:TagResource"]).on(&[JOB_RUNS]).because(GENERATED).when(&[present("Tags{}")]);

const SERVICE_LINKED_ROLE: GrantRule = allow(&["iam:CreateServiceLinkedRole"])
    .on(&[arn(
        "arn:{partition}:iam::{account}:role/aws-service-role/ops.emr-serverless.amazonaws.com/AWSServiceRoleForAmazonEMRServerless*",
    )])
    .only_if(&[like("iam:AWSServiceName", "ops.emr-serverless.amazonaws.com")])
    .because("AWS documents the name of the service-linked role with a suffix that is left open");

const PASSED: &[super::ConditionRule] = &[passed_to("emr-serverless.amazonaws.com")];

const GENERATED: &str = "EMR Serverless makes the ID when it creates the resource";

const APPLICATION: Resource =
    arn("arn:{partition}:emr-serverless:{region}:{account}:/applications/{ApplicationId}");
const JOB_RUN: Resource =
    arn("arn:{partition}:emr-serverless:{region}:{account}:/applications/{ApplicationId}/jobruns/{JobRunId}");
const JOB_RUNS: Resource =
    arn("arn:{partition}:emr-serverless:{region}:{account}:/applications/{ApplicationId}/jobruns/*");
const APPLICATIONS: &[&str] = &["arn:{partition}:emr-serverless:{region}:{account}:/applications/*"];

const APPLICATION_RULE: &[Resource] = &[arn(
    "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForEMRServerlessApplicationRule",
)];
const JOB_RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForEMRServerlessJobRule")];
