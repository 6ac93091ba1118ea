//! AWS Step Functions: start another state machine and, with `.sync` or `.sync:2`, wait for its end.

use super::dsl::{Actions, Api, RUN_JOB, Resource, Service, allow, arn, computed, each, managed_rule};
use crate::asl::IntegrationPattern::{Callback, RequestResponse, RunJob, RunJob2};
use crate::call::Call;
use crate::call::resource::states::{Child, EXECUTION_NAME, executions, machine, unqualified};
use crate::iam::{Condition, Grant, Operator};

pub(super) const SERVICE: Service = Service {
    name: "states",
    title: "AWS Step Functions",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
    sdk: &["sfn"],
    apis: &[Api {
        name: "startExecution",
        patterns: &[RequestResponse, RunJob, RunJob2, Callback],
        documented: Some(&[
            allow(&["states:StartExecution"]).on(&[MACHINE]),
            FOLLOW.on(&[EXECUTIONS]).because(EXECUTION_NAME).when(&[RUN_JOB]),
            managed_rule(RULE),
        ]),
        least_privilege: &[
            allow(&["states:StartExecution"])
                .on(&[UNQUALIFIED.or(&["arn:{partition}:states:{region}:{account}:stateMachine:*"])])
                .or_another(),
            allow(&["states:StartExecution"])
                .computed("the state machine, by the version or alias in `StateMachineArn`", qualified)
                .or_another(),
            FOLLOW
                .on(&[EXECUTIONS.or(&["arn:{partition}:states:{region}:{account}:execution:*:*"])])
                .because(EXECUTION_NAME)
                .when(&[RUN_JOB]),
            managed_rule(RULE),
        ],
        notes: &[
            "AWS authorizes a start on the state machine without version or alias. The qualifier exists only as the condition key \
             states:StateMachineQualifier, which least privilege sets where StateMachineArn has one.",
            "An execution's ARN has the state machine's name and never its version or alias.",
            "An Express state machine cannot be awaited with .sync: call aws-sdk:sfn:startSyncExecution.",
            "A child that is encrypted with a key of its own asks the parent's role for kms:Decrypt when it is awaited: list that key in kms_key_arns.",
        ],
    }],
};

/// Polling for the end, and stopping what is no longer wanted.
const FOLLOW: Actions = allow(&["states:DescribeExecution", "states:StopExecution"]);

const RULE: &[Resource] = &[arn(
    "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
)];

const MACHINE: Resource = each("StateMachineArn", "the state machine, without version or alias", machine);

const UNQUALIFIED: Resource =
    computed("the state machine, if `StateMachineArn` has no version or alias", unqualified);

/// The version or alias is worth a condition: nothing else restricts which one may be started.
fn qualified(call: &Call<'_, '_>) -> Vec<Grant> {
    let start = |child: Child| {
        let qualifier = child.qualifier.as_ref()?;
        let condition = Condition::new(
            Operator::ForAnyValueStringEquals,
            "states:StateMachineQualifier",
            std::slice::from_ref(qualifier),
        );
        Some(Grant {
            actions: vec!["states:StartExecution".to_owned()],
            resources: vec![child.machine()],
            conditions: vec![condition],
        })
    };
    call.texts("StateMachineArn").iter().filter_map(Child::of).filter_map(start).collect()
}

const EXECUTIONS: Resource = each("StateMachineArn", "the executions of the state machine", executions);
