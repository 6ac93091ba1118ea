//! The state machine as a diagram of Mermaid, which GitHub draws in pull requests.
//!
//! Names of users are only in labels between double quotes, and every character there that is not a letter, a
//! digit or a blank is written as an entity code of Mermaid: nothing can end the label or be markup.
//!
//! Source: "Flowcharts - Basic Syntax" of Mermaid, "Entity codes to escape characters".

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::graph::{Flow, Node, Reach, Way};
use crate::cli::limits::MAX_LABEL_CHARACTERS;
use crate::finding::escaped;

/// The colours of each reach: fill, border, text. Legible on a light and on a dark background, because the
/// text is on the fill.
const STYLES: [(Reach, &str); 4] = [
    (Reach::Nothing, "fill:#f1f3f5,stroke:#868e96,color:#212529"),
    (Reach::Named, "fill:#d3f9d8,stroke:#2b8a3e,color:#0b3d17"),
    (Reach::Aws, "fill:#fff3bf,stroke:#b06f00,color:#4a3000,stroke-dasharray:5 3"),
    (Reach::Open, "fill:#ffe3e3,stroke:#c92a2a,color:#5c0d0d,stroke-width:3px"),
];

/// The diagram of state machines, with the names of their files where there are several.
pub(super) fn printed(machines: &[(&str, Flow)]) -> String {
    let mut out = String::from("flowchart TD\n");
    let mut classes: BTreeMap<Reach, Vec<String>> = BTreeMap::new();
    for (number, (file, flow)) in machines.iter().enumerate() {
        let prefix = if machines.len() > 1 { format!("m{number}") } else { String::new() };
        if machines.len() > 1 {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "  subgraph {prefix}[\"{}\"]", label(file));
        }
        write_flow(&mut out, flow, &prefix, "start", 1, &mut classes);
        if machines.len() > 1 {
            out.push_str("  end\n");
        }
    }
    for (reach, style) in STYLES {
        if let Some(ids) = classes.get(&reach) {
            let _ = writeln!(out, "  classDef {} {style}", reach.name());
            let _ = writeln!(out, "  class {} {}", ids.join(","), reach.name());
        }
    }
    out
}

fn write_flow(
    out: &mut String,
    flow: &Flow,
    prefix: &str,
    start: &str,
    depth: usize,
    classes: &mut BTreeMap<Reach, Vec<String>>,
) {
    let indent = "  ".repeat(depth);
    let id = |at: usize| flow.nodes.get(at).map(|node| format!("{prefix}s{}", node.id));
    for node in &flow.nodes {
        let own = format!("{prefix}s{}", node.id);
        classes.entry(node.reach).or_default().push(own.clone());
        if node.flows.iter().all(|flow| flow.nodes.is_empty()) {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{indent}{own}[\"{}\"]", lines(node));
            continue;
        }
        let _ = writeln!(out, "{indent}subgraph {own}[\"{}\"]", lines(node));
        for (number, inner) in node.flows.iter().enumerate() {
            if node.flows.len() == 1 {
                write_flow(out, inner, prefix, &format!("{own}i"), depth + 1, classes);
                continue;
            }
            let _ = writeln!(out, "{indent}  subgraph {own}b{number}[\"branch {}\"]", number + 1);
            write_flow(out, inner, prefix, &format!("{own}b{number}i"), depth + 2, classes);
            let _ = writeln!(out, "{indent}  end");
        }
        let _ = writeln!(out, "{indent}end");
    }
    if let Some(first) = flow.start.and_then(id) {
        let _ = writeln!(out, "{indent}{prefix}{start}((\" \")) --> {first}");
    }
    for edge in &flow.edges {
        let (Some(from), Some(to)) = (id(edge.from), id(edge.to)) else { continue };
        let arrow = match edge.way {
            Way::Next | Way::Rule => "-->",
            Way::Default => "-->|default|",
            Way::Catch => "-. catch .->",
        };
        let _ = writeln!(out, "{indent}{from} {arrow} {to}");
    }
}

/// The name of a state, what it is, and how far it reaches.
fn lines(node: &Node) -> String {
    let what = if node.calls.is_empty() { node.kind } else { node.calls.as_str() };
    let mut text = format!("{}<br/>{}", label(&node.name), label(what));
    if node.reach == Reach::Open {
        let open =
            if node.open.is_empty() { "open".to_owned() } else { format!("open: {}", node.open.join(", ")) };
        let _ = write!(text, "<br/>{}", label(&open));
    }
    text
}

/// A text in which nothing acts as markup in a label.
fn label(text: &str) -> String {
    let cut: String = match text.char_indices().nth(MAX_LABEL_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    };
    let mut made = String::new();
    for one in escaped(&cut).chars() {
        if one.is_alphanumeric() || one == ' ' {
            made.push(one);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(made, "#{};", u32::from(one));
        }
    }
    if made.trim().is_empty() { "#32;".to_owned() } else { made }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_label() {
        for hostile in [
            "\"]; click s0 href \"x",
            "<img src=x>",
            "a\n  end",
            "`**b**`",
            "#quot;",
            "%%{init}%%",
            "{}|()",
            "\u{202e}x",
            "$$x$$",
        ] {
            let label = label(hostile);
            let mut rest = label.as_str();
            while let Some((before, after)) = rest.split_once('#') {
                assert!(before.chars().all(|one| one.is_alphanumeric() || one == ' '), "{label}");
                let (digits, after) = after.split_once(';').unwrap();
                assert!(!digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit()), "{label}");
                rest = after;
            }
            assert!(rest.chars().all(|one| one.is_alphanumeric() || one == ' '), "{label}");
        }
        assert_eq!(label("Ship it"), "Ship it");
        assert_eq!(label("sns:publish"), "sns#58;publish");
    }
}
