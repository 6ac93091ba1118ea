//! Amazon EMR: clusters on EC2, their steps, fleets and instance groups.

use super::dsl::{
    Actions, Api, ConditionRule, GrantRule, Guard, RUN_JOB, Resource, Service, allow, arn, computed, each,
    managed_rule, matching, present,
};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::call::resource::iam::roles;
use crate::call::{Call, is_of_type};
use crate::iam::{Arn, Condition, Operator, Pattern, Piece, Unresolved, WildcardReason, is_account_number};

pub(super) const SERVICE: Service = Service {
    name: "elasticmapreduce",
    title: "Amazon EMR",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html",
    sdk: &[],
    apis: &[
        ADD_STEP,
        CANCEL_STEP,
        CREATE_CLUSTER,
        MODIFY_INSTANCE_FLEET_BY_NAME,
        MODIFY_INSTANCE_GROUP_BY_NAME,
        SET_CLUSTER_TERMINATION_PROTECTION,
        TERMINATE_CLUSTER,
    ],
};

const ADD_STEP: Api = Api {
    name: "addStep",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&[
            "elasticmapreduce:AddJobFlowSteps",
            "elasticmapreduce:CancelSteps",
            "elasticmapreduce:DescribeStep",
        ])
        .on(&[DOCUMENTED_CLUSTER]),
        managed_rule(STEP_RULE),
    ]),
    least_privilege: &[
        // The key exists for this action only, so following the step is a row of its own.
        allow(&["elasticmapreduce:AddJobFlowSteps"]).on(&[CLUSTER]).only_if(&[matching(
            Operator::ArnEquals,
            "elasticmapreduce:ExecutionRoleArn",
            "ExecutionRoleArn",
        )]),
        allow(&["elasticmapreduce:CancelSteps", "elasticmapreduce:DescribeStep"])
            .on(&[CLUSTER])
            .when(&[RUN_JOB]),
        managed_rule(STEP_RULE),
    ],
    notes: &[
        "AWS documents one set of actions for both patterns; only .sync needs to follow and to cancel the step.",
        "The role of a step is assumed by the cluster, not passed, so there is no iam:PassRole; the condition elasticmapreduce:ExecutionRoleArn says \
         which role a step may have.",
        RULES,
    ],
};

const CANCEL_STEP: Api = Api {
    name: "cancelStep",
    patterns: &[RequestResponse],
    documented: Some(&[allow(&["elasticmapreduce:CancelSteps"]).on(&[DOCUMENTED_CLUSTER])]),
    least_privilege: &[allow(&["elasticmapreduce:CancelSteps"]).on(&[CLUSTER])],
    notes: &[],
};

