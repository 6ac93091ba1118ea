//! Hostile and careless values in the place of each parameter of a definition, and the width that a policy
//! may have with them. The widths are an independent table: nothing here uses the reasons that the product
//! reports.

use serde_json::{Value, json};

use super::chance::Chance;

/// What is certain of a value before the execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// All of it: the policy has the very resource, or there is none.
    Literal,
    /// Its beginning: the policy has that beginning.
    Partial,
    /// Nothing: the policy has the type, if that is permitted at all.
    Run,
    /// All of it, and AWS does not accept such a value where a resource is named.
    Impossible,
}

/// A kind of value, and how it is made of the value that was there; `None` if it cannot be made of that.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    make: fn(&str) -> Option<Given>,
}

/// How a parameter is given.
pub(crate) enum Given {
    Text(String),
    /// A path or an intrinsic function.
    Expression(String),
}

fn text(text: &str) -> Option<Given> {
    Some(Given::Text(text.to_owned()))
}

pub(crate) const HOSTILE: [Hostile; 22] = [
    Hostile { name: "role", class: Class::Literal, make: |_| text("arn:aws:iam::999988887777:role/Admin") },
    Hostile { name: "user", class: Class::Literal, make: |_| text("arn:aws:iam::111122223333:user/ada") },
    Hostile { name: "bucket", class: Class::Literal, make: |_| text("arn:aws:s3:::zz-bucket") },
    Hostile {
        name: "function",
        class: Class::Literal,
        make: |_| text("arn:aws:lambda:eu-west-1:111122223333:function:zz"),
    },
    Hostile {
        name: "access point",
        class: Class::Literal,
        make: |_| text("arn:aws:s3:eu-west-1:111122223333:accesspoint/zz"),
    },
    Hostile { name: "name", class: Class::Literal, make: |_| text("zz-name") },
    Hostile { name: "path", class: Class::Literal, make: |_| text("zz/a/b") },
    Hostile { name: "colons", class: Class::Literal, make: |_| text("zz:a:b") },
    Hostile { name: "address", class: Class::Literal, make: |_| text("https://zz.example.com/a/b") },
    Hostile { name: "object", class: Class::Literal, make: |_| text("s3://zz-bucket/a.csv") },
    Hostile { name: "token", class: Class::Literal, make: |_| text("${Name}") },
    Hostile {
        name: "token in an ARN",
        class: Class::Literal,
        make: |_| text("arn:${AWS::Partition}:sns:x:y:z"),
    },
    Hostile { name: "empty", class: Class::Impossible, make: |_| text("") },
    Hostile { name: "star", class: Class::Literal, make: |_| text("*") },
    Hostile { name: "stars", class: Class::Literal, make: |_| text("zz-*-??") },
    Hostile { name: "stars in an ARN", class: Class::Impossible, make: |_| text("arn:aws:sns:*:*:*") },
    Hostile { name: "ARN of anything", class: Class::Impossible, make: |_| text("arn:aws:*:*:*:*") },
    Hostile {
        name: "typo",
        class: Class::Impossible,
        make: |_| text("arn:aws:state:eu-west-1:111122223333:stateMachine:zz"),
    },
    Hostile { name: "look-alike", class: Class::Literal, make: look_alike },
    Hostile {
        name: "other region",
        class: Class::Literal,
        make: |old| old.contains("eu-west-1").then(|| Given::Text(old.replace("eu-west-1", "us-east-1"))),
    },
    Hostile {
        name: "beginning",
        class: Class::Partial,
        make: |_| Some(Given::Expression("States.Format('zz-{}', $.zz)".to_owned())),
    },
    Hostile { name: "run", class: Class::Run, make: |_| Some(Given::Expression("$.zz".to_owned())) },
];

/// The same text with a letter of another alphabet.
fn look_alike(old: &str) -> Option<Given> {
    let at = old.find(['a', 'e', 'o'])?;
    let mut new = old.to_owned();
    new.replace_range(
        at..=at,
        match &old[at..=at] {
            "a" => "\u{430}",
            "e" => "\u{435}",
            _ => "\u{43e}",
        },
    );
    Some(Given::Text(new))
}

/// A way down to a value: keys of objects and positions of arrays.
pub(crate) type Way = Vec<String>;

/// The ways to all texts and expressions among the arguments of all states, readers, writers and roles.
pub(crate) fn places(definition: &Value) -> Vec<Way> {
    let mut found = Vec::new();
    search(definition, false, &mut Vec::new(), &mut found);
    found
}

