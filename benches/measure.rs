//! Measures, side by side in one run: the generator beside serde_json reading the same bytes, and what a
//! process costs.
//!
//! It only tells. `make bench` runs it; with `SFNIAM_PEER` it measures that executable too, the same provider
//! on the crate tf-provider.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a tool that prints, and may end when something is wrong"
)]

#[allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    reason = "the request of the cases is all that is needed"
)]
#[path = "../tests/it/support/cases.rs"]
mod cases;
#[allow(dead_code, reason = "the certificate is all that is needed")]
#[path = "../tests/it/support/identity.rs"]
mod identity;
#[allow(dead_code, clippy::expect_used, reason = "the kinds are all that is needed")]
#[path = "../tests/it/support/kinds.rs"]
mod kinds;

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sfniam::asl::flow::{Assumptions, analyse};
use sfniam::asl::{self, Json};
use sfniam::generator::generate;
use sfniam::permissions::{Mode, requirements};
use sfniam::sdk::catalog;

use identity::Identity;

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

fn main() {
    look_ups();
    println!("\ngenerator: medians; in brackets how many times as long as serde_json takes\n");
    println!(
        "{:>8} {:>9} {:>12} {:>18} {:>18} {:>18}",
        "states", "bytes", "serde_json", "read as ASL", "and permissions", "whole answer"
    );
    for states in [100, 1_000, 5_000] {
        generator(states, &definition(states, mixed));
    }
    println!("the same with tasks of the AWS SDK alone");
    for states in [100, 1_000, 5_000] {
        generator(states, &definition(states, sdk));
    }
    growth();
    println!("\nprocess: medians of {STARTS} starts\n");
    println!("{:<28} {:>14} {:>14} {:>14}", "", "handshake", "peak memory", "executable");
    process("terraform-provider-sfniam", Path::new(env!("CARGO_BIN_EXE_terraform-provider-sfniam")));
    if let Some(peer) = std::env::var_os("SFNIAM_PEER") {
        process("on the crate tf-provider", &PathBuf::from(peer));
    }
}

/// How the time grows over a doubling of each kind of definition, and what a megabyte of it takes. An
/// exponent of 1 is linear, of 2 a square. Short runs are noisy: the law without a clock is
/// `tests/it/growth.rs`.
fn growth() {
    println!("\ngrowth: whole answers with least privilege, explanation included\n");
    println!("{:<52} {:>10} {:>10} {:>9} {:>12}", "", "500", "2000", "exponent", "at 1 MB");
    for kind in kinds::KINDS {
        let time = |count: usize| {
            let request = kind.request(count, Mode::LeastPrivilege);
            fastest(|| black_box(generate(&request).is_ok()))
        };
        let [one, two] = [500, 2_000].map(|count| time(count).as_secs_f64());
        let size = |count: usize| {
            let request = kind.request(count, Mode::LeastPrivilege);
            request.definition.len().max(request.input.map_or(0, |input| input.len()))
        };
        // Of kinds that do not grow with the definition, such as hints, there are as many as fit elsewhere.
        let per_item = (size(2_000) - size(1_000)) / 1_000;
        let megabyte = time(1_048_576_usize.checked_div(per_item).map_or(10_000, |count| count.max(1)));
        println!(
            "{:<52} {:>7.2} ms {:>7.2} ms {:>9.2} {:>9.1} ms",
            kind.name,
            one * 1e3,
            two * 1e3,
            (two / one).log(4.0),
            megabyte.as_secs_f64() * 1e3
        );
    }
}

/// The least of three runs.
fn fastest<T>(mut run: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        drop(black_box(run()));
        start.elapsed()
    };
    (0..3).map(time).min().unwrap()
}

/// The first look-up in each service, in one process: some of them unpack a block of the catalogue, in which
/// several services lie.
fn look_ups() {
    let look_up = |segment: &str| {
        let start = Instant::now();
        let service = catalog::service(segment).unwrap();
        black_box(service.operations().next().and_then(|name| service.operation(name)));
        start.elapsed()
    };
    let first: Vec<Duration> = catalog::segments().map(look_up).collect();
    let again: Vec<Duration> = catalog::segments().map(look_up).collect();
    println!(
        "look-up of an operation of the AWS SDK in each of {} services: first {:.2?} (slowest {:.2?}), again {:.2?}",
        first.len(),
        middle(first.clone()),
        first.iter().max().unwrap(),
        middle(again)
    );
}

