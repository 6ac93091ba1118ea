//! Iterating over the AWS SDK catalogue, calls for its operations, and the authorization data to compare
//! with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Map, Value, json};
use sfniam::asl::flow::{Assumptions, analyse};
use sfniam::asl::{Json, parse};
use sfniam::call::resource::Reader;
use sfniam::permissions::{Permission, Settings, requirements};
use sfniam::sdk::catalog::{self, Service};
use sfniam::sdk::model::{Binding, Operation, Path, Piece, Target, Template};

use super::{all, sweeping};

/// One in so many services is tried without `make sweep`.
const SAMPLE: usize = 12;

/// All services.
pub(crate) fn services() -> impl Iterator<Item = &'static Service> {
    catalog::segments().map(|segment| catalog::service(segment).expect(segment))
}

/// Those with what is dangerous, and every twelfth; with `make sweep` all.
pub(crate) fn sampled() -> impl Iterator<Item = &'static Service> {
    let step = if sweeping() { 1 } else { SAMPLE };
    services().enumerate().filter_map(move |(number, service)| {
        let always = ["guardduty", "rds", "redshift", "lexmodelsv2"].contains(&service.segment);
        (always || number % step == 0).then_some(service)
    })
}

/// All operations, with their names in messages: `sfn.StartExecution`.
pub(crate) fn operations() -> impl Iterator<Item = (String, &'static Service, &'static Operation)> {
    services().flat_map(|service| {
        service.operations().map(move |name| {
            let place = format!("{}.{name}", service.segment);
            let operation = service.operation(name).expect(&place);
            (place, service, operation)
        })
    })
}

/// Checks every operation against a law.
pub(crate) fn try_all(law: impl Fn(&Service, &Operation) -> Result<(), String>) {
    all(operations().map(|(place, service, operation)| {
        law(service, operation).map_err(|error| format!("{place}: {error}"))
    }));
}

/// The ARN of a target and the bindings that can hold the whole of it.
pub(crate) fn template(target: &Target) -> (&[Binding], &Template) {
    match target {
        Target::Expression(template) => (&[], template),
        Target::Type { whole, template, .. } => (whole, template),
    }
}

/// Every parameter that the catalogue knows of an operation.
pub(crate) fn paths(operation: &Operation) -> BTreeSet<Path> {
    let conditions = operation.actions.iter().flat_map(|action| &action.when).flat_map(|when| &when.paths);
    let targets = operation.actions.iter().flat_map(|action| &action.targets).map(template);
    let bindings = targets.flat_map(|(whole, template)| whole.iter().chain(template.bindings()));
    let bound = bindings.filter_map(|binding| match binding {
        Binding::Parameter { path, .. } => Some(path),
        Binding::Constant(_) => None,
    });
    let roles = operation.roles.iter().chain(&operation.possible_roles);
    roles.chain(conditions).chain(bound).copied().collect()
}

/// A call's parameters.
pub(crate) enum Given {
    /// Values in the definition.
    Parameters(Value),
    /// Everything is known only at run time.
    ByTheRun,
}

/// Nothing is given.
pub(crate) fn nothing(_: &Operation) -> Given {
    Given::Parameters(json!({}))
}

/// Everything is known only at run time.
pub(crate) fn by_the_run(_: &Operation) -> Given {
    Given::ByTheRun
}

/// Every parameter has the same text.
pub(crate) fn everywhere(text: &'static str) -> impl Fn(&Operation) -> Given {
    move |operation| Given::Parameters(arguments(paths(operation), |_| text.into()))
}

/// Arguments with a text at each path.
pub(crate) fn arguments(paths: impl IntoIterator<Item = Path>, text: impl Fn(Path) -> String) -> Value {
    let mut root = Value::Object(Map::new());
    for path in paths {
        put(&mut root, path.as_str(), &text(path).into());
    }
    root
}

