//! AWS CodeBuild: builds, batches of builds and reports.

use super::dsl::{
    Api, ConditionRule, GrantRule, RUN_JOB, Resource, Service, allow, arn, each, managed_rule, named,
    passed_to, present, role,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::call::resource::codebuild::{parent, project};

pub(super) const SERVICE: Service = Service {
    name: "codebuild",
    title: "AWS CodeBuild",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html",
    sdk: &["codebuild"],
    apis: &[
        Api {
            name: "batchDeleteBuilds",
            patterns: &[RequestResponse],
            documented: Some(&[allow(&["codebuild:BatchDeleteBuilds"]).on(&[OF_BUILDS.or(EVERYWHERE)])]),
            least_privilege: &[allow(&["codebuild:BatchDeleteBuilds"]).on(&[OF_BUILDS.or(PROJECTS)])],
            notes: &[],
        },
        Api {
            name: "batchGetReports",
            patterns: &[RequestResponse],
            documented: Some(&[allow(&["codebuild:BatchGetReports"])
                .on(&[GROUPS.or(&["arn:{partition}:codebuild:{region}:*:report-group/*"])])]),
            least_privilege: &[allow(&["codebuild:BatchGetReports"])
                .on(&[GROUPS.or(&["arn:{partition}:codebuild:{region}:{account}:report-group/*"])])],
            notes: &[],
        },
        Api {
            name: "deleteBuildBatch",
            patterns: &[RequestResponse],
            documented: None,
            least_privilege: &[allow(&["codebuild:DeleteBuildBatch"]).on(&[OF_BUILD.or(PROJECTS)])],
            notes: &[],
        },
        Api {
            name: "retryBuildBatch",
            patterns: &[RequestResponse, RunJob],
            documented: None,
            least_privilege: &[
                allow(&["codebuild:RetryBuildBatch"]).on(&[OF_BUILD.or(PROJECTS)]),
                allow(FOLLOW_BATCH).on(&[OF_BUILD.or(PROJECTS)]).when(&[RUN_JOB]),
                // AWS's page does not say whether there is a rule for this API. Without it a state machine
                // might not be created.
                managed_rule(BATCH_RULE).correction(
                    "AWS's template for this API names no managed rule, but all other templates with .sync do",
                ),
            ],
            notes: &[
                "Whether the managed rule is needed is not documented; it is allowed so that the state machine can be created.",
            ],
        },
        Api {
            name: "startBuild",
            patterns: &[RequestResponse, RunJob],
            documented: Some(&[
                allow(&["codebuild:StartBuild"]).on(&[PROJECT.or(EVERYWHERE)]),
                allow(FOLLOW_BUILD).on(&[PROJECT.or(EVERYWHERE)]).when(&[RUN_JOB]),
                managed_rule(BUILD_RULE),
                PASS_ROLE.correction(NO_PASS_ROLE),
            ]),
            least_privilege: &[
                allow(&["codebuild:StartBuild"]).on(&[PROJECT.or(PROJECTS)]),
                allow(FOLLOW_BUILD).on(&[PROJECT.or(PROJECTS)]).when(&[RUN_JOB]),
                managed_rule(BUILD_RULE),
                PASS_ROLE,
            ],
            notes: &["The build runs under the project's role, so iam:PassRole is needed only for ServiceRoleOverride."],
        },
        Api {
            name: "startBuildBatch",
            patterns: &[RequestResponse, RunJob],
            documented: Some(&[
                allow(&["codebuild:StartBuildBatch"]).on(&[PROJECT.or(PROJECTS)]),
                allow(FOLLOW_BATCH).on(&[PROJECT.or(PROJECTS)]).when(&[RUN_JOB]),
                managed_rule(BATCH_RULE),
                PASS_ROLE.correction(NO_PASS_ROLE),
                PASS_BATCH_ROLE.correction(NO_PASS_ROLE),
            ]),
            least_privilege: &[
                allow(&["codebuild:StartBuildBatch"]).on(&[PROJECT.or(PROJECTS)]),
                allow(FOLLOW_BATCH).on(&[PROJECT.or(PROJECTS)]).when(&[RUN_JOB]),
                managed_rule(BATCH_RULE),
                PASS_ROLE,
                PASS_BATCH_ROLE,
            ],
            notes: &["The builds of the batch are started by the project's batch service role."],
        },
        Api {
            name: "stopBuild",
            patterns: &[RequestResponse],
            documented: Some(&[allow(&["codebuild:StopBuild"]).on(&[OF_BUILD.or(EVERYWHERE)])]),
            least_privilege: &[allow(&["codebuild:StopBuild"]).on(&[OF_BUILD.or(PROJECTS)])],
            notes: &[],
        },
        Api {
            name: "stopBuildBatch",
            patterns: &[RequestResponse],
            documented: None,
            least_privilege: &[allow(&["codebuild:StopBuildBatch"]).on(&[OF_BUILD.or(PROJECTS)])],
            notes: &[],
        },
    ],
};

const FOLLOW_BUILD: &[&str] = &["codebuild:BatchGetBuilds", "codebuild:StopBuild"];
const FOLLOW_BATCH: &[&str] = &["codebuild:BatchGetBuildBatches", "codebuild:StopBuildBatch"];

const BUILD_RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventForCodeBuildStartBuildRule")];
const BATCH_RULE: &[Resource] = &[arn(
    "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
)];

const NO_PASS_ROLE: &str = "CodeBuild denies the call with a role of the task's own without iam:PassRole";
const PASS_ROLE: GrantRule = pass(&[role("ServiceRoleOverride")]).when(&[present("ServiceRoleOverride")]);
const PASS_BATCH_ROLE: GrantRule = pass(&[role("BuildBatchConfigOverride.ServiceRole")])
    .when(&[present("BuildBatchConfigOverride.ServiceRole")]);

const TO_CODEBUILD: &[ConditionRule] = &[passed_to("codebuild.amazonaws.com")];

const fn pass(roles: &'static [Resource]) -> GrantRule {
    allow(&["iam:PassRole"]).on(roles).only_if(TO_CODEBUILD)
}

const PROJECT: Resource = named("ProjectName", "arn:{partition}:codebuild:{region}:{account}:project/{}");
const OF_BUILD: Resource = each("Id", "the project of the build", project);
const OF_BUILDS: Resource = each("Ids[]", "the projects of the builds", project);
const GROUPS: Resource =
    each("ReportArns[]", "the report groups", |_, report| parent(report, "report-group"));

/// AWS's older templates leave the account open.
const EVERYWHERE: &[&str] = &["arn:{partition}:codebuild:{region}:*:project/*"];
const PROJECTS: &[&str] = &["arn:{partition}:codebuild:{region}:{account}:project/*"];