const CREATE_CLUSTER: Api = Api {
    name: "createCluster",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&[
            "elasticmapreduce:DescribeCluster",
            "elasticmapreduce:RunJobFlow",
            "elasticmapreduce:TerminateJobFlows",
        ])
        .on_anything("AWS documents \"*\", because elasticmapreduce:RunJobFlow has no resource type"),
        allow(&["iam:PassRole"]).on(&[SERVICE_ROLE]).when(&[present("ServiceRole")]),
        allow(&["iam:PassRole"]).on(&[NAMESAKE]).when(&[present("JobFlowRole")]),
        INSTANCE_ROLE
            .when(&[Guard::Holds("`JobFlowRole` is not `EMR_EC2_DefaultRole`", has_other_role)])
            .correction(
                "the role in an instance profile may have another name than the profile, which AWS's page assumes to be the role's",
            ),
        allow(&["iam:PassRole"]).on(&[AUTO_SCALING_ROLE]).when(&[present("AutoScalingRole")]),
        ADD_TAGS.correction("with Tags, RunJobFlow is denied without elasticmapreduce:AddTags"),
        SERVICE_LINKED_ROLE.correction(
            "the first cluster of an account creates a service-linked role, which AWS's page asks for and its template leaves out",
        ),
        managed_rule(CLUSTER_RULE),
    ]),
    least_privilege: &[
        allow(&["elasticmapreduce:RunJobFlow"])
            .on_anything("elasticmapreduce:RunJobFlow has no resource type"),
        allow(&["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"])
            .on(&[CLUSTERS])
            .because(GENERATED)
            .when(&[RUN_JOB]),
        allow(&["iam:PassRole"])
            .on(&[SERVICE_ROLE.or(ROLES)])
            .only_if(&[ConditionRule::Computed("iam:PassedToService", |call| passed_to(call, "elasticmapreduce"))])
            .when(&[present("ServiceRole")]),
        INSTANCE_ROLE,
        allow(&["iam:PassRole"])
            .on(&[AUTO_SCALING_ROLE.or(ROLES)])
            .only_if(&[ConditionRule::Computed("iam:PassedToService", |call| passed_to(call, "application-autoscaling"))])
            .when(&[present("AutoScalingRole")]),
        ADD_TAGS,
        SERVICE_LINKED_ROLE,
        managed_rule(CLUSTER_RULE),
    ],
    notes: &[
        "AWS documents one set of actions for both patterns; only .sync needs to follow and to terminate the cluster.",
        "JobFlowRole names an instance profile, and the role in it is passed to EC2. Only for EMR_EC2_DefaultRole is it known that the role has the \
         profile's name; otherwise the definition does not show the role, and a resource_hint for JobFlowRole can name it.",
        "The first cluster of an account creates the service-linked role for cleaning up; once it exists, iam:CreateServiceLinkedRole can be removed.",
        RULES,
    ],
};

const MODIFY_INSTANCE_FLEET_BY_NAME: Api = Api {
    name: "modifyInstanceFleetByName",
    patterns: &[RequestResponse],
    documented: Some(&[MODIFY_FLEET.on(&[DOCUMENTED_CLUSTER])]),
    least_privilege: &[MODIFY_FLEET.on(&[CLUSTER])],
    notes: &["The fleet's ID is looked up by its name first, hence elasticmapreduce:ListInstanceFleets."],
};

const MODIFY_INSTANCE_GROUP_BY_NAME: Api = Api {
    name: "modifyInstanceGroupByName",
    patterns: &[RequestResponse],
    documented: Some(&[MODIFY_GROUP.on(&[CLUSTER.or(&["*"])])]),
    least_privilege: &[MODIFY_GROUP.on(&[CLUSTER])],
    notes: &["The group's ID is looked up by its name first, hence elasticmapreduce:ListInstanceGroups."],
};

const SET_CLUSTER_TERMINATION_PROTECTION: Api = Api {
    name: "setClusterTerminationProtection",
    patterns: &[RequestResponse],
    documented: Some(&[allow(&["elasticmapreduce:SetTerminationProtection"]).on(&[DOCUMENTED_CLUSTER])]),
    least_privilege: &[allow(&["elasticmapreduce:SetTerminationProtection"]).on(&[CLUSTER])],
    notes: &[],
};

const TERMINATE_CLUSTER: Api = Api {
    name: "terminateCluster",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"])
            .on(&[DOCUMENTED_CLUSTER]),
        managed_rule(TERMINATION_RULE),
    ]),
    least_privilege: &[
        allow(&["elasticmapreduce:TerminateJobFlows"]).on(&[CLUSTER]),
        allow(&["elasticmapreduce:DescribeCluster"]).on(&[CLUSTER]).when(&[RUN_JOB]),
        managed_rule(TERMINATION_RULE),
    ],
    notes: &[
        "AWS documents one set of actions for both patterns; only .sync needs to follow the cluster.",
        RULES,
    ],
};

const MODIFY_FLEET: Actions =
    allow(&["elasticmapreduce:ListInstanceFleets", "elasticmapreduce:ModifyInstanceFleet"]);
const MODIFY_GROUP: Actions =
    allow(&["elasticmapreduce:ListInstanceGroups", "elasticmapreduce:ModifyInstanceGroups"]);

