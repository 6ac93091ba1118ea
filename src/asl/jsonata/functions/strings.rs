//! Functions of strings, known and known in part.

use crate::asl::jsonata::evaluate::Evaluator;
use crate::asl::jsonata::item::Outcome;
use crate::asl::jsonata::item::{Item, json_text, whole};
use crate::asl::limits::{MAX_ARRAY_ELEMENTS, MAX_PAD_WIDTH};
use crate::asl::{PartialString, Segment, Str, Value};

pub(super) fn string<'a>(item: &Item<'a>, prettify: &Item<'a>, source: &'a str) -> Option<Item<'a>> {
    if !prettify.is_absent() && prettify.truth() != Some(false) {
        return None;
    }
    match item {
        Item::Data(Value::String(_) | Value::PartialString(_)) => Some(item.clone()),
        Item::Function(_) | Item::Open(_) | Item::Root => None,
        item => json_text(&item.clone().into_value(source)).map(Item::string),
    }
}

pub(super) fn length<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    Some(Item::Data(Value::Number(item.as_str()?.chars().count().into())))
}

/// Everything from a place on, or a given length; the beginning of a partly known string may do.
pub(super) fn substring<'a>(
    item: &Item<'a>,
    start: &Item<'a>,
    length: &Item<'a>,
    source: &'a str,
) -> Option<Item<'a>> {
    let start = whole(start.as_number()?)?;
    let length = if length.is_absent() { None } else { Some(whole(length.as_number()?)?) };
    if length.is_some_and(|length| length <= 0) {
        return Some(Item::string(""));
    }
    let take = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if let Some(text) = item.as_str() {
        let total = i64::try_from(text.chars().count()).ok()?;
        let from = if start < 0 { (total + start).max(0) } else { start };
        let from = usize::try_from(from).ok()?;
        return Some(Item::string(text.chars().skip(from).take(take).collect::<String>()));
    }
    let (head, rest) = head(item)?;
    let known = head.chars().count();
    let from = usize::try_from(start).ok().filter(|from| *from <= known)?;
    let begin: String = head.chars().skip(from).take(take).collect();
    if take <= known - from {
        return Some(Item::string(begin));
    }
    match length {
        None => Some(Item::Data(PartialString::join(
            [Segment::Literal(Str::from(begin))].into_iter().chain(rest),
        ))),
        Some(_) => Some(Item::Data(PartialString::join([
            Segment::Literal(Str::from(begin)),
            Segment::Hole(source.into()),
        ]))),
    }
}

pub(super) fn substring_before<'a>(
    item: &Item<'a>,
    separator: &Item<'a>,
    source: &'a str,
) -> Option<Item<'a>> {
    let separator = separator.as_str()?;
    if let Some(text) = item.as_str() {
        let before = text.split_once(separator).map_or(text, |(before, _)| before);
        return Some(Item::string(before.to_owned()));
    }
    let (head, _) = head(item)?;
    Some(match head.split_once(separator) {
        Some((before, _)) => Item::string(before.to_owned()),
        None => hole(source),
    })
}

pub(super) fn substring_after<'a>(
    item: &Item<'a>,
    separator: &Item<'a>,
    source: &'a str,
) -> Option<Item<'a>> {
    let separator = separator.as_str()?;
    if let Some(text) = item.as_str() {
        let after = text.split_once(separator).map_or(text, |(_, after)| after);
        return Some(Item::string(after.to_owned()));
    }
    let (head, rest) = head(item)?;
    Some(match head.split_once(separator) {
        Some((_, after)) => Item::Data(PartialString::join(
            [Segment::Literal(Str::from(after.to_owned()))].into_iter().chain(rest),
        )),
        None => hole(source),
    })
}

/// Only ASCII: other letters have rules that implementations may not share.
pub(super) fn change_case<'a>(name: &str, item: &Item<'a>, source: &'a str) -> Item<'a> {
    each_literal(item, source, |text| {
        let changed = if name == "lowercase" { text.to_ascii_lowercase() } else { text.to_ascii_uppercase() };
        text.is_ascii().then_some(changed)
    })
}

/// White space at the ends is removed, white space within becomes one blank.
pub(super) fn trim<'a>(item: &Item<'a>, source: &'a str) -> Item<'a> {
    const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
    if let Some(text) = item.as_str() {
        let words: Vec<&str> = text.split(BLANKS).filter(|word| !word.is_empty()).collect();
        return Item::string(words.join(" "));
    }
    each_literal(item, source, |text| (!text.contains(BLANKS)).then(|| text.to_owned()))
}

pub(super) fn pad<'a>(item: &Item<'a>, width: &Item<'a>, filling: &Item<'a>) -> Option<Item<'a>> {
    let text = item.as_str()?;
    let width = whole(width.as_number()?)?;
    let filling = if filling.is_absent() { " " } else { filling.as_str()? };
    let filling = if filling.is_empty() { " " } else { filling };
    let target = usize::try_from(width.unsigned_abs()).ok().filter(|target| *target <= MAX_PAD_WIDTH)?;
    let missing = target.saturating_sub(text.chars().count());
    let padding: String = filling.chars().cycle().take(missing).collect();
    Some(Item::string(if width > 0 { format!("{text}{padding}") } else { format!("{padding}{text}") }))
}