/// A value that a parameter takes: the ARN of the first type of which the parameter holds the whole ARN, else
/// a name.
pub(crate) fn example(operation: &Operation, path: Path) -> String {
    if operation.roles.contains(&path)
        || operation.possible_roles.contains(&path)
        || path.as_str().ends_with("Role")
        || path.as_str().ends_with("RoleArn")
    {
        return "arn:aws:iam::111122223333:role/lit-1".to_owned();
    }
    let all = operation.actions.iter().flat_map(|action| &action.targets).map(template);
    let mut bindings = all.clone().flat_map(|(whole, template)| whole.iter().chain(template.bindings()));
    let read = bindings.find_map(|binding| match binding {
        Binding::Parameter { path: own, .. } if *own == path => binding.reader(),
        _ => None,
    });
    match read {
        Some(Reader::Key) => return "1234abcd-12ab-34cd-56ef-1234567890ab".to_owned(),
        Some(Reader::Queue) => return "https://sqs.eu-west-1.amazonaws.com/111122223333/lit-1".to_owned(),
        Some(Reader::Report) => return "arn:aws:codebuild:eu-west-1:111122223333:report/lit-1:1".to_owned(),
        _ if path.as_str() == "ParentId" => return "ou-ab12-cdefgh34".to_owned(),
        _ if path.as_str() == "CopySource" => return "lit-1/lit-1".to_owned(),
        _ => {}
    }
    let mut templates = all;
    let holds = |binding: &Binding| matches!(binding, Binding::Parameter { path: own, .. } if *own == path);
    templates
        .find(|(whole, _)| whole.iter().any(holds))
        .map_or_else(|| "lit-1".to_owned(), |(_, template)| arn_of(template))
}

/// An ARN that fits a template, in the Region and account of the tests.
fn arn_of(template: &Template) -> String {
    let texts = template.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.replace('*', "x"),
        Piece::Partition => "aws".to_owned(),
        Piece::Region => "eu-west-1".to_owned(),
        Piece::Account => "111122223333".to_owned(),
        Piece::Hole { .. } => "lit-1".to_owned(),
    });
    texts.collect()
}

fn put(place: &mut Value, path: &str, value: &Value) {
    let (member, rest) = path.split_once('.').map_or((path, None), |(member, rest)| (member, Some(rest)));
    let (name, list, map) = (
        member.trim_end_matches("[]").trim_end_matches("{}"),
        member.ends_with("[]"),
        member.ends_with("{}"),
    );
    if !place.is_object() {
        // The parameter itself is a condition, and what is in it is a path.
        *place = json!({});
    }
    let Value::Object(members) = place else { return };
    let below = members.entry(name.to_owned()).or_insert_with(|| match (rest, list, map) {
        (_, true, _) => json!([]),
        (_, _, true) | (Some(_), ..) => json!({}),
        (None, ..) => value.clone(),
    });
    if list && !below.is_array() {
        *below = json!([]);
    }
    match (below, list, map) {
        (Value::Array(items), true, _) => {
            if items.is_empty() {
                items.push(if rest.is_some() { json!({}) } else { value.clone() });
            }
            if let (Some(rest), Some(item)) = (rest, items.first_mut()) {
                put(item, rest, value);
            }
        }
        (Value::Object(keys), _, true) => {
            let inner = keys.entry(value.as_str().unwrap_or("key")).or_insert_with(|| json!({}));
            if let Some(rest) = rest {
                put(inner, rest, value);
            }
        }
        (below, ..) => {
            if let Some(rest) = rest {
                put(below, rest, value);
            }
        }
    }
}

