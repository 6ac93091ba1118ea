//! What the parsers of paths, calls of intrinsic functions and expressions were given, for the test that
//! each text is parsed once.

use std::cell::RefCell;

thread_local! {
    static READS: RefCell<Vec<Read>> = const { RefCell::new(Vec::new()) };
}

/// A text that a parser was given. Two occurrences in a document have different addresses, even if they are
/// equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Read {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    address: usize,
}

/// Notes that a parser is given a text.
pub(super) fn note(kind: &'static str, text: &str) {
    let read = Read { kind, text: text.to_owned(), address: text.as_ptr().addr() };
    READS.with_borrow_mut(|reads| reads.push(read));
}

/// What the parsers are given on this thread until the work is done.
pub(crate) fn during<T>(work: impl FnOnce() -> T) -> (T, Vec<Read>) {
    READS.with_borrow_mut(Vec::clear);
    let result = work();
    (result, READS.take())
}

/// The reads whose text was read before.
pub(crate) fn again(mut reads: Vec<Read>) -> Vec<Read> {
    reads.sort();
    let pairs = reads.iter().zip(reads.iter().skip(1));
    pairs.filter(|(one, next)| one == next).map(|(one, _)| one.clone()).collect()
}
