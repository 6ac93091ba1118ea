//! From JSON pointers to positions in a text.

use std::borrow::Cow;
use std::ops::Range;

use super::json;
use super::position::{Lines, Position, Span};
use super::tree::{Member, Node, Shape, Tree};

/// The positions of the values in a text.
#[derive(Clone, Debug)]
pub struct Index<'t> {
    text: &'t str,
    tree: Tree,
    lines: Lines<'t>,
}

/// The place that a pointer leads to, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The key, quotes included; `None` for elements and the whole.
    pub key: Option<Range<usize>>,
    /// The value, quotes included.
    pub value: Range<usize>,
    /// Whether the value is neither an object nor an array.
    pub is_scalar: bool,
    /// Whether the pointer led only to an enclosing value.
    pub is_around: bool,
}

impl Found {
    /// The part to show: a scalar with its key; for an object or array, its key or its opening bracket.
    #[must_use]
    pub fn shown(&self) -> Range<usize> {
        match &self.key {
            Some(key) if self.is_scalar => key.start..self.value.end.max(key.end),
            Some(key) => key.clone(),
            None if self.is_scalar => self.value.clone(),
            None => self.value.start..self.value.end.min(self.value.start + 1),
        }
    }
}

impl<'t> Index<'t> {
    /// Indexes a JSON text; see [`super::Source::index`] for both formats.
    #[must_use]
    pub fn of_json(text: &'t str) -> Self {
        Index::new(text, json::scan(text).renamed(&|key| key))
    }

    pub(super) fn new(text: &'t str, tree: Tree) -> Self {
        Index { text, tree, lines: Lines::new(text) }
    }

    /// Where a JSON pointer leads, or the last existing value on the way. `None` if there is no value at all.
    #[must_use]
    pub fn find(&self, pointer: &str) -> Option<Found> {
        let mut node = self.tree.node(0)?;
        let mut key = None;
        let mut is_around = false;
        for segment in pointer.split('/').skip(1) {
            let Some((next, next_key)) = self.child(node, &unescaped(segment)) else {
                is_around = true;
                break;
            };
            (node, key) = (next, next_key);
        }
        let is_scalar = matches!(node.shape, Shape::Scalar);
        Some(Found { key, value: node.span.clone(), is_scalar, is_around })
    }

    fn child(&self, node: &Node, segment: &str) -> Option<(&Node, Option<Range<usize>>)> {
        match &node.shape {
            Shape::Scalar => None,
            Shape::Elements(elements) => {
                let at: usize = segment.parse().ok()?;
                Some((self.tree.node(*elements.get(at)?)?, None))
            }
            Shape::Members(members) => {
                let at = members.partition_point(|member| member.key.as_str() < segment);
                let member = members.get(at).filter(|member| member.key == segment)?;
                Some((self.tree.node(member.node)?, Some(member.key_span.clone())))
            }
        }
    }

    /// The second of the keys that are the same in the object that a pointer leads to.
    #[must_use]
    pub fn duplicate(&self, pointer: &str) -> Option<Range<usize>> {
        let mut node = self.tree.node(0)?;
        for segment in pointer.split('/').skip(1) {
            node = self.child(node, &unescaped(segment))?.0;
        }
        let Shape::Members(members) = &node.shape else { return None };
        let twice = |pair: &&[Member]| matches!(pair, [one, other] if one.key == other.key);
        members.windows(2).find(twice)?.get(1).map(|member| member.key_span.clone())
    }

    /// The scalars and keys with their bytes, in the order of the text.
    #[must_use]
    pub fn texts(&self) -> Vec<(Range<usize>, &'t str)> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for node in &self.tree.nodes {
            match &node.shape {
                Shape::Scalar => spans.push(node.span.clone()),
                Shape::Members(members) => spans.extend(members.iter().map(|member| member.key_span.clone())),
                Shape::Elements(_) => {}
            }
        }
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup();
        spans.into_iter().map(|span| (span.clone(), self.text(&span))).collect()
    }

    /// A part of the text.
    #[must_use]
    pub fn text(&self, bytes: &Range<usize>) -> &'t str {
        self.text.get(bytes.clone()).unwrap_or_default()
    }

    /// Bytes as lines and columns.
    #[must_use]
    pub fn span(&self, bytes: &Range<usize>) -> Span {
        Span { start: self.lines.position(bytes.start), end: self.lines.position(bytes.end) }
    }

    /// The byte of a position.
    #[must_use]
    pub fn byte(&self, position: Position) -> usize {
        self.lines.byte(position)
    }
}

/// A segment of a JSON pointer as the key that it names (RFC 6901).
fn unescaped(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
}
