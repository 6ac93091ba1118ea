//! Hostile and careless values in the place of each parameter of a definition, and the width that a policy
//! may have with them. The widths are an independent table: nothing here uses the reasons that the product
//! reports.

use serde_json::{Value, json};

use super::chance::Chance;

/// What a value is where a parameter names a resource, and so what has to come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// AWS is known to reject it wherever a resource is named: an error.
    Impossible,
    /// The ARN of a resource of that service: an error for a resource of another.
    Foreign(&'static str),
    /// The same, of which no more is known than the type.
    ForeignBeginning(&'static str),
    /// An ordinary name, or a part of one: the policy has it, or there is none.
    Literal,
    /// With `*` or `?`: an error, unless the service accepts these in names.
    Wild,
    /// With a character that no policy can have: an error, unless the service accepts it in names.
    LookAlike,
    /// In another Region: an error if the service accepts its own Region alone.
    Elsewhere,
    /// An ARN of a type of the same service on which AWS checks none of the actions: an error.
    OtherType,
    /// A token that nothing has replaced, anything of the type.
    Token,
    /// Its beginning is known: the policy has that beginning.
    Beginning,
    /// Its ARN is known as far as the type, or as what precedes the name: no error, and nothing wider.
    OwnBeginning,
    /// Its beginning is known, and is not one of an ARN.
    BeginningOfAName,
    /// Nothing is known: the policy has the type, if that is permitted at all.
    Run,
}

/// A kind of value, and how it is made of the value that was there, or of an ARN of another type; `None` if
/// it cannot be made of that.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    make: fn(&str) -> Option<Given>,
}

/// How a parameter is given.
pub(crate) enum Given {
    Text(String),
    /// A literal beginning, and a value of the execution after it.
    Open(String),
}

const fn hostile(name: &'static str, class: Class, make: fn(&str) -> Option<Given>) -> Hostile {
    Hostile { name, class, make }
}

fn text(text: &str) -> Option<Given> {
    Some(Given::Text(text.to_owned()))
}

pub(crate) const HOSTILE: [Hostile; 43] = [
    hostile("role", Class::Foreign("iam"), |_| text("arn:aws:iam::999988887777:role/Admin")),
    hostile("user", Class::Foreign("iam"), |_| text("arn:aws:iam::111122223333:user/ada")),
    hostile("bucket", Class::Foreign("s3"), |_| text("arn:aws:s3:::zz-bucket")),
    hostile("function", Class::Foreign("lambda"), |_| {
        text("arn:aws:lambda:eu-west-1:111122223333:function:zz")
    }),
    hostile("access point", Class::Foreign("s3"), |_| {
        text("arn:aws:s3:eu-west-1:111122223333:accesspoint/zz")
    }),
    hostile("name", Class::Literal, |_| text("zz-name")),
    hostile("path", Class::Literal, |_| text("zz/a/b")),
    hostile("colons", Class::Literal, |_| text("zz:a:b")),
    hostile("address", Class::Literal, |_| text("https://zz.example.com/a/b")),
    hostile("object", Class::Literal, |_| text("s3://zz-bucket/a.csv")),
    hostile("token", Class::Token, |_| text("${Name}")),
    hostile("token in an ARN", Class::Token, |_| text("arn:${AWS::Partition}:sns:x:y:z")),
    hostile("empty", Class::Impossible, |_| text("")),
    hostile("star", Class::Wild, |_| text("*")),
    hostile("question mark", Class::Wild, |_| text("?")),
    hostile("stars", Class::Wild, |_| text("zz-*-??")),
    hostile("star at its end", Class::Wild, |old| text(&format!("{old}*"))),
    hostile("stars in an ARN", Class::Impossible, |_| text("arn:aws:sns:*:*:*")),
    hostile("ARN of anything", Class::Impossible, |_| text("arn:aws:*:*:*:*")),
    hostile("typo", Class::Impossible, |_| text("arn:aws:state:eu-west-1:111122223333:stateMachine:zz")),
    hostile("star as partition", Class::Impossible, |old| field(old, 1, "*")),
    hostile("star as service", Class::Impossible, |old| field(old, 2, "*")),
    hostile("star as Region", Class::Impossible, |old| field(old, 3, "*")),
    hostile("star as account", Class::Impossible, |old| field(old, 4, "*")),
    hostile("other partition", Class::Impossible, |old| field(old, 1, "aws-cn")),
    hostile("no Region", Class::Impossible, |old| field(old, 3, "")),
    hostile("no account", Class::Impossible, |old| field(old, 4, "")),
    hostile("no name", Class::Impossible, without_name),
    hostile("look-alike", Class::LookAlike, |old| look_alike(old, old.find(['a', 'e', 'o'])?)),
    hostile("look-alike partition", Class::LookAlike, |old| look_alike_field(old, 1)),
    hostile("look-alike service", Class::LookAlike, |old| look_alike_field(old, 2)),
    hostile("look-alike Region", Class::LookAlike, |old| look_alike_field(old, 3)),
    hostile("wide digits", Class::LookAlike, |old| look_alike_field(old, 4)),
    hostile("look-alike at its end", Class::LookAlike, |old| text(&format!("{old}\u{200b}"))),
    hostile("other region", Class::Elsewhere, |old| {
        old.contains("eu-west-1").then(|| Given::Text(old.replace("eu-west-1", "us-east-1")))
    }),
    hostile("ARN of another type", Class::OtherType, text),
    hostile("beginning of an ARN of another type", Class::OtherType, |arn| {
        let end = arn.rfind(['/', ':'])? + 1;
        Some(Given::Open(arn[..end].to_owned()))
    }),
    hostile("type of its ARN", Class::OwnBeginning, |old| begun(old, |name| name.find(['/', ':']))),
    hostile("ARN up to its name", Class::OwnBeginning, |old| begun(old, |name| name.rfind(['/', ':']))),
    hostile("beginning of a user", Class::ForeignBeginning("iam"), |_| {
        Some(Given::Open("arn:aws:iam::111122223333:user/".to_owned()))
    }),
    hostile("beginning of another", Class::BeginningOfAName, |_| Some(Given::Open("zz-".to_owned()))),
    hostile("beginning", Class::Beginning, |old| Some(Given::Open(format!("{old}-")))),
    hostile("run", Class::Run, |_| Some(Given::Open(String::new()))),
];

