//! Which resource an argument refers to, by the configuration in the plan: values that are known only after
//! the apply do not show it.

use serde_json::Value as Json;

use super::address::{parts, without_key};
use super::resources::{Resource, Resources};

/// The configuration of a plan.
pub(super) struct References<'p> {
    root: Option<&'p Json>,
    resources: &'p Resources<'p>,
}

/// How many modules a reference may go through. Configurations have no cycles; this is for files that were
/// made by hand.
const MAX_STEPS: usize = 32;

impl<'p> References<'p> {
    pub(super) fn of(plan: &'p Json, resources: &'p Resources<'p>) -> Self {
        let root = plan.get("configuration").and_then(|configuration| configuration.get("root_module"));
        References { root, resources }
    }

    /// The role of a state machine: by its ARN where that is known, else by what the argument refers to.
    pub(super) fn role(&self, machine: &Resource<'_>) -> Option<&'p Resource<'p>> {
        let by_value = machine.text("role_arn").and_then(|arn| {
            self.resources.of_type("aws_iam_role").find(|role| role.text("arn") == Some(arn))
        });
        by_value.or_else(|| self.only(machine, "role_arn", "aws_iam_role"))
    }

    /// The only resource of a type that an argument of a resource refers to.
    pub(super) fn only(&self, from: &Resource<'_>, argument: &str, kind: &str) -> Option<&'p Resource<'p>> {
        match self.all(from, argument, kind).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The resources of a type that an argument of a resource refers to. Of several instances the one with
    /// the same key, or in the same instance of a module, if there is one.
    pub(super) fn all(&self, from: &Resource<'_>, argument: &str, kind: &str) -> Vec<&'p Resource<'p>> {
        let modules = from.modules();
        let expression = self.resource(&modules, from).and_then(|resource| resource.get("expressions"));
        let Some(expression) = expression.and_then(|expressions| expressions.get(argument)) else {
            return Vec::new();
        };
        let mut named = Vec::new();
        self.follow(expression, &modules, MAX_STEPS, &mut named);
        named.sort();
        named.dedup();
        let mut found = Vec::new();
        for (modules, address) in named {
            let fits = |resource: &&Resource<'_>| {
                resource.modules() == modules && format!("{}.{}", resource.kind, resource.name) == address
            };
            let mut instances: Vec<_> = self.resources.of_type(kind).filter(fits).collect();
            for closer in [
                &(|one: &Resource<'_>| one.module == from.module) as &dyn Fn(&Resource<'_>) -> bool,
                &|one| one.index == from.index,
            ] {
                if instances.len() > 1 && instances.iter().any(|one| closer(one)) {
                    instances.retain(|one| closer(one));
                }
            }
            found.extend(instances);
        }
        found
    }

    /// Whether the configuration sets an argument. One that it does not set has the value that AWS had before
    /// the plan.
    pub(super) fn is_configured(&self, resource: &Resource<'_>, argument: &str) -> bool {
        let resource = self.resource(&resource.modules(), resource);
        resource.and_then(|resource| resource.get("expressions")?.get(argument)).is_some()
    }

    /// The resource as the configuration has it.
    pub(super) fn resource(&self, modules: &[String], resource: &Resource<'_>) -> Option<&'p Json> {
        let all = self.module(modules)?.get("resources")?.as_array()?;
        let wanted = [("mode", "managed"), ("type", resource.kind), ("name", resource.name)];
        let is = |json: &Json| {
            wanted.iter().all(|(name, value)| json.get(name).and_then(Json::as_str) == Some(value))
        };
        all.iter().find(|json| is(json))
    }

    fn module(&self, names: &[String]) -> Option<&'p Json> {
        names.iter().try_fold(self.root?, |module, name| module.get("module_calls")?.get(name)?.get("module"))
    }

    /// Follows references of an expression through variables and outputs of modules to resources.
    fn follow(
        &self,
        expression: &'p Json,
        modules: &[String],
        steps: usize,
        named: &mut Vec<(Vec<String>, String)>,
    ) {
        let Some(steps) = steps.checked_sub(1) else { return };
        for reference in texts(expression) {
            match parts(reference).as_slice() {
                ["var", name, ..] => {
                    let Some((call, outer)) = modules.split_last() else { continue };
                    let call = self.module(outer).and_then(|module| module.get("module_calls")?.get(call));
                    let given = call.and_then(|call| call.get("expressions")?.get(without_key(name)));
                    if let Some(given) = given {
                        self.follow(given, outer, steps, named);
                    }
                }
                ["module", call, output, ..] => {
                    let inner = [modules, &[without_key(call).to_owned()]].concat();
                    let output = self.module(&inner).and_then(|module| {
                        module.get("outputs")?.get(without_key(output))?.get("expression")
                    });
                    if let Some(output) = output {
                        self.follow(output, &inner, steps, named);
                    }
                }
                ["data" | "local" | "each" | "count" | "path" | "self" | "terraform", ..] => {}
                [kind, name, ..] => {
                    named.push((modules.to_vec(), format!("{kind}.{}", without_key(name))));
                }
                _ => {}
            }
        }
    }
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