const ADD_TAGS: GrantRule =
    allow(&["elasticmapreduce:AddTags"]).on(&[CLUSTERS]).because(GENERATED).when(&[present("Tags[]")]);

const SERVICE_LINKED_ROLE: GrantRule = allow(&["iam:CreateServiceLinkedRole"])
    .on(&[computed("EMR's service-linked role for cleaning up", cleanup)])
    .only_if(&[ConditionRule::Computed("iam:AWSServiceName", emr)]);

const RULES: &str = "AWS's page no longer names the EventBridge rule, because EMR is now polled. It is granted nevertheless: it is one fixed \
     rule, and AWS may still reject a state machine without it.";
const GENERATED: &str = "EMR makes the ID when it creates the cluster";

const CLUSTER: Resource = arn("arn:{partition}:elasticmapreduce:{region}:{account}:cluster/{ClusterId}");
const CLUSTERS: Resource = arn("arn:{partition}:elasticmapreduce:{region}:{account}:cluster/*");
const DOCUMENTED_CLUSTER: Resource = CLUSTER.or(&["arn:{partition}:elasticmapreduce:*:*:cluster/*"]);

const SERVICE_ROLE: Resource = each("ServiceRole", "the role", roles);
const AUTO_SCALING_ROLE: Resource = each("AutoScalingRole", "the role", roles);
const NAMESAKE: Resource = each("JobFlowRole", "the role named like the instance profile", namesake);
const INSTANCE_ROLE: GrantRule = allow(&["iam:PassRole"])
    .on(&[each("JobFlowRole", "the role in the instance profile", profile_role).or(ROLES)])
    .only_if(&[ConditionRule::Computed("iam:PassedToService", |call| passed_to(call, "ec2"))])
    .when(&[present("JobFlowRole")]);
const ROLES: &[&str] = &["arn:{partition}:iam::{account}:role/*"];

// The names begin with "StepFunctionsGetEventFor", not "…EventsFor" as with other services.
const CLUSTER_RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventForEMRRunJobFlowRule")];
const STEP_RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventForEMRAddJobFlowStepsRule")];
const TERMINATION_RULE: &[Resource] =
    &[arn("arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventForEMRTerminateJobFlowsRule")];

/// The profile whose role has its name: EMR makes both.
///
/// Source: <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html>.
const DEFAULT_PROFILE: &str = "EMR_EC2_DefaultRole";

/// Whether AWS's page, which has a wildcard for what is known only at run time, lacks the role in the
/// profile.
fn has_other_role(call: &Call<'_, '_>) -> bool {
    let names = call.texts("JobFlowRole");
    let mut names = names.iter().filter_map(profile_name);
    names.any(|name| !name.is_unknown() && name.known() != Some(DEFAULT_PROFILE))
}

/// The role in the instance profile, which may have any name.
fn profile_role(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    if !may_be_profile(call, value) {
        return Vec::new();
    }
    let cause = Unresolved::Undecided("an instance profile, whose role may have another name,");
    let opaque = WildcardReason::Run { parameter: "JobFlowRole".to_owned(), cause };
    let name = match profile_name(value) {
        Some(name) if name.known() == Some(DEFAULT_PROFILE) => name,
        _ => Pattern::anything(value.reasons().next().cloned().unwrap_or(opaque)),
    };
    vec![call.arn("arn:{partition}:iam::{account}:role/{}", Some(&name), "")]
}

/// Whether a value can be the name or the ARN of an instance profile, as far as it is known.
fn may_be_profile(call: &Call<'_, '_>, value: &Pattern) -> bool {
    match value.known() {
        Some(text) => is_profile(call, text),
        None => !value.is_arn() || is_of_type(value, "arn:{partition}:iam::{account}:instance-profile/{}"),
    }
}