/// What each operation of a service needs, in the order of the operations.
pub(crate) fn permissions(
    service: &Service,
    given: impl Fn(&Operation) -> Given,
    settings: &Settings,
) -> Vec<(String, Permission)> {
    let names: Vec<&str> = service.operations().collect();
    let mut states = Map::new();
    for (number, name) in names.iter().enumerate() {
        let operation = service.operation(name).expect("the operation");
        let mut state = json!({
            "Type": "Task",
            "Resource": format!("arn:aws:states:::aws-sdk:{}:{name}", service.segment),
            "Next": format!("S{}", number + 1),
        });
        let members = state.as_object_mut().expect("an object");
        match given(operation) {
            Given::Parameters(parameters) => members.insert("Parameters".to_owned(), parameters),
            Given::ByTheRun => members.insert("InputPath".to_owned(), json!("$")),
        };
        states.insert(format!("S{number}"), state);
    }
    states.insert(format!("S{}", names.len()), json!({"Type": "Succeed"}));
    let definition = json!({"StartAt": "S0", "States": states}).to_string();
    let document = Json::read(&definition).expect("JSON");
    let (machine, _) = parse(&document);
    let flow = analyse(&machine, &Assumptions::default());
    let found = requirements(&machine, &flow, settings).permissions;
    found
        .into_iter()
        .map(|permission| {
            let number = permission.pointer.rsplit('S').next().and_then(|text| text.parse::<usize>().ok());
            let name = number.and_then(|number| names.get(number).copied()).unwrap_or_default();
            (format!("{}.{name}", service.segment), permission)
        })
        .collect()
}

/// What `src/sdk/authorization.txt` says of actions.
pub(crate) struct Authorization {
    dangerous: Vec<String>,
    /// Action, as spelt in the data, to its level and the types that the data lists for it.
    actions: BTreeMap<String, (String, BTreeSet<String>)>,
    /// The actions without a type that the data calls required.
    free: BTreeSet<String>,
    /// Action to the types that the data calls required.
    required: BTreeMap<String, Vec<String>>,
    /// Prefix and type to the ARN templates.
    types: BTreeMap<(String, String), Vec<String>>,
}

impl Authorization {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string("src/sdk/authorization.txt").expect("the authorization data");
        let mut data = Authorization {
            dangerous: Vec::new(),
            actions: BTreeMap::new(),
            free: BTreeSet::new(),
            required: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        let mut prefix = String::new();
        for line in text.lines() {
            if let Some(pattern) = line.strip_prefix("dangerous ") {
                data.dangerous.push(pattern.split(' ').next().expect("a pattern").to_owned());
            } else if let Some(name) = line.strip_prefix("prefix ") {
                name.clone_into(&mut prefix);
            } else if let Some(row) = line.strip_prefix(" type ") {
                let (name, template) = row.split_once(' ').expect("a type");
                data.types.entry((prefix.clone(), name.to_owned())).or_default().push(template.to_owned());
            } else if let Some(row) = line.strip_prefix(' ') {
                let mut words = row.split(' ');
                let (name, level) = (words.next().expect("a name"), words.next().expect("a level"));
                if !row.contains('!') {
                    data.free.insert(format!("{prefix}:{name}"));
                }
                let needed: Vec<String> =
                    words.clone().filter_map(|word| word.strip_suffix('!').map(str::to_owned)).collect();
                if !needed.is_empty() {
                    data.required.insert(format!("{prefix}:{name}"), needed);
                }
                let types = words.map(|word| word.trim_end_matches('!').to_owned()).collect();
                data.actions.insert(format!("{prefix}:{name}"), (level.to_owned(), types));
            }
        }
        data
    }

    /// Whether an action is one of permissions management, or in the table of what is dangerous.
    pub(crate) fn is_dangerous(&self, action: &str) -> bool {
        self.actions.get(action).is_some_and(|(level, _)| level == "p")
            || self.dangerous.iter().any(|pattern| fits(pattern, action))
    }

    /// Whether a resource can be of a type that the data calls required for an action.
    pub(crate) fn requires(&self, action: &str, resource: &str) -> bool {
        if resource == "*" {
            return self.can_be_of(action, resource);
        }
        let prefix = action.split(':').next().unwrap_or_default();
        let own = self.required.get(action).into_iter().flatten();
        let mut templates = own
            .filter_map(|kind| self.types.get(&(prefix.to_owned(), kind.clone())))
            .flatten()
            .flat_map(|template| template.split(", "));
        templates.any(|template| is_of(resource, template))
    }

