//! The values that go from state to state, and what the members of a state make of them.

use std::rc::Rc;

use super::super::bounds::bounded;
use super::super::lattice::{common, few_objects, widen};
use super::super::limits::{GIVE_UP_AFTER, WIDEN_AFTER};
use super::super::members::{with, without};
use super::super::path::{self, Reference, Root, Step};
use super::super::value::{Members, find, same_members};
use super::super::{Destination, Processing, Scope, Selection, State, Str, Template, Value};
use crate::work::Work;

/// Where values go.
#[derive(Debug)]
pub(super) enum Effect<'a> {
    /// To the state of that name in the same workflow.
    Go(&'a str, Env<'a>),
    /// To the start of the workflow inside the state that has this number.
    Inside(usize, Env<'a>),
    /// Out of the workflow.
    End(Value<'a>),
}

/// The words for an input of which nothing is known.
pub(super) const INPUT: &str = "the state's input";

/// The words for the context object.
const CONTEXT: &str = "the context object";

/// What is known where a state is entered.
#[derive(Clone, Debug)]
pub(super) struct Env<'a> {
    /// The state's input before `InputPath`.
    pub(super) input: Value<'a>,
    /// The variables that are known.
    pub(super) variables: Members<'a>,
    /// The names of all variables of the definition.
    pub(super) assigned: Rc<[Str<'a>]>,
    /// The context object, as far as it does not depend on the state.
    pub(super) around: Value<'a>,
    /// The work allowed for expressions.
    pub(super) work: Rc<Work>,
}

impl<'a> Env<'a> {
    pub(super) fn same(&self, other: &Env<'a>) -> bool {
        self.input.same(&other.input)
            && same_members(&self.variables, &other.variables)
            && self.around.same(&other.around)
    }

    /// What holds for both, after that many changes of the first.
    pub(super) fn join(&self, other: &Env<'a>, changes: u32) -> Env<'a> {
        if changes > GIVE_UP_AFTER {
            return Env {
                input: Value::Unknown(INPUT.into()),
                variables: Rc::from([]),
                assigned: Rc::clone(&self.assigned),
                around: Value::Unknown(CONTEXT.into()),
                work: Rc::clone(&self.work),
            };
        }
        let around = match self.around.same(&other.around) {
            true => self.around.clone(),
            false => bounded(common(&self.around, &other.around)),
        };
        let variables = join_variables(&self.variables, &other.variables, changes);
        Env { input: join(&self.input, &other.input, changes), variables, around, ..self.clone() }
    }

    /// The same place with another input.
    pub(super) fn with_input(&self, input: Value<'a>) -> Env<'a> {
        Env { input, ..self.clone() }
    }
}

/// A value that describes both, after that many changes of the first.
pub(super) fn join<'a>(old: &Value<'a>, new: &Value<'a>, changes: u32) -> Value<'a> {
    if old.same(new) {
        return old.clone();
    }
    match changes {
        ..WIDEN_AFTER => bounded(few_objects(Value::one_of([old.clone(), new.clone()]))),
        WIDEN_AFTER..GIVE_UP_AFTER => bounded(widen(old, new)),
        _ => Value::Unknown(INPUT.into()),
    }
}

fn join_variables<'a>(old: &Members<'a>, new: &Members<'a>, changes: u32) -> Members<'a> {
    if same_members(old, new) {
        return Rc::clone(old);
    }
    old.iter()
        .filter_map(|(key, value)| {
            let joined = join(value, find(new, key)?, changes);
            (!matches!(joined, Value::Unknown(_))).then(|| (key.clone(), joined))
        })
        .collect()
}

/// The scope in which a state's templates are evaluated.
pub(super) fn scope<'a>(state: &State<'a>, env: &Env<'a>) -> Scope<'a> {
    let mut scope = Scope {
        input: env.input.clone(),
        result: Value::Unknown("the state's result".into()),
        error: Value::Unknown("the error output".into()),
        variables: Rc::clone(&env.variables),
        assigned: Rc::clone(&env.assigned),
        around: env.around.clone(),
        state: state.name,
        is_pending: false,
        entered: None,
        is_settled: false,
        work: Rc::clone(&env.work),
    };
    if let Processing::JsonPath { input, .. } = &state.processing {
        scope.input = select(input, &scope);
    }
    scope
}

/// What `InputPath`, `OutputPath` or `ItemsPath` selects.
pub(super) fn select<'a>(selection: &Selection<'a>, scope: &Scope<'a>) -> Value<'a> {
    match selection {
        Selection::Whole => scope.input.clone(),
        Selection::Nothing => Value::Object(Rc::from([])),
        Selection::At(path) => path::value(path, scope),
    }
}

/// The value of a template, kept within bounds. If it is undefined, the execution fails.
pub(super) fn template<'a>(template: &Template<'a>, scope: &Scope<'a>) -> Value<'a> {
    match template.value(scope) {
        Value::Absent => Value::Unknown(INPUT.into()),
        value => bounded(value),
    }
}

/// The input and a result combined by `ResultPath`.
pub(super) fn place<'a>(destination: &Destination<'a>, input: &Value<'a>, result: Value<'a>) -> Value<'a> {
    match destination {
        Destination::Whole => result,
        Destination::Nowhere => input.clone(),
        Destination::At(path) => match &path.reference {
            Some(Reference { root: Root::Input, steps }) => {
                let grows = !matches!(result, Value::Unknown(_));
                let placed = set(input, steps, result);
                if grows { bounded(placed) } else { placed }
            }
            _ => Value::Unknown(INPUT.into()),
        },
    }
}

/// The value with another at a path inside it.
pub(super) fn set<'a>(value: &Value<'a>, steps: &[Step<'a>], new: Value<'a>) -> Value<'a> {
    let Some((step, rest)) = steps.split_first() else { return new };
    let Step::Member(name) = step else { return Value::Unknown(INPUT.into()) };
    let insert = |members: &Members<'a>, inner: &Value<'a>| {
        with(members, (*name).into(), set(inner, rest, new.clone()))
    };
    match value {
        Value::Object(members) => match insert(members, &value.member(name)) {
            (members, false) => Value::Object(members),
            (members, true) => Value::Open(members, INPUT.into()),
        },
        // Where the path leads to nothing, the objects on its way are made.
        Value::Absent => Value::Object(insert(&Rc::from([]), &Value::Absent).0),
        Value::Open(members, rest_of) => match set(&value.member(name), rest, new) {
            Value::Unknown(_) => open(without(members, name), rest_of.clone()),
            inner => Value::Open(with(members, (*name).into(), inner).0, rest_of.clone()),
        },
        Value::OneOf(values) => Value::one_of(values.iter().map(|one| set(one, steps, new.clone()))),
        // It is an object; otherwise the execution fails.
        _ => match set(&Value::Unknown(INPUT.into()), rest, new) {
            Value::Unknown(_) => Value::Unknown(INPUT.into()),
            inner => Value::Open(Rc::from([((*name).into(), inner)]), INPUT.into()),
        },
    }
}

