//! The Choice state: which way, and what is certain on it.

use std::rc::Rc;

use super::super::lattice::{with, without};
use super::super::path::{Path, Root, Step};
use super::super::{Json, Object, QueryLanguage, Scope, State, Value};
use super::data::{Env, assign, scope, set, template};
use super::step::{Effect, output};

/// Follows every rule and the default.
pub(super) fn choose<'a>(state: &State<'a>, env: &Env<'a>, effects: &mut Vec<Effect<'a>>) {
    // What is known where no rule so far has matched.
    let mut open = scope(state, env);
    let rules = state.members.get("Choices").and_then(Json::as_array).unwrap_or_default();
    for rule in rules.iter().filter_map(Json::as_object) {
        let Some(next) = rule.get("Next").and_then(Json::as_str) else { continue };
        let (matched, otherwise) = match state.language {
            QueryLanguage::JsonPath => (narrow(&open, rule, true), narrow(&open, rule, false)),
            QueryLanguage::Jsonata => (open.clone(), open.clone()),
        };
        let mut went = after(state, rule, matched.clone(), env);
        // What the state's own members do for a rule that lacks them is not documented: both are possible.
        if ["Assign", "Output"].iter().any(|key| rule.get(key).is_none() && state.members.get(key).is_some())
        {
            went = went.join(&after(state, state.members, matched, env), 0);
        }
        effects.push(Effect::Go(next, went));
        open = otherwise;
    }
    if let Some(next) = state.members.get("Default").and_then(Json::as_str) {
        let env = after(state, state.members, open, env);
        effects.push(Effect::Go(next, env));
    }
}

/// What goes to the next state. A rule's own `Assign` and `Output` count, those of the state for the default.
fn after<'a>(state: &State<'a>, rule: &'a Object<'a>, scope: Scope<'a>, env: &Env<'a>) -> Env<'a> {
    let variables = assign(rule.get("Assign"), state.language, &scope);
    let input = match (state.language, rule.get("Output")) {
        (QueryLanguage::Jsonata, Some(json)) => template(json, state.language, &scope),
        (QueryLanguage::Jsonata, None) => scope.input,
        (QueryLanguage::JsonPath, _) => {
            let input = scope.input.clone();
            output(state.members, input, scope)
        }
    };
    Env { input, variables, ..env.clone() }
}

/// What is certain if a rule holds, or if it does not.
fn narrow<'a>(scope: &Scope<'a>, rule: &'a Object<'a>, holds: bool) -> Scope<'a> {
    let all = |rules: &'a [Json<'a>]| {
        rules
            .iter()
            .filter_map(Json::as_object)
            .fold(scope.clone(), |scope, rule| narrow(&scope, rule, holds))
    };
    let any = |rules: &'a [Json<'a>]| {
        let each = rules
            .iter()
            .map(|rule| rule.as_object().map_or(scope.clone(), |rule| narrow(scope, rule, holds)));
        each.reduce(|one, two| both(&one, &two)).unwrap_or_else(|| scope.clone())
    };
    match (rule.get("And"), rule.get("Or"), rule.get("Not")) {
        (Some(Json::Array(rules)), _, _) => {
            if holds {
                all(rules)
            } else {
                any(rules)
            }
        }
        (_, Some(Json::Array(rules)), _) => {
            if holds {
                any(rules)
            } else {
                all(rules)
            }
        }
        (_, _, Some(Json::Object(rule))) => narrow(scope, rule, !holds),
        _ => compared(scope, rule, holds).unwrap_or_else(|| scope.clone()),
    }
}

/// What holds in both scopes.
fn both<'a>(one: &Scope<'a>, two: &Scope<'a>) -> Scope<'a> {
    let of = |scope: &Scope<'a>| Env {
        input: scope.input.clone(),
        variables: Rc::clone(&scope.variables),
        assigned: Rc::clone(&scope.assigned),
        around: scope.around.clone(),
        work: Rc::clone(&scope.work),
    };
    let Env { input, variables, around, .. } = of(one).join(&of(two), 0);
    Scope { input, variables, around, ..one.clone() }
}

/// A comparison that fixes a value: of a string, a Boolean or null. Numbers are left out: 1 equals 1.0.
fn compared<'a>(scope: &Scope<'a>, rule: &'a Object<'a>, holds: bool) -> Option<Scope<'a>> {
    let path = Path::read(rule.get("Variable")?.as_str()?)?;
    let tested = match (rule.get("StringEquals"), rule.get("BooleanEquals"), rule.get("IsNull")) {
        (Some(Json::String(text)), _, _) => Value::String(text.as_ref().into()),
        (_, Some(Json::Bool(value)), _) => Value::Bool(*value),
        (_, _, Some(Json::Bool(true))) => Value::Null,
        _ => return None,
    };
    match path.root {
        Root::Input => {
            let input = restrict(&scope.input, &path.steps, &tested, holds)?;
            Some(Scope { input, ..scope.clone() })
        }
        Root::Variable(name) => {
            let variables = match restrict(&scope.variable(name), &path.steps, &tested, holds)? {
                Value::Unknown(_) => without(&scope.variables, name),
                value => with(&scope.variables, name.into(), value).0,
            };
            Some(Scope { variables, ..scope.clone() })
        }
        Root::Context => None,
    }
}

/// The value, given that what is at the path equals the tested value, or does not. Nothing if that cannot be.
fn restrict<'a>(value: &Value<'a>, steps: &[Step<'a>], tested: &Value<'a>, equal: bool) -> Option<Value<'a>> {
    if let Value::OneOf(values) = value {
        let left: Vec<_> = values.iter().filter_map(|one| restrict(one, steps, tested, equal)).collect();
        return (!left.is_empty()).then(|| Value::one_of(left));
    }
    let Some((step, rest)) = steps.split_first() else {
        return match (value.same(tested), equal) {
            (true, true) => Some(tested.clone()),
            (true, false) => None,
            (false, true) => may_equal(value).then(|| tested.clone()),
            (false, false) => Some(value.clone()),
        };
    };
    let Step::Member(name) = step else { return Some(value.clone()) };
    let member = value.member(name);
    if member == Value::Absent {
        return (!equal).then(|| value.clone());
    }
    let left = restrict(&member, rest, tested, equal)?;
    Some(if left.same(&member) { value.clone() } else { set(value, &[*step], left) })
}

/// Whether a value that is not the tested one can be it in a run.
fn may_equal(value: &Value<'_>) -> bool {
    matches!(value, Value::Unknown(_) | Value::PartialString(_))
}
