//! How often work looks at the flag that cancels it, without a clock: at most so many units are done between
//! two looks, in each phase, and each phase counts what it has to do.

use std::rc::Rc;

use serde_json::Value;
use sfniam::generator::{
    Output, Request, Role, Unknown, analyze_within, compare_role_within, generate, generate_within, tokens,
};
use sfniam::permissions::Mode;
use sfniam::work::{Cancel, Limit, Phase, Work};

use crate::support::kinds::KINDS;
use crate::support::{request, sweeping};

/// How many there are of each kind, and the most units between two looks: fewer than a loop does that looks
/// once at its end. `make sweep` tries what is promised for definitions of any size.
fn size() -> (usize, u64) {
    if sweeping() { (1_200, 1_000) } else { (120, 100) }
}

/// What is wrong with the work of a phase that has so much to do at least.
fn fault(work: &Work, phase: Phase, least: usize) -> Option<String> {
    let done = work.done(phase);
    if done.gap > size().1 {
        return Some(format!("{phase:?} does {} units between two looks", done.gap));
    }
    let is_counted = done.units >= u64::try_from(least).expect("a number");
    (!is_counted).then(|| format!("{phase:?} counts {} units for {least}", done.units))
}

fn fresh(definition: &str) -> Rc<Work> {
    Rc::new(Work::new(Cancel::default(), Limit::for_definition(definition.len())))
}

/// The values of a text in JSON.
fn values(json: &Value) -> usize {
    1 + match json {
        Value::Array(elements) => elements.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// The states of a definition, those inside of others included.
fn states(json: &Value) -> usize {
    match json {
        Value::Array(elements) => elements.iter().map(states).sum(),
        Value::Object(members) => {
            let own = members.get("States").and_then(Value::as_object).map_or(0, serde_json::Map::len);
            own + members.values().map(states).sum::<usize>()
        }
        _ => 0,
    }
}

/// What each phase has to do at least for an answer, by what comes of it.
fn least(definition: &Value, output: Option<&Output>) -> Vec<(Phase, usize)> {
    let states = states(definition);
    let mut least = vec![(Phase::Reading, values(definition)), (Phase::Parsing, states)];
    if let Some(output) = output {
        let statements = &output.policy.statements;
        let pairs = statements.iter().map(|one| one.actions.len() * one.resources.len()).sum();
        let resources = statements.iter().map(|one| one.resources.len()).sum();
        least.extend([
            (Phase::Values, 1),
            (Phase::Needs, states),
            (Phase::Findings, resources),
            (Phase::Merging, resources),
            (Phase::Checking, pairs),
            (Phase::Packing, output.documents.len()),
            (Phase::Explaining, output.explanation.len()),
        ]);
    }
    least
}

/// The faults of all phases.
fn faults(name: &str, work: &Work, least: &[(Phase, usize)]) -> Vec<String> {
    let of = |phase: &Phase| least.iter().find(|(one, _)| one == phase).map_or(0, |(_, least)| *least);
    let faults = Phase::ALL.iter().filter_map(|phase| fault(work, *phase, of(phase)));
    faults.map(|fault| format!("{name}: {fault}")).collect()
}

#[test]
fn every_phase_of_an_answer_looks_often() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for kind in KINDS {
        for mode in Mode::ALL {
            let asked = kind.request(size().0, mode);
            let work = fresh(&asked.definition);
            let made = generate_within(&asked, &work).ok();
            let definition = serde_json::from_str(&asked.definition).unwrap_or_default();
            // Tokens can be numbers, so the text need not be JSON before they are replaced.
            let least = match definition {
                Value::Null => Vec::new(),
                _ => least(&definition, made.as_ref()),
            };
            seen += least.iter().filter(|(_, least)| *least > size().0).count();
            wrong.extend(faults(kind.name, &work, &least));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > KINDS.len(), "{seen} phases with much to do are too few");
}

#[test]
fn analyze_looks_often() {
    let mut wrong = Vec::new();
    for kind in KINDS {
        let asked = kind.request(size().0, Mode::LeastPrivilege);
        let names = tokens(&asked.definition).map(|token| token.name.to_owned()).collect();
        let unknown = Unknown { tokens: names, ..Unknown::default() };
        let work = fresh(&asked.definition);
        // What is refused takes work too.
        let _ = analyze_within(&asked, &unknown, &work);
        wrong.extend(faults(kind.name, &work, &[]));
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_comparison_looks_often() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for kind in KINDS.iter().filter(|kind| !kind.is_refused) {
        let asked = Request { size_limit: u64::MAX, ..kind.request(size().0, Mode::LeastPrivilege) };
        let Ok(output) = generate(&asked) else { continue };
        let policies = [output.policy.to_json()];
        let work = fresh(&(asked.definition.clone() + &policies[0]));
        let machines = [asked];
        let role = Role { machines: &machines, policies: &policies, boundary: None };
        if compare_role_within(role, &work).is_ok() {
            let statements = output.policy.statements.len();
            wrong.extend(faults(kind.name, &work, &[(Phase::Comparing, statements)]));
            compared += usize::from(statements > 0);
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 20, "{compared} comparisons are too few");
}

/// The opposite: a phase that does everything between two looks is seen, and so is one that never looks.
#[test]
fn a_phase_that_does_not_look_is_seen() {
    let work = Work::default();
    work.begin(Phase::Merging);
    assert_eq!(work.count(5_000), Ok(()));
    work.begin(Phase::Checking);
    (0..5_000).for_each(|_| work.count(1).expect("somebody waits"));
    work.begin(Phase::Packing);
    let faults =
        faults("", &work, &[(Phase::Merging, 5_000), (Phase::Checking, 5_000), (Phase::Packing, 5_000)]);
    assert_eq!(faults, [": Merging does 5000 units between two looks", ": Packing counts 0 units for 5000"]);
    // A definition is not read in one go.
    let asked = request(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#, Mode::Template);
    let work = fresh(&asked.definition);
    let output = generate_within(&asked, &work).expect("an answer");
    let definition = serde_json::from_str(&asked.definition).expect("JSON");
    let mut least = least(&definition, Some(&output));
    assert_eq!(self::faults("", &work, &least), [""; 0]);
    least.iter_mut().for_each(|(_, least)| *least += 100);
    assert!(self::faults("", &work, &least).len() >= 8, "{least:?}");
}
