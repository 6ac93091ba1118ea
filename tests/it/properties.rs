//! General laws, tried on random values with a fixed seed, and on all short patterns. `make sweep` tries
//! more.

use std::collections::BTreeSet;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sfniam::iam::{Condition, Grant, Operator, Pattern, Statement, WildcardReason, merge, minimize, share};
use sfniam::protocol::value::{Name, Number, Type, Value};
use sfniam::work::Work;

use crate::support::evaluator::asked;
use crate::support::sweeping;

/// The same values in every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: if sweeping() { 50_000 } else { 500 },
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

// Values on the wire.

/// A type and a value of it; unknown values only where asked for.
fn typed(with_unknown: bool) -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(move |kind| (Just(kind.clone()), value_of(&kind, with_unknown)))
}

fn types() -> impl Strategy<Value = Type> {
    let plain = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    plain.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(Type::object),
        ]
    })
}

fn value_of(kind: &Type, with_unknown: bool) -> BoxedStrategy<Value> {
    let inside = |kind: &Type| value_of(kind, with_unknown);
    let known = match kind {
        Type::Bool | Type::Dynamic => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            "-?(0|[1-9][0-9]{0,30})[.][0-9]{1,30}",
            "-?[1-9][0-9]{0,3}e-?[1-9][0-9]?",
        ]
        .prop_map(|text| Value::Number(Number::from_decimal(&text).expect("a number")))
        .boxed(),
        Type::String => any::<String>().prop_map(Value::String).boxed(),
        Type::List(element) | Type::Set(element) => vec(inside(element), 0..4).prop_map(Value::List).boxed(),
        Type::Map(element) => {
            btree_map(any::<String>(), inside(element), 0..4).prop_map(Value::object).boxed()
        }
        Type::Tuple(elements) => {
            elements.iter().map(inside).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Object(members) => {
            let names: Vec<_> = members.keys().cloned().collect();
            let values: Vec<_> = members.values().map(inside).collect();
            values.prop_map(move |values| Value::object(names.iter().cloned().zip(values))).boxed()
        }
    };
    match with_unknown {
        true => prop_oneof![1 => Just(Value::Null), 1 => Just(Value::Unknown), 8 => known].boxed(),
        false => prop_oneof![1 => Just(Value::Null), 8 => known].boxed(),
    }
}

