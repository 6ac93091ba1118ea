//! A text inside of a text: a JSON string, and the position of each part of its content.

/// The content of a JSON string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Without quotes, escapes resolved.
    pub text: String,
    /// Bytes of the text, and where they are in the string, after each escape. Ascending.
    marks: Vec<(usize, usize)>,
}

impl Quoted {
    /// Reads a string with its quotes. `None` if it is not a string.
    #[must_use]
    pub fn read(string: &str) -> Option<Quoted> {
        let text: String = serde_json::from_str(string).ok()?;
        let inner = string.strip_prefix('"')?.strip_suffix('"')?;
        let mut marks = vec![(0, 1)];
        let (mut said, mut high) = (0, false);
        let mut characters = inner.char_indices();
        while let Some((at, character)) = characters.next() {
            if character != '\\' {
                said += character.len_utf8();
                continue;
            }
            let kind = characters.next()?.1;
            let mut end = at + 1 + kind.len_utf8();
            said += if kind == 'u' {
                let code = u32::from_str_radix(inner.get(end..end + 4)?, 16).ok()?;
                end += 4;
                characters.nth(3)?;
                // A surrogate pair is one character of four bytes.
                let half = (0xD800..0xDC00).contains(&code);
                let length = match code {
                    _ if high || half => 2,
                    code => char::from_u32(code)?.len_utf8(),
                };
                high = half;
                length
            } else {
                1
            };
            marks.push((said, end + 1));
        }
        Some(Quoted { text, marks })
    }

    /// Where a byte of the text is, in bytes of the string with its quotes.
    #[must_use]
    pub fn origin(&self, byte: usize) -> usize {
        let after = self.marks.partition_point(|(said, _)| *said <= byte);
        let mark = after.checked_sub(1).and_then(|at| self.marks.get(at));
        mark.map_or(byte, |(said, at)| at + (byte - said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_where_it_is_written() {
        let string = r#""a\n\"ä\u00e4\ud83d\ude00b\/c""#;
        let quoted = Quoted::read(string).unwrap();
        assert_eq!(quoted.text, "a\n\"ää😀b/c");
        let places: Vec<&str> =
            quoted.text.char_indices().filter_map(|(at, _)| string.get(quoted.origin(at)..)).collect();
        assert_eq!(places.len(), 9);
        for (place, beginning) in
            places.iter().zip(["a", "\\n", "\\\"", "ä", "\\u00e4", "\\ud83d", "b", "\\/", "c"])
        {
            assert!(place.starts_with(beginning), "{place} {beginning}");
        }
        assert_eq!(quoted.origin(quoted.text.len()), string.len() - 1);
        assert_eq!((Quoted::read("1"), Quoted::read("\"x")), (None, None));
    }
}
