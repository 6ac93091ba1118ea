//! The analysis against runs: whatever a random state machine shows when it runs is inside what the analysis says.

use std::collections::BTreeMap;

use crate::support::interpreter::{Run, Sight};
use serde_json::{Map, Value as Concrete, json};
use sfniam::asl::flow::{Assumptions, analyse, contract};
use sfniam::asl::{Json, Kind, Scope, Segment, Severity, Value, parse, template};

/// How many machines, and how often each of them runs.
const MACHINES: u64 = 300;
const RUNS: usize = 12;

#[test]
fn what_a_run_shows_is_what_the_analysis_says() {
    let mut seen = 0;
    let mut known = 0;
    for seed in 0..MACHINES {
        let (more, of_them) = try_machine(seed);
        seen += more;
        known += of_them;
    }
    // The test would prove nothing if runs ended at once or nothing were ever known.
    assert!(seen > 20_000, "only {seen} states were entered");
    assert!(known * 2 > seen, "something was known in {known} of {seen} states only");
}

/// Runs a machine: how many states were entered, and for how many something was known.
fn try_machine(seed: u64) -> (usize, usize) {
    let mut chance = Chance(seed * 2 + 1);
    let definition = Maker { chance: &mut chance, names: 0 }.workflow(0);
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
                Kind::Task(task) => {
                    task.arguments.json.map(|json| template::evaluate(json, state.language, &scope))
                }
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
                    && (open || shown.keys().all(|key| members.iter().any(|(name, _)| name == key)))
            })
        }
    }
}

/// Whether holes can be filled so that a text comes out: all ways are tried.
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

/// The same numbers in every run of the test.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Makes state machines.
struct Maker<'c> {
    chance: &'c mut Chance,
    names: usize,
}

