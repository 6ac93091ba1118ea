//! Bytes of a text as lines and columns.

use super::limits::MAX_MARK_DISTANCE;

/// A place in a text, as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in Unicode code points.
    pub column: usize,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first character.
    pub start: Position,
    /// The character after its last one.
    pub end: Position,
}

impl Position {
    /// The beginning of a text.
    pub const START: Position = Position { line: 1, column: 1 };
}

impl From<Position> for Span {
    fn from(at: Position) -> Self {
        Span { start: at, end: at }
    }
}

/// Where the lines of a text are, so that a position is cheap to find even if the whole text is one line.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// The beginning of each line, and further places in long lines, with their bytes. Ascending.
    marks: Vec<(usize, Position)>,
}

impl<'t> Lines<'t> {
    /// Reads the whole text once.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut marks = vec![(0, Position::START)];
        let (mut last, mut here) = (0, Position::START);
        for (at, character) in text.char_indices() {
            if at >= last + MAX_MARK_DISTANCE {
                marks.push((at, here));
                last = at;
            }
            if character == '\n' {
                here = Position { line: here.line + 1, column: 1 };
                last = at + 1;
                marks.push((last, here));
            } else {
                here.column += 1;
            }
        }
        Lines { text, marks }
    }

    /// The position of a byte. A byte inside of a character counts as its beginning, one after the end as the
    /// end.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let after = self.marks.partition_point(|(at, _)| *at <= byte);
        let Some((at, position)) = after.checked_sub(1).and_then(|at| self.marks.get(at)) else {
            return Position::START;
        };
        let rest = self.text.get(*at..).unwrap_or_default();
        let columns = rest.char_indices().take_while(|(offset, _)| at + offset < byte).count();
        let inside = byte < self.text.len() && !self.text.is_char_boundary(byte);
        Position { line: position.line, column: position.column + columns - usize::from(inside) }
    }

    /// The byte of a position, counted as [`Lines::position`] counts; the end of the line where the line is
    /// shorter.
    #[must_use]
    pub fn byte(&self, position: Position) -> usize {
        let after = self.marks.partition_point(|(_, at)| *at <= position);
        let Some((at, mark)) = after.checked_sub(1).and_then(|at| self.marks.get(at)) else { return 0 };
        let line = self.text.get(*at..).unwrap_or_default();
        let end = line.find('\n').unwrap_or(line.len());
        let columns = if mark.line == position.line { position.column - mark.column } else { usize::MAX };
        at + line.char_indices().nth(columns).map_or(end, |(offset, _)| offset.min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_of_editors() {
        let lines = Lines::new("ab\nä€c\r\n\nx");
        for (byte, line, column) in [
            (0, 1, 1),
            (2, 1, 3),
            (3, 2, 1),
            (4, 2, 1),
            (5, 2, 2),
            (8, 2, 3),
            (11, 3, 1),
            (12, 4, 1),
            (13, 4, 2),
            (99, 4, 2),
        ] {
            assert_eq!(lines.position(byte), Position { line, column }, "{byte}");
        }
    }

    #[test]
    fn a_byte_and_its_position_are_the_same_place() {
        let text = format!("{}\n{}ä\n\n{}", "x".repeat(3000), "é".repeat(1500), "y".repeat(2500));
        let lines = Lines::new(&text);
        for (byte, _) in text.char_indices() {
            assert_eq!(lines.byte(lines.position(byte)), byte);
        }
        assert_eq!(lines.position(text.len()), Position { line: 4, column: 2501 });
        assert_eq!(lines.byte(Position { line: 1, column: 9999 }), 3000);
    }
}
