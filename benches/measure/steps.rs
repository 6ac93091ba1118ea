//! The steps of an answer, each including all before it, and the instructions that they take.

use std::hint::black_box;

use serde_json::Value;
use sfniam::asl::flow::{Assumptions, analyse};
use sfniam::asl::{self, Json};
use sfniam::generator::{Request, generate};
use sfniam::permissions::{Mode, requirements};
use sfniam::protocol::Provider;
use sfniam::protocol::value;
use sfniam::provider::{DATA_SOURCE, Sfniam, data_source};
use sfniam::work::Cancel;

use super::cases::request;
use super::definitions::DEFINITIONS;
use super::instructions::{millions, of_one_time};

/// What is measured, in the order of the columns. The first is what the others are compared with.
pub(crate) const STEPS: [&str; 10] = [
    "serde_json",
    "read",
    "parse",
    "flow",
    "needs",
    "answer",
    "explained",
    "function",
    "validate",
    "data source",
];

/// The word on the command line for a run of one step.
pub(crate) const STEP: &str = "step";

/// A step on a definition, which can be repeated.
pub(crate) fn step(name: &str, text: &str, mode: Mode) -> Box<dyn FnMut()> {
    let text = text.to_owned();
    let asked = Request { explain: name == "explained", ..request(&text, mode) };
    match name {
        "serde_json" => Box::new(move || drop(black_box(serde_json::from_str::<Value>(&text)))),
        "read" => Box::new(move || drop(black_box(Json::read(&text)))),
        "parse" => Box::new(move || {
            let json = Json::read(&text).unwrap();
            black_box(asl::parse(&json).0.states().len());
        }),
        "flow" => Box::new(move || {
            let json = Json::read(&text).unwrap();
            let machine = asl::parse(&json).0;
            black_box(analyse(&machine, &Assumptions::default()).count(0).is_err());
        }),
        "needs" => Box::new(move || {
            let json = Json::read(&text).unwrap();
            let machine = asl::parse(&json).0;
            let flow = analyse(&machine, &Assumptions::default());
            black_box(requirements(&machine, &flow, &asked.settings).permissions.len());
        }),
        "answer" | "explained" => Box::new(move || drop(black_box(generate(&asked).unwrap()))),
        "function" => {
            let arguments = [text.into(), value::Value::object(arguments(mode))];
            Box::new(move || {
                let called = Sfniam::default().call_function("policy", &arguments, &Cancel::default());
                black_box(called.unwrap());
            })
        }
        _ => {
            let block = data_source().block;
            let kind = block.value_type();
            let given = arguments(mode).into_iter().chain([("definition", text.into())]);
            let given = given.map(|(name, value)| (name.into(), value)).collect();
            let sent = block.config(given).unwrap().to_msgpack(&kind).unwrap();
            let provider = Sfniam::default();
            let validates = name == "validate";
            Box::new(move || {
                let config = value::Value::from_msgpack(&sent, &kind).unwrap();
                let cancel = Cancel::default();
                if validates {
                    assert!(provider.validate_data_source(DATA_SOURCE, &config, &cancel).is_empty());
                    return;
                }
                let state = provider.read_data_source(DATA_SOURCE, &config, &cancel).0.unwrap();
                black_box(state.to_msgpack(&kind).unwrap());
            })
        }
    }
}

/// The arguments beside the definition.
fn arguments(mode: Mode) -> [(&'static str, value::Value); 5] {
    [
        ("mode", mode.name().into()),
        ("region", "eu-west-1".into()),
        ("account_id", "111122223333".into()),
        ("state_machine_name", "Machine".into()),
        ("size_limit", 1_000_000_000.into()),
    ]
}

/// Runs one step this many times: what this program does when it is started under valgrind.
pub(crate) fn run(arguments: &[String]) {
    let [definition, states, mode, name, times] = arguments else { panic!("{arguments:?}") };
    let definition = DEFINITIONS.iter().find(|one| one.name == definition).unwrap();
    let mode = Mode::ALL.into_iter().find(|one| one.name() == mode).unwrap();
    let mut step = step(name, &definition.text(states.parse().unwrap()), mode);
    for _ in 0..times.parse::<u32>().unwrap() {
        step();
    }
}

/// The table of instructions, as multiples of what `serde_json` takes for the same bytes.
pub(crate) fn table() {
    println!("\ninstructions, as multiples of what serde_json takes; each step with those before it\n");
    print!("{:<10} {:>6} {:<15} {:>9}", "tasks", "states", "mode", "bytes");
    for name in STEPS {
        print!(" {name:>11}");
    }
    println!();
    for definition in &DEFINITIONS {
        for states in [6, 100, 1_000, 5_000] {
            for mode in Mode::ALL {
                let bytes = definition.text(states).len();
                print!("{:<10} {states:>6} {:<15} {bytes:>9}", definition.name, mode.name());
                let mut plain = None;
                for name in STEPS {
                    let (states, mode) = (states.to_string(), mode.name());
                    let counted = of_one_time(&[STEP, definition.name, &states, mode, name]);
                    match plain {
                        None => {
                            plain = Some(counted);
                            print!(" {:>9.2} M", millions(counted));
                        }
                        Some(plain) => print!(" {:>11.2}", millions(counted) / millions(plain)),
                    }
                }
                println!();
            }
        }
    }
}
