//! Calls: of functions that the expression makes, and of built-in ones.

use std::rc::Rc;

use super::ast::{Node, NodeKind};
use super::evaluate::Evaluator;
use super::functions;
use super::item::Outcome;
use super::item::{Function, Item};
use crate::asl::Value;
use crate::asl::limits::MAX_FUNCTION_LAYERS;

/// The built-in functions whose results are sequences in the reference implementation, where `undefined` is
/// an empty sequence.
const GIVE_SEQUENCES: [&str; 6] = ["each", "filter", "keys", "lookup", "map", "spread"];

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn call(
        &mut self,
        function: &Node<'a>,
        arguments: &[Node<'a>],
        first: Option<Item<'a>>,
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let callee = self.eval(function, context, frame)?;
        let mut items: Vec<Item<'a>> = first.into_iter().collect();
        for argument in arguments {
            items.push(self.eval(argument, context, frame)?);
        }
        match callee {
            Item::Function(function) => self.apply(&function, items, context, source),
            _ => Ok(Item::unknown(source)),
        }
    }

    pub(super) fn partial(
        &mut self,
        function: &Node<'a>,
        arguments: &[Option<Node<'a>>],
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let mut items = Vec::with_capacity(arguments.len());
        for argument in arguments {
            items.push(match argument {
                Some(node) => Some(self.eval(node, context, frame)?),
                None => None,
            });
        }
        let Item::Function(function) = self.eval(function, context, frame)? else {
            return Ok(Item::unknown(source));
        };
        let layers = items.iter().flatten().filter_map(|item| match item {
            Item::Function(function) => Some(function.depth()),
            _ => None,
        });
        let depth = layers.max().unwrap_or_default().max(function.depth()) + 1;
        if depth > MAX_FUNCTION_LAYERS {
            return Ok(Item::unknown(source));
        }
        Ok(Item::Function(Rc::new(Function::Partial { function, arguments: items, depth })))
    }

    /// `~>`: calls the right side with the left one before its arguments, or makes one function of two.
    pub(super) fn chain(
        &mut self,
        sides: &(Node<'a>, Node<'a>),
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let left = self.eval(&sides.0, context, frame)?;
        if let NodeKind::Call { function, arguments } = &sides.1.kind
            && sides.1.predicates().is_empty()
        {
            return self.call(function, arguments, Some(left), context, frame, source);
        }
        let Item::Function(second) = self.eval(&sides.1, context, frame)? else {
            return Ok(Item::unknown(source));
        };
        match left {
            Item::Function(first) => {
                let depth = first.depth().max(second.depth()) + 1;
                if depth > MAX_FUNCTION_LAYERS {
                    return Ok(Item::unknown(source));
                }
                Ok(Item::Function(Rc::new(Function::Composed { first, second, depth })))
            }
            left => self.apply(&second, vec![left], &Item::Data(Value::Null), source),
        }
    }

    /// Calls a function.
    pub(super) fn apply(
        &mut self,
        function: &Function<'a>,
        arguments: Vec<Item<'a>>,
        context: &Item<'a>,
        source: &'a str,
    ) -> Outcome<'a> {
        self.enter()?;
        let outcome = match function {
            Function::Builtin(name) => self.builtin(name, arguments, context, source),
            Function::Lambda { lambda, .. } if lambda.has_signature => Ok(Item::unknown(source)),
            Function::Lambda { lambda, context, frame } => {
                let inner = self.new_frame(*frame);
                let mut arguments = arguments.into_iter();
                for parameter in &lambda.parameters {
                    self.bind(inner, parameter, arguments.next().unwrap_or(Item::ABSENT))?;
                }
                self.tail(&lambda.body, context, inner)
            }
            Function::Partial { function, arguments: given, .. } => {
                let mut rest = arguments.into_iter();
                let all = given
                    .iter()
                    .map(|item| item.clone().unwrap_or_else(|| rest.next().unwrap_or(Item::ABSENT)))
                    .collect();
                self.apply(function, all, context, source)
            }
            Function::Composed { first, second, .. } => self
                .apply(first, arguments, context, source)
                .and_then(|item| self.apply(second, vec![item], context, source)),
        };
        self.leave();
        outcome
    }

    /// The result of a function's body. What the last call of it gives is not unwrapped here: the reference
    /// implementation makes that call after it has left the body, so that `$map` sees a sequence of one
    /// element as an array.
    fn tail(&mut self, node: &Node<'a>, context: &Item<'a>, frame: usize) -> Outcome<'a> {
        if !node.predicates().is_empty() || node.group().is_some() {
            return self.eval(node, context, frame);
        }
        match &node.kind {
            NodeKind::Call { function, arguments } => {
                let item = self.call(function, arguments, None, context, frame, self.source(node))?;
                let is_sequence =
                    matches!(function.kind, NodeKind::Variable(name) if GIVE_SEQUENCES.contains(&name));
                Ok(if item.is_absent() && is_sequence { Item::Sequence(Rc::new([])) } else { item })
            }
            NodeKind::Condition { test, then, otherwise } => {
                let parts = (&**test, &**then, otherwise.as_deref());
                self.condition(parts, context, frame, self.source(node), Self::tail)
            }
            NodeKind::Block(statements) => self.block(statements, context, frame, Self::tail),
            _ => self.eval(node, context, frame),
        }
    }

    fn builtin(
        &mut self,
        name: &'static str,
        arguments: Vec<Item<'a>>,
        context: &Item<'a>,
        source: &'a str,
    ) -> Outcome<'a> {
        if arguments.iter().any(Item::is_unknown) {
            return Ok(Item::unknown(source));
        }
        self.lift(arguments, source, &mut |this, arguments| {
            if arguments.iter().any(Item::is_unknown) {
                return Ok(Item::unknown(source));
            }
            match functions::arguments(name, arguments, context) {
                Some(arguments) => functions::call(this, name, &arguments, source),
                None => Ok(Item::unknown(source)),
            }
        })
    }
}
