//! From MessagePack to a value of a given type.
//!
//! The bytes come from another process, so they are not trusted: no length is used before that many bytes
//! have arrived.

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::decode;

use super::{Mismatch, Name, Number, Type, Value};
use crate::protocol::limits::MAX_VALUE_DEPTH;

impl Value {
    /// The value of a type that MessagePack encodes.
    ///
    /// Fails if the bytes are not exactly one value, or if it does not conform to the type.
    pub fn from_msgpack(bytes: &[u8], expected: &Type) -> Result<Self, Mismatch> {
        let mut rest = bytes;
        let value = read(&mut rest, expected, 0)?;
        if rest.is_empty() { Ok(value) } else { Err(Mismatch::new("bytes follow the value")) }
    }
}

fn read(input: &mut &[u8], expected: &Type, depth: usize) -> Result<Value, Mismatch> {
    if depth > MAX_VALUE_DEPTH {
        return Err(Mismatch::new(format!("values nest deeper than {MAX_VALUE_DEPTH} levels")));
    }
    let marker = peek(input)?;
    if marker == Marker::Null {
        skip(input, 1)?;
        return Ok(Value::Null);
    }
    if is_extension(marker) {
        // A value of any type: unknown, perhaps with refinements, which are not needed.
        let meta = decode::read_ext_meta(input).map_err(|_| truncated())?;
        skip(input, length(meta.size)?)?;
        return Ok(Value::Unknown);
    }
    match expected {
        Type::Bool => decode::read_bool(input).map(Value::Bool).map_err(|_| unexpected(expected, marker)),
        Type::Number => read_number(input, marker).map(Value::Number),
        Type::String => read_str(input, expected).map(|text| Value::String(text.to_owned())),
        Type::List(element) | Type::Set(element) => {
            let count = read_count(input, marker, expected)?;
            read_elements(input, (0..count).map(|_| &**element), depth)
        }
        Type::Tuple(elements) => {
            let count = read_count(input, marker, expected)?;
            if count != elements.len() {
                return Err(Mismatch::new(format!("{} elements were expected, not {count}", elements.len())));
            }
            read_elements(input, elements.iter(), depth)
        }
        Type::Map(element) => {
            read_members(input, marker, expected, depth, |name| Some((name.to_owned().into(), element)))
        }
        Type::Object(members) => {
            // Hosts send members in order, so the next one is at hand.
            let mut next = members.iter();
            let own = |name: &str| match next.next() {
                Some((own, member)) if own == name => Some((own.clone(), member)),
                _ => members.get_key_value(name).map(|(own, member)| (own.clone(), member)),
            };
            let value = read_members(input, marker, expected, depth, own)?;
            // Each is one of these, and none is there twice.
            if matches!(&value, Value::Object(read) if read.len() == members.len()) {
                return Ok(value);
            }
            let missing = members.keys().find(|name| !value.has(name)).map_or("", |name| name);
            Err(Mismatch::new(format!("the attribute \"{missing}\" is missing")))
        }
        Type::Dynamic => read_dynamic(input, marker, depth),
    }
}

/// A value with its type: an array of the type's JSON and the value.
fn read_dynamic(input: &mut &[u8], marker: Marker, depth: usize) -> Result<Value, Mismatch> {
    if read_count(input, marker, &Type::Dynamic)? != 2 {
        return Err(Mismatch::new("a value of any type is a pair of its type and itself"));
    }
    let size = match peek(input)? {
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
            decode::read_bin_len(input).map_err(|_| truncated())?
        }
        // Encoders without a separate format for bytes write text.
        _ => decode::read_str_len(input).map_err(|_| Mismatch::new("the type of a value is missing"))?,
    };
    let json = take(input, length(size)?)?;
    let actual = Type::from_json(json).ok_or_else(|| Mismatch::new("the type of a value is not valid"))?;
    read(input, &actual, depth + 1)
}

fn read_elements<'a>(
    input: &mut &[u8],
    expected: impl Iterator<Item = &'a Type>,
    depth: usize,
) -> Result<Value, Mismatch> {
    let mut elements = Vec::new();
    for (position, element) in expected.enumerate() {
        elements.push(
            read(input, element, depth + 1)
                .map_err(|error| error.inside(format_args!("element {position}")))?,
        );
    }
    Ok(Value::List(elements))
}

