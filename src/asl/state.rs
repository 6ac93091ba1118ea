//! The kinds of state, as far as they matter for permissions.

use super::{Json, Object, Resource};

/// How values are computed in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryLanguage {
    /// Members whose keys end in `.$`, paths and intrinsic functions.
    JsonPath,
    /// Strings between `{%` and `%}`.
    Jsonata,
}

impl QueryLanguage {
    /// The name in definitions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }
}

/// The type of a state machine, or of the children of a Distributed Map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionType {
    /// `STANDARD`.
    Standard,
    /// `EXPRESS`: no `.sync`, no callbacks, no activities, no Distributed Map.
    Express,
}

/// A definition, read.
#[derive(Debug)]
pub struct StateMachine<'a> {
    /// The states of the top level.
    pub workflow: Workflow<'a>,
    /// How many states there are, nested ones included. Their `id`s are smaller.
    pub size: usize,
}

/// States that start at one of them: the whole, a branch, or what a Map does for each item.
#[derive(Debug)]
pub struct Workflow<'a> {
    /// JSON pointer to the object with `StartAt` and `States`.
    pub pointer: String,
    /// `StartAt`; empty if it is missing.
    pub start_at: &'a str,
    /// In ascending byte order of their names.
    pub states: Vec<State<'a>>,
}

/// A state.
#[derive(Debug)]
pub struct State<'a> {
    /// Its number within the state machine, from 0.
    pub id: usize,
    /// Its name.
    pub name: &'a str,
    /// JSON pointer to it.
    pub pointer: String,
    /// Its own query language, else that of the workflow around it.
    pub language: QueryLanguage,
    /// All members, as written.
    pub members: &'a Object<'a>,
    /// What its `Type` makes of it.
    pub kind: Kind<'a>,
}

/// A state's `Type` with what belongs to it alone.
#[derive(Debug)]
pub enum Kind<'a> {
    /// Calls something.
    Task(Box<Task<'a>>),
    /// Does the same for each item.
    Map(Box<Map<'a>>),
    /// Does several things at once.
    Parallel(Vec<Workflow<'a>>),
    /// Passes values on.
    Pass,
    /// Chooses the next state.
    Choice,
    /// Waits.
    Wait,
    /// Ends well.
    Succeed,
    /// Ends badly.
    Fail,
}

/// What a Task state calls.
#[derive(Debug)]
pub struct Task<'a> {
    /// Its `Resource`, taken apart.
    pub resource: Resource<'a>,
    /// `Parameters` or `Arguments`.
    pub arguments: Template<'a>,
    /// The role of `Credentials`: the object that holds `RoleArn` or `RoleArn.$`.
    pub credentials: Option<Template<'a>>,
}

/// A Map state.
#[derive(Debug)]
pub struct Map<'a> {
    /// `ItemProcessor`, or the older `Iterator`.
    pub processor: Workflow<'a>,
    /// What Distributed mode adds; absent in inline mode.
    pub distributed: Option<Distributed<'a>>,
}

/// The distributed mode of a Map state: each batch of items is an execution of its own.
#[derive(Debug)]
pub struct Distributed<'a> {
    /// The type of the child executions.
    pub execution_type: ExecutionType,
    /// `Label`; made up by Step Functions when absent.
    pub label: Option<&'a str>,
    /// `ItemReader`.
    pub reader: Option<Transfer<'a>>,
    /// `ResultWriter`, if it has a `Resource`.
    pub writer: Option<Transfer<'a>>,
}

/// `ItemReader` or `ResultWriter`.
#[derive(Debug)]
pub struct Transfer<'a> {
    /// JSON pointer to it.
    pub pointer: String,
    /// Its `Resource`, taken apart.
    pub resource: Resource<'a>,
    /// `Parameters` or `Arguments`.
    pub arguments: Template<'a>,
    /// `ReaderConfig` or `WriterConfig`.
    pub config: Option<Template<'a>>,
}

/// A payload template: values of a call, some of them computed by the run.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    /// The template; absent if the state has none, so that its whole input is the payload.
    pub json: Option<&'a Json<'a>>,
    /// How it is computed.
    pub language: QueryLanguage,
}

impl<'a> StateMachine<'a> {
    /// All states, each before those inside it, in a fixed order.
    #[must_use]
    pub fn states(&self) -> Vec<&State<'a>> {
        let mut states = Vec::with_capacity(self.size);
        self.workflow.collect(&mut states);
        states
    }

    /// All Map states, in the order of [`StateMachine::states`].
    pub fn maps(&self) -> impl Iterator<Item = &Map<'a>> {
        self.states().into_iter().filter_map(|state| match &state.kind {
            Kind::Map(map) => Some(map.as_ref()),
            _ => None,
        })
    }
}

impl<'a> Workflow<'a> {
    fn collect<'s>(&'s self, states: &mut Vec<&'s State<'a>>) {
        for state in &self.states {
            states.push(state);
            for workflow in state.workflows() {
                workflow.collect(states);
            }
        }
    }
}

impl<'a> State<'a> {
    /// The workflows inside the state.
    #[must_use]
    pub fn workflows(&self) -> &[Workflow<'a>] {
        match &self.kind {
            Kind::Parallel(branches) => branches,
            Kind::Map(map) => std::slice::from_ref(&map.processor),
            _ => &[],
        }
    }
}
