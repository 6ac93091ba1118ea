//! Functions of numbers.

use crate::asl::Value;
use crate::asl::jsonata::item::{Item, number, whole};
use crate::asl::limits::{MAX_ARRAY_ELEMENTS, MAX_EXACT_NUMBER};

pub(super) fn unary<'a>(name: &str, item: &Item<'a>) -> Option<Item<'a>> {
    let number = item.as_number()?;
    Item::number(match name {
        "abs" => number.abs(),
        "ceil" => number.ceil(),
        "floor" => number.floor(),
        _ => number.sqrt(),
    })
}

pub(super) fn aggregate<'a>(name: &str, array: &Item<'a>) -> Option<Item<'a>> {
    let numbers: Option<Vec<f64>> = array.elements()?.iter().map(number).collect();
    let numbers = numbers?;
    if numbers.is_empty() {
        return if name == "sum" { Item::number(0.0) } else { Some(Item::ABSENT) };
    }
    let sum = || numbers.iter().fold(0.0, |sum, number| sum + number);
    Item::number(match name {
        "max" => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "min" => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        "sum" => sum(),
        _ => sum() / f64::from(u32::try_from(numbers.len()).ok()?),
    })
}

/// `$number`; numbers in other bases are not evaluated.
pub(super) fn cast<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Data(Value::Bool(value)) => Item::number(f64::from(u8::from(*value))),
        Item::Data(Value::Number(_)) => Some(item.clone()),
        _ => {
            let text = item.as_str()?;
            let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
            let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
            let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let is_number = [integer, fraction, exponent].into_iter().all(is_digits);
            if is_number { Item::number(text.parse().ok()?) } else { None }
        }
    }
}

/// Powers of integers only: other ones differ between implementations in the last digit.
pub(super) fn power<'a>(base: &Item<'a>, exponent: &Item<'a>) -> Option<Item<'a>> {
    let base = whole(base.as_number()?)?;
    let exponent = u32::try_from(whole(exponent.as_number()?)?).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "beyond 53 bits the number is given up")]
    Item::number(base.checked_pow(exponent)? as f64)
}

/// From the first to the last number in steps, both ends included.
pub(super) fn range<'a>(first: &Item<'a>, last: &Item<'a>, step: &Item<'a>) -> Option<Item<'a>> {
    let integer = |item: &Item<'a>| item.as_number().and_then(whole);
    let (first, last, step) = (integer(first)?, integer(last)?, integer(step)?);
    if step == 0 || (last - first).signum() * step.signum() < 0 {
        return None;
    }
    let count = usize::try_from((last - first) / step).ok()?;
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step)).take(count + 1);
    (count < MAX_ARRAY_ELEMENTS)
        .then(|| Item::Data(Value::Array(numbers.map(|number| Value::Number(number.into())).collect())))
}

/// To the nearest number of that many decimals, halves to the even one.
pub(super) fn round<'a>(item: &Item<'a>, precision: &Item<'a>) -> Option<Item<'a>> {
    let number = item.as_number()?;
    if precision.is_absent() {
        return Item::number(number.round_ties_even());
    }
    let precision = whole(precision.as_number()?).filter(|precision| precision.abs() <= 15)?;
    // Moving the point in the text is exact, multiplying is not.
    let shifted: f64 = format!("{number}e{precision}").parse().ok()?;
    if shifted.abs() >= MAX_EXACT_NUMBER {
        return None;
    }
    Item::number(format!("{}e{}", shifted.round_ties_even(), -precision).parse().ok()?)
}
