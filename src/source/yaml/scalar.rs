//! What a scalar means.

use saphyr_parser::{ScalarStyle, Tag};

use super::number;
use super::timestamp;
use super::write;
use crate::source::YamlProblem;

/// What a scalar means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    /// Decimal digits as JSON has them.
    Number(String),
    String(String),
    /// `<<`, which as a key merges a mapping.
    Merge,
}

impl Scalar {
    /// As `resolveScalar` of go-cty-yaml.
    pub(super) fn read(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Scalar, YamlProblem> {
        let name = match tag {
            None => String::new(),
            Some(tag) => core_tag(tag).ok_or_else(|| YamlProblem::Tag(tag.to_string()))?,
        };
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let wrong = || YamlProblem::Scalar { text: text.to_owned(), tag: format!("!!{name}") };
        let mut kind = name.as_str();
        let may_be_more = text.chars().next().is_none_or(|first| "+-0123456789yYnNtTfFoO~.".contains(first));
        if may_be_more && !matches!(kind, "str" | "binary") {
            if quoted {
                return Ok(Scalar::String(text.to_owned()));
            }
            if let Some(word) = word(text) {
                return Ok(word);
            }
            if is_infinite(text) || kind.is_empty() && matches!(text, ".nan" | ".NaN" | ".NAN") {
                return Err(YamlProblem::Number(text.to_owned()));
            }
            match text.bytes().next() {
                Some(b'.') if number::is_number(text) => kind = "float",
                Some(b'0'..=b'9' | b'+' | b'-') => {
                    if matches!(kind, "" | "timestamp")
                        && let Some(time) = timestamp::rfc3339(text)
                    {
                        return Ok(Scalar::String(time));
                    }
                    if number::is_number(text) {
                        kind = "float";
                    }
                }
                _ => {}
            }
        }
        match kind {
            "" if text == "<<" => Ok(Scalar::Merge),
            "" | "str" => Ok(Scalar::String(text.to_owned())),
            "binary" => {
                use base64::Engine as _;
                let engine = base64::engine::general_purpose::STANDARD;
                let text = text.replace(['\r', '\n'], "");
                engine.decode(&text).map_err(|_| wrong()).map(|_| Scalar::String(text))
            }
            "bool" => word(text).filter(|word| matches!(word, Scalar::Bool(_))).ok_or_else(wrong),
            "int" | "float" => match number::read(text) {
                Some(number) => Ok(Scalar::Number(number)),
                None if number::is_number(text) => Err(YamlProblem::Range(text.to_owned())),
                None => Err(wrong()),
            },
            "timestamp" => timestamp::rfc3339(text).map(Scalar::String).ok_or_else(wrong),
            "null" => Ok(Scalar::Null),
            _ => Err(YamlProblem::Tag(format!("!!{name}"))),
        }
    }

    /// The scalar as a key. `None` for null, which is not a key.
    pub(super) fn into_key(self) -> Option<String> {
        match self {
            Scalar::Null => None,
            Scalar::Bool(value) => Some(value.to_string()),
            Scalar::Number(text) | Scalar::String(text) => Some(text),
            Scalar::Merge => Some("<<".to_owned()),
        }
    }

    /// The scalar as a value. In a block scalar it is a string whatever it looks like.
    pub(super) fn into_json(self, style: ScalarStyle) -> String {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        match self {
            Scalar::Null => "null".to_owned(),
            Scalar::Bool(value) if is_block => write::string(&value.to_string()),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Number(text) if is_block => write::string(&text),
            Scalar::Number(text) => text,
            Scalar::String(text) => write::string(&text),
            Scalar::Merge => write::string("<<"),
        }
    }
}

/// The name of a tag of YAML itself, such as `str`, whether it is written as `!!str`, as
/// `!<tag:yaml.org,2002:str>` or with a handle of its own.
pub(super) fn core_tag(tag: &Tag) -> Option<String> {
    let whole = format!("{}{}", tag.handle, tag.suffix);
    whole.strip_prefix("tag:yaml.org,2002:").map(str::to_owned)
}

/// The words of YAML 1.1, all of which `yamldecode` knows.
fn word(text: &str) -> Option<Scalar> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Scalar::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Scalar::Bool(false))
        }
        "" | "~" | "null" | "Null" | "NULL" => Some(Scalar::Null),
        _ => None,
    }
}

/// JSON has no infinity.
fn is_infinite(text: &str) -> bool {
    matches!(text.trim_start_matches(['+', '-']), ".inf" | ".Inf" | ".INF") && text.len() <= 5
}
