//! Files that people write, as JSON and as positions in the file.
//!
//! The library reads JSON and knows places as JSON pointers. A [`Source`] gives the JSON of a file that is
//! JSON or YAML, and an [`Index`] gives the line and the column of each pointer, for both formats alike.

mod index;
mod json;
mod limits;
mod position;
mod quoted;
mod tree;
mod yaml;

use std::path::Path;

pub use index::{Found, Index};
pub use position::{Lines, Position, Span};
pub use quoted::Quoted;

use yaml::Yaml;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML, as Terraform's `yamldecode` takes it.
    Yaml,
}

/// A text, and its equivalent in JSON.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    yaml: Option<Yaml>,
}

/// Why a text is not acceptable YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Unreadable {
    /// What is wrong.
    pub problem: YamlProblem,
    /// Where it is, in bytes from the beginning of the text.
    pub offset: usize,
}

/// What is wrong with a text in YAML: a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YamlProblem {
    /// It is not YAML.
    #[error("{0}")]
    Syntax(String),
    /// It is empty.
    #[error("there is no value")]
    Empty,
    /// There are several documents.
    #[error("only a single document is allowed, but here a second one begins")]
    SecondDocument,
    /// A mapping has a duplicate key.
    #[error("the key \"{0}\" occurs more than once in the same mapping")]
    DuplicateKey(String),
    /// A key is not a scalar, or it is null.
    #[error("a key must be a string, a number or a Boolean")]
    Key,
    /// The value of a merge key is not a mapping.
    #[error("\"<<\" merges a mapping, but this is {0}")]
    Merge(&'static str),
    /// A tag that has no meaning in JSON.
    #[error("the tag \"{0}\" has no value in JSON")]
    Tag(String),
    /// A scalar that is not what its tag says.
    #[error("\"{text}\" is not a value of the tag \"{tag}\"")]
    Scalar {
        /// The scalar.
        text: String,
        /// Its tag.
        tag: String,
    },
    /// A number that JSON does not have.
    #[error("\"{0}\" is not a number in JSON")]
    Number(String),
    /// A number with too many digits, or beyond 1.8e308.
    #[error("the number \"{0}\" is out of range")]
    Range(String),
    /// An alias inside of its own anchor.
    #[error("an alias refers to a value that contains it")]
    Cycle,
    /// Aliases that expand to too much.
    #[error("the aliases make a document of more than {0} bytes")]
    Bomb(usize),
    /// Too many levels.
    #[error("values are nested more than {0} levels deep")]
    Depth(usize),
}

impl Format {
    /// The format by the extension of a file. `None` if the extension is unknown.
    #[must_use]
    pub fn of_name(name: &Path) -> Option<Format> {
        let ending = name.extension()?.to_str()?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "yaml" | "yml" => Some(Format::Yaml),
            _ => None,
        }
    }

    /// The format that a text seems to have: JSON begins with a bracket or a quote.
    #[must_use]
    pub fn of_text(text: &str) -> Format {
        match text.trim_start_matches('\u{feff}').trim_start().chars().next() {
            Some('{' | '[' | '"') | None => Format::Json,
            Some(_) => Format::Yaml,
        }
    }
}

impl Source {
    /// Reads a text. JSON is not parsed here, because the library does that.
    ///
    /// # Errors
    /// If the format is YAML and the text is not YAML that has a value in JSON.
    pub fn new(text: String, format: Format) -> Result<Source, Unreadable> {
        let yaml = match format {
            Format::Json => None,
            Format::Yaml => Some(Yaml::read(&text)?),
        };
        Ok(Source { text, yaml })
    }

    /// The text as it came.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its format.
    #[must_use]
    pub fn format(&self) -> Format {
        if self.yaml.is_some() { Format::Yaml } else { Format::Json }
    }

    /// The text in JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        self.yaml.as_ref().map_or(&self.text, |yaml| &yaml.json)
    }

    /// The positions of the values. `name` converts a key in the text to the key in pointers, where tokens in
    /// keys have values.
    #[must_use]
    pub fn index(&self, name: &dyn Fn(String) -> String) -> Index<'_> {
        let tree = match &self.yaml {
            Some(yaml) => yaml.tree.clone(),
            None => json::scan(&self.text),
        };
        Index::new(&self.text, tree.renamed(name))
    }
}
