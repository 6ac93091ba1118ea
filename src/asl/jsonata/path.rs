//! Paths: steps over sequences, predicates and orders.

use std::cmp::Ordering;
use std::rc::Rc;

use super::ast::{Node, NodeKind};
use super::evaluate::Evaluator;
use super::item::{Item, is_single, whole};
use super::item::{Outcome, Stop, is_index, unwrap};
use crate::asl::Value;
use crate::asl::limits::{ELEMENTS_OF_A_UNIT, MAX_ARRAY_ELEMENTS};

/// What a step gives for all its inputs.
enum Results<'a> {
    /// One item for each input that has any.
    Items(Vec<Item<'a>>),
    /// One of these for the only input.
    Fork(Vec<Item<'a>>),
    Unknown,
}

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn path(
        &mut self,
        steps: &[Node<'a>],
        keep_singleton: bool,
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let is_absolute = matches!(steps.first(), Some(Node { kind: NodeKind::Variable(_), .. }));
        let inputs = match context.elements() {
            Some(elements) if !is_absolute => elements.iter().cloned().map(Item::Data).collect(),
            _ => vec![context.clone()],
        };
        self.walk(steps, true, inputs, keep_singleton, frame, source)
    }

    fn walk(
        &mut self,
        steps: &[Node<'a>],
        from_start: bool,
        mut inputs: Vec<Item<'a>>,
        keep_singleton: bool,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let mut reached = Item::Sequence(Rc::new([]));
        for (at, step) in steps.iter().enumerate() {
            let is_last = at + 1 == steps.len();
            if let NodeKind::Sort(terms) = &step.kind {
                let Some(sorted) = self.sort(terms, &inputs, frame)? else {
                    return Ok(Item::unknown(source));
                };
                reached = sorted;
                for stage in step.stages() {
                    reached = self.filter(stage, &reached, frame, source)?;
                }
            } else if at == 0 && from_start && step.cons {
                let inputs = Item::Sequence(values(std::mem::take(&mut inputs), source));
                reached = self.eval(step, &inputs, frame)?;
            } else {
                match self.step(step, std::mem::take(&mut inputs), frame)? {
                    Results::Unknown => return Ok(Item::unknown(source)),
                    Results::Items(items) => reached = flatten(items, is_last, source),
                    Results::Fork(members) => {
                        let rest = steps.get(at + 1..).unwrap_or_default();
                        return self.fork(members, rest, keep_singleton, frame, source);
                    }
                }
            }
            let Some(elements) = reached.elements() else {
                return Ok(if reached.is_absent() { reached } else { Item::unknown(source) });
            };
            if elements.is_empty() {
                break;
            }
            if elements.len() > MAX_ARRAY_ELEMENTS {
                return Err(Stop::GivesUp);
            }
            self.spend(elements.len())?;
            if !is_last {
                inputs = elements.iter().cloned().map(Item::Data).collect();
            }
        }
        Ok(match reached {
            Item::Sequence(elements) if keep_singleton => Item::Kept(elements),
            Item::Whole(elements) if keep_singleton => Item::Kept(Rc::new([Value::Array(elements)])),
            reached => reached,
        })
    }

    /// Goes on from each of several possible results.
    fn fork(
        &mut self,
        members: Vec<Item<'a>>,
        rest: &[Node<'a>],
        keep_singleton: bool,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        self.enter()?;
        let mut outcomes = Vec::with_capacity(members.len());
        for member in members {
            let results = if member.is_absent() { Vec::new() } else { vec![member] };
            let reached = flatten(results, rest.is_empty(), source);
            let inputs: Vec<Item<'a>> = reached
                .elements()
                .map(|elements| elements.iter().cloned().map(Item::Data).collect())
                .unwrap_or_default();
            let outcome = if rest.is_empty() || inputs.is_empty() {
                match reached {
                    Item::Sequence(elements) if keep_singleton => Ok(Item::Kept(elements)),
                    reached => Ok(reached),
                }
            } else {
                self.walk(rest, false, inputs, keep_singleton, frame, source)
            };
            outcomes.push(outcome.map(unwrap));
        }
        self.leave();
        self.either(outcomes, source)
    }

    fn step(&mut self, step: &Node<'a>, inputs: Vec<Item<'a>>, frame: usize) -> Result<Results<'a>, Stop> {
        let is_only = inputs.len() == 1;
        let mut results = Vec::with_capacity(inputs.len());
        for input in inputs {
            let mut item = self.eval(step, &input, frame)?;
            for stage in step.stages() {
                item = self.filter(stage, &item, frame, self.source(step))?;
            }
            match item {
                Item::Data(Value::Absent) => {}
                Item::Data(Value::Unknown(_)) | Item::Open(_) | Item::Function(_) | Item::Root => {
                    return Ok(Results::Unknown);
                }
                Item::Data(Value::OneOf(ref members)) if !members.iter().all(is_single) => {
                    return Ok(if is_only { Results::Fork(item.alternatives()) } else { Results::Unknown });
                }
                item => results.push(item),
            }
        }
        Ok(Results::Items(results))
    }

    /// Keeps what a predicate is true for, or the elements at its indices.
    pub(super) fn filter(
        &mut self,
        predicate: &Node<'a>,
        input: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        if let Item::Data(Value::OneOf(_)) = input {
            return self.lift(vec![input.clone()], source, &mut |this, members| match members.first() {
                Some(member) => this.filter(predicate, member, frame, source).map(unwrap),
                None => Ok(Item::ABSENT),
            });
        }
        if input.is_unknown() || matches!(input, Item::Function(_)) {
            return Ok(Item::unknown(source));
        }
        let elements: Rc<[Value<'a>]> = match input {
            Item::Data(Value::Absent) => return self.filter_nothing(predicate, frame, source),
            Item::Open(elements) => return Ok(element_of_open(predicate, elements, source)),
            input => input.elements().cloned().unwrap_or_else(|| [input.clone().into_value(source)].into()),
        };
        // A literal number is an index, also with a predicate of its own: the reference implementation does
        // not look at that.
        if let NodeKind::Number(index) = predicate.kind {
            return Ok(match position(index, elements.len()).and_then(|index| elements.get(index)) {
                None => Item::Sequence(Rc::new([])),
                Some(Value::Array(inner)) => Item::Data(Value::Array(Rc::clone(inner))),
                Some(element) if is_single(element) => Item::Sequence([element.clone()].into()),
                // Whether it is an array, which would be the value itself, is known only at run time.
                Some(element) => Item::Data(element.clone()),
            });
        }
        let mut kept = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let item = self.eval(predicate, &Item::Data(element.clone()), frame)?;
            let indices: Option<Vec<Value<'a>>> = match (&item, item.elements()) {
                (Item::Data(value), _) if is_index(value) => Some(vec![value.clone()]),
                (_, Some(values)) if values.iter().all(is_index) => Some(values.to_vec()),
                (_, Some(values)) if !values.iter().all(super::item::is_known) => {
                    return Ok(Item::unknown(source));
                }
                _ => None,
            };
            match indices {
                Some(indices) => {
                    self.spend(indices.len())?;
                    let hits = indices.iter().filter_map(super::item::number);
                    let count = hits.filter(|hit| position(*hit, elements.len()) == Some(index)).count();
                    kept.extend(std::iter::repeat_n(element.clone(), count));
                }
                None => match self.decided(&item)? {
                    Some(true) => kept.push(element.clone()),
                    Some(false) => {}
                    None => return Ok(Item::unknown(source)),
                },
            }
            if kept.len() > MAX_ARRAY_ELEMENTS {
                return Err(Stop::GivesUp);
            }
        }
        Ok(Item::Sequence(kept.into()))
    }

    /// A predicate after nothing. If it is true, the reference implementation keeps an `undefined` that shows
    /// in an array of several.
    fn filter_nothing(&mut self, predicate: &Node<'a>, frame: usize, source: &'a str) -> Outcome<'a> {
        if matches!(predicate.kind, NodeKind::Number(_)) {
            return Ok(Item::ABSENT);
        }
        let item = self.eval(predicate, &Item::ABSENT, frame)?;
        let is_index = item.as_number().is_some() || item.elements().is_some();
        Ok(if !is_index && self.decided(&item)? == Some(false) {
            Item::ABSENT
        } else {
            Item::unknown(source)
        })
    }

    /// The inputs in order; `None` if they are known only at run time.
    fn sort(
        &mut self,
        terms: &[(Node<'a>, bool)],
        inputs: &[Item<'a>],
        frame: usize,
    ) -> Result<Option<Item<'a>>, Stop> {
        if inputs.iter().any(Item::is_unknown) {
            return Ok(None);
        }
        if inputs.len() <= 1 {
            return Ok(Some(Item::Sequence(values(inputs.to_vec(), ""))));
        }
        let mut keyed = Vec::with_capacity(inputs.len());
        for input in inputs {
            let mut keys = Vec::with_capacity(terms.len());
            for (term, _) in terms {
                let key = self.eval(term, input, frame)?;
                let is_plain = key.as_number().is_some() || key.as_str().is_some_and(str::is_ascii);
                if !is_plain && !key.is_absent() {
                    return Ok(None);
                }
                keys.push(key);
            }
            keyed.push((keys, input.clone()));
        }
        for at in 0..terms.len() {
            let column = || keyed.iter().filter_map(|(keys, _)| keys.get(at));
            if column().any(|key| key.as_number().is_some()) && column().any(|key| key.as_str().is_some()) {
                return Ok(None);
            }
        }
        let texts = keyed.iter().flat_map(|(keys, _)| keys).filter_map(Item::as_str);
        self.spend_order(texts)?;
        keyed.sort_by(|(one, _), (two, _)| {
            let orders = one
                .iter()
                .zip(two)
                .zip(terms)
                .map(|((one, two), (_, descending))| order(one, two, *descending));
            orders.fold(Ordering::Equal, Ordering::then)
        });
        let sorted = keyed.into_iter().map(|(_, input)| input).collect();
        Ok(Some(Item::Data(Value::Array(values(sorted, "")))))
    }

    /// Whether a predicate that gives no numbers is true.
    fn decided(&mut self, item: &Item<'a>) -> Result<Option<bool>, Stop> {
        match item {
            // A set may have numbers, which would be indices.
            Item::Data(Value::OneOf(members))
                if members.iter().any(|member| matches!(member, Value::Number(_) | Value::Array(_))) =>
            {
                Ok(None)
            }
            item => self.truth(item),
        }
    }

    /// The member of an object, or of all objects in an array.
    pub(super) fn lookup(&mut self, input: &Item<'a>, name: &str, source: &'a str) -> Outcome<'a> {
        if let Some(elements) = input.elements() {
            let mut found = Vec::new();
            let all = self.lookup_in(elements, name, &mut found)?;
            return Ok(if all { Item::Sequence(found.into()) } else { Item::unknown(source) });
        }
        Ok(match input {
            Item::Data(Value::OneOf(members)) => {
                let found: Option<Vec<Value<'a>>> = members
                    .iter()
                    .map(|member| match member {
                        Value::Array(_) => None,
                        member => Some(member.member(name)),
                    })
                    .collect();
                found.map_or(Item::unknown(source), |found| Item::Data(Value::one_of(found)))
            }
            Item::Data(value) => Item::Data(value.member(name)),
            _ => Item::unknown(source),
        })
    }

    /// Finds the members of that name in the objects of an array, arrays within flattened. False if it is
    /// known only at run time how many there are.
    fn lookup_in(
        &mut self,
        elements: &[Value<'a>],
        name: &str,
        found: &mut Vec<Value<'a>>,
    ) -> Result<bool, Stop> {
        self.spend(elements.len())?;
        for element in elements {
            match element {
                Value::Array(inner) => {
                    if !self.lookup_in(inner, name, found)? {
                        return Ok(false);
                    }
                }
                element => match element.member(name) {
                    Value::Absent => {}
                    Value::Array(inner) => {
                        self.spend(inner.len() / ELEMENTS_OF_A_UNIT)?;
                        found.extend(inner.iter().cloned());
                    }
                    value if is_single(&value) => found.push(value),
                    _ => return Ok(false),
                },
            }
            if found.len() > MAX_ARRAY_ELEMENTS {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// All members of an object, or elements of an array. The order of members is not known, so there may be only
/// one.
pub(super) fn wildcard<'a>(input: &Item<'a>, source: &'a str) -> Item<'a> {
    let values: Vec<Value<'a>> = match (input, input.elements()) {
        (_, Some(elements)) => elements.to_vec(),
        (Item::Data(Value::Object(members)), _) if members.len() <= 1 => {
            members.iter().map(|(_, value)| value.clone()).collect()
        }
        (Item::Data(Value::Absent | Value::Null | Value::Bool(_) | Value::Number(_)), _)
        | (Item::Data(Value::String(_) | Value::PartialString(_)), _) => Vec::new(),
        _ => return Item::unknown(source),
    };
    let mut found = Vec::new();
    let mut is_sequence = true;
    for value in values {
        match value {
            Value::Array(inner) => {
                is_sequence = false;
                if !flatten_deep(&inner, &mut found) {
                    return Item::unknown(source);
                }
            }
            value if is_single(&value) => found.push(value),
            _ => return Item::unknown(source),
        }
    }
    if is_sequence { Item::Sequence(found.into()) } else { Item::Data(Value::Array(found.into())) }
}

fn flatten_deep<'a>(elements: &[Value<'a>], found: &mut Vec<Value<'a>>) -> bool {
    elements.iter().all(|element| match element {
        Value::Array(inner) => flatten_deep(inner, found),
        element => {
            found.push(element.clone());
            is_single(element) && found.len() <= MAX_ARRAY_ELEMENTS
        }
    })
}

/// The results of a step as the inputs of the next one.
fn flatten<'a>(mut results: Vec<Item<'a>>, is_last: bool, source: &'a str) -> Item<'a> {
    if is_last && matches!(results.as_slice(), [Item::Data(Value::Array(_)) | Item::Whole(_)]) {
        return results.swap_remove(0);
    }
    let mut flat = Vec::with_capacity(results.len());
    for item in results {
        match item {
            Item::Data(Value::Array(elements)) | Item::Sequence(elements) | Item::Kept(elements) => {
                flat.extend(elements.iter().cloned());
            }
            item => flat.push(item.into_value(source)),
        }
    }
    Item::Sequence(flat.into())
}

fn values<'a>(items: Vec<Item<'a>>, source: &'a str) -> Rc<[Value<'a>]> {
    items.into_iter().map(|item| item.into_value(source)).collect()
}

/// An element of an array of which only the beginning is certain.
fn element_of_open<'a>(predicate: &Node<'a>, elements: &[Value<'a>], source: &'a str) -> Item<'a> {
    let NodeKind::Number(index) = predicate.kind else { return Item::unknown(source) };
    let certain = elements.iter().position(|element| matches!(element, Value::Unknown(_)));
    match position(index, certain.unwrap_or(elements.len())).and_then(|index| elements.get(index)) {
        Some(element) if index >= 0.0 => Item::Data(element.clone()),
        _ => Item::unknown(source),
    }
}

/// The place that an index means; negative ones count from the end.
fn position(index: f64, length: usize) -> Option<usize> {
    let index = whole(index.floor())?;
    let index = if index < 0 { index + i64::try_from(length).ok()? } else { index };
    usize::try_from(index).ok().filter(|index| *index < length)
}

fn order(one: &Item<'_>, two: &Item<'_>, descending: bool) -> Ordering {
    let order = match (one.is_absent(), two.is_absent()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => match (one.as_number(), two.as_number()) {
            (Some(one), Some(two)) => one.partial_cmp(&two).unwrap_or(Ordering::Equal),
            _ => one.as_str().cmp(&two.as_str()),
        },
    };
    if descending { order.reverse() } else { order }
}
