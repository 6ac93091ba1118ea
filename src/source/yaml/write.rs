//! The JSON of values.

use crate::source::tree::{Node, Shape};

/// The JSON of a node. Its depth is bounded where the nodes are created.
pub(super) fn json(nodes: &[Node], scalars: &[String], root: usize) -> String {
    let mut out = String::new();
    value(nodes, scalars, root, &mut out);
    out
}

fn value(nodes: &[Node], scalars: &[String], at: usize, out: &mut String) {
    match nodes.get(at).map(|node| &node.shape) {
        None => {}
        Some(Shape::Scalar) => out.push_str(scalars.get(at).map(String::as_str).unwrap_or_default()),
        Some(Shape::Elements(elements)) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                value(nodes, scalars, *element, out);
            }
            out.push(']');
        }
        Some(Shape::Members(members)) => {
            out.push('{');
            for (position, member) in members.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                out.push_str(&string(&member.key));
                out.push(':');
                value(nodes, scalars, member.node, out);
            }
            out.push('}');
        }
    }
}

/// A text as a string of JSON.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
