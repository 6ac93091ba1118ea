//! `explain`: which states need what, and why each wildcard is there, for people.

mod denied;
mod graph;
mod html;
mod layout;
mod markdown;
mod mermaid;
mod ranks;
mod select;
mod svg;
mod text;
mod words;

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::Value as Json;

use crate::finding::{escaped, escaped_json, markdown as plain};
use crate::protocol::schema::Block;
use crate::provider;

use super::answers::{Answered, answered};
use super::print::refused;
use super::refusal::Refusal;
use super::{json, options};
use denied::{Message, MessageAnswer};
use graph::Flow;
use select::Actions;

const TEXT: &str = "text";
const MARKDOWN: &str = "markdown";
const JSON: &str = "json";
const HTML: &str = "html";
const MERMAID: &str = "mermaid";

/// The command, without the argument for files.
pub(super) fn command(block: &Block) -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value(TEXT)
        .value_parser(PossibleValuesParser::new([TEXT, MARKDOWN, JSON, HTML, MERMAID]))
        .help("How to print it: html is a report in one file, mermaid a diagram that GitHub renders");
    let action = Arg::new("action")
        .long("action")
        .value_name("PATTERN")
        .action(ArgAction::Append)
        .help("Only actions that match an IAM pattern, such as s3:* or *:Get*; may be repeated");
    let denied = Arg::new("denied")
        .long("denied")
        .value_name("MESSAGE")
        .conflicts_with("action")
        .help(
            "The message of an AccessDenied error: says which state needs the action and on what, and whether the policy allows it",
        );
    Command::new("explain")
        .about("Explain which states need each statement and why its wildcards are there")
        .args([format, action, denied])
        .args(options::options(block))
}

/// Runs the command.
pub(super) fn run(block: &Block, matches: &ArgMatches) -> ExitCode {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let format = text("format").unwrap_or(TEXT);
    let actions = matches.get_many::<String>("action").unwrap_or_default();
    let question = match text("denied") {
        Some(_) if format == HTML || format == MERMAID => {
            Err(Refusal::NoPicture { format: format.to_owned() })
        }
        Some(message) => Message::read(message).map(Question::Denied),
        None => Actions::read(actions).map(Question::Explain),
    };
    match question {
        Err(refusal) => refused(&refusal),
        Ok(question) => answered(block, matches, &|request| request.explain = true, &|answers| {
            printed(format, &question, answers)
        }),
    }
}

/// The question about the policies.
enum Question {
    /// What they contain about these actions.
    Explain(Actions),
    /// Why AWS denied something.
    Denied(Message),
}

fn printed(format: &str, question: &Question, mut answers: Vec<Answered>) -> String {
    match question {
        Question::Explain(actions) => {
            for answer in &mut answers {
                actions.keep(&mut answer.output);
            }
            explained(format, actions, &answers)
        }
        Question::Denied(message) => {
            let told: Vec<(&str, MessageAnswer)> =
                answers.iter().map(|one| (one.file.as_str(), message.judge(one))).collect();
            match format {
                JSON => of_files(told.iter().map(|(file, told)| (*file, told.json())).collect()),
                MARKDOWN => parts(told.iter().map(|(file, told)| (*file, told.markdown())), "### ", &plain),
                _ => parts(told.iter().map(|(file, told)| (*file, told.text())), "", &|file| {
                    escaped(file).into_owned()
                }),
            }
        }
    }
}

fn explained(format: &str, actions: &Actions, answers: &[Answered]) -> String {
    let explanation = |one: &Answered| json::write(&provider::explanation(&one.output));
    let files = answers.iter().map(|one| (one.file.as_str(), one));
    match format {
        HTML => html::printed(answers, actions),
        MERMAID => {
            let machines: Vec<(&str, Flow)> =
                answers.iter().filter_map(|one| Some((one.file.as_str(), Flow::of(one)?))).collect();
            mermaid::printed(&machines)
        }
        JSON => of_files(files.map(|(file, one)| (file, explanation(one))).collect()),
        MARKDOWN => {
            let part = |(file, one): (_, &Answered)| (file, markdown::printed(&one.output, actions));
            parts(files.map(part), "### ", &plain)
        }
        _ => {
            let part = |(file, one): (_, &Answered)| (file, text::printed(&one.output, actions));
            parts(files.map(part), "", &|file| escaped(file).into_owned())
        }
    }
}

/// The value of one file, or an object with those of several by their names.
fn of_files(values: Vec<(&str, Json)>) -> String {
    let value = match <[(&str, Json); 1]>::try_from(values) {
        Ok([(_, value)]) => value,
        Err(values) => {
            let members = values.into_iter().map(|(file, value)| (file.to_owned(), value));
            Json::Object(members.collect())
        }
    };
    escaped_json(&format!("{value:#}")).into_owned() + "\n"
}

/// The text of one file, or those of several, each below its name.
fn parts<'f>(
    texts: impl Iterator<Item = (&'f str, String)>,
    before: &str,
    name: &dyn Fn(&str) -> String,
) -> String {
    let texts: Vec<(&str, String)> = texts.collect();
    match texts.as_slice() {
        [(_, text)] => text.clone(),
        several => {
            let part = |(file, text): &(&str, String)| {
                format!("{before}{}\n\n{}\n\n", name(file), text.trim_end_matches('\n'))
            };
            let all: String = several.iter().map(part).collect();
            format!("{}\n", all.trim_end_matches('\n'))
        }
    }
}
