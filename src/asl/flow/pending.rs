//! Which states are entered with values that depend on tokens whose values are not known yet.
//!
//! Whatever such a value is, it can only change what comes after it: the states that its state can lead to,
//! those inside of them, and what follows the state around them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{State, StateMachine, Workflow};

/// The `id`s of the states to which values come from states at these pointers.
pub(super) fn reached(machine: &StateMachine<'_>, sources: &BTreeSet<String>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    if !sources.is_empty() {
        spread(&machine.workflow, sources, &mut reached);
    }
    reached
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
