//! Text that is safe to show.

use std::borrow::{Borrow, Cow};
use std::fmt::{self, Write as _};
use std::ops::Deref;
use std::sync::Arc;

use super::text::escaped;

/// Text for people, without characters that act on what shows it; see [`escaped`]. Copies share it: states
/// that are alike have findings with the same texts, and findings are passed on by many hands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown(Arc<str>);

impl Shown {
    /// What something is shown as: a message, which is longer than a text that grows from nothing expects.
    pub(crate) fn written(what: &impl fmt::Display) -> Shown {
        let mut made = String::with_capacity(384);
        // Writing to a String cannot fail.
        let _ = write!(made, "{what}");
        made.into()
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        match escaped(text) {
            Cow::Borrowed(text) => Shown(text.into()),
            Cow::Owned(made) => Shown(made.into()),
        }
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Shown::from(text.as_str())
    }
}

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Shown {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq<str> for Shown {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Shown {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_it_is_made_of_it_is_escaped_and_copies_share_it() {
        let one = Shown::from("a\u{1b}[2J".to_owned());
        assert_eq!((&*one, &one), ("a\\u001b[2J", &Shown::from("a\u{1b}[2J")));
        assert!(Arc::ptr_eq(&one.0, &one.clone().0));
    }
}