fn open<'a>(members: Members<'a>, rest: super::super::Expression<'a>) -> Value<'a> {
    if members.is_empty() { Value::Unknown(rest) } else { Value::Open(members, rest) }
}

/// The variables after an `Assign`.
pub(super) fn assign<'a>(assign: Option<&Template<'a>>, scope: &Scope<'a>) -> Members<'a> {
    let Some(assign) = assign else { return Rc::clone(&scope.variables) };
    match assign.value(scope) {
        Value::Object(members) => {
            members.iter().fold(Rc::clone(&scope.variables), |variables, (name, value)| {
                match bounded(value.clone()) {
                    Value::Unknown(_) | Value::Absent => without(&variables, name),
                    value => with(&variables, name.clone(), value).0,
                }
            })
        }
        _ => Rc::from([]),
    }
}

/// The context object of an execution that starts with an input.
pub(super) fn context<'a>(machine: Value<'a>, input: &Value<'a>) -> Value<'a> {
    if matches!(input, Value::Unknown(_)) {
        return machine;
    }
    set(&machine, &[Step::Member("Execution"), Step::Member("Input")], input.clone())
}

/// The context object around the states of an iteration.
pub(super) fn iteration<'a>(around: &Value<'a>, item: &Value<'a>) -> Value<'a> {
    let outside = set(around, &[Step::Member("Map")], Value::Unknown(CONTEXT.into()));
    set(&outside, &["Map", "Item", "Value"].map(Step::Member), item.clone())
}
