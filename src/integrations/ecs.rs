//! Amazon ECS and AWS Fargate: run a task and, with `.sync`, follow it to its end.

use super::dsl::{
    Api, ConditionRule, GrantRule, Guard, RUN_JOB, Resource, Service, allow, arn, each, equals, hidden,
    managed_rule, passed_to, present, role, role_arn,
};
use crate::asl::IntegrationPattern::{Callback, RequestResponse, RunJob};
use crate::call::resource::ecs::{CLUSTER, TASK_ID, definition, tasks};
use crate::call::{Call, Presence};
use crate::iam::{Condition, Operator};

pub(super) const SERVICE: Service = Service {
    name: "ecs",
    title: "Amazon ECS and AWS Fargate",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html",
    sdk: &["ecs"],
    apis: &[Api {
        name: "runTask",
        patterns: &[RequestResponse, RunJob, Callback],
        documented: Some(&[
            allow(&["ecs:RunTask"]).on(&[DEFINITION]),
            allow(FOLLOW)
                .on_anything("AWS documents \"*\" for tasks, whose IDs exist only at run time")
                .when(&[RUN_JOB]),
            managed_rule(RULE),
            PASS_HIDDEN.correction(
                "AWS says below the template that the roles of the task definition must be passed",
            ),
            PASS_TASK_ROLE.correction(NO_PASS_ROLE),
            PASS_EXECUTION_ROLE.correction(NO_PASS_ROLE),
            PASS_VOLUME_ROLE.correction(NO_PASS_ROLE),
            TAG.correction("ECS denies starting a task with tags without ecs:TagResource"),
        ]),
        least_privilege: &[
            // The cluster is not a resource of RunTask, but a condition.
            allow(&["ecs:RunTask"])
                .on(&[DEFINITION.or(&["arn:{partition}:ecs:{region}:{account}:task-definition/*"])])
                .only_if(&[ConditionRule::Computed("ecs:cluster", in_cluster)]),
            allow(FOLLOW).on(&[TASKS]).when(&[RUN_JOB]),
            managed_rule(RULE),
            PASS_HIDDEN,
            PASS_TASK_ROLE,
            PASS_EXECUTION_ROLE,
            PASS_VOLUME_ROLE,
            TAG,
        ],
        notes: &[
            "Without a revision the latest active one runs, so all revisions of the family are allowed: a policy that names one would forbid the next.",
            "The roles of the task definition are not in the state machine's definition. Until they are named, iam:PassRole is allowed for every role of \
             the account, as long as it goes to ECS tasks.",
            "The cluster is not a resource of ecs:RunTask; least privilege restricts it with the condition ecs:cluster, unless it is known only at run time.",
            "The task ARNs of accounts that still have the short format do not contain the cluster, and are not covered in least privilege.",
        ],
    }],
};

const FOLLOW: &[&str] = &["ecs:DescribeTasks", "ecs:StopTask"];
const RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForECSTaskRule")];

const DEFINITION: Resource =
    each("TaskDefinition", "the task definition, without a revision all its revisions", definition);
const TASKS: Resource = each("Cluster|default", "the tasks of the cluster", tasks)
    .or(&["arn:{partition}:ecs:{region}:{account}:task/*"]);

const NO_PASS_ROLE: &str = "ECS denies the call with a role of the task's own without iam:PassRole";
const ROLES: &[&str] = &["arn:{partition}:iam::{account}:role/*"];
const PASS_HIDDEN: GrantRule = pass(&[hidden("the roles of the task definition").or(ROLES)]);
const PASS_TASK_ROLE: GrantRule =
    pass(&[role("Overrides.TaskRoleArn")]).when(&[present("Overrides.TaskRoleArn")]);
const PASS_EXECUTION_ROLE: GrantRule =
    pass(&[role("Overrides.ExecutionRoleArn")]).when(&[present("Overrides.ExecutionRoleArn")]);
const PASS_VOLUME_ROLE: GrantRule = allow(&["iam:PassRole"])
    .on(&[role_arn("VolumeConfigurations[].ManagedEBSVolume.RoleArn").or(ROLES)])
    .only_if(&[passed_to("ecs.amazonaws.com")])
    .when(&[present("VolumeConfigurations[].ManagedEBSVolume.RoleArn")]);

const TO_TASKS: &[ConditionRule] = &[passed_to("ecs-tasks.amazonaws.com")];

const fn pass(roles: &'static [Resource]) -> GrantRule {
    allow(&["iam:PassRole"]).on(roles).only_if(TO_TASKS)
}

/// Needed unless the account has switched the ECS setting `tagResourceAuthorization` off.
const TAG: GrantRule = allow(&["ecs:TagResource"])
    .on(&[TASKS])
    .only_if(&[equals("ecs:CreateAction", "RunTask")])
    .because(TASK_ID)
    .when(&[Guard::Holds(
        "`Tags` or `PropagateTags` is given, or `EnableECSManagedTags` is `true`",
        |call| {
            call.presence("Tags") != Presence::Never
                || call.presence("PropagateTags") != Presence::Never
                || call.may_be("EnableECSManagedTags", "true")
        },
    )]);

/// The cluster that the tasks run in. No condition if it is known only at run time.
fn in_cluster(call: &Call<'_, '_>) -> Option<Condition> {
    let mut clusters = Vec::new();
    for cluster in call.required("Cluster|default") {
        // If the cluster is known only at run time, the condition is omitted, and a finding reports it.
        let arns = match cluster.is_unknown() {
            true => vec![cluster.clone()],
            false => call.named(CLUSTER, &cluster, ""),
        };
        if arns.is_empty() {
            clusters.push(call.unfit("Cluster", &cluster));
        }
        clusters.extend(arns);
    }
    // The ARN operators compare field by field, and a hole may contain several fields.
    let exact = clusters.iter().all(|cluster| cluster.known().is_some());
    let operator = if exact { Operator::ArnEquals } else { Operator::StringLike };
    Some(Condition::new(operator, "ecs:cluster", &clusters))
}
