//! Hints that may come to be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;
use sfniam::permissions::Mode;
use sfniam::protocol::value::Value;

use crate::support::beside;

use super::{Asked, analyze};

/// Names for what a wildcard stands for. Of an ID, each service has its own form.
/// What is still a wildcard is told.
const NAMES: [&str; 4] = ["hinted", "hinted-*", "1", "1234abcd-12ab-34cd-56ef-1234567890ab"];

/// The most ARNs that are tried for each parameter or action.
const MOST: usize = 16;

/// ARNs that a wildcard may stand for. The last is in another account.
pub(super) fn narrowed(pattern: &str) -> Vec<String> {
    if pattern == "*" || !pattern.contains('*') {
        return Vec::new();
    }
    let with = |name: &str| {
        let fields: Vec<&str> = pattern.splitn(6, ':').collect();
        let [arn, partition, service, region, account, resource] = fields[..] else {
            return pattern.replace('*', name);
        };
        let (region, account) = (region.replace('*', "eu-west-1"), account.replace('*', "111122223333"));
        format!("{arn}:{partition}:{service}:{region}:{account}:{}", resource.replace('*', name))
    };
    let mut all: Vec<String> = NAMES.into_iter().map(with).collect();
    let elsewhere = all[0].replace("111122223333", "444455556666");
    if elsewhere != all[0] {
        all.push(elsewhere);
    }
    all
}

/// ARNs and URLs that policies of cases name, by the action that they are for.
pub(super) type Named = BTreeMap<String, BTreeSet<String>>;

/// Those of all cases: the resources and the values of conditions in the policies beside them.
pub(super) fn named(cases: &[PathBuf]) -> Named {
    let mut named = Named::new();
    for case in cases {
        for end in [".least_privilege.json", ".template.json", ".policy.json"] {
            let Ok(text) = fs::read_to_string(beside(case, end)) else { continue };
            let policy: Json = serde_json::from_str(&text).expect("a policy");
            for statement in policy["Statement"].as_array().into_iter().flatten() {
                let mut texts = BTreeSet::new();
                texts_of(&statement["Resource"], &mut texts);
                texts_of(&statement["Condition"], &mut texts);
                for action in statement["Action"].as_array().into_iter().flatten().filter_map(Json::as_str) {
                    named.entry(action.to_owned()).or_default().extend(texts.iter().cloned());
                }
            }
        }
    }
    named
}

fn texts_of(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::String(text) if text != "*" => drop(found.insert(text.clone())),
        Json::Array(elements) => elements.iter().for_each(|one| texts_of(one, found)),
        Json::Object(members) => members.values().for_each(|one| texts_of(one, found)),
        _ => {}
    }
}

/// What is known of a wildcard.
#[derive(Default)]
struct Wildcard {
    actions: BTreeSet<String>,
    /// ARNs that it may stand for.
    named: BTreeSet<String>,
}

/// The wildcards of a case by state, which is empty for the machine itself, and parameter, which is empty
/// where AWS requires them. The other mode may know the type of a resource.
fn wildcards(asked: &Asked) -> BTreeMap<(String, String), Wildcard> {
    let mut found: BTreeMap<(String, String), Wildcard> = BTreeMap::new();
    let own = asked.options.get("mode").and_then(Value::as_str).map(str::to_owned);
    for mode in Mode::ALL {
        let mut options = asked.options.clone();
        options.insert("mode".into(), mode.name().into());
        let Ok(known) = analyze(&asked.definition, &options) else { continue };
        for finding in known.get("findings").as_list().unwrap_or_default() {
            let text = |name: &str| finding.get(name).as_str().unwrap_or_default().to_owned();
            let texts = |name: &str| -> Vec<String> {
                let list = finding.get(name).as_list().unwrap_or_default();
                list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            };
            let wildcard = found.entry((text("state"), text("parameter"))).or_default();
            wildcard.named.extend(texts("resources").iter().flat_map(|one| narrowed(one)));
            if own.as_deref() == Some(mode.name()) {
                wildcard.actions.extend(texts("actions"));
            }
        }
    }
    found
}

/// A list of one hint.
fn hint(state: &str, target: (&'static str, &str), remedy: &[(&'static str, Value)]) -> Value {
    let known = [("state", Value::from(state)), (target.0, target.1.into())];
    Value::list([Value::object(known.iter().chain(remedy).cloned())])
}

/// Hints that are not known, and values for them.
pub(super) struct Hints {
    pub(super) unknown: Value,
    pub(super) values: Vec<Value>,
    /// Those that are tried if the others do not change all that is unknown.
    pub(super) more: Vec<Value>,
}

/// Hints for the wildcards of a case, each in part known and not at all, with values for them.
pub(super) fn hints(asked: &Asked, by_action: &Named) -> Vec<Hints> {
    let mut found = Vec::new();
    let mut all = vec![Value::Null, Value::list(Vec::<Value>::new())];
    let mut all_more = Vec::new();
    let wildcards = wildcards(asked);
    for ((state, parameter), Wildcard { actions, named }) in &wildcards {
        let parameter = Some(("parameter", parameter.as_str())).filter(|(_, name)| !name.is_empty());
        let targets = actions.iter().map(|action| ("action", action.as_str()));
        let of_state = wildcards.iter().filter(|((other, _), _)| other == state);
        let mut more: BTreeSet<&String> = of_state.flat_map(|(_, wildcard)| &wildcard.named).collect();
        more.extend(actions.iter().filter_map(|action| by_action.get(action)).flatten());
        for target in parameter.into_iter().chain(targets) {
            let resources = |all: Vec<Value>| hint(state, target, &[("resources", Value::list(all))]);
            let of = |text: &String| resources(vec![text.as_str().into()]);
            let together = || resources(named.iter().map(|text| text.as_str().into()).collect());
            let mut values: Vec<Value> = named.iter().take(MOST).map(of).collect();
            let more: Vec<Value> = more.iter().copied().map(of).chain([together()]).collect();
            let unknown = resources(vec![Value::Unknown]);
            found.push(Hints { unknown, values: values.clone(), more: more.clone() });
            values.push(hint(state, target, &[("accept_wildcard", true.into()), ("reason", "any".into())]));
            let unknown = hint(
                state,
                target,
                &["accept_wildcard", "reason", "resources"].map(|member| (member, Value::Unknown)),
            );
            found.push(Hints { unknown, values: values.clone(), more: more.clone() });
            all.extend(values);
            all_more.extend(more);
        }
    }
    if all.len() > 2 {
        found.push(Hints { unknown: Value::Unknown, values: all, more: all_more });
    }
    found
}
