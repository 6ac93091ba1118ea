//! State machines of AWS Step Functions and their executions.

use crate::call::Call;
use crate::iam::{Pattern, Unresolved, WildcardReason};

pub(crate) const EXECUTION_NAME: &str = "the name of an execution exists only at run time";

pub(crate) fn machine(_: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    Child::of(value).map(|child| child.machine()).into_iter().collect()
}

pub(crate) fn unqualified(call: &Call<'_, '_>) -> Vec<Pattern> {
    let values = call.required("StateMachineArn");
    let machine = |value: &Pattern| match Child::of(value) {
        Some(child) if child.qualifier.is_some() => None,
        Some(child) => Some(child.machine()),
        None => Some(call.unfit("StateMachineArn", value)),
    };
    values.iter().filter_map(machine).collect()
}

/// AWS authorizes calls on a state machine without the version or alias in its ARN. Names have no colons.
pub(crate) fn without_qualifier(arn: Pattern) -> Pattern {
    let place = arn.split_at(":stateMachine:").filter(|_| arn.beginning().contains(":states:"));
    let Some((place, name)) = place.and_then(|(place, tail)| Some((place, tail.split_at(":")?.0))) else {
        return arn;
    };
    let mut machine = place.then(":stateMachine:");
    machine.push(&name);
    machine
}

pub(crate) fn executions(call: &Call<'_, '_>, value: &Pattern) -> Vec<Pattern> {
    let all = |child: Child| {
        let mut executions = child.place.then(":execution:");
        executions.push(&child.name);
        call.arn("{}:*", Some(&executions), EXECUTION_NAME)
    };
    Child::of(value).map(all).into_iter().collect()
}

/// A token does not show which task it belongs to, so every state machine and activity counts. The service
/// authorization reference lists no resource type for these calls; what IAM compares was found by experiment
/// and is reported on <https://github.com/aws/aws-cdk/pull/8486>.
pub(crate) fn of_token(call: &Call<'_, '_>, token: &Pattern) -> Vec<Pattern> {
    let opaque = || WildcardReason::Run {
        parameter: "TaskToken".to_owned(),
        cause: Unresolved::Undecided(
            "a token, which does not show the state machine or activity that it belongs to,",
        ),
    };
    waiting_for_workers(call, &token.reasons().next().cloned().unwrap_or_else(opaque))
}

/// Every state machine and activity, for a reason.
pub(crate) fn waiting_for_workers(call: &Call<'_, '_>, why: &WildcardReason) -> Vec<Pattern> {
    ["activity", "stateMachine"]
        .map(|kind| call.stand_in(&format!("arn:{{partition}}:states:{{region}}:{{account}}:{kind}:*"), why))
        .to_vec()
}

/// The ARN of a state machine, taken apart: `arn:PARTITION:states:REGION:ACCOUNT`, name, version or alias.
pub(crate) struct Child {
    pub(crate) place: Pattern,
    pub(crate) name: Pattern,
    pub(crate) qualifier: Option<Pattern>,
}

impl Child {
    /// Names have no colons, so what follows one is the version or alias, whatever the holes contain at run
    /// time.
    pub(crate) fn of(arn: &Pattern) -> Option<Child> {
        let is_of_states = arn.is_arn() && arn.service() == Some("states");
        let (place, tail) = arn.split_at(":stateMachine:").filter(|_| is_of_states)?;
        Some(match tail.split_at(":") {
            Some((name, qualifier)) => Child { place, name, qualifier: Some(qualifier) },
            None => Child { place, name: tail, qualifier: None },
        })
    }

    pub(crate) fn machine(&self) -> Pattern {
        let mut machine = self.place.clone().then(":stateMachine:");
        machine.push(&self.name);
        machine
    }
}

#[cfg(test)]
mod tests {
    use super::{executions, unqualified};
    use crate::call::testing::made;

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
