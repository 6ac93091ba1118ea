//! Findings about a definition that can be read.

use std::collections::BTreeMap;

use super::parse::locate::start_pointer;
use super::problem::DefinitionProblem;
use super::state::{Kind, Leads, Successor};
use super::{StateMachine, Workflow};
use crate::finding::Finding;

/// `StartAt` and the successors of each state must exist, and every state must be reachable. Unreachable
/// states are only reported if all transitions are valid.
pub(super) fn reachability(workflow: &Workflow<'_>, is_misled: bool, problems: &mut Vec<Finding>) {
    let told = problems.len();
    // States are in the order of their names.
    let find = |name: &str| workflow.states.binary_search_by(|state| state.name.cmp(name)).ok();
    let mut open = Vec::new();
    match find(workflow.start_at) {
        Some(index) => open.push(index),
        None => {
            let problem = match workflow.start_at {
                "" => DefinitionProblem::StartAtMissing,
                name => DefinitionProblem::StartAtNowhere { name },
            };
            problems.push(Finding::new(&problem, start_pointer(&workflow.pointer)));
        }
    }
    let mut reached = vec![false; workflow.states.len()];
    let mut reach = |index: usize| {
        let is_new = |reached: &mut bool| !std::mem::replace(reached, true);
        reached.get_mut(index).is_some_and(is_new)
    };
    open.retain(|index| reach(*index));
    let mut anywhere = false;
    while let Some(index) = open.pop() {
        let Some(state) = workflow.states.get(index) else { continue };
        anywhere |= matches!(state.kind, Kind::Unreadable { leads: Leads::Anywhere });
        for Successor { name, place } in state.successors() {
            match find(name) {
                Some(index) => {
                    if reach(index) {
                        open.push(index);
                    }
                }
                None => {
                    let pointer = format!("{}{place}", state.pointer);
                    problems.push(Finding::new(&DefinitionProblem::NextNowhere { name }, pointer));
                }
            }
        }
    }
    if !anywhere && !is_misled && problems.len() == told {
        for (state, is_reached) in workflow.states.iter().zip(reached) {
            if !is_reached {
                let problem = DefinitionProblem::Unreachable { name: state.name };
                problems.push(Finding::new(&problem, state.pointer.as_str()));
            }
        }
    }
}

/// Names of states are unique in the whole definition.
pub(super) fn names(machine: &StateMachine<'_>, problems: &mut Vec<Finding>) {
    // Within a workflow they are.
    if machine.workflow.states.len() == machine.size {
        return;
    }
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for state in machine.states() {
        if let Some(other) = first.insert(state.name, &state.pointer) {
            let problem = DefinitionProblem::NameTaken { name: state.name, other };
            problems.push(Finding::new(&problem, state.pointer.as_str()));
        }
    }
}
