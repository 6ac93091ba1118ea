//! Which resource an argument refers to, by the configuration in the plan: values that are known only after
//! the apply do not show it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::address::{keyed, parts, path};
use super::resources::{Resource, Resources};
use crate::cli::limits::MAX_MODULE_STEPS;

/// The configuration of a plan.
pub(super) struct References<'p> {
    root: Option<&'p Json>,
    resources: &'p Resources<'p>,
    /// The data sources that have instances: the names of their modules, their type and name.
    data: BTreeSet<(Vec<&'p str>, &'p str, &'p str)>,
}

/// What an argument refers to.
#[derive(Default)]
pub(super) struct Referred<'p> {
    /// The resources of the type that was asked for.
    pub(super) resources: Vec<&'p Resource<'p>>,
    /// Whether it may be something else: what a data source found, or, if there is no such resource, a local
    /// or another value that the plan does not have.
    pub(super) is_open: bool,
}

impl<'p> Referred<'p> {
    /// The resource, if it can be no other.
    pub(super) fn only(&self) -> Option<&'p Resource<'p>> {
        match self.resources.as_slice() {
            [one] if !self.is_open => Some(one),
            _ => None,
        }
    }
}

/// Where an expression is: in which instance of a module, and in which instance of a resource or a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Scope {
    modules: Vec<(String, Key)>,
    /// The key that `each.key` and `count.index` are.
    each: Key,
}

/// The key of an instance, in brackets; empty without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// This one.
    Is(String),
    /// This one, unless no instance has it: the expression has `each.key` or `count.index`.
    Likely(String),
    /// Any: it is the value of an expression.
    Any,
}

impl Key {
    /// The instances with the key.
    fn narrow<T>(&self, instances: &mut Vec<T>, key: impl Fn(&T) -> bool + Copy) {
        match self {
            Key::Is(_) => instances.retain(key),
            Key::Likely(_) if instances.iter().any(key) => instances.retain(key),
            Key::Likely(_) | Key::Any => {}
        }
    }

    fn text(&self) -> &str {
        match self {
            Key::Is(key) | Key::Likely(key) => key,
            Key::Any => "",
        }
    }
}

impl Scope {
    fn names(&self) -> Vec<&str> {
        self.modules.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// An instance that is meant: its modules, its name and its key.
type Named = (Vec<(String, Key)>, String, Key);

/// What is found on the way.
struct Search<'s> {
    kind: &'s str,
    named: BTreeSet<Named>,
    has_data: bool,
    has_other: bool,
}

impl<'p> References<'p> {
    pub(super) fn of(plan: &'p Json, resources: &'p Resources<'p>) -> Self {
        let root = plan.get("configuration").and_then(|configuration| configuration.get("root_module"));
        let state = plan.get("prior_state").and_then(|state| state.get("values"));
        let mut modules: Vec<&Json> = [state, plan.get("planned_values")]
            .into_iter()
            .filter_map(|values| values?.get("root_module"))
            .collect();
        let list = |json: &'p Json, name: &str| json.get(name).and_then(Json::as_array).into_iter().flatten();
        let mut all: Vec<&Json> = list(plan, "resource_changes").collect();
        while let Some(module) = modules.pop() {
            modules.extend(list(module, "child_modules"));
            all.extend(list(module, "resources"));
        }
        let data = all.into_iter().filter_map(|one| {
            let text = |name: &str| one.get(name).and_then(Json::as_str);
            let address = text("address").filter(|_| text("mode") == Some("data"))?;
            Some((data_modules(address), text("type")?, text("name")?))
        });
        References { root, resources, data: data.collect() }
    }

    /// The role of a state machine: by its ARN where that is known, else by what the argument refers to.
    pub(super) fn role(&self, machine: &Resource<'_>) -> Option<&'p Resource<'p>> {
        let by_value = machine.text("role_arn").and_then(|arn| self.resources.with_arn("aws_iam_role", arn));
        by_value.or_else(|| self.referred(machine, "role_arn", "aws_iam_role").only())
    }

