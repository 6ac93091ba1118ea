//! Functions that call functions.

use std::rc::Rc;

use super::takes_one;
use crate::asl::jsonata::evaluate::Evaluator;
use crate::asl::jsonata::item::{Function, Item, is_single};
use crate::asl::jsonata::item::{Outcome, Stop};
use crate::asl::{Str, Value};

/// Those over the elements of an array or the members of an object.
pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    name: &str,
    arguments: &[Item<'a>],
    source: &'a str,
) -> Outcome<'a> {
    let unknown = Ok(Item::unknown(source));
    let Some(collection) = arguments.first() else { return unknown };
    let function = match arguments.get(1) {
        Some(Item::Function(function)) => Some(Rc::clone(function)),
        _ => None,
    };
    match (name, function, collection) {
        ("single", None, collection) => Ok(match collection.elements().map(|elements| &elements[..]) {
            Some([single]) => Item::Data(single.clone()),
            _ => Item::unknown(source),
        }),
        ("each" | "sift", Some(function), Item::Data(Value::Object(members))) => {
            over_members(evaluator, name, &function, members, collection, source)
        }
        ("reduce", Some(function), collection) => {
            let first = arguments.get(2).filter(|item| !item.is_absent()).cloned();
            reduce(evaluator, &function, collection, first, source)
        }
        ("filter" | "map" | "single", Some(function), collection) => match collection.elements().cloned() {
            Some(elements) => over_elements(evaluator, name, &function, &elements, collection, source),
            None => unknown,
        },
        _ => unknown,
    }
}

/// Whether a function gave a sequence of one element or none. The reference implementation keeps it as an
/// array that may turn into its element later, depending on what surrounds the call.
fn is_short_sequence(result: &Item<'_>) -> bool {
    matches!(result, Item::Sequence(elements) | Item::Kept(elements) if elements.len() <= 1)
}

fn over_elements<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    name: &str,
    function: &Function<'a>,
    elements: &[Value<'a>],
    collection: &Item<'a>,
    source: &'a str,
) -> Outcome<'a> {
    let mut results = Vec::new();
    let mut open = false;
    for (index, element) in elements.iter().enumerate() {
        let arguments =
            [Item::Data(element.clone()), Item::Data(Value::Number(index.into())), collection.clone()];
        let Some(arguments) = fitting(function, arguments) else { return Ok(Item::unknown(source)) };
        let result = evaluator.apply(function, arguments, &Item::ABSENT, source)?;
        if is_short_sequence(&result) {
            return Ok(Item::unknown(source));
        }
        if name == "map" {
            match result {
                Item::Function(_) => return Ok(Item::unknown(source)),
                result => match result.into_value(source) {
                    Value::Absent => {}
                    value if value.may_be_absent() => {
                        open = true;
                        results.push(Value::Unknown(source.into()));
                    }
                    value => results.push(value),
                },
            }
        } else {
            match evaluator.truth(&result)? {
                Some(true) => results.push(element.clone()),
                Some(false) => {}
                None => return Ok(Item::unknown(source)),
            }
        }
    }
    Ok(match (name, results.as_slice()) {
        ("single", [single]) => Item::Data(single.clone()),
        ("single", _) => Item::unknown(source),
        // If everything else is missing, a single element is the value itself: that must not change what it
        // means.
        (_, results) if open => {
            let certain = |result: &Value<'a>| !matches!(result, Value::Unknown(_));
            let is_plain = results.iter().filter(|result| certain(result)).all(is_single);
            if is_plain && results.iter().any(certain) {
                Item::Open(results.into())
            } else {
                Item::unknown(source)
            }
        }
        (_, results) => Item::Sequence(results.into()),
    })
}

