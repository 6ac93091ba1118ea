//! A hostile or careless value in each parameter of each case, of each machine of the cases, and of machines
//! put together at random. `make test` tries a sample that is always the same, `make sweep` all.
//!
//! A known value never makes a policy wider than the value that was there; an unknown value never passes
//! `on_unresolved = "error"`; and every wildcard is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use sfniam::finding::{Code, Finding, Level};
use sfniam::generator::{Output, Request, generate};
use sfniam::iam::{Condition, Location};
use sfniam::permissions::{Mode, Settings};

use crate::support::chance::Chance;
use crate::support::composed::{Composer, tasks};
use crate::support::hostile::{Class, Due, HOSTILE, Hostile, PROBE, Way, due, old, places, sampled, with};
use crate::support::openness::openness;
use crate::support::types::{of_other_types, without_resources};
use crate::support::{case_name, files, in_parallel, request, sweeping, tests_folder};

/// One in so many hostile definitions of the cases is tried without `make sweep`.
const SAMPLE: usize = 400;

/// So many machines at random are tried without `make sweep`, each with one value.
const MACHINES: u64 = 30;

fn answer(definition: &Value, mode: Mode, stop: bool) -> Result<Output, Vec<Finding>> {
    let mut asked = request(&definition.to_string(), mode);
    if stop {
        asked.on_finding.set(Code::UnresolvedResource, Level::Error).expect("a level that it may have");
    }
    generate(&asked)
}

/// The most that each action leaves open. What AWS checks on no resource leaves nothing open.
fn open(output: &Output) -> BTreeMap<String, u8> {
    let mut most: BTreeMap<String, u8> = BTreeMap::new();
    for policy in std::iter::once(&output.policy).chain(output.assumed.values()) {
        for statement in policy.statements.iter().filter(|one| one.actions != ["*"]) {
            let open = statement.resources.iter().map(|one| openness(one)).max().unwrap_or(0);
            for action in statement.actions.iter().filter(|action| !without_resources().contains(*action)) {
                let own = most.entry(action.clone()).or_default();
                *own = open.max(*own);
            }
        }
    }
    most
}

/// The resources with a wildcard that no finding names, in every document.
fn silent(output: &Output) -> Vec<String> {
    let policies = std::iter::once(&output.policy).chain(output.assumed.values()).chain(&output.callback);
    let statements = policies.flat_map(|policy| &policy.statements).filter(|one| one.actions != ["*"]);
    let resources = statements.flat_map(|statement| statement.resources.iter().cloned());
    let trusted = output.trust.conditions.iter().flat_map(Condition::texts);
    let is_open = |text: &String| text.replace("${*}", "").replace("${?}", "").contains(['*', '?']);
    let told: BTreeSet<&String> = output.findings.iter().flat_map(|one| one.resources.iter()).collect();
    resources.chain(trusted).filter(is_open).filter(|text| !told.contains(text)).collect()
}

/// What is known of a place with the value that was there.
struct Before<'a> {
    /// As the Resource of the task has it.
    service: &'a str,
    parameter: &'a str,
    old: &'a str,
    /// The most that each action leaves open.
    open: &'a BTreeMap<String, u8>,
    /// The resources that the place names; none if it names nothing.
    named: Vec<String>,
    /// ARNs of other types of the same service.
    others: Vec<String>,
}

