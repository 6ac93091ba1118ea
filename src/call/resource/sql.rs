//! The parts of statements in languages that are like SQL.

/// A part of a statement. A text in single quotes is the symbol of its quotation mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    Quoted(&'a str),
    Symbol(char),
}

impl<'a> Token<'a> {
    pub(super) fn is(self, word: &str) -> bool {
        matches!(self, Token::Word(text) if text.eq_ignore_ascii_case(word))
    }

    /// A name in the characters that names of databases, tables and indexes have.
    pub(super) fn name(self) -> Option<&'a str> {
        let (Token::Word(text) | Token::Quoted(text)) = self else { return None };
        let is_of_name = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'_' | b'.' | b'-');
        (!text.is_empty() && text.bytes().all(is_of_name)).then_some(text)
    }
}

/// What becomes of comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// The language has them: they separate.
    Separate,
    /// It is not known whether the language has them.
    Undecided,
}

/// The parts of a statement; `None` if it has an escaped quotation mark in a name, something without an end,
/// or anything else that would need more of the grammar.
pub(super) fn tokens(statement: &str, comments: Comments) -> Option<Vec<Token<'_>>> {
    let (mut found, mut rest) = (Vec::new(), statement.trim_start());
    while let Some(first) = rest.chars().next() {
        let behind = rest.strip_prefix(first).unwrap_or_default();
        rest = match first {
            '\'' => {
                found.push(Token::Symbol(first));
                behind.split_once('\'')?.1
            }
            '"' => {
                let (name, behind) = behind.split_once('"')?;
                found.push(Token::Quoted(name));
                if behind.starts_with('"') {
                    return None;
                }
                behind
            }
            '`' => return None,
            '-' | '/' if behind.starts_with(['-', '*']) => match comments {
                Comments::Separate => behind_comment(rest)??,
                Comments::Undecided => return None,
            },
            _ if is_of_word(first) => {
                let (word, behind) = match rest.split_once(|one| !is_of_word(one)) {
                    Some((word, _)) => (word, rest.strip_prefix(word)?),
                    None => (rest, ""),
                };
                found.push(Token::Word(word));
                behind
            }
            _ => {
                found.push(Token::Symbol(first));
                behind
            }
        }
        .trim_start();
    }
    Some(found)
}

/// What follows the comment that a text begins with, if it does; `None` in place of what follows if it is not
/// certain where the comment ends.
pub(super) fn behind_comment(text: &str) -> Option<Option<&str>> {
    if let Some(comment) = text.strip_prefix("--") {
        let (comment, behind) = comment.split_once('\n').unwrap_or((comment, ""));
        let comment = comment.strip_suffix('\r').unwrap_or(comment);
        // It is not known whether this character ends a line.
        return Some((!comment.contains('\r')).then_some(behind));
    }
    let ended = text.strip_prefix("/*")?.split_once("*/");
    // Whether comments have comments in them is not known either.
    Some(ended.filter(|(comment, _)| !comment.contains("/*")).map(|(_, behind)| behind))
}

/// Whether a word can have the character. A look-alike of a letter cannot be in one.
pub(super) fn is_of_word(one: char) -> bool {
    one.is_ascii_alphanumeric() || matches!(one, '_' | '$')
}
