//! AWS Step Functions: start another state machine and, with `.sync` or `.sync:2`, wait for its end.

use super::Call;
use super::dsl::{Actions, Api, RUN_JOB, Resource, Service, allow, arn, computed, each, managed_rule};
use crate::asl::IntegrationPattern::{Callback, RequestResponse, RunJob, RunJob2};
use crate::iam::{Condition, Grant, Operator, Pattern};

pub(super) const SERVICE: Service = Service {
    name: "states",
    title: "AWS Step Functions",
    docs: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
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
                .on(&[UNQUALIFIED.or(&["arn:{partition}:states:{region}:{account}:stateMachine:*"])]),
            allow(&["states:StartExecution"])
                .computed("the state machine, by the version or alias in StateMachineArn", qualified),
            FOLLOW
                .on(&[EXECUTIONS.or(&["arn:{partition}:states:{region}:{account}:execution:*:*"])])
                .because(EXECUTION_NAME)
                .when(&[RUN_JOB]),
            managed_rule(RULE),
        ],
        notes: &[
            "AWS authorizes a start on the state machine without version or alias. The qualifier can be had only as the condition key \
             states:StateMachineQualifier, which least privilege sets where StateMachineArn has one.",
            "An execution's ARN has the state machine's name and never its version or alias.",
            "An Express state machine cannot be awaited with .sync: call aws-sdk:sfn:startSyncExecution.",
            "A child that is encrypted with a key of its own asks the parent's role for kms:Decrypt when it is awaited: list that key in kms_key_arns.",
        ],
    }],
};

const EXECUTION_NAME: &str = "the name of an execution exists only at run time";

/// Polling for the end, and stopping what is no longer wanted.
const FOLLOW: Actions = allow(&["states:DescribeExecution", "states:StopExecution"]);

const RULE: &[Resource] = &[arn(
    "arn:{partition}:events:{region}:{account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
)];

const MACHINE: Resource = each("StateMachineArn", "the state machine, without version or alias", machine);

fn machine(_: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    Child::of(value).map(|child| child.machine()).into_iter().collect()
}

const UNQUALIFIED: Resource =
    computed("the state machine, if StateMachineArn has no version or alias", unqualified);

fn unqualified(call: &Call<'_, '_>) -> Vec<Pattern> {
    let values = call.required("StateMachineArn");
    let machine = |value: &Pattern| match Child::of(value) {
        Some(child) if child.qualifier.is_some() => None,
        Some(child) => Some(child.machine()),
        None => Some(call.malformed("StateMachineArn", value)),
    };
    values.iter().filter_map(machine).collect()
}

/// The version or alias is worth a condition: nothing else tells the policy which one may be started.
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

fn executions(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let all = |child: Child| {
        let mut executions = child.place.then(":execution:");
        executions.push(&child.name);
        call.arn("{}:*", Some(&executions), EXECUTION_NAME)
    };
    Child::of(value).map(all).into_iter().collect()
}

/// The ARN of a state machine, taken apart: `arn:PARTITION:states:REGION:ACCOUNT`, name, version or alias.
struct Child {
    place: Pattern,
    name: Pattern,
    qualifier: Option<Pattern>,
}

impl Child {
    /// Names have no colons, so what follows one is the version or alias, whatever the run puts into holes.
    fn of(arn: &Pattern) -> Option<Child> {
        let (place, tail) = arn.split_at(":stateMachine:").filter(|_| arn.is_arn())?;
        Some(match tail.split_at(":") {
            Some((name, qualifier)) => Child { place, name, qualifier: Some(qualifier) },
            None => Child { place, name: tail, qualifier: None },
        })
    }

    fn machine(&self) -> Pattern {
        let mut machine = self.place.clone().then(":stateMachine:");
        machine.push(&self.name);
        machine
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::testing::made;
    use super::{executions, unqualified};

    #[test]
    fn what_follows_the_name_is_a_qualifier() {
        let arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:";
        for (written, machines, all) in [
            ("child", Some("child"), "child:*"),
            ("child-*", Some("child-*"), "child-*:*"),
            ("child:live", None, "child:*"),
            ("child-*:live", None, "child-*:*"),
            ("*:*", None, "*:*"),
        ] {
            let value: &'static str = format!("{arn}{written}").leak();
            let machines: Vec<String> = machines.iter().map(|name| format!("{arn}{name}")).collect();
            assert_eq!(made(&[("StateMachineArn", value)], unqualified), machines, "{written}");
            let all = format!("arn:aws:states:eu-west-1:111122223333:execution:{all}");
            let executions = |call: &super::Call<'_, '_>| {
                call.texts("StateMachineArn").iter().flat_map(|value| executions(call, value)).collect()
            };
            assert_eq!(made(&[("StateMachineArn", value)], executions), [all], "{written}");
        }
    }

    #[test]
    fn without_the_kind_nothing_is_certain() {
        assert_eq!(made(&[("StateMachineArn", "arn:aws:states:eu-west-1:*:child")], unqualified), ["*"]);
    }
}