/// Whether a text can be the name or the ARN of an instance profile.
fn is_profile(call: &Call<'_, '_>, text: &str) -> bool {
    let is_name = |one: u8| one.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&one);
    match Arn::of(text) {
        Some(arn) => {
            arn.service == "iam"
                && arn.partition == call.aws.partition
                && arn.region.is_empty()
                && is_account_number(arn.account)
                && arn.resource.starts_with("instance-profile/")
        }
        None => !text.starts_with("arn:") && !text.is_empty() && text.bytes().all(is_name),
    }
}

/// The role that AWS's page assumes to be in the instance profile.
fn namesake(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let name = profile_name(value).filter(|_| may_be_profile(call, value));
    name.iter().map(|name| call.arn("arn:{partition}:iam::{account}:role/{}", Some(name), "")).collect()
}

/// An instance profile is given by its name, or by an ARN whose last segment is the name.
fn profile_name(value: &Pattern) -> Option<Pattern> {
    if let Some((_, name)) = value.rsplit_once('/') {
        return Some(name);
    }
    let beginning = value.beginning();
    let maybe_arn =
        beginning.starts_with("arn:") || (value.known().is_none() && "arn:".starts_with(beginning));
    if !maybe_arn {
        return Some(value.clone());
    }
    // A hole may contain the last slash, so only what follows the last hole is certain.
    let mut name = None;
    for piece in value.pieces() {
        match piece {
            Piece::Literal(text) => name = name.map(|name: Pattern| name.then(text)),
            Piece::Wildcard(_, why) => name = Some(Pattern::anything(why.clone())),
        }
    }
    name
}

/// The condition that the role is passed to a service, by its names in the partition of the state machine.
fn passed_to(call: &Call<'_, '_>, service: &str) -> Option<Condition> {
    let names: Vec<Pattern> = call.aws.principals(service).into_iter().map(Pattern::literal).collect();
    Some(Condition::new(Operator::StringEquals, "iam:PassedToService", &names))
}

/// The service-linked role, by the names of the service in the partition of the state machine.
///
/// Source: <https://docs.aws.amazon.com/emr/latest/ManagementGuide/using-service-linked-roles-cleanup.html>.
fn cleanup(call: &Call<'_, '_>) -> Vec<Pattern> {
    let role = |service: String| {
        let template = "arn:{partition}:iam::{account}:role/aws-service-role/{}/AWSServiceRoleForEMRCleanup";
        call.arn(template, Some(&Pattern::literal(service)), "")
    };
    call.aws.principals("elasticmapreduce").into_iter().map(role).collect()
}

fn emr(call: &Call<'_, '_>) -> Option<Condition> {
    let names: Vec<Pattern> =
        call.aws.principals("elasticmapreduce").into_iter().map(Pattern::literal).collect();
    Some(Condition::new(Operator::StringEquals, "iam:AWSServiceName", &names))
}

#[cfg(test)]
mod tests {
    use super::profile_name;
    use crate::call::testing::text;

    fn name(profile: &str) -> Option<String> {
        profile_name(&text(profile)).map(|name| name.to_text())
    }

    #[test]
    fn the_name_of_a_profile_is_never_narrower_than_it_can_be() {
        let arn = "arn:aws:iam::111122223333:instance-profile/";
        assert_eq!(name("nodes").as_deref(), Some("nodes"));
        assert_eq!(name(&format!("{arn}path/nodes")).as_deref(), Some("nodes"));
        assert_eq!(name("nodes-*").as_deref(), Some("nodes-*"));
        // The hole may contain a path, or the beginning of an ARN.
        assert_eq!(name(&format!("{arn}nodes-*")).as_deref(), Some("*"));
        assert_eq!(name(&format!("{arn}*-nodes")).as_deref(), Some("*-nodes"));
        assert_eq!(name("*-nodes").as_deref(), Some("*-nodes"));
        assert_eq!(name("*/nodes").as_deref(), Some("nodes"));
        assert_eq!(name("arn:aws:iam::111122223333:nodes"), None);
    }
}
