//! What can be worked out of a payload template before any run.

use std::cell::OnceCell;
use std::rc::Rc;

pub use super::Scope;
use super::{Json, Object, QueryLanguage, Str, Template, Value, intrinsic, jsonata, path};

/// A template where a state is entered: values by name, each worked out when it is first asked for.
#[derive(Clone, Debug)]
pub struct Arguments<'a, 's> {
    template: Template<'a>,
    scope: &'s Scope<'a>,
    /// By the position of the member; of a template that is no object, the value of it all. Copies share it.
    values: Rc<[OnceCell<Value<'a>>]>,
}

impl<'a, 's> Arguments<'a, 's> {
    /// The values of a template in a scope.
    #[must_use]
    pub fn new(template: Template<'a>, scope: &'s Scope<'a>) -> Self {
        let count = match template.json {
            Some(Json::Object(object)) => object.iter().count(),
            _ => 1,
        };
        Arguments { template, scope, values: (0..count).map(|_| OnceCell::new()).collect() }
    }

    /// The value of a top-level member. Exact spelling first, then without regard to the case of ASCII
    /// letters, as Step Functions does.
    #[must_use]
    pub fn get(&self, name: &str) -> Value<'a> {
        let Template { json, language } = self.template;
        let Some(json) = json else { return member(&self.scope.input, name) };
        let Json::Object(object) = json else {
            return match self.values.first() {
                Some(value) => member(value.get_or_init(|| evaluate(json, language, self.scope)), name),
                None => Value::Absent,
            };
        };
        let position =
            |fits: &dyn Fn(&str) -> bool| object.iter().position(|(key, _)| fits(spelling(key, language)));
        let at = object
            .iter()
            .position(|(key, _)| key == name)
            .or_else(|| position(&|key| key == name))
            .or_else(|| position(&|key| key.eq_ignore_ascii_case(name)));
        let found = at.and_then(|at| Some((object.iter().nth(at)?, self.values.get(at)?)));
        match found {
            None => Value::Absent,
            Some(((key, json), value)) => {
                value.get_or_init(|| member_value(key, json, language, self.scope)).clone()
            }
        }
    }
}

impl<'a> Template<'a> {
    /// The names of its members, if it is an object.
    pub(super) fn names(self) -> impl Iterator<Item = &'a str> {
        let members = self.json.and_then(Json::as_object).into_iter().flat_map(Object::iter);
        members.map(move |(key, _)| spelling(key, self.language))
    }
}

/// The name that a key of a template gives its member.
fn spelling(key: &str, language: QueryLanguage) -> &str {
    match language {
        QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key),
        QueryLanguage::Jsonata => key,
    }
}

/// The member of an object, exact spelling first, then without regard to case.
#[must_use]
pub fn member<'a>(value: &Value<'a>, name: &str) -> Value<'a> {
    match value {
        Value::Object(members) => match value.member(name) {
            Value::Absent => members
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map_or(Value::Absent, |(_, found)| found.clone()),
            found => found,
        },
        Value::OneOf(values) => Value::one_of(values.iter().map(|one| member(one, name))),
        // Of an open object another spelling does not count: the exact one may be among the members that are
        // not known.
        other => other.member(name),
    }
}

/// The value that a template has in a scope.
#[must_use]
pub fn evaluate<'a>(json: &'a Json<'a>, language: QueryLanguage, scope: &Scope<'a>) -> Value<'a> {
    match json {
        Json::String(text) if language == QueryLanguage::Jsonata && is_jsonata(text) => {
            let expression = text.get(2..text.len() - 2).unwrap_or_default();
            jsonata::evaluate(expression, text, scope)
        }
        Json::Array(elements) => {
            Value::Array(elements.iter().map(|element| evaluate(element, language, scope)).collect())
        }
        Json::Object(object) => {
            let mut members: Vec<_> = object
                .iter()
                .map(|(key, value)| {
                    (spelling(key, language).into(), member_value(key, value, language, scope))
                })
                .filter(|(_, value)| *value != Value::Absent)
                .collect();
            members.sort_by(|(one, _): &(Str<'_>, _), (two, _)| one.cmp(two));
            Value::Object(members.into())
        }
        literal => Value::from(literal),
    }
}

/// The value of a member: computed if its key (JSONPath) or its text (JSONata) says so.
fn member_value<'a>(key: &str, value: &'a Json<'a>, language: QueryLanguage, scope: &Scope<'a>) -> Value<'a> {
    match value {
        Json::String(expression) if language == QueryLanguage::JsonPath && key.ends_with(".$") => {
            if expression.starts_with('$') {
                path::value(&path::Path::read(expression), scope)
            } else {
                intrinsic::value(expression, scope)
            }
        }
        _ => evaluate(value, language, scope),
    }
}

/// Whether a string of a JSONata state is an expression.
#[must_use]
pub fn is_jsonata(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}
