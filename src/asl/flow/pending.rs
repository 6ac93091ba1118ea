//! Which states are entered with values that depend on tokens whose values are not known yet.
//!
//! Whatever such a value is, it can only change what comes after it: the states that its state can lead to,
//! those inside of them, and what follows the state around them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::beside::is_context_of_execution;
use super::super::{Destination, Items, Kind, Processing, State, StateMachine, Workflow};
use super::graph::assigns;

/// The `id`s of the states to which values come from states at these pointers.
pub(super) fn reached(machine: &StateMachine<'_>, sources: &BTreeSet<String>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    if !sources.is_empty() {
        spread(&machine.workflow, sources, &mut reached);
    }
    reached
}

/// The context object, in either query language.
const CONTEXT: [&str; 2] = ["$$", "context"];

/// The `id`s of the states to which values come from the execution's input.
pub(super) fn reached_by_input(machine: &StateMachine<'_>, text: &str) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    // The context object has the execution's input beside the outputs of states. Escapes may hide it.
    if text.contains("\\u") || !CONTEXT.iter().all(|root| is_context_of_execution(text, root)) {
        all(&machine.workflow, &mut reached);
        return reached;
    }
    let states: BTreeMap<&str, &State<'_>> =
        machine.workflow.states.iter().map(|state| (state.name, state)).collect();
    let mut open: Vec<&State<'_>> = states.get(machine.workflow.start_at).copied().into_iter().collect();
    reached.extend(open.iter().map(|state| state.id));
    while let Some(state) = open.pop() {
        if !starts_anew(state) {
            state.workflows().iter().for_each(|inside| all(inside, &mut reached));
        }
        if replaces(state) {
            continue;
        }
        let successors = state.successors();
        let successors = successors.into_iter().filter_map(|successor| states.get(successor.name));
        open.extend(successors.filter(|next| reached.insert(next.id)));
    }
    // What is assigned there may be read anywhere.
    if machine.states().iter().any(|state| reached.contains(&state.id) && computes_variables(state)) {
        all(&machine.workflow, &mut reached);
    }
    reached
}

/// Whether a state assigns what is not written out.
fn computes_variables(state: &State<'_>) -> bool {
    assigns(state).any(|assign| !assign.is_literal())
}

/// Whether child executions have nothing of a state's input: what they are given has been read from
/// elsewhere, and they see no variables from outside.
fn starts_anew(state: &State<'_>) -> bool {
    let Kind::Map(map) = &state.kind else { return false };
    let is_read = map.distributed.is_some() && matches!(map.items, Items::Reader);
    is_read && map.selector.is_none() && map.batcher.as_ref().is_none_or(|batcher| batcher.input.is_none())
}

/// Whether nothing of a state's input is in its output.
fn replaces(state: &State<'_>) -> bool {
    let is_whole = match &state.processing {
        Processing::JsonPath { result, .. } => *result == Destination::Whole,
        Processing::Jsonata { output } => output.is_none(),
    };
    is_whole && state.catchers.is_empty() && matches!(state.kind, Kind::Task(_))
}

/// Adds the states of a workflow that are reached, and those inside of them. Returns whether any value is
/// passed on within it.
fn spread(workflow: &Workflow<'_>, sources: &BTreeSet<String>, reached: &mut BTreeSet<usize>) -> bool {
    let states: BTreeMap<&str, &State<'_>> =
        workflow.states.iter().map(|state| (state.name, state)).collect();
    let mut open: Vec<&State<'_>> = Vec::new();
    for state in &workflow.states {
        let own = sources.contains(&state.pointer);
        if own {
            state.workflows().iter().for_each(|inside| all(inside, reached));
        }
        let mut from_inside = false;
        for inside in state.workflows() {
            from_inside |= spread(inside, sources, reached);
        }
        if own || from_inside {
            open.push(state);
        }
    }
    let goes_on = !open.is_empty();
    while let Some(state) = open.pop() {
        for successor in state.successors() {
            let Some(next) = states.get(successor.name) else { continue };
            if reached.insert(next.id) {
                next.workflows().iter().for_each(|inside| all(inside, reached));
                open.push(next);
            }
        }
    }
    goes_on
}

fn all(workflow: &Workflow<'_>, reached: &mut BTreeSet<usize>) {
    for state in &workflow.states {
        reached.insert(state.id);
        state.workflows().iter().for_each(|inside| all(inside, reached));
    }
}
