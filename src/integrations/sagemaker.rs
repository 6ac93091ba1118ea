//! Amazon SageMaker AI: jobs, models and endpoints.
//!
//! The optimized integration tags whatever it starts, so `sagemaker:AddTags` is needed whether or not the
//! task has Tags.

use super::dsl::{
    Api, GrantRule, Guard, RUN_JOB, Resource, Service, allow, arn, computed, each, given, hidden,
    managed_rule, passed_to, present, role_arn,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::call::resource::sagemaker::{hub, lower_case};
use crate::call::{Call, Presence, can_be_name};
use crate::iam::Pattern;

pub(super) const SERVICE: Service = Service {
    name: "sagemaker",
    title: "Amazon SageMaker AI",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html",
    sdk: &["sagemaker"],
    apis: &[
        CREATE_ENDPOINT,
        CREATE_ENDPOINT_CONFIG,
        CREATE_HYPER_PARAMETER_TUNING_JOB,
        CREATE_LABELING_JOB,
        CREATE_MODEL,
        CREATE_PROCESSING_JOB,
        CREATE_TRAINING_JOB,
        CREATE_TRANSFORM_JOB,
        UPDATE_ENDPOINT,
    ],
};

const CREATE_ENDPOINT: Api = Api {
    name: "createEndpoint",
    patterns: &[RequestResponse],
    documented: None,
    least_privilege: &[
        allow(&["sagemaker:CreateEndpoint"]).on(&[ENDPOINT, ENDPOINT_CONFIG]),
        add_tags(&[ENDPOINT]),
        list_tags(&[ENDPOINT]),
        ALARMS,
    ],
    notes: &[CASE, ALARMS_OF],
};

const CREATE_ENDPOINT_CONFIG: Api = Api {
    name: "createEndpointConfig",
    patterns: &[RequestResponse],
    documented: None,
    least_privilege: &[
        allow(&["sagemaker:CreateEndpointConfig"]).on(&[ENDPOINT_CONFIG]),
        add_tags(&[ENDPOINT_CONFIG]),
        list_tags(&[ENDPOINT_CONFIG]),
        PASS_EXECUTION_ROLE,
    ],
    notes: &[CASE],
};

const CREATE_HYPER_PARAMETER_TUNING_JOB: Api = Api {
    name: "createHyperParameterTuningJob",
    patterns: &[RequestResponse, RunJob],
    documented: None,
    least_privilege: &[
        allow(&["sagemaker:CreateHyperParameterTuningJob"]).on(&[TUNING_JOB]),
        add_tags(&[TUNING_JOB]),
        list_tags(&[TUNING_JOB]),
        allow(&["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"])
            .on(&[TUNING_JOB])
            .when(&[RUN_JOB]),
        allow(&["iam:PassRole"])
            .on(&[role_arn("TrainingJobDefinition.RoleArn").or(ROLES)])
            .only_if(TO_SAGEMAKER)
            .when(&[present("TrainingJobDefinition")]),
        allow(&["iam:PassRole"])
            .on(&[role_arn("TrainingJobDefinitions[].RoleArn").or(ROLES)])
            .only_if(TO_SAGEMAKER)
            .when(&[present("TrainingJobDefinitions[]")]),
        managed_rule(&[arn(
            "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForSageMakerTuningJobsRule",
        )]),
    ],
    notes: &[
        "SageMaker itself starts the training jobs of a tuning job, so nothing is needed for these.",
        "The name of the EventBridge rule is the one in AWS's sample project.",
        CASE,
    ],
};

const CREATE_LABELING_JOB: Api = Api {
    name: "createLabelingJob",
    patterns: &[RequestResponse, RunJob],
    documented: None,
    least_privilege: &[
        allow(&["sagemaker:CreateLabelingJob"]).on(&[LABELING_JOB]),
        add_tags(&[LABELING_JOB]),
        list_tags(&[LABELING_JOB]),
        allow(&["sagemaker:DescribeLabelingJob", "sagemaker:StopLabelingJob"])
            .on(&[LABELING_JOB])
            .when(&[RUN_JOB]),
        PASS_ROLE,
        // With a wrong name, AWS would reject the state machine.
        managed_rule(&[arn(
            "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForSageMaker*",
        )])
        .because("AWS does not document the name of the rule for labeling jobs"),
    ],
    notes: &[
        "AWS does not document the name of the EventBridge rule for labeling jobs, so all rules of Step Functions for SageMaker are granted.",
        "Lambda functions, work team and buckets of a labeling job are reached with the role that is passed.",
        CASE,
    ],
};

const CREATE_MODEL: Api = Api {
    name: "createModel",
    patterns: &[RequestResponse],
    documented: None,
    least_privilege: &[
        allow(&["sagemaker:CreateModel"]).on(&[MODEL]),
        add_tags(&[MODEL]),
        list_tags(&[MODEL]),
        PASS_EXECUTION_ROLE,
        deploy(
            &PRIMARY_FROM_HUB,
            &[present("PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig")],
        ),
        deploy(&OTHERS_FROM_HUB, &[present("Containers[].ModelDataSource.S3DataSource.HubAccessConfig")]),
    ],
    notes: &[
        "A model from a private hub is deployed from it; the ARN of its content has the name of the hub.",
        "AWS does not say whether a container with ModelPackageName needs more; nothing is granted for it.",
        CASE,
    ],
};

const CREATE_PROCESSING_JOB: Api = Api {
    name: "createProcessingJob",
    patterns: &[RequestResponse, RunJob],
    documented: None,
    least_privilege: &[
        allow(&["sagemaker:CreateProcessingJob"]).on(&[PROCESSING_JOB]),
        add_tags(&[PROCESSING_JOB]),
        list_tags(&[PROCESSING_JOB]),
        allow(&["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"])
            .on(&[PROCESSING_JOB])
            .when(&[RUN_JOB]),
        PASS_ROLE,
        managed_rule(&[arn(
            "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule",
        )]),
    ],
    notes: &[
        "AWS does not document the name of the EventBridge rule for processing jobs; this one is in use in many deployments.",
        CASE,
    ],
};

const CREATE_TRAINING_JOB: Api = Api {
    name: "createTrainingJob",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&["sagemaker:CreateTrainingJob"]).on(&[TRAINING_JOBS]),
        allow(&["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"])
            .on(&[TRAINING_JOBS])
            .when(&[RUN_JOB]),
        allow(&["sagemaker:CreateTrainingJob"]).on(&[TRAINING_JOBS_IN_LOWER_CASE]).correction(LOWER_CASE),
        allow(&["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"])
            .on(&[TRAINING_JOBS_IN_LOWER_CASE])
            .when(&[RUN_JOB])
            .correction(LOWER_CASE),
        allow(&["sagemaker:AddTags", "sagemaker:ListTags"]).on_anything("AWS documents \"*\""),
        allow(&["iam:PassRole"]).on(&[role_arn("RoleArn")]).only_if(TO_SAGEMAKER),
        TRAINING_PLAN.correction("a training plan is checked too where the task has one"),
        managed_rule(TRAINING_RULE),
    ]),
    least_privilege: &[
        allow(&["sagemaker:CreateTrainingJob"]).on(&[TRAINING_JOB]),
        add_tags(&[TRAINING_JOB]),
        list_tags(&[TRAINING_JOB]),
        allow(&["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"])
            .on(&[TRAINING_JOB])
            .when(&[RUN_JOB]),
        PASS_ROLE,
        TRAINING_PLAN,
        managed_rule(TRAINING_RULE),
    ],
    notes: &[STAR, CASE],
};

