//! An expression, read: paths flat, predicates at their steps.

use std::rc::Rc;

use crate::asl::Str;

/// A piece of an expression with its place.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind<'a>,
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// Byte offset after its last character.
    pub(super) end: usize,
    /// `[…]` after something that is no step of a path.
    pub(super) predicates: Vec<Node<'a>>,
    /// `[…]` after a step of a path: applied to each of the step's results, which are not unwrapped before
    /// they join the others.
    pub(super) stages: Vec<Node<'a>>,
    /// `{…}` after it.
    pub(super) group: Option<Vec<(Node<'a>, Node<'a>)>>,
    /// `[]` after it: an array of one stays an array.
    pub(super) keep: bool,
    /// An array constructor at an end of a path, or a block with one: its array is not flattened.
    pub(super) cons: bool,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind<'a> {
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
    /// What is read but never worked out: `%` and regular expressions.
    Opaque,
    Concat(Vec<Node<'a>>),
    Binary(Operator, Box<(Node<'a>, Node<'a>)>),
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
    /// A call with `?` (none) for some of its arguments.
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
pub(super) enum Operator {
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
    pub(super) fn new(kind: Kind<'a>, start: usize, end: usize) -> Self {
        Node {
            kind,
            start,
            end,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            keep: false,
            cons: false,
        }
    }
}
