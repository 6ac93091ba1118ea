//! Characters with their code points and names, because similar glyphs cannot be told apart.

/// The names of characters that look like one of ASCII or like nothing. All names of Unicode would take 600
/// KB in the executable, these take 40.
const NAMES: &str = include_str!("names.txt");

/// A character as `U+0430 CYRILLIC SMALL LETTER A`, without the name where that is not known.
#[must_use]
pub fn character(character: char) -> String {
    let number = format!("{:04X}", u32::from(character));
    let name = NAMES.lines().find_map(|line| line.strip_prefix(number.as_str())?.strip_prefix(' '));
    match name {
        Some(name) => format!("U+{number} {name}"),
        None if ('\u{4e00}'..='\u{9fff}').contains(&character) => {
            format!("U+{number} CJK UNIFIED IDEOGRAPH-{number}")
        }
        None => format!("U+{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_numbers_and_names() {
        for (one, text) in [
            ('\u{430}', "U+0430 CYRILLIC SMALL LETTER A"),
            ('\u{200b}', "U+200B ZERO WIDTH SPACE"),
            ('\u{ff11}', "U+FF11 FULLWIDTH DIGIT ONE"),
            ('\u{65e5}', "U+65E5 CJK UNIFIED IDEOGRAPH-65E5"),
            ('\u{1f600}', "U+1F600"),
            ('\u{7}', "U+0007"),
        ] {
            assert_eq!(character(one), text);
        }
    }
}