/// The same ARN with another field, if that is not empty.
fn field(old: &str, at: usize, new: &str) -> Option<Given> {
    let mut fields: Vec<&str> = old.splitn(6, ':').collect();
    if fields.first() != Some(&"arn") || fields.len() < 6 || fields[at].is_empty() {
        return None;
    }
    fields[at] = new;
    Some(Given::Text(fields.join(":")))
}

/// The same ARN up to a separator in its resource, and a value of the execution after it. Tokens have colons.
fn begun(old: &str, end: fn(&str) -> Option<usize>) -> Option<Given> {
    let name = old.strip_prefix("arn:").filter(|rest| !rest.contains("${"))?.splitn(5, ':').nth(4)?;
    let before = old.len() - name.len();
    Some(Given::Open(old[..=before + end(name)?].to_owned()))
}

/// The same ARN up to its name.
fn without_name(old: &str) -> Option<Given> {
    let fields: Vec<&str> = old.splitn(6, ':').collect();
    let name = fields.get(5).filter(|_| old.starts_with("arn:"))?;
    let kind = name.find(['/', ':']).map_or(0, |at| at + 1);
    Some(Given::Text(old[..old.len() - name.len() + kind].to_owned()))
}

/// The same text with a letter of another alphabet or a wide digit at a place.
fn look_alike(old: &str, at: usize) -> Option<Given> {
    // In an expression it makes another expression, and not another value.
    if old.starts_with("{%") {
        return None;
    }
    let like = match old[at..].chars().next()? {
        'a' => '\u{430}',
        'e' => '\u{435}',
        'o' => '\u{43e}',
        other => char::from_u32(u32::from(other) - 0x21 + 0xff01)?,
    };
    Some(Given::Text(format!("{}{like}{}", &old[..at], &old[at + 1..])))
}

/// The same with the first character of a field of an ARN.
fn look_alike_field(old: &str, field: usize) -> Option<Given> {
    let fields: Vec<&str> = old.splitn(6, ':').collect();
    if fields.first() != Some(&"arn") || fields.len() < 6 || fields[field].is_empty() {
        return None;
    }
    look_alike(old, fields[..field].iter().map(|one| one.len() + 1).sum())
}

