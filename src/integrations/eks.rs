//! Amazon EKS: clusters, node groups and Fargate profiles, and calls to the Kubernetes API.

use super::dsl::{
    Api, GrantRule, RUN_JOB, Resource, Service, allow, arn, each, equals, passed_to, present, role_arn,
};
use crate::asl::IntegrationPattern::{Callback, RequestResponse, RunJob};
use crate::call::Call;
use crate::call::resource::kms::is_key_arn;
use crate::iam::Pattern;

pub(super) const SERVICE: Service = Service {
    name: "eks",
    title: "Amazon EKS",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html",
    sdk: &["eks"],
    apis: &[
        CALL,
        CREATE_CLUSTER,
        CREATE_FARGATE_PROFILE,
        CREATE_NODEGROUP,
        DELETE_CLUSTER,
        DELETE_FARGATE_PROFILE,
        DELETE_NODEGROUP,
        RUN_JOB_IN_CLUSTER,
    ],
};

const CALL: Api = Api {
    name: "call",
    patterns: &[RequestResponse, Callback],
    documented: None,
    least_privilege: &[],
    notes: KUBERNETES,
};

const CREATE_CLUSTER: Api = Api {
    name: "createCluster",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        CREATE,
        allow(&["eks:DeleteCluster", "eks:DescribeCluster"])
            .on(&[arn("arn:{partition}:eks:{region}:{account}:cluster/*")]),
        allow(&["iam:PassRole"]).on(&[role_arn("RoleArn")]).only_if(TO_EKS),
        NODE_ROLE_TO_EC2.correction(AUTO_MODE),
        NODE_ROLE_TO_EKS.correction(AUTO_MODE),
        ENCRYPTION.correction("EKS grants itself the use of the key with the permissions of the caller"),
        TAG_CLUSTER.correction(TAGS),
        CLUSTER_SERVICE_ROLE.correction(FIRST),
    ]),
    least_privilege: &[
        CREATE,
        allow(&["eks:DeleteCluster", "eks:DescribeCluster"]).on(&[NEW_CLUSTER]).when(&[RUN_JOB]),
        allow(&["iam:PassRole"]).on(&[role_arn("RoleArn").or(ROLES)]).only_if(TO_EKS),
        NODE_ROLE_TO_EC2,
        NODE_ROLE_TO_EKS,
        ENCRYPTION,
        TAG_CLUSTER,
        CLUSTER_SERVICE_ROLE,
    ],
    notes: &[
        "AWS documents one set of actions for both patterns; only .sync needs to follow the cluster, and to delete it when the execution is stopped.",
        "AWS does not say whether ComputeConfig.NodeRoleArn (EKS Auto Mode) is passed to EC2 or to EKS, so both are granted.",
        "AWS does not say on Step Functions' page what EncryptionConfig needs; kms:CreateGrant and kms:DescribeKey on its key are granted.",
        ONCE,
    ],
};

const CREATE_FARGATE_PROFILE: Api = Api {
    name: "createFargateProfile",
    patterns: &[RequestResponse, RunJob],
    documented: None,
    least_privilege: &[
        allow(&["eks:CreateFargateProfile"]).on(&[CLUSTER]),
        allow(&["eks:DeleteFargateProfile", "eks:DescribeFargateProfile"])
            .on(&[PROFILE])
            .because(GENERATED)
            .when(&[RUN_JOB]),
        allow(&["iam:GetRole", "iam:ListAttachedRolePolicies"]).on(&[POD_ROLE]),
        allow(&["iam:PassRole"]).on(&[POD_ROLE]).only_if(TO_EKS),
        allow(&["ec2:DescribeSubnets"]).on_anything(SUBNETS).when(&[present("Subnets[]")]),
        allow(&["eks:TagResource"]).on(&[PROFILE]).because(GENERATED).when(&[present("Tags{}")]),
        allow(&["iam:CreateServiceLinkedRole"])
            .on(&[arn(
                "arn:{partition}:iam::{account}:role/aws-service-role/eks-fargate.amazonaws.com/AWSServiceRoleForAmazonEKSForFargate",
            )])
            .only_if(&[equals("iam:AWSServiceName", "eks-fargate.amazonaws.com")]),
    ],
    notes: &[
        "AWS documents no policy; the grants follow those of createNodegroup. Whether EKS reads the role and the subnets with the permissions of the caller \
         is not documented either; iam:GetRole, iam:ListAttachedRolePolicies and ec2:DescribeSubnets only read.",
        ONCE,
    ],
};