impl<'a> Before<'a> {
    /// Tries a value that is like the old one: what it names has the end of that value in it.
    fn of(definition: &'a Value, way: &'a Way, open: &'a BTreeMap<String, u8>, mode: Mode) -> Before<'a> {
        let probed = with(definition, way, &PROBE, None).and_then(|probe| answer(&probe, mode, false).ok());
        let named = probed.map_or_else(Vec::new, |output| {
            let policies = std::iter::once(&output.policy).chain(output.assumed.values());
            let statements = policies.flat_map(|policy| &policy.statements);
            let resources = statements.flat_map(|one| &one.resources).filter(|one| one.contains("qqq"));
            resources.cloned().collect()
        });
        let parameter = way.iter().rev().find(|step| step.parse::<usize>().is_err());
        let parameter = parameter.map_or("", String::as_str);
        let others = of_other_types(&named, open.keys(), parameter);
        Before {
            service: service(definition, way),
            parameter,
            old: old(definition, way),
            open,
            named,
            others,
        }
    }

    /// The definitions with a hostile value in the place.
    fn with(&self, definition: &Value, way: &Way, hostile: &Hostile) -> Vec<Value> {
        match hostile.class {
            Class::OtherType => {
                // A few of them, for some services have a hundred.
                let step = self.others.len().div_ceil(4).max(1);
                let some = self.others.iter().step_by(step);
                some.filter_map(|arn| with(definition, way, hostile, Some(arn))).collect()
            }
            _ => with(definition, way, hostile, None).into_iter().collect(),
        }
    }
}

/// The service that the Resource of the innermost state around a place names.
fn service<'d>(definition: &'d Value, way: &Way) -> &'d str {
    let (mut here, mut service) = (definition, "");
    for step in way {
        here = step.parse::<usize>().ok().and_then(|at| here.get(at)).unwrap_or(&here[step.as_str()]);
        let resource = here.get("Resource").and_then(Value::as_str).unwrap_or_default();
        let call = resource.rsplit_once(':').map_or("", |(call, _)| call);
        service = if call.is_empty() { service } else { call.rsplit(':').next().unwrap_or_default() };
    }
    service
}

/// The problems of the answers for a definition with a hostile value.
fn faults(before: &Before<'_>, after: &Value, hostile: &Hostile, mode: Mode) -> Vec<String> {
    let mut faults = Vec::new();
    let due = due(hostile, before.service, before.parameter, before.old, &before.named);
    // An error without `on_unresolved = "error"` is also one with it.
    let warned = match answer(after, mode, false) {
        Ok(warned) => warned,
        Err(problems) => {
            if matches!(due, Some(Due::Taken(_))) {
                faults.push(format!("is an error: {}", problems[0].message()));
            }
            return faults;
        }
    };
    if due == Some(Due::Refused) {
        faults.push("is no error".to_owned());
    }
    let limit = match due {
        Some(Due::AtMost(limit) | Due::Told(limit) | Due::Taken(limit)) => limit,
        // What names nothing decides between rows of the catalogue at most.
        Some(Due::Refused) | None => match hostile.class {
            Class::Token | Class::Run | Class::Beginning | Class::OwnBeginning | Class::BeginningOfAName => 2,
            Class::ForeignBeginning(_) => 2,
            _ => 0,
        },
    };
    // AWS documents policies for everything where a value is known only at run time.
    let limit = if limit == 2 && mode == Mode::Template { 3 } else { limit };
    for (action, open) in open(&warned) {
        let allowed = before.open.get(&action).copied().unwrap_or(0).max(limit);
        if open > allowed {
            let is = if before.open.contains_key(&action) { "leaves" } else { "is new and leaves" };
            faults.push(format!("{action} {is} {open} open, {allowed} before"));
        }
    }
    if matches!(due, Some(Due::Told(_)))
        && !warned.findings.iter().any(|one| one.code == Code::LiteralWildcard)
    {
        faults.push("is not reported".to_owned());
    }
    let silent = silent(&warned);
    if !silent.is_empty() {
        faults.push(format!("no finding has {silent:?}"));
    }
    if let Ok(stopped) = answer(after, mode, true) {
        if stopped.findings.iter().any(|one| one.code == Code::UnresolvedResource) {
            faults.push("what is unresolved has passed".to_owned());
        }
        for (action, open) in open(&stopped) {
            let allowed = before.open.get(&action).copied().unwrap_or(0);
            let is_beginning = matches!(hostile.class, Class::Beginning | Class::BeginningOfAName);
            if open > allowed && !(open == 1 && is_beginning) {
                faults.push(format!("with the stop {action} leaves {open} open, {allowed} before"));
            }
        }
    }
    faults
}

