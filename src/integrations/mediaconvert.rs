//! AWS Elemental MediaConvert: create a job and, with `.sync`, follow it to its end.

use super::dsl::{
    Actions, Api, GrantRule, Guard, RUN_JOB, Resource, Service, absent, allow, arn, equals, hidden,
    managed_rule, named, passed_to, present, role_arn,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::call::Presence;

pub(super) const SERVICE: Service = Service {
    name: "mediaconvert",
    title: "AWS Elemental MediaConvert",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html",
    sdk: &["mediaconvert"],
    apis: &[Api {
        name: "createJob",
        patterns: &[RequestResponse, RunJob],
        documented: Some(&[
            CREATE.on(&[ANY_QUEUE, ANY_TEMPLATE, ANY_PRESET]),
            TAG.correction("AWS's authorization data asks for mediaconvert:TagResource when a job has Tags"),
            FOLLOW,
            allow(&["iam:PassRole"])
                .on(&[role_arn("Role")])
                .only_if(&[passed_to("mediaconvert.amazonaws.com")]),
            managed_rule(RULE),
        ]),
        least_privilege: &[
            CREATE.on(&[queue("Queue")]).when(&[NAMES_QUEUE]).or_another(),
            CREATE.on(&[ANY_QUEUE]).when(&[DEFAULT_QUEUE]).or_another(),
            CREATE.on(&[queue("HopDestinations[].Queue")]).when(&[present("HopDestinations[].Queue")]),
            CREATE.on(&[ANY_QUEUE]).when(&[present("HopDestinations"), absent("HopDestinations[].Queue")]),
            CREATE.on(&[TEMPLATE]).when(&[present("JobTemplate")]),
            CREATE.on(&[PRESET]).when(&[present(PRESET_NAME)]),
            CREATE.on(&[ANY_PRESET]).when(&[present("JobTemplate")]),
            TAG,
            FOLLOW,
            allow(&["iam:PassRole"])
                .on(&[role_arn("Role").or(&["arn:{partition}:iam::{account}:role/*"])])
                .only_if(&[passed_to("mediaconvert.amazonaws.com")]),
            managed_rule(RULE),
        ],
        notes: &[
            "Step Functions tags each job with ManagedByService, and may only ask for and cancel jobs with that tag: a task must not change it.",
            "AWS's template does not grant mediaconvert:TagResource, its authorization data asks for it: it is granted when the task has Tags.",
            "Inputs, outputs and their keys are reached with the role that the task passes.",
        ],
    }],
};

const CREATE: Actions = allow(&["mediaconvert:CreateJob"]);

const NAMES_QUEUE: Guard = Guard::Holds("`Queue` is given", |call| call.presence("Queue") != Presence::Never);
const DEFAULT_QUEUE: Guard =
    Guard::Holds("`Queue` is absent", |call| call.presence("Queue") != Presence::Always);

const TAG: GrantRule =
    allow(&["mediaconvert:TagResource"]).on(&[JOB]).because(JOB_ID).when(&[present("Tags")]);

const FOLLOW: GrantRule = allow(&["mediaconvert:CancelJob", "mediaconvert:GetJob"])
    .on(&[JOB])
    .because(JOB_ID)
    .only_if(&[equals("aws:ResourceTag/ManagedByService", "AWSStepFunctions")])
    .when(&[RUN_JOB]);

const JOB_ID: &str = "the ID of a job exists only at run time";

const RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForMediaConvertJobRule")];

const JOB: Resource = arn("arn:{partition}:mediaconvert:{region}:{account}:jobs/*");

const ANY_QUEUE: Resource = hidden("the default queue of the account")
    .or(&["arn:{partition}:mediaconvert:{region}:{account}:queues/*"]);
const ANY_TEMPLATE: Resource = arn("arn:{partition}:mediaconvert:{region}:{account}:jobTemplates/*");
const ANY_PRESET: Resource = hidden("the presets of the job template")
    .or(&["arn:{partition}:mediaconvert:{region}:{account}:presets/*"]);

const fn queue(parameter: &'static str) -> Resource {
    named(parameter, "arn:{partition}:mediaconvert:{region}:{account}:queues/{}")
        .or(&["arn:{partition}:mediaconvert:{region}:{account}:queues/*"])
}

const TEMPLATE: Resource =
    named("JobTemplate", "arn:{partition}:mediaconvert:{region}:{account}:jobTemplates/{}")
        .or(&["arn:{partition}:mediaconvert:{region}:{account}:jobTemplates/*"]);

const PRESET_NAME: &str = "Settings.OutputGroups[].Outputs[].Preset";
const PRESET: Resource = named(PRESET_NAME, "arn:{partition}:mediaconvert:{region}:{account}:presets/{}")
    .or(&["arn:{partition}:mediaconvert:{region}:{account}:presets/*"]);
