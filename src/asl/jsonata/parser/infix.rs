//! What can follow an operand: operators, steps, predicates, calls.

use std::rc::Rc;

use super::{Failure, Parser};
use crate::asl::jsonata::Misspelt;
use crate::asl::jsonata::ast::{Infix, Lambda, Node, NodeKind};
use crate::asl::jsonata::lexer::Token;
use crate::asl::limits::MAX_OPERATORS;

impl<'a> Parser<'a> {
    /// Goes on from an operand as long as its right neighbour binds it.
    pub(super) fn infix(&mut self, left: Node<'a>) -> Result<Node<'a>, Failure> {
        let Token::Operator(operator) = self.current.token else { return Err(self.unexpected()) };
        if !matches!(operator, "." | "&" | "[") {
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return Err(Failure::TooLarge);
            }
        }
        let start = left.start;
        let binary = match operator {
            "." => return self.step(left),
            "&" => return self.concat(left),
            "[" => return self.filter(left),
            "{" => return self.group(left),
            "(" => return self.call(left),
            "^" => return self.sort(left),
            "@" | "#" => return self.position_or_focus(left),
            "?" => return self.condition(left),
            ":=" => {
                let is_bare = left.predicates().is_empty() && left.group().is_none();
                let (NodeKind::Variable(name), true) = (left.kind, is_bare) else {
                    return Err(self.error_at(start, Misspelt::NotAssignable));
                };
                self.advance(true)?;
                let value = self.expression(9)?;
                self.settle_binding(&value);
                self.bindings += 1;
                return Ok(self.node(NodeKind::Bind(name, Box::new(value)), start));
            }
            "~>" => {
                self.advance(true)?;
                let right = self.expression(40)?;
                let keep = left.keep || right.keep;
                let mut chain = self.node(NodeKind::Chain(Box::new((left, right))), start);
                chain.keep = keep;
                return Ok(chain);
            }
            "+" => Infix::Add,
            "-" => Infix::Subtract,
            "*" => Infix::Multiply,
            "/" => Infix::Divide,
            "%" => Infix::Remainder,
            "=" => Infix::Equal,
            "!=" => Infix::Unequal,
            "<" => Infix::Less,
            "<=" => Infix::LessOrEqual,
            ">" => Infix::Greater,
            ">=" => Infix::GreaterOrEqual,
            "and" => Infix::And,
            "or" => Infix::Or,
            "in" => Infix::In,
            _ => return Err(self.unexpected()),
        };
        let power = self.power();
        self.advance(true)?;
        let right = self.expression(power)?;
        Ok(self.node(NodeKind::Binary(binary, Box::new((left, right))), start))
    }