fn generator(states: usize, definition: &Value) {
    let text = definition.to_string();
    let request = cases::request(&text, Mode::LeastPrivilege);
    let plain = median(|| black_box(serde_json::from_str::<Value>(&text).unwrap()));
    let read = median(|| {
        let json = Json::read(&text).unwrap();
        black_box(asl::parse(&json).0.states().len())
    });
    let permissions = median(|| {
        let json = Json::read(&text).unwrap();
        let machine = asl::parse(&json).0;
        let flow = analyse(&machine, &Assumptions::default());
        black_box(requirements(&machine, &flow, &request.settings).permissions.len())
    });
    let whole = median(|| black_box(generate(&request).unwrap().policy.to_json()));
    let beside = |time: Duration| format!("{:.2?} ({:.1})", time, time.as_secs_f64() / plain.as_secs_f64());
    println!(
        "{states:>8} {:>9} {plain:>12.2?} {:>18} {:>18} {:>18}",
        text.len(),
        beside(read),
        beside(permissions),
        beside(whole)
    );
}

/// A chain of states; `state` makes one of its number.
fn definition(states: usize, state: fn(usize) -> Value) -> Value {
    let mut members = serde_json::Map::new();
    for number in 0..states {
        let next = if number + 1 == states { json!(null) } else { json!(format!("State {}", number + 1)) };
        let mut state = state(number);
        match next {
            Value::Null => state["End"] = json!(true),
            next => state["Next"] = next,
        }
        members.insert(format!("State {number}"), state);
    }
    json!({"StartAt": "State 0", "States": members})
}

/// States as workflows have them: calls with retries, jobs, messages.
fn mixed(number: usize) -> Value {
    let target = number % 40;
    match number % 6 {
        0 | 3 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": format!("function-{target}"), "Payload": {"order.$": "$.order", "step": number}},
            "Retry": [{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2}],
            "ResultPath": "$.result"
        }),
        1 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:updateItem",
            "Parameters": {
                "TableName": format!("table-{target}"),
                "Key": {"id": {"S.$": "$.id"}},
                "UpdateExpression": "SET done = :done",
                "ExpressionAttributeValues": {":done": {"N.$": "States.Format('{}', $.number)"}}
            },
            "ResultPath": null
        }),
        2 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {
                "TopicArn.$": "States.Format('arn:aws:sns:eu-west-1:111122223333:topic-{}', $.kind)",
                "Message.$": "$.message"
            }
        }),
        4 => json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": {"JobName": "job", "JobQueue": format!("queue-{target}"), "JobDefinition": format!("definition-{target}:3")}
        }),
        _ => json!({"Type": "Pass", "Parameters": {"id.$": "$.id", "order.$": "$.order"}}),
    }
}

/// Tasks of the AWS SDK, of a few services as workflows have them.
fn sdk(number: usize) -> Value {
    let target = number % 40;
    let (api, parameters) = match number % 6 {
        0 => ("s3:getObject", json!({"Bucket": format!("bucket-{target}"), "Key.$": "$.key"})),
        1 => ("dynamodb:query", json!({"TableName": format!("table-{target}"), "IndexName": "by-date"})),
        2 => ("ec2:describeInstances", json!({"InstanceIds.$": "States.Array($.id)"})),
        3 => ("sfn:startExecution", json!({"StateMachineArn.$": "$.machine", "Input.$": "$.input"})),
        4 => ("secretsmanager:getSecretValue", json!({"SecretId": format!("secret-{target}")})),
        _ => (
            "rds:createDBSnapshot",
            json!({"DbInstanceIdentifier": format!("db-{target}"), "DbSnapshotIdentifier.$": "$.name"}),
        ),
    };
    json!({"Type": "Task", "Resource": format!("arn:aws:states:::aws-sdk:{api}"), "Parameters": parameters, "ResultPath": "$.result"})
}

/// The median of at least eleven runs, and of as many as half a second holds.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < 11 || begin.elapsed() < Duration::from_millis(500) {
        let start = Instant::now();
        drop(black_box(run()));
        times.push(start.elapsed());
    }
    middle(times)
}

fn middle<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort();
    values.get(values.len() / 2).copied().unwrap()
}

const STARTS: usize = 31;

/// From the start of the process to its handshake line; then what it has used at most; then its size on disk.
fn process(title: &str, executable: &Path) {
    let certificate = Identity::new(1).pem();
    let mut times = Vec::new();
    let mut peaks = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        let mut child = Command::new(executable)
            .env_clear()
            .envs([
                ("TF_PLUGIN_MAGIC_COOKIE", COOKIE),
                ("PLUGIN_PROTOCOL_VERSIONS", "6"),
                ("PLUGIN_CLIENT_CERT", &certificate),
            ])
            .envs([("PLUGIN_MIN_PORT", "10000"), ("PLUGIN_MAX_PORT", "25000")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        times.push(start.elapsed());
        assert!(line.starts_with("1|6|"), "{title} said {line:?}");
        peaks.extend(peak(child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let memory = if peaks.is_empty() {
        "unknown".to_owned()
    } else {
        format!("{:.1} MiB", mebibytes(middle(peaks) * 1024))
    };
    let size = std::fs::metadata(executable).unwrap().len();
    println!("{title:<28} {:>14.2?} {memory:>14} {:>10.1} MiB", middle(times), mebibytes(size));
}

/// Kibibytes, where the system tells.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
