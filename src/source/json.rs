//! The positions of the values in a JSON text.

use std::ops::Range;

use super::tree::{Member, Node, Shape, Tree};

/// The values of a text. A text that is not JSON yields those before its first mistake, and often those after
/// it: whether it is JSON is not decided here. A token such as `${Count}` outside of strings is a value.
pub(super) fn scan(text: &str) -> Tree {
    let mut scanner = Scanner { text, at: 0, nodes: Vec::new(), open: Vec::new() };
    while scanner.step().is_some() {}
    let end = scanner.at.min(text.len());
    while scanner.close(end).is_some() {}
    Tree { nodes: scanner.nodes }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    nodes: Vec<Node>,
    /// The enclosing objects and arrays, the innermost last.
    open: Vec<Open>,
}

struct Open {
    node: usize,
    /// The key that waits for its value.
    key: Option<(String, Range<usize>)>,
}

impl Scanner<'_> {
    /// Takes the next token of JSON. `None` at the end, and where nothing can follow.
    fn step(&mut self) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        let skipped =
            rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', ',', ':', '\u{feff}']).len();
        self.at += skipped;
        let start = self.at;
        match self.text.as_bytes().get(start)? {
            b'{' => self.begin(Shape::Members(Vec::new())),
            b'[' => self.begin(Shape::Elements(Vec::new())),
            b'}' | b']' => {
                self.at += 1;
                self.close(self.at)
            }
            b'"' => {
                self.at = self.string_end();
                let span = start..self.at;
                match self.open.last_mut() {
                    Some(open) if open.key.is_none() && self.nodes.get(open.node)?.is_object() => {
                        open.key = Some((decoded(self.text.get(span.clone())?), span));
                        Some(())
                    }
                    _ => self.add(span, Shape::Scalar).map(|_| ()),
                }
            }
            _ => {
                self.at = self.bare_end();
                self.add(start..self.at, Shape::Scalar).map(|_| ())
            }
        }
    }

    fn begin(&mut self, shape: Shape) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let node = self.add(start..self.at, shape)?;
        self.open.push(Open { node, key: None });
        Some(())
    }

    /// Adds a value to the open object or array. `None` where no value can be.
    fn add(&mut self, span: Range<usize>, shape: Shape) -> Option<usize> {
        let node = self.nodes.len();
        match self.open.last_mut() {
            None if node > 0 => return None,
            None => {}
            Some(open) => match &mut self.nodes.get_mut(open.node)?.shape {
                Shape::Scalar => return None,
                Shape::Elements(elements) => elements.push(node),
                Shape::Members(members) => {
                    let (key, key_span) = open.key.take()?;
                    members.push(Member { key, key_span, node });
                }
            },
        }
        self.nodes.push(Node { span, shape });
        Some(node)
    }

    fn close(&mut self, end: usize) -> Option<()> {
        let open = self.open.pop()?;
        let node = self.nodes.get_mut(open.node)?;
        node.span.end = end;
        Some(())
    }

    /// The byte after the closing quote of the string that begins here.
    fn string_end(&self) -> usize {
        let mut escaped = false;
        let rest = self.text.bytes().enumerate().skip(self.at + 1);
        for (at, byte) in rest {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return at + 1,
                _ => {}
            }
        }
        self.text.len()
    }

    /// The byte after a number, a word, or tokens with the text between them.
    fn bare_end(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'$' if bytes.get(at + 1) == Some(&b'{') => {
                    let end = bytes.iter().skip(at).position(|byte| *byte == b'}');
                    at = end.map_or(bytes.len(), |end| at + end + 1);
                }
                b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\t' | b'\n' | b'\r' => break,
                _ => at += 1,
            }
        }
        at
    }
}

impl Node {
    fn is_object(&self) -> bool {
        matches!(self.shape, Shape::Members(_))
    }
}

/// The text of a string in quotes.
fn decoded(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if inner.contains('\\') {
        serde_json::from_str(quoted).unwrap_or_else(|_| inner.to_owned())
    } else {
        inner.to_owned()
    }
}