    fn step(&mut self, mut left: Node<'a>) -> Result<Node<'a>, Failure> {
        let (start, dot) = (left.start, self.current.start);
        self.advance(true)?;
        let mut right = self.expression(75)?;
        let (group, keep) = (left.take_group(), left.keep);
        if group.is_some() {
            self.opaque.push(dot);
        }
        let (mut steps, mut keep_singleton) = match left.kind {
            NodeKind::Path { steps, keep_singleton } => (steps, keep_singleton),
            _ => (vec![left], false),
        };
        if let NodeKind::Path { steps: more, .. } = right.kind {
            steps.extend(more);
        } else {
            right.become_step();
            steps.push(right);
        }
        for step in &mut steps {
            match &mut step.kind {
                NodeKind::String(text) => step.kind = NodeKind::Name(std::mem::take(text)),
                NodeKind::Number(_) | NodeKind::Bool(_) | NodeKind::Null => {
                    return Err(self.error_at(step.start, Misspelt::LiteralStep));
                }
                _ => {}
            }
            keep_singleton |= step.keep;
        }
        if let Some(first) = steps.first_mut().filter(|step| matches!(step.kind, NodeKind::Array(_))) {
            first.cons = true;
        }
        if let Some(last) = steps.last_mut().filter(|step| matches!(step.kind, NodeKind::Array(_))) {
            last.cons = true;
        }
        let mut path = self.node(NodeKind::Path { steps, keep_singleton }, start);
        path.keep = keep;
        Ok(path)
    }

    fn concat(&mut self, left: Node<'a>) -> Result<Node<'a>, Failure> {
        let start = left.start;
        self.advance(true)?;
        let right = self.expression(50)?;
        let plain = left.predicates().is_empty() && left.group().is_none() && !left.keep;
        let parts = match left.kind {
            NodeKind::Concat(mut parts) if plain => {
                parts.push(right);
                parts
            }
            _ => vec![left, right],
        };
        Ok(self.node(NodeKind::Concat(parts), start))
    }

    fn filter(&mut self, mut left: Node<'a>) -> Result<Node<'a>, Failure> {
        let bracket = self.current.start;
        self.advance(true)?;
        if self.at("]") {
            self.advance(false)?;
            if let NodeKind::Path { steps, keep_singleton } = &mut left.kind
                && let [Node { kind: NodeKind::Name(_), keep, .. }] = steps.as_mut_slice()
            {
                *keep = true;
                *keep_singleton = true;
            }
            left.keep = true;
        } else {
            let predicate = self.expression(0)?;
            self.expect("]", false)?;
            if left.group().is_some() {
                return Err(self.error_at(bracket, Misspelt::PredicateAfterGroup));
            }
            match &mut left.kind {
                NodeKind::Path { steps, .. } => {
                    if let Some(last) = steps.last_mut() {
                        last.after().stages.push(predicate);
                    }
                }
                _ => left.after().predicates.push(predicate),
            }
        }
        left.end = self.last_end;
        Ok(left)
    }

    fn group(&mut self, mut left: Node<'a>) -> Result<Node<'a>, Failure> {
        if left.group().is_some() {
            return Err(self.error_at(self.current.start, Misspelt::SecondGroup));
        }
        self.advance(true)?;
        left.after().group = Some(self.pairs()?);
        left.end = self.last_end;
        Ok(left)
    }

    fn sort(&mut self, left: Node<'a>) -> Result<Node<'a>, Failure> {
        let (start, caret) = (left.start, self.current.start);
        self.advance(true)?;
        self.expect("(", true)?;
        let mut terms = Vec::new();
        loop {
            let descending = self.at(">");
            if descending || self.at("<") {
                self.advance(true)?;
            }
            terms.push((self.expression(0)?, descending));
            if !self.at(",") {
                break;
            }
            self.advance(true)?;
        }
        self.expect(")", false)?;
        if left.group().is_some() {
            self.opaque.push(caret);
        }
        let (mut steps, keep_singleton) = match left.kind {
            NodeKind::Path { steps, keep_singleton } => (steps, keep_singleton),
            _ => (vec![left], false),
        };
        steps.push(self.node(NodeKind::Sort(terms), caret));
        Ok(self.node(NodeKind::Path { steps, keep_singleton }, start))
    }

    /// `@$name` and `#$name`.
    fn position_or_focus(&mut self, mut left: Node<'a>) -> Result<Node<'a>, Failure> {
        self.opaque.push(self.current.start);
        self.advance(true)?;
        let start = self.current.start;
        let variable = self.expression(80)?;
        if !matches!(variable.kind, NodeKind::Variable(_)) {
            return Err(self.error_at(start, Misspelt::NotAVariable));
        }
        left.end = self.last_end;
        // Whatever it is, it belongs to a path now, and a path with such a step is never evaluated.
        let start = left.start;
        Ok(match left.kind {
            NodeKind::Path { .. } => left,
            _ => self.node(NodeKind::Path { steps: vec![left], keep_singleton: false }, start),
        })
    }

    fn condition(&mut self, test: Node<'a>) -> Result<Node<'a>, Failure> {
        let start = test.start;
        let mark = self.current.start;
        self.advance(true)?;
        for newer in ["?:", "??"] {
            if self.text.get(mark..).is_some_and(|text| text.starts_with(newer)) {
                return Err(self.error_at(mark, Misspelt::Newer(newer)));
            }
        }
        let then = Box::new(self.expression(0)?);
        let mut otherwise = None;
        if self.at(":") {
            self.advance(true)?;
            otherwise = Some(Box::new(self.expression(0)?));
        }
        Ok(self.node(NodeKind::Condition { test: Box::new(test), then, otherwise }, start))
    }

    fn call(&mut self, function: Node<'a>) -> Result<Node<'a>, Failure> {
        let start = function.start;
        self.advance(true)?;
        let mut arguments = Vec::new();
        if !self.at(")") {
            loop {
                if self.at("?") {
                    self.advance(true)?;
                    arguments.push(None);
                } else {
                    arguments.push(Some(self.expression(0)?));
                }
                if !self.at(",") {
                    break;
                }
                self.advance(true)?;
            }
        }
        self.expect(")", false)?;
        if is_lambda(&function) {
            return self.lambda(&arguments, start);
        }
        let function = Box::new(function);
        let kind = if arguments.iter().all(Option::is_some) {
            NodeKind::Call { function, arguments: arguments.into_iter().flatten().collect() }
        } else {
            NodeKind::Partial { function, arguments }
        };
        Ok(self.node(kind, start))
    }

    fn lambda(&mut self, arguments: &[Option<Node<'a>>], start: usize) -> Result<Node<'a>, Failure> {
        let mut parameters = Vec::new();
        for argument in arguments {
            match argument {
                Some(Node { kind: NodeKind::Variable(name), .. }) => parameters.push(*name),
                other => {
                    let place = other.as_ref().map_or(start, |node| node.start);
                    return Err(self.error_at(place, Misspelt::NotAParameter));
                }
            }
        }
        let has_signature = self.at("<");
        if has_signature {
            let mut depth = 0_usize;
            while !self.at("{") && !matches!(self.current.token, Token::End) {
                depth = if self.at("<") {
                    depth + 1
                } else if self.at(">") {
                    depth.saturating_sub(1)
                } else {
                    depth
                };
                self.advance(false)?;
                if depth == 0 {
                    break;
                }
            }
        }
        self.expect("{", true)?;
        let body = self.expression(0)?;
        self.settle_binding(&body);
        self.expect("}", false)?;
        Ok(self.node(NodeKind::Lambda(Rc::new(Lambda { parameters, has_signature, body })), start))
    }
}

fn is_lambda(function: &Node<'_>) -> bool {
    matches!(&function.kind, NodeKind::Path { steps, .. }
        if matches!(steps.as_slice(), [Node { kind: NodeKind::Name(name), .. }] if name == "function" || name == "λ"))
}