    /// Whether the data calls any type required for an action.
    pub(crate) fn requires_any(&self, action: &str) -> bool {
        self.required.contains_key(action)
    }

    /// The ARN templates of the types of an action.
    pub(crate) fn templates(&self, action: &str) -> Vec<&str> {
        let prefix = action.split(':').next().unwrap_or_default();
        let of = |name: &String| self.types.get(&(prefix.to_owned(), name.clone()));
        self.types(action).into_iter().flatten().filter_map(of).flatten().map(String::as_str).collect()
    }

    /// The resource types that the data lists for an action; `None` if the data does not have the action.
    pub(crate) fn types(&self, action: &str) -> Option<&BTreeSet<String>> {
        self.actions.get(action).map(|(_, types)| types)
    }
}

/// Whether a text fits a pattern with `*`.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|place| rest.get(place..).is_some_and(|rest| fits(after, rest)))
        }),
    }
}

impl Authorization {
    /// Whether a resource of a policy can be one on which an action is checked: `*` where the data requires
    /// no resource type for the action, else an ARN of one of its types.
    pub(crate) fn can_be_of(&self, action: &str, resource: &str) -> bool {
        let templates = self.templates(action);
        if resource == "*" {
            return self.free.contains(action) || !self.actions.contains_key(action);
        }
        // The types of an action that is not in the data are not known.
        if !self.actions.contains_key(action) {
            return true;
        }
        templates.iter().flat_map(|template| template.split(", ")).any(|template| is_of(resource, template))
    }
}

/// Whether an ARN with wildcards can be one of a type: service and type are certain, Region and account are
/// present exactly where the type has them, and the rest can be equal.
fn is_of(resource: &str, template: &str) -> bool {
    let (arn, template): (Vec<&str>, Vec<&str>) =
        (resource.splitn(6, ':').collect(), template.splitn(6, ':').collect());
    let ([_, _, service, region, account, rest], [_, _, wanted, places @ .., words]) =
        (&arn[..], &template[..])
    else {
        return false;
    };
    let placed = |(given, place): (&&str, &&str)| match *place {
        "" => given.is_empty() || *given == "*",
        "*" => true,
        hole if hole.contains("${") => !given.is_empty() || hole == "${Account}" && *given == "*",
        text => given == &text || *given == "*",
    };
    let words = with_stars(words);
    let certain = words.split('*').next().unwrap_or_default();
    (service == wanted || wanted.contains("${"))
        && [region, account].into_iter().zip(places).all(|(given, place)| placed((given, place)))
        && rest.starts_with(certain)
        && meet(rest.as_bytes(), words.as_bytes())
}

/// A template with `*` for each variable.
fn with_stars(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    text + rest
}

/// Whether there is a text that fits both patterns; `?` in the first is any one character.
fn meet(one: &[u8], two: &[u8]) -> bool {
    let mut reached = vec![vec![false; two.len() + 1]; one.len() + 1];
    for i in (0..=one.len()).rev() {
        for j in (0..=two.len()).rev() {
            reached[i][j] = match (one.get(i), two.get(j)) {
                (None, None) => true,
                (Some(b'*'), Some(_)) => reached[i + 1][j] || reached[i][j + 1],
                (Some(b'*'), None) => reached[i + 1][j],
                (Some(_), Some(b'*')) => reached[i][j + 1] || reached[i + 1][j],
                (None, Some(b'*')) => reached[i][j + 1],
                (Some(b'?'), Some(_)) => reached[i + 1][j + 1],
                (Some(a), Some(b)) => a == b && reached[i + 1][j + 1],
                _ => false,
            };
        }
    }
    reached[0][0]
}