fn search(value: &Value, among: bool, way: &mut Way, found: &mut Vec<Way>) {
    const ARGUMENTS: [&str; 3] = ["Parameters", "Arguments", "Credentials"];
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                way.push(key.clone());
                search(value, among || ARGUMENTS.contains(&key.as_str()), way, found);
                way.pop();
            }
        }
        Value::Array(elements) => {
            for (position, value) in elements.iter().enumerate() {
                way.push(position.to_string());
                search(value, among, way, found);
                way.pop();
            }
        }
        Value::String(_) if among => found.push(way.clone()),
        _ => {}
    }
}

/// The definition with a hostile value in a place; `None` if that is impossible.
pub(crate) fn with(definition: &Value, way: &Way, hostile: &Hostile) -> Option<Value> {
    let mut changed = definition.clone();
    let (last, above) = way.split_last()?;
    let parent = above.iter().try_fold(&mut changed, |here, step| match here {
        Value::Object(members) => members.get_mut(step),
        Value::Array(elements) => elements.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })?;
    let jsonata = is_jsonata(definition, way);
    match parent {
        Value::Object(members) => {
            let old = members.get(last)?.as_str()?.to_owned();
            let bare = last.trim_end_matches(".$").to_owned();
            let given = (hostile.make)(&old)?;
            members.remove(last);
            match given {
                Given::Text(text) => members.insert(bare, json!(text)),
                Given::Expression(_) if jsonata => {
                    let expression = match hostile.class {
                        Class::Partial => "{% 'zz-' & $states.input.zz %}",
                        _ => "{% $states.input.zz %}",
                    };
                    members.insert(bare, json!(expression))
                }
                Given::Expression(expression) => members.insert(format!("{bare}.$"), json!(expression)),
            };
        }
        Value::Array(elements) => {
            let element = elements.get_mut(last.parse::<usize>().ok()?)?;
            match (hostile.make)(element.as_str()?)? {
                Given::Text(text) => *element = json!(text),
                Given::Expression(_) => return None,
            }
        }
        _ => return None,
    }
    Some(changed)
}

/// Whether the state of a place has JSONata, as far as the definition says so itself or at the state.
fn is_jsonata(definition: &Value, way: &Way) -> bool {
    let mut here = definition;
    let mut is = definition["QueryLanguage"] == "JSONata";
    for step in way {
        here = match here {
            Value::Array(elements) => &elements[step.parse::<usize>().expect("a position")],
            other => &other[step.as_str()],
        };
        match here.get("QueryLanguage").and_then(Value::as_str) {
            Some("JSONata") => is = true,
            Some(_) => is = false,
            None => {}
        }
    }
    is
}

/// Some of the hostile definitions, or all of them.
pub(crate) fn sampled(chance: &mut Chance, one_in: usize) -> bool {
    one_in <= 1 || chance.one_in(one_in)
}

/// How much a resource leaves open, by its text alone: 0 names one, 1 a part of a name, 2 all of a type, 3
/// all of a service or more. The key of an object in a bucket and the like are parts of what is named.
pub(crate) fn openness(resource: &str) -> u8 {
    let plain = resource.replace("${*}", "S").replace("${?}", "S").replace("${$}", "S");
    let fields: Vec<&str> = plain.splitn(6, ':').collect();
    let [_, partition, service, _, _, name] = fields.as_slice() else {
        return if plain.contains('*') { 3 } else { 0 };
    };
    if partition.contains('*')
        || service.contains('*')
        || *name == "*" && *service != "sns" && *service != "sqs"
    {
        return 3;
    }
    let segments: Vec<&str> = name.split(['/', ':']).filter(|segment| !segment.is_empty()).collect();
    let is_path = *service == "s3" && !name.starts_with("accesspoint/") || *service == "execute-api";
    let main = match segments.as_slice() {
        [only] => only,
        [first, ..] if is_path => first,
        // Roles have paths: the name is the last of them.
        [_, .., last] if *service == "iam" => last,
        [_, main, ..] => main,
        [] => return 0,
    };
    match *main {
        "*" => 2,
        open if open.contains('*') => 1,
        _ => 0,
    }
}

#[test]
fn openness_of_texts() {
    for (resource, open) in [
        ("*", 3),
        ("arn:aws:sns:eu-west-1:1:*", 2),
        ("arn:aws:iam::1:role/*", 2),
        ("arn:aws:iam::1:role/app-*", 1),
        ("arn:aws:iam::1:role/*/deploy", 0),
        ("arn:aws:s3:::*/*", 2),
        ("arn:aws:s3:::b/*", 0),
        ("arn:aws:s3:::b/${*}", 0),
        ("arn:aws:dynamodb:eu-west-1:1:table/t/index/*", 0),
        ("arn:aws:lambda:eu-west-1:1:function:f:*", 0),
        ("arn:aws:*:eu-west-1:1:x", 3),
    ] {
        assert_eq!(openness(resource), open, "{resource}");
    }
}