fn over_members<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    name: &str,
    function: &Function<'a>,
    members: &Rc<[(Str<'a>, Value<'a>)]>,
    collection: &Item<'a>,
    source: &'a str,
) -> Outcome<'a> {
    // The order of members is not known, and it determines the order of the results.
    if name == "each" && (members.len() > 1 || members.iter().any(|(_, value)| value.may_be_absent())) {
        return Ok(Item::unknown(source));
    }
    let mut results = Vec::new();
    for (key, value) in members.iter() {
        let arguments =
            [Item::Data(value.clone()), Item::Data(Value::String(key.clone())), collection.clone()];
        let Some(arguments) = fitting(function, arguments) else { return Ok(Item::unknown(source)) };
        let result = evaluator.apply(function, arguments, &Item::ABSENT, source)?;
        if is_short_sequence(&result) {
            return Ok(Item::unknown(source));
        }
        if name == "each" {
            return Ok(match result {
                Item::Data(Value::Absent) => Item::ABSENT,
                Item::Function(_) => Item::unknown(source),
                result => Item::Sequence([result.into_value(source)].into()),
            });
        }
        match evaluator.truth(&result)? {
            Some(true) => results.push((key.clone(), value.clone())),
            Some(false) => {}
            None => return Ok(Item::unknown(source)),
        }
    }
    Ok(if results.is_empty() {
        Item::ABSENT
    } else if results.iter().all(|(_, value)| value.may_be_absent()) {
        Item::unknown(source)
    } else {
        Item::Data(Value::Object(results.into()))
    })
}

fn reduce<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    function: &Function<'a>,
    collection: &Item<'a>,
    first: Option<Item<'a>>,
    source: &'a str,
) -> Outcome<'a> {
    let Some(elements) = collection.elements().cloned() else { return Ok(Item::unknown(source)) };
    let arity = match function {
        Function::Lambda { lambda, .. } => lambda.parameters.len(),
        _ => 0,
    };
    if arity < 2 {
        return Ok(Item::unknown(source));
    }
    let mut elements = elements.iter().cloned().enumerate();
    let mut result = match first {
        Some(first) => first,
        None => elements.next().map_or(Item::ABSENT, |(_, element)| Item::Data(element)),
    };
    for (index, element) in elements {
        let mut arguments =
            vec![result, Item::Data(element), Item::Data(Value::Number(index.into())), collection.clone()];
        arguments.truncate(arity);
        result = evaluator.apply(function, arguments, &Item::ABSENT, source)?;
        evaluator.spend_item(&result)?;
    }
    Ok(result)
}

/// `$sort` with a function that says whether its first argument belongs after its second one.
pub(super) fn sort<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    array: &Item<'a>,
    function: &Item<'a>,
    source: &'a str,
) -> Outcome<'a> {
    let (Some(elements), Item::Function(function)) = (array.elements(), function) else {
        return Ok(Item::unknown(source));
    };
    if elements.len() <= 1 {
        return Ok(array.clone());
    }
    Ok(match merge_sort(evaluator, elements, function, source)? {
        Some(sorted) => Item::Data(Value::Array(sorted.into())),
        None => Item::unknown(source),
    })
}

/// The same comparisons in the same order as JSONata makes them, because the function need not be consistent.
fn merge_sort<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    elements: &[Value<'a>],
    function: &Function<'a>,
    source: &'a str,
) -> Result<Option<Vec<Value<'a>>>, Stop> {
    if elements.len() <= 1 {
        return Ok(Some(elements.to_vec()));
    }
    let (left, right) = elements.split_at(elements.len() / 2);
    let Some(left) = merge_sort(evaluator, left, function, source)? else { return Ok(None) };
    let Some(right) = merge_sort(evaluator, right, function, source)? else { return Ok(None) };
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    let mut merged = Vec::with_capacity(elements.len());
    while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
        let arguments = vec![Item::Data(one.clone()), Item::Data(two.clone())];
        match evaluator.apply(function, arguments, &Item::ABSENT, source)? {
            Item::Data(Value::Bool(true)) => merged.extend(right.next()),
            Item::Data(Value::Bool(false)) => merged.extend(left.next()),
            _ => return Ok(None),
        }
    }
    merged.extend(left);
    merged.extend(right);
    Ok(Some(merged))
}

/// As many arguments as a function takes; `None` if that is uncertain.
fn fitting<'a>(function: &Function<'a>, arguments: [Item<'a>; 3]) -> Option<Vec<Item<'a>>> {
    let count = match function {
        Function::Builtin(name) if takes_one(name) => 1,
        Function::Builtin(_) => return None,
        Function::Lambda { lambda, .. } => lambda.parameters.len().max(1),
        Function::Partial { arguments, .. } => arguments.iter().filter(|argument| argument.is_none()).count(),
        Function::Composed { .. } => 1,
    };
    Some(arguments.into_iter().take(count).collect())
}
