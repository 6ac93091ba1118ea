//! The kinds of state, as far as they matter for permissions.

use serde_json::Number;

use super::choice::{Choice, ChoiceRule};
use super::path::Path;
use super::template::Template;
use super::{Resource, Value};

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
    /// How it makes its output.
    pub processing: Processing<'a>,
    /// `Assign`: the variables that it sets.
    pub assign: Option<Template<'a>>,
    /// Where it goes.
    pub transition: Transition<'a>,
    /// `Catch`: where it goes when it fails.
    pub catchers: Vec<Catcher<'a>>,
    /// `Retry`: how it is tried again when it fails.
    pub retriers: Vec<Retrier<'a>>,
    /// Its `Type`, with the members that only this type has.
    pub kind: Kind<'a>,
}

/// Where a state goes that has done its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition<'a> {
    /// `Next`: to the state of that name in the same workflow.
    Next(&'a str),
    /// Out of the workflow. Choice and Fail states, which have no transition of their own, count as this.
    End,
}

/// A state that another one can go to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Successor<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Which member names it.
    pub(super) place: SuccessorPlace,
}

/// The member of a state that names a successor; shown as the end of a JSON pointer.
#[derive(Clone, Copy, Debug)]
pub(super) enum SuccessorPlace {
    Next,
    Default,
    Rule(usize),
    Catcher(usize),
}

/// How a state makes its output of its input and of what it does.
#[derive(Debug)]
pub enum Processing<'a> {
    /// With the five members of JSONPath, of which a kind of state has the arguments.
    JsonPath {
        /// `InputPath`.
        input: Selection<'a>,
        /// `ResultSelector`.
        selector: Option<Template<'a>>,
        /// `ResultPath`.
        result: Destination<'a>,
        /// `OutputPath`.
        output: Selection<'a>,
    },
    /// With JSONata.
    Jsonata {
        /// `Output`.
        output: Option<Template<'a>>,
    },
}

/// What `InputPath`, `OutputPath` or `ItemsPath` selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection<'a> {
    /// The member is not given: all of it.
    Whole,
    /// `null`: an empty object.
    Nothing,
    /// What the path leads to.
    At(Path<'a>),
}

/// Where `ResultPath` puts the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// The member is not given: the result replaces the input.
    Whole,
    /// `null`: nowhere, the input stays as it is.
    Nowhere,
    /// At a path inside the input.
    At(Path<'a>),
}

/// An element of `Catch`.
#[derive(Debug)]
pub struct Catcher<'a> {
    /// Its position in `Catch`, from 0.
    pub position: usize,
    /// `ErrorEquals`.
    pub errors: Vec<&'a str>,
    /// `Next`; absent if it is missing.
    pub next: Option<&'a str>,
    /// `Assign`.
    pub assign: Option<Template<'a>>,
    /// `ResultPath`, in JSONPath.
    pub result: Destination<'a>,
    /// `Output`, in JSONata.
    pub output: Option<Template<'a>>,
}

/// An element of `Retry`.
#[derive(Debug)]
pub struct Retrier<'a> {
    /// `ErrorEquals`.
    pub errors: Vec<&'a str>,
    /// `IntervalSeconds`: until the first retry.
    pub interval: Option<&'a Number>,
    /// `MaxAttempts`.
    pub attempts: Option<&'a Number>,
    /// `BackoffRate`: the factor by which the interval grows.
    pub backoff: Option<&'a Number>,
    /// `MaxDelaySeconds`: the longest interval.
    pub longest: Option<&'a Number>,
    /// `JitterStrategy`.
    pub jitter: Jitter,
}

/// Whether the interval between retries is a random one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// `NONE`, or not given.
    None,
    /// `FULL`.
    Full,
}

/// A state's `Type`, with the members that only this type has.
#[derive(Debug)]
pub enum Kind<'a> {
    /// Calls a service, a function or an activity.
    Task(Box<Task<'a>>),
    /// Does the same for each item.
    Map(Box<Map<'a>>),
    /// Does several things at once.
    Parallel(Parallel<'a>),
    /// Passes values on.
    Pass(Pass<'a>),
    /// Chooses the next state.
    Choice(Choice<'a>),
    /// Waits.
    Wait(Wait<'a>),
    /// Ends successfully.
    Succeed,
    /// Ends with an error.
    Fail(Fail<'a>),
    /// Cannot be read, which is an error of its own; the transitions from and to it are still checked.
    Unreadable {
        /// Whether all that it leads to is known.
        leads: Leads,
    },
}

/// Whether the successors of a state that cannot be read are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// `Next` and `Catch` name them.
    Known,
    /// It can lead anywhere: its type is not known.
    Anywhere,
}

/// What a Task state calls.
#[derive(Debug)]
pub struct Task<'a> {
    /// Its `Resource`, taken apart.
    pub resource: Resource<'a>,
    /// `Parameters` or `Arguments`; without them the whole input is the payload.
    pub arguments: Option<Template<'a>>,
    /// The role of `Credentials`: the object that holds `RoleArn` or `RoleArn.$`.
    pub credentials: Option<Template<'a>>,
    /// How long it may take.
    pub timeouts: Timeouts<'a>,
}

/// How long a task may take, in seconds.
#[derive(Debug)]
pub struct Timeouts<'a> {
    /// `TimeoutSeconds` or `TimeoutSecondsPath`: all of it.
    pub task: Option<Template<'a>>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`: from one sign of life to the next.
    pub heartbeat: Option<Template<'a>>,
}

/// A Wait state.
#[derive(Debug)]
pub struct Wait<'a> {
    /// `Seconds` or `SecondsPath`: how long.
    pub seconds: Option<Template<'a>>,
    /// `Timestamp` or `TimestampPath`: until when.
    pub timestamp: Option<Template<'a>>,
}

/// A Fail state.
#[derive(Debug)]
pub struct Fail<'a> {
    /// `Error` or `ErrorPath`.
    pub error: Option<Template<'a>>,
    /// `Cause` or `CausePath`.
    pub cause: Option<Template<'a>>,
}

/// A Parallel state.
#[derive(Debug)]
pub struct Parallel<'a> {
    /// `Branches`.
    pub branches: Vec<Workflow<'a>>,
    /// `Parameters` or `Arguments`: the input of each branch; without them the state's own.
    pub arguments: Option<Template<'a>>,
}