fn read_members<'a>(
    input: &mut &[u8],
    marker: Marker,
    expected: &Type,
    depth: usize,
    mut member_of: impl FnMut(&str) -> Option<(Name, &'a Type)>,
) -> Result<Value, Mismatch> {
    let count = decode::read_map_len(input).map_err(|_| unexpected(expected, marker))?;
    // They come in order.
    let mut members = Vec::new();
    for _ in 0..count {
        let Some((name, member)) = member_of(read_str(input, &Type::String)?) else {
            return Err(Mismatch::new("there is an attribute that the schema does not know"));
        };
        let value = read(input, member, depth + 1).map_err(|error| match expected {
            Type::Object(_) => error.inside(format_args!("\"{name}\"")),
            // The keys of a map come from the user, and may be secret.
            _ => error.inside("a map"),
        })?;
        members.push((name, value));
    }
    let read = members.len();
    let members = BTreeMap::from_iter(members);
    if members.len() < read {
        return Err(Mismatch::new("a name occurs twice"));
    }
    Ok(Value::Object(members))
}

/// A number is encoded as an integer, as a double, or, if neither is exact, as decimal text.
fn read_number(input: &mut &[u8], marker: Marker) -> Result<Number, Mismatch> {
    let mismatch = || unexpected(&Type::Number, marker);
    match marker {
        Marker::F32 => finite(decode::read_f32(input).map_err(|_| truncated())?.into()),
        Marker::F64 => finite(decode::read_f64(input).map_err(|_| truncated())?),
        Marker::U64 => {
            let value = decode::read_u64(input).map_err(|_| truncated())?;
            Number::from_decimal(&value.to_string()).ok_or_else(mismatch)
        }
        _ if is_text(marker) => Number::from_decimal(read_str(input, &Type::Number)?).ok_or_else(mismatch),
        _ => decode::read_int::<i64, _>(input).map(Number::from).map_err(|_| mismatch()),
    }
}

fn finite(value: f64) -> Result<Number, Mismatch> {
    Number::from_double(value).ok_or_else(|| Mismatch::new("a number is not finite"))
}

fn read_str<'a>(input: &mut &'a [u8], expected: &Type) -> Result<&'a str, Mismatch> {
    let marker = peek(input)?;
    let size = decode::read_str_len(input).map_err(|_| unexpected(expected, marker))?;
    std::str::from_utf8(take(input, length(size)?)?).map_err(|_| Mismatch::new("a text is not UTF-8"))
}

/// The length of an array, every element of which takes at least one byte.
fn read_count(input: &mut &[u8], marker: Marker, expected: &Type) -> Result<usize, Mismatch> {
    length(decode::read_array_len(input).map_err(|_| unexpected(expected, marker))?)
}

fn take<'a>(input: &mut &'a [u8], count: usize) -> Result<&'a [u8], Mismatch> {
    let (taken, rest) = input.split_at_checked(count).ok_or_else(truncated)?;
    *input = rest;
    Ok(taken)
}

fn skip(input: &mut &[u8], count: usize) -> Result<(), Mismatch> {
    take(input, count).map(|_| ())
}

fn peek(input: &[u8]) -> Result<Marker, Mismatch> {
    input.first().map(|byte| Marker::from_u8(*byte)).ok_or_else(truncated)
}

fn length(size: u32) -> Result<usize, Mismatch> {
    usize::try_from(size).map_err(|_| truncated())
}

fn is_extension(marker: Marker) -> bool {
    matches!(
        marker,
        Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16
            | Marker::Ext8
            | Marker::Ext16
            | Marker::Ext32
    )
}

fn is_text(marker: Marker) -> bool {
    matches!(marker, Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32)
}

fn truncated() -> Mismatch {
    Mismatch::new("the value ends too early")
}

