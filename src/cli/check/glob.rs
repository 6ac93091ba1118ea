//! Patterns of paths and names.

use glob::{MatchOptions, Pattern};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Patterns of paths: `*` stays in a folder, `**` does not.
#[derive(Clone, Debug, Default)]
pub(super) struct PathGlobs(Vec<Pattern>);

/// Patterns of names: `*` matches any characters. Case does not count.
#[derive(Clone, Debug, Default)]
pub(super) struct NameGlobs(Vec<Pattern>);

impl PathGlobs {
    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a path is one of them.
    pub(super) fn include(&self, path: &str) -> bool {
        let options = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        self.0.iter().any(|pattern| pattern.matches_with(path, options))
    }
}

impl NameGlobs {
    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a name is one of them.
    pub(super) fn include(&self, name: &str) -> bool {
        let options = MatchOptions {
            case_sensitive: false,
            require_literal_separator: false,
            require_literal_leading_dot: false,
        };
        self.0.iter().any(|pattern| pattern.matches_with(name, options))
    }
}

impl<'de> Deserialize<'de> for PathGlobs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        patterns(deserializer, without_dots).map(PathGlobs)
    }
}

impl<'de> Deserialize<'de> for NameGlobs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        patterns(deserializer, |text| text).map(NameGlobs)
    }
}

/// A path without `./` before it, as messages name files.
fn without_dots(mut path: &str) -> &str {
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}

fn patterns<'de, D: Deserializer<'de>>(
    deserializer: D,
    normal: fn(&str) -> &str,
) -> Result<Vec<Pattern>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let pattern = |text: &String| {
        Pattern::new(normal(text))
            .map_err(|error| D::Error::custom(format!("\"{text}\" is not a pattern: {}", error.msg)))
    };
    texts.iter().map(pattern).collect()
}
