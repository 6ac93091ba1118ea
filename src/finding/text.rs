//! Text for people: user input is escaped and shortened.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::limits::{MAX_LISTED, MAX_QUOTED};

/// The text without characters that act on a terminal, on a CI log or on the order of what is read: C0 and C1
/// controls, line separators and bidirectional controls are written as escapes of JSON, such as `\n` and
/// `\u001b`.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !has_acting(text) {
        return Cow::Borrowed(text);
    }
    let mut made = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            _ if acts(character) => {
                // Writing to a String cannot fail.
                let _ = write!(made, "\\u{:04x}", u32::from(character));
            }
            _ => made.push(character),
        }
    }
    Cow::Owned(made)
}

/// Whether [`acts`] holds for a character, found by its bytes in UTF-8: nearly all texts are plain, and there
/// are many.
fn has_acting(text: &str) -> bool {
    let bytes = text.as_bytes();
    let acts_at = |at: usize| {
        matches!(
            bytes.get(at..).unwrap_or_default(),
            [..=0x1f | 0x7f, ..]
                | [0xc2, ..=0x9f, ..]
                | [0xd8, 0x9c, ..]
                | [0xe2, 0x80, 0x8e | 0x8f | 0xa8..=0xae, ..]
                | [0xe2, 0x81, 0xa6..=0xa9, ..]
        )
    };
    bytes.chunks(32).enumerate().any(|(number, chunk)| {
        // Without a way out of the loop several bytes are looked at at once.
        let is_plain = chunk.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
        !is_plain && (0..chunk.len()).any(|at| acts_at(number * 32 + at))
    })
}

/// A document in JSON with such characters as escapes of JSON, which have the same meaning there. Ends of
/// lines are left as they are: they are between values.
#[must_use]
pub fn escaped_json(document: &str) -> Cow<'_, str> {
    let is_hidden = |character: char| character != '\n' && acts(character);
    if !document.chars().any(is_hidden) {
        return Cow::Borrowed(document);
    }
    let mut made = String::with_capacity(document.len() + 16);
    for character in document.chars() {
        if is_hidden(character) {
            // Writing to a String cannot fail.
            let _ = write!(made, "\\u{:04x}", u32::from(character));
        } else {
            made.push(character);
        }
    }
    Cow::Owned(made)
}

/// Sources: the control characters of ISO 6429, and Unicode Standard Annex 9 for the bidirectional ones.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same without a meaning in Markdown.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = escaped(text);
    let mut made = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '&' | '@'
        ) {
            made.push('\\');
        }
        made.push(character);
    }
    made
}

/// A text of the user in double quotes, cut after [`MAX_QUOTED`] characters.
#[must_use]
pub fn quoted(text: &str) -> Quoted<'_> {
    Quoted(text)
}

/// Displays a text in double quotes; see [`quoted`].
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("\"")?;
        formatter.write_str(&cut(self.0))?;
        formatter.write_str("\"")
    }
}

/// A text of the user without quotes, such as an expression: escaped, and cut after [`MAX_QUOTED`]
/// characters.
#[must_use]
pub fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_QUOTED {
        return escaped(text);
    }
    match text.char_indices().nth(MAX_QUOTED) {
        None => escaped(text),
        Some((end, _)) => Cow::Owned(format!("{}…", escaped(text.get(..end).unwrap_or_default()))),
    }
}

/// Items with commas between them and `and` before the last; of more than [`MAX_LISTED`] the first, and how
/// many more there are.
#[must_use]
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, MAX_LISTED, |made, item| made.push_str(&cut(item)))
}

/// All items, with commas between them and `and` before the last: names of actions, none of which may be
/// missing.
#[must_use]
pub fn listed_whole<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, usize::MAX, |made, item| made.push_str(item))
}

/// The same, each item in double quotes.
#[must_use]
pub fn listed_quoted<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, MAX_LISTED, |made, item| {
        made.push('"');
        made.push_str(&cut(item));
        made.push('"');
    })
}

fn joined<T: AsRef<str>>(items: &[T], most: usize, add: impl Fn(&mut String, &str)) -> String {
    let mut made = String::new();
    let more = items.len().saturating_sub(most);
    let last = if more > 0 { most } else { items.len().saturating_sub(1) };
    let separate = |made: &mut String, at: usize| match at {
        0 => {}
        _ if at == last => made.push_str(" and "),
        _ => made.push_str(", "),
    };
    for (at, item) in items.iter().take(most).enumerate() {
        separate(&mut made, at);
        add(&mut made, item.as_ref());
    }
    if more > 0 {
        separate(&mut made, last);
        // Writing to a String cannot fail.
        let _ = write!(made, "{more} more");
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_reader_is_escaped_and_nothing_else() {
        assert_eq!(
            escaped("a\u{1b}[2J\n\u{85}\u{2028}\u{202e}\u{7f}"),
            "a\\u001b[2J\\n\\u0085\\u2028\\u202e\\u007f"
        );
        assert_eq!(escaped("Größe 大小 \"x\" \\"), "Größe 大小 \"x\" \\");
        assert!(matches!(escaped("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn bytes_tell_which_characters_act() {
        for character in '\0'..=char::MAX {
            for before in ["", "plain text of more than 30 bytes", "ä"] {
                let text = format!("{before}{character}.");
                assert_eq!(has_acting(&text), acts(character), "{character:?} after {before:?}");
            }
        }
    }

    #[test]
    fn markdown_is_plain_text() {
        assert_eq!(markdown("a|b <c> [d](e) *f*\n"), "a\\|b \\<c\\> \\[d\\](e) \\*f\\*\\\\n");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "ä".repeat(MAX_QUOTED + 1);
        assert_eq!(quoted(&long).to_string(), format!("\"{}…\"", "ä".repeat(MAX_QUOTED)));
        assert_eq!(quoted("ä").to_string(), "\"ä\"");
    }

    #[test]
    fn lists_are_read_as_sentences() {
        assert_eq!(listed(&[] as &[&str]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed_quoted(&["a", "b"]), "\"a\" and \"b\"");
        assert_eq!(listed(&["1", "2", "3", "4", "5", "6", "7"]), "1, 2, 3, 4, 5 and 2 more");
    }
}