/// A value as JSON has it.
fn written(value: &Value) -> String {
    match value {
        Value::Null | Value::Unknown => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => serde_json::Value::from(text.as_str()).to_string(),
        Value::List(elements) => {
            format!("[{}]", elements.iter().map(written).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let member = |(name, value): (&Name, &Value)| {
                format!("{}:{}", serde_json::Value::from(&**name), written(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn msgpack_gives_back_what_it_took((kind, value) in typed(true)) {
        let bytes = value.to_msgpack(&kind).expect("a value of its type");
        prop_assert_eq!(Value::from_msgpack(&bytes, &kind).expect("what was written"), value.clone());
        // Without its last byte it is not a value.
        prop_assert!(Value::from_msgpack(bytes.get(..bytes.len() - 1).unwrap_or_default(), &kind).is_err());
        // A value of a dynamic type brings its own type: lists become tuples there, and maps become objects,
        // which look alike.
        let bytes = value.to_msgpack(&Type::Dynamic).expect("any value");
        prop_assert_eq!(Value::from_msgpack(&bytes, &Type::Dynamic).expect("what was written"), value);
    }

    #[test]
    fn json_gives_the_value_that_was_written((kind, value) in typed(false)) {
        let read = Value::from_json(written(&value).as_bytes(), &kind);
        prop_assert_eq!(read.expect("what was written"), value);
    }

    #[test]
    fn merging_is_exact(grants in vec(grant(), 0..8)) {
        let merged = merge(&grants);
        let expected: BTreeSet<_> = asked(&grants).into_iter().map(|one| (one.action, one.resource, one.conditions)).collect();
        prop_assert_eq!(triples(&merged), expected.clone());
        prop_assert_eq!(triples(&share(merged.clone())), expected.clone());
        // No statement is redundant.
        for index in 0..merged.len() {
            let mut fewer = merged.clone();
            fewer.remove(index);
            prop_assert_ne!(triples(&fewer), expected.clone());
        }
    }

    #[test]
    fn minimizing_allows_the_same(grants in vec(grant(), 0..8)) {
        let minimal = minimize(&grants, &Work::default());
        for action in ACTIONS {
            for given in [&[][..], &CONDITIONS[..1], &CONDITIONS[1..], &CONDITIONS] {
                for text in texts(3) {
                    let (before, after) = (allows(&grants, action, given, &text), allows(&minimal, action, given, &text));
                    prop_assert_eq!(before, after, "{} on {:?} under {:?}", action, text, given);
                }
            }
        }
    }
}

// Grants over few actions, resources and conditions, so that they often meet.

const ACTIONS: [&str; 4] = ["a:One", "a:Two", "b:One", "b:Two"];
const CONDITIONS: [&str; 2] = ["k", "l"];

fn grant() -> impl Strategy<Value = Grant> {
    let actions = proptest::sample::subsequence(&ACTIONS[..], 1..=3);
    let resources = vec("[ab*?]{1,3}", 1..4);
    let conditions = proptest::sample::subsequence(&CONDITIONS[..], 0..=2);
    (actions, resources, conditions).prop_map(|(actions, resources, keys)| Grant {
        actions: actions.into_iter().map(str::to_owned).collect(),
        resources: resources.iter().map(|text| pattern(text)).collect(),
        conditions: keys.into_iter().map(condition).collect(),
    })
}

fn pattern(template: &str) -> Pattern {
    let mut pattern = Pattern::default();
    pattern.push_template(template, &WildcardReason::Aws("a test"));
    pattern
}

fn condition(key: &str) -> Condition {
    Condition::new(Operator::StringEquals, key, &[Pattern::literal("v")])
}

fn triples(statements: &[Statement]) -> BTreeSet<(String, String, Vec<Condition>)> {
    let mut triples = BTreeSet::new();
    for statement in statements {
        for action in &statement.actions {
            for resource in &statement.resources {
                triples.insert((action.clone(), resource.clone(), statement.conditions.clone()));
            }
        }
    }
    triples
}

/// Whether grants allow an action on a text, where the given conditions hold.
fn allows(grants: &[Grant], action: &str, given: &[&str], text: &[char]) -> bool {
    grants.iter().any(|grant| {
        grant.actions.iter().any(|own| own == action)
            && grant.conditions.iter().all(|condition| given.contains(&condition.key.as_str()))
            && grant.resources.iter().any(|resource| matches(&symbols(&resource.to_text()), text))
    })
}

// Patterns, matched symbol by symbol in the simplest way.

#[derive(Clone, Copy, PartialEq)]
enum Symbol {
    Char(char),
    One,
    Any,
}

fn symbols(text: &str) -> Vec<Symbol> {
    text.chars()
        .map(|character| match character {
            '*' => Symbol::Any,
            '?' => Symbol::One,
            other => Symbol::Char(other),
        })
        .collect()
}

fn matches(symbols: &[Symbol], text: &[char]) -> bool {
    match (symbols.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((Symbol::Any, more)), Some((_, rest))) => matches(more, text) || matches(symbols, rest),
        (Some((Symbol::Any, more)), None) => matches(more, text),
        (Some((Symbol::One, more)), Some((_, rest))) => matches(more, rest),
        (Some((Symbol::Char(own), more)), Some((first, rest))) => own == first && matches(more, rest),
        (Some(_), None) => false,
    }
}

/// All sequences of up to this many elements.
fn sequences<T: Clone>(of: &[T], longest: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last
            .iter()
            .flat_map(|one| of.iter().map(|more| [one.as_slice(), std::slice::from_ref(more)].concat()))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn texts(longest: usize) -> Vec<Vec<char>> {
    sequences(&['a', 'b', 'c'], longest)
}

/// Covering decides which grants are left out, so the answer must never be yes if only the narrow pattern
/// matches some text.
#[test]
fn covering_is_sound_for_all_short_patterns() {
    let longest = if sweeping() { 5 } else { 4 };
    let texts = sequences(&['a', 'b', 'c', '*'], longest + 1);
    // A star in a text is the character, which a literal matches.
    let alphabet = [Symbol::Char('a'), Symbol::Char('b'), Symbol::Char('*'), Symbol::One, Symbol::Any];
    let all: Vec<(Pattern, Vec<u64>)> = sequences(&alphabet, longest)
        .into_iter()
        .filter(|symbols| !symbols.windows(2).any(|two| two == [Symbol::Any, Symbol::Any]))
        .map(|symbols| {
            let mut pattern = Pattern::default();
            for symbol in &symbols {
                match symbol {
                    Symbol::Char(character) => pattern.push_literal(&character.to_string()),
                    Symbol::One => pattern.push_wildcard("?", WildcardReason::Aws("a test")),
                    Symbol::Any => pattern.push_wildcard("*", WildcardReason::Aws("a test")),
                }
            }
            let mut language = vec![0_u64; texts.len().div_ceil(64)];
            for (index, text) in texts.iter().enumerate().filter(|(_, text)| matches(&symbols, text)) {
                let _ = text;
                language[index / 64] |= 1 << (index % 64);
            }
            (pattern, language)
        })
        .collect();
    let (mut covered, mut within) = (0_usize, 0_usize);
    for (wide, wide_language) in &all {
        for (narrow, narrow_language) in &all {
            let is_within =
                narrow_language.iter().zip(wide_language).all(|(narrow, wide)| narrow & !wide == 0);
            within += usize::from(is_within);
            if wide.covers(narrow) {
                covered += 1;
                assert!(is_within, "{} does not cover {}", wide.to_text(), narrow.to_text());
            }
        }
    }
    // The answer may be no where yes would be right, as for `?*` and `*?`, but not often.
    assert!(covered * 10 > within * 8, "{covered} of {within} are seen to be covered");
}
