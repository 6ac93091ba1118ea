//! How values flow through a state machine: from state to state, into branches and iterations and out of
//! them.
//!
//! Constants are followed until nothing changes any more. Where ways meet, a value is one of those that
//! arrive; in a loop that keeps producing new ones it becomes unknown. The result of a task, the content of
//! an error and the input of an execution are known only at run time, unless the definition or the
//! [`Assumptions`] fix it.

mod choice;
mod data;
mod graph;
mod pending;
mod step;

use std::collections::BTreeSet;
use std::rc::Rc;

use self::data::{Effect, Env};
use self::graph::{Graph, Place};
use super::{Expression, Json, Kind, PartialString, Scope, Segment, State, StateMachine, Str, Value};
use crate::work::{Exhausted, Work};

/// What is certain about every execution although the definition does not say it.
#[derive(Clone, Debug)]
pub struct Assumptions<'a> {
    /// The execution's input; see [`contract`].
    pub input: Value<'a>,
    /// The name of the state machine.
    pub state_machine_name: Option<&'a str>,
    /// The partition of the state machine, such as `aws`.
    pub partition: Option<&'a str>,
    /// Its region.
    pub region: Option<&'a str>,
    /// Its account.
    pub account: Option<&'a str>,
    /// The work allowed for expressions, which also shows when the caller no longer waits.
    pub work: Rc<Work>,
}

impl Default for Assumptions<'_> {
    fn default() -> Self {
        Assumptions {
            input: Value::Unknown(data::INPUT.into()),
            state_machine_name: None,
            partition: None,
            region: None,
            account: None,
            work: Rc::default(),
        }
    }
}

/// The parts of an input that are fixed: members that are not given may be there nevertheless.
#[must_use]
pub fn contract<'a>(json: &'a Json<'a>) -> Value<'a> {
    match json {
        Json::Object(object) => {
            let members = object.iter().map(|(key, value)| (key.into(), contract(value))).collect();
            Value::Open(members, data::INPUT.into())
        }
        Json::Array(elements) => Value::Array(elements.iter().map(contract).collect()),
        literal => Value::from(literal),
    }
}

/// What is known where each state is entered.
#[derive(Debug)]
pub struct Flow<'a> {
    entries: Vec<Option<Env<'a>>>,
    assigned: Rc<[Str<'a>]>,
    /// The `id`s of the states that are entered with values that depend on tokens not known yet.
    pending: BTreeSet<usize>,
    /// Whether what is constant there stays so whatever the values are.
    is_settled: bool,
    work: Rc<Work>,
}

impl<'a> Flow<'a> {
    /// Counts work that is derived from it.
    ///
    /// # Errors
    /// If the caller no longer waits for the result; then it may be incomplete, and so may be everything
    /// derived from it.
    pub fn count(&self, units: usize) -> Result<(), Exhausted> {
        self.work.count(units)
    }

