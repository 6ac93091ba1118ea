//! The value of each kind of node. Sets and unknowns go through it like values do.

use std::rc::Rc;

use super::Environment;
use super::ast::{Node, NodeKind};
use super::functions;
use super::item::{Function, Item, Outcome, Stop, is_single, unwrap, whole};
use crate::asl::limits::{
    ELEMENTS_OF_A_UNIT, MAX_ALTERNATIVES, MAX_ARRAY_ELEMENTS, MAX_COMBINATIONS, MAX_EVALUATION_BYTES,
    MAX_EVALUATION_DEPTH, MAX_EVALUATION_UNITS,
};
use crate::asl::{Str, Value};

/// The state of an evaluation.
pub(super) struct Evaluator<'x, 'a> {
    text: &'a str,
    opaque: &'x [usize],
    pub(super) environment: &'x dyn Environment<'a>,
    root: Item<'a>,
    frames: Vec<Frame<'a>>,
    /// Units that are left.
    pub(super) budget: usize,
    /// Bytes that may still be built.
    pub(super) bytes: usize,
    depth: usize,
}

/// The variables of a block or of a call.
struct Frame<'a> {
    outer: Option<usize>,
    variables: Vec<(&'a str, Item<'a>)>,
}

impl<'x, 'a> Evaluator<'x, 'a> {
    pub(super) fn new(
        text: &'a str,
        opaque: &'x [usize],
        environment: &'x dyn Environment<'a>,
        root: Item<'a>,
    ) -> Self {
        let frames = vec![Frame { outer: None, variables: Vec::new() }];
        Evaluator {
            text,
            opaque,
            environment,
            root,
            frames,
            budget: MAX_EVALUATION_UNITS,
            bytes: MAX_EVALUATION_BYTES,
            depth: 0,
        }
    }

    /// Evaluates a whole expression.
    pub(super) fn run(&mut self, node: &Node<'a>) -> Outcome<'a> {
        let root = self.root.clone();
        self.eval(node, &root, 0)
    }

    pub(super) fn eval(&mut self, node: &Node<'a>, context: &Item<'a>, frame: usize) -> Outcome<'a> {
        self.enter()?;
        let outcome = self.eval_whole(node, context, frame);
        self.leave();
        let item = match outcome? {
            Item::Sequence(elements) if node.keep => Item::Kept(elements),
            item => item,
        };
        Ok(match item {
            Item::Data(Value::Unknown(_)) => Item::unknown(self.source(node)),
            item => unwrap(item),
        })
    }

