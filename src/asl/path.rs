//! Paths: reference paths of JSONPath into the state's input, the context object and variables.

use super::limits::MAX_PATH_STEPS;
use super::{Scope, Value};

/// A path, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<'t> {
    /// As written.
    pub text: &'t str,
    /// Absent for paths with filters, slices, functions and similar constructs, which can be followed only at
    /// run time.
    pub(super) reference: Option<Reference<'t>>,
}

/// A path that leads to one value, or to one value of each element of arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    pub(super) root: Root<'t>,
    pub(super) steps: Vec<Step<'t>>,
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root<'t> {
    /// `$`
    Input,
    /// `$$`
    Context,
    /// `$name`
    Variable(&'t str),
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'t> {
    /// `.name` or `['name']`
    Member(&'t str),
    /// `[0]`
    Element(usize),
    /// `[*]`
    Each,
}

/// The value to which a path leads. Unknown for paths with filters, slices, functions and similar constructs,
/// and for those that lead nowhere: the execution fails there.
pub(super) fn value<'a>(path: &Path<'a>, scope: &Scope<'a>) -> Value<'a> {
    let unknown = || Value::Unknown(path.text.into());
    let Some(path) = &path.reference else { return unknown() };
    let root = match path.root {
        Root::Input => scope.input.clone(),
        Root::Context => scope.context(),
        Root::Variable(name) => scope.variable(name),
    };
    match walk(&root, &path.steps) {
        Value::Unknown(_) | Value::Absent => unknown(),
        Value::OneOf(values) if values.contains(&Value::Absent) => {
            Value::one_of(values.iter().filter(|value| **value != Value::Absent).cloned())
        }
        found => found,
    }
}

impl<'t> Path<'t> {
    pub(super) fn read(text: &'t str) -> Path<'t> {
        #[cfg(test)]
        super::reads::note("path", text);
        Path { text, reference: Reference::read(text) }
    }
}

impl<'t> Reference<'t> {
    /// Reads a path, if it has only steps that lead to one value or to each element.
    fn read(text: &'t str) -> Option<Reference<'t>> {
        let after = text.strip_prefix('$')?;
        let (root, mut rest) = if let Some(rest) = after.strip_prefix('$') {
            (Root::Context, rest)
        } else {
            let end = after
                .find(|character: char| !character.is_alphanumeric() && character != '_')
                .unwrap_or(after.len());
            let (name, rest) = after.split_at_checked(end)?;
            (if name.is_empty() { Root::Input } else { Root::Variable(name) }, rest)
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, tail) =
                if let Some(after) = rest.strip_prefix('.') { name(after) } else { bracket(rest) }?;
            if steps.len() == MAX_PATH_STEPS {
                return None;
            }
            steps.push(step);
            rest = tail;
        }
        Some(Reference { root, steps })
    }
}

/// A step after a dot.
fn name(text: &str) -> Option<(Step<'_>, &str)> {
    let end = text
        .find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | '-'))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    (!name.is_empty()).then_some((Step::Member(name), rest))
}

/// A step in brackets.
fn bracket(text: &str) -> Option<(Step<'_>, &str)> {
    let inner = text.strip_prefix('[')?;
    if let Some(rest) = inner.strip_prefix("*]") {
        return Some((Step::Each, rest));
    }
    for quote in ['\'', '"'] {
        if let Some(quoted) = inner.strip_prefix(quote) {
            let (name, rest) = quoted.split_once(quote)?;
            let rest = rest.strip_prefix(']')?;
            return (!name.is_empty() && !name.contains('\\')).then_some((Step::Member(name), rest));
        }
    }
    let (number, rest) = inner.split_once(']')?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let index = number.parse().ok().filter(|_| digits)?;
    Some((Step::Element(index), rest))
}

