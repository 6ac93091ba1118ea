//! The states with what is around and inside of them, and the order in which following them takes the fewest
//! steps.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use super::super::{Choice, Kind, State, StateMachine, Str, Template, Transition, Workflow};

/// A place where values are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Where a state is entered, by its `id`.
    Enter(usize),
    /// Where all workflows inside a state have ended.
    Leave(usize),
}

/// A state and its surroundings.
#[derive(Clone, Debug)]
pub(super) struct StateNode<'m, 'a> {
    pub(super) state: &'m State<'a>,
    /// The workflow it is in.
    pub(super) around: usize,
    /// The workflows that are in it.
    pub(super) inside: Range<usize>,
}

/// A workflow and the state it is in.
#[derive(Debug)]
pub(super) struct Inside<'m, 'a> {
    pub(super) is: &'m Workflow<'a>,
    pub(super) parent: Option<usize>,
}

/// A state machine as a graph.
#[derive(Debug)]
pub(super) struct Graph<'m, 'a> {
    nodes: Vec<Option<StateNode<'m, 'a>>>,
    /// The whole state machine comes first.
    pub(super) workflows: Vec<Inside<'m, 'a>>,
    /// The names of all variables, in ascending byte order.
    pub(super) assigned: Rc<[Str<'a>]>,
    ranks: Vec<usize>,
}

impl<'m, 'a> Graph<'m, 'a> {
    pub(super) fn new(machine: &'m StateMachine<'a>) -> Graph<'m, 'a> {
        let mut graph = Graph {
            nodes: vec![None; machine.size],
            workflows: vec![Inside { is: &machine.workflow, parent: None }],
            assigned: Rc::from([]),
            ranks: Vec::new(),
        };
        let mut assigned = BTreeSet::new();
        let mut around = 0;
        while let Some(workflow) = graph.workflows.get(around).map(|workflow| workflow.is) {
            for state in &workflow.states {
                add_assigned(state, &mut assigned);
                let first = graph.workflows.len();
                let parent = Some(state.id);
                graph.workflows.extend(state.workflows().iter().map(|is| Inside { is, parent }));
                if let Some(node) = graph.nodes.get_mut(state.id) {
                    *node = Some(StateNode { state, around, inside: first..graph.workflows.len() });
                }
            }
            around += 1;
        }
        graph.assigned = assigned.into_iter().collect();
        graph.ranks = graph.order();
        graph
    }

    pub(super) fn node(&self, id: usize) -> Option<&StateNode<'m, 'a>> {
        self.nodes.get(id)?.as_ref()
    }

    /// The state of that name in a workflow, by its `id`.
    pub(super) fn find(&self, workflow: usize, name: &str) -> Option<usize> {
        let states = &self.workflows.get(workflow)?.is.states;
        let at = states.binary_search_by(|state| state.name.cmp(name)).ok()?;
        states.get(at).map(|state| state.id)
    }

    /// The place's turn: after all places that lead to it, except along loops.
    pub(super) fn rank(&self, place: Place) -> usize {
        self.ranks.get(number(place)).copied().unwrap_or(usize::MAX)
    }

    /// Numbers the places in reverse postorder of a search in depth.
    fn order(&self) -> Vec<usize> {
        let mut ranks = vec![usize::MAX; self.nodes.len() * 2];
        let mut seen = vec![false; ranks.len()];
        let mut next = ranks.len();
        let mut open = Vec::new();
        let start = self.workflows.first().and_then(|whole| self.find(0, whole.is.start_at));
        self.search(start.map(Place::Enter), &mut seen, &mut open);
        while let Some((place, successors)) = open.last_mut() {
            match successors.pop() {
                Some(successor) => self.search(Some(successor), &mut seen, &mut open),
                None => {
                    next -= 1;
                    if let Some(rank) = ranks.get_mut(number(*place)) {
                        *rank = next;
                    }
                    open.pop();
                }
            }
        }
        ranks
    }

    fn search(&self, place: Option<Place>, seen: &mut [bool], open: &mut Vec<(Place, Vec<Place>)>) {
        let Some(place) = place else { return };
        if let Some(seen) = seen.get_mut(number(place))
            && !*seen
        {
            *seen = true;
            open.push((place, self.successors(place)));
        }
    }

    fn successors(&self, place: Place) -> Vec<Place> {
        let (Place::Enter(id) | Place::Leave(id)) = place;
        let Some(node) = self.node(id) else { return Vec::new() };
        let mut successors = Vec::new();
        let mut go = |name: &str| successors.extend(self.find(node.around, name).map(Place::Enter));
        let state = node.state;
        let inside = !node.inside.is_empty() && matches!(place, Place::Enter(_));
        if matches!(place, Place::Enter(_)) {
            state.catchers.iter().filter_map(|catcher| catcher.next).for_each(&mut go);
            state.rules().iter().filter_map(|rule| rule.next).for_each(&mut go);
        }
        if !inside {
            if let Kind::Choice(Choice { default: Some(name), .. }) = &state.kind {
                go(name);
            }
            match state.transition {
                Transition::Next(name) => go(name),
                Transition::End => {
                    let parent = self.workflows.get(node.around).and_then(|workflow| workflow.parent);
                    successors.extend(parent.map(Place::Leave));
                }
            }
            return successors;
        }
        successors.push(Place::Leave(id));
        for workflow in node.inside.clone() {
            let start = self.workflows.get(workflow).map(|workflow| workflow.is.start_at);
            successors.extend(start.and_then(|name| self.find(workflow, name)).map(Place::Enter));
        }
        successors
    }
}

/// Adds the names that a state assigns.
fn add_assigned<'a>(state: &State<'a>, names: &mut BTreeSet<Str<'a>>) {
    names.extend(assigns(state).flat_map(Template::names));
}

/// What a state assigns, by itself, its rules or its catchers.
pub(super) fn assigns<'m, 'a>(state: &'m State<'a>) -> impl Iterator<Item = &'m Template<'a>> {
    let rules = state.rules().iter().filter_map(|rule| rule.assign.as_ref());
    let catchers = state.catchers.iter().filter_map(|catcher| catcher.assign.as_ref());
    state.assign.iter().chain(rules).chain(catchers)
}

fn number(place: Place) -> usize {
    match place {
        Place::Enter(id) => id * 2,
        Place::Leave(id) => id * 2 + 1,
    }
}
