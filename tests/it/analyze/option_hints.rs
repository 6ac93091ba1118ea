//! Hints that may come to be.

use std::collections::{BTreeMap, BTreeSet};

use sfniam::permissions::Mode;
use sfniam::protocol::value::Value;

use super::{Asked, analyze};

/// Names for what a wildcard stands for. Of an ID, each service has its own form.
const NAMES: [&str; 3] = ["hinted", "1", "1234abcd-12ab-34cd-56ef-1234567890ab"];

/// The most ARNs that are tried for one parameter or action.
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

/// What is known of a wildcard.
#[derive(Default)]
struct Wildcard {
    actions: BTreeSet<String>,
    /// ARNs that it may stand for.
    named: BTreeSet<String>,
}

/// The wildcards of a case by state and parameter, which is empty where AWS requires them. The other mode
/// may know the type of a resource.
fn wildcards(asked: &Asked) -> BTreeMap<(String, String), Wildcard> {
    let mut found: BTreeMap<(String, String), Wildcard> = BTreeMap::new();
    let own = asked.options.get("mode").and_then(Value::as_str).map(str::to_owned);
    for mode in Mode::ALL {
        let mut options = asked.options.clone();
        options.insert("mode".to_owned(), mode.name().into());
        let Ok(known) = analyze(&asked.definition, &options) else { continue };
        for finding in known.get("findings").as_list().unwrap_or_default() {
            let text = |name: &str| finding.get(name).as_str().unwrap_or_default().to_owned();
            let texts = |name: &str| -> Vec<String> {
                let list = finding.get(name).as_list().unwrap_or_default();
                list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            };
            if text("state").is_empty() {
                continue;
            }
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
fn hint(state: &str, target: (&str, &str), rest: (&str, Value)) -> Value {
    let mut members = BTreeMap::from([
        ("state".to_owned(), Value::from(state)),
        (target.0.to_owned(), Value::from(target.1)),
        (rest.0.to_owned(), rest.1),
    ]);
    if members.contains_key("accept_wildcard") {
        members.insert("reason".to_owned(), "any".into());
    }
    Value::list([Value::Object(members)])
}

/// Hints for the wildcards of a case, each in part known and not at all, with values for them.
pub(super) fn hints(asked: &Asked) -> Vec<(Value, Vec<Value>)> {
    let mut found = Vec::new();
    let mut all = vec![Value::Null, Value::list(Vec::<Value>::new())];
    for ((state, parameter), Wildcard { actions, named }) in wildcards(asked) {
        let parameter = Some(("parameter", parameter.as_str())).filter(|(_, name)| !name.is_empty());
        let actions = actions.iter().map(|action| ("action", action.as_str()));
        for target in parameter.into_iter().chain(actions) {
            let resources = |resources: Value| hint(&state, target, ("resources", resources));
            let named = named.iter().take(MOST);
            let mut values: Vec<Value> =
                named.map(|one| resources(Value::list([Value::from(one.as_str())]))).collect();
            values.push(hint(&state, target, ("accept_wildcard", true.into())));
            found.push((resources(Value::list([Value::Unknown])), values.clone()));
            found.push((resources(Value::Unknown), values.clone()));
            all.extend(values);
        }
    }
    if all.len() > 2 {
        found.push((Value::Unknown, all));
    }
    found
}
