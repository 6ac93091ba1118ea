//! Amazon EMR on EKS: virtual clusters, and the jobs that run on them.

use super::dsl::{Api, GrantRule, RUN_JOB, Resource, Service, allow, arn, like, matching, present};
use crate::asl::IntegrationPattern::{RequestResponse, RunJob};
use crate::iam::Operator;

pub(super) const SERVICE: Service = Service {
    name: "emr-containers",
    title: "Amazon EMR on EKS",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html",
    sdk: &["emrcontainers"],
    apis: &[CREATE_VIRTUAL_CLUSTER, DELETE_VIRTUAL_CLUSTER, START_JOB_RUN],
};

const CREATE_VIRTUAL_CLUSTER: Api = Api {
    name: "createVirtualCluster",
    patterns: &[RequestResponse],
    documented: Some(&[
        CREATE,
        allow(&["iam:CreateServiceLinkedRole"])
            .on(&[arn(
                "arn:{partition}:iam::{account}:role/aws-service-role/emr-containers.amazonaws.com/AnAWSServiceRoleForAmazonEMRContainers",
            )])
            .only_if(FOR_EMR_CONTAINERS),
        SERVICE_LINKED_ROLE.correction(
            "AWS's template misprints the name of the service-linked role, so the first virtual cluster of an account is denied",
        ),
        TAG_CLUSTER.correction("with Tags, EMR on EKS may ask for emr-containers:TagResource"),
    ]),
    least_privilege: &[CREATE, SERVICE_LINKED_ROLE, TAG_CLUSTER],
    notes: &[
        "The first virtual cluster of an account creates the service-linked role; once it exists, iam:CreateServiceLinkedRole can be removed.",
        "AWS does not say whether tagging at creation is checked, so emr-containers:TagResource is granted where the task has Tags.",
        "Where EMR on EKS manages access to the cluster through EKS access entries, the role may need permissions for these, which are not granted here.",
    ],
};

const DELETE_VIRTUAL_CLUSTER: Api = Api {
    name: "deleteVirtualCluster",
    patterns: &[RequestResponse, RunJob],
    documented: Some(DELETE),
    least_privilege: DELETE,
    notes: &[],
};

const START_JOB_RUN: Api = Api {
    name: "startJobRun",
    patterns: &[RequestResponse, RunJob],
    documented: Some(&[
        START,
        allow(&["emr-containers:CancelJobRun", "emr-containers:DescribeJobRun"])
            .on(&[JOB_RUNS.or(&["arn:{partition}:emr-containers:{region}:{account}:/virtualclusters/*"])])
            .when(&[RUN_JOB]),
        TAG_JOB_RUN.correction("with Tags, EMR on EKS may ask for emr-containers:TagResource"),
    ]),
    least_privilege: &[
        START,
        allow(&["emr-containers:CancelJobRun", "emr-containers:DescribeJobRun"])
            .on(&[JOB_RUNS])
            .because(GENERATED)
            .when(&[RUN_JOB]),
        TAG_JOB_RUN,
    ],
    notes: &[
        "The job's role is not passed, so there is no iam:PassRole: the condition emr-containers:ExecutionRoleArn says which role a job may have. It is \
         left out where the role is absent (a job template has it) or known only at run time.",
        "AWS does not say whether tagging at creation is checked, so emr-containers:TagResource is granted where the task has Tags.",
        "A job role that uses EKS Pod Identity may need iam:PassRole for pods.eks.amazonaws.com, which is not granted here.",
    ],
};

const CREATE: GrantRule = allow(&["emr-containers:CreateVirtualCluster"])
    .on_anything("emr-containers:CreateVirtualCluster has no resource type");

const DELETE: &[GrantRule] = &[
    allow(&["emr-containers:DeleteVirtualCluster"]).on(&[CLUSTER_TO_DELETE]),
    allow(&["emr-containers:DescribeVirtualCluster"]).on(&[CLUSTER_TO_DELETE]).when(&[RUN_JOB]),
];

const SERVICE_LINKED_ROLE: GrantRule = allow(&["iam:CreateServiceLinkedRole"])
    .on(&[arn(
        "arn:{partition}:iam::{account}:role/aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers",
    )])
    .only_if(FOR_EMR_CONTAINERS);

const START: GrantRule = allow(&["emr-containers:StartJobRun"]).on(&[CLUSTER]).only_if(&[matching(
    Operator::StringEquals,
    "emr-containers:ExecutionRoleArn",
    "ExecutionRoleArn",
)]);

const TAG_CLUSTER: GrantRule = allow(&["emr-containers:TagResource"])
    .on(&[arn("arn:{partition}:emr-containers:{region}:{account}:/virtualclusters/*")])
    .because(GENERATED)
    .when(&[present("Tags{}")]);

const TAG_JOB_RUN: GrantRule =
    allow(&["emr-containers:TagResource"]).on(&[JOB_RUNS]).because(GENERATED).when(&[present("Tags{}")]);

const FOR_EMR_CONTAINERS: &[super::ConditionRule] =
    &[like("iam:AWSServiceName", "emr-containers.amazonaws.com")];

const GENERATED: &str = "EMR on EKS makes the ID when it creates the resource";

const CLUSTER: Resource =
    arn("arn:{partition}:emr-containers:{region}:{account}:/virtualclusters/{VirtualClusterId}");
const CLUSTER_TO_DELETE: Resource =
    arn("arn:{partition}:emr-containers:{region}:{account}:/virtualclusters/{Id}");
const JOB_RUNS: Resource =
    arn("arn:{partition}:emr-containers:{region}:{account}:/virtualclusters/{VirtualClusterId}/jobruns/*");
