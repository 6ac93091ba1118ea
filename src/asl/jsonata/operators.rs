//! Operators between values.

use super::ast::{Node, Operator};
use super::evaluate::{Evaluator, Outcome, Stop};
use super::functions::hole;
use super::item::{Item, equal, segments};
use crate::asl::limits::MAX_STATE_BYTES;
use crate::asl::{PartialString, Segment, Value};

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn concat(
        &mut self,
        parts: &[Node<'a>],
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let mut whole = Item::string("");
        for part in parts {
            let item = self.eval(part, context, frame)?;
            whole = self.append_text(&whole, &item, self.source(part), source)?;
        }
        Ok(whole)
    }

    /// A text with another one behind it, for each member of sets.
    pub(super) fn append_text(
        &mut self,
        text: &Item<'a>,
        tail: &Item<'a>,
        tail_source: &'a str,
        source: &'a str,
    ) -> Outcome<'a> {
        let mut texts = Vec::new();
        for head in text.alternatives() {
            for tail in tail.alternatives() {
                let mut joined = segments(&head, source);
                joined.extend(segments(&tail, tail_source));
                let length: usize = joined.iter().map(length).sum();
                if length > MAX_STATE_BYTES {
                    return Err(Stop::GivesUp);
                }
                self.spend(1 + length / 256)?;
                texts.push(PartialString::join(joined));
            }
        }
        Ok(match Value::one_of(texts) {
            Value::Unknown(_) => hole(source),
            texts => Item::Data(texts),
        })
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        operands: &(Node<'a>, Node<'a>),
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let left = self.eval(&operands.0, context, frame)?;
        if matches!(operator, Operator::And | Operator::Or) {
            let decisive = operator == Operator::Or;
            return match left.truth() {
                Some(truth) if truth == decisive => Ok(Item::bool(decisive)),
                Some(_) => {
                    let right = self.eval(&operands.1, context, frame)?;
                    Ok(right.truth().map_or(Item::unknown(source), Item::bool))
                }
                None => match self.eval(&operands.1, context, frame) {
                    Ok(right) if right.truth() == Some(decisive) => Ok(Item::bool(decisive)),
                    Ok(_) => Ok(Item::unknown(source)),
                    // The right side is not looked at only if the left one decides.
                    Err(Stop::Fails) => Ok(Item::bool(decisive)),
                    Err(Stop::GivesUp) => Err(Stop::GivesUp),
                },
            };
        }
        let right = self.eval(&operands.1, context, frame)?;
        self.lift(vec![left, right], source, &mut |_, operands| {
            let [left, right] = operands.as_slice() else { return Ok(Item::unknown(source)) };
            Ok(apply(operator, left, right).unwrap_or(Item::unknown(source)))
        })
    }
}

/// The bytes of a piece.
fn length(segment: &Segment<'_>) -> usize {
    match segment {
        Segment::Literal(text) | Segment::Hole(text) => text.len(),
    }
}

/// None if only the run knows, or if it would fail.
fn apply<'a>(operator: Operator, left: &Item<'a>, right: &Item<'a>) -> Option<Item<'a>> {
    match operator {
        Operator::Equal | Operator::Unequal => {
            if left.is_absent() || right.is_absent() {
                return Some(Item::bool(false));
            }
            let equal = equal(&comparable(left)?, &comparable(right)?)?;
            Some(Item::bool(equal == (operator == Operator::Equal)))
        }
        Operator::In => contains(left, right).map(Item::bool),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            compare(operator, left, right)
        }
        _ => calculate(operator, left, right),
    }
}

fn comparable<'a>(item: &Item<'a>) -> Option<Value<'a>> {
    match item {
        Item::Function(_) | Item::Open(_) | Item::Root => None,
        item => Some(item.clone().into_value("")),
    }
}

/// Whether the right side has the left one among its elements. Objects and arrays are only ever equal to themselves, so they give up.
fn contains(left: &Item<'_>, right: &Item<'_>) -> Option<bool> {
    if left.is_absent() || right.is_absent() {
        return Some(false);
    }
    let left = match comparable(left)? {
        Value::Array(_) | Value::Object(_) | Value::Open(..) => return None,
        left => left,
    };
    let elements = match comparable(right)? {
        Value::Array(elements) => elements.to_vec(),
        single => vec![single],
    };
    let answers: Vec<Option<bool>> = elements.iter().map(|element| equal(&left, element)).collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    answers.iter().all(Option::is_some).then_some(false)
}

fn compare<'a>(operator: Operator, left: &Item<'a>, right: &Item<'a>) -> Option<Item<'a>> {
    let is_comparable = |item: &Item<'a>| {
        item.is_absent()
            || matches!(item, Item::Data(Value::Number(_) | Value::String(_) | Value::PartialString(_)))
    };
    if (left.is_absent() || right.is_absent()) && is_comparable(left) && is_comparable(right) {
        return Some(Item::ABSENT);
    }
    let order = match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => left.partial_cmp(&right)?,
        _ => {
            let (left, right) = (left.as_str()?, right.as_str()?);
            if !left.is_ascii() || !right.is_ascii() {
                return None;
            }
            left.cmp(right)
        }
    };
    Some(Item::bool(match operator {
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    }))
}

fn calculate<'a>(operator: Operator, left: &Item<'a>, right: &Item<'a>) -> Option<Item<'a>> {
    let (one, two) = (left.as_number(), right.as_number());
    if (left.is_absent() || one.is_some()) && (right.is_absent() || two.is_some()) {
        let (Some(one), Some(two)) = (one, two) else { return Some(Item::ABSENT) };
        return Item::number(match operator {
            Operator::Add => one + two,
            Operator::Subtract => one - two,
            Operator::Multiply => one * two,
            Operator::Divide => one / two,
            _ => one % two,
        });
    }
    None
}
