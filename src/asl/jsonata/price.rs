//! What an evaluation pays, always before the work is done, so that larger values do not get more work for
//! the same price.

use super::evaluate::Evaluator;
use super::item::Item;
use super::item::Stop;
use crate::asl::limits::{
    BYTES_READ_FACTOR, ELEMENTS_OF_A_UNIT, MAX_ARRAY_ELEMENTS, MAX_PAD_WIDTH, MAX_STATE_BYTES,
};
use crate::asl::{Segment, Value};
use crate::work::BYTES_OF_A_UNIT;

impl<'a> Evaluator<'_, 'a> {
    /// Pays for units of work.
    pub(super) fn spend(&mut self, units: usize) -> Result<(), Stop> {
        self.budget = self.budget.checked_sub(units).ok_or(Stop::GivesUp)?;
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        self.environment.work().spend(units).map_err(|_| Stop::GivesUp)
    }

    /// Pays for text that is compared or copied.
    pub(super) fn spend_text(&mut self, bytes: usize) -> Result<(), Stop> {
        self.spend(bytes / BYTES_OF_A_UNIT)
    }

    /// Pays for text that is built.
    pub(super) fn build(&mut self, bytes: usize) -> Result<(), Stop> {
        if bytes > MAX_STATE_BYTES {
            return Err(Stop::GivesUp);
        }
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Stop::GivesUp)?;
        self.environment.work().build(bytes).map_err(|_| Stop::GivesUp)?;
        self.spend_text(bytes)
    }

    /// Pays for everything inside a value that was built, so that none grows without bound.
    pub(super) fn spend_item(&mut self, item: &Item<'a>) -> Result<(), Stop> {
        if item.elements().is_some_and(|elements| elements.len() > MAX_ARRAY_ELEMENTS) {
            return Err(Stop::GivesUp);
        }
        self.walk_item(item).map(|_| ())
    }

    /// Pays for a walk over everything inside a value; the bytes of text in it.
    pub(super) fn walk_item(&mut self, item: &Item<'a>) -> Result<usize, Stop> {
        match item {
            Item::Data(value) => self.walk_value(value),
            Item::Sequence(elements)
            | Item::Kept(elements)
            | Item::Whole(elements)
            | Item::Open(elements) => self.walk_values(elements),
            Item::Function(_) | Item::Root => Ok(0),
        }
    }

    fn walk_values(&mut self, values: &[Value<'a>]) -> Result<usize, Stop> {
        values.iter().try_fold(0, |bytes, value| Ok(bytes + self.walk_value(value)?))
    }

    fn walk_value(&mut self, value: &Value<'a>) -> Result<usize, Stop> {
        self.spend(1)?;
        match value {
            Value::Array(elements) | Value::OneOf(elements) => self.walk_values(elements),
            Value::Object(members) | Value::Open(members, _) => members
                .iter()
                .try_fold(0, |bytes, (key, value)| Ok(bytes + key.len() + self.walk_value(value)?)),
            value => match text_bytes(value) {
                bytes if bytes > MAX_STATE_BYTES => Err(Stop::GivesUp),
                bytes => Ok(bytes),
            },
        }
    }

    /// Pays for a comparison of two values.
    pub(super) fn spend_comparison(&mut self, one: &Value<'a>, two: &Value<'a>) -> Result<(), Stop> {
        self.spend(1)?;
        match (one, two) {
            (Value::String(one), Value::String(two)) if one.len() == two.len() => self.spend_text(one.len()),
            (Value::PartialString(_), other) | (other, Value::PartialString(_)) => {
                self.spend_text(text_bytes(other) * BYTES_READ_FACTOR)
            }
            (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
                one.iter().zip(two.iter()).try_for_each(|(one, two)| self.spend_comparison(one, two))
            }
            (Value::Object(one), Value::Object(two)) if one.len() == two.len() => {
                one.iter().zip(two.iter()).try_for_each(|((key, one), (_, two))| {
                    self.spend_text(key.len())?;
                    self.spend_comparison(one, two)
                })
            }
            (Value::OneOf(values), other) | (other, Value::OneOf(values)) => {
                values.iter().try_for_each(|value| self.spend_comparison(value, other))
            }
            _ => Ok(()),
        }
    }

    /// Pays for a search for a value among others.
    pub(super) fn spend_search(&mut self, wanted: &Value<'a>, values: &[Value<'a>]) -> Result<(), Stop> {
        self.spend(values.len() / ELEMENTS_OF_A_UNIT)?;
        match wanted {
            Value::String(wanted) => {
                let alike = |value: &&Value<'a>| match value {
                    Value::String(text) => text.len() == wanted.len(),
                    value => text_bytes(value) > 0,
                };
                self.spend_text(values.iter().filter(alike).count().saturating_mul(wanted.len()))
            }
            wanted => values.iter().try_for_each(|value| self.spend_comparison(wanted, value)),
        }
    }

    /// Pays for sorting texts, or for a set of them.
    pub(super) fn spend_order<'v>(&mut self, texts: impl Iterator<Item = &'v str>) -> Result<(), Stop> {
        let (count, bytes) =
            texts.fold((0_usize, 0_usize), |(count, bytes), text| (count + 1, bytes + text.len()));
        let rounds = usize::try_from(count.max(1).ilog2()).unwrap_or_default() + 1;
        self.spend(count)?;
        self.spend_text(bytes.saturating_mul(rounds))
    }

    /// Pays for a call of a built-in function: for the text and the elements that it reads, and for the text
    /// that it makes.
    pub(super) fn spend_call(&mut self, name: &str, arguments: &[Item<'a>]) -> Result<(), Stop> {
        let bytes_of = |item: &Item<'a>| if let Item::Data(value) = item { text_bytes(value) } else { 0 };
        let bytes: usize = arguments.iter().map(bytes_of).sum();
        let elements: usize =
            arguments.iter().filter_map(|item| item.elements()).map(|elements| elements.len()).sum();
        self.spend_text(bytes.saturating_mul(BYTES_READ_FACTOR))?;
        self.spend(elements / ELEMENTS_OF_A_UNIT)?;
        let first = arguments.first().unwrap_or(&Item::ABSENT);
        let text = bytes_of(first);
        match name {
            "lowercase" | "uppercase" | "trim" | "split" | "substring" | "substringAfter"
            | "substringBefore" | "base64decode" | "decodeUrl" | "decodeUrlComponent" | "parse" => {
                self.build(text)
            }
            "base64encode" => self.build(text + text / 2),
            "encodeUrl" | "encodeUrlComponent" => self.build(text * 3),
            "pad" => {
                let width = arguments.get(1).and_then(Item::as_number).unwrap_or_default().abs();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates, and is not negative"
                )]
                let width = (width as usize).min(MAX_PAD_WIDTH);
                self.build(text + width * 4)
            }
            "replace" => match arguments {
                [text, pattern, replacement, ..] => self.spend_replacement(text, pattern, replacement),
                _ => Ok(()),
            },
            "string" if text == 0 => {
                let inside = self.walk_item(first)?;
                self.build(inside * 2)
            }
            "boolean" | "not" | "merge" | "keys" | "spread" => self.walk_item(first).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn spend_replacement(
        &mut self,
        text: &Item<'a>,
        pattern: &Item<'a>,
        replacement: &Item<'a>,
    ) -> Result<(), Stop> {
        let (Some(text), Some(pattern), Some(replacement)) =
            (text.as_str(), pattern.as_str(), replacement.as_str())
        else {
            return Ok(());
        };
        if pattern.is_empty() {
            return Ok(());
        }
        self.build(text.len() + text.matches(pattern).count().saturating_mul(replacement.len()))
    }
}

/// The bytes of a text, known or known in part; none for other values.
pub(super) fn text_bytes(value: &Value<'_>) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::PartialString(text) => text.segments.iter().map(segment_bytes).sum(),
        _ => 0,
    }
}

/// The bytes of a segment.
pub(super) fn segment_bytes(segment: &Segment<'_>) -> usize {
    match segment {
        Segment::Literal(text) => text.len(),
        Segment::Hole(expression) => expression.len(),
    }
}