fn walk<'a>(value: &Value<'a>, steps: &[Step<'_>]) -> Value<'a> {
    let Some((step, rest)) = steps.split_first() else { return value.clone() };
    match (value, step) {
        (Value::Unknown(_), _) => value.clone(),
        (Value::OneOf(values), _) => Value::one_of(values.iter().map(|one| walk(one, steps))),
        (_, Step::Member(name)) => walk(&value.member(name), rest),
        (Value::Array(elements), Step::Element(index)) => {
            elements.get(*index).map_or(Value::Absent, |element| walk(element, rest))
        }
        (Value::Array(elements), Step::Each) => {
            let mut found = Vec::new();
            match elements.iter().all(|element| each(element, rest, &mut found)) && !found.is_empty() {
                true => Value::Array(found.into()),
                false => Value::Unknown("".into()),
            }
        }
        _ => Value::Absent,
    }
}

/// Adds what the steps find in an element. An element without such a value is left out; false if that is
/// known only at run time whether it has one.
fn each<'a>(element: &Value<'a>, steps: &[Step<'_>], found: &mut Vec<Value<'a>>) -> bool {
    match walk(element, steps) {
        Value::Absent => {}
        Value::Unknown(_) if !steps.is_empty() => return false,
        Value::OneOf(values) if values.contains(&Value::Absent) => return false,
        // A second `[*]` gives one flat array.
        Value::Array(inner) if steps.contains(&Step::Each) => found.extend(inner.iter().cloned()),
        Value::OneOf(_) if steps.contains(&Step::Each) => return false,
        value => found.push(value),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::Json;
    use super::*;

    #[test]
    fn reference_paths_are_read() {
        for (text, root, steps) in [
            ("$", Root::Input, vec![]),
            ("$$", Root::Context, vec![]),
            ("$name", Root::Variable("name"), vec![]),
            ("$.a.b-c", Root::Input, vec![Step::Member("a"), Step::Member("b-c")]),
            ("$['a b'][0]", Root::Input, vec![Step::Member("a b"), Step::Element(0)]),
            ("$[\"a.b\"]", Root::Input, vec![Step::Member("a.b")]),
            ("$v.list[*].x", Root::Variable("v"), vec![Step::Member("list"), Step::Each, Step::Member("x")]),
            ("$$.Map.Item.Value", Root::Context, ["Map", "Item", "Value"].map(Step::Member).to_vec()),
        ] {
            assert_eq!(Reference::read(text), Some(Reference { root, steps }), "{text}");
        }
    }

    #[test]
    fn everything_else_is_left_to_the_run() {
        for text in [
            "",
            "a",
            "$.",
            "$..a",
            "$.*",
            "$[1:2]",
            "$[-1]",
            "$[?(@.a)]",
            "$['a','b']",
            "$['a\\'b']",
            "$.a()",
            "$.a b",
            "$[",
            "$['a'",
            "$.a[",
            "$[]",
            "$['']",
            "$[+1]",
        ] {
            assert_eq!(Reference::read(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_found() {
        let json = Json::read(
            r#"{"a": {"b": "x", "n": null}, "list": [{"x": 1}, {}, {"x": 2}], "deep": [[1], [2, 3]]}"#,
        )
        .unwrap();
        let scope = Scope { input: Value::from(&json), ..Scope::default() };
        let known = |text: &'static str| Value::owned(&Json::read(text).unwrap());
        for (path, expected) in [
            ("$.a.b", Some(known("\"x\""))),
            ("$.a.n", Some(Value::Null)),
            ("$.list[0]", Some(known(r#"{"x": 1}"#))),
            ("$.list[*].x", Some(known("[1, 2]"))),
            ("$.deep[*][*]", Some(known("[1, 2, 3]"))),
            ("$.deep[1][0]", Some(known("2"))),
            ("$.list[3]", None),
            ("$.missing", None),
            ("$.a.b.c", None),
            ("$.list[*].y", None),
            ("$.a[*]", None),
            ("$variable", None),
            ("$$.Execution.Id", None),
        ] {
            assert_eq!(
                value(&Path::read(path), &scope),
                expected.unwrap_or(Value::Unknown(path.into())),
                "{path}"
            );
        }
    }

    #[test]
    fn a_set_of_objects_gives_the_members_that_are_there() {
        let one = Json::read(r#"{"t": "x"}"#).unwrap();
        let two = Json::read(r#"{"t": "y"}"#).unwrap();
        let three = Json::read("{}").unwrap();
        let input = Value::one_of([&one, &two, &three].map(Value::from));
        let scope = Scope { input, ..Scope::default() };
        let expected = Value::OneOf([Value::String("x".into()), Value::String("y".into())].into());
        assert_eq!(value(&Path::read("$.t"), &scope), expected);
    }

    #[test]
    fn an_element_that_only_the_run_knows_may_lack_the_member() {
        let known = Json::read(r#"{"x": 1}"#).unwrap();
        let input = Value::Array([Value::from(&known), Value::Unknown("$.u".into())].into());
        let scope = Scope { input, ..Scope::default() };
        assert_eq!(value(&Path::read("$[*].x"), &scope), Value::Unknown("$[*].x".into()));
        assert!(matches!(value(&Path::read("$[*]"), &scope), Value::Array(elements) if elements.len() == 2));
    }
}
