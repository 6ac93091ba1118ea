//! Operators between values.

use super::ast::{Infix, Node};
use super::evaluate::Evaluator;
use super::functions::hole;
use super::item::{Item, equal, segments};
use super::item::{Outcome, Stop};
use super::price::{segment_bytes, text_bytes};
use crate::asl::limits::{BYTES_READ_FACTOR, ELEMENTS_OF_A_UNIT};
use crate::asl::{PartialString, Segment, Value};

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn concat(
        &mut self,
        parts: &[Node<'a>],
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let mut texts = Vec::with_capacity(parts.len());
        for part in parts {
            texts.push((self.eval(part, context, frame)?, self.source(part)));
        }
        self.joined(texts, source)
    }

    /// The text of several items in a row, for each choice of alternatives. Each item has its expression, for
    /// what is unknown in it.
    pub(super) fn joined(&mut self, items: Vec<(Item<'a>, &'a str)>, source: &'a str) -> Outcome<'a> {
        let mut whole = Item::string("");
        // Items without alternatives that follow it are joined to it at once, so that long texts are not
        // copied for each item.
        let mut tail = Vec::new();
        for (item, item_source) in items {
            self.spend(1)?;
            if !matches!(item, Item::Data(Value::String(_) | Value::PartialString(_))) {
                let bytes = self.walk_item(&item)?;
                self.build(bytes.saturating_mul(2))?;
            }
            let alternatives = item.alternatives();
            if let [single] = alternatives.as_slice() {
                tail.extend(segments(single, item_source));
                continue;
            }
            whole = self.with_tail(&whole, std::mem::take(&mut tail), source)?;
            let mut texts = Vec::new();
            for head in whole.alternatives() {
                for alternative in &alternatives {
                    let mut text = segments(&head, source);
                    text.extend(segments(alternative, item_source));
                    texts.push(self.text(text)?);
                }
            }
            whole = one_text(texts, source);
        }
        self.with_tail(&whole, tail, source)
    }

    fn with_tail(&mut self, whole: &Item<'a>, tail: Vec<Segment<'a>>, source: &'a str) -> Outcome<'a> {
        let mut texts = Vec::new();
        for head in whole.alternatives() {
            let mut text = segments(&head, source);
            text.extend(tail.iter().cloned());
            texts.push(self.text(text)?);
        }
        Ok(one_text(texts, source))
    }

    fn text(&mut self, segments: Vec<Segment<'a>>) -> Result<Value<'a>, Stop> {
        self.spend(1 + segments.len() / ELEMENTS_OF_A_UNIT)?;
        self.build(segments.iter().map(segment_bytes).sum())?;
        Ok(PartialString::join(segments))
    }

    /// Pays for what an operator reads.
    fn spend_operation(&mut self, operator: Infix, left: &Item<'a>, right: &Item<'a>) -> Result<(), Stop> {
        let (Some(left), Some(right)) = (comparable(left), comparable(right)) else { return Ok(()) };
        match (operator, &right) {
            (Infix::In, Value::Array(elements)) => self.spend_search(&left, elements),
            (Infix::Equal | Infix::Unequal | Infix::In, _) => self.spend_comparison(&left, &right),
            _ => {
                let compared = text_bytes(&left).min(text_bytes(&right));
                self.spend_text(compared.saturating_mul(BYTES_READ_FACTOR))
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        operator: Infix,
        operands: &(Node<'a>, Node<'a>),
        context: &Item<'a>,
        frame: usize,
        source: &'a str,
    ) -> Outcome<'a> {
        let left = self.eval(&operands.0, context, frame)?;
        if matches!(operator, Infix::And | Infix::Or) {
            let decisive = operator == Infix::Or;
            return match self.truth(&left)? {
                Some(truth) if truth == decisive => Ok(Item::bool(decisive)),
                Some(_) => {
                    let right = self.eval(&operands.1, context, frame)?;
                    Ok(self.truth(&right)?.map_or(Item::unknown(source), Item::bool))
                }
                None => match self.eval(&operands.1, context, frame) {
                    Ok(right) => {
                        let decides = self.truth(&right)? == Some(decisive);
                        Ok(if decides { Item::bool(decisive) } else { Item::unknown(source) })
                    }
                    // The right side is evaluated unless the left one decides.
                    Err(Stop::Fails) => Ok(Item::bool(decisive)),
                    Err(Stop::GivesUp) => Err(Stop::GivesUp),
                },
            };
        }
        let right = self.eval(&operands.1, context, frame)?;
        self.lift(vec![left, right], source, &mut |this, operands| {
            let [left, right] = operands.as_slice() else { return Ok(Item::unknown(source)) };
            this.spend_operation(operator, left, right)?;
            Ok(apply(operator, left, right).unwrap_or(Item::unknown(source)))
        })
    }
}

/// One of several texts.
fn one_text<'a>(texts: Vec<Value<'a>>, source: &'a str) -> Item<'a> {
    match Value::one_of(texts) {
        Value::Unknown(_) => hole(source),
        texts => Item::Data(texts),
    }
}

/// `None` if it is known only at run time, or if it would fail.
fn apply<'a>(operator: Infix, left: &Item<'a>, right: &Item<'a>) -> Option<Item<'a>> {
    match operator {
        Infix::Equal | Infix::Unequal => {
            if left.is_absent() || right.is_absent() {
                return Some(Item::bool(false));
            }
            let equal = equal(&comparable(left)?, &comparable(right)?)?;
            Some(Item::bool(equal == (operator == Infix::Equal)))
        }
        Infix::In => contains(left, right).map(Item::bool),
        Infix::Less | Infix::LessOrEqual | Infix::Greater | Infix::GreaterOrEqual => {
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

/// Whether the right side has the left one among its elements. Objects and arrays are only ever equal to
/// themselves, so they give up.
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

fn compare<'a>(operator: Infix, left: &Item<'a>, right: &Item<'a>) -> Option<Item<'a>> {
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
        Infix::Less => order.is_lt(),
        Infix::LessOrEqual => order.is_le(),
        Infix::Greater => order.is_gt(),
        _ => order.is_ge(),
    }))
}

fn calculate<'a>(operator: Infix, left: &Item<'a>, right: &Item<'a>) -> Option<Item<'a>> {
    let (one, two) = (left.as_number(), right.as_number());
    if (left.is_absent() || one.is_some()) && (right.is_absent() || two.is_some()) {
        let (Some(one), Some(two)) = (one, two) else { return Some(Item::ABSENT) };
        return Item::number(match operator {
            Infix::Add => one + two,
            Infix::Subtract => one - two,
            Infix::Multiply => one * two,
            Infix::Divide => one / two,
            _ => one % two,
        });
    }
    None
}
