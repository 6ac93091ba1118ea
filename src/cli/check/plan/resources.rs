//! The resources of a plan, with what is known of them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::cli::json;
use crate::protocol::value::Value;

use super::address;

/// The resources of a plan.
pub(super) struct Resources<'p> {
    all: Vec<Resource<'p>>,
    /// What resources were before the plan, by their types.
    before: Vec<(&'p str, &'p Json)>,
}

/// A resource of a plan: an instance of it.
#[derive(Debug)]
pub(super) struct Resource<'p> {
    /// With its modules and the key of the instance.
    pub(super) address: String,
    /// JSON pointer of it in the plan.
    pub(super) pointer: String,
    pub(super) kind: &'p str,
    pub(super) name: &'p str,
    values: &'p Json,
    sensitive: Option<&'p Json>,
    /// What the plan marks as unknown, and as sensitive, after the apply.
    after_unknown: Option<&'p Json>,
    after_sensitive: Option<&'p Json>,
}

impl<'p> Resources<'p> {
    /// All resources that are managed, in the order of the plan.
    pub(super) fn read(plan: &'p Json) -> Resources<'p> {
        let list = |json: Option<&'p Json>| json.and_then(Json::as_array).into_iter().flatten();
        let mut changes: BTreeMap<&str, &Json> = BTreeMap::new();
        for change in list(plan.get("resource_changes")) {
            if let (Some(address), Some(change)) =
                (change.get("address").and_then(Json::as_str), change.get("change"))
            {
                changes.insert(address, change);
            }
        }
        let before = list(plan.get("resource_changes"))
            .filter_map(|change| Some((change.get("type")?.as_str()?, change.get("change")?.get("before")?)));
        let before = before.collect();
        let mut all = Vec::new();
        let root = plan.get("planned_values").and_then(|values| values.get("root_module"));
        let mut modules: Vec<(String, &Json)> =
            root.map(|root| ("/planned_values/root_module".to_owned(), root)).into_iter().collect();
        while let Some((pointer, module)) = modules.pop() {
            for (at, json) in list(module.get("resources")).enumerate() {
                let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default();
                if text("mode") != "managed" {
                    continue;
                }
                let change = changes.get(text("address"));
                let after = |name: &str| change.and_then(|change| change.get(name));
                all.push(Resource {
                    address: text("address").to_owned(),
                    pointer: format!("{pointer}/resources/{at}"),
                    kind: text("type"),
                    name: text("name"),
                    values: json.get("values").unwrap_or(&Json::Null),
                    sensitive: json.get("sensitive_values"),
                    after_unknown: after("after_unknown"),
                    after_sensitive: after("after_sensitive"),
                });
            }
            let children = list(module.get("child_modules")).enumerate();
            modules.extend(children.map(|(at, child)| (format!("{pointer}/child_modules/{at}"), child)));
        }
        all.sort_by(|one: &Resource<'_>, other| one.address.cmp(&other.address));
        Resources { all, before }
    }

    /// Those of a type.
    pub(super) fn of_type(&self, kind: &str) -> impl Iterator<Item = &Resource<'p>> {
        self.all.iter().filter(move |resource| resource.kind == kind)
    }

    /// An attribute of those of a type before the plan.
    pub(super) fn before(&self, kind: &str, name: &str) -> impl Iterator<Item = &'p str> {
        self.before
            .iter()
            .filter(move |(of, _)| *of == kind)
            .filter_map(move |(_, values)| values.get(name)?.as_str())
    }

    /// The one of a type that has an ARN, where that is known.
    pub(super) fn with_arn(&self, kind: &str, arn: &str) -> Option<&Resource<'p>> {
        self.of_type(kind).find(|resource| resource.text("arn") == Some(arn))
    }
}

impl<'p> Resource<'p> {
    /// The value of an argument or an attribute, if it is known and not sensitive, not even in a part.
    pub(super) fn known(&self, name: &str) -> Option<&'p Json> {
        let value = self.values.get(name).filter(|value| !value.is_null())?;
        (!self.is_sensitive(name) && !self.is_unknown(name)).then_some(value)
    }

    /// The text of an argument or an attribute, if it is known and not sensitive.
    pub(super) fn text(&self, name: &str) -> Option<&'p str> {
        self.known(name)?.as_str()
    }

    /// The value of an argument or an attribute as far as it is known: what is sensitive, or known only after
    /// the apply, is unknown in it.
    pub(super) fn partly(&self, name: &str) -> Value {
        let marks = [self.sensitive, self.after_unknown, self.after_sensitive];
        if marks.contains(&Some(&Json::Bool(true))) {
            return Value::Unknown;
        }
        partly(self.values.get(name), marks.map(|marks| marks?.get(name)))
    }

    /// Whether the plan has a value, whatever it is marked as.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether a value, or a part of it, is sensitive.
    pub(super) fn is_sensitive(&self, name: &str) -> bool {
        marked(self.sensitive, name) || marked(self.after_sensitive, name)
    }

    /// Whether a value, or a part of it, is known only after the apply.
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        marked(self.after_unknown, name)
    }

    /// The names of its modules and its own, each with the key of the instance.
    pub(super) fn path(&self) -> Vec<(&str, &str)> {
        address::path(&self.address)
    }
}

/// A value with what the marks say of its parts.
fn partly(value: Option<&Json>, marks: [Option<&Json>; 3]) -> Value {
    if marks.contains(&Some(&Json::Bool(true))) {
        return Value::Unknown;
    }
    // A plan may leave out what is unknown.
    let are = |is: fn(&Json) -> bool| value.is_some_and(is) || marks.iter().flatten().any(|marks| is(marks));
    if are(Json::is_object) {
        let all = value.into_iter().chain(marks.into_iter().flatten()).filter_map(Json::as_object);
        let member = |name: &String| {
            (
                name.clone().into(),
                partly(value.and_then(|value| value.get(name)), marks.map(|marks| marks?.get(name))),
            )
        };
        return Value::Object(all.flat_map(serde_json::Map::keys).map(member).collect());
    }
    if are(Json::is_array) && value.is_none_or(|value| value.is_array() || value.is_null()) {
        let all = value.into_iter().chain(marks.into_iter().flatten()).filter_map(Json::as_array);
        let element =
            |at: usize| partly(value.and_then(|value| value.get(at)), marks.map(|marks| marks?.get(at)));
        let elements: Vec<Value> = (0..all.map(Vec::len).max().unwrap_or_default()).map(element).collect();
        let is_absent = value.is_none_or(Json::is_null) && elements.is_empty();
        return if is_absent { Value::Null } else { Value::List(elements) };
    }
    value.and_then(|value| json::value(value.clone()).ok()).unwrap_or(Value::Null)
}

/// Whether the marks of a plan have `true` at a member, or anywhere below it.
fn marked(marks: Option<&Json>, name: &str) -> bool {
    fn any(marks: &Json) -> bool {
        match marks {
            Json::Bool(mark) => *mark,
            Json::Array(elements) => elements.iter().any(any),
            Json::Object(members) => members.values().any(any),
            _ => false,
        }
    }
    match marks {
        Some(Json::Bool(mark)) => *mark,
        Some(marks) => marks.get(name).is_some_and(any),
        None => false,
    }
}