/// Where a service accepts characters beyond ASCII in names, and where `*` and `?`: the service, and what
/// precedes the name after the account.
///
/// Source: the patterns of names in the API references of the services.
const ACCEPTING: [(&str, &str, bool, &str); 12] = [
    ("athena", "datacatalog/", true, "*?"),
    ("autoscaling", "autoScalingGroup:", false, "*?"),
    ("cloudwatch", "alarm:", true, "*?"),
    ("execute-api", "", false, "*?"),
    ("glue", "registry/", false, ""),
    ("glue", "schema/", false, ""),
    ("glue", "", true, "*?"),
    ("logs", "log-group:", true, "?"),
    ("s3", "", true, "*?"),
    ("s3-outposts", "outpost/", true, "*?"),
    ("ses", "identity/", false, "*?"),
    ("states", "", true, ""),
];

/// Parameters that accept any text, and of which some texts show no resource: the policy has what AWS
/// documents for all, and that is reported and stopped as unresolved.
const ANY_TEXT: [&str; 2] = ["Database", "QueryString"];

/// Parameters with names that do not show the resource: the role in an instance profile, a provisioned model.
const OPAQUE: [&str; 2] = ["JobFlowRole", "ModelId"];

/// Parameters that accept ARNs whose fields AWS does not document, or that are a part of what is named.
const FREE: [&str; 1] = ["Path"];

/// Parameters that are as good as absent where they are empty: no stage but the default one, and no role.
const OPTIONAL: [&str; 2] = ["CredentialsArn", "Stage"];

/// Beginnings of keys of objects: any text, one that looks like an ARN too. Amazon Textract accepts no empty
/// one.
///
/// Source: `Prefix` on the page of `ListObjectsV2` in the API reference of Amazon S3, and `S3Prefix` on that
/// of `OutputConfig` in the one of Amazon Textract.
const PREFIXES: [&str; 2] = ["Prefix", "S3Prefix"];

/// Parameters that accept ARNs of any service.
///
/// Source: the page of `TagResources` in the API reference of the Resource Groups Tagging API.
const OF_ANY_SERVICE: [&str; 1] = ["ResourceARNList"];

/// Parameters that accept ARNs of many services and types: those that send logs.
///
/// Source: `ResourceArn` on the page of `PutDeliverySource` in the API reference of Amazon CloudWatch Logs.
const OF_MANY_SERVICES: [(&str, &str); 1] = [("cloudwatchlogs", "ResourceArn")];

/// Parameters of which only what follows the last slash is in the ARN, so that nothing of it is certain
/// before the value ends: the ID of a hosted zone, and the last two parts, name and ID, of a cluster in its
/// topics.
///
/// Source: the resource types of Amazon Route 53 and Amazon MSK in the Service Authorization Reference.
const LAST_PART: [&str; 2] = ["ClusterArn", "HostedZoneId"];

/// Parameters that are taken apart for an ARN, so that the parts of a beginning do not show whose ARN it is.
const IN_PARTS: [&str; 4] = ["FlowArn", "IncidentRecordArn", "InstanceId", "JobDefinition"];

/// Parameters of which some values are of a type on which the action is not checked: identities of Amazon
/// Cognito, and tasks that update firmware. Services, and the parameter.
///
/// Source: the resource types of `AttachPolicy` (AWS IoT) and `PutResourceLogLevel` (AWS IoT Wireless) in the
/// Service Authorization Reference, which has neither.
const WITHOUT_ARN: [(&str, &str); 4] = [
    ("arczonalshift", "ResourceIdentifier"),
    ("iot", "Principal"),
    ("iot", "Target"),
    ("iotwireless", "ResourceType"),
];

/// Types of which AWS owns some, whose ARNs have no account.
///
/// Source: `arn:aws:ssm:region::document/…` in
/// <https://docs.aws.amazon.com/fis/latest/userguide/actions-ssm-agent.html>, and `LensAlias` in
/// <https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_GetLens.html>.
const OF_AWS: [(&str, &str); 2] = [("ssm", "document/"), ("wellarchitected", "lens/")];

/// Services, and how the resource begins, that accept ARNs of their own Region alone.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html>,
/// by which no other Region is called, and the errors of the services.
const OF_OWN_REGION: [(&str, &str); 4] = [("ecs", ""), ("lambda", "function:"), ("sns", ""), ("states", "")];

/// What has to come of a value in a parameter that names these resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// An error.
    Refused,
    /// An error, or a policy that leaves no more open than the number says; see `openness`.
    AtMost(u8),
    /// A policy that leaves no more open, and a finding of the resource.
    Told(u8),
    /// A policy that leaves no more open.
    Taken(u8),
}

