//! The grammar of intrinsic functions.

use serde_json::Number;

use super::super::Value;
use super::super::limits::MAX_INTRINSIC_NESTING;
use super::super::path::Path;

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call<'a> {
    /// All of it, as written.
    pub(super) text: &'a str,
    /// The function without `States.`.
    pub(super) name: &'a str,
    pub(super) arguments: Vec<Argument<'a>>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Argument<'a> {
    /// A string: with its quotes, and what is between them with its escapes.
    Text { text: &'a str, inside: &'a str },
    /// A number, `true`, `false` or `null`.
    Constant { text: &'a str, value: Value<'a> },
    /// A path into the input, the context object or a variable.
    Path(Path<'a>),
    /// Another call.
    Call(Call<'a>),
}

impl<'a> Call<'a> {
    /// Reads a whole text.
    pub(super) fn read(text: &'a str) -> Option<Call<'a>> {
        let mut reader = CallReader { rest: text };
        let call = reader.call(MAX_INTRINSIC_NESTING)?;
        reader.rest.is_empty().then_some(call)
    }
}

impl<'a> Argument<'a> {
    /// As written.
    pub(super) fn text(&self) -> &'a str {
        match self {
            Argument::Text { text, .. } | Argument::Constant { text, .. } => text,
            Argument::Path(path) => path.text,
            Argument::Call(call) => call.text,
        }
    }
}

struct CallReader<'a> {
    rest: &'a str,
}

impl<'a> CallReader<'a> {
    fn call(&mut self, levels: usize) -> Option<Call<'a>> {
        let levels = levels.checked_sub(1)?;
        let start = self.rest;
        self.skip("States.")?;
        let end = self.rest.find(|character: char| !character.is_ascii_alphanumeric())?;
        let name = self.take(end)?;
        self.skip("(")?;
        let mut arguments = Vec::new();
        self.blanks();
        if self.skip(")").is_none() {
            loop {
                self.blanks();
                arguments.push(self.argument(levels)?);
                self.blanks();
                if self.skip(")").is_some() {
                    break;
                }
                self.skip(",")?;
            }
        }
        Some(Call { text: since(start, self.rest)?, name, arguments })
    }

    fn argument(&mut self, levels: usize) -> Option<Argument<'a>> {
        match self.rest.chars().next()? {
            '\'' => self.text(),
            '$' => self.path(),
            'S' => self.call(levels).map(Argument::Call),
            _ => self.constant(),
        }
    }

    fn text(&mut self) -> Option<Argument<'a>> {
        let start = self.rest;
        self.skip("'")?;
        let mut escaped = false;
        let end = self.rest.find(|character| match character {
            _ if escaped => {
                escaped = false;
                false
            }
            '\\' => {
                escaped = true;
                false
            }
            other => other == '\'',
        })?;
        let inside = self.take(end)?;
        self.skip("'")?;
        Some(Argument::Text { text: since(start, self.rest)?, inside })
    }

    /// A path ends at a comma, a bracket or a blank, unless these are in square brackets or quotes.
    fn path(&mut self) -> Option<Argument<'a>> {
        let (mut brackets, mut quote) = (0_usize, None);
        let end = self.rest.find(|character| {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') if brackets > 0 => quote = Some(character),
                (None, '[') => brackets += 1,
                (None, ']') => brackets = brackets.saturating_sub(1),
                (None, ',' | ')' | '(') => return brackets == 0,
                (None, other) => return brackets == 0 && other.is_whitespace(),
            }
            false
        })?;
        self.take(end).map(Path::read).map(Argument::Path)
    }

    fn constant(&mut self) -> Option<Argument<'a>> {
        let end = self.rest.find(|character: char| {
            !character.is_ascii_alphanumeric() && !matches!(character, '-' | '+' | '.')
        })?;
        let text = self.take(end)?;
        let value = match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            number => Value::Number(serde_json::from_str::<Number>(number).ok()?),
        };
        Some(Argument::Constant { text, value })
    }

    fn skip(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

/// What was read between two rests of the same text.
fn since<'a>(start: &'a str, rest: &str) -> Option<&'a str> {
    start.get(..start.len().checked_sub(rest.len())?)
}
