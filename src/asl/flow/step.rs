//! The effects of a state on the values with which it is entered.

use std::rc::Rc;

use super::super::bounds::bounded;
use super::super::parse::map::BATCH_INPUT;
use super::super::{Items, Kind, Map, Processing, QueryLanguage, Scope, State, Template, Transition, Value};
use super::data::{Effect, Env, INPUT, assign, context, iteration, place, scope, select, template};
use super::{choice, data};

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
        Kind::Parallel(parallel) => {
            catch(state, env, effects);
            let input = arguments(parallel.arguments.as_ref(), &scope(state, env));
            let branches = 0..parallel.branches.len();
            effects.extend(branches.map(|branch| Effect::Inside(branch, env.with_input(input.clone()))));
        }
        Kind::Pass(pass) => {
            let scope = scope(state, env);
            let result = match &pass.result {
                Some(literal) => bounded(literal.clone()),
                None => arguments(pass.arguments.as_ref(), &scope),
            };
            complete(state, env, scope, result, effects);
        }
        Kind::Choice(choice) => choice::choose(state, choice, env, effects),
        Kind::Wait(_) | Kind::Succeed => {
            let scope = scope(state, env);
            let result = scope.input.clone();
            complete(state, env, scope, result, effects);
        }
        Kind::Fail(_) | Kind::Unreadable { .. } => {}
    }
}

/// The workflows inside a state have ended. An empty list: as far as known, one of them does not end.
pub(super) fn leave<'a>(
    state: &State<'a>,
    env: &Env<'a>,
    outcomes: Option<Vec<Value<'a>>>,
    effects: &mut Vec<Effect<'a>>,
) {
    let result = match (&state.kind, outcomes) {
        (Kind::Parallel(_), Some(outcomes)) => Value::Array(outcomes.into()),
        (Kind::Parallel(_), None) => return,
        // A Map ends without outcomes too: there may be no items, and failures may be tolerated.
        _ => unknown("the results of the iterations"),
    };
    complete(state, env, scope(state, env), result, effects);
}

fn unknown(what: &str) -> Value<'_> {
    Value::Unknown(what.into())
}

/// `Parameters` or `Arguments`, else the effective input.
fn arguments<'a>(template: Option<&Template<'a>>, scope: &Scope<'a>) -> Value<'a> {
    template.map_or_else(|| scope.input.clone(), |template| data::template(template, scope))
}

/// A state's work is done: variables, output, and on to the next.
fn complete<'a>(
    state: &State<'a>,
    env: &Env<'a>,
    mut scope: Scope<'a>,
    result: Value<'a>,
    effects: &mut Vec<Effect<'a>>,
) {
    let (variables, output) = match &state.processing {
        Processing::Jsonata { output } => {
            let works = matches!(state.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_));
            if works {
                scope.result = result.clone();
            }
            let output = match output {
                Some(output) => template(output, &scope),
                None => result,
            };
            (assign(state.assign.as_ref(), &scope), output)
        }
        Processing::JsonPath { selector, result: destination, output, .. } => {
            // Assign and ResultSelector see the result, OutputPath what ResultPath made of it.
            scope.input = result;
            let variables = assign(state.assign.as_ref(), &scope);
            let result = match selector {
                Some(selector) => template(selector, &scope),
                None => scope.input.clone(),
            };
            scope.input = place(destination, &env.input, result);
            (variables, select(output, &scope))
        }
    };
    effects.push(match state.transition {
        Transition::Next(next) => Effect::Go(next, Env { input: output, variables, ..env.clone() }),
        Transition::End => Effect::End(output),
    });
}

/// The ways out of a state that fails. Its own `Assign` and output do not count there.
fn catch<'a>(state: &State<'a>, env: &Env<'a>, effects: &mut Vec<Effect<'a>>) {
    for catcher in &state.catchers {
        let Some(next) = catcher.next else { continue };
        let error = unknown("the error output");
        let mut scope = scope(state, env);
        let output = match (state.language, &catcher.output) {
            (QueryLanguage::Jsonata, Some(output)) => template(output, &scope),
            (QueryLanguage::Jsonata, None) => error,
            (QueryLanguage::JsonPath, _) => {
                scope.input = error.clone();
                place(&catcher.result, &env.input, error)
            }
        };
        let variables = assign(catcher.assign.as_ref(), &scope);
        effects.push(Effect::Go(next, Env { input: output, variables, ..env.clone() }));
    }
}

/// What the first state of an iteration is entered with.
fn item<'a>(state: &State<'a>, map: &Map<'a>, env: &Env<'a>, child: &Value<'a>) -> Env<'a> {
    let mut scope = scope(state, env);
    let item = one_item(map, &scope);
    let around = iteration(&env.around, &item);
    scope.around = around.clone();
    let mut input = match &map.selector {
        Some(selector) => template(selector, &scope),
        None => item,
    };
    if map.distributed.is_none() {
        return Env { input, around, ..env.clone() };
    }
    if let Some(batcher) = &map.batcher {
        scope.around = env.around.clone();
        input = match batcher.input.as_ref().map(|input| template(input, &scope)) {
            Some(batch) => Value::Open(Rc::from([(BATCH_INPUT.into(), batch)]), "the batch".into()),
            None => unknown("the batch"),
        };
    }
    // An execution of its own: it sees no variables from outside.
    let around = context(child.clone(), &input);
    Env { input, variables: Rc::from([]), around, ..env.clone() }
}

/// An item of a Map state, before `ItemSelector`.
fn one_item<'a>(map: &Map<'a>, scope: &Scope<'a>) -> Value<'a> {
    let items = match &map.items {
        Items::Reader => return unknown("the item"),
        Items::Path(path) => select(path, scope),
        Items::Template(items) => template(items, scope),
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