const CREATE_TRANSFORM_JOB: Api = Api {
    name: "createTransformJob",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&["sagemaker:CreateTransformJob"]).on(&[TRANSFORM_JOBS]),
        allow(&["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"])
            .on(&[TRANSFORM_JOBS])
            .when(&[RUN_JOB]),
        allow(&["sagemaker:CreateTransformJob"]).on(&[TRANSFORM_JOBS_IN_LOWER_CASE]).correction(LOWER_CASE),
        allow(&["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"])
            .on(&[TRANSFORM_JOBS_IN_LOWER_CASE])
            .when(&[RUN_JOB])
            .correction(LOWER_CASE),
        allow(&["sagemaker:AddTags", "sagemaker:ListTags"]).on_anything("AWS documents \"*\""),
        allow(&["iam:PassRole"])
            .on_anything("AWS documents a role here, though the call names none")
            .only_if(TO_SAGEMAKER),
        managed_rule(TRANSFORM_RULE),
    ]),
    least_privilege: &[
        allow(&["sagemaker:CreateTransformJob"]).on(&[TRANSFORM_JOB]),
        add_tags(&[TRANSFORM_JOB]),
        list_tags(&[TRANSFORM_JOB]),
        allow(&["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"])
            .on(&[TRANSFORM_JOB])
            .when(&[RUN_JOB]),
        managed_rule(TRANSFORM_RULE),
    ],
    notes: &[
        "The job runs with the role of its model, so the call names no role and iam:PassRole is not needed, though AWS's template has it.",
        STAR,
        CASE,
    ],
};

