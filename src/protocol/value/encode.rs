//! From a value to MessagePack, as a given type.

use std::collections::BTreeMap;

use rmp::encode;

use super::number::Form;
use super::{Members, Mismatch, Name, Type, Value};

impl Value {
    /// The value in MessagePack, as a value of a type.
    ///
    /// Fails if the value does not conform to the type: an object has exactly the members of its type, nulls
    /// included.
    pub fn to_msgpack(&self, expected: &Type) -> Result<Vec<u8>, Mismatch> {
        self.to_msgpack_while(expected, &|| true)
    }

    /// The same, which fails if it is no longer wanted.
    pub fn to_msgpack_while(&self, expected: &Type, wanted: &dyn Fn() -> bool) -> Result<Vec<u8>, Mismatch> {
        let mut out = Vec::with_capacity(USUAL_LENGTH);
        Writer { out: &mut out, wanted }.write(self, expected)?;
        Ok(out)
    }

    /// The type of a value that has none: an object or tuple of whatever is in it.
    fn own_type(&self) -> Type {
        match self {
            Self::Null | Self::Unknown => Type::Dynamic,
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::List(elements) => Type::Tuple(elements.iter().map(Self::own_type).collect()),
            Self::Object(members) => {
                Type::object(members.iter().map(|(name, value)| (name.clone(), value.own_type())))
            }
        }
    }
}

/// Bytes to reserve: those of the state of a small definition.
const USUAL_LENGTH: usize = 8 << 10;

/// The unknown value without refinements: the extension type 0 with one meaningless byte.
const UNKNOWN: [u8; 3] = [0xd4, 0x00, 0x00];

/// What writes a value, as long as that is wanted.
struct Writer<'w> {
    out: &'w mut Vec<u8>,
    wanted: &'w dyn Fn() -> bool,
}

impl Writer<'_> {
    fn write(&mut self, value: &Value, expected: &Type) -> Result<(), Mismatch> {
        if !(self.wanted)() {
            return Err(Mismatch::new("nobody waits for the value"));
        }
        let out = &mut *self.out;
        match (value, expected) {
            (Value::Null, _) => encode::write_nil(out).map_err(unwritten)?,
            (Value::Unknown, _) => out.extend_from_slice(&UNKNOWN),
            (_, Type::Dynamic) => {
                let own = value.own_type();
                write_array_len(out, 2)?;
                encode::write_bin(out, own.to_json().as_bytes()).map_err(unwritten)?;
                self.write(value, &own)?;
            }
            (Value::Bool(value), Type::Bool) => encode::write_bool(out, *value).map_err(unwritten)?,
            (Value::String(text), Type::String) => encode::write_str(out, text).map_err(unwritten)?,
            (Value::Number(number), Type::Number) => match number.form() {
                Form::Integer(integer) => encode::write_sint(out, *integer).map(|_| ()).map_err(unwritten)?,
                Form::Double(double) => encode::write_f64(out, *double).map_err(unwritten)?,
                Form::Decimal(text) => encode::write_str(out, text).map_err(unwritten)?,
            },
            (Value::List(elements), Type::List(element) | Type::Set(element)) => {
                write_array_len(out, elements.len())?;
                for (position, value) in elements.iter().enumerate() {
                    self.write_element(value, element, position)?;
                }
            }
            (Value::List(elements), Type::Tuple(types)) => {
                if elements.len() != types.len() {
                    let message = format!("{} elements were expected, not {}", types.len(), elements.len());
                    return Err(Mismatch::new(message));
                }
                write_array_len(out, elements.len())?;
                for (position, (value, element)) in elements.iter().zip(types).enumerate() {
                    self.write_element(value, element, position)?;
                }
            }
            (Value::Object(members), Type::Map(element)) => {
                write_map_len(out, members.len())?;
                for (key, value) in members {
                    encode::write_str(self.out, key).map_err(unwritten)?;
                    self.write(value, element).map_err(|error| error.inside("a map"))?;
                }
            }
            (Value::Object(members), Type::Object(types)) => self.write_object(members, types)?,
            _ => return Err(Mismatch::expected(expected, value.kind())),
        }
        Ok(())
    }

    fn write_object(&mut self, members: &Members, types: &BTreeMap<Name, Type>) -> Result<(), Mismatch> {
        if !members.keys().eq(types.keys()) {
            return Err(other_members(members, types));
        }
        write_map_len(self.out, types.len())?;
        for ((name, value), expected) in members.iter().zip(types.values()) {
            encode::write_str(self.out, name).map_err(unwritten)?;
            self.write(value, expected).map_err(|error| error.inside(format_args!("\"{name}\"")))?;
        }
        Ok(())
    }

    fn write_element(&mut self, value: &Value, expected: &Type, position: usize) -> Result<(), Mismatch> {
        self.write(value, expected).map_err(|error| error.inside(format_args!("element {position}")))
    }
}

/// How the names of members differ from those that are expected.
fn other_members(members: &Members, types: &BTreeMap<Name, Type>) -> Mismatch {
    if let Some(name) = members.keys().find(|name| !types.contains_key(*name)) {
        return Mismatch::new(format!("the schema does not know the attribute \"{name}\""));
    }
    let missing = types.keys().find(|name| !members.contains_key(*name));
    Mismatch::new(format!("the attribute \"{}\" is missing", missing.map_or("", |name| name)))
}

