//! Functions between texts: Base64, URLs, hashes, JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::asl::jsonata::item::Item;
use crate::asl::{Json, Value, hash};

/// Only ASCII: how other characters become bytes differs between implementations.
pub(super) fn base64_encode<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    let text = item.as_str().filter(|text| text.is_ascii())?;
    Some(Item::string(STANDARD.encode(text)))
}

pub(super) fn base64_decode<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    let text = String::from_utf8(STANDARD.decode(item.as_str()?).ok()?).ok()?;
    text.is_ascii().then(|| Item::string(text))
}

/// Only characters on which all implementations agree.
pub(super) fn encode_url<'a>(name: &str, item: &Item<'a>) -> Option<Item<'a>> {
    let kept = if name == "encodeUrl" { "-_./:?=&" } else { "-_." };
    let mut encoded = String::new();
    for byte in item.as_str()?.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || kept.contains(character) {
            encoded.push(character);
        } else if "!~*'()".contains(character) || name == "encodeUrl" {
            return None;
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(Item::string(encoded))
}

pub(super) fn decode_url<'a>(name: &str, item: &Item<'a>) -> Option<Item<'a>> {
    let text = item.as_str()?;
    // Some implementations decode a plus sign as a blank; some escapes stay in whole URLs.
    if text.contains('+') || (name == "decodeUrl" && text.contains('%')) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let digits =
            escape.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = escape.get(2..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok().map(Item::string)
}

pub(super) fn hash<'a>(text: &Item<'a>, algorithm: &Item<'a>) -> Option<Item<'a>> {
    hash::hash(text.as_str()?, algorithm.as_str()?).map(Item::string)
}

/// The value of a JSON text.
pub(super) fn parse<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    let json = Json::read(item.as_str()?).ok()?;
    Some(Item::Data(Value::owned(&json)))
}