const UPDATE_ENDPOINT: Api = Api {
    name: "updateEndpoint",
    patterns: &[RequestResponse],
    documented: None,
    least_privilege: &[allow(&["sagemaker:UpdateEndpoint"]).on(&[ENDPOINT, ENDPOINT_CONFIG]), ALARMS],
    notes: &[CASE, ALARMS_OF],
};

const fn add_tags(resources: &'static [Resource]) -> GrantRule {
    allow(&["sagemaker:AddTags"])
        .on(resources)
        .when(&[Guard::Holds("the `Resource` is the optimized integration, or `Tags` is given", |call| {
            call.is_optimized() || call.presence("Tags") != Presence::Never
        })])
}

const fn list_tags(resources: &'static [Resource]) -> GrantRule {
    allow(&["sagemaker:ListTags"])
        .on(resources)
        .when(&[Guard::Holds("the `Resource` is the optimized integration", |call| call.is_optimized())])
}

const PASS_ROLE: GrantRule =
    allow(&["iam:PassRole"]).on(&[role_arn("RoleArn").or(ROLES)]).only_if(TO_SAGEMAKER);
const PASS_EXECUTION_ROLE: GrantRule = allow(&["iam:PassRole"])
    .on(&[role_arn("ExecutionRoleArn").or(ROLES)])
    .only_if(TO_SAGEMAKER)
    .when(&[present("ExecutionRoleArn")]);

const TRAINING_PLANS: &str = "arn:{partition}:sagemaker:{region}:{account}:training-plan/*";
const TRAINING_PLAN: GrantRule = allow(&["sagemaker:CreateTrainingJob"])
    .on(&[
        given("ResourceConfig.TrainingPlanArn", TRAINING_PLANS).or(&[TRAINING_PLANS]),
        hidden("the capacity that the training plan has reserved")
            .or(&["arn:{partition}:sagemaker:{region}:{account}:reserved-capacity/*"]),
    ])
    .when(&[present("ResourceConfig.TrainingPlanArn")]);

/// What a model from a private hub needs: AWS's page "API operations defined by Amazon SageMaker".
const fn deploy(content: &'static [Resource], when: &'static [Guard]) -> GrantRule {
    allow(&["sagemaker:DeployHubModel"]).on(content).when(when)
}

/// The content with the ARN in a parameter, and its hub.
const fn from_hub(parameter: &'static str) -> [Resource; 2] {
    [
        given(parameter, HUB_CONTENT_ARN).or(&[HUB_CONTENT_ANY]),
        each(parameter, "the hub of the content", |_, content| hub(content)).or(&[HUB_ANY]),
    ]
}

const PRIMARY_FROM_HUB: [Resource; 2] =
    from_hub("PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn");
const OTHERS_FROM_HUB: [Resource; 2] =
    from_hub("Containers[].ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn");
const HUB_CONTENT_ARN: &str = "arn:{partition}:sagemaker:{region}:{account}:hub-content/{}";
const HUB_CONTENT_ANY: &str = "arn:{partition}:sagemaker:{region}:{account}:hub-content/*";
const HUB_ANY: &str = "arn:{partition}:sagemaker:{region}:{account}:hub/*";

const ALARMS: GrantRule = allow(&["cloudwatch:DescribeAlarms"])
    .on(&[arn(
        "arn:{partition}:cloudwatch:{region}:{account}:alarm:{DeploymentConfig.AutoRollbackConfiguration.Alarms[].AlarmName}",
    )])
    .when(&[present("DeploymentConfig.AutoRollbackConfiguration.Alarms[]")]);

const CASE: &str = "SageMaker writes names in lower case into ARNs, and IAM compares case: a name with capital letters is granted in both spellings.";
const STAR: &str = "AWS's template ends the ARN in \"*\" after the job's name; nothing in the API requires it, so least privilege names the job exactly.";
const LOWER_CASE: &str = "SageMaker writes names in lower case into ARNs, and IAM compares case";
const ALARMS_OF: &str = "Alarms that roll an update back must be readable; AWS does not say by which role, so cloudwatch:DescribeAlarms on them is granted.";

