//! What a state makes of the values with which it is entered.

use std::rc::Rc;

use super::super::{Json, Kind, Map, Object, QueryLanguage, Scope, State, Value};
use super::data::{Env, INPUT, assign, context, iteration, place, scope, select, template};
use super::{choice, data};

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

/// A state is entered. `child` is what an execution of a Distributed Map knows of its state machine.
pub(super) fn enter<'a>(state: &State<'a>, env: &Env<'a>, child: &Value<'a>, effects: &mut Vec<Effect<'a>>) {
    match &state.kind {
        Kind::Task(_) => {
            catch(state, env, effects);
            complete(state, env, scope(state, env), unknown("the task's result"), effects);
        }
        Kind::Map(map) => {
            catch(state, env, effects);
            effects.push(Effect::Inside(0, item(state, map, env, child)));
        }
        Kind::Parallel(branches) => {
            catch(state, env, effects);
            let input = arguments(state, &scope(state, env));
            effects.extend(
                (0..branches.len()).map(|branch| Effect::Inside(branch, env.with_input(input.clone()))),
            );
        }
        Kind::Pass => {
            let scope = scope(state, env);
            let result = match (state.language, state.members.get("Result")) {
                (QueryLanguage::JsonPath, Some(literal)) => data::literal(literal),
                (QueryLanguage::JsonPath, None) => arguments(state, &scope),
                (QueryLanguage::Jsonata, _) => scope.input.clone(),
            };
            complete(state, env, scope, result, effects);
        }
        Kind::Choice => choice::choose(state, env, effects),
        Kind::Wait | Kind::Succeed => {
            let scope = scope(state, env);
            let result = scope.input.clone();
            complete(state, env, scope, result, effects);
        }
        Kind::Fail => {}
    }
}

/// The workflows inside a state have ended. No outcomes: as far as known, one of them does not end.
pub(super) fn leave<'a>(
    state: &State<'a>,
    env: &Env<'a>,
    outcomes: Option<Vec<Value<'a>>>,
    effects: &mut Vec<Effect<'a>>,
) {
    let result = match (&state.kind, outcomes) {
        (Kind::Parallel(_), Some(outcomes)) => Value::Array(outcomes.into()),
        (Kind::Parallel(_), None) => return,
        // A Map ends without them too: there can be no items, and failures can be tolerated.
        _ => unknown("the results of the iterations"),
    };
    complete(state, env, scope(state, env), result, effects);
}

fn unknown(what: &str) -> Value<'_> {
    Value::Unknown(what.into())
}

/// `Parameters` or `Arguments`, else the effective input.
fn arguments<'a>(state: &State<'a>, scope: &Scope<'a>) -> Value<'a> {
    let key = match state.language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    match state.members.get(key) {
        Some(json) => template(json, state.language, scope),
        None => scope.input.clone(),
    }
}

/// A state's work is done: variables, output, and on to the next.
fn complete<'a>(
    state: &State<'a>,
    env: &Env<'a>,
    mut scope: Scope<'a>,
    result: Value<'a>,
    effects: &mut Vec<Effect<'a>>,
) {
    let members = state.members;
    let (variables, output) = match state.language {
        QueryLanguage::Jsonata => {
            let works = matches!(state.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_));
            if works {
                scope.result = result.clone();
            }
            let output = match members.get("Output") {
                Some(json) => template(json, state.language, &scope),
                None => result,
            };
            (assign(members.get("Assign"), state.language, &scope), output)
        }
        QueryLanguage::JsonPath => {
            // Assign and ResultSelector see the result, OutputPath what ResultPath made of it.
            scope.input = result;
            let variables = assign(members.get("Assign"), state.language, &scope);
            let result = match members.get("ResultSelector") {
                Some(json) => template(json, state.language, &scope),
                None => scope.input.clone(),
            };
            let placed = match state.kind {
                Kind::Wait | Kind::Succeed => result,
                _ => place(members, &env.input, result),
            };
            (variables, output(members, placed, scope))
        }
    };
    match members.get("Next").and_then(Json::as_str) {
        Some(next) => effects.push(Effect::Go(next, Env { input: output, variables, ..env.clone() })),
        None => effects.push(Effect::End(output)),
    }
}

/// What `OutputPath` leaves.
pub(super) fn output<'a>(members: &'a Object<'a>, value: Value<'a>, mut scope: Scope<'a>) -> Value<'a> {
    match members.get("OutputPath") {
        None => value,
        Some(json) => {
            scope.input = value;
            select(json, &scope)
        }
    }
}

/// The ways out of a state that fails. Its own `Assign` and output do not count there.
fn catch<'a>(state: &State<'a>, env: &Env<'a>, effects: &mut Vec<Effect<'a>>) {
    let catchers = state.members.get("Catch").and_then(Json::as_array).unwrap_or_default();
    for catcher in catchers.iter().filter_map(Json::as_object) {
        let Some(next) = catcher.get("Next").and_then(Json::as_str) else { continue };
        let error = unknown("the error output");
        let mut scope = scope(state, env);
        let output = match state.language {
            QueryLanguage::Jsonata => match catcher.get("Output") {
                Some(json) => template(json, state.language, &scope),
                None => error,
            },
            QueryLanguage::JsonPath => {
                scope.input = error.clone();
                place(catcher, &env.input, error)
            }
        };
        let variables = assign(catcher.get("Assign"), state.language, &scope);
        effects.push(Effect::Go(next, Env { input: output, variables, ..env.clone() }));
    }
}

/// What the first state of an iteration is entered with.
fn item<'a>(state: &State<'a>, map: &Map<'a>, env: &Env<'a>, child: &Value<'a>) -> Env<'a> {
    let members = state.members;
    let mut scope = scope(state, env);
    let item = one_item(state, &scope);
    let around = iteration(&env.around, &item);
    scope.around = around.clone();
    let selector = members.get("ItemSelector").or_else(|| match state.language {
        QueryLanguage::JsonPath => members.get("Parameters"),
        QueryLanguage::Jsonata => None,
    });
    let mut input = match selector {
        Some(json) => template(json, state.language, &scope),
        None => item,
    };
    if map.distributed.is_none() {
        return Env { input, around, ..env.clone() };
    }
    if let Some(batcher) = members.get("ItemBatcher") {
        scope.around = env.around.clone();
        let batch = batcher.as_object().and_then(|batcher| batcher.get("BatchInput"));
        input = match batch.map(|json| template(json, state.language, &scope)) {
            Some(batch) => Value::Open(Rc::from([("BatchInput".into(), batch)]), "the batch".into()),
            None => unknown("the batch"),
        };
    }
    // An execution of its own: it sees no variables from outside.
    let around = context(child.clone(), &input);
    Env { input, variables: Rc::from([]), around, ..env.clone() }
}

/// An item of a Map state, before `ItemSelector`.
fn one_item<'a>(state: &State<'a>, scope: &Scope<'a>) -> Value<'a> {
    let members = state.members;
    if members.get("ItemReader").is_some() {
        return unknown("the item");
    }
    let items = match (state.language, members.get("ItemsPath"), members.get("Items")) {
        (QueryLanguage::JsonPath, Some(path), _) => select(path, scope),
        (QueryLanguage::Jsonata, _, Some(items)) => template(items, state.language, scope),
        _ => scope.input.clone(),
    };
    let elements = |items: &Value<'a>| match items {
        Value::Array(elements) if !elements.is_empty() => Value::one_of(elements.iter().cloned()),
        _ => unknown(INPUT),
    };
    match &items {
        Value::OneOf(sets) => Value::one_of(sets.iter().map(elements)),
        items => elements(items),
    }
}