    /// Goes one level deeper; the caller comes back by `leave`.
    pub(super) fn enter(&mut self) -> Result<(), Stop> {
        self.spend(1)?;
        if self.depth == MAX_EVALUATION_DEPTH {
            return Err(Stop::GivesUp);
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn eval_whole(&mut self, node: &Node<'a>, context: &Item<'a>, frame: usize) -> Outcome<'a> {
        let is_path = matches!(node.kind, NodeKind::Path { .. });
        let guarded = is_path || node.group().is_some() || !node.predicates().is_empty();
        if guarded && self.opaque.iter().any(|at| (node.start..node.end).contains(at)) {
            return Ok(Item::unknown(self.source(node)));
        }
        let mut item = self.eval_kind(node, context, frame)?;
        if matches!(
            node.kind,
            NodeKind::Array(_) | NodeKind::Object(_) | NodeKind::Call { .. } | NodeKind::Chain(_)
        ) {
            self.spend_item(&item)?;
        }
        for predicate in node.predicates() {
            item = self.filter(predicate, &item, frame, self.source(node))?;
        }
        if let Some(pairs) = node.group() {
            item = self.group(pairs, &item, frame, self.source(node))?;
        }
        Ok(item)
    }

    fn eval_kind(&mut self, node: &Node<'a>, context: &Item<'a>, frame: usize) -> Outcome<'a> {
        let source = self.source(node);
        match &node.kind {
            NodeKind::Null => Ok(Item::Data(Value::Null)),
            NodeKind::Bool(value) => Ok(Item::bool(*value)),
            NodeKind::Number(number) => Ok(Item::number(*number).unwrap_or(Item::unknown(source))),
            NodeKind::String(text) => Ok(Item::string(text.clone())),
            NodeKind::Name(name) => self.lookup(context, name, source),
            NodeKind::Variable(name) => self.variable(name, context, frame, source),
            NodeKind::Path { steps, keep_singleton } => {
                self.path(steps, *keep_singleton, context, frame, source)
            }
            NodeKind::Wildcard => {
                self.walk_item(context)?;
                Ok(super::path::wildcard(context, source))
            }
            NodeKind::Sort(_) | NodeKind::Descendant | NodeKind::Opaque | NodeKind::Transform => {
                Ok(Item::unknown(source))
            }
            NodeKind::Concat(parts) => self.concat(parts, context, frame, source),
            NodeKind::Binary(operator, operands) => self.binary(*operator, operands, context, frame, source),
            NodeKind::Negate(operand) => {
                let operand = self.eval(operand, context, frame)?;
                self.lift(vec![operand], source, &mut |_, operands| {
                    Ok(match operands.as_slice() {
                        [operand] if operand.is_absent() => Some(Item::ABSENT),
                        [operand] => operand.as_number().and_then(|number| Item::number(-number)),
                        _ => None,
                    }
                    .unwrap_or(Item::unknown(source)))
                })
            }
            NodeKind::Range(ends) => {
                let first = self.eval(&ends.0, context, frame)?;
                let last = self.eval(&ends.1, context, frame)?;
                self.range(&first, &last, source)
            }
            NodeKind::Array(items) => self.array(items, node.cons, context, frame, source),
            NodeKind::Object(pairs) => self.group(pairs, context, frame, source),
            NodeKind::Block(statements) => self.block(statements, context, frame, Self::eval),
            NodeKind::Condition { test, then, otherwise } => {
                let parts = (&**test, &**then, otherwise.as_deref());
                self.condition(parts, context, frame, source, Self::eval)
            }
            NodeKind::Bind(name, value) => {
                let value = self.eval(value, context, frame)?;
                self.bind(frame, name, value.clone())?;
                Ok(value)
            }
            NodeKind::Call { function, arguments } => {
                self.call(function, arguments, None, context, frame, source)
            }
            NodeKind::Partial { function, arguments } => {
                self.partial(function, arguments, context, frame, source)
            }
            NodeKind::Lambda(lambda) => {
                let lambda = Rc::clone(lambda);
                Ok(Item::Function(Rc::new(Function::Lambda { lambda, context: context.clone(), frame })))
            }
            NodeKind::Chain(sides) => self.chain(sides, context, frame, source),
        }
    }

    /// The value of a block; `last` evaluates its last statement.
    pub(super) fn block(
        &mut self,
        statements: &[Node<'a>],
        context: &Item<'a>,
        frame: usize,
        last: fn(&mut Self, &Node<'a>, &Item<'a>, usize) -> Outcome<'a>,
    ) -> Outcome<'a> {
        let inner = self.new_frame(frame);
        let Some((end, before)) = statements.split_last() else { return Ok(Item::ABSENT) };
        for statement in before {
            self.eval(statement, context, inner)?;
        }
        last(self, end, context, inner)
    }

    /// The value of a condition: of its test and its two branches. `branch` evaluates the one that is taken.
    pub(super) fn condition(
        &mut self,
        (test, then, otherwise): (&Node<'a>, &Node<'a>, Option<&Node<'a>>),
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
        branch: fn(&mut Self, &Node<'a>, &Item<'a>, usize) -> Outcome<'a>,
    ) -> Outcome<'a> {
        let test = self.eval(test, context, frame)?;
        match (self.truth(&test)?, otherwise) {
            (Some(true), _) => branch(self, then, context, frame),
            (Some(false), Some(otherwise)) => branch(self, otherwise, context, frame),
            (Some(false), None) => Ok(Item::ABSENT),
            (None, otherwise) => {
                let then = self.eval(then, context, frame);
                let otherwise = otherwise.map_or(Ok(Item::ABSENT), |node| self.eval(node, context, frame));
                self.either(vec![then, otherwise], source)
            }
        }
    }

