//! Definitions and hand-written policies: `compare/NAME` has the state machines that run with a role, its
//! policies, its boundary (`boundary.json`) and options (`options.json`) if there are any, and what differs
//! by the function `compare` (`result.txt`).

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::{Value as Json, json};
use sfniam::protocol::Provider;
use sfniam::protocol::value::Value;
use sfniam::provider::Sfniam;
use sfniam::work::Cancel;

use crate::support::arguments::{self, value};
use crate::support::{bless, compare_or_bless, files, tests_folder};

/// The most rows that may be undecided in all pairs together.
const MOST_UNDECIDED: usize = 5;

/// A test for each pair, and one for all of them.
pub(crate) fn trials() -> Vec<Trial> {
    let pairs: Vec<PathBuf> = folders();
    assert!(pairs.len() >= 40, "there are {} pairs", pairs.len());
    let mut trials: Vec<Trial> = pairs
        .iter()
        .cloned()
        .map(|pair| Trial::test(format!("compare/{}", name(&pair)), move || Ok(check(&pair)?)))
        .collect();
    trials.push(Trial::test("compare_leaves_little_undecided", move || Ok(few_are_undecided(&pairs)?)));
    trials
}

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(tests_folder().join("compare")).expect("the pairs");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders
}

fn name(pair: &Path) -> String {
    pair.file_name().expect("a name").to_string_lossy().into_owned()
}

fn check(pair: &Path) -> Result<(), String> {
    let texts = |beginning: &str| -> Vec<String> {
        let named = |file: &PathBuf| name(file).starts_with(beginning);
        let files = files(pair, ".json").into_iter().filter(named);
        files.map(|file| fs::read_to_string(file).expect("the file")).collect()
    };
    let machines: Vec<Json> =
        texts("machine").iter().map(|definition| json!({"definition": definition})).collect();
    let mut options =
        json!({"region": "eu-west-1", "account_id": "111122223333", "state_machine_name": "orders"});
    if let Some(boundary) = texts("boundary").pop() {
        options["permissions_boundary"] = boundary.into();
    }
    for own in texts("options") {
        let own: serde_json::Map<String, Json> = serde_json::from_str(&own).expect("an object");
        options.as_object_mut().expect("an object").extend(own);
    }
    let arguments = [json!(machines), json!(texts("policy")), options].map(|argument| value(&argument));
    let result = Sfniam::default().call_function("compare", &arguments, &Cancel::default());
    let result = result.map_err(|error| error.text)?;
    let lists = ["missing", "excess", "undecided"].map(|list| {
        let rows = result.get(list).as_list().expect("a list").iter();
        rows.map(|row| told(list, row)).collect::<String>()
    });
    let told = lists.concat();
    let told = if told.is_empty() { "nothing differs\n".to_owned() } else { told };
    compare_or_bless(&pair.join("result.txt"), &told)
}

/// A row, with all its members.
fn told(list: &str, row: &Value) -> String {
    let row = arguments::json(row);
    let joined = |list: &Json| {
        let texts = list.as_array().expect("a list").iter();
        texts.map(|text| text.as_str().expect("a string").to_owned()).collect::<Vec<_>>().join(", ")
    };
    let conditions = |list: &Json| -> String {
        let conditions = list.as_array().expect("a list").iter();
        let condition = |one: &Json| {
            let text = |member: &str| one[member].as_str().expect("a string").to_owned();
            format!(" if {} {} {}", text("operator"), text("key"), joined(&one["values"]))
        };
        conditions.map(condition).collect()
    };
    let grant = |row: &Json| {
        format!(
            "{} on {}{}",
            joined(&row["actions"]),
            joined(&row["resources"]),
            conditions(&row["conditions"])
        )
    };
    let word = |member: &str| row[member].as_str().map(str::to_owned);
    let (reason, severity) = (word("reason").expect("a reason"), word("severity").expect("a severity"));
    let mut lines = format!("{list} ({reason}, {severity}): {}\n", grant(&row));
    if let Some(machine) = word("machine") {
        let states = joined(&row["states"]);
        lines += &format!("  machine {machine}: {}\n", if states.is_empty() { "itself" } else { &states });
    }
    if let (Some(policy), Some(statement)) = (word("policy"), word("statement")) {
        lines += &format!("  policy {policy}, statement {statement}\n");
    }
    for enough in row["enough"].as_array().expect("a list") {
        let excluded = joined(&enough["not_resources"]);
        let except = if excluded.is_empty() { String::new() } else { format!(", except {excluded}") };
        lines += &format!("  enough: {}{except}\n", grant(enough));
    }
    lines
}

fn few_are_undecided(pairs: &[PathBuf]) -> Result<(), String> {
    if bless() {
        return Ok(());
    }
    let results = pairs.iter().map(|pair| fs::read_to_string(pair.join("result.txt")).unwrap_or_default());
    let lines: Vec<String> =
        results.flat_map(|result| result.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let undecided: Vec<&String> = lines.iter().filter(|line| line.starts_with("undecided ")).collect();
    let by_the_run = undecided.iter().all(|line| line.starts_with("undecided (some-resources,"));
    if undecided.is_empty() || undecided.len() > MOST_UNDECIDED || !by_the_run {
        return Err(format!("{undecided:#?}"));
    }
    Ok(())
}
