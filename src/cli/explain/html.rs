//! A report as one HTML file, without scripts and without requests, which its Content-Security-Policy
//! enforces.

use std::collections::HashMap;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::graph::{Flow, Node, Reach, Way};
use super::layout::{Line, Picture, Placed};
use super::select::Actions;
use super::svg::{cut, path};
use super::words::{nothing, reasons};
use crate::cli::answers::Answered;
use crate::finding::{escaped, state_pointer};
use crate::generator::Explanation;

const STYLE: &str = include_str!("report/report.css");

/// The whole page.
#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: String,
    style: &'static str,
    /// SHA-256 of the style in Base64: the browser applies no other style.
    style_hash: String,
    legend: [(&'static str, &'static str, &'static str); 4],
    /// The classes of the heads of arrows.
    heads: [&'static str; 2],
    machines: Vec<MachineSection>,
}

struct MachineSection {
    id: String,
    file: String,
    facts: String,
    /// The text if there is nothing to explain.
    note: String,
    reach: Pill,
    width: i32,
    height: i32,
    boxes: Vec<StateBox>,
    lines: Vec<DrawnEdge>,
    dots: Vec<DrawnDot>,
    statements: Vec<Statement>,
    states: Vec<State>,
    findings: Vec<String>,
    documents: Vec<(String, String)>,
}

/// How far something reaches, as a class and in a word.
#[derive(Clone, Copy)]
struct Pill {
    class: &'static str,
    word: &'static str,
}

struct StateBox {
    id: String,
    card: String,
    class: String,
    label: String,
    name: String,
    what: String,
    reach: &'static str,
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

struct DrawnEdge {
    class: &'static str,
    head: &'static str,
    path: String,
}

struct DrawnDot {
    class: &'static str,
    x: i32,
    y: i32,
}

struct Statement {
    id: String,
    number: usize,
    effect: &'static str,
    reach: Pill,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<String>,
    rows: Vec<StatementPart>,
}

struct State {
    id: String,
    box_id: String,
    name: String,
    path: String,
    what: String,
    reach: Pill,
    rows: Vec<StatementPart>,
    findings: Vec<String>,
}

/// A part of a statement, and what needs it.
struct StatementPart {
    actions: String,
    resources: Vec<String>,
    integration: String,
    states: Vec<Link>,
    docs: String,
    reasons: Vec<String>,
    statement: usize,
    statement_id: String,
}

struct Link {
    id: String,
    text: String,
}

/// The page about some files.
pub(super) fn printed(answers: &[Answered], actions: &Actions) -> String {
    let title = match answers {
        [one] => format!("Permissions of {}", escaped(&one.file)),
        several => format!("Permissions of {} state machines", several.len()),
    };
    let page = Page {
        title,
        style: STYLE,
        style_hash: STANDARD.encode(Sha256::digest(STYLE)),
        legend: [
            ("named", "named", "every resource is named wholly"),
            ("aws", "required by AWS", "a wildcard without which AWS does not allow it"),
            ("open", "open", "a wildcard for what is not known or was left open"),
            ("none", "no permission", "the state needs nothing"),
        ],
        heads: ["next", "catch"],
        machines: answers.iter().enumerate().map(|(at, one)| machine(at, one, actions)).collect(),
    };
    // Writing to a String cannot fail.
    page.render().unwrap_or_default()
}

const fn pill(reach: Reach) -> Pill {
    let word = match reach {
        Reach::Nothing => "no permission",
        Reach::Named => "named",
        Reach::Aws => "required by AWS",
        Reach::Open => "open",
    };
    Pill { class: reach.name(), word }
}

fn machine(at: usize, answered: &Answered, actions: &Actions) -> MachineSection {
    let id = format!("m{at}");
    let output = &answered.output;
    let empty = Flow { start: None, nodes: Vec::new(), edges: Vec::new() };
    let flow = Flow::of(answered).unwrap_or(empty);
    let picture = Picture::of(&flow);
    let nodes = flow.all();
    let known: HashMap<&str, usize> = nodes.iter().map(|node| (node.path.as_str(), node.id)).collect();
    let rows: Vec<StatementPart> = output.explanation.iter().map(|row| explained(&id, row, &known)).collect();
    let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); output.policy.rows().len()];
    for (at, row) in output.explanation.iter().enumerate() {
        if let Some(list) = rows_of.get_mut(row.statement) {
            list.push(at);
        }
    }
    let mut findings: HashMap<&str, Vec<String>> = HashMap::new();
    for finding in &output.findings {
        findings.entry(state_pointer(&finding.place.pointer)).or_default().push(finding.message());
    }
    let pick = |positions: &[usize]| {
        positions.iter().filter_map(|at| rows.get(*at)).map(StatementPart::copy).collect()
    };
    let reach = output.explanation.iter().map(Reach::of).max().unwrap_or(Reach::Nothing);
    let statements = output.policy.rows().into_iter().zip(rows_of).enumerate();
    let statements = statements.filter(|(_, (_, rows))| actions.are_all() || !rows.is_empty());
    MachineSection {
        facts: format!(
            "{} states, {} statements of {} characters, mode {}",
            nodes.len(),
            output.policy.rows().len(),
            output.size,
            answered.request.settings.mode.name()
        ),
        file: escaped(&answered.file).into_owned(),
        note: nothing(output, actions).map(|note| escaped(&note).into_owned()).unwrap_or_default(),
        reach: pill(reach),
        width: picture.width,
        height: picture.height,
        boxes: picture.boxes.iter().map(|one| state_box(&id, one)).collect(),
        lines: picture.lines.iter().map(edge).collect(),
        dots: picture
            .dots
            .iter()
            .map(|dot| DrawnDot { class: if dot.is_end { "end" } else { "start" }, x: dot.x, y: dot.y })
            .collect(),
        statements: statements
            .map(|(number, ((effect, statement), rows))| Statement {
                id: format!("{id}-statement-{number}"),
                number,
                effect: effect.name(),
                reach: pill(
                    rows.iter()
                        .filter_map(|at| output.explanation.get(*at))
                        .map(Reach::of)
                        .max()
                        .unwrap_or(Reach::Nothing),
                ),
                actions: statement.actions,
                resources: texts(&statement.resources),
                conditions: statement
                    .conditions
                    .iter()
                    .map(|one| {
                        escaped(&format!("{} {} {}", one.key, one.operator.name(), one.texts().join(" or ")))
                            .into_owned()
                    })
                    .collect(),
                rows: pick(&rows),
            })
            .collect(),
        states: nodes
            .iter()
            .map(|node| State {
                id: format!("{id}-state-{}", node.id),
                box_id: format!("{id}-box-{}", node.id),
                name: escaped(&node.name).into_owned(),
                path: escaped(&node.path).into_owned(),
                what: what(node),
                reach: pill(node.reach),
                rows: pick(&node.rows),
                findings: findings.remove(node.pointer.as_str()).unwrap_or_default(),
            })
            .collect(),
        findings: findings.remove("").unwrap_or_default(),
        documents: documents(answered),
        id,
    }
}

fn documents(answered: &Answered) -> Vec<(String, String)> {
    let output = &answered.output;
    let mut documents =
        vec![("The policy of the execution role".to_owned(), output.policy.json().to_owned())];
    for (role, policy) in &output.assumed {
        documents.push((
            format!("The policy of the role {}, which tasks assume", escaped(role)),
            policy.json().to_owned(),
        ));
    }
    documents.extend(
        output
            .callback
            .as_ref()
            .map(|policy| ("The policy of the workers".to_owned(), policy.json().to_owned())),
    );
    documents
        .iter()
        .map(|(name, text)| {
            (name.clone(), text.lines().map(|line| escaped(line).into_owned() + "\n").collect())
        })
        .collect()
}

fn explained(id: &str, row: &Explanation, known: &HashMap<&str, usize>) -> StatementPart {
    let states = row.states.iter().filter_map(|(path, _)| {
        let number = known.get(path.as_str())?;
        Some(Link { id: format!("{id}-state-{number}"), text: escaped(path).into_owned() })
    });
    StatementPart {
        actions: row.actions.join(", "),
        resources: texts(&row.resources),
        integration: escaped(&row.integration).into_owned(),
        states: states.collect(),
        docs: row.docs.clone(),
        reasons: texts(&reasons(row)),
        statement: row.statement,
        statement_id: format!("{id}-statement-{}", row.statement),
    }
}

fn texts(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| escaped(text).into_owned()).collect()
}

