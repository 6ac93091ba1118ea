//! The built-in functions. The result of one that is not in the list is known only at run time, or not worth
//! knowing.

mod arrays;
mod encoding;
mod higher;
mod numbers;
mod objects;
mod strings;

use super::evaluate::Evaluator;
use super::item::Item;
use super::item::Outcome;
use crate::asl::Value;

pub(super) use self::arrays::append;
pub(super) use self::strings::hole;

/// Names with signatures: `s` string, `n` number, `b` Boolean, `l` null, `a` array, `o` object, `f` function,
/// `j` any but a function, `x` any, in parentheses a choice; after it `-` if the context can replace it, `?`
/// optional, `+` many, and the type of elements.
///
/// The order of names is that of their bytes.
const FUNCTIONS: [(&str, &str); 56] = [
    ("abs", "n-"),
    ("append", "xx"),
    ("assert", "bs?"),
    ("average", "a<n>"),
    ("base64decode", "s-"),
    ("base64encode", "s-"),
    ("boolean", "x-"),
    ("ceil", "n-"),
    ("contains", "s-(sf)"),
    ("count", "a"),
    ("decodeUrl", "s-"),
    ("decodeUrlComponent", "s-"),
    ("distinct", "x"),
    ("each", "o-f"),
    ("encodeUrl", "s-"),
    ("encodeUrlComponent", "s-"),
    ("error", "s?"),
    ("exists", "x"),
    ("filter", "af"),
    ("floor", "n-"),
    ("hash", "ss"),
    ("join", "a<s>s?"),
    ("keys", "x-"),
    ("length", "s-"),
    ("lookup", "x-s"),
    ("lowercase", "s-"),
    ("map", "af"),
    ("max", "a<n>"),
    ("merge", "a<o>"),
    ("min", "a<n>"),
    ("not", "x-"),
    ("number", "(nsb)-"),
    ("pad", "s-ns?"),
    ("parse", "s"),
    ("partition", "an"),
    ("power", "n-n"),
    ("range", "nnn"),
    ("reduce", "afj?"),
    ("replace", "s-(sf)(sf)n?"),
    ("reverse", "a"),
    ("round", "n-n?"),
    ("sift", "o-f"),
    ("single", "af?"),
    ("sort", "af?"),
    ("split", "s-(sf)n?"),
    ("spread", "x-"),
    ("sqrt", "n-"),
    ("string", "x-b?"),
    ("substring", "s-nn?"),
    ("substringAfter", "s-s"),
    ("substringBefore", "s-s"),
    ("sum", "a<n>"),
    ("trim", "s-"),
    ("type", "x"),
    ("uppercase", "s-"),
    ("zip", "a+"),
];

/// The name of a function that can be evaluated.
pub(super) fn find(name: &str) -> Option<&'static str> {
    FUNCTIONS
        .binary_search_by(|(other, _)| (*other).cmp(name))
        .ok()
        .and_then(|at| FUNCTIONS.get(at))
        .map(|row| row.0)
}

/// How many arguments a function takes that is given to another one; `None` if it is not one.
pub(super) fn takes_one(name: &str) -> bool {
    name == "string" || signature(name).len() == 1
}

/// Calls a function with arguments that fit its signature.
pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    name: &str,
    arguments: &[Item<'a>],
    source: &'a str,
) -> Outcome<'a> {
    evaluator.spend_call(name, arguments)?;
    let first = arguments.first().unwrap_or(&Item::ABSENT);
    let second = arguments.get(1).unwrap_or(&Item::ABSENT);
    let third = arguments.get(2).unwrap_or(&Item::ABSENT);
    let fourth = arguments.get(3).unwrap_or(&Item::ABSENT);
    let answer = match name {
        "append" => append(first, second),
        "count" => arrays::count(first),
        "exists" if matches!(first, Item::Function(_)) => None,
        "exists" => Some(Item::bool(!first.is_absent())),
        "error" => return objects::error(),
        "assert" => return objects::assert(first, source),
        "zip" => arrays::zip(arguments),
        _ if first.is_absent() => Some(Item::ABSENT),
        "join" => return strings::join(evaluator, first, second, source),
        "each" | "filter" | "map" | "reduce" | "sift" | "single" => {
            return higher::call(evaluator, name, arguments, source);
        }
        "sort" if !second.is_absent() => return higher::sort(evaluator, first, second, source),
        "abs" | "ceil" | "floor" | "sqrt" => numbers::unary(name, first),
        "average" | "max" | "min" | "sum" => numbers::aggregate(name, first),
        "number" => numbers::cast(first),
        "power" => numbers::power(first, second),
        "range" => numbers::range(first, second, third),
        "round" => numbers::round(first, second),
        "distinct" => arrays::distinct(evaluator, first)?,
        "partition" => arrays::partition(first, second),
        "reverse" => arrays::reverse(first),
        "sort" => arrays::sort(evaluator, first)?,
        "boolean" => first.truth().map(Item::bool),
        "not" => first.truth().map(|truth| Item::bool(!truth)),
        "type" => objects::type_of(first),
        "keys" => objects::keys(first),
        "lookup" => match second.as_str() {
            Some(name) => Some(evaluator.lookup(first, name, source)?),
            None => None,
        },
        "merge" => objects::merge(first),
        "spread" => objects::spread(first),
        "base64decode" => encoding::base64_decode(first),
        "base64encode" => encoding::base64_encode(first),
        "decodeUrl" | "decodeUrlComponent" => encoding::decode_url(name, first),
        "encodeUrl" | "encodeUrlComponent" => encoding::encode_url(name, first),
        "hash" => encoding::hash(first, second),
        "parse" => encoding::parse(first),
        "contains" => strings::contains(first, second),
        "length" => strings::length(first),
        "lowercase" | "uppercase" => Some(strings::change_case(name, first, source)),
        "pad" => strings::pad(first, second, third),
        "replace" => strings::replace(first, second, third, fourth),
        "split" => strings::split(first, second, third, source),
        "string" => strings::string(first, second, source),
        "substring" => strings::substring(first, second, third, source),
        "substringAfter" => strings::substring_after(first, second, source),
        "substringBefore" => strings::substring_before(first, second, source),
        "trim" => Some(strings::trim(first, source)),
        _ => None,
    };
    Ok(answer.unwrap_or(Item::unknown(source)))
}