    /// What is known if the values that leave the states at these pointers depend on tokens that are not
    /// known yet.
    #[must_use]
    pub fn with_pending(self, machine: &StateMachine<'a>, sources: &BTreeSet<String>) -> Flow<'a> {
        Flow { pending: pending::reached(machine, sources), ..self }
    }

    /// What is known if the execution's input is fixed by a contract that is not known yet. `text` is that of
    /// the definition.
    #[must_use]
    pub fn with_pending_input(self, machine: &StateMachine<'a>, text: &str) -> Flow<'a> {
        // What a Choice tests is known behind it, and may contradict what the input comes to be.
        let is_settled = !machine.states().iter().any(|state| matches!(state.kind, Kind::Choice(_)));
        Flow { pending: pending::reached_by_input(machine, text), is_settled, ..self }
    }

    /// What is known where a state is entered. Nothing is known for an unreachable state.
    #[must_use]
    pub fn scope(&self, state: &State<'a>) -> Scope<'a> {
        let unknown = || Value::Unknown(Expression::pending("a value that depends on a token"));
        let entry = self.entries.get(state.id);
        match entry {
            _ if self.pending.contains(&state.id) => Scope {
                input: unknown(),
                around: unknown(),
                state: state.name,
                is_pending: true,
                entered: entry.and_then(Option::as_ref).map(|entry| Rc::new(data::scope(state, entry))),
                is_settled: self.is_settled,
                assigned: Rc::clone(&self.assigned),
                work: Rc::clone(&self.work),
                ..Scope::default()
            },
            Some(Some(entry)) => data::scope(state, entry),
            _ => Scope {
                state: state.name,
                assigned: Rc::clone(&self.assigned),
                work: Rc::clone(&self.work),
                ..Scope::default()
            },
        }
    }
}

/// Follows the values through a state machine.
#[must_use]
pub fn analyse<'a>(machine: &StateMachine<'a>, assumptions: &Assumptions<'a>) -> Flow<'a> {
    let graph = Graph::new(machine);
    let mut analysis = Analysis {
        entries: vec![None; machine.size],
        outcomes: vec![None; graph.workflows.len()],
        open: BTreeSet::new(),
        child: machine_context(assumptions, true),
        graph,
    };
    let input = assumptions.input.clone();
    let around = data::context(machine_context(assumptions, false), &input);
    let assigned = Rc::clone(&analysis.graph.assigned);
    let work = Rc::clone(&assumptions.work);
    analysis.start(0, Env { input, variables: Rc::from([]), assigned, around, work });
    while let Some((_, place)) = analysis.open.pop_first() {
        if assumptions.work.count(1).is_err() {
            break;
        }
        analysis.visit(place);
    }
    let assigned = Rc::clone(&analysis.graph.assigned);
    Flow {
        assigned,
        pending: BTreeSet::new(),
        is_settled: false,
        work: Rc::clone(&assumptions.work),
        entries: analysis.entries.into_iter().map(|entry| entry.map(|known| known.is)).collect(),
    }
}

/// What is known of a place so far.
#[derive(Clone, Debug)]
struct Known<T> {
    is: T,
    changes: u32,
}

struct Analysis<'m, 'a> {
    graph: Graph<'m, 'a>,
    /// By the `id` of the state.
    entries: Vec<Option<Known<Env<'a>>>>,
    /// What each workflow gives at its end.
    outcomes: Vec<Option<Known<Value<'a>>>>,
    /// The places that still have to be followed, in order.
    open: BTreeSet<(usize, Place)>,
    /// What the children of a Distributed Map know of their state machine.
    child: Value<'a>,
}

impl<'m, 'a> Analysis<'m, 'a> {
    fn visit(&mut self, place: Place) {
        let (id, leave) = match place {
            Place::Enter(id) => (id, false),
            Place::Leave(id) => (id, true),
        };
        let Some(Some(entry)) = self.entries.get(id) else { return };
        let Some(node) = self.graph.node(id) else { return };
        let state: &'m State<'a> = node.state;
        let mut effects = Vec::new();
        if leave {
            let outcomes: Option<Vec<Value<'a>>> = node
                .inside
                .clone()
                .map(|workflow| Some(self.outcomes.get(workflow)?.as_ref()?.is.clone()))
                .collect();
            step::leave(state, &entry.is, outcomes, &mut effects);
        } else {
            step::enter(state, &entry.is, &self.child, &mut effects);
        }
        let (around, inside) = (node.around, node.inside.clone());
        for effect in effects {
            match effect {
                Effect::Go(name, env) => {
                    if let Some(id) = self.graph.find(around, name) {
                        self.arrive(id, env);
                    }
                }
                Effect::Inside(number, env) => self.start(inside.start + number, env),
                Effect::End(output) => self.end(around, output),
            }
        }
        // A Parallel or Map state can be left once the workflows inside it have ended before; its input
        // matters there too.
        if !leave && !inside.is_empty() {
            self.work(Place::Leave(id));
        }
    }

    fn start(&mut self, workflow: usize, env: Env<'a>) {
        let start = self.graph.workflows.get(workflow).map(|workflow| workflow.is.start_at);
        if let Some(id) = start.and_then(|name| self.graph.find(workflow, name)) {
            self.arrive(id, env);
        }
    }

    fn arrive(&mut self, id: usize, env: Env<'a>) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        if merge(entry, env, Env::same, |old, new, changes| old.join(new, changes)) {
            self.work(Place::Enter(id));
        }
    }

    fn end(&mut self, workflow: usize, output: Value<'a>) {
        let Some(outcome) = self.outcomes.get_mut(workflow) else { return };
        let parent = self.graph.workflows.get(workflow).and_then(|workflow| workflow.parent);
        if merge(outcome, output, Value::same, data::join)
            && let Some(id) = parent
        {
            self.work(Place::Leave(id));
        }
    }

    fn work(&mut self, place: Place) {
        self.open.insert((self.graph.rank(place), place));
    }
}

/// Adds what arrives to what is known; whether that changes anything.
fn merge<T>(
    known: &mut Option<Known<T>>,
    new: T,
    same: impl Fn(&T, &T) -> bool,
    join: impl Fn(&T, &T, u32) -> T,
) -> bool {
    let Some(known) = known else {
        *known = Some(Known { is: new, changes: 0 });
        return true;
    };
    if same(&known.is, &new) {
        return false;
    }
    let joined = join(&known.is, &new, known.changes);
    if same(&known.is, &joined) {
        return false;
    }
    *known = Known { is: joined, changes: known.changes + 1 };
    true
}

/// What is known of the state machine itself. The children of a Distributed Map have its name with the label.
fn machine_context<'a>(assumptions: &Assumptions<'a>, child: bool) -> Value<'a> {
    let context = "the context object";
    let Some(name) = assumptions.state_machine_name else { return Value::Unknown(context.into()) };
    let part = |part: Option<&'a str>, expression: &'static str| match part {
        Some(text) => Segment::Literal(text.into()),
        None => Segment::Hole(expression.into()),
    };
    let mut tail = vec![Segment::Literal(name.into())];
    if child {
        tail.push(Segment::Hole("the label of the Map state".into()));
    }
    let id = [
        Segment::Literal("arn:".into()),
        part(assumptions.partition, "the partition"),
        Segment::Literal(":states:".into()),
        part(assumptions.region, "the region"),
        Segment::Literal(":".into()),
        part(assumptions.account, "the account"),
        Segment::Literal(":stateMachine:".into()),
    ];
    let members = [
        ("Id".into(), PartialString::join(id.into_iter().chain(tail.iter().cloned()))),
        ("Name".into(), PartialString::join(tail)),
    ];
    let machine = Value::Open(members.into(), context.into());
    Value::Open([("StateMachine".into(), machine)].into(), context.into())
}

#[cfg(test)]
mod tests;