pub(super) fn contains<'a>(item: &Item<'a>, wanted: &Item<'a>) -> Option<Item<'a>> {
    let wanted = wanted.as_str()?;
    match item {
        Item::Data(Value::PartialString(text)) => {
            let found = text.segments.iter().any(|segment| match segment {
                Segment::Literal(text) => text.contains(wanted),
                Segment::Hole(_) => false,
            });
            found.then(|| Item::bool(true))
        }
        item => Some(Item::bool(item.as_str()?.contains(wanted))),
    }
}

/// The parts between separators. Of a partly known string only the parts before its first hole are certain.
pub(super) fn split<'a>(
    item: &Item<'a>,
    separator: &Item<'a>,
    limit: &Item<'a>,
    source: &'a str,
) -> Option<Item<'a>> {
    let separator = separator.as_str()?;
    let limit =
        if limit.is_absent() { usize::MAX } else { usize::try_from(whole(limit.as_number()?)?).ok()? };
    let part = |text: &str| Value::String(Str::from(text.to_owned()));
    if let Some(text) = item.as_str() {
        let parts: Vec<Value<'a>> = if separator.is_empty() {
            // Implementations may split characters outside of ASCII.
            if !text.is_ascii() {
                return None;
            }
            text.split("")
                .filter(|text| !text.is_empty())
                .take(limit.min(MAX_ARRAY_ELEMENTS + 1))
                .map(part)
                .collect()
        } else {
            text.split(separator).take(limit.min(MAX_ARRAY_ELEMENTS + 1)).map(part).collect()
        };
        return Some(Item::Data(Value::Array(parts.into())));
    }
    let (head, _) = head(item)?;
    if separator.is_empty() {
        return None;
    }
    let mut parts: Vec<Value<'a>> = head.split(separator).map(part).collect();
    parts.pop();
    if parts.len() >= limit {
        parts.truncate(limit);
        return Some(Item::Data(Value::Array(parts.into())));
    }
    parts.push(Value::Unknown(source.into()));
    Some(Item::Open(parts.into()))
}

/// Strings in a row with a separator between them.
pub(super) fn join<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    array: &Item<'a>,
    separator: &Item<'a>,
    source: &'a str,
) -> Outcome<'a> {
    let (elements, is_open) = match array {
        Item::Open(elements) => (elements, true),
        array => match array.elements() {
            Some(elements) => (elements, false),
            None => return Ok(Item::unknown(source)),
        },
    };
    let nothing = Item::string("");
    let separator = if separator.is_absent() { &nothing } else { separator };
    let mut items = Vec::with_capacity(elements.len() * 2);
    let mut has_one = false;
    for element in elements.iter() {
        let is_gap = is_open && matches!(element, Value::Unknown(_));
        // Separators before elements of a gap are part of its hole.
        if has_one && !is_gap {
            items.push((separator.clone(), source));
        }
        items.push((Item::Data(element.clone()), source));
        has_one |= !is_gap;
    }
    evaluator.joined(items, source)
}

/// Plain strings for plain strings; regular expressions are not evaluated.
pub(super) fn replace<'a>(
    item: &Item<'a>,
    pattern: &Item<'a>,
    replacement: &Item<'a>,
    limit: &Item<'a>,
) -> Option<Item<'a>> {
    let (text, pattern, replacement) = (item.as_str()?, pattern.as_str()?, replacement.as_str()?);
    let limit =
        if limit.is_absent() { usize::MAX } else { usize::try_from(whole(limit.as_number()?)?).ok()? };
    if pattern.is_empty() {
        return None;
    }
    Some(Item::string(text.replacen(pattern, replacement, limit)))
}

/// A string of which nothing is known.
pub(in crate::asl::jsonata) fn hole<'a>(source: &'a str) -> Item<'a> {
    Item::Data(Value::PartialString(PartialString { segments: vec![Segment::Hole(source.into())] }))
}

/// The known beginning of a partly known string, and what follows it.
fn head<'i, 'a>(item: &'i Item<'a>) -> Option<(&'i str, Vec<Segment<'a>>)> {
    let Item::Data(Value::PartialString(text)) = item else { return None };
    match text.segments.split_first() {
        Some((Segment::Literal(head), rest)) => Some((head, rest.to_vec())),
        _ => Some(("", text.segments.clone())),
    }
}

/// Changes each known character of a string; a literal that cannot be changed becomes a hole.
fn each_literal<'a>(item: &Item<'a>, source: &'a str, change: impl Fn(&str) -> Option<String>) -> Item<'a> {
    let change = |segment: &Segment<'a>| match segment {
        Segment::Literal(text) => match change(text) {
            Some(changed) => Segment::Literal(Str::from(changed)),
            None => Segment::Hole(source.into()),
        },
        Segment::Hole(expression) => Segment::Hole(expression.clone()),
    };
    match item {
        Item::Data(Value::String(text)) => {
            Item::Data(PartialString::join([change(&Segment::Literal(text.clone()))]))
        }
        Item::Data(Value::PartialString(text)) => {
            Item::Data(PartialString::join(text.segments.iter().map(change)))
        }
        _ => Item::unknown(source),
    }
}