    /// The text of a node.
    pub(super) fn source(&self, node: &Node<'a>) -> &'a str {
        self.text.get(node.start..node.end).unwrap_or_default()
    }

    pub(super) fn new_frame(&mut self, outer: usize) -> usize {
        self.frames.push(Frame { outer: Some(outer), variables: Vec::new() });
        self.frames.len() - 1
    }

    pub(super) fn bind(&mut self, frame: usize, name: &'a str, value: Item<'a>) -> Result<(), Stop> {
        self.spend_variables(frame)?;
        let Some(frame) = self.frames.get_mut(frame) else { return Ok(()) };
        match frame.variables.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => frame.variables.push((name, value)),
        }
        Ok(())
    }

    /// Pays for reading all names of a frame.
    fn spend_variables(&mut self, frame: usize) -> Result<(), Stop> {
        let names = self.frames.get(frame).map_or(0, |frame| frame.variables.len());
        self.spend(names / ELEMENTS_OF_A_UNIT)
    }

    fn variable(&mut self, name: &str, context: &Item<'a>, frame: usize, source: &'a str) -> Outcome<'a> {
        match name {
            "" => return Ok(context.clone()),
            "$" => return Ok(self.root.clone()),
            _ => {}
        }
        let mut next = Some(frame);
        while let Some(at) = next {
            self.spend_variables(at)?;
            let Some(frame) = self.frames.get(at) else { break };
            if let Some((_, value)) = frame.variables.iter().find(|(other, _)| *other == name) {
                return Ok(value.clone());
            }
            next = frame.outer;
        }
        if name == "states" {
            return Ok(Item::Data(self.environment.states()));
        }
        Ok(match (self.environment.variable(name), functions::find(name)) {
            (Some(value), _) => Item::Data(value),
            (None, Some(name)) => Item::Function(Rc::new(Function::Builtin(name))),
            (None, None) => Item::unknown(source),
        })
    }

    /// JSONata's effective Boolean value; `None` if it is known only at run time.
    pub(super) fn truth(&mut self, item: &Item<'a>) -> Result<Option<bool>, Stop> {
        if item.elements().is_some() {
            self.walk_item(item)?;
        }
        Ok(item.truth())
    }

    /// One of several results; those that fail have no value.
    pub(super) fn either(&mut self, outcomes: Vec<Outcome<'a>>, source: &'a str) -> Outcome<'a> {
        let mut items = Vec::new();
        for outcome in outcomes {
            match outcome {
                Ok(item) => items.push(item),
                Err(Stop::Fails) => {}
                Err(Stop::GivesUp) => return Err(Stop::GivesUp),
            }
        }
        if items.len() <= 1 {
            return items.pop().ok_or(Stop::Fails);
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            self.spend_item(&item)?;
            // Each is compared with those that are kept.
            let bytes = self.walk_item(&item)?;
            self.spend_text(bytes.saturating_mul(MAX_ALTERNATIVES))?;
            values.push(match unwrap(item) {
                Item::Data(value) => value,
                Item::Whole(elements) => Value::Array(elements),
                // In a set, a sequence could not be distinguished from an array, nor call a function.
                _ => return Ok(Item::unknown(source)),
            });
        }
        Ok(Item::Data(Value::one_of(values)))
    }

    /// Applies something to every combination of members of the operands that are sets.
    pub(super) fn lift(
        &mut self,
        operands: Vec<Item<'a>>,
        source: &'a str,
        apply: &mut dyn FnMut(&mut Self, Vec<Item<'a>>) -> Outcome<'a>,
    ) -> Outcome<'a> {
        if !operands.iter().any(|operand| matches!(operand, Item::Data(Value::OneOf(_)))) {
            return apply(self, operands);
        }
        let mut combinations: Vec<Vec<Item<'a>>> = vec![Vec::new()];
        for operand in &operands {
            let members = operand.alternatives();
            if combinations.len() * members.len() > MAX_COMBINATIONS {
                return Ok(Item::unknown(source));
            }
            combinations = combinations
                .iter()
                .flat_map(|chosen| {
                    members
                        .iter()
                        .map(move |member| [chosen.as_slice(), std::slice::from_ref(member)].concat())
                })
                .collect();
        }
        self.spend(combinations.len())?;
        let outcomes = combinations.into_iter().map(|operands| apply(self, operands)).collect();
        self.either(outcomes, source)
    }

    fn range(&mut self, first: &Item<'a>, last: &Item<'a>, source: &'a str) -> Outcome<'a> {
        let integer = |item: &Item<'a>| item.as_number().and_then(whole);
        let (Some(first), Some(last)) = (integer(first), integer(last)) else {
            let absent = [first, last].into_iter().all(|end| end.is_absent() || integer(end).is_some());
            return Ok(if absent { Item::ABSENT } else { Item::unknown(source) });
        };
        if first > last {
            return Ok(Item::ABSENT);
        }
        let length = usize::try_from(last - first).unwrap_or(usize::MAX);
        if length >= MAX_ARRAY_ELEMENTS {
            return Ok(Item::unknown(source));
        }
        self.spend(length)?;
        Ok(Item::Sequence((first..=last).map(|number| Value::Number(number.into())).collect()))
    }

    fn array(
        &mut self,
        items: &[Node<'a>],
        cons: bool,
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let mut elements: Vec<Value<'a>> = Vec::new();
        let mut open = false;
        for node in items {
            let item = self.eval(node, context, frame)?;
            let is_array = matches!(node.kind, NodeKind::Array(_)) && node.predicates().is_empty();
            match item {
                _ if is_array => elements.push(item.into_value(self.source(node))),
                Item::Data(Value::Absent) => {}
                Item::Function(_) => return Ok(Item::unknown(source)),
                Item::Open(more) => {
                    open = true;
                    elements.extend(more.iter().cloned());
                }
                item => match item.elements() {
                    Some(more) => {
                        self.spend(more.len())?;
                        elements.extend(more.iter().cloned());
                    }
                    None => {
                        let value = item.into_value(self.source(node));
                        if is_single(&value) {
                            elements.push(value);
                        } else {
                            open = true;
                            elements.push(Value::Unknown(self.source(node).into()));
                        }
                    }
                },
            }
            if elements.len() > MAX_ARRAY_ELEMENTS {
                return Err(Stop::GivesUp);
            }
        }
        let elements = elements.into();
        Ok(match (open, cons) {
            (true, _) => Item::Open(elements),
            (false, true) => Item::Whole(elements),
            (false, false) => Item::Data(Value::Array(elements)),
        })
    }

    /// An object: for each item its keys, for each key the value with all items of that key as context.
    fn group(
        &mut self,
        pairs: &[(Node<'a>, Node<'a>)],
        input: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let inputs: Vec<Item<'a>> = match (input, input.elements()) {
            (_, Some(elements)) if !elements.is_empty() => elements.iter().cloned().map(Item::Data).collect(),
            (_, Some(_)) => vec![Item::ABSENT],
            (Item::Data(Value::Unknown(_) | Value::OneOf(_)) | Item::Open(_), _) => {
                return Ok(Item::unknown(source));
            }
            _ => vec![input.clone()],
        };
        let mut groups: Vec<(Str<'a>, usize, Item<'a>)> = Vec::new();
        for input in &inputs {
            for (index, (key, _)) in pairs.iter().enumerate() {
                let key = match self.eval(key, input, frame)? {
                    Item::Data(Value::String(key)) => key,
                    Item::Data(Value::Absent) => continue,
                    _ => return Ok(Item::unknown(source)),
                };
                self.spend(groups.len())?;
                self.spend_text(
                    groups.iter().filter(|(other, ..)| other.len() == key.len()).count() * key.len(),
                )?;
                match groups.iter_mut().find(|(other, ..)| *other == key) {
                    None => groups.push((key, index, input.clone())),
                    Some((_, other, items)) if *other == index => {
                        self.spend(
                            items.elements().map_or(1, |elements| elements.len()) / ELEMENTS_OF_A_UNIT,
                        )?;
                        *items = functions::append(items, input).unwrap_or(Item::unknown(source));
                    }
                    Some(_) => return Ok(Item::unknown(source)),
                }
            }
        }
        let mut members: Vec<(Str<'a>, Value<'a>)> = Vec::new();
        for (key, index, context) in groups {
            let Some((_, node)) = pairs.get(index) else { continue };
            match self.eval(node, &context, frame)?.into_value(self.source(node)) {
                Value::Absent => {}
                value => members.push((key, value)),
            }
        }
        self.spend_order(members.iter().map(|(key, _)| &**key))?;
        members.sort_by(|(one, _), (two, _)| one.cmp(two));
        Ok(Item::Data(Value::Object(members.into())))
    }
}