const CREATE_NODEGROUP: Api = Api {
    name: "createNodegroup",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        allow(&["ec2:DescribeSubnets", "eks:CreateNodegroup"]).on_anything("AWS documents \"*\""),
        allow(&["eks:DeleteNodegroup", "eks:DescribeNodegroup"])
            .on(&[arn("arn:{partition}:eks:{region}:{account}:nodegroup/*")]),
        allow(&["iam:GetRole", "iam:ListAttachedRolePolicies"])
            .on(&[arn("arn:{partition}:iam::{account}:role/*")]),
        allow(&["iam:PassRole"]).on(&[role_arn("NodeRole")]).only_if(TO_EKS),
        TAG_NODEGROUP.correction(TAGS),
        NODEGROUP_SERVICE_ROLE.correction(FIRST),
    ]),
    least_privilege: &[
        allow(&["eks:CreateNodegroup"]).on(&[CLUSTER]),
        allow(&["eks:DeleteNodegroup", "eks:DescribeNodegroup"])
            .on(&[NODEGROUP])
            .because(GENERATED)
            .when(&[RUN_JOB]),
        allow(&["ec2:DescribeSubnets"]).on_anything(SUBNETS),
        allow(&["iam:GetRole", "iam:ListAttachedRolePolicies"]).on(&[NODE_ROLE]),
        allow(&["iam:PassRole"]).on(&[NODE_ROLE]).only_if(TO_EKS),
        TAG_NODEGROUP,
        NODEGROUP_SERVICE_ROLE,
    ],
    notes: &[
        "EKS checks the creation on the cluster's ARN, everything after it on the node group's, which ends in an ID that EKS makes.",
        "AWS documents one set of actions for both patterns; only .sync needs to follow the node group, and to delete it when the execution is stopped.",
        "AWS does not say whether LaunchTemplate and RemoteAccess need further actions of EC2; none are granted for them.",
        ONCE,
    ],
};

const DELETE_CLUSTER: Api = Api {
    name: "deleteCluster",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[allow(&["eks:DeleteCluster", "eks:DescribeCluster"]).on(&[NEW_CLUSTER])]),
    least_privilege: &[
        allow(&["eks:DeleteCluster"]).on(&[NEW_CLUSTER]),
        allow(&["eks:DescribeCluster"]).on(&[NEW_CLUSTER]).when(&[RUN_JOB]),
    ],
    notes: &["AWS documents one set of actions for both patterns; only .sync needs to follow the cluster."],
};

const DELETE_FARGATE_PROFILE: Api = Api {
    name: "deleteFargateProfile",
    patterns: &[RequestResponse, RunJob],
    documented: None,
    least_privilege: &[
        allow(&["eks:DeleteFargateProfile"]).on(&[PROFILE]).because(GENERATED),
        allow(&["eks:DescribeFargateProfile"]).on(&[PROFILE]).because(GENERATED).when(&[RUN_JOB]),
    ],
    notes: &["AWS documents no policy; the grants follow those of deleteNodegroup."],
};

const DELETE_NODEGROUP: Api = Api {
    name: "deleteNodegroup",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[allow(&["eks:DeleteNodegroup", "eks:DescribeNodegroup"])
        .on(&[NODEGROUP])
        .because(GENERATED)]),
    least_privilege: &[
        allow(&["eks:DeleteNodegroup"]).on(&[NODEGROUP]).because(GENERATED),
        allow(&["eks:DescribeNodegroup"]).on(&[NODEGROUP]).because(GENERATED).when(&[RUN_JOB]),
    ],
    notes: &[
        "AWS documents one set of actions for both patterns; only .sync needs to follow the node group.",
    ],
};

const RUN_JOB_IN_CLUSTER: Api = Api {
    name: "runJob",
    patterns: &[RequestResponse, RunJob, Callback],
    documented: None,
    least_privilege: &[],
    notes: KUBERNETES,
};

const CREATE: GrantRule = allow(&["eks:CreateCluster"]).on_anything("eks:CreateCluster has no resource type");