const TO_SAGEMAKER: &[super::ConditionRule] = &[passed_to("sagemaker.amazonaws.com")];
const ROLES: &[&str] = &["arn:{partition}:iam::{account}:role/*"];

const ENDPOINT: Resource =
    each("EndpointName", "the endpoint", |call, name| spellings(call, "endpoint/{}", name))
        .or(&["arn:{partition}:sagemaker:{region}:{account}:endpoint/*"]);
const ENDPOINT_CONFIG: Resource = each("EndpointConfigName", "the endpoint's configuration", |call, name| {
    spellings(call, "endpoint-config/{}", name)
})
.or(&["arn:{partition}:sagemaker:{region}:{account}:endpoint-config/*"]);
const MODEL: Resource = each("ModelName", "the model", |call, name| spellings(call, "model/{}", name))
    .or(&["arn:{partition}:sagemaker:{region}:{account}:model/*"]);
const TUNING_JOB: Resource = each("HyperParameterTuningJobName", "the job", |call, name| {
    spellings(call, "hyper-parameter-tuning-job/{}", name)
})
.or(&["arn:{partition}:sagemaker:{region}:{account}:hyper-parameter-tuning-job/*"]);
const LABELING_JOB: Resource =
    each("LabelingJobName", "the job", |call, name| spellings(call, "labeling-job/{}", name))
        .or(&["arn:{partition}:sagemaker:{region}:{account}:labeling-job/*"]);
const PROCESSING_JOB: Resource =
    each("ProcessingJobName", "the job", |call, name| spellings(call, "processing-job/{}", name))
        .or(&["arn:{partition}:sagemaker:{region}:{account}:processing-job/*"]);

const TRAINING_JOB: Resource =
    each("TrainingJobName", "the job", |call, name| spellings(call, "training-job/{}", name))
        .or(&["arn:{partition}:sagemaker:{region}:{account}:training-job/*"]);
const TRAINING_JOBS: Resource =
    arn("arn:{partition}:sagemaker:{region}:{account}:training-job/{TrainingJobName}*")
        .or(&["arn:{partition}:sagemaker:{region}:{account}:training-job/*"]);
const TRAINING_JOBS_IN_LOWER_CASE: Resource = computed("the job, if its name has capital letters", |call| {
    in_lower_case(call, "training-job/{}*", "TrainingJobName")
});

const TRANSFORM_JOB: Resource =
    each("TransformJobName", "the job", |call, name| spellings(call, "transform-job/{}", name))
        .or(&["arn:{partition}:sagemaker:{region}:{account}:transform-job/*"]);
const TRANSFORM_JOBS: Resource =
    arn("arn:{partition}:sagemaker:{region}:{account}:transform-job/{TransformJobName}*")
        .or(&["arn:{partition}:sagemaker:{region}:{account}:transform-job/*"]);
const TRANSFORM_JOBS_IN_LOWER_CASE: Resource = computed("the job, if its name has capital letters", |call| {
    in_lower_case(call, "transform-job/{}*", "TransformJobName")
});

const TRAINING_RULE: &[Resource] = &[arn(
    "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule",
)];
const TRANSFORM_RULE: &[Resource] = &[arn(
    "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule",
)];

/// The ARN with the name as it is written and, where that is another one, in lower case.
fn spellings(call: &Call<'_, '_>, resource: &str, name: &Pattern) -> Vec<Pattern> {
    if !can_be_name(name) {
        return Vec::new();
    }
    let written = sagemaker_arn(call, resource, name);
    match lower_case(name) {
        Some(lower) => vec![written, sagemaker_arn(call, resource, &lower)],
        None => vec![written],
    }
}

/// The ARNs in lower case of the names that have capital letters.
fn in_lower_case(call: &Call<'_, '_>, resource: &str, parameter: &str) -> Vec<Pattern> {
    let names = call.texts(parameter);
    let names = names.iter().filter(|name| can_be_name(name));
    names.filter_map(lower_case).map(|name| sagemaker_arn(call, resource, &name)).collect()
}

fn sagemaker_arn(call: &Call<'_, '_>, resource: &str, name: &Pattern) -> Pattern {
    let template = format!("arn:{{partition}}:sagemaker:{{region}}:{{account}}:{resource}");
    call.arn(&template, Some(name), "AWS documents it so")
}
