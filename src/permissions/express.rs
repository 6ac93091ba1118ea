//! Express workflows: what they cannot do.

use crate::asl::{ExecutionType, Integration, IntegrationPattern, Kind, Map, State, resource_pointer};
use crate::finding::Finding;

use super::problem::TaskProblem;

/// What kind of execution a workflow is part of.
#[derive(Clone, Copy, Debug)]
pub(super) enum EnclosingExecution<'m> {
    /// A STANDARD one.
    Standard,
    /// The state machine is EXPRESS.
    ExpressMachine,
    /// The children of this Distributed Map are EXPRESS.
    ExpressChildren(&'m State<'m>),
}

impl<'m> EnclosingExecution<'m> {
    /// The same for the workflows inside a state.
    pub(super) fn inside(self, state: &'m State<'m>) -> EnclosingExecution<'m> {
        match (self, &state.kind) {
            (EnclosingExecution::Standard, Kind::Map(map)) if has_express_children(map) => {
                EnclosingExecution::ExpressChildren(state)
            }
            _ => self,
        }
    }

    /// What a state cannot do: Express executions do not wait.
    pub(super) fn forbids(self, state: &State<'_>) -> Option<Finding> {
        let (place, standard) = match self {
            EnclosingExecution::Standard => return None,
            EnclosingExecution::ExpressMachine => {
                ("an EXPRESS state machine".to_owned(), "set \"type\" to \"STANDARD\"".to_owned())
            }
            EnclosingExecution::ExpressChildren(map) => (
                format!("the EXPRESS children of \"{}\"", map.name),
                format!("set \"ExecutionType\" of \"{}\" to \"STANDARD\"", map.name),
            ),
        };
        let (what, instead) = in_vain(state)?;
        let pointer = match state.kind {
            Kind::Task(_) => resource_pointer(&state.pointer),
            _ => state.pointer.clone(),
        };
        let problem = TaskProblem::Express { state: state.name, what, place, instead, standard };
        Some(Finding::new(&problem, pointer))
    }
}

/// What a state does that an Express workflow cannot, and what to do instead.
fn in_vain(state: &State<'_>) -> Option<(String, String)> {
    let task = match &state.kind {
        Kind::Map(map) if map.distributed.is_some() => {
            return Some((
                "a Distributed Map".to_owned(),
                "Use \"Mode\": \"INLINE\" in \"ProcessorConfig\"".to_owned(),
            ));
        }
        Kind::Task(task) => task,
        _ => return None,
    };
    match task.resource.integration {
        Integration::Activity => Some((
            "an activity".to_owned(),
            "Call a service or a Lambda function instead of the activity".to_owned(),
        )),
        Integration::Optimized { service, api, pattern } => waits(&format!("{service}:{api}"), pattern),
        Integration::Sdk { service, api, pattern } => waits(&format!("aws-sdk:{service}:{api}"), pattern),
        Integration::Function => None,
    }
}

fn waits(call: &str, pattern: IntegrationPattern) -> Option<(String, String)> {
    match pattern {
        IntegrationPattern::RequestResponse => None,
        IntegrationPattern::RunJob | IntegrationPattern::RunJob2 | IntegrationPattern::Callback => {
            let suffix = pattern.suffix();
            Some((format!("\"{suffix}\""), format!("Call \"{call}\" without \"{suffix}\"")))
        }
    }
}

/// Whether it is a Distributed Map with EXPRESS children.
pub(super) fn has_express_children(map: &Map<'_>) -> bool {
    map.distributed.as_ref().is_some_and(|distributed| distributed.execution_type == ExecutionType::Express)
}