/// A Pass state.
#[derive(Debug)]
pub struct Pass<'a> {
    /// `Result`, a literal, in JSONPath.
    pub result: Option<Value<'a>>,
    /// `Parameters`, in JSONPath.
    pub arguments: Option<Template<'a>>,
}

/// A Map state.
#[derive(Debug)]
pub struct Map<'a> {
    /// Where its items come from.
    pub items: Items<'a>,
    /// `ItemSelector`, or the older `Parameters`: what each iteration begins with.
    pub selector: Option<Template<'a>>,
    /// `ItemBatcher`.
    pub batcher: Option<Batcher<'a>>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`: iterations at once.
    pub concurrency: Option<Template<'a>>,
    /// How many iterations may fail.
    pub tolerance: Tolerance<'a>,
    /// `ItemProcessor`, or the older `Iterator`.
    pub processor: Workflow<'a>,
    /// What Distributed mode adds; absent in inline mode.
    pub distributed: Option<Distributed<'a>>,
}

/// Where the items of a Map state come from.
#[derive(Debug)]
pub enum Items<'a> {
    /// `ItemReader` reads them.
    Reader,
    /// `ItemsPath`: from the state's input.
    Path(Selection<'a>),
    /// `Items`.
    Template(Template<'a>),
}

/// `ItemBatcher`: several items for each child execution.
#[derive(Debug)]
pub struct Batcher<'a> {
    /// `BatchInput`: what each batch has beside its items.
    pub input: Option<Template<'a>>,
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`.
    pub items: Option<Template<'a>>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`.
    pub bytes: Option<Template<'a>>,
}

/// How many iterations of a Map state may fail.
#[derive(Debug)]
pub struct Tolerance<'a> {
    /// `ToleratedFailureCount` or `ToleratedFailureCountPath`.
    pub count: Option<Template<'a>>,
    /// `ToleratedFailurePercentage` or `ToleratedFailurePercentagePath`.
    pub percentage: Option<Template<'a>>,
}

/// The distributed mode of a Map state: each batch of items is an execution of its own.
#[derive(Debug)]
pub struct Distributed<'a> {
    /// The type of the child executions.
    pub execution_type: ExecutionType,
    /// `Label`; generated by Step Functions when absent.
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
    pub arguments: Option<Template<'a>>,
    /// `ReaderConfig` or `WriterConfig`.
    pub config: Option<Template<'a>>,
}

impl<'a> StateMachine<'a> {
    /// All states, each before those inside it, in a fixed order.
    #[must_use]
    pub fn states(&self) -> Vec<&State<'a>> {
        let mut states = Vec::with_capacity(self.size);
        self.workflow.collect(&mut states);
        states
    }

    /// The partition that the first `Resource` names, in the order of [`StateMachine::states`].
    #[must_use]
    pub fn partition(&self) -> Option<&'a str> {
        let resource = |state: &State<'a>| match &state.kind {
            Kind::Task(task) => Some(task.resource.partition),
            Kind::Map(map) => {
                let distributed = map.distributed.as_ref()?;
                let transfer = distributed.reader.as_ref().or(distributed.writer.as_ref())?;
                Some(transfer.resource.partition)
            }
            _ => None,
        };
        self.states().into_iter().find_map(resource)
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
    /// The rules of a Choice state; others have none.
    #[must_use]
    pub fn rules(&self) -> &[ChoiceRule<'a>] {
        match &self.kind {
            Kind::Choice(choice) => &choice.rules,
            _ => &[],
        }
    }

    /// The states that it can go to.
    pub(super) fn successors(&self) -> impl Iterator<Item = Successor<'a>> {
        let next = match self.transition {
            Transition::Next(name) => Some(Successor { name, place: SuccessorPlace::Next }),
            Transition::End => None,
        };
        let default = match &self.kind {
            Kind::Choice(choice) => choice.default,
            _ => None,
        };
        let default = default.map(|name| Successor { name, place: SuccessorPlace::Default });
        let rules = self.rules().iter().filter_map(|rule| {
            Some(Successor { name: rule.next?, place: SuccessorPlace::Rule(rule.position) })
        });
        let catchers = self.catchers.iter().filter_map(|catcher| {
            Some(Successor { name: catcher.next?, place: SuccessorPlace::Catcher(catcher.position) })
        });
        next.into_iter().chain(default).chain(rules).chain(catchers)
    }

    /// The workflows inside the state.
    #[must_use]
    pub fn workflows(&self) -> &[Workflow<'a>] {
        match &self.kind {
            Kind::Parallel(parallel) => &parallel.branches,
            Kind::Map(map) => std::slice::from_ref(&map.processor),
            _ => &[],
        }
    }
}
