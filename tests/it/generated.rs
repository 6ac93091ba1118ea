//! Machines put together at random, with a fixed seed, from the tasks of all cases: nested, distributed, in
//! both modes and both types. Every document passes the evaluator: it allows what each task needs on its own
//! and, in least privilege, nothing unnecessary.

use serde_json::{Value, json};
use sfniam::generator::{Output, generate};
use sfniam::permissions::Mode;

use crate::support::composed::{Composer, tasks};
use crate::support::evaluator::{Access, Evaluator};
use crate::support::{request, sweeping};

const MACHINES: u64 = 400;

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

/// The accesses that a task needs in each mode on its own. `None` if its values are known only at run time:
/// in a state machine, earlier states may determine them.
fn needs(state: &Value) -> [Vec<Access>; 2] {
    let text = state.to_string();
    let given = state.get("Parameters").or_else(|| state.get("Arguments")).is_some();
    let literal = given && !text.contains(".$\"") && !text.contains("{%");
    let alone = json!({"StartAt": "A", "States": {"A": state}});
    Mode::ALL.map(|mode| if literal { accesses(&answered(&alone, mode)) } else { Vec::new() })
}

#[test]
fn documents_of_generated_machines_are_enough_and_no_more() {
    let tasks = tasks();
    let needs: Vec<_> = tasks.iter().map(|task| needs(&task.state)).collect();
    let mut seen = 0;
    for seed in 0..if sweeping() { 20 * MACHINES } else { MACHINES } {
        let mut composer = Composer::new(seed, &tasks);
        let definition = composer.machine();
        for (mode, which) in Mode::ALL.into_iter().zip(0..) {
            let output = answered(&definition, mode);
            let evaluator = Evaluator::new(&output.policy.statements);
            for task in &composer.used {
                for access in &needs[*task][which] {
                    // A machine without needs has the document that denies everything, which does not count
                    // as a need.
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
