//! State machines made at random, full of values that go from state to state.

use serde_json::{Map, Value, json};

use super::chance::Chance;

/// The machine of a seed.
pub(crate) fn flowing(seed: u64) -> Value {
    Maker { chance: &mut Chance::new(seed), names: 0 }.workflow(0)
}

/// A workflow without its unreachable states, which AWS rejects.
fn reached(mut workflow: Value) -> Value {
    let next = |place: &Value| place["Next"].as_str().map(str::to_owned);
    let mut open: Vec<String> = workflow["StartAt"].as_str().map(str::to_owned).into_iter().collect();
    let mut kept = Map::new();
    while let Some(name) = open.pop() {
        let state = workflow["States"][&name].take();
        if state.is_null() {
            continue;
        }
        open.extend(next(&state));
        open.extend(state["Default"].as_str().map(str::to_owned));
        for key in ["Choices", "Catch"] {
            open.extend(state[key].as_array().into_iter().flatten().filter_map(next));
        }
        kept.insert(name, state);
    }
    workflow["States"] = kept.into();
    workflow
}

/// Makes state machines.
struct Maker<'c> {
    chance: &'c mut Chance,
    names: usize,
}

impl Maker<'_> {
    fn workflow(&mut self, depth: usize) -> Value {
        let count = 2 + self.chance.below(if depth == 0 { 6 } else { 3 });
        let names: Vec<String> = (0..count).map(|index| format!("S{}", self.names + index)).collect();
        self.names += count;
        // Most machines begin with something to follow.
        let start = (depth == 0 && !self.chance.one_in(3)).then(|| {
            json!({"Type": "Pass", "Result": self.literal(), "ResultPath": "$.a", "Next": names[1],
                "Assign": {"v": self.literal(), "w": self.literal()}})
        });
        let states: Map<String, Value> =
            (0..count).map(|index| (names[index].clone(), self.state(&names, index, depth))).collect();
        let mut workflow = json!({"StartAt": names[0], "States": states});
        if let Some(start) = start {
            workflow["States"][&names[0]] = start;
        }
        reached(workflow)
    }

    fn state(&mut self, names: &[String], index: usize, depth: usize) -> Value {
        let jsonata = self.chance.one_in(4);
        let mut state = match self.chance.below(if depth < 2 { 10 } else { 8 }) {
            0..=2 => json!({"Type": "Pass"}),
            3 | 4 => json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}),
            5 | 6 => json!({"Type": "Choice"}),
            7 => json!({"Type": self.chance.pick(&["Wait", "Succeed", "Fail", "Pass"])}),
            8 => {
                let branches: Vec<Value> =
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
            let rules: Vec<Value> = (0..=self.chance.below(2)).map(|_| self.rule(names, jsonata)).collect();
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

    fn members(&mut self, state: &mut Value, kind: &str, jsonata: bool) {
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
                let distributed = state["ItemProcessor"]["ProcessorConfig"] != Value::Null;
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

    /// Where the result goes: mostly beside existing values, so that runs find what they look for.
    fn output(&mut self, object: &mut Value, jsonata: bool) {
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

    fn assign(&mut self, object: &mut Value, jsonata: bool) {
        if self.chance.one_in(2) {
            let name = self.chance.pick(&["v", "w"]);
            let (key, value) = self.member(name, jsonata);
            object["Assign"] = json!({key: value});
        }
    }

    fn next(&mut self, names: &[String], index: usize) -> Value {
        // Forwards more often than back, so that runs make progress.
        let from = if self.chance.one_in(4) { 0 } else { (index + 1).min(names.len() - 1) };
        json!(names[from + self.chance.below(names.len() - from)])
    }

    fn rule(&mut self, names: &[String], jsonata: bool) -> Value {
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

    fn test(&mut self) -> Value {
        let variable = self.chance.pick(&["$.a", "$.a", "$v", "$.b.a", "$.n"]);
        match self.chance.below(6) {
            0 => json!({"Variable": variable, "IsPresent": true}),
            1 => json!({"Variable": variable, "IsNull": true}),
            2 => json!({"Variable": variable, "BooleanEquals": true}),
            3 => json!({"Variable": variable, "NumericEquals": 1}),
            _ => json!({"Variable": variable, "StringEquals": self.chance.pick(&["x", "y", "in", "task"])}),
        }
    }

    fn literal(&mut self) -> Value {
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

    fn template(&mut self, jsonata: bool) -> Value {
        let mut template = Map::new();
        for name in ["a", "b", "list", "n"] {
            if !self.chance.one_in(4) {
                let (key, value) = self.member(name, jsonata);
                template.insert(key, value);
            }
        }
        template.into()
    }

    fn member(&mut self, name: &str, jsonata: bool) -> (String, Value) {
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
