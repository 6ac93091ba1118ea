//! Arguments that are not known yet, and of which all values that can make a difference can be tried: what is
//! the same with each of them is known.

use crate::protocol::value::{Members, Type, Value};
use crate::provider::limits::MAX_COMBINATIONS;

use super::block;
use super::places::Places;

/// The arguments with each combination of values of those that can be tried: one, the arguments themselves,
/// if all of these are known. Those with which there would be too many combinations stay unknown.
pub(super) fn alternatives(config: &Value) -> Vec<Value> {
    let Value::Object(arguments) = config else { return vec![config.clone()] };
    let mut all: Vec<Members> = vec![arguments.clone()];
    for name in TRIED.iter().filter(|name| config.get(name).is_unknown()) {
        let mut values = values(name, config);
        // An unknown value may come to be null.
        values.push(Value::Null);
        if all.len() * values.len() > MAX_COMBINATIONS {
            continue;
        }
        let with = |one: &Members, value: &Value| {
            let mut one = one.clone();
            one.insert((*name).into(), value.clone());
            one
        };
        all = all.iter().flat_map(|one| values.iter().map(move |value| with(one, value))).collect();
    }
    all.into_iter().map(Value::Object).collect()
}

/// The arguments that can be tried; the first are those of which a value matters to most users.
const TRIED: &[&str] = &[
    "state_machine_name",
    "account_id",
    "mode",
    "type",
    "include_redrive",
    "on_unresolved",
    "partition",
    "region",
];

/// The values of an argument that can make a difference: those that the schema lists, both of a Boolean, or
/// what can be in its place in ARNs.
fn values(name: &str, config: &Value) -> Vec<Value> {
    let found = block().attributes.iter().find(|attribute| attribute.name == name);
    match found {
        Some(one) if one.value_type() == Type::Bool => vec![true.into(), false.into()],
        Some(one) if !one.values.is_empty() && name != "partition" => {
            one.values.iter().copied().map(Value::from).collect()
        }
        _ => Places::of(config).values(name),
    }
}

/// What two results have in common. A list that differs is unknown as a whole, and so is a map of which the
/// keys differ.
pub(super) fn common(one: Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(members), Value::Object(others)) if members.keys().eq(others.keys()) => {
            let members = members.into_iter().zip(others.values());
            Value::Object(members.map(|((name, one), other)| (name, common(one, other))).collect())
        }
        (one, other) if one == *other => one,
        _ => Value::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(names: &[&'static str]) -> Value {
        Value::object(names.iter().map(|name| (*name, Value::Unknown)))
    }

    #[test]
    fn each_combination_is_worked_out() {
        let all = alternatives(&open(&["mode", "type"]));
        assert_eq!(all.len(), 9);
        assert!(all.iter().all(Value::is_wholly_known));
        let known = Value::object([("mode", Value::from("template"))]);
        assert_eq!(alternatives(&known), [known]);
    }

    #[test]
    fn where_there_are_too_many_the_last_stay_unknown() {
        for name in TRIED {
            assert!(alternatives(&open(&[name])).iter().all(Value::is_wholly_known), "{name}");
        }
        let all = alternatives(&open(&["region", "mode", "type"]));
        assert_eq!(all.len(), 9);
        assert!(all.iter().all(|one| one.get("region").is_unknown() && !one.get("mode").is_unknown()));
    }

    #[test]
    fn only_what_is_the_same_is_known() {
        let value = |list: &[&str], number: i64| {
            let list = Value::list(list.iter().map(|text| Value::from(*text)));
            Value::object([("list", list), ("number", number.into())])
        };
        assert_eq!(common(value(&["a"], 1), &value(&["a"], 1)), value(&["a"], 1));
        let met = common(value(&["a", "b"], 1), &value(&["a", "c"], 1));
        assert_eq!((met.get("list"), met.get("number")), (&Value::Unknown, &Value::from(1)));
        let keys = |key: &'static str| Value::object([(key, Value::from(1))]);
        assert_eq!(common(keys("a"), &keys("b")), Value::Unknown);
    }
}
