//! The JSON of a document, written as it comes: documents are small and many, and a serializer for values of
//! all kinds took a tenth of a small answer.

/// What JSON is written to.
pub(super) trait Sink {
    /// Makes one for about so many bytes.
    fn of(bytes: usize) -> Self;

    /// Takes the next characters.
    fn push(&mut self, text: &str);

    /// Takes a text in quotes, in which nothing has to be escaped.
    fn quote(&mut self, text: &str);
}

impl Sink for String {
    fn of(bytes: usize) -> Self {
        String::with_capacity(bytes)
    }

    fn push(&mut self, text: &str) {
        self.push_str(text);
    }

    fn quote(&mut self, text: &str) {
        self.reserve(text.len() + 2);
        self.push('"');
        self.push_str(text);
        self.push('"');
    }
}

/// Counts characters instead of keeping them.
#[derive(Debug)]
pub(super) struct Count(pub(super) u64);

impl Sink for Count {
    fn of(_: usize) -> Self {
        Count(0)
    }

    fn push(&mut self, text: &str) {
        // Every character has exactly one byte that is not a continuation byte.
        let characters = text.bytes().filter(|byte| byte & 0xc0 != 0x80).count();
        self.0 += u64::try_from(characters).unwrap_or(u64::MAX);
    }

    fn quote(&mut self, text: &str) {
        self.push(text);
        self.0 += 2;
    }
}

/// Writes JSON, either without white space, or as people read it, indented by two spaces.
#[derive(Debug)]
pub(super) struct Writer<S> {
    sink: S,
    is_indented: bool,
    depth: usize,
    /// Whether the object or list that is open has nothing in it.
    is_empty: bool,
}

/// A line break and the indentation of the deepest level: twice that of the values of a condition.
const LINE: &str = "\n                            ";

impl<S: Sink> Writer<S> {
    /// What `write` writes without white space: about so many bytes.
    pub(super) fn minified(bytes: usize, write: impl FnOnce(&mut Self)) -> S {
        Writer { sink: S::of(bytes), is_indented: false, depth: 0, is_empty: true }.written(write)
    }

    /// What `write` writes, indented: about so many bytes.
    pub(super) fn indented(bytes: usize, write: impl FnOnce(&mut Self)) -> S {
        Writer { sink: S::of(bytes), is_indented: true, depth: 0, is_empty: true }.written(write)
    }

    fn written(mut self, write: impl FnOnce(&mut Self)) -> S {
        write(&mut self);
        self.sink
    }

    /// An object, of which `members` writes the members.
    pub(super) fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.within("{", "}", members);
    }

    /// A list, of which `elements` writes the elements.
    pub(super) fn list(&mut self, elements: impl FnOnce(&mut Self)) {
        self.within("[", "]", elements);
    }

    fn within(&mut self, begin: &str, end: &str, inside: impl FnOnce(&mut Self)) {
        self.sink.push(begin);
        self.depth += 1;
        self.is_empty = true;
        inside(self);
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.is_empty = false;
        self.sink.push(end);
    }

    /// Begins the next element of a list, which is to be written then.
    pub(super) fn element(&mut self) {
        if !self.is_empty {
            self.sink.push(",");
        }
        self.is_empty = false;
        self.line();
    }

    /// Begins the next member of an object, whose value is to be written then. The key is a word.
    pub(super) fn key(&mut self, key: &'static str) {
        self.element();
        self.sink.quote(key);
        self.sink.push(if self.is_indented { ": " } else { ":" });
    }

    /// The same with a key that may be any text.
    pub(super) fn free_key(&mut self, key: &str) {
        self.element();
        self.text(key);
        self.sink.push(if self.is_indented { ": " } else { ":" });
    }

    /// A string.
    pub(super) fn text(&mut self, text: &str) {
        if is_plain(text) {
            self.sink.quote(text);
        } else {
            // A string, which serialization cannot reject.
            self.sink.push(&serde_json::to_string(text).unwrap_or_default());
        }
    }

    /// A list of strings.
    pub(super) fn texts<T: AsRef<str>>(&mut self, texts: &[T]) {
        self.list(|list| {
            for text in texts {
                list.element();
                list.text(text.as_ref());
            }
        });
    }

    fn line(&mut self) {
        if self.is_indented {
            self.sink.push(LINE.get(..=2 * self.depth).unwrap_or(LINE));
        }
    }
}

/// The bytes of a text as a JSON string.
#[must_use]
pub fn json_bytes(text: &str) -> usize {
    if is_plain(text) {
        return text.len() + 2;
    }
    // A string, which serialization cannot reject.
    serde_json::to_string(text).map_or(usize::MAX, |text| text.len())
}

/// Whether nothing in a text has to be escaped.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| (byte >= b' ') & (byte != b'"') & (byte != b'\\');
    // Without a way out of the loop several bytes are looked at at once.
    text.bytes().fold(true, |plain, byte| plain & is_plain(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Node {
        none: [String; 0],
        #[serde(rename = "Texts \"ü\"")]
        texts: [&'static str; 4],
        deeper: Vec<Node>,
    }

    impl Node {
        fn of(depth: usize, width: usize) -> Node {
            let texts = ["", "a\\b", "\u{1}\n\u{7f}", "日本"];
            let deeper = (0..width).filter(|_| depth > 0).map(|_| Node::of(depth - 1, width)).collect();
            Node { none: [], texts, deeper }
        }

        fn write<S: Sink>(&self, writer: &mut Writer<S>) {
            writer.object(|members| {
                members.key("none");
                members.texts(&self.none);
                members.free_key("Texts \"ü\"");
                members.texts(&self.texts);
                members.key("deeper");
                members.list(|list| {
                    for node in &self.deeper {
                        list.element();
                        node.write(list);
                    }
                });
            });
        }
    }

    #[test]
    fn it_writes_what_serde_json_does() {
        for (depth, width) in [(0, 0), (1, 1), (1, 3), (3, 2)] {
            let node = Node::of(depth, width);
            let minified: String = Writer::minified(0, |writer| node.write(writer));
            assert_eq!(minified, serde_json::to_string(&node).unwrap());
            let indented: String = Writer::indented(9_999, |writer| node.write(writer));
            assert_eq!(indented, serde_json::to_string_pretty(&node).unwrap());
            let Count(counted) = Writer::minified(0, |writer| node.write(writer));
            assert_eq!(usize::try_from(counted).unwrap(), minified.chars().count());
        }
    }
}
