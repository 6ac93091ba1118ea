//! From states to permissions: what the execution role needs, and who asks for it.

mod characters;
mod credentials;
mod danger;
mod express;
mod findings;
mod impossible;
mod instantiate;
mod kms;
mod locality;
mod machine;
mod map;
mod outside;
mod permission;
mod problem;
mod resource_name;
mod sdk;
mod settings;
mod task;
mod trust;
mod unknown;
mod unnamed_keys;
mod wide_trust;
mod wildcard;

use crate::asl::flow::Flow;
use crate::asl::{ExecutionType, Kind, State, StateMachine, Workflow};

use express::EnclosingExecution;
use permission::{Origin, grant, integration_name};

pub use findings::findings;
pub use machine::wrong_settings;
pub use permission::{Permission, Requirements};
pub use settings::{Encryption, KeyType, LogLevel, Logging, Mode, Settings};
pub use trust::{assume_role_policy, callback_grants, callback_policy};
pub use wide_trust::trust_findings;

/// Works out what a state machine needs, by what is known of the values in it.
#[must_use]
pub fn requirements<'a>(machine: &StateMachine<'a>, flow: &Flow<'a>, settings: &Settings) -> Requirements {
    let mut requirements = Requirements::default();
    requirements.problems.extend(unknown::known_entries(settings));
    machine::machine(machine, settings, &mut requirements);
    let enclosing = match settings.machine_type {
        ExecutionType::Standard => EnclosingExecution::Standard,
        ExecutionType::Express => EnclosingExecution::ExpressMachine,
    };
    workflow(&machine.workflow, enclosing, &Known { flow, settings }, &mut requirements);
    sdk::forget_what_is_granted(&mut requirements);
    let elsewhere = locality::arguments(&requirements, &settings.aws);
    requirements.problems.extend(elsewhere);
    let keys = unnamed_keys::findings(&requirements, settings);
    requirements.problems.extend(keys);
    requirements
}

/// What holds for all states.
struct Known<'k, 'a> {
    flow: &'k Flow<'a>,
    settings: &'k Settings,
}

/// The states of a workflow, each before those inside it.
fn workflow<'a>(
    workflow: &Workflow<'a>,
    enclosing: EnclosingExecution<'_>,
    known: &Known<'_, 'a>,
    requirements: &mut Requirements,
) {
    for one in &workflow.states {
        if known.flow.is_cancelled() {
            return;
        }
        state(one, enclosing, known, requirements);
        let inside = enclosing.inside(one);
        let before = requirements.permissions.len();
        for nested in one.workflows() {
            self::workflow(nested, inside, known, requirements);
        }
        map::called_by_children(one, before, known.settings, requirements);
    }
}

fn state<'a>(
    state: &State<'a>,
    enclosing: EnclosingExecution<'_>,
    known: &Known<'_, 'a>,
    requirements: &mut Requirements,
) {
    let settings = known.settings;
    requirements.problems.extend(enclosing.forbids(state));
    match &state.kind {
        Kind::Task(task) => {
            requirements.problems.extend(locality::task(state, task, &settings.aws));
            requirements.problems.extend(outside::task(state, task));
            let scope = known.flow.scope(state);
            credentials::task(state, task, &scope, settings, requirements);
        }
        Kind::Map(map) => {
            if let Some(distributed) = &map.distributed {
                let scope = known.flow.scope(state);
                map::distributed(state, distributed, &scope, settings, requirements);
            }
        }
        _ => {}
    }
}
