//! Machines put together at random, with a fixed seed, from the tasks of all cases: nested, distributed, in both modes and both types. Every document
//! passes the evaluator: it allows what each task asks for alone, and in least privilege nothing without need.

use std::fs;

use serde_json::{Map, Value, json};
use sfniam::generator::{Output, generate};
use sfniam::iam::{Access, Evaluator};
use sfniam::permissions::Mode;

use crate::support::{files, request, tests_folder};

const MACHINES: usize = 400;

/// A small generator with a fixed seed (xorshift64*), so that a failure can be had again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or_default() % limit.max(1)
    }
}

/// A task that stands alone: its state, and the accesses that it needs in each mode. None where it takes values from the run: in a machine the states
/// before it may tell more of them.
struct Task {
    state: Value,
    needs: [Vec<Access>; 2],
}

fn answered(definition: &Value, mode: Mode) -> Output {
    generate(&request(&definition.to_string(), mode)).expect("an answer")
}

fn accesses(output: &Output) -> Vec<Access> {
    let mut accesses = Vec::new();
    for statement in &output.policy.statements {
        for action in &statement.actions {
            for resource in &statement.resources {
                let (action, resource) = (action.clone(), resource.clone());
                accesses.push(Access { action, resource, conditions: statement.conditions.clone() });
            }
        }
    }
    accesses
}

/// The first states of all cases that have one state only.
fn tasks() -> Vec<Task> {
    let mut tasks = Vec::new();
    for folder in ["integrations", "sdk"] {
        for file in files(&tests_folder().join(folder), ".asl.json") {
            let definition: Value =
                serde_json::from_str(&fs::read_to_string(file).expect("a case")).expect("JSON");
            let states = definition["States"].as_object().expect("states");
            let Some(state) =
                states.values().next().filter(|state| states.len() == 1 && state["Type"] == "Task")
            else {
                continue;
            };
            let mut state = state.clone();
            if let Some(language) = definition.get("QueryLanguage") {
                state["QueryLanguage"] = language.clone();
            }
            let text = state.to_string();
            let given = state.get("Parameters").or_else(|| state.get("Arguments")).is_some();
            let literal = given && !text.contains(".$\"") && !text.contains("{%");
            let alone = json!({"StartAt": "A", "States": {"A": state}});
            let needs =
                Mode::ALL.map(|mode| if literal { accesses(&answered(&alone, mode)) } else { Vec::new() });
            tasks.push(Task { state, needs });
        }
    }
    assert!(tasks.len() > 300, "{} tasks are too few", tasks.len());
    tasks
}

struct Generator<'t> {
    chance: Chance,
    tasks: &'t [Task],
    /// The tasks of the machine.
    used: Vec<usize>,
    names: usize,
}

impl Generator<'_> {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("State {}", self.names)
    }

    fn workflow(&mut self, depth: usize, distributed: bool) -> Value {
        let names: Vec<String> = (0..=self.chance.below(4)).map(|_| self.name()).collect();
        let mut states = Map::new();
        for (position, name) in names.iter().enumerate() {
            let mut state = self.state(depth, distributed);
            match names.get(position + 1) {
                Some(next) => state["Next"] = json!(next),
                None => state["End"] = json!(true),
            }
            if position + 1 < names.len() {
                state.as_object_mut().expect("a state").remove("End");
            }
            states.insert(name.clone(), state);
        }
        json!({"StartAt": names[0], "States": states})
    }

    fn state(&mut self, depth: usize, distributed: bool) -> Value {
        match self.chance.below(if depth == 0 { 6 } else { 10 }) {
            0..=5 => {
                let task = self.chance.below(self.tasks.len());
                self.used.push(task);
                self.tasks[task].state.clone()
            }
            6 => json!({"Type": "Pass"}),
            7 => {
                let branches: Vec<Value> =
                    (0..=self.chance.below(2)).map(|_| self.workflow(depth - 1, distributed)).collect();
                json!({"Type": "Parallel", "Branches": branches})
            }
            8 if !distributed => {
                let mut processor = self.workflow(depth - 1, true);
                processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
                json!({"Type": "Map", "ItemProcessor": processor})
            }
            _ => json!({"Type": "Map", "ItemProcessor": self.workflow(depth - 1, distributed)}),
        }
    }
}

#[test]
fn documents_of_generated_machines_are_enough_and_no_more() {
    let tasks = tasks();
    let mut generator =
        Generator { chance: Chance(0x000A_5157_A7E5), tasks: &tasks, used: Vec::new(), names: 0 };
    let mut seen = 0;
    for _ in 0..MACHINES {
        generator.used.clear();
        let definition = generator.workflow(3, false);
        for (mode, which) in Mode::ALL.into_iter().zip(0..) {
            let output = answered(&definition, mode);
            let evaluator = Evaluator::new(&output.policy.statements);
            for task in &generator.used {
                for access in &tasks[*task].needs[which] {
                    // A machine without needs has the document that denies everything; it is no need.
                    let needless = access.action == "*";
                    assert!(needless || evaluator.allows(access), "{access:?} in {definition}");
                    seen += 1;
                }
            }
            if mode == Mode::LeastPrivilege {
                assert_eq!(evaluator.superfluous(), None, "{definition}");
            }
        }
    }
    assert!(seen > 10 * MACHINES, "{seen} accesses are too few to show anything");
}
