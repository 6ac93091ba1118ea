//! YAML as `jsonencode(yamldecode(…))` reads it, so that a file means the same here and in Terraform.
//!
//! The rules for scalars, keys, merges and aliases are those of go-cty-yaml 1.1.0, which Terraform and
//! OpenTofu have for `yamldecode`. Unlike there, a duplicate key in a mapping is rejected, because only one
//! of its values would count.

mod dialect;
mod number;
mod scalar;
mod timestamp;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::limits::{MAX_ALIASED_BYTES, MAX_DEPTH};
use super::tree::{Member, Node, Shape, Tree};
use super::{Unreadable, YamlProblem};
use scalar::{Scalar, core_tag};

/// A text in YAML as JSON, and where its values are. The content of an alias is at its anchor.
#[derive(Clone, Debug)]
pub(super) struct Yaml {
    pub(super) json: String,
    pub(super) tree: Tree,
}

impl Yaml {
    /// Reads the only document of a text.
    pub(super) fn read(text: &str) -> Result<Yaml, Unreadable> {
        dialect::check(text)?;
        let mut builder = Builder::new(text);
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| Unreadable {
                problem: YamlProblem::Syntax(error.info().to_owned()),
                offset: builder.byte(error.marker().index()),
            })?;
            let span = builder.bytes(span.start.index(), span.end.index());
            let offset = span.start;
            builder.take(event, span).map_err(|problem| Unreadable { problem, offset })?;
        }
        let root = builder.root.ok_or(Unreadable { problem: YamlProblem::Empty, offset: 0 })?;
        let json = write::json(&builder.nodes, &builder.scalars, root);
        Ok(Yaml { json, tree: rooted(builder.nodes, root) })
    }
}

/// The tree whose first node is the whole: the parser completes it last.
fn rooted(mut nodes: Vec<Node>, root: usize) -> Tree {
    let Some(whole) = nodes.get(root).cloned() else { return Tree::default() };
    // Nothing refers to the whole, so a copy in front moves the others by one.
    for node in &mut nodes {
        moved(&mut node.shape);
    }
    let mut whole = whole;
    moved(&mut whole.shape);
    nodes.insert(0, whole);
    Tree { nodes }
}

fn moved(shape: &mut Shape) {
    match shape {
        Shape::Scalar => {}
        Shape::Elements(elements) => elements.iter_mut().for_each(|at| *at += 1),
        Shape::Members(members) => members.iter_mut().for_each(|member| member.node += 1),
    }
}

/// The content of an alias; `None` while it is still being read.
type Anchored = Option<usize>;

struct Builder<'t> {
    text: &'t str,
    /// The byte offset of each character, if characters are not single bytes.
    bytes: Option<Vec<usize>>,
    nodes: Vec<Node>,
    /// The JSON of the scalars, by node.
    scalars: Vec<String>,
    /// Bytes of JSON and levels of each node, with the content of its aliases.
    sizes: Vec<(usize, usize)>,
    anchors: HashMap<usize, Anchored>,
    open: Vec<OpenCollection>,
    root: Option<usize>,
}

struct OpenCollection {
    anchor: usize,
    start: usize,
    inside: Inside,
}

enum Inside {
    Sequence(Vec<usize>),
    /// Whether a member comes from a merge, and the member.
    Mapping(BTreeMap<String, (bool, Member)>, Key),
}