impl Maker<'_> {
    fn workflow(&mut self, depth: usize) -> Concrete {
        let count = 2 + self.chance.below(if depth == 0 { 6 } else { 3 });
        let names: Vec<String> = (0..count).map(|index| format!("S{}", self.names + index)).collect();
        self.names += count;
        // Most machines begin with something to follow.
        let start = (depth == 0 && !self.chance.one_in(3)).then(|| {
            json!({"Type": "Pass", "Result": self.literal(), "ResultPath": "$.a", "Next": names[1],
                "Assign": {"v": self.literal(), "w": self.literal()}})
        });
        let states: Map<String, Concrete> =
            (0..count).map(|index| (names[index].clone(), self.state(&names, index, depth))).collect();
        let mut workflow = json!({"StartAt": names[0], "States": states});
        if let Some(start) = start {
            workflow["States"][&names[0]] = start;
        }
        workflow
    }

    fn state(&mut self, names: &[String], index: usize, depth: usize) -> Concrete {
        let jsonata = self.chance.one_in(4);
        let mut state = match self.chance.below(if depth < 2 { 10 } else { 8 }) {
            0..=2 => json!({"Type": "Pass"}),
            3 | 4 => json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}),
            5 | 6 => json!({"Type": "Choice"}),
            7 => json!({"Type": self.chance.pick(&["Wait", "Succeed", "Fail", "Pass"])}),
            8 => {
                let branches: Vec<Concrete> =
                    (0..=self.chance.below(2)).map(|_| self.workflow(depth + 1)).collect();
                json!({"Type": "Parallel", "Branches": branches})
            }
            _ => {
                let mut processor = self.workflow(depth + 1);
                if self.chance.one_in(3) {
                    processor["ProcessorConfig"] =
                        json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
                }
                json!({"Type": "Map", "ItemProcessor": processor})
            }
        };
        let kind = state["Type"].as_str().unwrap_or_default().to_owned();
        if jsonata {
            state["QueryLanguage"] = json!("JSONata");
        }
        if kind == "Wait" {
            state["Seconds"] = json!(1);
        }
        if kind == "Choice" {
            let rules: Vec<Concrete> =
                (0..=self.chance.below(2)).map(|_| self.rule(names, jsonata)).collect();
            state["Choices"] = rules.into();
            state["Default"] = self.next(names, index);
        } else if !matches!(kind.as_str(), "Succeed" | "Fail") {
            if self.chance.one_in(5) {
                state["End"] = json!(true);
            } else {
                state["Next"] = self.next(names, index);
            }
        }
        self.members(&mut state, &kind, jsonata);
        if matches!(kind.as_str(), "Task" | "Map" | "Parallel") && self.chance.one_in(2) {
            let mut catcher = json!({"ErrorEquals": ["States.ALL"], "Next": self.next(names, index)});
            self.output(&mut catcher, jsonata);
            self.assign(&mut catcher, jsonata);
            state["Catch"] = json!([catcher]);
        }
        state
    }

    fn members(&mut self, state: &mut Concrete, kind: &str, jsonata: bool) {
        if kind == "Fail" {
            return;
        }
        if kind != "Succeed" {
            self.assign(state, jsonata);
        }
        if !jsonata {
            for key in ["InputPath", "OutputPath"] {
                if self.chance.one_in(8) {
                    state[key] = self.chance.pick(&[
                        json!("$"),
                        json!("$.b"),
                        json!("$.list[0]"),
                        json!("$v"),
                        json!(null),
                        json!("$$.Execution.Input"),
                    ]);
                }
            }
        }
        match kind {
            "Pass" if !jsonata && self.chance.one_in(2) => state["Result"] = self.literal(),
            "Pass" if jsonata => {}
            "Task" | "Parallel" | "Pass" if self.chance.one_in(2) => {
                state[if jsonata { "Arguments" } else { "Parameters" }] = self.template(jsonata);
            }
            "Map" => {
                if self.chance.one_in(2) {
                    state["ItemSelector"] = self.template(jsonata);
                }
                match jsonata {
                    true => {
                        state["Items"] =
                            self.chance.pick(&[json!("{% $states.input.list %}"), json!(["x", "y"])])
                    }
                    false => state["ItemsPath"] = json!(self.chance.pick(&["$.list", "$v", "$.list"])),
                }
                let distributed = state["ItemProcessor"]["ProcessorConfig"] != Concrete::Null;
                if distributed && self.chance.one_in(3) {
                    state["ItemBatcher"] =
                        json!({"MaxItemsPerBatch": 1, "BatchInput": self.template(jsonata)});
                }
            }
            _ => {}
        }
        if matches!(kind, "Task" | "Map" | "Parallel") && !jsonata && self.chance.one_in(3) {
            state["ResultSelector"] = self.template(jsonata);
        }
        if matches!(kind, "Task" | "Map" | "Parallel" | "Pass") || jsonata {
            self.output(state, jsonata);
        }
    }

    /// Where the result goes: mostly beside what is there, so that runs find what they look for.
    fn output(&mut self, object: &mut Concrete, jsonata: bool) {
        match (jsonata, self.chance.below(4)) {
            (true, 0 | 1) => object["Output"] = self.template(true),
            (true, _) => object["Output"] = json!("{% $states.input %}"),
            (false, 0) => {}
            (false, _) => {
                object["ResultPath"] = self.chance.pick(&[
                    json!("$.a"),
                    json!("$.b.a"),
                    json!("$.n"),
                    json!("$.c.d"),
                    json!(null),
                ]);
            }
        }
    }

    fn assign(&mut self, object: &mut Concrete, jsonata: bool) {
        if self.chance.one_in(2) {
            let name = self.chance.pick(&["v", "w"]);
            let (key, value) = self.member(name, jsonata);
            object["Assign"] = json!({key: value});
        }
    }

    fn next(&mut self, names: &[String], index: usize) -> Concrete {
        // Forwards more often than back, so that runs get somewhere.
        let from = if self.chance.one_in(4) { 0 } else { (index + 1).min(names.len() - 1) };
        json!(names[from + self.chance.below(names.len() - from)])
    }

    fn rule(&mut self, names: &[String], jsonata: bool) -> Concrete {
        let mut rule = match (jsonata, self.chance.below(5)) {
            (true, _) => {
                json!({"Condition": self.chance.pick(&["{% $states.input.a = 'x' %}", "{% $v = 'y' %}"])})
            }
            (false, 0) => json!({"And": [self.test(), self.test()]}),
            (false, 1) => json!({"Or": [self.test(), self.test()]}),
            (false, 2) => json!({"Not": self.test()}),
            (false, _) => self.test(),
        };
        rule["Next"] = json!(self.chance.pick(names));
        self.assign(&mut rule, jsonata);
        rule
    }

    fn test(&mut self) -> Concrete {
        let variable = self.chance.pick(&["$.a", "$.a", "$v", "$.b.a", "$.n"]);
        match self.chance.below(6) {
            0 => json!({"Variable": variable, "IsPresent": true}),
            1 => json!({"Variable": variable, "IsNull": true}),
            2 => json!({"Variable": variable, "BooleanEquals": true}),
            3 => json!({"Variable": variable, "NumericEquals": 1}),
            _ => json!({"Variable": variable, "StringEquals": self.chance.pick(&["x", "y", "in", "task"])}),
        }
    }

    fn literal(&mut self) -> Concrete {
        self.chance.pick(&[
            json!("x"),
            json!("y"),
            json!(1),
            json!(true),
            json!(null),
            json!({"a": "x", "list": [{"a": "x"}, {"a": 1}]}),
            json!({"a": "y", "b": {"a": "x", "b": "y"}, "n": 2}),
            json!(["x", "y"]),
            json!([{"a": "x"}]),
        ])
    }

    fn template(&mut self, jsonata: bool) -> Concrete {
        let mut template = Map::new();
        for name in ["a", "b", "list", "n"] {
            if !self.chance.one_in(4) {
                let (key, value) = self.member(name, jsonata);
                template.insert(key, value);
            }
        }
        template.into()
    }

    fn member(&mut self, name: &str, jsonata: bool) -> (String, Concrete) {
        match (self.chance.one_in(2), jsonata) {
            (true, _) => (name.to_owned(), self.literal()),
            (false, true) => {
                let expression = self.chance.pick(&[
                    "$states.input.a",
                    "$states.input.b.a",
                    "$states.input",
                    "'x'",
                    "'x' & $states.input.a",
                    "$v",
                    "$v & '-'",
                    "$states.context.Execution.Input.a",
                ]);
                (name.to_owned(), json!(format!("{{% {expression} %}}")))
            }
            (false, false) => {
                let expression = self.chance.pick(&[
                    "$",
                    "$.a",
                    "$.a",
                    "$.b",
                    "$.b.a",
                    "$.list",
                    "$.list[0]",
                    "$.list[0].a",
                    "$.list[*].a",
                    "$.n",
                    "$v",
                    "$w",
                    "$v.a",
                    "$$.Execution.Input",
                    "$$.Execution.Input.a",
                    "$$.StateMachine.Name",
                    "$$.State.Name",
                    "$$.Map.Item.Value",
                    "$$.Map.Item.Index",
                    "States.Format('<{}>', $.a)",
                    "States.Format('<{}>', $v)",
                    "States.Format('{}', $.n)",
                    "States.Array($.a, 'x')",
                    "States.ArrayGetItem($.list, 0)",
                    "States.ArrayGetItem($v, 1)",
                    "States.MathAdd($.n, 1)",
                    "States.JsonMerge($, $.b, false)",
                    "States.StringSplit($.a, '<>')",
                    "States.JsonToString($.b)",
                    "States.UUID()",
                ]);
                (format!("{name}.$"), json!(expression))
            }
        }
    }
}
