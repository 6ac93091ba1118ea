//! The resources of a plan, with what is known of them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::address;

/// The resources of a plan.
pub(super) struct Resources<'p> {
    all: Vec<Resource<'p>>,
}

/// A resource of a plan: an instance of it.
#[derive(Debug)]
pub(super) struct Resource<'p> {
    /// With its modules and the key of the instance.
    pub(super) address: String,
    /// JSON pointer of it in the plan.
    pub(super) pointer: String,
    /// The address of its module, with keys of instances; empty in the root.
    pub(super) module: String,
    pub(super) kind: &'p str,
    pub(super) name: &'p str,
    /// The key of the instance.
    pub(super) index: Option<&'p Json>,
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
        let mut all = Vec::new();
        let root = plan.get("planned_values").and_then(|values| values.get("root_module"));
        let mut modules: Vec<(String, &Json)> =
            root.map(|root| ("/planned_values/root_module".to_owned(), root)).into_iter().collect();
        while let Some((pointer, module)) = modules.pop() {
            let own = module.get("address").and_then(Json::as_str).unwrap_or_default();
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
                    module: own.to_owned(),
                    kind: text("type"),
                    name: text("name"),
                    index: json.get("index"),
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
        Resources { all }
    }

    /// Those of a type.
    pub(super) fn of_type(&self, kind: &str) -> impl Iterator<Item = &Resource<'p>> {
        self.all.iter().filter(move |resource| resource.kind == kind)
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

    /// Whether a value, or a part of it, is sensitive.
    pub(super) fn is_sensitive(&self, name: &str) -> bool {
        marked(self.sensitive, name) || marked(self.after_sensitive, name)
    }

    /// Whether a value, or a part of it, is known only after the apply.
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        marked(self.after_unknown, name)
    }

    /// The names of its modules, without keys.
    pub(super) fn modules(&self) -> Vec<String> {
        address::modules(&self.module)
    }
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
