//! Text to tokens. Only the parser can tell whether a slash divides or opens a regular expression.

use std::borrow::Cow;

use super::{Misspelt, SyntaxError};

/// A token of the language with its place.
#[derive(Clone, Debug)]
pub(super) struct Lexeme<'a> {
    pub(super) token: Token<'a>,
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// Byte offset after its last character.
    pub(super) end: usize,
}

/// The kinds of token.
#[derive(Clone, Debug)]
pub(super) enum Token<'a> {
    End,
    /// Also `and`, `or` and `in`, which can be names too.
    Operator(&'static str),
    String(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    Null,
    Name(&'a str),
    /// Without its `$`; empty for the context.
    Variable(&'a str),
    Regex,
}

const WHITE_SPACE: [char; 5] = [' ', '\t', '\n', '\r', '\u{b}'];

/// Longer ones first.
const OPERATORS: [&str; 32] = [
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":",
    "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!",
];

pub(super) struct Lexer<'a> {
    text: &'a str,
    position: usize,
    /// A string with half of a surrogate pair, which a Rust string cannot contain.
    pub(super) has_lone_surrogate: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Lexer { text, position: 0, has_lone_surrogate: false }
    }

    /// The next token. A slash opens a regular expression if `operand` is true, else it divides.
    pub(super) fn next(&mut self, operand: bool) -> Result<Lexeme<'a>, SyntaxError> {
        self.skip()?;
        let start = self.position;
        let token = self.token(operand)?;
        Ok(Lexeme { token, start, end: self.position })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let taken = self.rest().get(..length).unwrap_or_default();
        self.position += taken.len();
        taken
    }

    fn error(&self, wrong: Misspelt) -> SyntaxError {
        SyntaxError::new(self.text, self.position, wrong)
    }

    fn skip(&mut self) -> Result<(), SyntaxError> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(WHITE_SPACE);
            self.position += rest.len() - trimmed.len();
            if !trimmed.starts_with("/*") {
                return Ok(());
            }
            let Some(length) = trimmed.get(2..).and_then(|comment| comment.find("*/")) else {
                return Err(self.error(Misspelt::Unclosed("comment")));
            };
            self.position += length + 4;
        }
    }

    fn token(&mut self, operand: bool) -> Result<Token<'a>, SyntaxError> {
        let Some(first) = self.rest().chars().next() else { return Ok(Token::End) };
        if first == '/' && operand {
            return self.regex();
        }
        if let Some(operator) = OPERATORS.into_iter().find(|operator| self.rest().starts_with(operator)) {
            self.position += operator.len();
            return Ok(Token::Operator(operator));
        }
        match first {
            '~' => Err(self.error(Misspelt::Tilde)),
            '"' | '\'' => self.string(first),
            '`' => self.quoted_name(),
            '0'..='9' => self.number(),
            _ => Ok(self.word()),
        }
    }

    fn string(&mut self, quote: char) -> Result<Token<'a>, SyntaxError> {
        let opening = self.position;
        self.position += 1;
        let plain = self.rest().find([quote, '\\']).unwrap_or(self.rest().len());
        let mut text = Cow::Borrowed(self.take(plain));
        let mut high = None;
        loop {
            let Some(character) = self.rest().chars().next() else {
                self.position = opening;
                return Err(self.error(Misspelt::Unclosed("string")));
            };
            if character != '\\' {
                self.has_lone_surrogate |= high.take().is_some();
                self.position += character.len_utf8();
                if character == quote {
                    return Ok(Token::String(text));
                }
                text.to_mut().push(character);
                continue;
            }
            let unit = self.escape()?;
            match (high.take(), unit) {
                (None, 0xD800..=0xDBFF) => high = Some(unit),
                (Some(first), 0xDC00..=0xDFFF) => text.to_mut().extend(
                    char::decode_utf16([first, unit])
                        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER)),
                ),
                (lone, _) => {
                    let character = char::from_u32(u32::from(unit));
                    self.has_lone_surrogate |= lone.is_some() || character.is_none();
                    text.to_mut().extend(character);
                }
            }
        }
    }

    /// The code unit that an escape means.
    fn escape(&mut self) -> Result<u16, SyntaxError> {
        let unit = match self.rest().chars().nth(1) {
            Some(same @ ('"' | '\\' | '/')) => u16::try_from(u32::from(same)).unwrap_or_default(),
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let digits = self
                    .rest()
                    .get(2..6)
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) else {
                    return Err(self.error(Misspelt::CodePoint));
                };
                self.position += 6;
                return Ok(unit);
            }
            _ => return Err(self.error(Misspelt::Escape)),
        };
        self.position += 2;
        Ok(unit)
    }

    fn quoted_name(&mut self) -> Result<Token<'a>, SyntaxError> {
        let Some(length) = self.rest().get(1..).and_then(|name| name.find('`')) else {
            return Err(self.error(Misspelt::UnclosedName));
        };
        self.position += 1;
        let name = self.take(length);
        self.position += 1;
        Ok(Token::Name(name))
    }

    fn number(&mut self) -> Result<Token<'a>, SyntaxError> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = if bytes.first() == Some(&b'0') { 1 } else { digits(0) };
        if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits(length + 1 + sign);
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        let start = self.position;
        match self.take(length).parse() {
            Ok(number) if f64::is_finite(number) => Ok(Token::Number(number)),
            _ => {
                self.position = start;
                Err(self.error(Misspelt::Range))
            }
        }
    }

    fn word(&mut self) -> Token<'a> {
        let ends = |character: char| {
            WHITE_SPACE.contains(&character) || ".[]{}(),@#;:?+-*/%|=<>^&!~".contains(character)
        };
        let word = self.take(self.rest().find(ends).unwrap_or(self.rest().len()));
        match word {
            "and" => Token::Operator("and"),
            "or" => Token::Operator("or"),
            "in" => Token::Operator("in"),
            "true" => Token::Bool(true),
            "false" => Token::Bool(false),
            "null" => Token::Null,
            _ => word.strip_prefix('$').map_or(Token::Name(word), Token::Variable),
        }
    }

    /// Skips a regular expression, which is never evaluated.
    fn regex(&mut self) -> Result<Token<'a>, SyntaxError> {
        let mut depth = 0_i32;
        let mut escaped = false;
        for (at, character) in self.rest().char_indices().skip(1) {
            match character {
                _ if escaped => {}
                '/' if depth == 0 && at == 1 => return Err(self.error(Misspelt::EmptyRegex)),
                '/' if depth == 0 => {
                    self.position += at + 1;
                    let flags = self.rest().len() - self.rest().trim_start_matches(['i', 'm']).len();
                    self.position += flags;
                    return Ok(Token::Regex);
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            escaped = character == '\\' && !escaped;
        }
        Err(self.error(Misspelt::Unclosed("regular expression")))
    }
}
