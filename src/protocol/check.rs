//! What a schema requires of a configuration and hosts do not check: they pass on read-only attributes that
//! are set, required members of objects that are null, and null elements.

use super::diagnostic::Diagnostic;
use super::problem::Problem;
use super::schema::{Attribute, Block, Shape, Usage};
use super::value::Value;

impl Block {
    /// Everything in the value of a block that the schema forbids, each at its place. Any value may be
    /// unknown.
    pub fn check(&self, config: &Value) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        self.check_at(config, &|diagnostic| diagnostic, &mut problems);
        problems
    }

    fn check_at(&self, config: &Value, at: Place<'_>, problems: &mut Vec<Diagnostic>) {
        let meant = |name: &str| self.meant(name).map(str::to_owned);
        check_members(&self.attributes, config, &meant, at, problems);
        for nested in &self.blocks {
            for (position, block) in (0..).zip(config.get(&nested.name).as_list().unwrap_or_default()) {
                let place = |diagnostic: Diagnostic| at(diagnostic).at(&*nested.name).index(position);
                nested.block.check_at(block, &place, problems);
            }
        }
    }
}

/// Adds the place of the checked value to a diagnostic.
type Place<'p> = &'p dyn Fn(Diagnostic) -> Diagnostic;

fn check_members(
    attributes: &[Attribute],
    object: &Value,
    meant: &dyn Fn(&str) -> Option<String>,
    at: Place<'_>,
    problems: &mut Vec<Diagnostic>,
) {
    let members = if let Value::Object(members) = object { Some(members) } else { None };
    let mut rest = members.into_iter().flatten().peekable();
    for attribute in attributes {
        let Attribute { name, usage, values, .. } = attribute;
        // Usually both are in the same order, and then no member is looked up.
        while rest.next_if(|(own, _)| *own < name).is_some() {}
        let value =
            rest.next_if(|(own, _)| *own == name).map_or_else(|| object.get(name), |(_, value)| value);
        let place = |diagnostic: Diagnostic| at(diagnostic).at(&**name);
        let mut error = |problem: Problem| problems.push(place(problem.into()));
        match (value, usage) {
            (Value::Null, Usage::Required) => error(Problem::Null { name: name.to_string() }),
            (Value::Null, _) => {}
            (_, Usage::Computed) => {
                error(Problem::ReadOnly { name: name.to_string(), meant: meant(name) });
            }
            (Value::String(text), _) if !values.is_empty() && !values.contains(&text.as_str()) => {
                let (name, text, values) = (name.to_string(), text.clone(), values.clone());
                error(Problem::UnknownValue { name, text, values });
            }
            _ => check_inside(attribute, value, &place, problems),
        }
    }
}

