//! Places in a plan that has the text of a policy as a string.

use std::ops::Range;

use crate::source::{Format, Index, Lines, Position, Quoted, Source, Span};

/// Where a JSON pointer of a policy leads in a plan that has the policy as a string.
pub(super) fn place(index: &Index<'_>, outer: &str, text: &str, pointer: &str) -> Span {
    let find = || {
        let source = Source::new(text.to_owned(), Format::Json).ok()?;
        let bytes = source.index(&|key| key).find(pointer)?.shown();
        in_string(index, outer, &bytes)
    };
    find().unwrap_or(Position::START.into())
}

/// Where a position of the text is, which may not be JSON.
pub(super) fn at_position(index: &Index<'_>, outer: &str, text: &str, at: Position) -> Span {
    let byte = Lines::new(text).byte(at);
    in_string(index, outer, &(byte..byte)).unwrap_or(Position::START.into())
}

/// Where bytes of a text are in a plan that has the text as a string.
fn in_string(index: &Index<'_>, outer: &str, bytes: &Range<usize>) -> Option<Span> {
    let string = index.find(outer)?.value;
    let quoted = Quoted::read(index.text(&string))?;
    let origin = |byte| string.start + quoted.origin(byte);
    Some(index.span(&(origin(bytes.start)..origin(bytes.end))))
}