/// The key that waits for its value.
enum Key {
    None,
    Merge,
    Named(String, Range<usize>),
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Builder {
            text,
            bytes,
            nodes: Vec::new(),
            scalars: Vec::new(),
            sizes: Vec::new(),
            anchors: HashMap::new(),
            open: Vec::new(),
            root: None,
        }
    }

    fn byte(&self, character: usize) -> usize {
        let end = self.text.len();
        match &self.bytes {
            None => character.min(end),
            Some(bytes) => bytes.get(character).copied().unwrap_or(end),
        }
    }

    /// A part of the text without the white space at its end.
    fn bytes(&self, start: usize, end: usize) -> Range<usize> {
        let (start, end) = (self.byte(start), self.byte(end));
        let text = self.text.get(start..end).unwrap_or_default();
        start..start + text.trim_end().len()
    }

    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), YamlProblem> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => match self.root {
                Some(_) => Err(YamlProblem::SecondDocument),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                if self.waits_for_key() {
                    return Err(YamlProblem::Key);
                }
                let node = self.anchors.get(&anchor).copied().flatten().ok_or(YamlProblem::Cycle)?;
                self.put(node)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(anchor, tag.as_deref(), "seq", span, Inside::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(anchor, tag.as_deref(), "map", span, Inside::Mapping(BTreeMap::new(), Key::None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&span),
        }
    }

    fn waits_for_key(&self) -> bool {
        matches!(self.open.last(), Some(OpenCollection { inside: Inside::Mapping(_, Key::None), .. }))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Result<(), YamlProblem> {
        if style == ScalarStyle::DoubleQuoted {
            dialect::check_escapes(self.text.get(span.clone()).unwrap_or_default())?;
        }
        let value = Scalar::read(text, style, tag)?;
        if let Some(OpenCollection { inside: Inside::Mapping(members, key @ Key::None), .. }) =
            self.open.last_mut()
        {
            *key = match value {
                Scalar::Merge => Key::Merge,
                other => {
                    let name = other.into_key().ok_or(YamlProblem::Key)?;
                    if members.get(&name).is_some_and(|(merged, _)| !merged) {
                        return Err(YamlProblem::DuplicateKey(name));
                    }
                    Key::Named(name, span)
                }
            };
            return Ok(());
        }
        let json = value.into_json(style);
        let size = (json.len() + 1, 1);
        let node = self.add(Node { span, shape: Shape::Scalar }, json, size);
        self.anchored(anchor, node);
        self.put(node)
    }

    fn begin(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        kind: &str,
        span: Range<usize>,
        inside: Inside,
    ) -> Result<(), YamlProblem> {
        if self.waits_for_key() {
            return Err(YamlProblem::Key);
        }
        if let Some(tag) = tag.filter(|tag| core_tag(tag).as_deref() != Some(kind)) {
            return Err(YamlProblem::Tag(tag.to_string()));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(YamlProblem::Depth(MAX_DEPTH));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(OpenCollection { anchor, start: span.start, inside });
        Ok(())
    }

    fn end(&mut self, span: &Range<usize>) -> Result<(), YamlProblem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (shape, children, keys) = match open.inside {
            Inside::Sequence(elements) => (Shape::Elements(elements.clone()), elements, 0),
            Inside::Mapping(members, _) => {
                let members: Vec<Member> = members.into_values().map(|(_, member)| member).collect();
                let children = members.iter().map(|member| member.node).collect();
                let keys = members.iter().map(|member| member.key.len() + 3).sum();
                (Shape::Members(members), children, keys)
            }
        };
        let (mut bytes, mut levels) = (keys + 3, 0);
        for child in children {
            let (own, deep) = self.sizes.get(child).copied().unwrap_or_default();
            bytes += own;
            levels = levels.max(deep);
        }
        let own = self.text.len().saturating_mul(6);
        if bytes > MAX_ALIASED_BYTES.saturating_add(own) {
            return Err(YamlProblem::Bomb(MAX_ALIASED_BYTES));
        }
        if levels >= MAX_DEPTH {
            return Err(YamlProblem::Depth(MAX_DEPTH));
        }
        let node = Node { span: open.start..span.end.max(open.start), shape };
        let node = self.add(node, String::new(), (bytes, levels + 1));
        self.anchored(open.anchor, node);
        self.put(node)
    }

    fn add(&mut self, node: Node, json: String, size: (usize, usize)) -> usize {
        self.nodes.push(node);
        self.scalars.push(json);
        self.sizes.push(size);
        self.nodes.len() - 1
    }

    fn anchored(&mut self, anchor: usize, node: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Some(node));
        }
    }

    /// Puts a value where one is expected.
    fn put(&mut self, node: usize) -> Result<(), YamlProblem> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.inside {
            Inside::Sequence(elements) => elements.push(node),
            Inside::Mapping(members, key) => match std::mem::replace(key, Key::None) {
                Key::None => return Err(YamlProblem::Key),
                Key::Named(key, key_span) => {
                    members.insert(key.clone(), (false, Member { key, key_span, node }));
                }
                Key::Merge => {
                    let merged = match self.nodes.get(node).map(|node| &node.shape) {
                        Some(Shape::Members(merged)) => merged,
                        Some(Shape::Elements(_)) => return Err(YamlProblem::Merge("a sequence")),
                        _ => return Err(YamlProblem::Merge("a scalar")),
                    };
                    for member in merged {
                        members.insert(member.key.clone(), (true, member.clone()));
                    }
                }
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