/// The elements and members that a value may have.
fn check_inside(attribute: &Attribute, value: &Value, at: Place<'_>, problems: &mut Vec<Diagnostic>) {
    let name = &attribute.name;
    match (value, &attribute.shape) {
        (Value::Object(_), Shape::Object(members)) => check_members(members, value, &|_| None, at, problems),
        (Value::List(elements), Shape::List(members)) => {
            for (position, element) in (0..).zip(elements) {
                let place = |diagnostic: Diagnostic| at(diagnostic).index(position);
                check_members(members, element, &|_| None, &place, problems);
            }
        }
        (_, Shape::Plain(_)) if attribute.null_elements => {}
        (Value::List(elements), Shape::Plain(_)) => {
            let elements = (0..).zip(elements);
            for (position, _) in elements.filter(|(_, element)| element.is_null()) {
                let problem = Problem::NullElement { name: name.to_string(), position };
                problems.push(at(problem.into()).index(position));
            }
        }
        (Value::Object(members), Shape::Plain(_)) => {
            for (key, _) in members.iter().filter(|(_, element)| element.is_null()) {
                let problem = Problem::NullValue { name: name.to_string(), key: key.to_string() };
                problems.push(at(problem.into()).key(&**key));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::diagnostic::Step;
    use crate::protocol::schema::NestedBlock;
    use crate::protocol::value::Type;

    fn block() -> Block {
        let logging = vec![
            Attribute::required("level", Type::String, "").one_of(["OFF", "ALL"]),
            Attribute::optional("destination", Type::String, ""),
        ];
        let hint = Block::new("", [Attribute::required("state", Type::String, "")]);
        Block::new(
            "",
            [
                Attribute::computed("json", Type::String, ""),
                Attribute::optional("logging", Shape::Object(logging.clone()), ""),
                Attribute::optional("loggings", Shape::List(logging), ""),
                Attribute::optional("keys", Type::list(Type::String), ""),
                Attribute::optional("tags", Type::map(Type::String), ""),
                Attribute::optional("levels", Type::map(Type::String), "").allow_null_elements(),
                Attribute::optional("mode", Type::String, "").one_of(["template", "least_privilege"]),
                Attribute::computed("size", Type::Number, ""),
                Attribute::optional("size_limit", Type::Number, ""),
            ],
        )
        .with_block(NestedBlock::any("hint", hint))
    }

    fn checked(name: &'static str, value: Value) -> Vec<(String, String, Vec<Step>)> {
        let config = Value::object([(name, value)]);
        let problems = block().check(&config).into_iter();
        problems.map(|problem| (problem.summary, problem.detail, problem.attribute)).collect()
    }

    fn step(name: &str) -> Step {
        Step::Attribute(name.to_owned())
    }

    #[test]
    fn what_may_be_set_passes() {
        for (name, value) in [
            ("mode", "template".into()),
            ("mode", Value::Null),
            ("mode", Value::Unknown),
            ("json", Value::Null),
            ("logging", Value::Null),
            ("logging", Value::Unknown),
            ("logging", Value::object([("level", "ALL".into()), ("destination", Value::Null)])),
            ("logging", Value::object([("level", Value::Unknown)])),
            ("hint", Value::list([Value::object([("state", "A".into())])])),
            ("keys", Value::list([Value::from("a"), Value::Unknown])),
            ("tags", Value::object([("a", "b".into())])),
            ("levels", Value::object([("a", Value::Null)])),
        ] {
            assert_eq!(checked(name, value.clone()), [], "{name} = {value:?}");
        }
    }

    #[test]
    fn a_read_only_attribute_is_refused_with_the_argument_that_was_meant() {
        let summary = "A read-only attribute is set";
        for value in [50.into(), Value::Unknown] {
            let [(said, detail, place)] = &checked("size", value)[..] else { panic!("one problem") };
            assert_eq!((said.as_str(), &place[..]), (summary, &[step("size")][..]));
            assert_eq!(
                detail,
                "\"size\" is a result, so it cannot be set. Did you mean \"size_limit\"? [read-only-argument]"
            );
        }
        assert_eq!(
            checked("json", "{}".into())[0].1,
            "\"json\" is a result, so it cannot be set. Remove it. [read-only-argument]"
        );
    }

    #[test]
    fn a_required_member_is_refused_where_it_is_null() {
        let nothing = || Value::object([("level", Value::Null), ("destination", "d".into())]);
        let detail =
            "\"level\" must have a value. Give one, or leave out what it is part of. [null-argument]";
        for (name, value, place) in [
            ("logging", nothing(), vec![step("logging"), step("level")]),
            ("loggings", Value::list([nothing()]), vec![step("loggings"), Step::Index(0), step("level")]),
        ] {
            assert_eq!(checked(name, value), [("\"level\" is null".to_owned(), detail.to_owned(), place)]);
        }
        let hint = Value::list([Value::object([("state", Value::Null)])]);
        assert_eq!(checked("hint", hint)[0].2, [step("hint"), Step::Index(0), step("state")]);
    }

    #[test]
    fn a_null_element_is_refused_at_its_place() {
        let [(_, detail, place)] = &checked("keys", Value::list([Value::from("a"), Value::Null]))[..] else {
            panic!("one problem")
        };
        assert_eq!(
            detail,
            "Element 1 of \"keys\" is null. Leave out what is null, for instance with compact(…). [null-element]"
        );
        assert_eq!(place[..], [step("keys"), Step::Index(1)]);
        let tags = Value::object([("a", Value::Null), ("b", "c".into())]);
        let [(_, detail, place)] = &checked("tags", tags)[..] else { panic!("one problem") };
        assert!(detail.starts_with("\"a\" in \"tags\" is null."), "{detail}");
        assert_eq!(place[..], [step("tags"), Step::Key("a".to_owned())]);
    }

    #[test]
    fn a_value_is_one_of_the_values() {
        let [(summary, detail, _)] = &checked("mode", "lp".into())[..] else { panic!("one problem") };
        assert_eq!(summary, "Unknown value of \"mode\"");
        assert_eq!(
            detail,
            "\"mode\" must be one of \"template\", \"least_privilege\", not \"lp\". [unknown-value]"
        );
        let logging = Value::object([("level", "LOUD".into())]);
        assert_eq!(checked("logging", logging)[0].2, [step("logging"), step("level")]);
    }
}
