//! Amazon ECS and AWS Fargate: run a task and, with `.sync`, follow it to its end.

use super::dsl::{
    Api, ConditionRule, GrantRule, Guard, RUN_JOB, Resource, Service, allow, arn, each, equals, given,
    hidden, managed_rule, passed_to, present, role,
};
use super::{Call, Presence};
use crate::asl::IntegrationPattern::{Callback, RequestResponse, RunJob};
use crate::iam::{Condition, Operator, Pattern, Piece};

pub(super) const SERVICE: Service = Service {
    name: "ecs",
    title: "Amazon ECS and AWS Fargate",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html",
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
            TAG.correction("ECS refuses to start a task with tags without ecs:TagResource"),
        ]),
        least_privilege: &[
            // The cluster is no resource of RunTask, but a condition.
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
            "The cluster is no resource of ecs:RunTask; least privilege holds it by the condition ecs:cluster, unless only the run knows it.",
            "The task ARNs of accounts that still have the short format name no cluster, and are not covered in least privilege.",
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

const NO_PASS_ROLE: &str = "ECS refuses a role of the task's own without iam:PassRole";
const ROLES: &[&str] = &["arn:{partition}:iam::{account}:role/*"];
const PASS_HIDDEN: GrantRule = pass(&[hidden("the roles of the task definition").or(ROLES)]);
const PASS_TASK_ROLE: GrantRule =
    pass(&[role("Overrides.TaskRoleArn")]).when(&[present("Overrides.TaskRoleArn")]);
const PASS_EXECUTION_ROLE: GrantRule =
    pass(&[role("Overrides.ExecutionRoleArn")]).when(&[present("Overrides.ExecutionRoleArn")]);
const PASS_VOLUME_ROLE: GrantRule = allow(&["iam:PassRole"])
    .on(&[given("VolumeConfigurations[].ManagedEBSVolume.RoleArn").or(ROLES)])
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
    .when(&[Guard::Holds("Tags or PropagateTags is given, or EnableECSManagedTags is true", |call| {
        call.presence("Tags") != Presence::Never
            || call.presence("PropagateTags") != Presence::Never
            || call.may_be("EnableECSManagedTags", "true")
    })]);

const TASK_ID: &str = "the ID of a task exists only at run time";

/// A family, with or without a revision, or the ARN of one.
fn definition(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let arns = call.named("arn:{partition}:ecs:{region}:{account}:task-definition/{}", value, "");
    let revision = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(':'));
    let with_revision = |arn: Pattern| match arn.split_at("/") {
        Some((_, family)) if !family.pieces().iter().any(revision) => {
            call.arn("{}:*", Some(&arn), "without a revision the latest one runs")
        }
        // Where too little of an ARN is known to tell the family, it stays as it is.
        _ => arn,
    };
    arns.into_iter().map(with_revision).collect()
}

/// The cluster that the tasks run in. No condition where only the run knows it.
fn in_cluster(call: &Call<'_, '_>) -> Option<Condition> {
    let mut clusters = Vec::new();
    for cluster in call.required("Cluster|default") {
        if cluster.is_unknown() {
            return None;
        }
        let arns = call.named("arn:{partition}:ecs:{region}:{account}:cluster/{}", &cluster, "");
        if arns.is_empty() {
            return None;
        }
        clusters.extend(arns);
    }
    // The ARN operators compare field by field, and a hole may hold several fields.
    let exact = clusters.iter().all(|cluster| cluster.known().is_some());
    let operator = if exact { Operator::ArnEquals } else { Operator::StringLike };
    Some(Condition::new(operator, "ecs:cluster", &clusters))
}

/// The ARNs of tasks have the name of the cluster, whether the task names it or gives its ARN.
fn tasks(call: &Call<'_, '_>, cluster: &Pattern) -> Vec<Pattern> {
    let name = match cluster.split_at("/") {
        Some((_, name)) => name,
        None if cluster.beginning().starts_with("arn:") => return Vec::new(),
        None => cluster.clone(),
    };
    vec![call.arn("arn:{partition}:ecs:{region}:{account}:task/{}/*", Some(&name), TASK_ID)]
}

#[cfg(test)]
mod tests {
    use super::{definition, tasks};
    use crate::integrations::call::testing::{made, text};

    #[test]
    fn a_definition_without_revision_has_all() {
        const DEFINITIONS: &str = "arn:aws:ecs:eu-west-1:111122223333:task-definition/";
        for (value, tail) in [
            ("report", "report:*"),
            ("report:3", "report:3"),
            ("report:*", "report:*"),
            ("report-*", "report-*:*"),
            ("*-report", "*-report:*"),
            ("*:3", "*:3"),
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/report", "report:*"),
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/report:3", "report:3"),
            ("arn:aws:ecs:eu-west-1:111122223333:task-definition/report-*", "report-*:*"),
        ] {
            assert_eq!(
                made(&[], |call| definition(call, &text(value))),
                [format!("{DEFINITIONS}{tail}")],
                "{value}"
            );
        }
        for (value, tails) in [
            ("*/report", ["*/report:*", "report:*"]),
            ("*:task-definition/report:3", ["*:task-definition/report:3", "report:3"]),
        ] {
            let arns = tails.map(|tail| format!("{DEFINITIONS}{tail}"));
            assert_eq!(made(&[], |call| definition(call, &text(value))), arns, "{value}");
        }
        assert_eq!(made(&[], |call| definition(call, &text("arn:aws:ecs:*"))), ["arn:aws:ecs:*"]);
    }

    #[test]
    fn tasks_have_the_name_of_the_cluster() {
        for (cluster, name) in [
            ("shop", "shop"),
            ("arn:aws:ecs:eu-west-1:111122223333:cluster/shop", "shop"),
            ("arn:aws:ecs:*:*:cluster/shop-*", "shop-*"),
            ("*-shop", "*-shop"),
        ] {
            let arn = format!("arn:aws:ecs:eu-west-1:111122223333:task/{name}/*");
            assert_eq!(made(&[], |call| tasks(call, &text(cluster))), [arn], "{cluster}");
        }
        assert!(made(&[], |call| tasks(call, &text("arn:aws:ecs:*"))).is_empty());
    }
}
