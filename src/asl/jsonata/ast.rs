//! An expression, read: paths flat, predicates at their steps.

use std::rc::Rc;

use crate::asl::Str;

/// A piece of an expression with its place.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: NodeKind<'a>,
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// Byte offset after its last character.
    pub(super) end: usize,
    /// What follows it. Boxed, because few nodes have any of it and large definitions have many nodes.
    after: Option<Box<After<'a>>>,
    /// `[]` after it: an array of one stays an array.
    pub(super) keep: bool,
    /// An array constructor at an end of a path, or a block with one: its array is not flattened.
    pub(super) cons: bool,
}

/// What follows a node.
#[derive(Debug, Default)]
pub(super) struct After<'a> {
    /// `[…]` after something that is not a step of a path.
    pub(super) predicates: Vec<Node<'a>>,
    /// `[…]` after a step of a path: applied to each of the step's results, which are not unwrapped before
    /// they join the others.
    pub(super) stages: Vec<Node<'a>>,
    /// `{…}` after it.
    pub(super) group: Option<Vec<(Node<'a>, Node<'a>)>>,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum NodeKind<'a> {
    Null,
    Bool(bool),
    Number(f64),
    String(Str<'a>),
    Name(Str<'a>),
    /// Empty for the context, `$` for the root.
    Variable(&'a str),
    Path {
        steps: Vec<Node<'a>>,
        keep_singleton: bool,
    },
    /// The `^(…)` step of a path; true for descending terms.
    Sort(Vec<(Node<'a>, bool)>),
    Wildcard,
    Descendant,
    /// What is parsed but never evaluated: `%` and regular expressions.
    Opaque,
    Concat(Vec<Node<'a>>),
    Binary(Infix, Box<(Node<'a>, Node<'a>)>),
    Negate(Box<Node<'a>>),
    Range(Box<(Node<'a>, Node<'a>)>),
    Array(Vec<Node<'a>>),
    Object(Vec<(Node<'a>, Node<'a>)>),
    Block(Vec<Node<'a>>),
    Condition {
        test: Box<Node<'a>>,
        then: Box<Node<'a>>,
        otherwise: Option<Box<Node<'a>>>,
    },
    Bind(&'a str, Box<Node<'a>>),
    Call {
        function: Box<Node<'a>>,
        arguments: Vec<Node<'a>>,
    },
    /// A call with `?` (`None`) for some of its arguments.
    Partial {
        function: Box<Node<'a>>,
        arguments: Vec<Option<Node<'a>>>,
    },
    Lambda(Rc<Lambda<'a>>),
    Chain(Box<(Node<'a>, Node<'a>)>),
    Transform,
}

/// `function($a, $b){ … }`.
#[derive(Debug)]
pub(super) struct Lambda<'a> {
    pub(super) parameters: Vec<&'a str>,
    /// A signature changes arguments on the way in.
    pub(super) has_signature: bool,
    pub(super) body: Node<'a>,
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Infix {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    In,
}

impl<'a> Node<'a> {
    pub(super) fn new(kind: NodeKind<'a>, start: usize, end: usize) -> Self {
        Node { kind, start, end, after: None, keep: false, cons: false }
    }

    /// See [`After::predicates`].
    pub(super) fn predicates(&self) -> &[Node<'a>] {
        self.after.as_ref().map_or(&[], |after| &after.predicates)
    }

    /// Whether it joins literals and paths of names, and does nothing else.
    pub(super) fn is_text_around_values(&self) -> bool {
        let is_plain = |node: &Node<'a>| node.after.is_none();
        let is_step = |step: &Node<'a>| {
            is_plain(step) && matches!(step.kind, NodeKind::Name(_) | NodeKind::Variable(_))
        };
        let is_value = |part: &Node<'a>| match &part.kind {
            NodeKind::String(_) | NodeKind::Variable(_) => is_plain(part),
            NodeKind::Path { steps, .. } => is_plain(part) && steps.iter().all(is_step),
            _ => false,
        };
        matches!(&self.kind, NodeKind::Concat(parts) if is_plain(self) && parts.iter().all(is_value))
    }

    /// See [`After::stages`].
    pub(super) fn stages(&self) -> &[Node<'a>] {
        self.after.as_ref().map_or(&[], |after| &after.stages)
    }

    /// See [`After::group`].
    pub(super) fn group(&self) -> Option<&[(Node<'a>, Node<'a>)]> {
        self.after.as_ref()?.group.as_deref()
    }

    /// What follows it, to add to it.
    pub(super) fn after(&mut self) -> &mut After<'a> {
        self.after.get_or_insert_default()
    }

    /// Takes the group away.
    pub(super) fn take_group(&mut self) -> Option<Vec<(Node<'a>, Node<'a>)>> {
        self.after.as_mut()?.group.take()
    }

    /// Predicates of what has become a step of a path are stages.
    pub(super) fn become_step(&mut self) {
        if let Some(after) = &mut self.after {
            after.stages = std::mem::take(&mut after.predicates);
        }
    }

    /// Gives back the memory that was taken in advance while it was read.
    pub(super) fn shrink(&mut self) {
        if let Some(after) = &mut self.after {
            shrink(&mut after.predicates);
            shrink(&mut after.stages);
            after.group.iter_mut().for_each(shrink_pairs);
        }
        match &mut self.kind {
            NodeKind::Path { steps: nodes, .. }
            | NodeKind::Concat(nodes)
            | NodeKind::Array(nodes)
            | NodeKind::Block(nodes) => {
                shrink(nodes);
            }
            NodeKind::Sort(terms) => {
                terms.shrink_to_fit();
                terms.iter_mut().for_each(|(node, _)| node.shrink());
            }
            NodeKind::Object(pairs) => shrink_pairs(pairs),
            NodeKind::Binary(_, sides) | NodeKind::Range(sides) | NodeKind::Chain(sides) => {
                sides.0.shrink();
                sides.1.shrink();
            }
            NodeKind::Negate(node) | NodeKind::Bind(_, node) => node.shrink(),
            NodeKind::Condition { test, then, otherwise } => {
                test.shrink();
                then.shrink();
                otherwise.iter_mut().for_each(|node| node.shrink());
            }
            NodeKind::Call { function, arguments } => {
                function.shrink();
                shrink(arguments);
            }
            NodeKind::Partial { function, arguments } => {
                function.shrink();
                arguments.shrink_to_fit();
                arguments.iter_mut().flatten().for_each(Node::shrink);
            }
            NodeKind::Lambda(lambda) => {
                if let Some(lambda) = Rc::get_mut(lambda) {
                    lambda.parameters.shrink_to_fit();
                    lambda.body.shrink();
                }
            }
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Number(_)
            | NodeKind::String(_)
            | NodeKind::Name(_)
            | NodeKind::Variable(_)
            | NodeKind::Wildcard
            | NodeKind::Descendant
            | NodeKind::Opaque
            | NodeKind::Transform => {}
        }
    }
}

fn shrink(nodes: &mut Vec<Node<'_>>) {
    nodes.shrink_to_fit();
    nodes.iter_mut().for_each(Node::shrink);
}

fn shrink_pairs(pairs: &mut Vec<(Node<'_>, Node<'_>)>) {
    pairs.shrink_to_fit();
    for (one, two) in pairs {
        one.shrink();
        two.shrink();
    }
}
