//! Numbers of YAML as JSON writes them: `jsonencode` writes neither exponents nor redundant zeros.

use crate::source::limits::MAX_DIGITS;

/// Whether a plain scalar is a number: decimal, `0o17` or `0x1F`.
pub(super) fn is_number(text: &str) -> bool {
    let all =
        |digits: &str, fits: fn(&char) -> bool| !digits.is_empty() && digits.chars().all(|one| fits(&one));
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, |one| ('0'..='7').contains(one));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, char::is_ascii_hexdigit);
    }
    parts(text).is_some()
}

/// A number, as in a scalar with the tag of a number: underscores do not count.
pub(super) fn read(text: &str) -> Option<String> {
    let plain = text.replace('_', "");
    if let Some(number) = decimal(&plain) {
        return Some(number);
    }
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let lower = digits.to_ascii_lowercase();
    let radix = |prefix: &str, radix: u32| {
        let digits = lower.strip_prefix(prefix).filter(|digits| !digits.starts_with(['+', '-']))?;
        u64::from_str_radix(digits, radix).ok()
    };
    let value = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2))?;
    Some(format!("{sign}{value}"))
}

/// A decimal number in its shortest form without an exponent. `None` if it is none, or out of range.
fn decimal(text: &str) -> Option<String> {
    let (negative, whole, fraction, exponent) = parts(text)?;
    let mut digits: String = [whole, fraction].concat();
    // How many of the digits are before the point.
    let mut point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    digits.drain(..zeros);
    point -= i64::try_from(zeros).ok()?;
    digits.truncate(digits.trim_end_matches('0').len());
    let sign = if negative { "-" } else { "" };
    if digits.is_empty() {
        return Some(format!("{sign}0"));
    }
    let size = i64::try_from(digits.len()).ok()?;
    let limit = i64::try_from(MAX_DIGITS).ok()?;
    if size > limit || point.checked_abs()? > limit {
        return None;
    }
    // JSON is read with numbers of 64 bits.
    if !text.parse().is_ok_and(f64::is_finite) {
        return None;
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    Some(if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= size {
        format!("{sign}{digits}{}", zeros(point - size))
    } else {
        let (whole, fraction) = digits.split_at_checked(usize::try_from(point).ok()?)?;
        format!("{sign}{whole}.{fraction}")
    })
}

/// Sign, digits before and after the point, exponent.
fn parts(text: &str) -> Option<(bool, &str, &str, i64)> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = match exponent {
        None => 0,
        Some(text) => {
            let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
            if unsigned.is_empty() || !digits(unsigned) {
                return None;
            }
            // An exponent that does not fit is beyond every limit.
            let value = unsigned.parse::<i64>().unwrap_or(i64::MAX / 2);
            if text.starts_with('-') { -value } else { value }
        }
    };
    Some((negative, whole, fraction, exponent))
}