/// What a state is and calls.
fn what(node: &Node) -> String {
    let what =
        if node.calls.is_empty() { node.kind.to_owned() } else { format!("{}: {}", node.kind, node.calls) };
    escaped(&what).into_owned()
}

fn state_box(id: &str, placed: &Placed<'_>) -> StateBox {
    let Placed { node, x, y, width, height } = *placed;
    let is_group = node.flows.iter().any(|flow| !flow.nodes.is_empty());
    let what = if node.calls.is_empty() { node.kind } else { node.calls.as_str() };
    let reach = match node.reach {
        Reach::Nothing => "",
        Reach::Named => "named",
        Reach::Aws => "AWS",
        Reach::Open => "open",
    };
    StateBox {
        id: format!("{id}-box-{}", node.id),
        card: format!("{id}-state-{}", node.id),
        class: format!("{}{}", node.reach.name(), if is_group { " group" } else { "" }),
        label: format!("{}: {}, {}", escaped(&node.name), self::what(node), pill(node.reach).word),
        name: cut(&escaped(&node.name), width - 24, 8),
        what: cut(&escaped(what), width - 62, 7),
        reach,
        x,
        y,
        width,
        height,
    }
}

fn edge(line: &Line) -> DrawnEdge {
    let (class, head) = match line.way {
        Way::Next | Way::Rule => ("next", "next"),
        Way::Default => ("default", "next"),
        Way::Catch => ("catch", "catch"),
    };
    DrawnEdge { class, head, path: path(&line.points) }
}

impl StatementPart {
    fn copy(&self) -> StatementPart {
        StatementPart {
            actions: self.actions.clone(),
            resources: self.resources.clone(),
            integration: self.integration.clone(),
            states: self
                .states
                .iter()
                .map(|link| Link { id: link.id.clone(), text: link.text.clone() })
                .collect(),
            docs: self.docs.clone(),
            reasons: self.reasons.clone(),
            statement: self.statement,
            statement_id: self.statement_id.clone(),
        }
    }
}
