//! The Choice state: which way it goes, and what is certain on each way.

use std::rc::Rc;

use super::super::members::{with, without};
use super::super::path::{Root, Step};
use super::super::{
    Choice, Comparison, Json, Operand, Operator, Processing, Relation, Scope, State, Template, Test,
    TypeTest, Value,
};
use super::data::{Effect, Env, assign, scope, select, set, template};

/// Follows every rule and the default.
pub(super) fn choose<'a>(
    state: &State<'a>,
    choice: &Choice<'a>,
    env: &Env<'a>,
    effects: &mut Vec<Effect<'a>>,
) {
    let own = Exit::of_state(state);
    // What is known where no rule so far has matched.
    let mut open = scope(state, env);
    for rule in &choice.rules {
        let Some(next) = rule.next else { continue };
        let (matched, otherwise) = (narrow(&open, &rule.test, true), narrow(&open, &rule.test, false));
        let exit = Exit { assign: rule.assign.as_ref(), output: rule.output.as_ref() };
        let mut went = after(state, exit, matched.clone(), env);
        // What the state's own members do for a rule that lacks them is not documented: both are possible.
        let inherits = exit.assign.is_none() && own.assign.is_some();
        if inherits || (exit.output.is_none() && own.output.is_some()) {
            went = went.join(&after(state, own, matched, env), 0);
        }
        effects.push(Effect::Go(next, went));
        open = otherwise;
    }
    if let Some(next) = choice.default {
        effects.push(Effect::Go(next, after(state, own, open, env)));
    }
}

/// What is set on the way out. That of a rule counts for the rule, that of the state for the default.
#[derive(Clone, Copy)]
struct Exit<'m, 'a> {
    assign: Option<&'m Template<'a>>,
    output: Option<&'m Template<'a>>,
}

impl<'m, 'a> Exit<'m, 'a> {
    fn of_state(state: &'m State<'a>) -> Exit<'m, 'a> {
        let output = match &state.processing {
            Processing::Jsonata { output } => output.as_ref(),
            Processing::JsonPath { .. } => None,
        };
        Exit { assign: state.assign.as_ref(), output }
    }
}

/// What goes to the next state.
fn after<'a>(state: &State<'a>, exit: Exit<'_, 'a>, scope: Scope<'a>, env: &Env<'a>) -> Env<'a> {
    let variables = assign(exit.assign, &scope);
    let input = match (&state.processing, exit.output) {
        (Processing::Jsonata { .. }, Some(output)) => template(output, &scope),
        (Processing::Jsonata { .. }, None) => scope.input,
        (Processing::JsonPath { output, .. }, _) => select(output, &scope),
    };
    Env { input, variables, ..env.clone() }
}

/// What is certain if a test holds, or if it does not.
fn narrow<'a>(scope: &Scope<'a>, test: &Test<'a>, holds: bool) -> Scope<'a> {
    let all =
        |tests: &[Test<'a>]| tests.iter().fold(scope.clone(), |scope, test| narrow(&scope, test, holds));
    let any = |tests: &[Test<'a>]| {
        let each = tests.iter().map(|test| narrow(scope, test, holds));
        each.reduce(|one, two| both(&one, &two)).unwrap_or_else(|| scope.clone())
    };
    match (test, holds) {
        (Test::All(tests), true) | (Test::Any(tests), false) => all(tests),
        (Test::All(tests), false) | (Test::Any(tests), true) => any(tests),
        (Test::Not(test), _) => narrow(scope, test, !holds),
        (Test::Comparison(comparison), _) => {
            compared(scope, comparison, holds).unwrap_or_else(|| scope.clone())
        }
        (Test::Condition(_) | Test::Unreadable, _) => scope.clone(),
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
fn compared<'a>(scope: &Scope<'a>, comparison: &Comparison<'a>, holds: bool) -> Option<Scope<'a>> {
    let path = comparison.variable.reference.as_ref()?;
    let Operand::Literal(operand) = comparison.operand else { return None };
    let tested = match (comparison.operator, operand) {
        (Operator::String(Relation::Equals), Json::String(_)) | (Operator::Boolean, Json::Bool(_)) => {
            Value::from(operand)
        }
        (Operator::Is(TypeTest::Null), Json::Bool(true)) => Value::Null,
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

/// The value, given that what is at the path equals the tested value, or does not. `None` if that is
/// impossible.
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

/// Whether a value that differs from the tested one may equal it at run time.
fn may_equal(value: &Value<'_>) -> bool {
    matches!(value, Value::Unknown(_) | Value::PartialString(_))
}