/// What has to come of a value. `resources` are those that the parameter names. `None` if it names none.
pub(crate) fn due(
    hostile: &Hostile,
    service: &str,
    parameter: &str,
    old: &str,
    resources: &[String],
) -> Option<Due> {
    let parameter = parameter.trim_end_matches(".$");
    let is_of = |rows: &[&str]| rows.contains(&parameter);
    let is_open = matches!(hostile.class, Class::Token | Class::Run | Class::BeginningOfAName)
        || hostile.class == Class::Beginning && !old.starts_with("arn:");
    let is_of_any =
        matches!(hostile.class, Class::Foreign(_) | Class::ForeignBeginning(_) | Class::OtherType);
    match resources {
        _ if is_of(&ANY_TEXT) => Some(Due::AtMost(3)),
        _ if is_of_any && OF_MANY_SERVICES.contains(&(service, parameter)) => Some(Due::AtMost(2)),
        _ if is_open && WITHOUT_ARN.contains(&(service, parameter)) => Some(Due::AtMost(3)),
        [] if is_of(&OPAQUE) => Some(Due::AtMost(2)),
        [] => None,
        _ => Some(due_of_name(hostile, parameter, old, resources)),
    }
}

fn due_of_name(hostile: &Hostile, parameter: &str, old: &str, resources: &[String]) -> Due {
    let is_arn = old.starts_with("arn:");
    // A platform endpoint of Amazon SNS has no resource type.
    let open = if parameter.starts_with("TargetArn") { 3 } else { 2 };
    let is_of = |rows: &[&str]| rows.contains(&parameter.trim_end_matches(".$"));
    let is_opaque = is_of(&OPAQUE);
    let accepts = |of: fn(&(&str, &str, bool, &str)) -> bool| {
        resources.iter().any(|resource| {
            let fields: Vec<&str> = resource.splitn(6, ':').collect();
            let [_, _, service, _, _, name] = fields.as_slice() else { return true };
            let row = ACCEPTING.iter().find(|(own, begin, ..)| own == service && name.starts_with(begin));
            // The name of a bucket is ASCII, and so are those of an access point and of a log group.
            let is_behind = match *service {
                "s3" => name.find('/') < name.find("qqq"),
                "s3-outposts" => name.find("/object/").is_some_and(|at| Some(at) < name.find("qqq")),
                "logs" => name.find(":log-stream:").is_some_and(|at| Some(at) < name.find("qqq")),
                _ => true,
            };
            is_behind && row.is_some_and(of)
        })
    };
    let is_of_type = |rows: &[(&str, &str)]| {
        resources.iter().any(|resource| {
            let fields: Vec<&str> = resource.splitn(6, ':').collect();
            rows.iter().any(|(own, begin)| {
                fields.get(2) == Some(own) && fields.get(5).is_some_and(|name| name.starts_with(begin))
            })
        })
    };
    let services = || resources.iter().filter_map(|one| one.split(':').nth(2));
    match hostile.class {
        // What is an ARN is a name to those that accept anything.
        Class::Impossible
            if !hostile.name.contains("empty") && !is_arn && accepts(|row| row.3.contains('*')) =>
        {
            Due::AtMost(0)
        }
        Class::Impossible if is_of(&FREE) || is_of(&OPTIONAL) && hostile.name == "empty" => Due::AtMost(0),
        Class::Impossible if is_of(&PREFIXES) && (parameter == "Prefix" || hostile.name != "empty") => {
            Due::AtMost(0)
        }
        Class::Impossible if hostile.name == "no account" && is_of_type(&OF_AWS) => Due::AtMost(0),
        Class::Impossible => Due::Refused,
        Class::Foreign(_) | Class::ForeignBeginning(_)
            if accepts(|row| row.3.contains('*')) || is_of(&OF_ANY_SERVICE) =>
        {
            Due::AtMost(0)
        }
        Class::ForeignBeginning(_) if !is_arn || is_of(&IN_PARTS) => Due::AtMost(2),
        // Access points of S3 on Outposts and S3 Object Lambda have the parameters of those of S3.
        Class::Foreign("s3") if services().any(|own| ["s3-object-lambda", "s3-outposts"].contains(&own)) => {
            Due::AtMost(0)
        }
        Class::Foreign(service) | Class::ForeignBeginning(service)
            if is_arn && services().all(|own| own != service) =>
        {
            Due::Refused
        }
        Class::Wild if accepts(|row| row.3.contains('*')) => Due::Told(0),
        Class::Wild if hostile.name == "question mark" && accepts(|row| row.3.contains('?')) => Due::Told(0),
        Class::Wild => Due::Refused,
        Class::LookAlike if accepts(|row| row.2) => Due::AtMost(0),
        Class::LookAlike => Due::Refused,
        Class::OtherType if accepts(|row| row.3.contains('*')) || is_of(&OF_ANY_SERVICE) || is_of(&FREE) => {
            Due::AtMost(0)
        }
        Class::OtherType if old.ends_with("--op-s3") || old.ends_with("--ol-s3") => Due::AtMost(2),
        Class::OtherType => Due::Refused,
        Class::Elsewhere => {
            if is_arn && is_of_type(&OF_OWN_REGION) {
                Due::Refused
            } else {
                Due::AtMost(0)
            }
        }
        // The ARN may have an ID that the name does not show.
        Class::Literal if is_arn || is_opaque => Due::AtMost(2),
        Class::Foreign(_) | Class::ForeignBeginning(_) | Class::Literal => Due::AtMost(0),
        Class::Beginning => {
            Due::AtMost(if is_opaque || is_of(&LAST_PART) || is_of(&IN_PARTS) { 2 } else { 1 })
        }
        Class::OwnBeginning => Due::Taken(open),
        Class::BeginningOfAName
            if is_arn || is_opaque || is_of(&LAST_PART) || is_of(&IN_PARTS) || old.contains("://") =>
        {
            Due::AtMost(open)
        }
        Class::BeginningOfAName => Due::AtMost(1),
        Class::Token | Class::Run => Due::AtMost(open),
    }
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
        // What is given instead of all arguments is another matter.
        Value::String(_) if among && !way.last().is_some_and(|last| ARGUMENTS.contains(&last.as_str())) => {
            found.push(way.clone());
        }
        _ => {}
    }
}

