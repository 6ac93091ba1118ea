//! The value of a block that does not come from a host: a function's options, or a command line.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::problem::Problem;
use super::schema::{Block, Usage};
use super::value::{Members, Type, Value};

impl Block {
    /// The value of a block with these arguments, each converted to its type; an argument that is left out is
    /// null, or no nested block.
    ///
    /// # Errors
    /// For each name that is not one of an argument, each value that cannot be converted, and what
    /// [`Block::check`] finds.
    pub fn config(&self, mut given: Members) -> Result<Value, Vec<Diagnostic>> {
        let mut members = BTreeMap::new();
        let mut problems = Vec::new();
        for attribute in &self.attributes {
            let value = match attribute.usage {
                Usage::Computed => Value::Null,
                _ => given.remove(&attribute.name).unwrap_or(Value::Null),
            };
            let value = convert(&attribute.name, value, &attribute.value_type(), &mut problems);
            members.insert(attribute.name.clone(), value);
        }
        for nested in &self.blocks {
            let value = given.remove(&nested.name).filter(|value| !value.is_null());
            let value = value.unwrap_or_else(|| Value::List(Vec::new()));
            let list = Type::list(nested.block.value_type());
            members.insert(nested.name.clone(), convert(&nested.name, value, &list, &mut problems));
        }
        problems.extend(given.keys().map(|name| self.unknown(name)));
        let config = Value::Object(members);
        if problems.is_empty() {
            problems = self.check(&config);
        }
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// The argument that was probably meant by an unknown name: the shortest one that has all its words, else
    /// one with a similar spelling.
    pub fn meant(&self, name: &str) -> Option<&str> {
        let names = self.arguments();
        let has_words = |one: &&str| name.split('_').all(|word| one.split('_').any(|own| own == word));
        let near = names.iter().map(|one| (strsim::osa_distance(one, name), *one)).min();
        let near = near.filter(|(distance, _)| distance * 3 <= name.chars().count()).map(|(_, one)| one);
        names.iter().copied().filter(has_words).min_by_key(|one| one.len()).or(near)
    }

    fn arguments(&self) -> Vec<&str> {
        let arguments = self.attributes.iter().filter(|attribute| attribute.usage != Usage::Computed);
        let names = arguments.map(|attribute| &*attribute.name);
        names.chain(self.blocks.iter().map(|nested| &*nested.name)).collect()
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let problem = Problem::UnknownArgument {
            name: name.to_owned(),
            meant: self.meant(name).map(str::to_owned),
            arguments: self.arguments().into_iter().map(str::to_owned).collect(),
        };
        Diagnostic::from(problem).at(name)
    }
}

/// The value as one of the type; null, and a problem, if it cannot be converted.
fn convert(name: &str, value: Value, to: &Type, problems: &mut Vec<Diagnostic>) -> Value {
    value.converted(to).unwrap_or_else(|reason| {
        let problem = Problem::WrongType { name: name.to_owned(), reason: reason.to_string() };
        problems.push(Diagnostic::from(problem).at(name));
        Value::Null
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::schema::{Attribute, NestedBlock};

    fn block() -> Block {
        let hint = Block::new("", [Attribute::required("state", Type::String, "")]);
        Block::new(
            "",
            [
                Attribute::optional("size_limit", Type::Number, ""),
                Attribute::optional("region", Type::String, ""),
                Attribute::computed("size", Type::Number, ""),
            ],
        )
        .with_block(NestedBlock::any("hint", hint))
    }

    fn given(members: &[(&'static str, Value)]) -> Result<Value, Vec<Diagnostic>> {
        block().config(members.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
    }

    #[test]
    fn what_is_left_out_is_null_or_no_block() {
        let config = given(&[("size_limit", "100".into()), ("region", Value::Null)]).unwrap();
        let expected = Value::object([
            ("hint", Value::List(Vec::new())),
            ("size_limit", 100.into()),
            ("region", Value::Null),
            ("size", Value::Null),
        ]);
        assert_eq!(config, expected);
        assert_eq!(given(&[("hint", Value::Null)]).unwrap().get("hint"), &Value::List(Vec::new()));
        let hint = Value::list([Value::object([("state", "A".into())])]);
        assert_eq!(given(&[("hint", hint.clone())]).unwrap().get("hint"), &hint);
    }

    #[test]
    fn each_wrong_argument_is_named() {
        for (name, value, detail) in [
            (
                "regoin",
                Value::Null,
                "There is no argument \"regoin\". Did you mean \"region\"? [unknown-argument]",
            ),
            (
                "colour",
                Value::Null,
                "There is no argument \"colour\". There are size_limit, region, hint. [unknown-argument]",
            ),
            (
                "size",
                1.into(),
                "There is no argument \"size\". Did you mean \"size_limit\"? [unknown-argument]",
            ),
            ("size_limit", true.into(), "In \"size_limit\", a number was expected, not a bool. [wrong-type]"),
            (
                "hint",
                Value::object([("state", "A".into())]),
                "In \"hint\", a list was expected, not an object. [wrong-type]",
            ),
        ] {
            let problems = given(&[(name, value)]).unwrap_err();
            assert_eq!(problems.len(), 1);
            assert_eq!(problems[0].detail, detail);
            assert_eq!(problems[0].attribute.len(), 1);
        }
    }
}
