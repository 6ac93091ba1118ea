//! Functions of arrays.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::asl::Value;
use crate::asl::jsonata::evaluate::Evaluator;
use crate::asl::jsonata::item::Stop;
use crate::asl::jsonata::item::{Item, equal, number, whole};
use crate::asl::limits::MAX_ARRAY_ELEMENTS;

/// Two arrays concatenated; anything else is an array of one.
pub(in crate::asl::jsonata) fn append<'a>(one: &Item<'a>, two: &Item<'a>) -> Option<Item<'a>> {
    if one.is_absent() {
        return Some(two.clone());
    }
    if two.is_absent() {
        return Some(one.clone());
    }
    let mut elements = Vec::new();
    for item in [one, two] {
        match (item, item.elements()) {
            (_, Some(more)) => elements.extend(more.iter().cloned()),
            (Item::Data(value), _) => elements.push(value.clone()),
            _ => return None,
        }
    }
    (elements.len() <= MAX_ARRAY_ELEMENTS).then(|| Item::Data(Value::Array(elements.into())))
}

pub(super) fn count<'a>(array: &Item<'a>) -> Option<Item<'a>> {
    if array.is_absent() {
        return Some(Item::Data(Value::Number(0.into())));
    }
    Some(Item::Data(Value::Number(array.elements()?.len().into())))
}

pub(super) fn zip<'a>(arrays: &[Item<'a>]) -> Option<Item<'a>> {
    let mut columns = Vec::with_capacity(arrays.len());
    for array in arrays {
        columns.push(if array.is_absent() { Rc::new([]) } else { Rc::clone(array.elements()?) });
    }
    let length = columns.iter().map(|column| column.len()).min().unwrap_or_default();
    let rows = (0..length)
        .map(|index| Value::Array(columns.iter().filter_map(|column| column.get(index).cloned()).collect()))
        .collect();
    Some(Item::Data(Value::Array(rows)))
}

pub(super) fn distinct<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    item: &Item<'a>,
) -> Result<Option<Item<'a>>, Stop> {
    let Some(elements) = item.elements() else {
        return Ok((!matches!(item, Item::Open(_))).then(|| item.clone()));
    };
    if elements.len() <= 1 {
        return Ok(Some(item.clone()));
    }
    let texts: Option<Vec<&str>> = elements.iter().map(known_text).collect();
    let distinct = match texts {
        Some(texts) => {
            evaluator.spend_order(texts.iter().copied())?;
            let mut seen = BTreeSet::new();
            let is_new = texts.into_iter().map(|text| seen.insert(text));
            elements
                .iter()
                .zip(is_new)
                .filter(|(_, is_new)| *is_new)
                .map(|(element, _)| element.clone())
                .collect()
        }
        None => match distinct_of_any(evaluator, elements)? {
            Some(distinct) => distinct,
            None => return Ok(None),
        },
    };
    Ok(Some(match item {
        Item::Sequence(_) | Item::Kept(_) => Item::Sequence(distinct.into()),
        _ => Item::Data(Value::Array(distinct.into())),
    }))
}

/// Compares each with each; `None` if it is known only at run time which are equal.
fn distinct_of_any<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    elements: &[Value<'a>],
) -> Result<Option<Vec<Value<'a>>>, Stop> {
    let mut distinct: Vec<Value<'a>> = Vec::new();
    for element in elements {
        evaluator.spend_search(element, &distinct)?;
        let mut is_new = true;
        for other in &distinct {
            let Some(equal) = equal(element, other) else { return Ok(None) };
            is_new &= !equal;
        }
        if is_new {
            distinct.push(element.clone());
        }
    }
    Ok(Some(distinct))
}

fn known_text<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    if let Value::String(text) = value { Some(text) } else { None }
}

/// Pieces of a given length; the last one may be shorter.
pub(super) fn partition<'a>(array: &Item<'a>, size: &Item<'a>) -> Option<Item<'a>> {
    let size = size
        .as_number()
        .and_then(whole)
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size > 0)?;
    let chunks = array.elements()?.chunks(size).map(|chunk| Value::Array(chunk.into())).collect();
    Some(Item::Data(Value::Array(chunks)))
}

pub(super) fn reverse<'a>(array: &Item<'a>) -> Option<Item<'a>> {
    let elements = array.elements()?;
    if elements.len() <= 1 {
        return Some(array.clone());
    }
    Some(Item::Data(Value::Array(elements.iter().rev().cloned().collect())))
}

/// Numbers by size, strings of ASCII characters by their codes.
pub(super) fn sort<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    array: &Item<'a>,
) -> Result<Option<Item<'a>>, Stop> {
    let Some(elements) = array.elements() else { return Ok(None) };
    if elements.len() <= 1 {
        return Ok(Some(array.clone()));
    }
    evaluator.spend(elements.len())?;
    let mut sorted = elements.to_vec();
    if elements.iter().all(|element| number(element).is_some()) {
        sorted.sort_by(|one, two| number(one).partial_cmp(&number(two)).unwrap_or(std::cmp::Ordering::Equal));
    } else {
        let ascii = |value| known_text(value).filter(|text| text.is_ascii());
        let texts: Option<Vec<&str>> = elements.iter().map(ascii).collect();
        let Some(texts) = texts else { return Ok(None) };
        evaluator.spend_order(texts.into_iter())?;
        sorted.sort_by(|one, two| known_text(one).cmp(&known_text(two)));
    }
    Ok(Some(Item::Data(Value::Array(sorted.into()))))
}
