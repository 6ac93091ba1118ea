//! State machines put together at random from the tasks of all cases: nested, and distributed.

use std::fs;

use serde_json::{Map, Value, json};

use super::chance::{Chance, mixed};
use super::{files, tests_folder};

/// The only state of a case.
pub(crate) struct Task {
    /// Of the case's path.
    hash: u64,
    pub(crate) state: Value,
}

/// The states of all cases that have one state only, a task.
pub(crate) fn tasks() -> Vec<Task> {
    let mut tasks = Vec::new();
    for folder in ["integrations", "sdk"] {
        for file in files(&tests_folder().join(folder), ".asl.json") {
            let text = fs::read_to_string(&file).expect("a case");
            let definition: Value = serde_json::from_str(&text).expect("JSON");
            let states = definition["States"].as_object().expect("states");
            let first = states.values().next().filter(|state| states.len() == 1 && state["Type"] == "Task");
            let Some(mut state) = first.cloned() else { continue };
            if let Some(language) = definition.get("QueryLanguage") {
                state["QueryLanguage"] = language.clone();
            }
            let name =
                file.strip_prefix(tests_folder()).expect("a case").to_string_lossy().replace('\\', "/");
            tasks
                .push(Task { hash: name.bytes().fold(0, |hash, byte| mixed(hash ^ u64::from(byte))), state });
        }
    }
    assert!(tasks.len() > 300, "{} tasks are too few", tasks.len());
    tasks
}

/// Makes one machine.
pub(crate) struct Composer<'t> {
    chance: Chance,
    tasks: &'t [Task],
    /// The positions of the tasks in the machine.
    pub(crate) used: Vec<usize>,
    names: usize,
}

impl<'t> Composer<'t> {
    pub(crate) fn new(seed: u64, tasks: &'t [Task]) -> Self {
        Composer { chance: Chance::new(seed), tasks, used: Vec::new(), names: 0 }
    }

    pub(crate) fn machine(&mut self) -> Value {
        self.workflow(3, false)
    }

    /// The task that is nearest to a random number by the hashes of their names: a new case changes few
    /// machines.
    fn task(&mut self) -> Value {
        let number = self.chance.number();
        let (position, task) =
            (0..).zip(self.tasks).min_by_key(|(_, task)| mixed(task.hash ^ number)).expect("there are tasks");
        self.used.push(position);
        task.state.clone()
    }

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
                Some(next) => {
                    state["Next"] = json!(next);
                    state.as_object_mut().expect("a state").remove("End");
                }
                None => state["End"] = json!(true),
            }
            states.insert(name.clone(), state);
        }
        json!({"StartAt": names[0], "States": states})
    }

    fn state(&mut self, depth: usize, distributed: bool) -> Value {
        match self.chance.below(if depth == 0 { 6 } else { 10 }) {
            0..=5 => self.task(),
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
