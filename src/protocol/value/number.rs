//! A number as it is transferred, so that no digit is lost on the way.

use std::fmt;

/// A number, kept in the form in which it came.
///
/// Terraform computes with binary fractions of 512 bits. A number that neither an integer nor a double
/// represents exactly, such as 0.1, is transferred as decimal text; sent back as a double, it would be
/// another number.
#[derive(Debug, Clone, PartialEq)]
pub struct Number(Form);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    Integer(i64),
    /// Finite.
    Double(f64),
    /// Decimal digits, perhaps with a sign, a fraction and an exponent.
    Decimal(String),
}

impl Number {
    /// The number of a decimal text; `None` if the text is not a decimal number.
    pub fn from_decimal(text: &str) -> Option<Self> {
        if let Ok(integer) = text.parse() {
            return is_decimal(text).then_some(Self(Form::Integer(integer)));
        }
        is_decimal(text).then(|| Self(Form::Decimal(text.to_owned())))
    }

    /// The number of a double; `None` for infinities and NaN, which would crash Terraform.
    pub fn from_double(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(Form::Double(value)))
    }

    pub(super) fn form(&self) -> &Form {
        &self.0
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Form::Integer(integer))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(integer) => integer.fmt(f),
            Form::Double(double) => double.fmt(f),
            Form::Decimal(text) => f.write_str(text),
        }
    }
}

/// Whether a text is an optional minus sign, digits, and optionally a fraction and an exponent.
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_digits(whole) && fraction.is_none_or(is_digits) && exponent.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_text_is_kept_to_the_last_digit() {
        for text in ["0.1", "-0.5", "18446744073709551615", "1e30", "1.5E-7", "9223372036854775807"] {
            assert_eq!(Number::from_decimal(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_text_is_no_number() {
        for text in ["", "-", "+1", ".5", "5.", "1e", "1e+", "0x10", "NaN", "inf", " 1", "1_000", "--1", "١"]
        {
            assert_eq!(Number::from_decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn doubles_are_finite() {
        assert_eq!(Number::from_double(f64::NAN), None);
        assert_eq!(Number::from_double(f64::INFINITY), None);
        assert_eq!(Number::from_double(2.5).unwrap().to_string(), "2.5");
    }

    #[test]
    fn only_integers_are_integers() {
        assert_eq!(Number::from_decimal("42"), Some(Number(Form::Integer(42))));
        assert_eq!(Number::from_decimal("42.0"), Some(Number(Form::Decimal("42.0".to_owned()))));
    }
}