    /// What an argument of a resource refers to. A key in the reference decides which instance it is, and
    /// `each.key` or `count.index` the one with the same key; without them it may be any.
    pub(super) fn referred(&self, from: &Resource<'_>, argument: &str, kind: &str) -> Referred<'p> {
        let expression = self.resource(from).and_then(|resource| resource.get("expressions")?.get(argument));
        let Some(expression) = expression else { return Referred::default() };
        let mut modules: Vec<(String, Key)> =
            from.path().into_iter().map(|(name, key)| (name.to_owned(), Key::Is(key.to_owned()))).collect();
        let each = modules.pop().map_or(Key::Any, |(_, key)| key);
        let mut search = Search { kind, named: BTreeSet::new(), has_data: false, has_other: false };
        self.follow(expression, &Scope { modules, each }, MAX_MODULE_STEPS, &mut search);
        let mut found: Vec<&'p Resource<'p>> = Vec::new();
        for (modules, name, key) in &search.named {
            let names = || modules.iter().map(|(name, _)| name.as_str()).chain([name.as_str()]);
            let mut instances: Vec<_> = self
                .resources
                .of_type(kind)
                .map(|one| (one, one.path()))
                .filter(|(_, path)| path.iter().map(|(name, _)| *name).eq(names()))
                .collect();
            for (at, key) in modules.iter().map(|(_, key)| key).chain([key]).enumerate() {
                key.narrow(&mut instances, |(_, path)| {
                    path.get(at).is_some_and(|(_, own)| *own == key.text())
                });
            }
            found.extend(instances.into_iter().map(|(one, _)| one));
        }
        found.sort_by(|one, other| one.address.cmp(&other.address));
        found.dedup_by(|one, other| one.address == other.address);
        Referred { resources: found, is_open: search.has_data || search.named.is_empty() && search.has_other }
    }

    /// Whether the configuration sets an argument. One that it does not set has the value that AWS had before
    /// the plan.
    pub(super) fn is_configured(&self, resource: &Resource<'_>, argument: &str) -> bool {
        self.resource(resource).and_then(|resource| resource.get("expressions")?.get(argument)).is_some()
    }

    /// The resource as the configuration has it.
    pub(super) fn resource(&self, resource: &Resource<'_>) -> Option<&'p Json> {
        let path = resource.path();
        let (_, modules) = path.split_last()?;
        let modules: Vec<&str> = modules.iter().map(|(name, _)| *name).collect();
        self.configured(&modules, ("managed", resource.kind, resource.name))
    }

    fn configured(&self, modules: &[&str], (mode, kind, name): (&str, &str, &str)) -> Option<&'p Json> {
        let all = self.module(modules)?.get("resources")?.as_array()?;
        let wanted = [("mode", mode), ("type", kind), ("name", name)];
        let is = |json: &Json| {
            wanted.iter().all(|(name, value)| json.get(name).and_then(Json::as_str) == Some(value))
        };
        all.iter().find(|json| is(json))
    }

    /// Whether a data source may have found something: it has instances, or the configuration does not say
    /// how many.
    fn may_exist(&self, modules: &[&str], kind: &str, name: &str) -> bool {
        let configured = self.configured(modules, ("data", kind, name));
        let is_counted = configured.is_some_and(|data| {
            data.get("count_expression").is_some() || data.get("for_each_expression").is_some()
        });
        let is = |(of, own, named): &(Vec<&str>, &str, &str)| of == modules && *own == kind && *named == name;
        !is_counted || self.data.iter().any(is)
    }

    fn module(&self, names: &[&str]) -> Option<&'p Json> {
        names.iter().try_fold(self.root?, |module, name| module.get("module_calls")?.get(name)?.get("module"))
    }

    /// Follows references of an expression through variables and outputs of modules to resources.
    fn follow(&self, expression: &'p Json, scope: &Scope, steps: usize, search: &mut Search<'_>) {
        let Some(steps) = steps.checked_sub(1) else { return };
        let references: Vec<Vec<&str>> = whole(texts(expression)).into_iter().map(parts).collect();
        let has_each =
            references.iter().any(|one| matches!(one.as_slice(), ["each", "key"] | ["count", "index"]));
        let key = |part| match (keyed(part), &scope.each) {
            ((name, ""), Key::Is(each) | Key::Likely(each)) if has_each => {
                (name.to_owned(), Key::Likely(each.clone()))
            }
            ((name, ""), _) => (name.to_owned(), Key::Any),
            ((name, key), _) => (name.to_owned(), Key::Is(key.to_owned())),
        };
        for reference in &references {
            let next = match reference.as_slice() {
                ["var", name, ..] => scope.modules.split_last().and_then(|((call, each), outer)| {
                    let outer = Scope { modules: outer.to_vec(), each: each.clone() };
                    let call = self.module(&outer.names())?.get("module_calls")?.get(call)?;
                    Some((call.get("expressions")?.get(keyed(name).0)?, outer))
                }),
                ["module", call, output, ..] => {
                    let modules = [scope.modules.as_slice(), &[key(call)]].concat();
                    let inner = Scope { modules, each: Key::Any };
                    let output = self
                        .module(&inner.names())
                        .and_then(|module| module.get("outputs")?.get(keyed(output).0)?.get("expression"));
                    output.map(|output| (output, inner))
                }
                ["each", "key"] | ["count" | "path" | "terraform", ..] => continue,
                ["data", kind, name, ..] if *kind == search.kind => {
                    search.has_data |= self.may_exist(&scope.names(), kind, keyed(name).0);
                    continue;
                }
                [kind, name, ..] if *kind == search.kind => {
                    let (name, key) = key(name);
                    search.named.insert((scope.modules.clone(), name, key));
                    continue;
                }
                _ => None,
            };
            match next {
                Some((expression, scope)) => self.follow(expression, &scope, steps, search),
                None => search.has_other = true,
            }
        }
    }
}

/// The names of the modules of a data source.
fn data_modules(address: &str) -> Vec<&str> {
    // The path ends with the type, which follows `data`.
    let mut names: Vec<&str> = path(address).into_iter().map(|(name, _)| name).collect();
    names.pop();
    names
}

/// References without those that are only the beginning of another: both tools list a reference with each of
/// its beginnings after it, the longest first.
fn whole(references: Vec<&str>) -> Vec<&str> {
    let mut whole: Vec<&str> = Vec::new();
    let mut before = "";
    for reference in references {
        let rest = whole.last().and_then(|last| last.strip_prefix(reference));
        let is_beginning = rest.is_some_and(|rest| rest.starts_with(['.', '[']));
        if !is_beginning || reference.len() >= before.len() {
            whole.push(reference);
        }
        before = reference;
    }
    whole
}

/// The references of an expression, or of the expressions in a block.
fn texts(expression: &Json) -> Vec<&str> {
    match expression {
        Json::Object(members) => match members.get("references").and_then(Json::as_array) {
            Some(references) => references.iter().filter_map(Json::as_str).collect(),
            None => members.values().flat_map(texts).collect(),
        },
        Json::Array(elements) => elements.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