/// A parameter of a signature.
struct Parameter {
    /// The letters of types that it takes.
    types: &'static str,
    element: Option<char>,
    is_optional: bool,
    from_context: bool,
    is_repeated: bool,
}

fn signature(name: &str) -> Vec<Parameter> {
    let Some((_, mut rest)) = FUNCTIONS.into_iter().find(|(other, _)| *other == name) else {
        return Vec::new();
    };
    let mut parameters = Vec::new();
    while !rest.is_empty() {
        let (letters, tail) = match rest.strip_prefix('(').and_then(|choice| choice.split_once(')')) {
            Some(choice) => choice,
            None => rest.split_at(1),
        };
        rest = tail;
        let types = match letters {
            "a" | "x" => "asnblfo",
            "j" => "asnblo",
            letters => letters,
        };
        let mut parameter =
            Parameter { types, element: None, is_optional: false, from_context: false, is_repeated: false };
        if letters == "a" {
            parameter.element = Some('x');
        }
        loop {
            let mut characters = rest.chars();
            match characters.next() {
                Some('-') => parameter.from_context = true,
                Some('?') => parameter.is_optional = true,
                Some('+') => parameter.is_repeated = true,
                Some('<') => {
                    parameter.element = characters.next();
                    characters.next();
                }
                _ => break,
            }
            rest = characters.as_str();
        }
        parameters.push(parameter);
    }
    parameters
}

/// The arguments as the function's signature has them; `None` if they do not match, or are known only at run
/// time.
pub(super) fn arguments<'a>(
    name: &str,
    supplied: Vec<Item<'a>>,
    context: &Item<'a>,
) -> Option<Vec<Item<'a>>> {
    let parameters = signature(name);
    let types: Option<Vec<char>> = supplied.iter().map(type_letter).collect();
    let counts = distribute(&parameters, &types?)?;
    let mut supplied = supplied.into_iter();
    let mut arguments = Vec::new();
    for (parameter, count) in parameters.iter().zip(counts) {
        if count == 0 {
            if parameter.from_context {
                let letter = type_letter(context)?;
                if !parameter.types.contains(letter) {
                    return None;
                }
                arguments.push(context.clone());
            } else if supplied.len() > 0 {
                return None;
            }
        }
        for argument in supplied.by_ref().take(count) {
            arguments.push(match parameter.element {
                Some(element) => as_array(argument, element)?,
                None => argument,
            });
        }
    }
    Some(arguments)
}

/// How many arguments each parameter takes; the first ones take what they can.
fn distribute(parameters: &[Parameter], types: &[char]) -> Option<Vec<usize>> {
    let Some((parameter, rest)) = parameters.split_first() else { return types.is_empty().then(Vec::new) };
    let fits =
        |letter: &char| parameter.types.contains(*letter) || (*letter == 'm' && parameter.types != "f");
    let most = types.iter().take_while(|letter| fits(letter)).count();
    let most = if parameter.is_repeated { most } else { most.min(1) };
    let least = usize::from(!parameter.is_optional && !parameter.from_context);
    (least..=most).rev().find_map(|count| {
        let mut counts = distribute(rest, types.get(count..)?)?;
        counts.insert(0, count);
        Some(counts)
    })
}

/// An argument for an array parameter: a single value is an array of one.
fn as_array<'a>(argument: Item<'a>, element: char) -> Option<Item<'a>> {
    let has_type =
        |value: &Value<'a>| element == 'x' || value_letter(value).is_none_or(|letter| letter == element);
    let fits = match &argument {
        Item::Data(Value::Absent) | Item::Open(_) => return Some(argument),
        Item::Function(_) | Item::Root => return None,
        other => match other.elements() {
            Some(elements) => return elements.iter().all(has_type).then_some(argument),
            None => has_type(&other.clone().into_value("")),
        },
    };
    fits.then(|| Item::Data(Value::Array([argument.into_value("")].into())))
}

/// The letter of a type, `m` for nothing; `None` if they are known only at run time.
fn type_letter(item: &Item<'_>) -> Option<char> {
    match item {
        Item::Data(value) => value_letter(value),
        Item::Sequence(_) | Item::Kept(_) | Item::Whole(_) | Item::Open(_) => Some('a'),
        Item::Function(_) => Some('f'),
        Item::Root => None,
    }
}

fn value_letter(value: &Value<'_>) -> Option<char> {
    Some(match value {
        Value::Absent => 'm',
        Value::Null => 'l',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::String(_) | Value::PartialString(_) => 's',
        Value::Array(_) => 'a',
        Value::Object(_) | Value::Open(..) => 'o',
        Value::OneOf(_) | Value::Unknown(_) => return None,
    })
}