/// A value that is as ordinary as the old one, by which it shows what the parameter names.
pub(crate) const PROBE: Hostile = hostile("probe", Class::Literal, |old| {
    let is_literal = !old.is_empty() && !old.starts_with(['$', '{']) && !old.starts_with("States.");
    is_literal.then(|| Given::Text(format!("{old}qqq")))
});

/// The text at a place.
pub(crate) fn old<'d>(definition: &'d Value, way: &Way) -> &'d str {
    let at = way.iter().try_fold(definition, |here, step| match here {
        Value::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    });
    at.and_then(Value::as_str).unwrap_or_default()
}

/// The definition with a hostile value in a place, made of a text, or of what is there; `None` if that is
/// impossible.
pub(crate) fn with(definition: &Value, way: &Way, hostile: &Hostile, of: Option<&str>) -> Option<Value> {
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
            let given = (hostile.make)(of.unwrap_or(&old))?;
            members.remove(last);
            match given {
                Given::Text(text) => members.insert(bare, json!(text)),
                Given::Open(beginning) if jsonata => {
                    members.insert(bare, json!(format!("{{% '{beginning}' & $states.input.zz %}}")))
                }
                Given::Open(beginning) if beginning.is_empty() => {
                    members.insert(format!("{bare}.$"), json!("$.zz"))
                }
                Given::Open(beginning) => members
                    .insert(format!("{bare}.$"), json!(format!("States.Format('{beginning}{{}}', $.zz)"))),
            };
        }
        Value::Array(elements) => {
            let element = elements.get_mut(last.parse::<usize>().ok()?)?;
            match (hostile.make)(of.or(element.as_str())?)? {
                Given::Text(text) => *element = json!(text),
                Given::Open(beginning) if jsonata => {
                    *element = json!(format!("{{% '{beginning}' & $states.input.zz %}}"));
                }
                Given::Open(_) => return None,
            }
        }
        _ => return None,
    }
    Some(changed)
}

/// Whether the state of a place has JSONata, as far as the definition says so itself or at the state.
fn is_jsonata(definition: &Value, way: &Way) -> bool {
    let mut here = definition;
    let of_all = definition["QueryLanguage"] == "JSONata";
    let mut is = of_all;
    for step in way {
        // The states inside another do not take over its language.
        is = if step == "States" { of_all } else { is };
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