/// The hostile definitions that are made of one, or one in so many of them: how many, and what is wrong.
fn tried(name: &str, definition: &Value, chance: &mut Chance, one_in: usize) -> (usize, Vec<String>) {
    let (mut count, mut wrong) = (0, Vec::new());
    let ways: Vec<Way> = places(definition);
    for mode in Mode::ALL {
        let Ok(known) = answer(definition, mode, false) else { continue };
        let known = open(&known);
        for way in &ways {
            let chosen: Vec<&Hostile> = HOSTILE.iter().filter(|_| sampled(chance, one_in)).collect();
            if chosen.is_empty() {
                continue;
            }
            let before = Before::of(definition, way, &known, mode);
            for hostile in chosen {
                for after in before.with(definition, way, hostile) {
                    count += 1;
                    for fault in faults(&before, &after, hostile, mode) {
                        let (place, given) = (way.join("/"), old(&after, way));
                        wrong.push(format!(
                            "{name} {place} {} {}: {fault} {given}",
                            hostile.name,
                            mode.name()
                        ));
                    }
                }
            }
        }
    }
    (count, wrong)
}

/// The same for many definitions.
fn all_tried(definitions: &[(String, Value)], one_in: usize) -> (usize, Vec<String>) {
    let all =
        in_parallel(definitions, |(name, definition)| tried(name, definition, &mut Chance::of(name), one_in));
    let count = all.iter().map(|(count, _)| count).sum();
    let mut faults: Vec<String> = all.into_iter().flat_map(|(_, faults)| faults).collect();
    faults.sort();
    (count, faults)
}

fn assert_none(faults: &[String], tried: usize) {
    let shown = faults.iter().take(600).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{} of {tried}:\n{shown}", faults.len());
}

#[test]
fn no_value_in_a_case_widens_its_policy_unseen() {
    let one_in = if sweeping() { 1 } else { SAMPLE };
    let mut definitions = Vec::new();
    for folder in ["integrations", "sdk", "machines", "problems", "check", "compare", "../examples"] {
        for file in files(&tests_folder().join(folder), ".asl.json") {
            let text = fs::read_to_string(&file).expect("a case");
            // Some of the problems are no JSON.
            let Ok(definition) = serde_json::from_str::<Value>(&text) else { continue };
            definitions.push((case_name(&file), definition));
        }
    }
    let (count, faults) = all_tried(&definitions, one_in);
    assert!(count > 120, "{count} are too few");
    assert_none(&faults, count);
}

#[test]
fn no_value_in_a_machine_at_random_widens_its_policy_unseen() {
    let tasks = tasks();
    let (mut faults_of, mut count) = (Vec::new(), 0);
    for seed in 0..if sweeping() { 100 * MACHINES } else { MACHINES } {
        let definition = Composer::new(seed, &tasks).machine();
        let places = places(&definition);
        let mut chance = Chance::new(seed);
        if places.is_empty() {
            continue;
        }
        let way = chance.pick(&places);
        let hostile = &HOSTILE[chance.below(HOSTILE.len())];
        for mode in Mode::ALL {
            let Ok(known) = answer(&definition, mode, false) else { continue };
            let known = open(&known);
            let before = Before::of(&definition, &way, &known, mode);
            for after in before.with(&definition, &way, hostile) {
                count += 1;
                for fault in faults(&before, &after, hostile, mode) {
                    let (place, given) = (way.join("/"), old(&after, &way));
                    let name = hostile.name;
                    faults_of.push(format!("{seed} {place} {name} {}: {fault} {given}", mode.name()));
                }
            }
        }
    }
    assert!(count > 20, "{count} are too few");
    assert_none(&faults_of, count);
}

/// In the trust policy and the policy of the workers too.
#[test]
fn no_wildcard_is_silent_where_settings_are_not_given() {
    let mut silent_in = Vec::new();
    let mut wide = 0;
    for folder in ["integrations", "machines"] {
        for file in files(&tests_folder().join(folder), ".asl.json") {
            let text = fs::read_to_string(&file).expect("a case");
            for mode in Mode::ALL {
                let aws = Location { partition: "aws".into(), ..Location::default() };
                let settings = Settings { aws, mode, ..Settings::default() };
                let asked = Request { size_limit: u64::MAX, ..Request::new(text.clone(), settings) };
                let Ok(output) = generate(&asked) else { continue };
                wide += usize::from(!output.findings.is_empty());
                let silent = silent(&output);
                if !silent.is_empty() {
                    silent_in.push(format!("{} {}: {silent:?}", case_name(&file), mode.name()));
                }
            }
        }
    }
    assert!(wide > 800, "{wide} are too few");
    assert_none(&silent_in, wide);
}