fn write_array_len(out: &mut Vec<u8>, count: usize) -> Result<(), Mismatch> {
    encode::write_array_len(out, length(count)?).map(|_| ()).map_err(unwritten)
}

fn write_map_len(out: &mut Vec<u8>, count: usize) -> Result<(), Mismatch> {
    encode::write_map_len(out, length(count)?).map(|_| ()).map_err(unwritten)
}

fn length(count: usize) -> Result<u32, Mismatch> {
    u32::try_from(count).map_err(|_| Mismatch::new("the value is too long to be sent"))
}

/// Writing to memory does not fail, but the encoder's signature says that it might.
fn unwritten<E>(_: E) -> Mismatch {
    Mismatch::new("the value cannot be written")
}

#[cfg(test)]
mod tests {
    use super::super::Number;
    use super::*;

    /// The flag is looked at for each value.
    #[test]
    fn a_value_that_nobody_waits_for_is_not_written_to_its_end() {
        let list = Value::list((0..1_000).map(|_| Value::from("a")));
        let kind = Type::list(Type::String);
        let looks = std::cell::Cell::new(0);
        let wanted = |most: usize| {
            looks.set(looks.get() + 1);
            looks.get() <= most
        };
        assert_eq!(list.to_msgpack_while(&kind, &|| wanted(usize::MAX)), list.to_msgpack(&kind));
        assert_eq!(looks.replace(0), 1_001);
        assert!(list.to_msgpack_while(&kind, &|| wanted(10)).is_err());
        assert_eq!(looks.get(), 11);
    }

    #[test]
    fn every_form_that_we_send() {
        let number = |text| Value::Number(Number::from_decimal(text).unwrap());
        let object = Type::object([("b", Type::Number), ("a", Type::String)]);
        let rows: &[(Value, Type, &[u8])] = &[
            (Value::Null, Type::String, b"\xc0"),
            (Value::Null, Type::Dynamic, b"\xc0"),
            (Value::Unknown, Type::String, b"\xd4\x00\x00"),
            (Value::Unknown, Type::Dynamic, b"\xd4\x00\x00"),
            (true.into(), Type::Bool, b"\xc3"),
            ("é".into(), Type::String, b"\xa2\xc3\xa9"),
            (7.into(), Type::Number, b"\x07"),
            ((-200).into(), Type::Number, b"\xd1\xff\x38"),
            (number("0.1"), Type::Number, b"\xa30.1"),
            (number("18446744073709551615"), Type::Number, b"\xb418446744073709551615"),
            (
                Value::Number(Number::from_double(2.5).unwrap()),
                Type::Number,
                b"\xcb\x40\x04\x00\x00\x00\x00\x00\x00",
            ),
            (Value::list(["a"]), Type::list(Type::String), b"\x91\xa1a"),
            (Value::List(vec![]), Type::set(Type::String), b"\x90"),
            (
                Value::List(vec![1.into(), Value::Null]),
                Type::Tuple(vec![Type::Number, Type::Bool]),
                b"\x92\x01\xc0",
            ),
            (Value::object([("k", true.into())]), Type::map(Type::Bool), b"\x81\xa1k\xc3"),
            (Value::object([("b", Value::Null), ("a", "x".into())]), object, b"\x82\xa1a\xa1x\xa1b\xc0"),
            (
                Value::List(vec![1.into(), Value::Null]),
                Type::Dynamic,
                b"\x92\xc4\x1e[\"tuple\",[\"number\",\"dynamic\"]]\x92\x01\xc0",
            ),
            (
                Value::object([("a", "x".into())]),
                Type::Dynamic,
                b"\x92\xc4\x19[\"object\",{\"a\":\"string\"}]\x81\xa1a\xa1x",
            ),
        ];
        for (value, expected, bytes) in rows {
            assert_eq!(value.to_msgpack(expected).unwrap(), *bytes, "{value:?}");
            assert_eq!(Value::from_msgpack(bytes, expected).as_ref(), Ok(value));
        }
    }

    #[test]
    fn what_does_not_conform_is_not_sent() {
        let object = Type::object([("a", Type::String)]);
        let rows: &[(Value, &Type, &str)] = &[
            (1.into(), &Type::String, "string was expected, not a number"),
            (Value::object::<&str>([]), &object, "the attribute \"a\" is missing"),
            (
                Value::object([("a", Value::Null), ("b", Value::Null)]),
                &object,
                "the schema does not know the attribute \"b\"",
            ),
            (Value::object([("a", true.into())]), &object, "in \"a\": string was expected, not a bool"),
            (Value::list([1]), &Type::Tuple(vec![]), "0 elements were expected, not 1"),
            (Value::list([1]), &Type::map(Type::Number), "map(number) was expected, not a list"),
        ];
        for (value, expected, message) in rows {
            assert_eq!(value.to_msgpack(expected).unwrap_err().to_string(), *message);
        }
    }
}
