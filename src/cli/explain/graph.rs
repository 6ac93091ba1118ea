//! A state machine as a graph, with what each state is granted: what the formats have in common that draw it.

use std::collections::{BTreeSet, HashMap};

use crate::asl::{self, Integration, Json, Kind, State, Transition, Workflow};
use crate::cli::answers::Answered;
use crate::finding::{state_path, state_pointer};
use crate::generator::{Explanation, ReasonKind, filled};

/// States that start at one of them.
#[derive(Debug)]
pub(super) struct Flow {
    /// The position of the first state.
    pub(super) start: Option<usize>,
    /// In ascending order of their names.
    pub(super) nodes: Vec<Node>,
    /// In the order of their sources.
    pub(super) edges: Vec<Edge>,
}

/// A state.
#[derive(Debug)]
pub(super) struct Node {
    /// Its number within the state machine.
    pub(super) id: usize,
    pub(super) name: String,
    /// Such as `States.Loop.ItemProcessor.States.Notify`.
    pub(super) path: String,
    /// The JSON pointer to it.
    pub(super) pointer: String,
    /// The kind of state, such as `Task`.
    pub(super) kind: &'static str,
    /// What a task calls, such as `sns:publish`; else empty.
    pub(super) calls: String,
    /// Whether the workflow ends there.
    pub(super) is_end: bool,
    /// The branches of a Parallel, or what a Map does for each item.
    pub(super) flows: Vec<Flow>,
    /// The widest of what it is granted.
    pub(super) reach: Reach,
    /// The parameters and arguments that are not known, in ascending order.
    pub(super) open: Vec<String>,
    /// What it needs: positions in the explanation.
    pub(super) rows: Vec<usize>,
}

/// From a state to the next, by their positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) way: Way,
}

/// When a state leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Always.
    Next,
    /// If a rule of a Choice holds.
    Rule,
    /// If none of its rules holds.
    Default,
    /// If it fails.
    Catch,
}

/// How far grants reach, from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Nothing is needed.
    Nothing,
    /// Only resources that are named wholly.
    Named,
    /// A wildcard that AWS requires.
    Aws,
    /// A wildcard for what is known only at run time, is not given or was left open by a hint.
    Open,
}

impl Reach {
    /// A word for it, which is also the name of its CSS class.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Reach::Nothing => "none",
            Reach::Named => "named",
            Reach::Aws => "aws",
            Reach::Open => "open",
        }
    }

    /// How far what is explained reaches.
    pub(super) fn of(row: &Explanation) -> Reach {
        let of_wildcard = |kind| if kind == ReasonKind::Aws { Reach::Aws } else { Reach::Open };
        row.wildcards.iter().map(|one| of_wildcard(one.kind)).max().unwrap_or(Reach::Named)
    }
}

impl Flow {
    /// The state machine of an answer.
    pub(super) fn of(answered: &Answered) -> Option<Flow> {
        let text = filled(&answered.request);
        let document = Json::read(&text).ok()?;
        let (machine, _) = asl::parse(&document);
        let explanation = &answered.output.explanation;
        let mut asking: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, row) in explanation.iter().enumerate() {
            let pointers: BTreeSet<&str> =
                row.states.iter().map(|(_, pointer)| state_pointer(pointer)).collect();
            for pointer in pointers {
                asking.entry(pointer).or_default().push(at);
            }
        }
        Some(flow(&machine.workflow, &asking, explanation))
    }

    /// All states, each before those inside it.
    pub(super) fn all(&self) -> Vec<&Node> {
        let mut all = Vec::new();
        let mut waiting: Vec<&Node> = self.nodes.iter().rev().collect();
        while let Some(node) = waiting.pop() {
            all.push(node);
            waiting.extend(node.flows.iter().rev().flat_map(|flow| flow.nodes.iter().rev()));
        }
        all
    }
}

fn flow(workflow: &Workflow<'_>, asking: &HashMap<&str, Vec<usize>>, explanation: &[Explanation]) -> Flow {
    let positions: HashMap<&str, usize> =
        workflow.states.iter().enumerate().map(|(at, state)| (state.name, at)).collect();
    let edges = workflow.states.iter().enumerate().flat_map(|(from, state)| {
        let mut ways: Vec<(usize, Way)> =
            ways(state).into_iter().filter_map(|(name, way)| Some((*positions.get(name)?, way))).collect();
        let mut seen = BTreeSet::new();
        ways.retain(|way| seen.insert(*way));
        ways.into_iter().map(move |(to, way)| Edge { from, to, way })
    });
    Flow {
        start: positions.get(workflow.start_at).copied(),
        edges: edges.collect(),
        nodes: workflow.states.iter().map(|state| node(state, asking, explanation)).collect(),
    }
}

/// The names of the states that a state leads to, in the order of the definition.
fn ways<'a>(state: &State<'a>) -> Vec<(&'a str, Way)> {
    let mut ways = Vec::new();
    if let Kind::Choice(choice) = &state.kind {
        ways.extend(choice.rules.iter().filter_map(|rule| Some((rule.next?, Way::Rule))));
        ways.extend(choice.default.map(|name| (name, Way::Default)));
    }
    if let Transition::Next(name) = state.transition {
        ways.push((name, Way::Next));
    }
    ways.extend(state.catchers.iter().filter_map(|catcher| Some((catcher.next?, Way::Catch))));
    ways
}

fn node(state: &State<'_>, asking: &HashMap<&str, Vec<usize>>, explanation: &[Explanation]) -> Node {
    let rows = asking.get(state.pointer.as_str()).cloned().unwrap_or_default();
    let asked = || rows.iter().filter_map(|row| explanation.get(*row));
    let open = asked().flat_map(|row| &row.wildcards).filter(|one| one.kind != ReasonKind::Aws);
    let open: BTreeSet<&str> =
        open.map(|one| one.parameter.as_str()).filter(|name| !name.is_empty()).collect();
    Node {
        id: state.id,
        name: state.name.to_owned(),
        path: state_path(&state.pointer),
        pointer: state.pointer.clone(),
        kind: kind(&state.kind),
        calls: calls(&state.kind),
        is_end: state.transition == Transition::End && !matches!(state.kind, Kind::Choice(_)),
        flows: state.workflows().iter().map(|one| flow(one, asking, explanation)).collect(),
        reach: asked().map(Reach::of).max().unwrap_or(Reach::Nothing),
        open: open.into_iter().map(str::to_owned).collect(),
        rows,
    }
}

const fn kind(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::Task(_) => "Task",
        Kind::Map(map) if map.distributed.is_some() => "Distributed Map",
        Kind::Map(_) => "Map",
        Kind::Parallel(_) => "Parallel",
        Kind::Pass(_) => "Pass",
        Kind::Choice(_) => "Choice",
        Kind::Wait(_) => "Wait",
        Kind::Succeed => "Succeed",
        Kind::Fail(_) => "Fail",
        Kind::Unreadable { .. } => "Unreadable",
    }
}

fn calls(kind: &Kind<'_>) -> String {
    let Kind::Task(task) = kind else { return String::new() };
    match task.resource.integration {
        Integration::Function => "Lambda function".to_owned(),
        Integration::Activity => "activity".to_owned(),
        Integration::Optimized { service, api, pattern } => format!("{service}:{api}{}", pattern.suffix()),
        Integration::Sdk { service, api, pattern } => format!("aws-sdk:{service}:{api}{}", pattern.suffix()),
    }
}