const NODE_ROLE_TO_EC2: GrantRule =
    allow(&["iam:PassRole"]).on(&[AUTO_NODE_ROLE]).only_if(&[passed_to("ec2.amazonaws.com")]).when(AUTO);
const NODE_ROLE_TO_EKS: GrantRule = allow(&["iam:PassRole"]).on(&[AUTO_NODE_ROLE]).only_if(TO_EKS).when(AUTO);

const ENCRYPTION: GrantRule = allow(&["kms:CreateGrant", "kms:DescribeKey"])
    .on(&[each("EncryptionConfig[].Provider.KeyArn", "the key", key)
        .or(&["arn:{partition}:kms:{region}:*:key/*"])])
    .when(&[present("EncryptionConfig[]")]);

const TAG_CLUSTER: GrantRule = allow(&["eks:TagResource"]).on(&[NEW_CLUSTER]).when(&[present("Tags{}")]);
const TAG_NODEGROUP: GrantRule =
    allow(&["eks:TagResource"]).on(&[NODEGROUP]).because(GENERATED).when(&[present("Tags{}")]);

const CLUSTER_SERVICE_ROLE: GrantRule = allow(&["iam:CreateServiceLinkedRole"])
    .on(&[arn(
        "arn:{partition}:iam::{account}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
    )])
    .only_if(&[equals("iam:AWSServiceName", "eks.amazonaws.com")]);

const NODEGROUP_SERVICE_ROLE: GrantRule = allow(&["iam:CreateServiceLinkedRole"])
    .on(&[arn(
        "arn:{partition}:iam::{account}:role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup",
    )])
    .only_if(&[equals("iam:AWSServiceName", "eks-nodegroup.amazonaws.com")]);

const KUBERNETES: &[&str] = &[
    "No IAM permission is needed: Step Functions calls the Kubernetes API as the execution role, and the cluster decides. Give the role an access entry, or a \
     line in aws-auth (there without the path of the role's ARN); without it the state fails with EKS.401.",
    "AWS's pages disagree whether .waitForTaskToken is supported; it would need nothing more.",
];
const AUTO_MODE: &str = "EKS Auto Mode needs a second role, for the nodes";
const TAGS: &str = "with Tags, the creation is denied without eks:TagResource";
const FIRST: &str = "the first creation in an account creates the service-linked role too";
const ONCE: &str = "The first creation in an account creates a service-linked role; once the role exists, iam:CreateServiceLinkedRole can be removed.";
const GENERATED: &str = "the ARN ends in an ID that EKS makes when it creates the resource";
const SUBNETS: &str = "ec2:DescribeSubnets has no resource type";

const TO_EKS: &[super::ConditionRule] = &[passed_to("eks.amazonaws.com")];
const AUTO: &[super::Guard] = &[present("ComputeConfig.NodeRoleArn")];
const ROLES: &[&str] = &["arn:{partition}:iam::{account}:role/*"];

const CLUSTER: Resource = arn("arn:{partition}:eks:{region}:{account}:cluster/{ClusterName}");
const NEW_CLUSTER: Resource = arn("arn:{partition}:eks:{region}:{account}:cluster/{Name}");
const NODEGROUP: Resource =
    arn("arn:{partition}:eks:{region}:{account}:nodegroup/{ClusterName}/{NodegroupName}/*")
        .or(&["arn:{partition}:eks:{region}:{account}:nodegroup/*"]);
const PROFILE: Resource =
    arn("arn:{partition}:eks:{region}:{account}:fargateprofile/{ClusterName}/{FargateProfileName}/*")
        .or(&["arn:{partition}:eks:{region}:{account}:fargateprofile/*"]);
const NODE_ROLE: Resource = role_arn("NodeRole").or(ROLES);
const POD_ROLE: Resource = role_arn("PodExecutionRoleArn").or(ROLES);
const AUTO_NODE_ROLE: Resource = role_arn("ComputeConfig.NodeRoleArn").or(ROLES);

/// KMS compares the ARN of the key even when the call uses an alias; the definition does not show which key
/// that is.
fn key(_: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let is_key = value.known().map_or_else(|| value.is_arn(), is_key_arn);
    is_key.then(|| value.clone()).into_iter().collect()
}
