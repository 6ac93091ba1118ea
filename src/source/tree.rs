//! Values by their positions in a text, the same for both formats.

use std::ops::Range;

/// All values of a text. The first is the whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// In bytes.
    pub(super) span: Range<usize>,
    pub(super) shape: Shape,
}

/// The content of a value.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Scalar,
    /// In the order of the text.
    Elements(Vec<usize>),
    /// In ascending order of the keys, and of the text where keys are the same.
    Members(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) key: String,
    /// In bytes.
    pub(super) key_span: Range<usize>,
    /// The value, by its position among the nodes.
    pub(super) node: usize,
}

impl Tree {
    /// The same with other keys.
    pub(super) fn renamed(mut self, name: &dyn Fn(String) -> String) -> Tree {
        for node in &mut self.nodes {
            if let Shape::Members(members) = &mut node.shape {
                for member in members.iter_mut() {
                    member.key = name(std::mem::take(&mut member.key));
                }
                members.sort_by(|one, other| one.key.cmp(&other.key));
            }
        }
        self
    }

    pub(super) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }
}
