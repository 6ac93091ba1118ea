//! The analysis against runs: whatever a random state machine shows when it runs is inside what the analysis
//! says.

use std::collections::BTreeMap;

use crate::support::chance::Chance;
use crate::support::flowing::flowing;
use crate::support::interpreter::{Run, Sight};
use crate::support::sweeping;
use serde_json::{Value as Concrete, json};
use sfniam::asl::flow::{Assumptions, analyse, contract};
use sfniam::asl::{Json, Kind, Scope, Segment, Value, parse};
use sfniam::finding::Severity;

/// How many machines, and how often each of them runs.
const MACHINES: u64 = 300;
const RUNS: usize = 12;

#[test]
fn what_a_run_shows_is_what_the_analysis_says() {
    let mut seen = 0;
    let mut known = 0;
    for seed in 0..if sweeping() { 20 * MACHINES } else { MACHINES } {
        let (more, of_them) = try_machine(seed);
        seen += more;
        known += of_them;
    }
    // The test would prove nothing if runs ended immediately or nothing were ever known.
    assert!(seen > 20_000, "only {seen} states were entered");
    assert!(known * 2 > seen, "something was known in {known} of {seen} states only");
}

/// Runs a machine: how many states were entered, and for how many something was known.
fn try_machine(seed: u64) -> (usize, usize) {
    let definition = flowing(seed);
    let mut chance = Chance::new(!seed);
    let fixed = [json!({}), json!({"a": "x"}), json!({"b": {"b": "y"}, "list": [{"a": "x"}, {"a": "y"}]})];
    let fixed = fixed[chance.below(fixed.len())].clone();
    let (text, fixed_text) = (definition.to_string(), fixed.to_string());
    let json = Json::read(&text).expect("it was written as JSON");
    let fixed_json = Json::read(&fixed_text).expect("it was written as JSON");
    let (machine, problems) = parse(&json);
    assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:?}\n{text}");
    let assumptions =
        Assumptions { input: contract(&fixed_json), state_machine_name: Some("m"), ..Assumptions::default() };
    let flow = analyse(&machine, &assumptions);
    let states: BTreeMap<&str, _> = machine.states().into_iter().map(|state| (state.name, state)).collect();
    let (mut seen, mut known) = (0, 0);
    for _ in 0..RUNS {
        let mut input = json!({"a": "in", "b": {"a": "x", "b": 1}, "list": [{"a": "in"}, {"b": 2}], "n": chance.below(3)});
        for (key, value) in fixed.as_object().expect("an object") {
            input[key] = value.clone();
        }
        let mut check = |sight: &Sight<'_>| {
            let state = states[sight.state];
            let scope = flow.scope(state);
            let place = || format!("seed {seed}, state {}\n{text}", sight.state);
            assert_inside("the input", &scope.input, sight.input, &place);
            assert_inside("the context object", &scope.context(), sight.context, &place);
            for (name, value) in scope.variables.iter() {
                // A variable that this run has not assigned cannot be read.
                if let Some(concrete) = sight.variables.get(name.as_ref()) {
                    assert_inside(name, value, concrete, &place);
                }
            }
            let request = match &state.kind {
                Kind::Task(task) => task.arguments.as_ref().map(|arguments| arguments.value(&scope)),
                _ => None,
            };
            if let (Some(request), Some(concrete)) = (&request, sight.request) {
                assert_inside("the request", request, concrete, &place);
            }
            seen += 1;
            known += usize::from(is_known(&scope));
        };
        let mut below = |limit| chance.below(limit);
        let mut run = Run { chance: &mut below, see: &mut check, left: 60 };
        let _ = run.execution(&definition, &input);
    }
    (seen, known)
}

fn is_known(scope: &Scope<'_>) -> bool {
    !matches!(scope.input, Value::Unknown(_)) || !scope.variables.is_empty()
}

fn assert_inside(what: &str, said: &Value<'_>, shown: &Concrete, place: &dyn Fn() -> String) {
    assert!(
        inside(said, Some(shown)),
        "{what}: a run shows {shown}, the analysis says {said:?}; {}",
        place()
    );
}

/// Whether a value of a run is one of those that the analysis allows.
fn inside(said: &Value<'_>, shown: Option<&Concrete>) -> bool {
    match (said, shown) {
        (Value::Unknown(_), _) => true,
        (Value::OneOf(values), _) => values.iter().any(|value| inside(value, shown)),
        (Value::Absent, shown) => shown.is_none(),
        (_, None) => false,
        (Value::Null, Some(shown)) => shown.is_null(),
        (Value::Bool(value), Some(shown)) => shown.as_bool() == Some(*value),
        (Value::Number(number), Some(shown)) => shown.as_number() == Some(number),
        (Value::String(text), Some(shown)) => shown.as_str() == Some(text),
        (Value::PartialString(text), Some(shown)) => {
            shown.as_str().is_some_and(|shown| fills(&text.segments, shown))
        }
        (Value::Array(elements), Some(shown)) => shown.as_array().is_some_and(|shown| {
            shown.len() == elements.len()
                && elements.iter().zip(shown).all(|(element, shown)| inside(element, Some(shown)))
        }),
        (Value::Object(members) | Value::Open(members, _), Some(shown)) => {
            shown.as_object().is_some_and(|shown| {
                let open = matches!(said, Value::Open(..));
                members.iter().all(|(key, value)| inside(value, shown.get(key.as_ref())))
                    && (open || shown.keys().all(|key| members.iter().any(|(name, _)| **name == **key)))
            })
        }
    }
}

/// Whether holes can be filled to produce a text: all ways are tried.
fn fills(segments: &[Segment<'_>], text: &str) -> bool {
    match segments.split_first() {
        None => text.is_empty(),
        Some((Segment::Literal(literal), rest)) => {
            text.strip_prefix(literal.as_ref()).is_some_and(|text| fills(rest, text))
        }
        Some((Segment::Hole(_), rest)) => {
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| fills(rest, &text[at..]))
        }
    }
}
