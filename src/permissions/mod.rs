//! From states to permissions: what the execution role needs, and which states need it.

mod alike;
mod causes;
mod characters;
mod credentials;
mod danger;
mod express;
mod findings;
mod impossible;
mod instantiate;
mod kms;
mod limits;
mod locality;
mod machine;
mod map;
mod names;
mod outside;
mod permission;
mod position;
mod problem;
mod resource_name;
mod sdk;
mod settings;
mod sorted;
mod spelling;
mod task;
mod trust;
mod unknown;
mod unnamed_keys;
mod visit;
mod why;
mod wide_trust;
mod wild;
mod wildcard;

use crate::asl::flow::Flow;
use crate::asl::{ExecutionType, Kind, State, StateMachine, Workflow};

use alike::Alike;
use express::EnclosingExecution;
use permission::{Origin, grant, integration_name};
use visit::Visit;

pub use characters::once_for_the_machine;
pub use findings::{findings, refused};
pub use machine::{activity_of, keys_of_activities, wrong_settings};
pub use permission::{Permission, Requirements};
pub use settings::{ApiNames, Encryption, KeyType, LogLevel, Logging, Mode, Settings};
pub use spelling::located;
pub use trust::{assume_role_policy, callback_grants, callback_policy};
pub use unnamed_keys::may_be_under_data_keys;
pub use wide_trust::trust_findings;

/// Works out what a state machine needs, by what is known of the values in it.
#[must_use]
pub fn requirements<'a>(machine: &StateMachine<'a>, flow: &Flow<'a>, settings: &Settings) -> Requirements {
    let enclosing = match settings.machine_type {
        ExecutionType::Standard => EnclosingExecution::Standard,
        ExecutionType::Express => EnclosingExecution::ExpressMachine,
    };
    let found = Requirements::of_problems(unknown::known_entries(settings))
        .and(machine::machine(machine, settings))
        .and(workflow(&machine.workflow, enclosing, &Known { flow, settings, alike: Alike::default() }));
    let mut requirements = sdk::without_what_is_granted(found);
    let elsewhere = locality::arguments(&requirements, &settings.aws);
    requirements.problems.extend(elsewhere);
    let keys = unnamed_keys::findings(&requirements, settings);
    requirements.problems.extend(keys);
    // They stay until the answer is made, and of a large definition are megabytes.
    requirements.permissions.shrink_to_fit();
    requirements
}

/// What holds for all states.
struct Known<'k, 'a> {
    flow: &'k Flow<'a>,
    settings: &'k Settings,
    alike: Alike<'a>,
}

/// The states of a workflow, each before those inside it.
fn workflow<'a>(
    workflow: &Workflow<'a>,
    enclosing: EnclosingExecution<'_>,
    known: &Known<'_, 'a>,
) -> Requirements {
    let mut requirements = Requirements::default();
    for one in &workflow.states {
        if known.flow.count(1).is_err() {
            break;
        }
        requirements.extend([state(one, enclosing, known)]);
        let nested = one.workflows();
        if nested.is_empty() {
            continue;
        }
        let enclosing = enclosing.inside(one);
        let inside = nested.iter().map(|nested| self::workflow(nested, enclosing, known));
        let inside: Requirements = inside.collect();
        let by_children = map::called_by_children(one, &inside.permissions, known.settings);
        requirements.extend([inside, Requirements::of_permissions(by_children)]);
    }
    requirements
}

/// What a state needs by itself.
fn state<'a>(state: &State<'a>, enclosing: EnclosingExecution<'_>, known: &Known<'_, 'a>) -> Requirements {
    let settings = known.settings;
    let mut told = Requirements::of_problems(enclosing.forbids(state));
    match &state.kind {
        Kind::Task(task) => {
            let scope = known.flow.scope(state);
            let visit = Visit { state, scope: &scope, settings, alike: &known.alike };
            let misplaced = locality::task(state, task, &settings.aws);
            let named = if misplaced.is_empty() { trust::activity(state, task, settings) } else { misplaced };
            told.problems.extend(named);
            told.problems.extend(outside::task(state, task));
            told.and(credentials::task(visit, task))
        }
        Kind::Map(map) => match &map.distributed {
            Some(distributed) => {
                let scope = known.flow.scope(state);
                let visit = Visit { state, scope: &scope, settings, alike: &known.alike };
                told.and(map::distributed(visit, distributed))
            }
            None => told,
        },
        _ => told,
    }
}