fn unexpected(expected: &Type, marker: Marker) -> Mismatch {
    let found = match marker {
        Marker::True | Marker::False => "a bool",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "a list",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "an object",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "bytes",
        _ if is_text(marker) => "a string",
        _ => "a number",
    };
    Mismatch::expected(expected, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(Number::from_decimal(text).unwrap())
    }

    fn double(value: f64) -> Value {
        Value::Number(Number::from_double(value).unwrap())
    }

    /// A value of any type, as the host writes it.
    fn dynamic(json: &str, value: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x92, 0xc4, u8::try_from(json.len()).unwrap()];
        bytes.extend_from_slice(json.as_bytes());
        bytes.extend_from_slice(value);
        bytes
    }

    #[test]
    fn every_form_that_a_host_sends() {
        let strings = Type::list(Type::String);
        let object = Type::object([("a", Type::String), ("b", Type::Number)]);
        let members = Value::object([("a", "x".into()), ("b", 1.into())]);
        let rows: &[(&[u8], &Type, Value)] = &[
            (b"\xc2", &Type::Bool, false.into()),
            (b"\xc3", &Type::Bool, true.into()),
            (b"\xa0", &Type::String, "".into()),
            (b"\xa2\xc3\xa9", &Type::String, "é".into()),
            (b"\xd9\x01a", &Type::String, "a".into()),
            (b"\xda\x00\x01a", &Type::String, "a".into()),
            (b"\xdb\x00\x00\x00\x01a", &Type::String, "a".into()),
            (b"\x07", &Type::Number, 7.into()),
            (b"\xff", &Type::Number, (-1).into()),
            (b"\xd1\xff\x38", &Type::Number, (-200).into()),
            (b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", &Type::Number, i64::MIN.into()),
            (b"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", &Type::Number, i64::MAX.into()),
            (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", &Type::Number, number("18446744073709551615")),
            (b"\xcb\x40\x04\x00\x00\x00\x00\x00\x00", &Type::Number, double(2.5)),
            (b"\xca\x3f\x00\x00\x00", &Type::Number, double(0.5)),
            (b"\xa30.1", &Type::Number, number("0.1")),
            (b"\x90", &strings, Value::List(vec![])),
            (b"\x92\xa1a\xc0", &strings, Value::list([Value::from("a"), Value::Null])),
            (b"\x91\x01", &Type::set(Type::Number), Value::list([1])),
            (
                b"\x92\x01\xa1a",
                &Type::Tuple(vec![Type::Number, Type::String]),
                Value::List(vec![1.into(), "a".into()]),
            ),
            (b"\x81\xa1k\xc3", &Type::map(Type::Bool), Value::object([("k", true.into())])),
            (b"\x80", &Type::map(Type::Bool), Value::object::<String>([])),
            (b"\x82\xa1a\xa1x\xa1b\x01", &object, members.clone()),
            (&dynamic(r#""number""#, b"\xd1\xff\x38"), &Type::Dynamic, (-200).into()),
            (
                &dynamic(r#"["object",{"a":"string","b":"number"}]"#, b"\x82\xa1a\xa1x\xa1b\x01"),
                &Type::Dynamic,
                members,
            ),
            (
                &dynamic(r#"["tuple",["number","string","bool","dynamic"]]"#, b"\x94\x01\xa1a\xc3\xc0"),
                &Type::Dynamic,
                Value::List(vec![1.into(), "a".into(), true.into(), Value::Null]),
            ),
        ];
        for (bytes, expected, value) in rows {
            assert_eq!(Value::from_msgpack(bytes, expected).as_ref(), Ok(value), "{bytes:x?}");
        }
    }

    #[test]
    fn null_and_unknown_are_of_every_type() {
        let unknowns: [&[u8]; 5] = [
            b"\xd4\x00\x00",
            b"\xc7\x03\x0c\x81\x01\xc2",
            b"\xc7\x09\x0c\x82\x01\xc2\x02\xa4pre-",
            b"\xd8\x7f0123456789abcdef",
            b"\xc9\x00\x00\x00\x00\x0c",
        ];
        for expected in every_kind_of_type() {
            assert_eq!(Value::from_msgpack(b"\xc0", &expected), Ok(Value::Null));
            for bytes in unknowns {
                assert_eq!(Value::from_msgpack(bytes, &expected), Ok(Value::Unknown), "{bytes:x?}");
            }
        }
        let typed = dynamic(r#""string""#, b"\xc7\x03\x0c\x81\x01\xc2");
        assert_eq!(Value::from_msgpack(&typed, &Type::Dynamic), Ok(Value::Unknown));
        let inside = Value::from_msgpack(b"\x91\xc7\x03\x0c\x81\x01\xc2", &Type::list(Type::String));
        assert_eq!(inside, Ok(Value::List(vec![Value::Unknown])));
    }

    #[test]
    fn what_does_not_conform_is_refused() {
        let object = Type::object([("a", Type::String)]);
        let rows: &[(&[u8], &Type, &str)] = &[
            (b"\xa1a", &Type::Bool, "bool was expected, not a string"),
            (b"\x01", &Type::String, "string was expected, not a number"),
            (b"\xc4\x01a", &Type::String, "string was expected, not bytes"),
            (b"\xc3", &Type::Number, "number was expected, not a bool"),
            (b"\xa1x", &Type::Number, "number was expected, not a string"),
            (b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", &Type::Number, "a number is not finite"),
            (b"\x80", &Type::list(Type::Bool), "list(bool) was expected, not an object"),
            (b"\x90", &object, "object({a = string}) was expected, not a list"),
            (b"\x91\x01", &Type::list(Type::Bool), "in element 0: bool was expected, not a number"),
            (b"\x81\xa1a\x01", &object, "in \"a\": string was expected, not a number"),
            (b"\x80", &object, "the attribute \"a\" is missing"),
            (b"\x81\xa1b\xc0", &object, "there is an attribute that the schema does not know"),
            (b"\x82\xa1a\xc0\xa1a\xc0", &object, "a name occurs twice"),
            (b"\x90", &Type::Tuple(vec![Type::Bool]), "1 elements were expected, not 0"),
            (b"\xa1\xff", &Type::String, "a text is not UTF-8"),
            (b"\xc0\xc0", &Type::Bool, "bytes follow the value"),
            (b"\xa1a", &Type::Dynamic, "any was expected, not a string"),
            (b"\x91\xc0", &Type::Dynamic, "a value of any type is a pair of its type and itself"),
            (b"\x92\x01\x01", &Type::Dynamic, "the type of a value is missing"),
            (b"\x92\xc4\x01x\x01", &Type::Dynamic, "the type of a value is not valid"),
            (b"", &Type::Bool, "the value ends too early"),
        ];
        for (bytes, expected, message) in rows {
            let error = Value::from_msgpack(bytes, expected).unwrap_err();
            assert_eq!(error.to_string(), *message, "{bytes:x?}");
        }
    }

    #[test]
    fn lengths_are_not_believed() {
        let rows: [&[u8]; 10] = [
            b"\xdd\xff\xff\xff\xff",
            b"\xdd\xff\xff\xff\xff\xc0",
            b"\xdf\xff\xff\xff\xff",
            b"\xdb\xff\xff\xff\xff",
            b"\xc9\xff\xff\xff\xff\x00",
            b"\xc6\xff\xff\xff\xff",
            b"\xc7\x03",
            b"\xcb\x00",
            b"\x92\xc6\xff\xff\xff\xff",
            b"\xc1",
        ];
        for expected in every_kind_of_type() {
            for bytes in rows {
                assert!(Value::from_msgpack(bytes, &expected).is_err(), "{bytes:x?}");
            }
        }
    }

    #[test]
    fn every_truncation_is_an_error() {
        let expected = Type::object([("a", Type::list(Type::Dynamic)), ("b", Type::Number)]);
        let mut bytes = b"\x82\xa1a\x92".to_vec();
        bytes.extend(dynamic(r#""string""#, b"\xa3xyz"));
        bytes.extend(dynamic(r#"["list","bool"]"#, b"\x91\xc3"));
        bytes.extend(b"\xa1b\xcb\x40\x04\x00\x00\x00\x00\x00\x00");
        assert!(Value::from_msgpack(&bytes, &expected).is_ok());
        for end in 0..bytes.len() {
            assert!(Value::from_msgpack(&bytes[..end], &expected).is_err(), "{end}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| {
            let mut bytes = Vec::new();
            for _ in 0..levels {
                bytes.extend(dynamic(r#"["list","dynamic"]"#, b"\x91"));
            }
            bytes.push(0xc0);
            bytes
        };
        assert!(Value::from_msgpack(&nested(60), &Type::Dynamic).is_ok());
        assert!(Value::from_msgpack(&nested(1_000_000), &Type::Dynamic).is_err());
    }

    fn every_kind_of_type() -> Vec<Type> {
        vec![
            Type::Bool,
            Type::Number,
            Type::String,
            Type::Dynamic,
            Type::list(Type::Bool),
            Type::set(Type::Bool),
            Type::map(Type::Bool),
            Type::Tuple(vec![Type::Bool]),
            Type::object([("a", Type::Bool)]),
        ]
    }
}
